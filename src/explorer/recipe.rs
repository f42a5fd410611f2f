//! What a fit is made from, and what a person may change of it.

use std::sync::Arc;

use crate::forecast::Fit;
use crate::model::{Edit, Model};
use crate::series::{Series, Table};
use crate::trace::Run;

/// A model, a series, and how much of it to learn from.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub model: Arc<Model>,
    /// All there is of the series, with the columns beside it.
    pub table: Arc<Table>,
    /// Rows that the model is fitted to, from the first on.
    pub training: usize,
    /// What came of it, once it was made.
    pub fit: Option<Arc<Fit>>,
    /// How it was made, if that was here.
    pub run: Option<Arc<Run>>,
}

impl Recipe {
    /// Of a series that is to be fitted.
    pub fn new(model: Model, table: Arc<Table>) -> Self {
        Self {
            training: model.training_rows(&table),
            model: Arc::new(model),
            table,
            fit: None,
            run: None,
        }
    }

    /// Of a fit that is there already.
    pub fn of(fit: &Arc<Fit>) -> Self {
        Self {
            fit: Some(fit.clone()),
            ..Self::new(fit.model.clone(), fit.table.clone())
        }
    }

    /// The same with another model.
    pub fn with_model(&self, model: Model) -> Self {
        let had_all = self.training == self.rows();
        let mut other = Self {
            model: Arc::new(model),
            fit: None,
            run: None,
            ..self.clone()
        };
        // A model that names columns does not learn from the rows ahead.
        let all = other.rows();
        other.training = if had_all {
            all
        } else {
            other.training.min(all)
        };
        other
    }

    /// The same learning from so many rows: as many as there are at most, and enough to learn
    /// something from.
    pub fn with_training(&self, rows: usize) -> Self {
        let all = self.rows();
        let least = (self.model.parameters().len() + 2).min(all);
        Self {
            training: rows.clamp(least, all),
            fit: None,
            run: None,
            ..self.clone()
        }
    }

    /// Rows there are to learn from.
    pub fn rows(&self) -> usize {
        self.model.training_rows(&self.table)
    }

    /// The rows to learn from.
    pub fn training_series(&self) -> Series {
        self.table.series.first(self.training)
    }

    /// The same with the columns beside them and, where the model names some of those, with the
    /// rows ahead, whose values nobody has seen.
    pub fn training_table(&self) -> Table {
        if self.model.columns().next().is_none() {
            return self.table.first(self.training);
        }
        let mut table = (*self.table).clone();
        table.series.values[self.training..].fill(f64::NAN);
        table
    }
}

/// Two recipes are the same that ask for the same fit.
impl PartialEq for Recipe {
    fn eq(&self, other: &Self) -> bool {
        self.training == other.training
            && self.model == other.model
            && Arc::ptr_eq(&self.table, &other.table)
    }
}

/// A line of a recipe that can be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Mean,
    Likelihood,
    /// Of the parameter in that place of the model.
    Prior(usize),
    Training,
}

impl Recipe {
    /// The lines, in the order they are shown.
    pub fn lines(&self) -> Vec<Line> {
        let priors = (0..self.model.parameters().len()).map(Line::Prior);
        [Line::Mean, Line::Likelihood]
            .into_iter()
            .chain(priors)
            .chain([Line::Training])
            .collect()
    }

    /// What a line is called.
    pub fn name(&self, line: &Line) -> &str {
        match line {
            Line::Mean => "mean",
            Line::Likelihood => "likelihood",
            Line::Prior(place) => &self.model.parameters()[*place].name,
            Line::Training => "training",
        }
    }

    /// What a line says.
    pub fn text(&self, line: &Line) -> String {
        match line {
            Line::Mean => self.model.mean_text().to_owned(),
            Line::Likelihood => self.model.likelihood_text().to_owned(),
            Line::Prior(place) => {
                let prior = &self.model.parameters()[*place].prior;
                prior
                    .as_ref()
                    .map_or(String::new(), |p| p.text().to_owned())
            }
            Line::Training => self.training.to_string(),
        }
    }

    /// The recipe with a line that says something else.
    ///
    /// # Errors
    /// What is wrong with it, in a line for the person.
    pub fn edited(&self, line: &Line, text: &str) -> Result<Self, String> {
        let edit = match line {
            Line::Mean => Edit::Mean(text),
            Line::Likelihood => Edit::Likelihood(text),
            Line::Prior(place) => Edit::Prior {
                parameter: &self.model.parameters()[*place].name,
                text,
            },
            Line::Training => return self.trained_to(text),
        };
        match self.model.edited(edit) {
            Ok(model) => Ok(self.with_model(model)),
            Err(error) => Err(in_a_line(&error.to_string())),
        }
    }

    /// Learning to the row that is meant: so many, or that date.
    fn trained_to(&self, text: &str) -> Result<Self, String> {
        let axis = &self.table.series.axis;
        let dated = || {
            let mut rows = axis.positions.iter();
            rows.position(|at| axis.label(*at) == text)
                .map(|row| row + 1)
        };
        let rows = text.parse().ok().or_else(dated).filter(|rows| *rows > 0);
        let all = self.rows();
        match rows {
            Some(rows) if rows <= all => Ok(self.with_training(rows)),
            _ => Err(format!(
                "a number of rows up to {all}, or the last one's date"
            )),
        }
    }
}

/// The reason of an error that shows its place over several lines.
fn in_a_line(error: &str) -> String {
    let reason = error.lines().rev().find(|line| line.contains('^'));
    let reason = reason.map(|line| line.trim_start_matches([' ', '|', '^', '0']).trim());
    match reason {
        Some(reason) if !reason.is_empty() => reason.to_owned(),
        _ => error.lines().next().unwrap_or_default().to_owned(),
    }
}
