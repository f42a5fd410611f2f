//! A model bound to posterior draws, drawn from at any step.

use std::ops::Range;

use ndarray::{Array2, ArrayView1};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::Covariates;
use super::step::{FUTURES, PATHS, Step};
use crate::model::{Arguments, BoundModel, Model, ModelError, Moment, Scratch};
use crate::series::TimeAxis;

/// What the bands are bands of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// Of a future observation: uncertain parameters and noise.
    Predictive,
    /// Of the mean alone: uncertain parameters, no noise. Narrower, and not where observations
    /// will fall.
    Mean,
}

/// Why a forecast cannot be given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ForecastError {
    #[error(
        "the model gives no finite value at {label} for draw {draw}; check that the model belongs to this trace and that its parameters keep to their supports (sigma > 0)"
    )]
    NotFinite { label: String, draw: usize },
    #[error(
        "the model needs {column} at {label}, where the data have no value of it; add one to the file of the series (after the last observation: in a row that leaves the observation empty)"
    )]
    NoCovariate { column: String, label: String },
}

/// A model bound to the draws of its parameters.
#[derive(Debug, Clone)]
pub struct Forecaster {
    model: BoundModel,
    /// Draws of each parameter of the model, chain after chain.
    columns: Vec<Vec<f64>>,
    /// The draws of each chain.
    chains: Vec<Range<usize>>,
    draws_in_trace: usize,
    axis: TimeAxis,
    covariates: Covariates,
}

impl Forecaster {
    /// Binds a model to `parameters`, each of them chains × draws of the same shape, for a
    /// series with this axis. More than `most` draws are thinned evenly, chain by chain, to one
    /// a chain at the least.
    ///
    /// # Errors
    /// When the model has a parameter that is not there, or names columns of the data.
    pub fn new(
        model: &Model,
        parameters: &[(&str, &Array2<f64>)],
        axis: TimeAxis,
        most: usize,
    ) -> Result<Self, ModelError> {
        model.find_columns(&[])?;
        Self::with_covariates(model, parameters, axis, Covariates::default(), most)
    }

    /// The same for a model that may name columns of the data, with what is known of them.
    ///
    /// # Errors
    /// When the model has a parameter that is not there.
    pub fn with_covariates(
        model: &Model,
        parameters: &[(&str, &Array2<f64>)],
        axis: TimeAxis,
        covariates: Covariates,
        most: usize,
    ) -> Result<Self, ModelError> {
        let names: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
        model.bind(&names)?;
        // Bound again to just the parameters the model has: others need no copy.
        let needed: Vec<&str> = model.parameters().iter().map(|p| p.name.as_str()).collect();
        let used: Vec<_> = parameters
            .iter()
            .filter(|(name, _)| needed.contains(name))
            .collect();
        let bound = model.bind(&used.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;

        let (chains, draws) = used.first().map_or((0, 0), |(_, draws)| draws.dim());
        let stride = stride(draws, chains, most);
        let thin = |draws: &Array2<f64>| {
            let rows = draws.rows().into_iter();
            rows.flat_map(|row| row.into_iter().step_by(stride).copied().collect::<Vec<_>>())
                .collect()
        };
        let kept = draws.div_ceil(stride);
        Ok(Self {
            model: bound,
            columns: used.iter().map(|(_, draws)| thin(draws)).collect(),
            chains: (0..chains)
                .map(|chain| chain * kept..(chain + 1) * kept)
                .collect(),
            draws_in_trace: chains * draws,
            axis,
            covariates,
        })
    }

    /// The same with at most `most` draws, though with one a chain at the least.
    pub fn thinned(&self, most: usize) -> Self {
        let longest = self.chains.iter().map(Range::len).max().unwrap_or(0);
        let stride = stride(longest, self.chains.len(), most);
        let thin = |column: &Vec<f64>| {
            let chains = self.chains.iter();
            chains
                .flat_map(|chain| column[chain.clone()].iter().step_by(stride).copied())
                .collect()
        };
        let columns: Vec<Vec<f64>> = self.columns.iter().map(thin).collect();
        let mut start = 0;
        let chains = self.chains.iter().map(|chain| {
            let end = start + chain.len().div_ceil(stride);
            std::mem::replace(&mut start, end)..end
        });
        let chains = chains.collect();
        Self {
            model: self.model.clone(),
            columns,
            chains,
            axis: self.axis.clone(),
            covariates: self.covariates.clone(),
            ..*self
        }
    }

    /// Draws that forecasts are made from.
    pub fn draws(&self) -> usize {
        self.chains.last().map_or(0, |chain| chain.end)
    }

    /// Draws the trace has; more than [`Self::draws`] when they were thinned.
    pub fn draws_in_trace(&self) -> usize {
        self.draws_in_trace
    }

    pub fn axis(&self) -> &TimeAxis {
        &self.axis
    }

    /// Position on the axis of a step: 0 is the first after the training data, negative steps
    /// lie within them.
    pub fn position(&self, step: i64) -> f64 {
        self.axis.ahead(step)
    }

    /// The distributions of some steps. The noise of a draw depends on the seed, the draw and
    /// the step alone: a shorter horizon is a prefix of a longer one.
    ///
    /// # Errors
    /// When the model gives a value that is not finite.
    pub fn steps(
        &self,
        distribution: Distribution,
        seed: u64,
        steps: impl IntoIterator<Item = i64>,
    ) -> Result<Vec<Step>, ForecastError> {
        self.redraw(distribution, seed, steps, Vec::new())
    }

    /// The same in the memory of steps that are not needed any more.
    ///
    /// # Errors
    /// As [`Self::steps`].
    pub fn redraw(
        &self,
        distribution: Distribution,
        seed: u64,
        steps: impl IntoIterator<Item = i64>,
        spare: Vec<Step>,
    ) -> Result<Vec<Step>, ForecastError> {
        let spare = spare
            .into_iter()
            .chain(std::iter::repeat_with(Step::default));
        let steps: Vec<(i64, Step)> = steps.into_iter().zip(spare).collect();
        steps
            .into_par_iter()
            .map_init(Scratch::default, |scratch, (step, place)| {
                self.step(distribution, seed, step, place, scratch)
            })
            // Collected first: of several errors the first is told, whichever thread met one before.
            .collect::<Vec<_>>()
            .into_iter()
            .collect()
    }

    fn step(
        &self,
        distribution: Distribution,
        seed: u64,
        step: i64,
        mut place: Step,
        scratch: &mut Scratch,
    ) -> Result<Step, ForecastError> {
        let arguments = self.arguments(step, scratch);
        let expected = arguments.expected();
        let chains = self.chains.iter();
        place.chain_means = chains.map(|chain| mean(&expected[chain.clone()])).collect();
        place.mean = mean(&expected);
        let draws = match distribution {
            Distribution::Mean => expected,
            Distribution::Predictive => arguments.sample(&mut generator(seed, step)),
        };
        if let Some(draw) = draws.iter().position(|value| !value.is_finite()) {
            return Err(self.not_finite(self.position(step), draw));
        }
        place.paths = self.path_draws().map(|s| draws[s]).collect();
        place.futures = self.future_draws().map(|s| draws[s]).collect();
        place.draws.arrange(&draws);
        Ok(place)
    }

    /// Why there is no finite value at a position of the axis.
    pub(super) fn not_finite(&self, position: f64, draw: usize) -> ForecastError {
        let label = self.axis.label(position);
        match self.covariates.unknown_at(position) {
            Some(column) => ForecastError::NoCovariate {
                column: column.to_owned(),
                label,
            },
            None => ForecastError::NotFinite { label, draw },
        }
    }

    pub(super) fn arguments<'a>(&'a self, step: i64, scratch: &'a mut Scratch) -> Arguments<'a> {
        self.arguments_at(self.position(step), scratch)
    }

    /// The likelihood's arguments of each draw at a position of the axis.
    pub(super) fn arguments_at<'a>(
        &'a self,
        position: f64,
        scratch: &'a mut Scratch,
    ) -> Arguments<'a> {
        let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        let at = Moment {
            t: self.axis.t(position),
            covariates: self.covariates.at(position),
        };
        self.model.arguments(&columns, at, scratch)
    }

    /// The draws whose paths are kept: spread evenly, none at the very ends.
    fn path_draws(&self) -> impl Iterator<Item = usize> {
        let (draws, paths) = (self.draws(), PATHS.min(self.draws()));
        (0..paths).map(move |path| (2 * path + 1) * draws / (2 * paths))
    }

    /// The draws whose futures are kept: multiples of the golden section, which spread over the
    /// posterior as evenly as can be however many there are, each far from the one before.
    fn future_draws(&self) -> impl Iterator<Item = usize> {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let draws = self.draws();
        (0..FUTURES.min(draws)).map(move |i| {
            let share = (0.5 + i as f64 * GOLDEN).fract();
            ((share * draws as f64) as usize).min(draws - 1)
        })
    }
}

/// Every how many-th draw of a chain to keep so that all chains together keep at most `most`.
fn stride(draws: usize, chains: usize, most: usize) -> usize {
    let most_a_chain = (most / chains.max(1)).max(1);
    draws.div_ceil(most_a_chain).max(1)
}

pub(super) fn mean(values: &[f64]) -> f64 {
    // ndarray adds in several lanes, a plain loop would wait for each sum.
    ArrayView1::from(values).sum() / values.len() as f64
}

/// A stream of random numbers of its own for each seed and step.
pub(super) fn generator(seed: u64, step: i64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(scramble(scramble(seed) ^ step as u64))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds and steps give
/// streams that have nothing to do with one another.
fn scramble(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
