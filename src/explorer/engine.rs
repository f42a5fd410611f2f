//! Answers queries: draws predictive samples as far as they are needed, and keeps them.
//!
//! Draws of a step depend on nothing but seed and step, so a longer horizon adds steps to those
//! at hand, a shorter one shows fewer, and another interval only reads other quantiles.

use std::sync::Arc;
use std::time::Instant;

use super::figures::{Figures, Presented, Query};
use crate::chart::{Band, Fan};
use crate::forecast::{Distribution, ForecastError, Forecaster, Probability, Step};
use crate::series::Table;

/// Draws behind the bands over the training data, which are only a backdrop.
const HISTORY_DRAWS: usize = 500;
/// Steps of the training data that get bands at the most; a longer stretch is thinned.
const HISTORY_STEPS: usize = 800;
/// Observations sent to the screen at the most.
const OBSERVATIONS: usize = 4000;

pub struct Engine {
    forecaster: Forecaster,
    backdrop: Forecaster,
    /// Observations to show, those after the training rows too.
    table: Arc<Table>,
    /// What the steps at hand were drawn for.
    drawn: (Distribution, u64),
    steps: Vec<Step>,
    /// Steps of the training data that were drawn, from `start` on, `stride` apart.
    history: History,
}

#[derive(Default)]
struct History {
    start: i64,
    stride: i64,
    steps: Vec<Step>,
}

impl Engine {
    pub fn new(forecaster: Forecaster, table: Arc<Table>) -> Self {
        let backdrop = forecaster.thinned(HISTORY_DRAWS);
        Self {
            forecaster,
            backdrop,
            table,
            drawn: (Distribution::Predictive, 0),
            steps: Vec::new(),
            history: History::default(),
        }
    }

    /// # Errors
    /// When the model gives a value that is not finite.
    pub fn answer(&mut self, query: &Query) -> Result<Figures, ForecastError> {
        let started = Instant::now();
        let wanted = (query.distribution, query.seed);
        let mut spare = Vec::new();
        if self.drawn != wanted {
            self.drawn = wanted;
            spare = std::mem::take(&mut self.steps);
            self.history.steps.clear();
        }
        let (have, want) = (self.steps.len(), query.horizon.steps());
        if have < want {
            let more = have as i64..want as i64;
            let more = self
                .forecaster
                .redraw(query.distribution, query.seed, more, spare)?;
            self.steps.extend(more);
        }
        self.draw_history(query)?;

        let levels = query.levels();
        let steps = &self.steps[..want];
        let first = self.forecaster.position(0);
        let elapsed = started.elapsed();
        let paths = steps.first().map_or(0, |step| step.paths.len());
        let chains = steps.first().map_or(0, |step| step.chain_means.len());
        Ok(Figures {
            query: query.clone(),
            forecast: fan(steps, first, 1.0, &levels),
            history: fan(
                &self.history.steps,
                self.forecaster.position(self.history.start),
                self.history.stride.max(1) as f64,
                &levels,
            ),
            observed: self.observed(query.window),
            paths: (0..paths)
                .map(|p| steps.iter().map(|step| step.paths[p]).collect())
                .collect(),
            chains: (0..chains)
                .map(|c| steps.iter().map(|step| step.chain_means[c]).collect())
                .collect(),
            above: query.threshold.map(|value| {
                steps
                    .iter()
                    .map(|step| step.probability_above(value))
                    .collect()
            }),
            presented: query.presented.then(|| presented(steps)),
            draws: self.forecaster.draws(),
            draws_in_trace: self.forecaster.draws_in_trace(),
            elapsed,
        })
    }

    /// Draws the steps of the training data that are on screen, and keeps those at hand.
    fn draw_history(&mut self, query: &Query) -> Result<(), ForecastError> {
        let rows = self.forecaster.position(0) as i64;
        let first = (query.window.0.floor() as i64).clamp(0, rows) - rows;
        let last = (query.window.1.ceil() as i64).clamp(0, rows) - rows;
        let stride = ((last - first) as usize).div_ceil(HISTORY_STEPS).max(1) as i64;
        // Strides start from a fixed step, so that a moved view draws the same steps again.
        let first = first.div_euclid(stride) * stride;
        let first = if first < -rows { first + stride } else { first };
        let have = &self.history;
        let end = have.start + have.steps.len() as i64 * have.stride;
        let covered = have.stride == stride && have.start <= first && end >= last;
        if covered {
            return Ok(());
        }
        // Joined to what is at hand, unless that has grown longer than is worth keeping.
        let joined = (last.max(end) - first.min(have.start)) / stride;
        let overlaps = have.stride == stride
            && first <= end
            && have.start <= last
            && joined <= 3 * HISTORY_STEPS as i64;
        let draw = |from: i64, to: i64| {
            let count = ((to - from).max(0) as usize).div_ceil(stride as usize);
            let steps: Vec<i64> = (0..count as i64)
                .map(|i| from + i * stride)
                .filter(|step| *step < 0)
                .collect();
            self.backdrop.steps(query.distribution, query.seed, steps)
        };
        self.history = if overlaps && !have.steps.is_empty() {
            let mut steps = draw(first.min(have.start), have.start)?;
            let after = draw(end, last.max(end))?;
            let start = first.min(have.start);
            steps.append(&mut self.history.steps);
            steps.extend(after);
            History {
                start,
                stride,
                steps,
            }
        } else {
            History {
                start: first,
                stride,
                steps: draw(first, last)?,
            }
        };
        Ok(())
    }

    /// Observations within a window of positions; of many, the lowest and highest of each
    /// small stretch.
    fn observed(&self, (from, to): (f64, f64)) -> Vec<(f64, f64)> {
        let positions = &self.table.series.axis.positions;
        let first = positions.partition_point(|position| *position < from - 1.0);
        let last = positions.partition_point(|position| *position <= to + 1.0);
        let rows = positions[first..last]
            .iter()
            .zip(&self.table.series.values[first..last]);
        let rows: Vec<(f64, f64)> = rows
            .map(|(at, value)| (*at, *value))
            .filter(|(_, value)| value.is_finite())
            .collect();
        if rows.len() <= OBSERVATIONS {
            return rows;
        }
        let stretch = rows.len().div_ceil(OBSERVATIONS / 2);
        let by_value = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        rows.chunks(stretch)
            .flat_map(|chunk| [chunk.iter().min_by(by_value), chunk.iter().max_by(by_value)])
            .flatten()
            .copied()
            .collect()
    }
}

fn fan(steps: &[Step], start: f64, spacing: f64, levels: &[Probability]) -> Fan {
    let band = |level: &Probability| {
        let (lower, upper) = steps.iter().map(|step| step.interval(*level)).unzip();
        Band {
            level: level.get(),
            lower,
            upper,
        }
    };
    Fan {
        start,
        spacing,
        mean: steps.iter().map(|step| step.mean).collect(),
        bands: levels.iter().map(band).collect(),
    }
}

fn presented(steps: &[Step]) -> Presented {
    let count = steps.first().map_or(0, |step| step.futures.len());
    let futures: Vec<Vec<f64>> = (0..count)
        .map(|f| steps.iter().map(|step| step.futures[f]).collect())
        .collect();
    let dots: Vec<_> = steps.iter().map(Step::dots).collect();
    let all = futures.iter().flatten().chain(dots.iter().flatten());
    let extent = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    Presented {
        futures,
        dots,
        extent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{FUTURES, Horizon, twentieths};
    use crate::model::Model;
    use crate::series::{Series, TimeAxis};

    #[test]
    fn walking_along_a_long_series_keeps_only_a_stretch_of_it() {
        let model = Model::parse("mean = 'a'\nlikelihood = 'Normal(mean, s)'", "flat");
        let rows = 20_000;
        let axis = TimeAxis::regular(rows);
        let draws = ndarray::array![[0.0, 0.1], [0.2, 0.3]];
        let spread = ndarray::array![[1.0, 1.0], [1.0, 1.0]];
        let parameters = [("a", &draws), ("s", &spread)];
        let forecaster = Forecaster::new(&model.unwrap(), &parameters, axis.clone(), 100).unwrap();
        let series = Series {
            name: "y".into(),
            values: vec![0.0; rows],
            axis,
        };
        let mut engine = Engine::new(forecaster, Arc::new(series.into()));
        let mut query = Query {
            horizon: Horizon::DEFAULT,
            interval: Probability::DEFAULT,
            distribution: Distribution::Predictive,
            seed: 0,
            threshold: None,
            presented: false,
            window: (0.0, 0.0),
        };
        for from in (0..19_000).rev().step_by(100) {
            query.window = (f64::from(from), f64::from(from) + 500.0);
            let history = engine.answer(&query).unwrap().history;
            assert!(history.len() <= 3 * HISTORY_STEPS, "{}", history.len());
            assert!(history.start <= query.window.0 && history.end() >= query.window.1 - 1.0);
        }
    }
    #[test]
    fn what_is_presented_are_the_forecast_s_own_draws() {
        let model = Model::parse("mean = 'a'\nlikelihood = 'Normal(mean, s)'", "flat");
        let axis = TimeAxis::regular(10);
        let draws = ndarray::Array2::from_shape_fn((2, 400), |(chain, i)| (chain + i) as f64);
        let spread = ndarray::Array2::from_elem((2, 400), 30.0);
        let parameters = [("a", &draws), ("s", &spread)];
        let forecaster = Forecaster::new(&model.unwrap(), &parameters, axis.clone(), 800).unwrap();
        let series = Series {
            name: "y".into(),
            values: vec![0.0; 10],
            axis,
        };
        let mut engine = Engine::new(forecaster, Arc::new(series.into()));
        let mut query = Query {
            horizon: Horizon::new(5).unwrap(),
            interval: Probability::DEFAULT,
            distribution: Distribution::Predictive,
            seed: 3,
            threshold: Some(260.0),
            presented: false,
            window: (0.0, 15.0),
        };
        assert!(engine.answer(&query).unwrap().presented.is_none());
        query.presented = true;
        let figures = engine.answer(&query).unwrap();
        let shown = figures.presented.unwrap();
        assert_eq!(shown.futures.len(), FUTURES);
        for (i, step) in engine.steps.iter().enumerate() {
            let all = step.sorted();
            let (lowest, highest) = shown.extent;
            for value in shown
                .futures
                .iter()
                .map(|future| future[i])
                .chain(shown.dots[i])
            {
                assert!(all.contains(&value));
                assert!(lowest <= value && value <= highest);
            }
            let above = shown.dots[i].iter().filter(|dot| **dot > 260.0).count();
            let said = figures.above.as_ref().unwrap()[i];
            assert_eq!(above, twentieths(said), "{said}");
        }
        // No two of them are the same draw.
        let mut first: Vec<f64> = shown.futures.iter().map(|future| future[0]).collect();
        first.sort_by(f64::total_cmp);
        first.dedup();
        assert_eq!(first.len(), FUTURES);
    }
}
