//! The log posterior density, for fitting.

use rand::Rng;

use super::affine::linear_parameters;
use super::likelihood::{Family, Observations};
use super::prior::PriorDistribution;
use super::tape::{BLOCK, Block, Source, Tape, TapeScratch};
use super::{DataSummary, Model, ModelError};
use crate::series::{Series, Table};

/// The log posterior density of a model given a series, up to the constant that makes it a
/// density: log-likelihood plus log priors, both normalised.
///
/// Vectors of parameters are in the order of [`LogDensity::parameters`]. A **position** is a point
/// on the unconstrained scale, where every coordinate can be any number: the logarithm of a
/// positive parameter, the log-odds of one in an interval, a real one itself (as PyMC does). The
/// density there includes the logarithm of the Jacobian.
#[derive(Debug, Clone)]
pub struct LogDensity {
    parameters: Vec<String>,
    priors: Vec<PriorDistribution>,
    linear: Vec<usize>,
    /// t of the rows that have an observation.
    t: Vec<f64>,
    observations: Observations,
    /// One output.
    mean: Tape,
    /// As many outputs as the family has arguments.
    arguments: Tape,
}

/// Memory that evaluations reuse, one a thread; any density can use any scratch.
#[derive(Debug, Clone)]
pub struct DensityScratch {
    parameters: Vec<f64>,
    tape: TapeScratch,
    /// Of the density of each row, by each argument.
    derivatives: [Block; 3],
}

impl Default for DensityScratch {
    fn default() -> Self {
        Self {
            parameters: Vec::new(),
            tape: TapeScratch::default(),
            derivatives: [[0.0; BLOCK]; 3],
        }
    }
}

impl LogDensity {
    /// The density of `model` given the observations of `series`; gaps are left out.
    ///
    /// # Errors
    /// When a parameter has no prior or one outside its domain for this series, when nothing was
    /// observed, when an observation cannot come from the model's likelihood, and when the model
    /// names columns of the data: those need [`LogDensity::with_covariates`].
    pub fn new(model: &Model, series: &Series) -> Result<Self, ModelError> {
        Self::given(model, series, &[])
    }

    /// The same for a model that may name columns of the data. Rows after the last observation,
    /// which hold covariates of the future, are left out.
    ///
    /// # Errors
    /// Those of [`LogDensity::new`], when the data lack a column that the model names, and when a
    /// value of one is missing where there is an observation.
    pub fn with_covariates(model: &Model, table: &Table) -> Result<Self, ModelError> {
        Self::given(model, &model.training(table), &table.covariates)
    }

    fn given(
        model: &Model,
        series: &Series,
        covariates: &[(String, Vec<f64>)],
    ) -> Result<Self, ModelError> {
        let data = DataSummary::of(&series.values);
        let priors = model
            .parameters
            .iter()
            .map(|parameter| match &parameter.prior {
                Some(prior) => prior.given(&data),
                None => Err(ModelError::NoPrior {
                    model: model.name.clone(),
                    parameter: parameter.name.clone(),
                }),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let rows = observed(model.family, series)?;
        let columns = covariates_at(&rows, model, series, covariates)?;
        let t: Vec<f64> = rows
            .iter()
            .map(|row| series.axis.t(series.axis.positions[*row]))
            .collect();
        let values = rows.iter().map(|row| series.values[*row]).collect();

        // In the order of the programs' inputs.
        let sources: Vec<Source<'_>> = std::iter::once(Source::Data(&t))
            .chain((0..priors.len()).map(Source::Parameter))
            .chain(columns.iter().map(|column| Source::Data(column)))
            .collect();
        let tape = |program| Tape::new(&program, &sources, priors.len(), t.len());
        Ok(Self {
            parameters: model.parameters.iter().map(|p| p.name.clone()).collect(),
            linear: linear_parameters(&model.mean, priors.len()),
            observations: Observations::new(model.family, values),
            mean: tape(model.mean_program()),
            arguments: tape(model.arguments_program()),
            t,
            priors,
        })
    }

    /// Names of the parameters in the model's order, which is that of all vectors here.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// The number of parameters.
    pub fn dimension(&self) -> usize {
        self.parameters.len()
    }

    /// The prior of each parameter, for this series.
    pub fn priors(&self) -> &[PriorDistribution] {
        &self.priors
    }

    pub fn family(&self) -> Family {
        self.observations.family()
    }

    /// t and value of each row that has an observation.
    pub fn observations(&self) -> (&[f64], &[f64]) {
        (&self.t, self.observations.values())
    }

    /// Parameters of the mean in which it is jointly affine: the others held, it is
    /// `c(t) + sum of x_j(t) * theta_j`. In ascending order. Some of them may also stand in an
    /// argument of the likelihood, beside the mean.
    pub fn linear_parameters(&self) -> Vec<usize> {
        self.linear.clone()
    }

    /// The log posterior density at a position, Jacobian included, and its gradient by the
    /// position. Minus infinity or NaN where there is none, and then the gradient says nothing.
    ///
    /// # Panics
    /// When `position` or `gradient` is shorter than the dimension.
    pub fn with_gradient(
        &self,
        position: &[f64],
        gradient: &mut [f64],
        scratch: &mut DensityScratch,
    ) -> f64 {
        let mut parameters = std::mem::take(&mut scratch.parameters);
        parameters.resize(self.dimension(), 0.0);
        self.constrain(position, &mut parameters);
        let mut density = self.likelihood(&parameters, scratch, true);
        self.arguments.finish(gradient, &mut scratch.tape);
        scratch.parameters = parameters;

        for ((prior, u), slope) in self.priors.iter().zip(position).zip(gradient) {
            let at = prior.support().at(*u);
            density += prior.ln_pdf(at.value) + at.ln_slope;
            *slope = (*slope + prior.ln_pdf_derivative(at.value)) * at.slope + at.ln_slope_slope;
        }
        density
    }

    /// The log-likelihood of parameters (not a position), all rows together.
    ///
    /// # Panics
    /// When there are fewer parameters than the dimension.
    pub fn log_likelihood(&self, parameters: &[f64], scratch: &mut DensityScratch) -> f64 {
        self.likelihood(parameters, scratch, false)
    }

    fn likelihood(&self, parameters: &[f64], scratch: &mut DensityScratch, reverse: bool) -> f64 {
        let DensityScratch {
            tape, derivatives, ..
        } = scratch;
        self.arguments.start(parameters, tape);
        if reverse {
            self.arguments.start_gradient(tape);
        }
        let mut total = self.observations.constant();
        for block in self.arguments.blocks() {
            self.arguments.forward(&block, tape);
            let arguments = self.arguments.outputs(&block, tape);
            total += self.observations.block(&block, arguments, derivatives);
            if reverse {
                self.arguments.reverse(&block, derivatives, tape);
            }
        }
        total
    }

    /// The log density of the priors at parameters (not a position); minus infinity outside a
    /// support.
    pub fn log_prior(&self, parameters: &[f64]) -> f64 {
        let priors = self.priors.iter().zip(parameters);
        priors.map(|(prior, value)| prior.ln_pdf(*value)).sum()
    }

    /// The parameters at a position, each inside its support.
    pub fn constrain(&self, position: &[f64], parameters: &mut [f64]) {
        for ((prior, u), value) in self.priors.iter().zip(position).zip(parameters) {
            *value = prior.support().constrain(*u);
        }
    }

    /// The position of parameters; not finite where one is not inside its support.
    pub fn unconstrain(&self, parameters: &[f64], position: &mut [f64]) {
        for ((prior, value), u) in self.priors.iter().zip(parameters).zip(position) {
            *u = prior.support().unconstrain(*value);
        }
    }

    /// Parameters drawn from their priors.
    pub fn draw_prior(&self, rng: &mut impl Rng) -> Vec<f64> {
        self.priors.iter().map(|prior| prior.sample(rng)).collect()
    }

    /// The mean expression at every row that has an observation, into `out`.
    ///
    /// # Panics
    /// When there are fewer parameters than the dimension, or `out` is shorter than the rows.
    pub fn mean(&self, parameters: &[f64], out: &mut [f64], scratch: &mut DensityScratch) {
        let tape = &mut scratch.tape;
        self.mean.start(parameters, tape);
        for block in self.mean.blocks() {
            self.mean.forward(&block, tape);
            let [mean, ..] = self.mean.outputs(&block, tape);
            mean.write(&mut out[block]);
        }
    }
}

/// Rows that have an observation.
fn observed(family: Family, series: &Series) -> Result<Vec<usize>, ModelError> {
    let is_observed = |row: &usize| !series.values[*row].is_nan();
    let rows: Vec<usize> = (0..series.values.len()).filter(is_observed).collect();
    for &row in &rows {
        if let Some(need) = family.objection(series.values[row]) {
            return Err(ModelError::Observation {
                series: series.name.clone(),
                label: series.axis.label(series.axis.positions[row]),
                value: series.values[row].to_string(),
                family: family.name(),
                need,
            });
        }
    }
    if rows.is_empty() {
        return Err(ModelError::NoObservations {
            series: series.name.clone(),
        });
    }
    Ok(rows)
}

/// The columns that a model names, at the rows that have an observation.
fn covariates_at(
    rows: &[usize],
    model: &Model,
    series: &Series,
    covariates: &[(String, Vec<f64>)],
) -> Result<Vec<Vec<f64>>, ModelError> {
    let names: Vec<&str> = covariates.iter().map(|(name, _)| name.as_str()).collect();
    let columns = model.find_columns(&names)?.into_iter().map(|column| {
        let (name, values) = &covariates[column];
        if let Some(row) = rows.iter().find(|row| !values[**row].is_finite()) {
            return Err(ModelError::NoCovariate {
                column: name.clone(),
                label: series.axis.label(series.axis.positions[*row]),
                series: series.name.clone(),
            });
        }
        Ok(rows.iter().map(|row| values[*row]).collect())
    });
    columns.collect()
}

#[cfg(test)]
mod tests;
