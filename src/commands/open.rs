//! Opens what a command line names: a trace, the model that made it, the series it was fitted to.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::CommandError;
use super::cli::ModelOptions;
use super::fit::watch;
use crate::explorer::Opened;
use crate::forecast::Fit;
use crate::model::Model;
use crate::sampler::Options;
use crate::series::Table;
use crate::trace::{ReadOptions, Trace, Vectors};

/// The demo: a converged PyMC fit of 365 daily values.
const DEMO: &[u8] = include_bytes!("../../artifacts/trace.nc");

/// The model that a series is fitted with where none is named.
pub const DEFAULT_MODEL: &str = "seasonal";

/// Opens a trace, or the demo, with its model and series.
///
/// # Errors
/// [`CommandError`] names what cannot be used, why, and what to do.
pub fn fit(file: Option<&Path>, options: &ModelOptions) -> Result<Fit, CommandError> {
    if let Some(path) = file.filter(|path| is_series(path)) {
        let table = Table::from_csv_path(path)?;
        return fitted(&model_to_fit(options)?, table);
    }
    let trace = trace(file, options, Vectors::Named)?;
    with_model(trace, options)
}

/// What a file holds: a trace with its model and series, or a series to be fitted.
///
/// # Errors
/// [`CommandError`] names what cannot be used, why, and what to do.
pub fn opened(file: Option<&Path>, options: &ModelOptions) -> Result<Opened, CommandError> {
    match file {
        Some(path) if is_series(path) => {
            let table = Table::from_csv_path(path)?;
            let model = Box::new(model_to_fit(options)?);
            Ok(Opened::Series { table, model })
        }
        _ => Ok(Opened::Fit(Box::new(fit(file, options)?))),
    }
}

fn model_to_fit(options: &ModelOptions) -> Result<Model, CommandError> {
    let name = options.model.as_deref().unwrap_or(DEFAULT_MODEL);
    Ok(Model::load(name)?)
}

/// Fits a model to a series as the explorer does, with bars on a terminal.
///
/// # Errors
/// When the model does not suit the series.
pub fn fitted(model: &Model, table: Table) -> Result<Fit, CommandError> {
    let never = AtomicBool::new(false);
    let sampled = watch::sample(model, &table, &Options::default(), &never, false)?;
    let model = Some(model.clone());
    Ok(Fit::assemble_with_table(sampled.trace, model, Some(table))?)
}

/// Whether a file is a series, by its name.
pub fn is_series(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ["csv", "tsv", "txt"]
            .iter()
            .any(|series| ending.eq_ignore_ascii_case(series))
    })
}

/// Opens a trace, or the demo, by itself.
///
/// # Errors
/// [`CommandError`] names what cannot be used, why, and what to do.
pub fn trace(
    file: Option<&Path>,
    options: &ModelOptions,
    vectors: Vectors,
) -> Result<Trace, CommandError> {
    let read = ReadOptions {
        observed: options.observed.clone(),
        group: options.group.clone(),
        vectors,
        ..ReadOptions::default()
    };
    Ok(match file {
        Some(path) if is_series(path) => {
            let table = Table::from_csv_path(path)?;
            fitted(&model_to_fit(options)?, table)?.trace
        }
        Some(path) => Trace::open(path, &read)?,
        None => Trace::from_bytes(DEMO, &read)?,
    })
}

/// Adds its model and series to a trace.
///
/// # Errors
/// [`CommandError`] names what cannot be used, why, and what to do.
pub fn with_model(trace: Trace, options: &ModelOptions) -> Result<Fit, CommandError> {
    let model = options.model.as_deref().map(Model::load).transpose()?;
    let table = options
        .data
        .as_deref()
        .map(Table::from_csv_path)
        .transpose()?;
    Ok(Fit::assemble_with_table(trace, model, table)?)
}

/// What to call a trace on screen.
pub fn name(file: Option<&PathBuf>) -> String {
    match file.and_then(|path| path.file_name()) {
        Some(name) => crate::trace::escape(&name.to_string_lossy()),
        None => "demo".into(),
    }
}
