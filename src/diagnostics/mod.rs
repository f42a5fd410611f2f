//! Convergence diagnostics, checks of the model against its data, and the verdict.
//!
//! Every figure is a method of [`Sample`], the draws of one parameter with the work that the
//! figures share (one sort, one split, one Fourier plan):
//!
//! ```
//! use fanchart::diagnostics::{Convention, Sample};
//! let draws = ndarray::array![[0.1, 0.4, -0.3, 0.2, 0.5, -0.1], [0.3, -0.2, 0.1, 0.0, 0.4, -0.4]];
//! let sample = Sample::new(draws.view());
//! assert!(sample.r_hat(Convention::Arviz023) < 1.4);
//! assert!(sample.ess_bulk() > 0.0);
//! ```
//!
//! An undefined figure (one chain, fewer than four draws, a NaN among the draws) is NaN.
//!
//! [`core_checks`] judges the sampling, [`predictive_checks`] the model, and a [`CheckReport`] holds
//! both with the verdict.
//!
//! Sources: Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), "Rank-normalization, folding,
//! and localization: an improved R-hat", Bayesian Analysis 16(2); Geyer (1992), "Practical
//! Markov chain Monte Carlo", Statistical Science 7(4). Each file names its own.

mod autocovariance;
mod chain_checks;
mod chains_agree;
mod energy;
mod ess;
mod evidence;
mod extremes;
mod histogram;
mod influence;
mod interval;
mod loo;
mod mcse;
mod moments;
mod portrait;
mod predictive;
mod psis;
mod quantile;
mod r_hat;
mod rank;
mod report;
mod residuals;
mod sample;
mod sampler_checks;
mod split;
mod spread;
mod summary;
mod surprise;
mod table;
mod thresholds;
mod verdict;

pub use autocovariance::{Autocovariance, autocorrelation};
pub use chain_checks::{LEAST_ESS_A_CHAIN, MOST_R_HAT};
pub use chains_agree::CHAINS_AGREE;
pub use energy::bfmi;
pub use ess::effective_size;
pub use evidence::{ChainRange, Evidence};
pub use extremes::Extreme;
pub use histogram::Histogram;
pub use influence::Influence;
pub use interval::{Interval, IntervalKind, eti, hdi};
pub use loo::{Loo, LooError, loo};
pub use moments::{mean, variance};
pub use portrait::{Densities, Portrait, RANK_BARS, Running, Stretch};
pub use predictive::{
    PredictiveEvidence, no_predictive_checks, predictive_checks, predictive_evidence,
};
pub use psis::{Smoothed, smooth};
pub use quantile::{median, quantile};
pub use r_hat::potential_scale_reduction;
pub use rank::{average_ranks, normal_scores};
pub use residuals::Autocorrelations;
pub use sample::Sample;
pub use split::split;
pub use spread::Coverage;
pub use summary::{ParameterSummary, summarise};
pub use table::{Figure, SummaryTable};
pub use thresholds::{ThresholdError, Thresholds};
pub use verdict::{Check, CheckReport, Status, Verdict, core_checks, core_checks_with};

/// Which line of ArviZ to agree with, where the two differ.
///
/// | | `Arviz023` | `Arviz1` |
/// |---|---|---|
/// | tail of `ess_tail` | 5 %, 95 % | 11 %, 89 % |
/// | centre of the folded draws, odd number of draws | median of all draws | median of the split draws |
/// | interval of a summary | 94 % HDI | 89 % equal-tailed |
///
/// Variances are two-pass in both: ArviZ 0.23 with numba uses one pass and loses all digits
/// once |mean|/sd exceeds 1e6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Convention {
    #[default]
    Arviz023,
    Arviz1,
}

impl Convention {
    /// Probabilities of the two quantiles whose effective sample sizes make `ess_tail`.
    pub fn tail_probabilities(self) -> [f64; 2] {
        match self {
            Self::Arviz023 => [0.05, 0.95],
            Self::Arviz1 => [0.11, 0.89],
        }
    }

    /// Kind and probability of the interval that a summary shows by default.
    pub fn interval(self) -> (IntervalKind, f64) {
        match self {
            Self::Arviz023 => (IntervalKind::Hdi, 0.94),
            Self::Arviz1 => (IntervalKind::Eti, 0.89),
        }
    }
}
