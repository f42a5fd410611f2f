//! The draws of one parameter: its figures, its chains, and how they mix.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::explorer::state::State;

pub(super) fn draw(_state: &State, _area: Rect, _buffer: &mut Buffer) {}

/// The view in one line.
pub(super) fn line(_state: &State) -> String {
    String::new()
}

/// The parameter under a point of the view drawn in `area`.
pub fn parameter_at(_state: &State, _area: Rect, _at: Position) -> Option<usize> {
    None
}
