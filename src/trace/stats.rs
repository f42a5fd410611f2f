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

/// Reads the statistics that fanchart uses. None of them keeps a trace from
/// opening: one that is odd, damaged or of another shape is left out, with a note.
pub(super) fn read(
    source: &dyn Source,
    base: &str,
    posterior: &Shape,
    notes: &mut Vec<String>,
) -> SamplerStats {
    let group = join(base, "sample_stats");
    if !source.has_group(&group) {
        notes.push("no sample_stats: divergences, energy and tree depth are unknown".into());
        return SamplerStats::default();
    }
    let mut found: Vec<(Option<Array2<f64>>, Option<String>)> = [
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
            Ok((values, note)) => (values, note),
            Err(problem) => (None, Some(format!("left out: {problem}"))),
        },
    )
    .collect();
    notes.extend(found.iter_mut().filter_map(|(_, note)| note.take()));

    let mut values = found.into_iter().map(|(values, _)| values);
    let mut next = || values.next().flatten();
    SamplerStats {
        diverging: next().map(flags),
        tree_depth: next(),
        reached_max_tree_depth: next().map(flags),
        acceptance_rate: next(),
        log_density: next(),
        energy: next(),
    }
}

/// The first of `names` that runs over chains and draws as the posterior does,
/// or else why it was passed over.
fn statistic(
    source: &dyn Source,
    group: &str,
    names: &[&str],
    posterior: &Shape,
) -> Result<(Option<Array2<f64>>, Option<String>), Problem> {
    let mut note = None;
    for name in names {
        let Some(variable) = source.variable(group, name)? else {
            continue;
        };
        match Shape::of(&variable) {
            Some((shape, others))
                if others.is_empty()
                    && shape.agrees(posterior)
                    && variable.kind == Kind::Number =>
            {
                return Ok((Some(draws::read(source, group, name, shape)?), None));
            }
            _ => {
                note = Some(format!(
                    "{} is left out: it is not one number for each of {} × {} draws",
                    escape(&join(group, name)),
                    posterior.chains,
                    posterior.draws,
                ));
            }
        }
    }
    Ok((None, note))
}

/// A missing flag (NaN) is not raised.
fn flags(values: Array2<f64>) -> Array2<bool> {
    values.mapv(|value| value != 0.0 && !value.is_nan())
}
