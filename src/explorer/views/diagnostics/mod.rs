//! The draws of one parameter: its figures, its chains one by one, and how they mix.
//!
//! ```text
//! wide                                              narrow
//! ┌ parameters ─┐┌ trace ───────────── ranks ┐      ◂ slope ▸ figures
//! │ list        ││ chain 0                   │      ┌ trace ─────── ranks ┐
//! ├ figures ────┤│ chain 1                   │      └─────────────────────┘
//! │             │├ density ──┬ autocorr. ────┤      ┌ density ┬ autocorr. ┐
//! │             ││           ┼ running r_hat │      └─────────┴───────────┘
//! └─────────────┘└───────────┴───────────────┘
//! ```

mod lanes;
mod list;
mod panels;

pub(super) use list::digits;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::diagnostics::Portrait;
use crate::explorer::glossary::entry_of;
use crate::explorer::report::ParameterRow;
use crate::explorer::state::State;
use crate::explorer::widgets::sheet::wrap;
use crate::explorer::widgets::{frame, text};

/// Where the parts of the view go; empty where there is no room.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    list: Rect,
    figures: Rect,
    /// How to read the pictures.
    guide: Rect,
    /// One line in place of list and figures.
    header: Rect,
    lanes: Rect,
    panels: Vec<Rect>,
}

impl Parts {
    /// In `area`, for so many parameters and chains.
    fn of(area: Rect, parameters: usize, chains: usize) -> Self {
        let mut out = Self::default();
        let mut rest = area;
        if area.width >= 100 && area.height >= 18 {
            let (left, right) = sides(rest, if area.width >= 150 { 46 } else { 40 });
            let list_height = (parameters as u16 + 3).min(left.height - list::FIGURES);
            let rest_of_left;
            (out.list, rest_of_left) = stacked(left, list_height);
            (out.figures, out.guide) = stacked(rest_of_left, list::FIGURES);
            rest = right;
        } else if area.height >= 4 {
            (out.header, rest) = stacked(rest, 1);
        }
        let panels = if rest.height >= 16 {
            // At least three rows a chain if that leaves half for the pictures below.
            let wanted = (chains as u16 * 3 + 3).clamp(rest.height * 2 / 5, rest.height / 2);
            let (lanes, panels) = stacked(rest, wanted);
            out.lanes = lanes;
            panels
        } else {
            out.lanes = rest;
            Rect::default()
        };
        let (columns, rows) = match (panels.width, panels.height) {
            (_, 0) => (0, 0),
            (120.., _) => (4, 1),
            (60.., 14..) => (2, 2),
            (66.., _) => (3, 1),
            (44.., _) => (2, 1),
            _ => (1, 1),
        };
        out.panels = grid(panels, columns, rows);
        out
    }
}

fn sides(area: Rect, left: u16) -> (Rect, Rect) {
    let left = Rect {
        width: left.min(area.width),
        ..area
    };
    let right = Rect {
        x: left.right(),
        width: area.width - left.width,
        ..area
    };
    (left, right)
}

fn stacked(area: Rect, top: u16) -> (Rect, Rect) {
    let top = Rect {
        height: top.min(area.height),
        ..area
    };
    let below = Rect {
        y: top.bottom(),
        height: area.height - top.height,
        ..area
    };
    (top, below)
}

/// Cells of a grid, row after row.
fn grid(area: Rect, columns: u16, rows: u16) -> Vec<Rect> {
    let edge = |length: u16, parts: u16, i: u16| {
        (u32::from(length) * u32::from(i) / u32::from(parts)) as u16
    };
    let cell = |i: u16| {
        let (column, row) = (i % columns, i / columns);
        let (x, y) = (
            edge(area.width, columns, column),
            edge(area.height, rows, row),
        );
        Rect {
            x: area.x + x,
            y: area.y + y,
            width: edge(area.width, columns, column + 1) - x,
            height: edge(area.height, rows, row + 1) - y,
        }
    };
    (0..columns * rows).map(cell).collect()
}

/// The view of a state in `area`.
fn parts(state: &State, area: Rect) -> Parts {
    let parameters = state.report.as_ref().map_or(0, |r| r.parameters.len());
    Parts::of(area, parameters, state.document.chains)
}

/// Draws the body of the view.
pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let parts = parts(state, area);
    let Some(row) = chosen(state) else {
        let words = match &state.report {
            None => "checking …",
            Some(_) => "this trace has no scalar parameters",
        };
        return text(buffer, area, area.x + 1, area.y, words, state.theme.dim);
    };
    list::draw(state, parts.list, buffer);
    list::figures(state, row, parts.figures, buffer);
    guide(state, parts.guide, buffer);
    text(
        buffer,
        parts.header,
        parts.header.x + 1,
        parts.header.y,
        &header(state, row),
        state.theme.heading,
    );
    lanes::draw(state, row, parts.lanes, buffer);
    let panels = panels::of(state, parts.panels.len());
    for (panel, area) in panels.into_iter().zip(parts.panels) {
        panels::draw(state, row, panel, area, buffer);
    }
}

/// What the glossary says of the pictures, as far as there is room.
fn guide(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 8 {
        return;
    }
    let inner = frame(&state.theme, "how to read it", area, buffer);
    let mut y = inner.y;
    for term in ["ranks", "trace", "autocorrelation", "running"] {
        let Some(entry) = entry_of(term) else {
            continue;
        };
        let lines = wrap(entry.words, usize::from(inner.width.saturating_sub(2)));
        if y + 1 + lines.len() as u16 > inner.bottom() {
            break;
        }
        text(buffer, inner, inner.x + 1, y, term, state.theme.accent);
        for line in &lines {
            y += 1;
            text(buffer, inner, inner.x + 1, y, line, state.theme.dim);
        }
        y += 1;
    }
}

/// The chosen parameter.
fn chosen(state: &State) -> Option<&ParameterRow> {
    state.report.as_ref()?.parameters.get(state.parameter)
}

/// The portrait of the chosen parameter, once it is there.
fn portrait(state: &State) -> Option<&Portrait> {
    let (of, portrait) = state.portrait.as_ref()?;
    (*of == state.parameter).then_some(portrait)
}

/// The parameter and its figures in one line.
fn header(state: &State, row: &ParameterRow) -> String {
    let count = state.report.as_ref().map_or(0, |r| r.parameters.len());
    let [mean, sd, ..] = list::digits(&row.summary);
    format!(
        "◂ {}/{count} ▸ {} {mean} ± {sd} · {}",
        state.parameter + 1,
        row.name,
        list::convergence(&row.summary)
    )
}

/// The view in one line.
pub(super) fn line(state: &State) -> String {
    match chosen(state) {
        Some(row) => format!("{} {}", row.name, list::convergence(&row.summary)),
        None => "checking …".into(),
    }
}

/// The parameter under a point of the view drawn in `area`.
pub fn parameter_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    list::parameter_at(state, parts(state, area).list, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_lie_inside_and_apart(
            width in 1u16..300, height in 1u16..120, parameters in 0usize..2000, chains in 1usize..200
        ) {
            let area = Rect::new(3, 2, width, height);
            let parts = Parts::of(area, parameters, chains);
            let mut all = vec![parts.list, parts.figures, parts.guide, parts.header, parts.lanes];
            all.extend(parts.panels);
            let used: Vec<_> = all.into_iter().filter(|part| !part.is_empty()).collect();
            for (i, part) in used.iter().enumerate() {
                prop_assert_eq!(area.intersection(*part), *part);
                prop_assert!(used[i + 1..].iter().all(|other| !part.intersects(*other)));
            }
            prop_assert!(!parts.lanes.is_empty());
        }
    }
}
