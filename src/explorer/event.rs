//! What can happen, and what should be done about it.

use std::path::PathBuf;
use std::sync::Arc;

use super::figures::{Figures, Query};
use super::report::Report;
use super::state::Document;
use super::theme::Background;
use crate::diagnostics::Portrait;

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
    /// The file was read again.
    Loaded(Arc<Document>),
    LoadFailed(String),
    Exported(Result<PathBuf, String>),
    /// The terminal said what its background is.
    Background(Background),
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
    Reload,
    Copy(String),
    Export(ExportFormat),
    Mouse(bool),
    Redraw,
    Suspend,
    Quit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Json,
    Svg,
    Png,
}
