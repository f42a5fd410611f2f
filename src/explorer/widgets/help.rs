//! The help, from the table of actions.

use ratatui::layout::Rect;

use super::sheet::{Laid, Line, wrap};
use crate::explorer::action::{
    BINDINGS, CHART, FORECAST, Group, LAYERS, LISTS, MODEL, PROGRAM, VIEWS,
};

/// Columns of one list of keys.
const WIDTH: u16 = 66;
const KEYS: u16 = 12;

const POINTER: &[(&str, &str)] = &[
    ("move", "read off the day under the pointer"),
    (
        "drag",
        "the chart to move it, its right end for the horizon, the band's edge for the interval, a threshold",
    ),
    (
        "wheel",
        "the horizon; over the values the interval; with Ctrl zoom; a list",
    ),
    (
        "click",
        "a view's name, a parameter, a check; the verdict shows the checks",
    ),
];

pub(super) fn laid(area: Rect) -> Laid {
    let groups: &[&[&Group]] = if area.width >= 2 * WIDTH + 6 {
        &[&[FORECAST, CHART, LAYERS, VIEWS], &[LISTS, MODEL, PROGRAM]]
    } else {
        &[&[FORECAST, CHART, LAYERS, VIEWS, LISTS, MODEL, PROGRAM]]
    };
    let room = WIDTH
        .min(area.width.saturating_sub(4))
        .saturating_sub(KEYS + 1)
        .max(1);
    let last = groups.len() - 1;
    let columns = groups.iter().enumerate();
    Laid {
        columns: columns
            .map(|(i, groups)| lines(groups, i == last, usize::from(room)))
            .collect(),
        width: WIDTH,
    }
}

fn lines(groups: &[&Group], pointer: bool, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let put = |lines: &mut Vec<Line>, keys: &'static str, does: &str| {
        for (i, part) in wrap(does, width).into_iter().enumerate() {
            lines.push(Line::Entry {
                term: if i == 0 { keys } else { "" },
                words: part,
                indent: KEYS,
            });
        }
    };
    for group in groups {
        if !lines.is_empty() {
            lines.push(Line::Heading(String::new()));
        }
        lines.push(Line::Heading(group.name.into()));
        for binding in BINDINGS.iter().filter(|binding| binding.group == *group) {
            put(&mut lines, binding.label, binding.help);
        }
    }
    if pointer {
        lines.push(Line::Heading(String::new()));
        lines.push(Line::Heading("Pointer".into()));
        for (how, does) in POINTER {
            put(&mut lines, how, does);
        }
    }
    lines
}
