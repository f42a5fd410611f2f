//! Effective sample size: how many independent draws are these worth?

use ndarray::{ArrayView2, Axis};

use super::Convention;
use super::autocovariance::Autocovariance;
use super::moments::{mean, variance};
use super::sample::Sample;

/// Below this range ArviZ takes a matrix for constant.
const CONSTANT: f64 = 1e-15;

/// All are NaN for fewer than four draws a chain and for a NaN among the draws.
impl Sample {
    /// Of the rank-normalised split draws: for location in general.
    pub fn ess_bulk(&self) -> f64 {
        self.scores().map_or(f64::NAN, |z| self.ess_of(z))
    }

    /// The smaller of the sizes for two tail quantiles (Vehtari et al. 2021, section 4.3).
    pub fn ess_tail(&self, convention: Convention) -> f64 {
        let [low, high] = convention
            .tail_probabilities()
            .map(|p| self.ess_quantile(p));
        if high < low { high } else { low }
    }

    /// Of the draws themselves: for their mean.
    pub fn ess_mean(&self) -> f64 {
        self.split().map_or(f64::NAN, |x| self.ess_of(x))
    }

    /// Of the squared distances from the mean: for the standard deviation.
    pub fn ess_sd(&self) -> f64 {
        let centre = self.mean();
        self.ess_of_each(|x| (x - centre) * (x - centre))
    }

    /// For the quantile at `p`: of the indicator that a draw is at or below it.
    pub fn ess_quantile(&self, p: f64) -> f64 {
        let quantile = self.quantile(p);
        if quantile.is_nan() {
            return f64::NAN;
        }
        self.ess_of_each(|x| if x <= quantile { 1.0 } else { 0.0 })
    }

    /// For the median.
    pub fn ess_median(&self) -> f64 {
        self.ess_quantile(0.5)
    }

    fn ess_of_each(&self, f: impl FnMut(f64) -> f64) -> f64 {
        self.split()
            .map_or(f64::NAN, |x| self.ess_of(x.mapv(f).view()))
    }

    fn ess_of(&self, split: ArrayView2<'_, f64>) -> f64 {
        effective_size(split, self.autocovariance())
    }
}

/// Effective sample size of chains × draws, already split, with Geyer's initial monotone
/// sequence (Geyer 1992; Vehtari et al. 2021, section 3.2). At most `s log10(s)` for s values.
/// The size itself for a constant; NaN for fewer than two draws and for values not finite.
///
/// # Panics
///
/// If `autocovariance` was planned for another number of draws.
pub fn effective_size(chains: ArrayView2<'_, f64>, autocovariance: &Autocovariance) -> f64 {
    let (rows, n) = chains.dim();
    let size = (rows * n) as f64;
    if rows == 0 || n < 2 {
        return f64::NAN;
    }
    if !chains.iter().all(|x| x.is_finite()) {
        return f64::NAN;
    }
    let least = chains.fold(f64::INFINITY, |least, &x| least.min(x));
    let most = chains.fold(f64::NEG_INFINITY, |most, &x| most.max(x));
    if most - least < CONSTANT {
        return size;
    }
    let tau = autocorrelation_time(correlations(chains, autocovariance));
    // Not `max`, which would take the bound for a tau that is NaN.
    let bound = 1.0 / size.log10();
    size / if tau < bound { bound } else { tau }
}

/// rho_t at each lag t, over all chains: one less the share of the total variance that draws
/// t apart do not have in common.
fn correlations(chains: ArrayView2<'_, f64>, autocovariance: &Autocovariance) -> Vec<f64> {
    let n = chains.ncols() as f64;
    let mut rho = autocovariance.mean_over(chains);
    let within = rho[0] * n / (n - 1.0);
    let mut total = rho[0];
    if chains.nrows() > 1 {
        total += variance(chains.map_axis(Axis(1), mean).view(), 1);
    }
    for x in &mut rho {
        *x = 1.0 - (within - *x) / total;
    }
    rho[0] = 1.0;
    rho
}

/// tau = -1 + 2 (rho_0 + rho_1 + ..), cut where the sum of a neighbouring pair is no longer
/// positive and with each pair held to at most the one before it.
fn autocorrelation_time(mut rho: Vec<f64>) -> f64 {
    if rho[1].is_nan() {
        return f64::NAN;
    }
    let (mut even, mut odd) = (1.0, rho[1]);
    let mut t = 1;
    while t + 3 < rho.len() && even + odd > 0.0 {
        even = rho[t + 1];
        odd = rho[t + 2];
        t += 2;
    }
    // Of the pair that ends the sequence only a positive even lag counts, and once.
    let end = t - 1;
    if even <= 0.0 && even + odd < 0.0 {
        rho[end] = 0.0;
    }
    let mut s = 1;
    while s + 3 <= end {
        let before = rho[s - 1] + rho[s];
        if rho[s + 1] + rho[s + 2] > before {
            rho[s + 1] = before / 2.0;
            rho[s + 2] = before / 2.0;
        }
        s += 2;
    }
    -1.0 + 2.0 * rho[..end].iter().sum::<f64>() + rho[end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn size(chains: Array2<f64>) -> f64 {
        effective_size(chains.view(), &Autocovariance::new(chains.ncols()))
    }

    #[test]
    fn alternating_draws_are_worth_more_than_independent_ones_up_to_the_bound() {
        let x = Array2::from_shape_fn((2, 50), |(_, i)| if i % 2 == 0 { 1.0 } else { -1.0 });
        assert!((size(x) - 100.0 * 100f64.log10()).abs() < 1e-9);
    }

    #[test]
    fn repeating_every_draw_adds_nothing() {
        let noise = |i: usize| ((i as f64 * 12.9898).sin() * 43758.5453).fract();
        let once = size(Array2::from_shape_fn((2, 2000), |(c, i)| {
            noise(5000 * c + i)
        }));
        let twice = size(Array2::from_shape_fn((2, 4000), |(c, i)| {
            noise(5000 * c + i / 2)
        }));
        assert!(
            (twice / once - 1.0).abs() < 0.1,
            "{once} draws, {twice} when repeated"
        );
    }

    #[test]
    fn a_constant_is_worth_its_size() {
        assert_eq!(size(Array2::from_elem((2, 50), 3.25)), 100.0);
    }

    #[test]
    fn undefined_without_draws_or_with_values_not_finite() {
        assert!(size(Array2::zeros((0, 5))).is_nan());
        assert!(size(Array2::zeros((3, 1))).is_nan());
        assert!(size(array![[1., 2., f64::NAN], [2., 1., 3.]]).is_nan());
        assert!(size(array![[1., 2., f64::INFINITY], [2., 1., 3.]]).is_nan());
        // Squares beyond what the computer can count.
        assert!(size(array![[1e200, -1e200, 1e200], [0., 1e200, 0.]]).is_nan());
    }
}
