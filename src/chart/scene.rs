//! A fan chart with all it says, in the terms of its data: what every picture of it is made from.

use super::words::{self, Shares};
use super::{Band, Fan, Statement};
use crate::diagnostics::{CheckReport, Verdict};
use crate::forecast::{Distribution, ForecastTable, frequency};
use crate::series::TimeAxis;

/// History shown beside a short forecast, in steps.
const LEAST_HISTORY: f64 = 35.0;

/// A fan chart, independent of terminal and file format. Positions are steps since the first
/// observation, values those of the series.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Name of the series.
    pub series: String,
    /// Where the forecast comes from: file, model, size of the posterior.
    pub source: String,
    pub axis: TimeAxis,
    /// Positions at the left and the right edge.
    pub window: (f64, f64),
    /// Bands over the training data, a backdrop.
    pub history: Fan,
    pub forecast: Fan,
    /// What the bands are bands of.
    pub distribution: Distribution,
    /// The forecast's figures, as every other output gives them.
    pub table: ForecastTable,
    /// Observations in the window, `(position, value)`.
    pub observed: Vec<(f64, f64)>,
    /// Single draws along the forecast.
    pub paths: Vec<Vec<f64>>,
    pub threshold: Option<Threshold>,
    pub trust: Trust,
}

/// A value, and how probable it is that the forecast's last step exceeds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    pub value: f64,
    pub above: f64,
}

/// Whether the fit behind a chart can be trusted, with the reason in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    Sound(String),
    Unclear(String),
    Failed(String),
}

impl Trust {
    pub fn of(checks: &CheckReport) -> Self {
        let reason = checks.headline();
        match checks.verdict {
            Verdict::Pass => Self::Sound(reason),
            Verdict::Unknown => Self::Unclear(reason),
            Verdict::Fail => Self::Failed(reason),
        }
    }

    /// The reason not to trust the fit, where its checks failed.
    pub fn failure(&self) -> Option<&str> {
        match self {
            Self::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}

/// The window that shows a forecast of so many steps after `last_observed` (a position) with a
/// little more history than forecast, as far as there is any.
pub fn window(last_observed: f64, steps: usize) -> (f64, f64) {
    let steps = steps as f64;
    let history = (1.2 * steps).max(LEAST_HISTORY).min(last_observed + 1.0);
    (last_observed - history + 0.5, last_observed + steps + 0.5)
}

impl Scene {
    /// "y: the next 30 days".
    pub fn title(&self) -> String {
        words::title(&self.series, &self.axis, self.forecast.len())
    }

    /// "on day 394": the moment of the forecast's last step.
    pub fn last_moment(&self) -> String {
        words::when(&self.axis, self.forecast.end())
    }

    /// Position of the line between history and forecast.
    pub fn split(&self) -> f64 {
        self.forecast.start - 0.5
    }

    /// What the forecast says of its last step; `None` of one without steps.
    pub fn statement(&self) -> Option<Statement> {
        let row = self.table.rows.last()?;
        Some(Statement {
            when: self.last_moment(),
            mean: row.mean,
            lower: row.lower,
            upper: row.upper,
            interval: self.table.interval,
            distribution: self.distribution,
            threshold: self.threshold,
        })
    }

    /// What is said below a chart's title: what to expect, and how far it may be off.
    pub fn said(&self) -> String {
        let statement = self.statement();
        statement.map_or(String::new(), |statement| {
            format!("{} {}", statement.expectation(), statement.range())
        })
    }

    /// "about 2 in 20 above 33 on day 394", where there is a threshold.
    pub fn exceedance(&self) -> Option<String> {
        let Threshold { value, above } = self.threshold?;
        let (often, value) = (frequency(above), words::typed(value));
        Some(format!("{often} above {value} {}", self.last_moment()))
    }

    /// What a band means and how often the outside happens: "94 of 100 futures inside, 6 outside".
    pub fn meaning(&self, band: &Band) -> String {
        let Shares {
            inside,
            outside,
            of,
        } = Shares::within(self.table.interval.get(), band.level);
        let what = match self.distribution {
            Distribution::Predictive => "futures",
            Distribution::Mean => "means",
        };
        format!("{inside} of {of} {what} inside, {outside} outside")
    }

    /// Upper edge, mean and lower edge of the last step in sight, from top to bottom, with their
    /// words; none of a fit that failed.
    pub fn last_figures(&self) -> Vec<(f64, String)> {
        let in_sight = (self.window.0..=self.window.1).contains(&self.forecast.end());
        let row = self.table.rows.last();
        match row.filter(|_| in_sight && self.trust.failure().is_none()) {
            Some(row) => [row.upper, row.mean, row.lower]
                .map(|value| (value, words::value(value, row.upper - row.lower)))
                .to_vec(),
            None => Vec::new(),
        }
    }

    /// What positions are counted in: "day", or "date" with the years in the window.
    pub fn time_name(&self) -> String {
        let (from, to) = self.window;
        match (self.axis.date(from.ceil()), self.axis.date(to.floor())) {
            (Some(first), Some(last)) if first.year() == last.year() => {
                format!("date, {}", first.year())
            }
            (Some(first), Some(last)) => format!("date, {}–{}", first.year(), last.year()),
            _ => "day".into(),
        }
    }

    /// Lowest and highest value to show, with a little room around them.
    pub fn values(&self) -> (f64, f64) {
        let (from, to) = self.window;
        let extents = [&self.history, &self.forecast].map(|fan| fan.extent(from, to));
        let edges = extents
            .into_iter()
            .flatten()
            .flat_map(|(low, high)| [low, high]);
        let seen = self
            .observed
            .iter()
            .filter(|(at, _)| (from..=to).contains(at));
        let all = edges
            .chain(seen.map(|(_, value)| *value))
            .chain(self.threshold.map(|threshold| threshold.value));
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let room = 0.05 * (high - low);
        (low - room, high + room)
    }

    /// History and forecast, carried on to the line between them where they are neighbours, so
    /// that the bands meet where they change colour.
    pub fn joined(&self) -> (Drawn, Drawn) {
        let (mut history, mut forecast) = (Drawn::of(&self.history), Drawn::of(&self.forecast));
        let neighbours = self.history.spacing == 1.0
            && (self.forecast.start - self.history.end() - 1.0).abs() < 1e-9
            && history.bands.len() == forecast.bands.len()
            && !self.history.is_empty()
            && !self.forecast.is_empty();
        if neighbours {
            history.positions.push(self.split());
            forecast.positions.insert(0, self.split());
            meet(&mut history.mean, &mut forecast.mean);
            for (before, after) in history.bands.iter_mut().zip(&mut forecast.bands) {
                meet(&mut before.lower, &mut after.lower);
                meet(&mut before.upper, &mut after.upper);
            }
        }
        (history, forecast)
    }
}

/// A fan at positions that need not be evenly spaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub positions: Vec<f64>,
    pub mean: Vec<f64>,
    /// Widest first.
    pub bands: Vec<Band>,
}

impl Drawn {
    fn of(fan: &Fan) -> Self {
        Self {
            positions: (0..fan.len()).map(|i| fan.position(i)).collect(),
            mean: fan.mean.clone(),
            bands: fan.bands.clone(),
        }
    }
}

/// Carries two lines on to the middle between the end of one and the start of the other.
fn meet(before: &mut Vec<f64>, after: &mut Vec<f64>) {
    if let (Some(last), Some(first)) = (before.last(), after.first()) {
        let middle = last + (first - last) / 2.0;
        before.push(middle);
        after.insert(0, middle);
    }
}
