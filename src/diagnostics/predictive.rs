//! Checks of the model against the data it was fitted to: would data from the posterior look
//! like these (Gelman, Meng & Stern 1996, Statistica Sinica 6), and does the fit hang on a few
//! observations?

use rayon::prelude::*;

use super::extremes::Extreme;
use super::influence::Influence;
use super::loo::loo;
use super::residuals::Autocorrelations;
use super::sample::Sample;
use super::spread::Coverage;
use super::verdict::{Check, Status};
use super::{Thresholds, extremes, influence, residuals, spread};
use crate::forecast::{Fit, Forecaster};

/// The predictive checks, in the order of the report.
pub(super) const NAMES: [&str; 4] = [
    residuals::NAME,
    spread::NAME,
    extremes::NAME,
    influence::NAME,
];

/// The fewest observations that say anything about structure.
const FEWEST_OBSERVATIONS: usize = 20;
/// More would take minutes and gigabytes.
const MOST_OBSERVATIONS: usize = 50_000;

/// Replicated data sets for so many observations: a thousand tell one in a thousand, fewer are
/// made of a long series.
fn sets(observations: usize) -> usize {
    ((1 << 22) / observations).clamp(200, 1000)
}

/// Draws that the influence on so many observations is taken from, at most.
fn most_draws(observations: usize) -> usize {
    ((1 << 23) / observations).max(500)
}

/// The figures behind the predictive checks; empty where a check could not be judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictiveEvidence {
    pub residuals: Option<Autocorrelations>,
    /// Of bands from 5 to 95 %, ascending.
    pub spread: Vec<Coverage>,
    /// Of each statistic.
    pub extremes: Vec<Extreme>,
    pub influence: Option<Influence>,
}

/// Compares the data with data replicated from the posterior, and measures each observation's
/// influence. What cannot be judged is unknown, with the reason. The same seed gives the same
/// report.
pub fn predictive_checks(fit: &Fit, thresholds: &Thresholds, seed: u64) -> Vec<Check> {
    predictive_evidence(fit, thresholds, seed).0
}

/// [`predictive_checks`] with the figures behind them.
pub fn predictive_evidence(
    fit: &Fit,
    thresholds: &Thresholds,
    seed: u64,
) -> (Vec<Check>, PredictiveEvidence) {
    let unknown = |reason: &str, advice| {
        (
            no_predictive_checks(reason, advice),
            PredictiveEvidence::default(),
        )
    };
    let values = &fit.series.values;
    let observations = values.iter().filter(|y| !y.is_nan()).count();
    if observations < FEWEST_OBSERVATIONS {
        return unknown(
            &format!("{observations} observations are too few (at least {FEWEST_OBSERVATIONS})"),
            "Judge the model by eye, or fit it to more data.",
        );
    }
    if observations > MOST_OBSERVATIONS {
        return unknown(
            &format!("{observations} observations are too many (at most {MOST_OBSERVATIONS})"),
            "Fit the model to a part of the series and check that.",
        );
    }
    let all = match fit.forecaster(most_draws(observations)) {
        Ok(all) => all,
        Err(error) => return unknown(&error.to_string(), MODEL_AND_DATA),
    };
    let sets = sets(observations);
    let replicates = match all.thinned(sets).replicate(values, sets, seed) {
        Ok(replicates) => replicates,
        Err(error) => return unknown(&error.to_string(), MODEL_AND_DATA),
    };
    let axis = &fit.series.axis;
    let (residuals, autocorrelations) =
        residuals::residuals(&replicates, axis, thresholds.residuals);
    let (spread, coverages) = spread::spread(&replicates, thresholds.spread);
    let (extremes, statistics) = extremes::extremes(&replicates, axis, thresholds.extremes);
    let (influence, influences) = of_influence(fit, &all, &replicates.rows, thresholds);
    let evidence = PredictiveEvidence {
        residuals: autocorrelations,
        spread: coverages,
        extremes: statistics,
        influence: influences,
    };
    (vec![residuals, spread, extremes, influence], evidence)
}

const MODEL_AND_DATA: &str =
    "Name the model and the series the trace was fitted with: --model and --data.";

/// The same checks, unknown for a reason (part of a sentence).
pub fn no_predictive_checks(reason: &str, advice: &str) -> Vec<Check> {
    let unknown = |name| {
        let message = format!("Not judged: {reason}.");
        Check::new(name, Status::Unknown, format!("{name} not judged"), message).advise(advice)
    };
    NAMES.map(unknown).into()
}

fn of_influence(
    fit: &Fit,
    forecaster: &Forecaster,
    rows: &[usize],
    thresholds: &Thresholds,
) -> (Check, Option<Influence>) {
    let log_likelihood = forecaster.log_likelihood(&fit.series.values);
    let axis = &fit.series.axis;
    match loo(log_likelihood.view(), relative_ess(fit, forecaster)) {
        Ok(loo) => {
            let position = |observation: usize| axis.positions[rows[observation]];
            let label = |observation| axis.label(position(observation));
            let limit = thresholds.influence;
            let check = influence::influence(&loo, label, limit);
            (check, Some(Influence::new(&loo, position, limit)))
        }
        Err(error) => {
            let message = format!("Not judged: {error}.");
            let check = Check::new(
                influence::NAME,
                Status::Unknown,
                "influence not judged",
                message,
            );
            (check.advise(MODEL_AND_DATA), None)
        }
    }
}

/// Effective share of the draws that are used, the mean over the parameters; 1 for one chain, as
/// ArviZ has it.
fn relative_ess(fit: &Fit, forecaster: &Forecaster) -> f64 {
    if fit.trace.chains() < 2 {
        return 1.0;
    }
    let sizes: Vec<f64> = fit
        .trace
        .parameters
        .par_iter()
        .map(|parameter| Sample::new(parameter.draws.view()).ess_mean())
        .filter(|ess| ess.is_finite())
        .collect();
    if sizes.is_empty() {
        return 1.0;
    }
    let share = sizes.iter().sum::<f64>() / sizes.len() as f64 / forecaster.draws() as f64;
    if forecaster.draws() < forecaster.draws_in_trace() {
        // Thinned draws depend on each other less.
        share.min(1.0)
    } else {
        share
    }
}
