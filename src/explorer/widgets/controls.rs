//! The line of controls: horizon, interval, bands, and what the last recomputation took.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::text;
use crate::explorer::numbers::count;
use crate::explorer::state::State;
use crate::forecast::Distribution;

/// A part of the line that the pointer can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    HorizonLess,
    Horizon,
    HorizonMore,
    IntervalLess,
    Interval,
    IntervalMore,
    Band,
}

struct Segment {
    field: Option<Field>,
    text: String,
    style: Style,
}

/// The line, left to right; the last segment may be dropped.
fn segments(state: &State) -> Vec<Segment> {
    let theme = &state.theme;
    let controls = &state.controls;
    let label = |text: &str| Segment {
        field: None,
        text: text.into(),
        style: theme.dim,
    };
    let part = |field, text: String, style| Segment {
        field: Some(field),
        text,
        style,
    };
    let steps = controls.horizon.steps();
    let plural = if steps == 1 { "" } else { "s" };
    let levels: Vec<String> = {
        let mut levels = state.query().levels();
        levels.reverse();
        levels
            .iter()
            .map(|level| level.percent().trim_end_matches('%').to_string())
            .collect()
    };
    let kind = match controls.distribution {
        Distribution::Predictive => "predictive bands",
        Distribution::Mean => "bands of the mean alone",
    };
    let kind_style = match controls.distribution {
        Distribution::Predictive => theme.dim,
        Distribution::Mean => theme.warn,
    };
    vec![
        label(" horizon "),
        part(Field::HorizonLess, "◂ ".into(), theme.dim),
        part(Field::Horizon, format!("{steps:>3}"), theme.accent),
        part(Field::HorizonMore, " ▸".into(), theme.dim),
        label(&format!(
            " {}{plural}   interval ",
            state.document.series.axis.step_name()
        )),
        part(Field::IntervalLess, "◂ ".into(), theme.dim),
        part(Field::Interval, controls.interval.percent(), theme.accent),
        part(Field::IntervalMore, " ▸".into(), theme.dim),
        label("   "),
        part(
            Field::Band,
            format!("{kind} {}%", levels.join(" · ")),
            kind_style,
        ),
    ]
}

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let mut x = area.x;
    for Segment {
        text: words, style, ..
    } in segments(state)
    {
        text(buffer, area, x, area.y, &words, style);
        x = x.saturating_add(words.chars().count() as u16);
    }
    let Some(figures) = &state.figures else {
        return;
    };
    let mut note = if figures.draws < figures.draws_in_trace {
        format!(
            "{} of {} draws",
            count(figures.draws),
            count(figures.draws_in_trace)
        )
    } else {
        format!("{} draws", count(figures.draws * figures.forecast.len()))
    };
    // Shorter than a twentieth of a millisecond: nothing had to be drawn.
    if figures.elapsed.as_micros() >= 50 {
        note += &format!(" in {:.1} ms", figures.elapsed.as_secs_f64() * 1e3);
    }
    let width = note.chars().count() as u16 + 1;
    if x + 2 + width <= area.right() {
        text(
            buffer,
            area,
            area.right() - width,
            area.y,
            &note,
            state.theme.dim,
        );
    }
}

/// The field under a point of the line drawn in `area`.
pub fn field_at(state: &State, area: Rect, at: Position) -> Option<Field> {
    if !area.contains(at) {
        return None;
    }
    let mut x = area.x;
    for segment in segments(state) {
        let end = x + segment.text.chars().count() as u16;
        if (x..end).contains(&at.x) {
            return segment.field;
        }
        x = end;
    }
    None
}
