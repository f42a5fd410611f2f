//! The model and the trace of a fit, written to files.

use std::path::PathBuf;
use std::sync::Arc;

use super::event::Written;
use super::export::free_name;
use super::recipe::Recipe;
use super::state::State;
use crate::forecast::Fit;
use crate::output;
use crate::trace::{self, Run};

/// Something to write, finished but for the writing.
pub(super) enum Writing {
    Model {
        name: String,
        toml: String,
    },
    Trace {
        stem: String,
        fit: Arc<Fit>,
        run: Arc<Run>,
    },
    Nothing(&'static str),
}

impl Writing {
    pub fn of(state: &State, what: Written) -> Self {
        let Recipe {
            model, fit, run, ..
        } = &state.recipe;
        match (what, fit, run) {
            (Written::Model, ..) => Self::Model {
                name: super::export::file_name(model.name()),
                toml: model.source().to_owned(),
            },
            (Written::Trace, Some(fit), Some(run)) => Self::Trace {
                stem: super::export::stem(&state.document.name),
                fit: fit.clone(),
                run: run.clone(),
            },
            (Written::Trace, Some(_), None) => Self::Nothing("this trace is in its file already"),
            (Written::Trace, None, _) => Self::Nothing("there is no fit to write yet"),
        }
    }

    /// Writes into the current folder under a name that is free.
    pub fn write(self) -> Result<PathBuf, String> {
        match self {
            Self::Nothing(why) => Err(why.into()),
            Self::Model { name, toml } => {
                let path = free_name(&name, "toml");
                output::replace_file(&path, toml.as_bytes()).map_err(|error| error.to_string())?;
                Ok(path)
            }
            Self::Trace { stem, fit, run } => {
                let path = free_name(&stem, "nc");
                trace::write(&fit.trace, &run, &path).map_err(|error| error.to_string())?;
                Ok(path)
            }
        }
    }
}
