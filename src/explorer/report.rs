//! What is known about the fit itself, computed once a trace.

use std::sync::Arc;

use ndarray::ArrayView2;

use super::numbers::{count, fixed};
use crate::diagnostics::{
    CHAINS_AGREE, Check, CheckReport, Evidence, ParameterSummary, PredictiveEvidence, Status,
    Thresholds, Verdict, predictive_evidence,
};
use crate::forecast::Fit;
use crate::trace::Trace;

/// Bars of a parameter's small histogram.
pub const BARS: usize = 20;

/// The verdict, the parameters' figures and what the checks looked at.
#[derive(Debug, Clone)]
pub struct Report {
    pub checks: CheckReport,
    pub parameters: Vec<ParameterRow>,
    pub evidence: Arc<Evidence>,
    /// `None` while the model is still being compared with its data.
    pub predictive: Option<Arc<PredictiveEvidence>>,
    /// Comparisons with the data that could not be judged: no part of the verdict.
    unjudged: Vec<Check>,
}

/// One line of the parameter table.
#[derive(Debug, Clone)]
pub struct ParameterRow {
    pub name: String,
    pub summary: ParameterSummary,
    /// Draws in [`BARS`] equal bins from the lowest to the highest draw, the fullest as 1.
    pub histogram: Vec<f64>,
    /// The lowest and the highest draw.
    pub range: [f64; 2],
}

impl Report {
    pub fn failed(&self) -> bool {
        self.checks.verdict == Verdict::Fail
    }
}

impl Report {
    /// Summaries and checks of a trace.
    pub fn of(trace: &Trace) -> Self {
        let checks = CheckReport::of(trace);
        let rows =
            trace
                .parameters
                .iter()
                .zip(&checks.summaries)
                .map(|(parameter, (_, summary))| ParameterRow {
                    name: parameter.name.clone(),
                    summary: *summary,
                    histogram: histogram(parameter.draws.view()),
                    range: range(parameter.draws.view()),
                });
        Self {
            parameters: rows.collect(),
            evidence: Arc::new(Evidence::of(trace, &checks)),
            checks,
            predictive: None,
            unjudged: Vec::new(),
        }
    }

    /// The same with what comparing the model with its data says, where that can be said; it
    /// warns, the verdict stays.
    pub fn against_data(mut self, fit: &Fit) -> Self {
        let (checks, evidence) = predictive_evidence(fit, &Thresholds::default(), 0);
        let (unjudged, judged): (Vec<_>, Vec<_>) = checks
            .into_iter()
            .partition(|check| check.status == Status::Unknown);
        self.checks.checks.extend(judged);
        self.unjudged = unjudged;
        self.predictive = Some(Arc::new(evidence));
        self
    }

    /// The figures behind the verdict: the largest r_hat, the smallest ESS, the divergences.
    pub fn figures(&self) -> String {
        let worst = |of: fn(&ParameterSummary) -> f64, pick: fn(f64, f64) -> f64| {
            let figures = self
                .parameters
                .iter()
                .map(|row| of(&row.summary))
                .filter(|figure| !figure.is_nan());
            figures.reduce(pick)
        };
        let mut parts = Vec::new();
        if let Some(r_hat) = worst(|s| s.r_hat, f64::max) {
            parts.push(format!("r̂ {}", fixed(r_hat, 2)));
        }
        if let Some(ess) = worst(|s| s.ess_bulk.min(s.ess_tail), f64::min) {
            parts.push(format!("ESS {}", count(ess.max(0.0) as usize)));
        }
        if let Some(divergences) = self.checks.divergences {
            let plural = if divergences == 1 { "" } else { "s" };
            parts.push(format!("{} divergence{plural}", count(divergences)));
        }
        parts.join("  ")
    }

    /// All checks, what failed first; of those, which chain went where says the most.
    pub fn by_gravity(&self) -> Vec<&Check> {
        gravest_first(self.checks.checks.iter().chain(&self.unjudged))
    }

    /// The same without the comparisons with the data that could not be judged.
    pub fn judged_by_gravity(&self) -> Vec<&Check> {
        gravest_first(self.checks.checks.iter())
    }
}

fn gravest_first<'a>(checks: impl Iterator<Item = &'a Check>) -> Vec<&'a Check> {
    let mut checks: Vec<&Check> = checks.collect();
    checks.sort_by_key(|check| {
        let gravity = match check.status {
            Status::Fail => 0,
            Status::Warn => 1,
            Status::Unknown => 2,
            Status::Pass => 3,
        };
        (gravity, check.name != CHAINS_AGREE)
    });
    checks
}

fn range(draws: ArrayView2<f64>) -> [f64; 2] {
    let finite = || draws.iter().copied().filter(|draw| draw.is_finite());
    [
        finite().fold(f64::INFINITY, f64::min),
        finite().fold(f64::NEG_INFINITY, f64::max),
    ]
}

fn histogram(draws: ArrayView2<f64>) -> Vec<f64> {
    let finite = || draws.iter().filter(|draw| draw.is_finite());
    let [low, high] = range(draws);
    let mut bars = [0.0; BARS];
    for draw in finite() {
        let share = if high > low {
            (draw - low) / (high - low)
        } else {
            0.5
        };
        bars[((share * BARS as f64) as usize).min(BARS - 1)] += 1.0;
    }
    let fullest = bars.iter().copied().fold(1.0, f64::max);
    bars.iter().map(|bar| bar / fullest).collect()
}
