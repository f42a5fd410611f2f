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
