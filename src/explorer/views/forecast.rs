//! The forecast: chart, controls, figures, verdict. [`Layout`] draws where they go.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use crate::explorer::layout::Layout;
use crate::explorer::state::State;
use crate::explorer::widgets::{chart, controls, frame, help, hints, panel, text, title};
use crate::forecast::Distribution;

/// Draws a state. Everything shown is finished; nothing is computed but where it goes.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let layout = Layout::of(area, state.failed());
    if !layout.line.is_empty() {
        let style = if state.failed() {
            state.theme.alarm
        } else {
            state.theme.text
        };
        text(
            buffer,
            layout.line,
            layout.line.x,
            layout.line.y,
            &panel::shortest(state),
            style,
        );
        return;
    }
    if !layout.title.is_empty() {
        title::draw(state, layout.title, buffer);
    }
    if !layout.banner.is_empty() {
        title::banner(state, layout.banner, buffer);
    }
    if layout.framed() {
        frame(&state.theme, heading(state), layout.chart, buffer);
    }
    chart::draw(state, chart_area(&layout), buffer);
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
    if !layout.controls.is_empty() {
        controls::draw(state, layout.controls, buffer);
        hints::draw(state, layout.hints, buffer);
    } else if state.prompt.is_some() || state.notice.is_some() {
        // No line of its own for what is asked or has happened: it covers the last one.
        let last = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        Clear.render(last, buffer);
        hints::draw(state, last, buffer);
    }
    help::draw(state, area, buffer);
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
