//! The verdict, and a line a check, the gravest first.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::diagnostics::{Check, Status, Verdict};
use crate::explorer::action::Action;
use crate::explorer::numbers::fixed;
use crate::explorer::report::Report;
use crate::explorer::state::State;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::sheet::wrap;
use crate::explorer::widgets::{frame, text};

/// Columns from the left of the list to the name, to the end of the figure, and to what it is
/// held against.
const NAME: u16 = 3;
const FIGURE_END: u16 = 27;
const BAR: u16 = 29;
/// And to the finding in a few words, in a list of some width.
const WORDS: u16 = 42;
const WITH_WORDS: u16 = 70;
/// Below this height the verdict has one line only.
const ROOMY: u16 = 16;

/// The verdict as a sentence, with its style.
pub(super) fn verdict(theme: &Theme, report: &Report) -> (&'static str, Style) {
    let warned = || {
        report
            .checks
            .checks
            .iter()
            .any(|check| check.status == Status::Warn)
    };
    match report.checks.verdict {
        Verdict::Fail => ("✖ do not trust this fit", theme.bad),
        Verdict::Unknown => ("? cannot tell", theme.warn),
        Verdict::Pass if warned() => ("✔ trust the sampling, mind the warnings", theme.warn),
        Verdict::Pass => ("✔ this fit can be trusted", theme.good),
    }
}

pub(super) fn mark(theme: &Theme, status: Status) -> (&'static str, Style) {
    match status {
        Status::Pass => ("✔", theme.good),
        Status::Warn => ("!", theme.warn),
        Status::Unknown => ("?", theme.warn),
        Status::Fail => ("✖", theme.bad),
    }
}

pub(super) fn draw(state: &State, report: &Report, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let inner = frame(theme, "can this fit be trusted?", area, buffer);
    for (y, (words, style)) in (inner.top()..).zip(heading(theme, report, area)) {
        text(buffer, inner, inner.x + 1, y, &words, style);
    }
    let chosen = state.chosen_check().map(|check| check.name);
    let placed = placed(state, report, area);
    let hidden = report.by_gravity().len() - placed.len();
    if hidden > 0 {
        let keys = state.keymap.label(&[Action::Choose(-1), Action::Choose(1)]);
        let keys = keys.map_or(String::new(), |keys| format!("{keys} "));
        let words = format!(" {hidden} more {keys}");
        let x = inner.right().saturating_sub(words.width() as u16 + 1);
        text(buffer, area, x, inner.bottom(), &words, theme.dim);
    }
    let below = placed.last().map_or(inner.y + 2, |(y, _)| y + 1);
    for (y, check) in placed {
        row(
            theme,
            check,
            chosen == Some(check.name),
            Rect {
                y,
                height: 1,
                ..inner
            },
            buffer,
        );
    }
    if report.predictive.is_none() {
        text(
            buffer,
            inner,
            inner.x + NAME,
            below,
            "comparing with the data …",
            theme.dim,
        );
    }
}

/// The verdict and its main reason.
fn heading(theme: &Theme, report: &Report, area: Rect) -> Vec<(String, Style)> {
    let width = usize::from(area.width.saturating_sub(4)).max(1);
    let (words, style) = verdict(theme, report);
    let headline = report.checks.headline();
    if area.height < ROOMY {
        return vec![(format!("{words}: {headline}"), style)];
    }
    let words = wrap(words, width).into_iter().map(|line| (line, style));
    let headline = wrap(&headline, width)
        .into_iter()
        .map(|line| (line, theme.text));
    words
        .chain(headline)
        .chain([(String::new(), theme.text)])
        .collect()
}

/// The checks that are in sight, with their rows on screen.
fn placed<'a>(state: &State, report: &'a Report, area: Rect) -> Vec<(u16, &'a Check)> {
    let first_row = area.y + 1 + heading(&state.theme, report, area).len() as u16;
    let waiting = u16::from(report.predictive.is_none());
    let room = usize::from((area.bottom().saturating_sub(1 + waiting)).saturating_sub(first_row));
    let checks = report.by_gravity();
    let chosen = state.chosen_check().map(|check| check.name);
    let chosen = checks
        .iter()
        .position(|check| Some(check.name) == chosen)
        .unwrap_or(0);
    let first = (chosen + 1).saturating_sub(room);
    (first_row..)
        .zip(checks.into_iter().skip(first).take(room))
        .collect()
}

pub(super) fn check_at(
    state: &State,
    report: &Report,
    area: Rect,
    at: Position,
) -> Option<&'static str> {
    if at.x <= area.left() || at.x + 1 >= area.right() {
        return None;
    }
    let mut placed = placed(state, report, area).into_iter();
    placed
        .find(|(y, _)| *y == at.y)
        .map(|(_, check)| check.name)
}

fn row(theme: &Theme, check: &Check, chosen: bool, area: Rect, buffer: &mut Buffer) {
    let pick = |style: Style| if chosen { theme.tab } else { style };
    if chosen {
        buffer.set_style(area.intersection(buffer.area), theme.tab);
    }
    let (sign, style) = mark(theme, check.status);
    text(buffer, area, area.x + 1, area.y, sign, pick(style));
    text(
        buffer,
        area,
        area.x + NAME,
        area.y,
        check.name,
        pick(theme.text),
    );
    match figures(check) {
        Some((figure, bar)) => {
            let x = (area.x + FIGURE_END).saturating_sub(figure.width() as u16);
            let style = if check.status == Status::Fail {
                style
            } else {
                theme.text
            };
            text(buffer, area, x, area.y, &figure, pick(style));
            text(buffer, area, area.x + BAR, area.y, &bar, pick(theme.dim));
        }
        None if area.width < WITH_WORDS => {
            let x = area.x + NAME + 14;
            text(buffer, area, x, area.y, &check.headline, pick(theme.dim));
        }
        None => {}
    }
    if area.width >= WITH_WORDS {
        let x = area.x + WORDS;
        text(buffer, area, x, area.y, &check.headline, pick(theme.dim));
    }
}

/// The figure of a check and what it is held against.
fn figures(check: &Check) -> Option<(String, String)> {
    let (value, threshold) = (check.value?, check.threshold?);
    let percent = |share: f64| match 100.0 * share {
        0.0 => "0 %".into(),
        share if share < 0.1 => "< 0.1 %".into(),
        share => format!("{} %", fixed(share, if share < 10.0 { 1 } else { 0 })),
    };
    let plain = |value: f64, digits| {
        if value.is_infinite() {
            "∞".into()
        } else {
            fixed(value, digits)
        }
    };
    Some(match check.name {
        "r_hat" => (
            plain(value, if value < 1.1 { 4 } else { 2 }),
            format!("≤ {threshold}"),
        ),
        "ess" => (plain(value, 0), format!("≥ {threshold}")),
        "divergences" => (percent(value), "none is best".into()),
        "energy" => (plain(value, 2), format!("≥ {threshold}")),
        "tree_depth" => (percent(value), format!("≤ {} %", 100.0 * threshold)),
        "chains_agree" => (
            format!("{} errors", plain(value, 0)),
            format!("≤ {threshold}"),
        ),
        "influence" => (
            format!("k {}", plain(value, 2)),
            format!("≤ {}", fixed(threshold, 2)),
        ),
        _ if value < 0.001 => ("p < 0.001".into(), format!("> {threshold}")),
        _ => (format!("p {}", plain(value, 3)), format!("> {threshold}")),
    })
}
