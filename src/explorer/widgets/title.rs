//! What is open, and whether to believe it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text;
use crate::diagnostics::Verdict;
use crate::explorer::numbers::count;
use crate::explorer::state::State;

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let (words, style) = badge(state, area.width >= 90);
    let badge_width = words.chars().filter(|c| *c != '\u{302}').count() as u16 + 2;
    let left = Rect {
        width: area.width.saturating_sub(badge_width + 1),
        ..area
    };
    let x = area.right().saturating_sub(badge_width);
    text(buffer, area, x, area.y, &format!(" {words} "), style);

    text(
        buffer,
        left,
        left.x + 1,
        left.y,
        "fanchart",
        state.theme.accent,
    );
    let mut line = String::new();
    let room = usize::from(left.width.saturating_sub(12));
    for fact in facts(state) {
        let longer = if line.is_empty() {
            fact
        } else {
            format!("{line} · {fact}")
        };
        if longer.chars().count() > room && !line.is_empty() {
            break;
        }
        line = longer;
    }
    text(buffer, left, left.x + 11, left.y, &line, state.theme.text);
}

/// Facts about the trace, the most telling first.
fn facts(state: &State) -> Vec<String> {
    let document = &state.document;
    let plural = if document.chains == 1 { "" } else { "s" };
    let mut facts = vec![
        document.name.clone(),
        document.model.clone(),
        format!(
            "{} chain{plural} × {} draws",
            document.chains,
            count(document.draws)
        ),
    ];
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
    let Some(report) = state.report.as_ref().filter(|_| state.failed()) else {
        return;
    };
    let style = state.theme.alarm;
    buffer.set_style(area.intersection(buffer.area), style);
    let what_now = if state.failure_seen {
        "the bands are shown all the same"
    } else {
        "Enter shows the bands all the same"
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
