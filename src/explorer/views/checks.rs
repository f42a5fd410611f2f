//! Can this fit be trusted? The verdict, the checks, and the chosen one in full.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::explorer::state::State;

pub(super) fn draw(_state: &State, _area: Rect, _buffer: &mut Buffer) {}

/// The view in one line.
pub(super) fn line(state: &State) -> String {
    let checks = state.report.as_ref().map(|report| &report.checks);
    checks.map_or("checking …".into(), |checks| checks.headline())
}

/// The check under a point of the view drawn in `area`.
pub fn check_at(_state: &State, _area: Rect, _at: Position) -> Option<&'static str> {
    None
}
