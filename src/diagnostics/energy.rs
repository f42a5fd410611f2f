//! How well the sampler explores the energy.

use ndarray::{ArrayView1, ArrayView2};

use super::moments::{mean, variance};

/// Bayesian fraction of missing information of each chain of energies (chains × draws):
/// `mean(diff(energy)²) / var(energy)`, the variance with ddof 1 (Betancourt 2016, "Diagnosing
/// suboptimal cotangent disintegrations in Hamiltonian Monte Carlo", arXiv:1604.00695).
///
/// NaN for a constant chain, for fewer than two draws and for energies that are not finite.
pub fn bfmi(energy: ArrayView2<'_, f64>) -> Vec<f64> {
    energy.outer_iter().map(of_chain).collect()
}

fn of_chain(energy: ArrayView1<'_, f64>) -> f64 {
    let steps = energy
        .iter()
        .zip(energy.iter().skip(1))
        .map(|(a, b)| (b - a) * (b - a));
    mean(ArrayView1::from(&steps.collect::<Vec<_>>())) / variance(energy, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_walk_has_less_than_independent_draws() {
        // Steps of one: mean square 1, variance of 1..=5 is 2.5.
        let energy = array![[1., 2., 3., 4., 5.], [1., 5., 2., 4., 3.]];
        assert_eq!(bfmi(energy.view()), [0.4, (16. + 9. + 4. + 1.) / 4. / 2.5]);
    }

    #[test]
    fn constant_short_or_not_finite_is_undefined() {
        assert!(bfmi(array![[2., 2., 2.]].view())[0].is_nan());
        assert!(bfmi(array![[2.]].view())[0].is_nan());
        assert!(bfmi(array![[2., f64::NAN, 1.]].view())[0].is_nan());
    }
}
