//! The model file: parse, evaluate; distributions; built-in models.
//!
//! A model is text, read once into a [`Model`]; bound to the variables of a trace it is a
//! [`BoundModel`], which computes what the model says of any t for many posterior draws at once;
//! given a series it is a [`LogDensity`], which says how well parameters agree with the series and
//! the priors, and which way they would agree better.
//!
//! ```
//! use fanchart::model::{Model, Scratch};
//!
//! let model = Model::parse(
//!     "mean = \"a + b * t\"\nlikelihood = \"Normal(mean, sigma)\"",
//!     "line.toml",
//! )?;
//! let bound = model.bind(&["sigma", "b", "a"])?;
//! let (sigma, b, a) = ([0.5, 0.6], [2.0, 3.0], [1.0, 1.5]);
//! let mut scratch = Scratch::default();
//! let arguments = bound.arguments(&[&sigma, &b, &a], 10.0, &mut scratch);
//! assert_eq!(arguments.at(1), [31.5, 0.6, 0.0]);
//! # Ok::<(), fanchart::model::ModelError>(())
//! ```

mod affine;
mod bound;
mod columns;
mod density;
mod derivative;
mod document;
mod edit;
mod error;
mod evaluate;
mod expression;
mod fastmath;
mod lexer;
mod likelihood;
mod parser;
mod prior;
mod program;
mod read;
mod resolve;
pub(crate) mod suggest;
mod summary;
mod tape;
mod transform;
mod wide;

pub use bound::{Arguments, BoundModel, Moment};
pub use density::{DensityScratch, LogDensity};
pub use edit::Edit;
pub use error::ModelError;
pub use evaluate::{Column, Scratch};
pub use likelihood::{Family, standard_normal_cdf};
pub use prior::{PriorDistribution, PriorFamily, Support};
pub use resolve::BuiltIn;
pub use summary::DataSummary;

use columns::ColumnName;
use expression::{Expression, LikelihoodSymbol, Variable};
use summary::Quantity;

/// A model of a series: the mean over time, how observations scatter around it, and what is
/// thought of the parameters beforehand.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    name: String,
    /// What errors call the text.
    file: String,
    source: String,
    mean: Expression<Variable>,
    mean_text: String,
    family: Family,
    /// As many as the family takes.
    arguments: Vec<Expression<LikelihoodSymbol>>,
    likelihood_text: String,
    parameters: Vec<Parameter>,
    columns: Vec<ColumnName>,
}

/// A parameter of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub name: String,
    /// `None` in a file without `[priors]`, which can forecast but not fit.
    pub prior: Option<Prior>,
}

/// A prior as written: its arguments may depend on the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    parameter: String,
    family: PriorFamily,
    arguments: Vec<Expression<Quantity>>,
    text: String,
}

impl Model {
    /// What the file calls itself; without a name, the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The expression of the mean, as written.
    pub fn mean_text(&self) -> &str {
        &self.mean_text
    }

    /// The likelihood, as written.
    pub fn likelihood_text(&self) -> &str {
        &self.likelihood_text
    }

    pub fn family(&self) -> Family {
        self.family
    }

    /// In the order of `[priors]`; without it, as they first appear.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Columns of the data that it names beside t: what has a prior is a parameter, another name
    /// a column. Without `[priors]` every name is a parameter.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

impl Prior {
    /// As written, e.g. `Normal(0, 2 * sd_y)`.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn family(&self) -> PriorFamily {
        self.family
    }

    /// The prior for a series.
    ///
    /// # Errors
    /// When an argument is outside its domain for this data, such as a scale of 0.
    pub fn given(&self, data: &DataSummary) -> Result<PriorDistribution, ModelError> {
        let arguments: Vec<f64> = self
            .arguments
            .iter()
            .map(|argument| argument.evaluate(|quantity| data.get(quantity)))
            .collect();
        PriorDistribution::new(self.family, &arguments).map_err(|reason| ModelError::Prior {
            parameter: self.parameter.clone(),
            prior: self.text.clone(),
            reason,
        })
    }
}
