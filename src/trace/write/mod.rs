//! A trace into a file that ArviZ, xarray and [`Trace::open`] read: NetCDF-4 of ArviZ's
//! InferenceData schema (<https://python.arviz.org/en/stable/schema/schema.html>), under the
//! names that PyMC gives the sampler's statistics.

mod group;
mod names;
mod time;

use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;
use ndarray::Array2;
use netcdf_writer::{NcFileBuilder, NcWriteFormat, NcWriteOptions};

use crate::output::{OutputError, replace_file};
use crate::series::{Series, Table};

use self::group::{Axis, Group};
use super::{Parameter, SamplerStats, Trace};

/// What is written beside a trace: how it came about, and what was computed from it.
#[derive(Debug, Clone)]
pub struct Run {
    /// Leapfrog steps of each draw, chains × draws.
    pub n_steps: Array2<f64>,
    /// Step size of each draw, chains × draws.
    pub step_size: Array2<f64>,
    /// Seconds that sampling took, tuning included.
    pub sampling_time: f64,
    /// Steps that each chain was tuned for before its first draw.
    pub tuning_steps: usize,
    pub created_at: Timestamp,
    /// Log-likelihood of each observation at each draw, as
    /// [`Forecaster::log_likelihood`](crate::forecast::Forecaster::log_likelihood) has it: draws,
    /// chain after chain, × rows of the series that are no gaps.
    pub log_likelihood: Option<Array2<f64>>,
}

/// Why a trace was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(
        "a trace cannot hold a parameter called {0:?}, a name that readers of traces keep for \
         something else; rename it in the model"
    )]
    ReservedName(String),
    #[error("there is nothing to write: {chains} chain(s) of {draws} draw(s)")]
    NoDraws { chains: usize, draws: usize },
    /// Arrays whose shapes do not belong together, or more than the format can hold.
    #[error("the trace cannot be put into NetCDF-4: {0}")]
    Format(#[from] netcdf_writer::Error),
}

/// Writes the scalar parameters of `trace`, its statistics, its series and what `run` adds into
/// the file at `path`, whole or not at all: see [`replace_file`].
///
/// # Errors
///
/// [`WriteError`]; what stood at `path` before still does.
pub fn write(trace: &Trace, run: &Run, path: &Path) -> Result<(), WriteError> {
    Ok(replace_file(path, &to_bytes(trace, run)?)?)
}

/// The content of the file that [`write()`] writes.
///
/// # Errors
///
/// As [`write()`], but for those of the file.
pub fn to_bytes(trace: &Trace, run: &Run) -> Result<Vec<u8>, WriteError> {
    let (chains, draws) = (trace.chains(), trace.draws());
    if chains == 0 || draws == 0 {
        return Err(WriteError::NoDraws { chains, draws });
    }
    check_parameter_names(trace.parameters.iter().map(|p| p.name.as_str()))?;

    let mut file = NcFileBuilder::new();
    posterior(&mut file, trace, run)?;
    sample_stats(&mut file, &trace.sampler, run, (chains, draws))?;
    if let Some(series) = trace.observed.as_ref().filter(|s| !s.values.is_empty()) {
        let columns = trace
            .table
            .as_ref()
            .map_or(&[][..], |table| &table.covariates);
        let names = names::of(series, columns);
        if let Some(values) = &run.log_likelihood {
            log_likelihood(&mut file, series, values, &names, run, (chains, draws))?;
        }
        observed_data(&mut file, series, &names, run)?;
        if let Some(table) = &trace.table {
            let (observed, all) = (series.values.len(), table.series.values.len());
            for (group, rows) in [
                ("constant_data", 0..observed),
                ("predictions_constant_data", observed..all),
            ] {
                columns_of(&mut file, group, table, rows, &names, run)?;
            }
        }
    }
    let options = NcWriteOptions {
        format: NcWriteFormat::Nc4,
    };
    Ok(file.to_vec(options)?.1)
}

/// Checks that parameters of these names are found again in a trace.
///
/// # Errors
///
/// [`WriteError::ReservedName`] for one that is the name of a dimension, or ends as PyMC's
/// copies on the unconstrained scale do.
pub fn check_parameter_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), WriteError> {
    let is_reserved =
        |name: &str| matches!(name, "chain" | "draw" | "sample") || name.ends_with("__");
    match names.into_iter().find(|name| is_reserved(name)) {
        Some(name) => Err(WriteError::ReservedName(name.to_owned())),
        None => Ok(()),
    }
}

/// A group with what every group says of its origin.
fn described<'a>(
    file: &'a mut NcFileBuilder,
    name: &'static str,
    run: &Run,
) -> Result<Group<'a>, WriteError> {
    let mut group = Group::new(file, name);
    // To the second: always as many characters, so that the same draws make a file as long.
    group.text("created_at", &format!("{:.0}", run.created_at))?;
    group.text("inference_library", env!("CARGO_PKG_NAME"))?;
    group.text("inference_library_version", env!("CARGO_PKG_VERSION"))?;
    Ok(group)
}

/// A group of draws, and its dimensions `chain` and `draw`.
fn sampled<'a>(
    file: &'a mut NcFileBuilder,
    name: &'static str,
    run: &Run,
    (chains, draws): (usize, usize),
) -> Result<(Group<'a>, [Axis; 2]), WriteError> {
    let mut group = described(file, name, run)?;
    group.number("sampling_time", run.sampling_time)?;
    group.integer("tuning_steps", run.tuning_steps as i64)?;
    let axes = [
        group.axis("chain", &counted(chains))?,
        group.axis("draw", &counted(draws))?,
    ];
    Ok((group, axes))
}

fn counted(length: usize) -> Vec<i64> {
    (0..length as i64).collect()
}

fn posterior(file: &mut NcFileBuilder, trace: &Trace, run: &Run) -> Result<(), WriteError> {
    let shape = (trace.chains(), trace.draws());
    let (mut group, axes) = sampled(file, "posterior", run, shape)?;
    if let Some(model) = &trace.origin.model {
        group.text("fanchart_model", model)?;
    }
    for Parameter { name, draws } in &trace.parameters {
        group.numbers(name, &axes, draws.iter().copied())?;
    }
    Ok(())
}

fn sample_stats(
    file: &mut NcFileBuilder,
    stats: &SamplerStats,
    run: &Run,
    shape: (usize, usize),
) -> Result<(), WriteError> {
    let (mut group, axes) = sampled(file, "sample_stats", run, shape)?;
    for (name, flags) in [
        ("diverging", &stats.diverging),
        ("reached_max_treedepth", &stats.reached_max_tree_depth),
    ] {
        if let Some(flags) = flags {
            group.flags(name, &axes, flags.iter().copied())?;
        }
    }
    for (name, values) in [
        ("energy", &stats.energy),
        ("lp", &stats.log_density),
        ("acceptance_rate", &stats.acceptance_rate),
        ("step_size", &Some(run.step_size.clone())),
    ] {
        if let Some(values) = values {
            group.numbers(name, &axes, values.iter().copied())?;
        }
    }
    if let Some(depth) = &stats.tree_depth {
        group.counts("tree_depth", &axes, depth.iter().copied())?;
    }
    group.counts("n_steps", &axes, run.n_steps.iter().copied())
}

/// Without the gaps, which have no likelihood: ArviZ would make of one NaN a `loo` of NaN.
fn log_likelihood(
    file: &mut NcFileBuilder,
    series: &Series,
    values: &Array2<f64>,
    names: &names::Names,
    run: &Run,
    shape: (usize, usize),
) -> Result<(), WriteError> {
    let observed: Vec<usize> = (0..series.values.len())
        .filter(|&row| !series.values[row].is_nan())
        .collect();
    if observed.is_empty() {
        return Ok(());
    }
    let (mut group, [chain, draw]) = sampled(file, "log_likelihood", run, shape)?;
    let time = time::axis(&mut group, &names.time, &series.axis, &observed)?;
    group.numbers(
        &names.observed,
        &[chain, draw, time],
        values.iter().copied(),
    )
}

fn observed_data(
    file: &mut NcFileBuilder,
    series: &Series,
    names: &names::Names,
    run: &Run,
) -> Result<(), WriteError> {
    let mut group = described(file, "observed_data", run)?;
    let rows: Vec<usize> = (0..series.values.len()).collect();
    let time = time::axis(&mut group, &names.time, &series.axis, &rows)?;
    group.numbers(&names.observed, &[time], series.values.iter().copied())
}

/// The columns beside the series at some of the table's rows.
fn columns_of(
    file: &mut NcFileBuilder,
    group: &'static str,
    table: &Table,
    rows: Range<usize>,
    names: &names::Names,
    run: &Run,
) -> Result<(), WriteError> {
    if rows.is_empty() || table.covariates.is_empty() {
        return Ok(());
    }
    let mut group = described(file, group, run)?;
    let rows: Vec<usize> = rows.collect();
    let axes = [time::axis(
        &mut group,
        &names.time,
        &table.series.axis,
        &rows,
    )?];
    for (name, (_, values)) in names.covariates.iter().zip(&table.covariates) {
        group.numbers(name, &axes, rows.iter().map(|&row| values[row]))?;
    }
    Ok(())
}
