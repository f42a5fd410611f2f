//! Parts of the screen; each draws a state into a rectangle and nothing else.

pub mod axes;
pub mod chart;
pub mod controls;
pub mod dots;
pub mod evidence;
pub mod futures;
mod glossary;
mod help;
pub mod hints;
pub mod lines;
pub mod panel;
pub mod sheet;
pub mod title;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::Theme;

/// A frame with a heading; returns the room inside.
pub fn frame(theme: &Theme, heading: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    // Between the corners, with a space on either side.
    let room = usize::from(area.width.saturating_sub(4));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(
            format!(" {} ", fitted(heading, room)),
            theme.heading,
        ));
    let inner = block.inner(area);
    block.render(area.intersection(buffer.area), buffer);
    inner.intersection(buffer.area)
}

/// Text from a point on to the right edge of `area`.
pub fn text(buffer: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) {
    let area = area.intersection(buffer.area);
    if y >= area.top() && y < area.bottom() && x >= area.left() && x < area.right() {
        let room = usize::from(area.right() - x);
        buffer.set_stringn(x, y, fitted(text, room), room, style);
    }
}

/// Text that ends before column `end`, and begins at the left edge of `area` at the earliest.
pub fn right(buffer: &mut Buffer, area: Rect, end: u16, y: u16, words: &str, style: Style) {
    let width = words.width() as u16;
    let x = end.saturating_sub(width).max(area.x);
    text(buffer, area, x, y, words, style);
}

/// Text for so many columns: what does not fit ends in "…". Blanks at its end need no room.
fn fitted(text: &str, room: usize) -> Cow<'_, str> {
    if text.trim_end().width() <= room {
        return text.into();
    }
    let mut width = 0;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width < room
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    // Some characters are wider together than each by itself.
    while cut.width() >= room && cut.pop().is_some() {}
    cut.push('…');
    cut.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        for (text, room, expected) in [
            ("slope", 5, "slope"),
            ("slope", 4, "slo…"),
            ("slope", 1, "…"),
            ("slope  ", 5, "slope  "),
            ("", 0, ""),
            // A letter with a mark over it, letters of two columns.
            ("r̂ 1.00", 4, "r̂ 1…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
        ] {
            assert_eq!(fitted(text, room), expected, "{text} in {room}");
        }
    }

    proptest! {
        #[test]
        fn it_never_takes_more_than_its_room(text in "\\PC{0,40}", room in 1usize..30) {
            prop_assert!(fitted(&text, room).trim_end().width() <= room);
        }
    }
}
