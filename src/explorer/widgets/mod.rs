//! Parts of the screen; each draws a state into a rectangle and nothing else.

pub mod axes;
pub mod chart;
pub mod controls;
pub mod evidence;
mod glossary;
mod help;
pub mod hints;
pub mod lines;
pub mod panel;
pub mod sheet;
pub mod title;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;

/// A frame with a heading; returns the room inside.
pub fn frame(theme: &Theme, heading: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(format!(" {heading} "), theme.heading));
    let inner = block.inner(area);
    block.render(area.intersection(buffer.area), buffer);
    inner.intersection(buffer.area)
}

/// Text from a point on, cut at the right edge of `area`.
pub fn text(buffer: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) {
    let area = area.intersection(buffer.area);
    if y >= area.top() && y < area.bottom() && x >= area.left() && x < area.right() {
        buffer.set_stringn(x, y, text, usize::from(area.right() - x), style);
    }
}

/// Text that ends before column `end`, cut at the left edge of `area`.
pub fn right(buffer: &mut Buffer, area: Rect, end: u16, y: u16, words: &str, style: Style) {
    let width = words.width() as u16;
    let x = end.saturating_sub(width).max(area.x);
    text(buffer, area, x, y, words, style);
}
