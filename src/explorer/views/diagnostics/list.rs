//! The parameters to choose from, and the figures of the chosen one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::portrait;
use crate::diagnostics::{IntervalKind, LEAST_ESS_A_CHAIN, MOST_R_HAT, ParameterSummary};
use crate::explorer::numbers::{count, decimals, fixed};
use crate::explorer::report::ParameterRow;
use crate::explorer::state::State;
use crate::explorer::widgets::{frame, right, text};

/// Height of the figures with their frame.
pub const FIGURES: u16 = 11;

/// Columns of r_hat, bulk and tail ESS.
const R_HAT: u16 = 6;
const BULK: u16 = 10;
const TAIL: u16 = 9;

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(report) = state.report.as_ref().filter(|_| area.height >= 4) else {
        return;
    };
    let theme = &state.theme;
    let inner = frame(theme, "parameters", area, buffer);
    let tail = inner.right().saturating_sub(1);
    let (bulk, r_hat) = (tail - TAIL, tail - TAIL - BULK);
    for (end, heading) in [(r_hat, "r̂"), (bulk, "ESS bulk"), (tail, "tail")] {
        right(buffer, inner, end, inner.y, heading, theme.dim);
    }
    for (place, y) in rows(state, inner) {
        let row = &report.parameters[place];
        let summary = &row.summary;
        let chosen = place == state.parameter;
        if chosen {
            let line = Rect::new(inner.x, y, inner.width, 1);
            buffer.set_style(line, theme.tab);
        }
        let style = |good: Style, judged: Judged| match judged {
            Judged::Bad => theme.bad,
            Judged::Unknown => theme.warn,
            Judged::Good if chosen => theme.tab,
            Judged::Good => good,
        };
        let name = Rect {
            width: (r_hat - R_HAT).saturating_sub(inner.x),
            ..inner
        };
        let heading = style(theme.heading, Judged::Good);
        text(buffer, name, inner.x + 1, y, &row.name, heading);
        let of_chains = LEAST_ESS_A_CHAIN * state.document.chains as f64;
        for (end, figure, judged) in [
            (
                r_hat,
                fixed(summary.r_hat, 2),
                Judged::of(summary.r_hat, |r| r <= MOST_R_HAT),
            ),
            (
                bulk,
                whole(summary.ess_bulk),
                Judged::of(summary.ess_bulk, |ess| ess >= of_chains),
            ),
            (
                tail,
                whole(summary.ess_tail),
                Judged::of(summary.ess_tail, |ess| ess >= of_chains),
            ),
        ] {
            right(buffer, inner, end, y, &figure, style(theme.text, judged));
        }
    }
}

enum Judged {
    Good,
    Bad,
    Unknown,
}

impl Judged {
    fn of(figure: f64, good: impl Fn(f64) -> bool) -> Self {
        match figure {
            figure if figure.is_nan() => Self::Unknown,
            figure if good(figure) => Self::Good,
            _ => Self::Bad,
        }
    }
}

/// Places of the parameters on screen and their rows, such that the chosen one is among them.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (usize, u16)> {
    let room = usize::from(inner.height.saturating_sub(1));
    let all = state.report.as_ref().map_or(0, |r| r.parameters.len());
    let first = (state.parameter + 1).saturating_sub(room);
    (first..all).take(room).zip(inner.y + 1..)
}

pub fn parameter_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    let inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    };
    let hit = rows(state, inner).find(|(_, y)| *y == at.y);
    hit.filter(|_| inner.contains(at)).map(|(place, _)| place)
}

/// Mean, sd, ends of the interval with the digits that the Monte Carlo error supports, and that
/// error of the mean and the sd.
pub fn digits(summary: &ParameterSummary) -> [String; 6] {
    let places = decimals((2.0 * summary.mcse_mean).max(summary.sd / 100.0)).min(6);
    let error = |mcse: f64| match mcse {
        mcse if mcse.is_nan() => "—".into(),
        mcse => format!("{mcse:.1e}"),
    };
    [
        fixed(summary.mean, places),
        fixed(summary.sd, places),
        fixed(summary.interval.lower, places),
        fixed(summary.interval.upper, places),
        error(summary.mcse_mean),
        error(summary.mcse_sd),
    ]
}

/// An effective sample size.
fn whole(ess: f64) -> String {
    if ess.is_nan() {
        "—".into()
    } else {
        count(ess.max(0.0) as usize)
    }
}

/// r_hat and effective sizes in a few words.
pub fn convergence(summary: &ParameterSummary) -> String {
    format!(
        "r̂ {} · ESS bulk {} tail {}",
        fixed(summary.r_hat, 2),
        whole(summary.ess_bulk),
        whole(summary.ess_tail)
    )
}

/// The figures of the chosen parameter.
pub fn figures(state: &State, row: &ParameterRow, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 {
        return;
    }
    let theme = &state.theme;
    let inner = frame(theme, &row.name, area, buffer);
    let summary = &row.summary;
    let [mean, sd, low, high, mean_error, sd_error] = digits(summary);
    let kind = match summary.interval.kind {
        IntervalKind::Hdi => "HDI",
        IntervalKind::Eti => "ETI",
    };
    let interval = format!("{:.0}% {kind}", 100.0 * summary.interval.prob);
    let least = LEAST_ESS_A_CHAIN * state.document.chains as f64;
    let lines = [
        ("mean", mean),
        ("sd", sd),
        (interval.as_str(), format!("{low} … {high}")),
        ("MCSE", format!("mean {mean_error} · sd {sd_error}")),
        (
            "r̂",
            format!("{} (at most {MOST_R_HAT})", fixed(summary.r_hat, 4)),
        ),
        (
            "ESS bulk",
            format!(
                "{} (at least {})",
                whole(summary.ess_bulk),
                count(least as usize)
            ),
        ),
        ("ESS tail", whole(summary.ess_tail)),
        ("divergences", divergences(state)),
    ];
    for (y, (what, figures)) in (inner.top()..inner.bottom()).zip(lines) {
        text(buffer, inner, inner.x + 1, y, what, theme.dim);
        text(buffer, inner, inner.x + 13, y, &figures, theme.text);
    }
}

/// Divergences of each chain.
fn divergences(state: &State) -> String {
    let Some(portrait) = portrait(state) else {
        return "…".into();
    };
    let chains: Vec<String> = portrait
        .divergent
        .iter()
        .map(|draws| count(draws.len()))
        .collect();
    match chains.len() {
        0 => "not in the file".into(),
        1..=6 => format!("{} by chain", chains.join(" · ")),
        _ => {
            let all: usize = portrait.divergent.iter().map(Vec::len).sum();
            format!("{} in all", count(all))
        }
    }
}
