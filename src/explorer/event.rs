//! What can happen, and what should be done about it.

use std::path::PathBuf;
use std::sync::Arc;

use super::answers::Answer;
use super::figures::{Figures, Query};
use super::pixels::Picture;
use super::recipe::Recipe;
use super::report::Report;
use super::state::Document;
use super::theme::Background;
use super::worker::Imagined;
use crate::diagnostics::Portrait;
use crate::sampler::ChainProgress;
use crate::series::Table;

/// Something happened. All of it arrives through one channel.
#[derive(Debug, Clone)]
pub enum Event {
    Terminal(crossterm::event::Event),
    Figures(Arc<Figures>),
    ForecastFailed(String),
    /// What was found out about the fit of a document.
    Checked(Arc<Document>, Arc<Report>),
    /// What the draws of a document's parameter look like.
    Portrayed(Arc<Document>, usize, Arc<Portrait>),
    /// What the priors of a recipe would forecast; the error is for the person.
    Prior(Recipe, Result<Arc<Imagined>, String>),
    /// How far the fit that runs is.
    Fitting(Vec<ChainProgress>),
    /// Draws that are there while the fit runs.
    Grown(Arc<Document>),
    /// A fit is done; what is said about it.
    Fitted(Arc<Document>, Recipe, String),
    FitFailed(String),
    /// The trace was read again.
    Loaded(Arc<Document>, Recipe),
    /// The series was read again.
    Reread(Arc<Table>),
    LoadFailed(String),
    Exported(Result<PathBuf, String>),
    /// The terminal answered a question.
    Answered(Answer),
    /// What to choose colours for, as the terminal says.
    Background(Background),
    /// A picture of the chart is drawn.
    Painted(Arc<Picture>),
    /// Something for the person to know.
    Said(String),
    /// Time for the next future of a presentation.
    Tick,
    /// The program was continued after a stop.
    Continued,
    Terminate,
}

/// What the loop shall do; [`super::update`] itself touches nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Compute(Query),
    /// Look at the draws of a parameter.
    Portray(usize),
    /// Forecast from the priors alone.
    Imagine(Recipe),
    Fit(Recipe),
    /// Stop the fit that runs and keep what can be used.
    StopFit,
    Write(Written),
    Reload,
    Copy(String),
    Export(ExportFormat),
    Mouse(bool),
    Redraw,
    Suspend,
    Quit,
}

/// A file made of the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The model, as TOML.
    Model,
    /// The trace, as NetCDF.
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Json,
    Svg,
    Png,
}
