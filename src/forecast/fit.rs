//! A trace with its model and its series: all that a forecast needs.

use std::sync::Arc;

use ndarray::Array2;

use super::{Covariates, Forecaster};
use crate::model::{Model, ModelError};
use crate::series::{Series, Table};
use crate::trace::{NO_SERIES, Trace, TraceError};

/// A fitted model, ready to forecast.
#[derive(Debug, Clone)]
pub struct Fit {
    pub trace: Trace,
    pub model: Model,
    /// What the model was fitted to.
    pub series: Series,
    /// The same with the columns beside it and, where the model names some of those, the rows
    /// ahead.
    pub table: Arc<Table>,
    covariates: Covariates,
}

#[derive(Debug, thiserror::Error)]
pub enum FitError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error(
        "the trace has no observed data, so nothing says where the forecast starts; name the series it was fitted to with --data FILE.csv"
    )]
    NoSeries,
    #[error("the series has no rows; a forecast needs at least one observation to start from")]
    EmptySeries,
}

impl Fit {
    /// Puts a trace together with its model and series: the model named explicitly, else the
    /// one the file holds, else the built-in one with the same parameters; the series given,
    /// else the file's own.
    ///
    /// # Errors
    /// When there is no such model or no series, a draw of a parameter is not finite, or the
    /// model names columns of the data: those need [`Fit::assemble_with_table`].
    pub fn assemble(
        trace: Trace,
        model: Option<Model>,
        series: Option<Series>,
    ) -> Result<Self, FitError> {
        Self::assemble_with_table(trace, model, series.map(Table::from))
    }

    /// The same with a series that brings its covariates. Where the model names some, rows after
    /// the last observation say what is known of their future, and the forecast starts before
    /// them.
    ///
    /// # Errors
    /// Those of [`Fit::assemble`], and when the table lacks a column that the model names.
    pub fn assemble_with_table(
        mut trace: Trace,
        model: Option<Model>,
        table: Option<Table>,
    ) -> Result<Self, FitError> {
        let names: Vec<&str> = trace.parameters.iter().map(|p| p.name.as_str()).collect();
        let model = Model::resolve(model, trace.origin.model.as_deref(), &names)?;
        model.bind(&names)?;
        let needed: Vec<&str> = model.parameters().iter().map(|p| p.name.as_str()).collect();
        trace.require_finite(&needed)?;
        if table.is_some() {
            // What the file's own series lacks is of no concern any more.
            trace
                .origin
                .notes
                .retain(|note| !note.starts_with(NO_SERIES));
        }
        // What is known of the time ahead is part of the series for a model that asks for it.
        let own = || match (&trace.table, &trace.observed) {
            (Some(table), _) if model.columns().next().is_some() => Some(table.clone()),
            (Some(table), Some(observed)) => Some(table.first(observed.values.len())),
            (_, observed) => observed.clone().map(Table::from),
        };
        let table = table.or_else(own).ok_or(FitError::NoSeries)?;
        let covariates = Covariates::of(&model, &table)?;
        let series = model.training(&table).into_owned();
        if series.values.is_empty() {
            return Err(FitError::EmptySeries);
        }
        Ok(Self {
            trace,
            model,
            series,
            table: Arc::new(table),
            covariates,
        })
    }

    /// How many steps ahead can be forecast; `None` where nothing has to be known of them.
    pub fn known_ahead(&self) -> Option<usize> {
        let first = self.series.axis.ahead(0);
        self.covariates.known_from(first)
    }

    /// A forecaster that uses at most `most` draws.
    ///
    /// # Errors
    /// As [`Forecaster::new`]; none after [`Fit::assemble`].
    pub fn forecaster(&self, most: usize) -> Result<Forecaster, ModelError> {
        let parameters: Vec<(&str, &Array2<f64>)> = self
            .trace
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), &p.draws))
            .collect();
        Forecaster::with_covariates(
            &self.model,
            &parameters,
            self.series.axis.clone(),
            self.covariates.clone(),
            most,
        )
    }
}
