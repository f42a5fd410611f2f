//! What the chart shows, computed away from the screen: the question and its answer.

use std::time::Duration;

use crate::chart::{Fan, Statement, Threshold, words};
use crate::forecast::{DOTS, Distribution, ForecastTable, Horizon, Probability};
use crate::series::TimeAxis;

/// Everything a forecast on screen depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub horizon: Horizon,
    pub interval: Probability,
    pub distribution: Distribution,
    pub seed: u64,
    pub threshold: Option<f64>,
    /// Whether what a presentation shows is wanted too.
    pub presented: bool,
    /// Positions on screen, for the bands over the training data.
    pub window: (f64, f64),
}

impl Query {
    /// Masses of the nested bands, widest first: the interval, and 80 and 50 % inside it.
    pub fn levels(&self) -> Vec<Probability> {
        let inner = [0.8, 0.5]
            .into_iter()
            .filter(|level| *level < self.interval.get() - 0.01);
        std::iter::once(self.interval)
            .chain(inner.filter_map(Probability::new))
            .collect()
    }
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Figures {
    pub query: Query,
    pub forecast: Fan,
    /// Bands over the training data within the window, from fewer draws: a backdrop.
    pub history: Fan,
    /// Observations within the window, `(position, value)`; the lowest and highest of each small
    /// stretch where there are more than a screen can hold.
    pub observed: Vec<(f64, f64)>,
    /// Values of single draws along the forecast, a path each.
    pub paths: Vec<Vec<f64>>,
    /// Mean along the forecast, a line a chain.
    pub chains: Vec<Vec<f64>>,
    /// Probability of exceeding the threshold at each step.
    pub above: Option<Vec<f64>>,
    pub presented: Option<Presented>,
    /// Draws behind the forecast, and how many the trace has.
    pub draws: usize,
    pub draws_in_trace: usize,
    /// Time the recomputation took.
    pub elapsed: Duration,
}

/// What a presentation shows beside the bands.
#[derive(Debug, Clone)]
pub struct Presented {
    /// Values of single draws along the forecast, a future each.
    pub futures: Vec<Vec<f64>>,
    /// Of each step equally likely values, ascending.
    pub dots: Vec<[f64; DOTS]>,
    /// Lowest and highest value of all of these.
    pub extent: (f64, f64),
}

impl Figures {
    /// What is said of a step of the forecast.
    pub fn statement(&self, axis: &TimeAxis, step: usize) -> Option<Statement> {
        let mean = *self.forecast.mean.get(step)?;
        let band = self.forecast.bands.first()?;
        Some(Statement {
            when: words::when(axis, self.forecast.position(step)),
            mean,
            lower: band.lower[step],
            upper: band.upper[step],
            interval: self.query.interval,
            distribution: self.query.distribution,
            threshold: self.threshold(step),
        })
    }

    /// The threshold, with the probability that a step of the forecast exceeds it.
    pub fn threshold(&self, step: usize) -> Option<Threshold> {
        let above = *self.above.as_ref()?.get(step)?;
        let value = self.query.threshold?;
        Some(Threshold { value, above })
    }

    /// The forecast as rows, for a file.
    pub fn table(&self, axis: &TimeAxis) -> ForecastTable {
        let edges = self.forecast.bands.first();
        let rows = self.forecast.mean.iter().enumerate().map(|(step, mean)| {
            let (lower, upper) =
                edges.map_or((*mean, *mean), |band| (band.lower[step], band.upper[step]));
            (*mean, lower, upper)
        });
        ForecastTable::new(axis, self.query.horizon, self.query.interval, rows)
    }
}
