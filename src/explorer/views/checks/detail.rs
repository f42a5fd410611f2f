//! The chosen check: what was found, what to do, its figure, and what it means.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::list::{mark, verdict};
use crate::diagnostics::{Check, Status};
use crate::explorer::action::Action;
use crate::explorer::glossary::entry_of;
use crate::explorer::report::Report;
use crate::explorer::state::State;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::evidence::{Figure, LEAST_HEIGHT};
use crate::explorer::widgets::sheet::wrap;
use crate::explorer::widgets::{frame, text};

/// Rows of a figure that is good to read: what it means comes second to that.
const GOOD_HEIGHT: u16 = 10;

struct Line {
    words: String,
    style: Style,
    indent: u16,
}

pub(super) fn draw(state: &State, report: &Report, area: Rect, buffer: &mut Buffer) {
    let Some(check) = state.chosen_check() else {
        return;
    };
    let theme = &state.theme;
    let framed = frame(theme, check.name, area, buffer);
    let inner = Rect {
        x: framed.x + 1,
        width: framed.width.saturating_sub(2),
        ..framed
    };
    let width = usize::from(inner.width);
    let mut lines = found(theme, check, width);
    // A blank line apart, where there is room.
    let roomy = inner.height >= 18;
    let advice = advice(state, check, roomy, width);
    if !advice.is_empty() && roomy {
        lines.push(blank(theme));
    }
    lines.extend(advice);
    let mut rest = put(theme, check, lines, inner, buffer);

    let meaning = meaning(theme, check, width);
    let gap = u16::from(roomy);
    if let Some(figure) = Figure::of(report, check) {
        let for_meaning = meaning.len() as u16 + gap;
        let with_meaning = rest.height >= GOOD_HEIGHT + gap + for_meaning;
        let height = rest
            .height
            .saturating_sub(if with_meaning { for_meaning } else { 0 });
        if height >= LEAST_HEIGHT + gap {
            let room = Rect {
                y: rest.y + gap,
                height: (height - gap).min(figure.most_height()),
                ..rest
            };
            figure.draw(state, room, buffer);
            let taken = gap + room.height;
            rest.y += taken;
            rest.height -= taken;
        }
    }
    if rest.height >= meaning.len() as u16 + gap {
        rest.y += gap;
        rest.height -= gap;
        write(meaning, rest, buffer);
    }
}

/// The verdict and the chosen check without frames and figures, in a small window.
pub(super) fn in_words(state: &State, report: &Report, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let mut rest = area;
    // That a fit failed stands above in a window this small.
    if !state.failed() {
        let (words, style) = verdict(theme, report);
        text(buffer, area, area.x, area.y, words, style);
        rest.y += 1;
        rest.height = rest.height.saturating_sub(1);
    }
    let Some(check) = state.chosen_check() else {
        return;
    };
    let width = usize::from(area.width);
    let mut lines = found(theme, check, width);
    lines.extend(wrapped(&check.advice, width, theme.dim, 2));
    put(theme, check, lines, rest, buffer);
}

/// The finding, beside the check's mark.
fn found(theme: &Theme, check: &Check, width: usize) -> Vec<Line> {
    let style = match check.status {
        Status::Fail => theme.bad,
        _ => theme.text,
    };
    wrapped(&check.message, width, style, 2)
}

fn advice(state: &State, check: &Check, roomy: bool, width: usize) -> Vec<Line> {
    let theme = &state.theme;
    if check.advice.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if roomy {
        lines.push(heading(theme, "What to do"));
    }
    lines.extend(wrapped(&check.advice, width, theme.text, 2));
    if let Some(parameter) = &check.parameter
        && let Some(key) = state.keymap.label(&[Action::OpenParameter])
        && roomy
    {
        let words = format!("{key} shows the draws of {parameter}.");
        lines.extend(wrapped(&words, width, theme.dim, 2));
    }
    lines
}

fn meaning(theme: &Theme, check: &Check, width: usize) -> Vec<Line> {
    let Some(entry) = entry_of(check.name) else {
        return Vec::new();
    };
    let words = wrapped(entry.words, width, theme.dim, 2);
    std::iter::once(heading(theme, "What it means"))
        .chain(words)
        .collect()
}

fn heading(theme: &Theme, words: &str) -> Line {
    Line {
        words: words.into(),
        style: theme.heading,
        indent: 0,
    }
}

fn blank(theme: &Theme) -> Line {
    heading(theme, "")
}

fn wrapped(words: &str, width: usize, style: Style, indent: u16) -> Vec<Line> {
    if words.is_empty() {
        return Vec::new();
    }
    let width = width.saturating_sub(usize::from(indent)).max(1);
    let lines = wrap(words, width).into_iter();
    lines
        .map(|words| Line {
            words,
            style,
            indent,
        })
        .collect()
}

/// Writes lines with the check's mark before the first; returns the room below them.
fn put(theme: &Theme, check: &Check, lines: Vec<Line>, area: Rect, buffer: &mut Buffer) -> Rect {
    let (sign, style) = mark(theme, check.status);
    let rest = write(lines, area, buffer);
    text(buffer, area, area.x, area.y, sign, style);
    rest
}

fn write(lines: Vec<Line>, area: Rect, buffer: &mut Buffer) -> Rect {
    let taken = (lines.len().min(usize::from(area.height))) as u16;
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        text(
            buffer,
            area,
            area.x + line.indent,
            y,
            &line.words,
            line.style,
        );
    }
    Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    }
}
