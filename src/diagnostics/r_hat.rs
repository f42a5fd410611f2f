//! Potential scale reduction: do the chains agree?

use ndarray::ArrayView2;

use super::Convention;
use super::moments::{mean, variance};
use super::sample::Sample;

impl Sample {
    /// Rank-normalised split R-hat: the larger of that of the draws (do the chains agree on
    /// location?) and of their distances from the median (on spread?). Vehtari et al. 2021,
    /// section 4.2.
    ///
    /// NaN for one chain, for fewer than four draws a chain, for a NaN among the draws and for
    /// a constant; infinite for chains that are each constant at a value of their own.
    pub fn r_hat(&self, convention: Convention) -> f64 {
        if self.chains() < 2 {
            return f64::NAN;
        }
        let (Some(bulk), Some(folded)) = (self.scores(), self.folded_scores(convention)) else {
            return f64::NAN;
        };
        let location = potential_scale_reduction(bulk);
        let spread = potential_scale_reduction(folded.view());
        // Each chain constant: the location is infinite and the spread NaN, and infinite it is.
        if spread > location { spread } else { location }
    }
}

/// R-hat of chains × draws as they are: `sqrt((B/W + n - 1)/n)`, W the mean of the chains'
/// variances and B n times the variance of their means, both with ddof 1 (Gelman & Rubin 1992,
/// Statistical Science 7(4)). NaN for fewer than two chains or draws.
pub fn potential_scale_reduction(chains: ArrayView2<'_, f64>) -> f64 {
    let n = chains.ncols() as f64;
    let means = chains.map_axis(ndarray::Axis(1), mean);
    let variances = chains.map_axis(ndarray::Axis(1), |chain| variance(chain, 1));
    let between = n * variance(means.view(), 1);
    let within = mean(variances.view());
    ((between / within + n - 1.0) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn core_of_two_short_chains() {
        // W = 1, B = 3 var(2, 4) = 6: sqrt((6 + 2)/3).
        let chains = array![[1., 2., 3.], [3., 4., 5.]];
        assert_eq!(
            potential_scale_reduction(chains.view()),
            (8.0f64 / 3.0).sqrt()
        );
    }

    #[test]
    fn an_odd_number_of_draws_folds_around_the_median_of_the_convention() {
        // ArviZ 0.23.4: the r_hat of `az.summary(.., round_to="none")`, and `az.rhat(x)`, which
        // folds as ArviZ 1.x does. The middle draws move the median, the folded part decides.
        let x = Array2::from_shape_fn((2, 11), |(c, i)| {
            ((3 * i + 11 * c) % 23 * (1 + 5 * c)) as f64 / 4.0 + if i == 5 { 50.0 } else { 0.0 }
        });
        let sample = Sample::new(x.view());
        assert!((sample.r_hat(Convention::Arviz023) - 1.2775764151148685).abs() < 1e-12);
        assert!((sample.r_hat(Convention::Arviz1) - 1.6321204457001466).abs() < 1e-12);
    }

    #[test]
    fn undefined_for_one_chain_few_draws_and_constants() {
        let r_hat = |x: Array2<f64>| Sample::new(x.view()).r_hat(Convention::Arviz023);
        assert!(r_hat(Array2::from_shape_fn((1, 20), |(_, i)| i as f64)).is_nan());
        assert!(r_hat(array![[1., 2., 3.], [2., 3., 1.]]).is_nan());
        assert!(r_hat(Array2::from_elem((2, 20), 3.25)).is_nan());
        assert_eq!(
            r_hat(Array2::from_shape_fn((2, 20), |(c, _)| c as f64)),
            f64::INFINITY
        );
    }
}
