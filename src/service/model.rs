//! A model that is being served: everything a request may ask for, precomputed.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use lru::LruCache;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::request::ForecastRequest;
use crate::diagnostics::{CheckReport, Verdict};
use crate::forecast::{
    Distribution, Fit, ForecastError, ForecastTable, Forecaster, Horizon, Probability, Step,
};
use crate::model::ModelError;

/// Days that may be asked for.
const DAYS: usize = Horizon::USUAL_MAX as usize;
/// Days computed at a time: all at once would take twice the memory of a model, at every load.
const BATCH: usize = 32;
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
    /// The part of each day's row that no request changes: `{"day":365,"mean":30.8,"lower":`.
    starts: Vec<String>,
    /// Predictive draws, draws × [`DAYS`]: the lowest of every day, the second lowest of every
    /// day, and so on. A request reads up to four of these rows from end to end; searching each
    /// day's draws instead took it five times as long.
    ranked: Vec<f64>,
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
        let (means, ranked) = precompute(&forecaster, seed)?;
        if let Some(day) = means.iter().position(|mean| !mean.is_finite()) {
            return Err(ServedError::MeanNotFinite(day));
        }
        Ok(Self {
            version,
            draws: forecaster.draws(),
            draws_in_trace: forecaster.draws_in_trace(),
            verdict: report.verdict,
            headline: report.headline(),
            starts: starts(&forecaster, &means),
            ranked,
            cache: Mutex::new(LruCache::new(INTERVALS)),
        })
    }

    /// The answer to a request, byte for byte what `fanchart forecast --json` prints.
    pub fn answer(&self, request: &ForecastRequest) -> Bytes {
        let rows = Arc::new(self.rows(request.horizon.steps(), request.interval));
        let answer = rows.answer(request);
        self.cache().put(request.interval.get().to_bits(), rows);
        answer
    }

    /// The same where it needs no computing: rows of the interval are known, as many or more.
    pub fn known(&self, request: &ForecastRequest) -> Option<Bytes> {
        let rows = self.cache().get(&request.interval.get().to_bits())?.clone();
        (rows.ends.len() >= request.horizon.steps()).then(|| rows.answer(request))
    }

    fn cache(&self) -> MutexGuard<'_, LruCache<u64, Arc<Rows>>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rows(&self, days: usize, interval: Probability) -> Rows {
        // A row takes some 75 bytes.
        let mut json = Vec::with_capacity(96 * days);
        let mut ends = Vec::with_capacity(days);
        let (low, high) = interval.tails();
        let edges = self.quantiles(low).zip(self.quantiles(high));
        for (start, (lower, upper)) in self.starts.iter().zip(edges).take(days) {
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

    /// Each day's quantile, bit for bit what [`Step::quantile`] gives.
    fn quantiles(&self, p: f64) -> impl Iterator<Item = f64> {
        let last = self.draws - 1;
        let at = p * last as f64;
        let below = at.floor() as usize;
        let rank = |rank: usize| &self.ranked[rank * DAYS..][..DAYS];
        let pairs = rank(below).iter().zip(rank((below + 1).min(last)));
        pairs.map(move |(low, high)| low + (at - below as f64) * (high - low))
    }
}

impl Rows {
    fn answer(&self, request: &ForecastRequest) -> Bytes {
        let days = request.horizon.steps();
        let head = format!(
            r#"{{"horizon":{days},"credible_interval":{},"forecasts":["#,
            json!(request.interval.get())
        );
        let rows = &self.json[..self.ends[days - 1]];
        let parts: [&[u8]; 3] = [head.as_bytes(), rows, b"]}"];
        parts.concat().into()
    }
}

/// What a row begins with, from the same figures as the command's.
fn starts(forecaster: &Forecaster, means: &[f64]) -> Vec<String> {
    let figures = means.iter().map(|mean| (*mean, 0.0, 0.0));
    let horizon = Horizon::new(Horizon::USUAL_MAX).unwrap_or(Horizon::DEFAULT);
    let table = ForecastTable::new(forecaster.axis(), horizon, Probability::DEFAULT, figures);
    let table = table.to_json();
    let rows = table["forecasts"].as_array().into_iter().flatten();
    let start = |row: &Value| format!(r#"{{"day":{},"mean":{},"lower":"#, row["day"], row["mean"]);
    rows.map(start).collect()
}

/// The mean of every day, and the draws of all days by rank.
fn precompute(forecaster: &Forecaster, seed: u64) -> Result<(Vec<f64>, Vec<f64>), ForecastError> {
    let mut means = Vec::with_capacity(DAYS);
    let mut ranked = vec![0.0; forecaster.draws() * DAYS];
    let mut spare = Vec::new();
    for first in (0..DAYS).step_by(BATCH) {
        let days = first as i64..DAYS.min(first + BATCH) as i64;
        let steps = forecaster.redraw(Distribution::Predictive, seed, days, spare)?;
        means.extend(steps.iter().map(|step| step.mean));
        let sorted: Vec<Vec<f64>> = steps.par_iter().map(Step::sorted).collect();
        for (rank, row) in ranked.chunks_exact_mut(DAYS).enumerate() {
            for (place, day) in row[first..].iter_mut().zip(&sorted) {
                *place = day[rank];
            }
        }
        spare = steps;
    }
    Ok((means, ranked))
}

fn number(value: f64, json: &mut Vec<u8>) {
    // Memory takes all there is.
    let _ = serde_json::to_writer(json, &value);
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::trace::{ReadOptions, Trace};

    static FIT: LazyLock<Fit> = LazyLock::new(|| {
        let demo: &[u8] = include_bytes!("../../artifacts/trace.nc");
        let trace = Trace::from_bytes(demo, &ReadOptions::default()).expect("a trace");
        Fit::assemble(trace, None, None).expect("a fit")
    });
    static MODEL: LazyLock<Model> =
        LazyLock::new(|| Model::new(&FIT, "demo".into(), 3, 400).expect("finite"));
    static FORECASTER: LazyLock<Forecaster> =
        LazyLock::new(|| FIT.forecaster(400).expect("the parameters are there"));

    fn request(days: u32, interval: f64) -> ForecastRequest {
        ForecastRequest {
            horizon: Horizon::new(days).expect("a horizon"),
            interval: Probability::new(interval).expect("an interval"),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]

        /// The table of the command, whatever was asked for before.
        #[test]
        fn answers_are_the_commands(
            days in 1..=365u32,
            interval in prop_oneof![Just(0.94), Just(1e-320), Just(1.0 - 1e-16), 0.001..0.999f64],
        ) {
            let request = request(days, interval);
            let (forecaster, predictive) = (&*FORECASTER, Distribution::Predictive);
            let (horizon, interval) = (request.horizon, request.interval);
            let table = ForecastTable::sampled(forecaster, horizon, interval, predictive, 3);
            let expected = table.expect("finite").to_json().to_string();
            prop_assert_eq!(MODEL.answer(&request), expected.as_bytes());
            let known = MODEL.known(&request).expect("just answered");
            prop_assert_eq!(known, expected.as_bytes());
        }
    }

    #[test]
    fn rows_that_are_known_answer_shorter_horizons_only() {
        let model = Model::new(&FIT, "demo".into(), 3, 40).expect("finite");
        assert!(model.known(&request(7, 0.5)).is_none());
        model.answer(&request(7, 0.5));
        let short = model.known(&request(3, 0.5)).expect("a part of it");
        assert_eq!(short, model.answer(&request(3, 0.5)));
        assert!(model.known(&request(8, 0.5)).is_none());
        assert!(model.known(&request(3, 0.6)).is_none());
    }

    #[test]
    fn the_cache_is_bounded() {
        for i in 0..100 {
            MODEL.answer(&request(1, 0.2 + 0.001 * f64::from(i)));
        }
        assert!(MODEL.cache().len() <= INTERVALS.get());
    }
}
