//! Autocovariances by fast Fourier transform.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2};
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::moments::mean;

/// A plan for the autocovariances of chains of one length.
pub struct Autocovariance {
    draws: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
}

impl Autocovariance {
    /// For chains of `draws` draws.
    pub fn new(draws: usize) -> Self {
        let mut planner = RealFftPlanner::new();
        let padded = padded_length(draws);
        Self {
            draws,
            forward: planner.plan_fft_forward(padded),
            inverse: planner.plan_fft_inverse(padded),
        }
    }

    /// Biased autocovariances, the mean over the chains: for lag t = 0..draws,
    /// `1/n sum_i (x_i - mean)(x_(i+t) - mean)`.
    ///
    /// Transforming back is linear, so the power spectra are added up and one transform back
    /// serves all chains.
    ///
    /// # Panics
    ///
    /// If the chains are not of the length planned for.
    pub fn mean_over(&self, chains: ArrayView2<'_, f64>) -> Vec<f64> {
        assert_eq!(
            chains.ncols(),
            self.draws,
            "chains are as long as planned for"
        );
        let mut padded = self.forward.make_input_vec();
        let mut spectrum = self.forward.make_output_vec();
        let mut scratch = self.forward.make_scratch_vec();
        let mut power = self.inverse.make_input_vec();
        for chain in chains.outer_iter() {
            let centre = mean(chain);
            for (slot, x) in padded.iter_mut().zip(chain) {
                *slot = x - centre;
            }
            padded[self.draws..].fill(0.0);
            self.forward
                .process_with_scratch(&mut padded, &mut spectrum, &mut scratch)
                .expect("the plan made the buffers");
            for (sum, amplitude) in power.iter_mut().zip(&spectrum) {
                sum.re += amplitude.norm_sqr();
            }
        }
        self.inverse
            .process(&mut power, &mut padded)
            .expect("the plan made the buffers");
        let scale = 1.0 / (padded.len() * self.draws * chains.nrows()) as f64;
        padded.truncate(self.draws);
        padded.iter_mut().for_each(|x| *x *= scale);
        padded
    }
}

/// Autocorrelations of one chain at lags 0..n, NaN for a constant one.
pub fn autocorrelation(chain: ArrayView1<'_, f64>) -> Vec<f64> {
    let mut values =
        Autocovariance::new(chain.len()).mean_over(chain.insert_axis(ndarray::Axis(0)));
    let variance = values.first().copied().unwrap_or(f64::NAN);
    values.iter_mut().for_each(|x| *x /= variance);
    values
}

/// The smallest even length of factors 2, 3 and 5 that keeps a chain from wrapping onto itself.
fn padded_length(draws: usize) -> usize {
    let enough = (2 * draws).max(2);
    (enough..)
        .find(|&n| n.is_multiple_of(2) && is_smooth(n))
        .unwrap_or(enough)
}

fn is_smooth(mut n: usize) -> bool {
    for factor in [2, 3, 5] {
        while n.is_multiple_of(factor) {
            n /= factor;
        }
    }
    n == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, array};

    /// The definition, in n² steps.
    fn direct(chain: ArrayView1<'_, f64>) -> Vec<f64> {
        let (n, centre) = (chain.len(), mean(chain));
        (0..n)
            .map(|t| {
                (0..n - t)
                    .map(|i| (chain[i] - centre) * (chain[i + t] - centre))
                    .sum::<f64>()
                    / n as f64
            })
            .collect()
    }

    #[test]
    fn agrees_with_the_definition_at_every_length() {
        for n in 1..40 {
            let chains =
                Array2::from_shape_fn((3, n), |(c, i)| ((7 * i + 3 * c) as f64).sin() + c as f64);
            let fast = Autocovariance::new(n).mean_over(chains.view());
            let slow = chains.outer_iter().map(|chain| Array1::from(direct(chain)));
            let slow = slow.fold(Array1::<f64>::zeros(n), |sum, next| sum + next) / 3.0;
            for (t, (a, b)) in fast.iter().zip(&slow).enumerate() {
                assert!((a - b).abs() < 1e-14, "n {n} lag {t}: {a} and {b}");
            }
        }
    }

    #[test]
    fn autocorrelation_starts_at_one() {
        let rho = autocorrelation(array![1.0, 2.0, 4.0, 3.0].view());
        assert_eq!(rho.len(), 4);
        assert_eq!(rho[0], 1.0);
        assert!((rho[1] - 0.15).abs() < 1e-14);
    }

    #[test]
    fn a_constant_or_empty_chain_has_none() {
        assert!(
            autocorrelation(array![3.25, 3.25, 3.25].view())
                .iter()
                .all(|x| x.is_nan())
        );
        assert!(autocorrelation(Array1::zeros(0).view()).is_empty());
    }

    #[test]
    fn pads_to_small_factors() {
        assert_eq!(padded_length(0), 2);
        assert_eq!(padded_length(1000), 2000);
        assert_eq!(padded_length(1009), 2048);
    }
}
