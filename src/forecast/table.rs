//! A forecast as rows of figures: what is printed, exported and served.

use serde_json::{Map, Value, json};

use super::{Distribution, ForecastError, Forecaster, Horizon, Probability};
use crate::series::TimeAxis;

/// A forecast with one interval.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastTable {
    pub horizon: Horizon,
    pub interval: Probability,
    pub rows: Vec<Row>,
    dated: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// t of the step: the day.
    pub day: f64,
    /// The date, or t again where there are no dates.
    pub label: String,
    pub mean: f64,
    pub lower: f64,
    pub upper: f64,
}

impl ForecastTable {
    /// From predictive draws: their quantiles are the interval's edges.
    ///
    /// # Errors
    /// As [`Forecaster::steps`].
    pub fn sampled(
        forecaster: &Forecaster,
        horizon: Horizon,
        interval: Probability,
        distribution: Distribution,
        seed: u64,
    ) -> Result<Self, ForecastError> {
        let steps = forecaster.steps(distribution, seed, 0..horizon.steps() as i64)?;
        let figures = steps.iter().map(|step| {
            let (lower, upper) = step.interval(interval);
            (step.mean, lower, upper)
        });
        Ok(Self::new(forecaster.axis(), horizon, interval, figures))
    }

    /// From the predictive distribution itself, without sampling noise.
    ///
    /// # Errors
    /// When the model gives a mean that is not finite.
    pub fn exact(
        forecaster: &Forecaster,
        horizon: Horizon,
        interval: Probability,
    ) -> Result<Self, ForecastError> {
        use rayon::prelude::*;
        let (low, high) = interval.tails();
        let steps = (0..horizon.steps() as i64).into_par_iter().map(|step| {
            forecaster.exact(step, |exact| {
                (exact.mean(), exact.quantile(low), exact.quantile(high))
            })
        });
        // Collected first: of several errors the first is told, whichever thread met one before.
        let figures = steps.collect::<Vec<_>>().into_iter();
        let figures: Vec<_> = figures.collect::<Result<_, _>>()?;
        Ok(Self::new(
            forecaster.axis(),
            horizon,
            interval,
            figures.into_iter(),
        ))
    }

    /// From figures `(mean, lower, upper)` of each step after the training data.
    pub fn new(
        axis: &TimeAxis,
        horizon: Horizon,
        interval: Probability,
        figures: impl Iterator<Item = (f64, f64, f64)>,
    ) -> Self {
        let rows = figures.enumerate().map(|(step, (mean, lower, upper))| {
            let position = axis.ahead(step as i64);
            Row {
                day: axis.t(position),
                label: axis.label(position),
                mean,
                lower,
                upper,
            }
        });
        Self {
            horizon,
            interval,
            rows: rows.collect(),
            dated: axis.calendar.is_some(),
        }
    }

    /// The answer of the service's `POST /forecast`.
    pub fn to_json(&self) -> Value {
        let forecasts: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let mut object = Map::new();
                object.insert("day".into(), day(row.day));
                object.insert("mean".into(), json!(row.mean));
                object.insert("lower".into(), json!(row.lower));
                object.insert("upper".into(), json!(row.upper));
                Value::Object(object)
            })
            .collect();
        json!({
            "horizon": self.horizon.steps(),
            "credible_interval": self.interval.get(),
            "forecasts": forecasts,
        })
    }

    /// Columns and rows at full precision, with the date where there is one.
    pub fn to_csv(&self) -> String {
        let mut out = String::from(if self.dated {
            "day,date,mean,lower,upper\n"
        } else {
            "day,mean,lower,upper\n"
        });
        for row in &self.rows {
            let date = if self.dated {
                format!("{},", row.label)
            } else {
                String::new()
            };
            out += &format!(
                "{},{date}{},{},{}\n",
                day(row.day),
                row.mean,
                row.lower,
                row.upper
            );
        }
        out
    }

    /// Whether the rows have dates of their own.
    pub fn is_dated(&self) -> bool {
        self.dated
    }
}

/// Days are whole numbers wherever t is.
fn day(t: f64) -> Value {
    if t.fract() == 0.0 && t.abs() < 9e15 {
        json!(t as i64)
    } else {
        json!(t)
    }
}
