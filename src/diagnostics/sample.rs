//! The draws of one parameter, prepared for its figures.

use std::sync::OnceLock;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::Convention;
use super::autocovariance::Autocovariance;
use super::moments::{mean, variance};
use super::quantile::{median, quantile};
use super::rank::{Placed, ascending, folded, scores};
use super::split::{dropped, split};

/// The fewest draws a chain that a diagnostic can be computed from.
const FEWEST_DRAWS: usize = 4;

/// The draws of one parameter with the work that its figures share: the split chains, their
/// order, and the plan for autocovariances.
///
/// Takes any shape and any values; what cannot be computed is NaN.
pub struct Sample {
    chains: usize,
    /// False for too few draws and for a NaN among them.
    defined: bool,
    split: Array2<f64>,
    /// The values of `split` in ascending order; places count along its rows.
    ascending: Placed,
    /// All draws in ascending order, the dropped middle ones of an odd number included.
    sorted: Vec<f64>,
    /// Once asked for.
    scores: OnceLock<Array2<f64>>,
    autocovariance: Autocovariance,
}

impl Sample {
    /// From chains × draws. Sorts them: n log n for n values.
    pub fn new(draws: ArrayView2<'_, f64>) -> Self {
        let split = split(draws);
        let ascending = ascending(&split.iter().copied().collect::<Vec<_>>());
        let mut sorted: Vec<f64> = ascending.iter().map(|&(x, _)| x).collect();
        sorted.extend(dropped(draws));
        // In linear time but for the dropped draws: the rest is a sorted run already.
        sorted.sort_by(f64::total_cmp);
        Self {
            chains: draws.nrows(),
            defined: draws.nrows() > 0
                && draws.ncols() >= FEWEST_DRAWS
                && !sorted.iter().any(|x| x.is_nan()),
            scores: OnceLock::new(),
            autocovariance: Autocovariance::new(split.ncols()),
            split,
            ascending,
            sorted,
        }
    }

    pub fn chains(&self) -> usize {
        self.chains
    }

    /// All draws in ascending order.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    pub fn mean(&self) -> f64 {
        mean(ArrayView1::from(&self.sorted))
    }

    /// Standard deviation, ddof 1.
    pub fn sd(&self) -> f64 {
        variance(ArrayView1::from(&self.sorted), 1).sqrt()
    }

    /// Type-7 quantile at `p` in [0, 1].
    pub fn quantile(&self, p: f64) -> f64 {
        quantile(&self.sorted, p)
    }

    /// The split chains, where diagnostics are defined.
    pub(super) fn split(&self) -> Option<ArrayView2<'_, f64>> {
        self.defined.then(|| self.split.view())
    }

    /// The rank-normalised split chains.
    pub(super) fn scores(&self) -> Option<ArrayView2<'_, f64>> {
        let scores = || self.shaped(scores(&self.ascending));
        self.defined.then(|| self.scores.get_or_init(scores).view())
    }

    /// The rank-normalised distances of the split draws from the median.
    pub(super) fn folded_scores(&self, convention: Convention) -> Option<Array2<f64>> {
        let centre = match convention {
            Convention::Arviz023 => median(&self.sorted),
            Convention::Arviz1 => {
                median(&self.ascending.iter().map(|&(x, _)| x).collect::<Vec<_>>())
            }
        };
        self.defined
            .then(|| self.shaped(scores(&folded(&self.ascending, centre))))
    }

    pub(super) fn autocovariance(&self) -> &Autocovariance {
        &self.autocovariance
    }

    fn shaped(&self, values: Vec<f64>) -> Array2<f64> {
        Array2::from_shape_vec(self.split.dim(), values).expect("one value for each split draw")
    }
}
