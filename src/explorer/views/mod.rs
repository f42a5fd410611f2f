//! Whole screens: what every view has, and the view between.

mod checks;
mod diagnostics;
pub mod forecast;
mod model;
mod present;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::layout::Layout;
use super::state::{State, View};
use super::widgets::{hints, panel, sheet, text, title};

pub(super) use checks::check_at;
pub(super) use diagnostics::parameter_at;
pub(super) use model::line_at;

/// Draws a state. Everything shown is finished; nothing is computed but where it goes.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let layout = Layout::of(area, state.view, state.failed());
    if !layout.line.is_empty() {
        return line(state, layout.line, buffer);
    }
    if state.view != View::Present {
        title::draw(state, layout.title, buffer);
    }
    title::banner(state, layout.banner, buffer);
    match state.view {
        View::Forecast => forecast::draw(state, &layout, buffer),
        View::Diagnostics => diagnostics::draw(state, layout.body, buffer),
        View::Checks => checks::draw(state, layout.body, buffer),
        View::Model => model::draw(state, layout.body, buffer),
        View::Present => present::draw(state, &layout, buffer),
    }
    if !layout.hints.is_empty() {
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
    sheet::draw(state, area, buffer);
}

/// The view in one line, where there is room for nothing else.
fn line(state: &State, area: Rect, buffer: &mut Buffer) {
    let style = if state.failed() {
        state.theme.alarm
    } else {
        state.theme.text
    };
    let words = match state.view {
        View::Forecast => panel::shortest(state),
        View::Diagnostics => diagnostics::line(state),
        View::Checks => checks::line(state),
        View::Model => model::line(state),
        View::Present => present::line(state),
    };
    text(buffer, area, area.x, area.y, &words, style);
}
