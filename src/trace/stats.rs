//! What the sampler said about itself, whichever sampler it was.

use ndarray::Array2;
use rayon::prelude::*;

use super::SamplerStats;
use super::contain::contained;
use super::draws::{self, Shape};
use super::error::Problem;
use super::source::{Kind, Source, join};
use super::text::escape;

/// Each statistic's names: PyMC, NumPyro and CmdStanPy by way of ArviZ first,
/// then nutpie.
const DIVERGING: &[&str] = &["diverging"];
const TREE_DEPTH: &[&str] = &["tree_depth", "depth"];
const REACHED_MAX_TREE_DEPTH: &[&str] = &["reached_max_treedepth", "maxdepth_reached"];
const ACCEPTANCE_RATE: &[&str] = &["acceptance_rate", "mean_tree_accept"];
const LOG_DENSITY: &[&str] = &["lp", "logp"];
const ENERGY: &[&str] = &["energy"];

/// Reads the statistics that fanchart uses. One that is absent, odd or of
/// another shape does not keep a trace from opening: it is left out, with a note.
///
/// # Errors
///
/// Damage alone: a file that is broken here may be broken where it does not show.
pub(super) fn read(
    source: &dyn Source,
    base: &str,
    posterior: &Shape,
    notes: &mut Vec<String>,
) -> Result<SamplerStats, Problem> {
    let group = join(base, "sample_stats");
    if !source.has_group(&group)? {
        notes.push("no sample_stats: divergences, energy and tree depth are unknown".into());
        return Ok(SamplerStats::default());
    }
    let found: Vec<Found> = [
        DIVERGING,
        TREE_DEPTH,
        REACHED_MAX_TREE_DEPTH,
        ACCEPTANCE_RATE,
        LOG_DENSITY,
        ENERGY,
    ]
    .par_iter()
    .map(
        |names| match contained(|| statistic(source, &group, names, posterior)) {
            Err(problem) if !problem.is_damage() => Ok(Found::PassedOver(format!(
                "left out of sample_stats: {problem}"
            ))),
            result => result,
        },
    )
    // Collected first: of several errors the first is told, whichever thread met one before.
    .collect::<Vec<_>>()
    .into_iter()
    .collect::<Result<_, Problem>>()?;

    let mut values = found.into_iter().map(|found| match found {
        Found::Values(values) => Some(values),
        Found::PassedOver(note) => {
            notes.push(note);
            None
        }
        Found::Nothing => None,
    });
    let mut next = || values.next().flatten();
    Ok(SamplerStats {
        diverging: next().map(flags),
        tree_depth: next(),
        reached_max_tree_depth: next().map(flags),
        acceptance_rate: next(),
        log_density: next(),
        energy: next(),
    })
}

/// What became of a statistic.
enum Found {
    Values(Array2<f64>),
    /// It is there and cannot be used: why.
    PassedOver(String),
    Nothing,
}

/// The first of `names` that runs over chains and draws as the posterior does.
fn statistic(
    source: &dyn Source,
    group: &str,
    names: &[&str],
    posterior: &Shape,
) -> Result<Found, Problem> {
    let mut found = Found::Nothing;
    for name in names {
        let Some(variable) = source.variable(group, name)? else {
            continue;
        };
        if let Some((shape, others)) = Shape::of(&variable)
            && others.is_empty()
            && shape.agrees(posterior)
            && variable.kind == Kind::Number
        {
            return Ok(Found::Values(draws::read(source, group, &variable, shape)?));
        }
        found = Found::PassedOver(format!(
            "{} is left out: it is not one number for each of {} × {} draws",
            escape(&join(group, name)),
            posterior.chains,
            posterior.draws,
        ));
    }
    Ok(found)
}

/// A missing flag (NaN) is not raised.
fn flags(values: Array2<f64>) -> Array2<bool> {
    values.mapv(|value| value != 0.0 && !value.is_nan())
}
