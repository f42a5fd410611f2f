//! Monte Carlo standard errors: how far would a figure move with another run of the sampler?

use ndarray::ArrayView1;
use statrs::function::beta::inv_beta_reg;

use super::moments::{mean, variance};
use super::sample::Sample;

/// Φ(-1) and Φ(1), to the digits that ArviZ and posterior use.
const ONE_SIGMA: [f64; 2] = [0.1586553, 0.8413447];

/// All are NaN for fewer than four draws a chain and for a NaN among the draws.
impl Sample {
    /// Of the mean: sd / sqrt(ess_mean).
    pub fn mcse_mean(&self) -> f64 {
        self.sd() / self.ess_mean().sqrt()
    }

    /// Of the standard deviation, by the delta method: with s = (x - mean)²,
    /// `sqrt(var(s) / ess_sd / mean(s) / 4)` (Kenney & Keeping 1951).
    pub fn mcse_sd(&self) -> f64 {
        let centre = self.mean();
        let squares: Vec<f64> = self
            .sorted()
            .iter()
            .map(|x| (x - centre) * (x - centre))
            .collect();
        let squares = ArrayView1::from(&squares);
        (variance(squares, 0) / self.ess_sd() / mean(squares) / 4.0).sqrt()
    }

    /// Of the quantile at `p`: half the distance between the draws at the ends of a one-sigma
    /// interval for its rank (Vehtari et al. 2021, section 4.4).
    pub fn mcse_quantile(&self, p: f64) -> f64 {
        let ess = self.ess_quantile(p);
        if !ess.is_finite() {
            return f64::NAN;
        }
        let sorted = self.sorted();
        let size = sorted.len() as f64;
        let [low, high] =
            ONE_SIGMA.map(|a| inv_beta_reg(ess * p + 1.0, ess * (1.0 - p) + 1.0, a) * size - 1.0);
        let below = low.max(0.0).floor() as usize;
        let above = high.min(size - 1.0).ceil() as usize;
        (sorted[above] - sorted[below]) / 2.0
    }

    /// Of the median.
    pub fn mcse_median(&self) -> f64 {
        self.mcse_quantile(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values: SciPy 1.17, `scipy.special.betaincinv`. The quantile only picks draws,
    /// so that six digits are plenty.
    #[test]
    fn beta_quantiles_agree_with_scipy() {
        let reference = [
            (2.02, 0.05, [0.07046867258040786, 0.4904341683816297]),
            (7.2, 0.05, [0.041847652594499074, 0.2577932291957104]),
            (400.0, 0.05, [0.04121762713829746, 0.06326354841701735]),
            (100.0, 0.999, [0.9804159174073923, 0.9978595831963488]),
            (2500.0, 0.5, [0.4900039997039867, 0.5099960002960133]),
            (900_000.0, 0.95, [0.9497692647041731, 0.9502287352998]),
            (1e6, 0.5, [0.4995000005951936, 0.5004999994048064]),
        ];
        for (ess, p, quantiles) in reference {
            for (a, expected) in ONE_SIGMA.into_iter().zip(quantiles) {
                let ours = inv_beta_reg(ess * p + 1.0, ess * (1.0 - p) + 1.0, a);
                assert!(
                    (ours - expected).abs() <= 1e-6 * expected,
                    "ess {ess} p {p}: {ours}, SciPy {expected}"
                );
            }
        }
    }
}
