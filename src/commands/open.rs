//! Opens what a command line names: a trace, the model that made it, the series it was fitted to.

use std::path::{Path, PathBuf};

use super::CommandError;
use super::cli::ModelOptions;
use crate::forecast::Fit;
use crate::model::Model;
use crate::series::Table;
use crate::trace::{ReadOptions, Trace, Vectors};

/// The demo: a converged PyMC fit of 365 daily values.
const DEMO: &[u8] = include_bytes!("../../artifacts/trace.nc");

/// Opens a trace, or the demo, with its model and series.
///
/// # Errors
/// [`CommandError`] names what cannot be used, why, and what to do.
pub fn fit(file: Option<&Path>, options: &ModelOptions) -> Result<Fit, CommandError> {
    let trace = trace(file, options, Vectors::Named)?;
    with_model(trace, options)
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
    Ok(Fit::assemble(
        trace,
        model,
        table.map(|table| table.series),
    )?)
}

/// What to call a trace on screen.
pub fn name(file: Option<&PathBuf>) -> String {
    match file.and_then(|path| path.file_name()) {
        Some(name) => crate::trace::escape(&name.to_string_lossy()),
        None => "demo".into(),
    }
}
