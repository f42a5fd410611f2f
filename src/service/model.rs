//! A model that is being served: everything a request may ask for, precomputed.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Bytes;
use lru::LruCache;
use serde_json::{Value, json};

use super::request::ForecastRequest;
use crate::diagnostics::{CheckReport, Verdict};
use crate::forecast::{
    Distribution, Fit, ForecastError, ForecastTable, Forecaster, Horizon, Probability, Step,
};
use crate::model::ModelError;

/// Intervals whose rows are kept: 40 kB each at most.
const INTERVALS: NonZeroUsize = NonZeroUsize::new(32).expect("not zero");

/// A fit with the predictive draws of every day that may be asked for.
pub struct Model {
    /// The first 12 hexadecimal digits of the artifact's SHA-256.
    pub version: String,
    /// Draws that forecasts are made from, and those the trace has.
    pub draws: usize,
    pub draws_in_trace: usize,
    pub verdict: Verdict,
    /// The verdict's main reason.
    pub headline: String,
    steps: Vec<Step>,
    /// The part of each row that no request changes: `{"day":365,"mean":30.8,"lower":`.
    starts: Vec<String>,
    cache: Mutex<LruCache<u64, Arc<Rows>>>,
}

/// Rows of one interval as JSON, from the first day on.
struct Rows {
    json: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

/// Why a fit cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServedError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Forecast(#[from] ForecastError),
    #[error(
        "the mean of day {0} is not finite, so it cannot be told in JSON; look at the trace with `fanchart check`"
    )]
    MeanNotFinite(usize),
}

impl Model {
    /// Precomputes all days from a fit, with at most `most` of its draws.
    ///
    /// # Errors
    /// When the model gives a value that is not finite.
    pub fn new(fit: &Fit, version: String, seed: u64, most: usize) -> Result<Self, ServedError> {
        let forecaster = fit.forecaster(most)?;
        let report = CheckReport::of(&fit.trace);
        let days = Horizon::USUAL_MAX as usize;
        let steps = forecaster.steps(Distribution::Predictive, seed, 0..days as i64)?;
        if let Some(day) = steps.iter().position(|step| !step.mean.is_finite()) {
            return Err(ServedError::MeanNotFinite(day));
        }
        Ok(Self {
            version,
            draws: forecaster.draws(),
            draws_in_trace: forecaster.draws_in_trace(),
            verdict: report.verdict,
            headline: report.headline(),
            starts: starts(&forecaster, &steps),
            steps,
            cache: Mutex::new(LruCache::new(INTERVALS)),
        })
    }

    /// The answer to a request, byte for byte what `fanchart forecast --json` prints.
    pub fn answer(&self, request: &ForecastRequest) -> Bytes {
        let rows = self
            .cached(request)
            .unwrap_or_else(|| self.remember(request));
        let days = request.horizon.steps();
        let rows = &rows.json[..rows.ends[days - 1]];
        let head = format!(
            r#"{{"horizon":{days},"credible_interval":{},"forecasts":["#,
            json!(request.interval.get())
        );
        let parts: [&[u8]; 3] = [head.as_bytes(), rows, b"]}"];
        parts.concat().into()
    }

    /// Whether the answer needs no computing.
    pub fn is_cached(&self, request: &ForecastRequest) -> bool {
        self.cached(request).is_some()
    }

    fn cached(&self, request: &ForecastRequest) -> Option<Arc<Rows>> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = cache.get(&request.interval.get().to_bits())?;
        (rows.ends.len() >= request.horizon.steps()).then(|| rows.clone())
    }

    fn remember(&self, request: &ForecastRequest) -> Arc<Rows> {
        let rows = Arc::new(self.rows(request.horizon.steps(), request.interval));
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.put(request.interval.get().to_bits(), rows.clone());
        rows
    }

    fn rows(&self, days: usize, interval: Probability) -> Rows {
        // A row takes some 75 bytes.
        let mut json = Vec::with_capacity(96 * days);
        let mut ends = Vec::with_capacity(days);
        for (step, start) in self.steps.iter().zip(&self.starts).take(days) {
            let (lower, upper) = step.interval(interval);
            if !ends.is_empty() {
                json.push(b',');
            }
            json.extend_from_slice(start.as_bytes());
            number(lower, &mut json);
            json.extend_from_slice(br#","upper":"#);
            number(upper, &mut json);
            json.push(b'}');
            ends.push(json.len());
        }
        Rows { json, ends }
    }
}

/// What a row begins with, from the same figures as the command's.
fn starts(forecaster: &Forecaster, steps: &[Step]) -> Vec<String> {
    let figures = steps.iter().map(|step| (step.mean, 0.0, 0.0));
    let horizon = Horizon::new(Horizon::USUAL_MAX).unwrap_or(Horizon::DEFAULT);
    let table = ForecastTable::new(forecaster.axis(), horizon, Probability::DEFAULT, figures);
    let table = table.to_json();
    let rows = table["forecasts"].as_array().into_iter().flatten();
    let start = |row: &Value| format!(r#"{{"day":{},"mean":{},"lower":"#, row["day"], row["mean"]);
    rows.map(start).collect()
}

fn number(value: f64, json: &mut Vec<u8>) {
    // Memory takes all there is.
    let _ = serde_json::to_writer(json, &value);
}
