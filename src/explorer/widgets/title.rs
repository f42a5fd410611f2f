//! What is open, and whether to believe it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::diagnostics::Verdict;
use crate::explorer::action::Action;
use crate::explorer::numbers::count;
use crate::explorer::state::{State, View};

/// What the title holds, left to right.
struct Parts {
    tabs: Vec<(View, Rect)>,
    facts: Rect,
    badge: Rect,
}

impl Parts {
    fn of(state: &State, area: Rect) -> Self {
        let (words, _) = badge(state, area.width >= FULL_BADGE);
        let width = (words.width() as u16 + 2).min(area.width);
        let badge = Rect {
            x: area.right() - width,
            width,
            ..area
        };
        let mut x = area.x + 1;
        let tab = |view| {
            let width = label(view).width() as u16;
            let part = Rect { x, width, ..area }.intersection(area);
            x = x.saturating_add(width + 1);
            (view, part)
        };
        let tabs: Vec<_> = View::ALL.map(tab).into_iter().collect();
        let facts = Rect {
            x: x + 1,
            width: badge.x.saturating_sub(x + 2),
            ..area
        };
        Self { tabs, facts, badge }
    }
}

/// Windows narrower than this show the verdict without its figures.
const FULL_BADGE: u16 = 110;

/// A view's tab.
fn label(view: View) -> String {
    let number = View::ALL.iter().position(|v| *v == view).unwrap_or(0) + 1;
    format!(" {number} {} ", view.name())
}

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let parts = Parts::of(state, area);
    for (view, tab) in parts.tabs {
        let style = if view == state.view {
            state.theme.tab
        } else {
            state.theme.dim
        };
        text(buffer, tab, tab.x, tab.y, &label(view), style);
    }
    let mut line = String::new();
    for fact in facts(state) {
        let longer = if line.is_empty() {
            fact
        } else {
            format!("{line} · {fact}")
        };
        if longer.width() > usize::from(parts.facts.width) && !line.is_empty() {
            break;
        }
        line = longer;
    }
    let (x, y) = (parts.facts.x, parts.facts.y);
    text(buffer, parts.facts, x, y, &line, state.theme.text);
    let (words, style) = badge(state, area.width >= FULL_BADGE);
    let (x, y) = (parts.badge.x, parts.badge.y);
    text(buffer, parts.badge, x, y, &format!(" {words} "), style);
}

/// The view that a click at a point of the title drawn in `area` shows.
pub fn view_at(state: &State, area: Rect, at: Position) -> Option<View> {
    if !area.contains(at) || state.view == View::Present {
        return None;
    }
    let parts = Parts::of(state, area);
    if parts.badge.contains(at) {
        return Some(View::Checks);
    }
    let tab = parts.tabs.into_iter().find(|(_, tab)| tab.contains(at));
    tab.map(|(view, _)| view)
}

/// Facts about the trace, the most telling first.
fn facts(state: &State) -> Vec<String> {
    let document = &state.document;
    let plural = if document.chains == 1 { "" } else { "s" };
    let mut facts = vec![document.name.clone(), document.model.clone()];
    if document.chains > 0 {
        facts.push(format!(
            "{} chain{plural} × {} draws",
            document.chains,
            count(document.draws)
        ));
    }
    facts.extend(document.library.clone());
    facts.push(format!(
        "{} observations",
        count(document.series.values.len())
    ));
    facts
}

/// The verdict in a few words, and its style.
pub fn badge(state: &State, full: bool) -> (String, Style) {
    let theme = &state.theme;
    if let Some(chains) = &state.fitting {
        let done: usize = chains.iter().map(|chain| chain.tuned + chain.kept).sum();
        let all: usize = chains.iter().map(|chain| chain.tune + chain.draws).sum();
        return (
            format!("fitting {}%", 100 * done / all.max(1)),
            theme.accent,
        );
    }
    let Some(report) = &state.report else {
        return ("checking …".into(), theme.dim);
    };
    let figures = report.figures();
    match report.checks.verdict {
        Verdict::Fail if full => (format!("✖ do not trust   {figures}"), theme.alarm),
        Verdict::Fail => ("✖ do not trust".into(), theme.alarm),
        Verdict::Pass if full => (format!("✔ converged   {figures}"), theme.good),
        Verdict::Pass => ("✔ converged".into(), theme.good),
        Verdict::Unknown if full => (format!("? cannot tell   {figures}"), theme.warn),
        Verdict::Unknown => ("? cannot tell".into(), theme.warn),
    }
}

/// What is open and the verdict, in words.
pub fn line(state: &State) -> String {
    let (badge, _) = badge(state, true);
    let why = match &state.report {
        Some(report) if state.failed() => format!("\n{}", report.checks.headline()),
        _ => String::new(),
    };
    format!("{badge}{why}\n{}", facts(state).join(" · "))
}

/// Over everything else: that the fit failed, and why.
pub fn banner(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(report) = state
        .report
        .as_ref()
        .filter(|_| state.failed() && !area.is_empty())
    else {
        return;
    };
    let style = state.theme.alarm;
    buffer.set_style(area.intersection(buffer.area), style);
    let what_now = match state.keymap.label(&[Action::Acknowledge]) {
        _ if state.failure_seen => "the bands are shown all the same".into(),
        Some(key) => format!("{key} shows the bands all the same"),
        None => "the bands are hatched".into(),
    };
    let warning = if area.width >= 70 {
        "Do not trust this forecast"
    } else {
        "Do not trust"
    };
    let line = format!("✖ {warning}: {}", report.checks.headline());
    text(buffer, area, area.x + 1, area.y, &line, style);
    if area.height > 1 {
        let line = format!("  {} · {what_now}", report.figures().replace("  ", " · "));
        text(buffer, area, area.x + 1, area.y + 1, &line, style);
    }
}
