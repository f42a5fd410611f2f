//! The forecast: chart, figures, verdict, controls. [`Layout`] draws where they go.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::explorer::layout::Layout;
use crate::explorer::state::State;
use crate::explorer::widgets::{chart, controls, frame, panel, text};
use crate::forecast::Distribution;

/// Draws the body of the view.
pub(super) fn draw(state: &State, layout: &Layout, buffer: &mut Buffer) {
    if layout.framed() {
        frame(&state.theme, heading(state), layout.chart, buffer);
    }
    chart::draw(state, chart_area(layout), buffer);
    if !layout.panel.is_empty() {
        panel::draw(state, layout.panel, buffer);
    }
    if !layout.figures.is_empty() {
        let area = layout.figures;
        text(
            buffer,
            area,
            area.x + 1,
            area.y,
            &panel::line(state),
            state.theme.text,
        );
    }
    controls::draw(state, layout.controls, buffer);
}

fn heading(state: &State) -> &'static str {
    match (state.unread_failure(), state.controls.distribution) {
        (true, _) => "forecast · hatched: not to be trusted",
        (false, _) if state.failed() => "forecast of a fit that failed",
        (false, Distribution::Predictive) => "forecast",
        (false, Distribution::Mean) => "forecast of the mean: observations scatter wider",
    }
}

/// The room for the chart, inside its frame where it has one.
pub fn chart_area(layout: &Layout) -> Rect {
    if !layout.framed() {
        return layout.chart;
    }
    let Rect {
        x,
        y,
        width,
        height,
    } = layout.chart;
    Rect::new(
        x + 2,
        y + 1,
        width.saturating_sub(4),
        height.saturating_sub(2),
    )
}
