//! One line of a parameter table.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::Convention;
use super::interval::{Interval, IntervalKind};
use super::sample::Sample;

/// The figures of one parameter. NaN where undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterSummary {
    pub mean: f64,
    pub sd: f64,
    pub interval: Interval,
    pub mcse_mean: f64,
    pub mcse_sd: f64,
    pub ess_bulk: f64,
    pub ess_tail: f64,
    pub r_hat: f64,
}

impl ParameterSummary {
    /// Of chains × draws, with an interval of `kind` that holds `prob` of the draws.
    pub fn new(
        draws: ArrayView2<'_, f64>,
        convention: Convention,
        kind: IntervalKind,
        prob: f64,
    ) -> Self {
        let sample = Sample::new(draws);
        Self {
            mean: sample.mean(),
            sd: sample.sd(),
            interval: Interval::of(sample.sorted(), kind, prob),
            mcse_mean: sample.mcse_mean(),
            mcse_sd: sample.mcse_sd(),
            ess_bulk: sample.ess_bulk(),
            ess_tail: sample.ess_tail(convention),
            r_hat: sample.r_hat(convention),
        }
    }
}

/// A summary of each parameter's chains × draws, in parallel, with the interval of the
/// convention.
pub fn summarise(
    parameters: &[ArrayView2<'_, f64>],
    convention: Convention,
) -> Vec<ParameterSummary> {
    let (kind, prob) = convention.interval();
    parameters
        .par_iter()
        .map(|draws| ParameterSummary::new(*draws, convention, kind, prob))
        .collect()
}
