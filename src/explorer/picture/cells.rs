//! What the cells of a row show.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use super::glyphs::{Shape, shapes};
use super::{Look, Rgb};

/// Share of the ground in dim text.
const DIM: f32 = 0.4;

/// A character and the cells it takes, one or two.
pub(super) struct Piece {
    /// What a person reads; empty when the cell held nothing printable.
    pub text: String,
    /// The character as shapes, where no font is asked for it.
    pub shapes: Option<Vec<Shape>>,
    /// First cell, counted from the left edge of the picture.
    pub column: u16,
    pub cells: u16,
    pub ink: Rgb,
    pub paper: Rgb,
    pub modifier: Modifier,
}

impl Piece {
    /// The first cell after this piece.
    pub(super) fn end(&self) -> u16 {
        self.column + self.cells
    }
}

/// The pieces of a row from left to right, without gaps.
pub(super) fn pieces(buffer: &Buffer, look: &Look, row: u16) -> Vec<Piece> {
    let area = buffer.area;
    let mut pieces = Vec::new();
    let mut column = 0;
    while column < area.width {
        let cell = &buffer[(area.x + column, area.y + row)];
        let text = printable(cell);
        // A wide character hides the cell after it, but never reaches past the row's end.
        let cells = (text.width().clamp(1, 2) as u16).min(area.width - column);
        let (ink, paper) = colors(cell, look);
        pieces.push(Piece {
            shapes: single(&text).and_then(|glyph| shapes(glyph, look.cell)),
            text,
            column,
            cells,
            ink,
            paper,
            modifier: cell.modifier,
        });
        column += cells;
    }
    pieces
}

/// Text and ground colour of a cell as a terminal shows them.
fn colors(cell: &Cell, look: &Look) -> (Rgb, Rgb) {
    let mut ink = look.resolve(cell.fg, look.foreground);
    let mut paper = look.resolve(cell.bg, look.background);
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut paper);
    }
    if cell.modifier.contains(Modifier::DIM) {
        ink = ink.toward(paper, DIM);
    }
    (ink, paper)
}

/// The text a cell shows, without what is not text: controls, marks that reorder what stands
/// around them, and the two code points XML does not know.
fn printable(cell: &Cell) -> String {
    if cell.modifier.contains(Modifier::HIDDEN) {
        return " ".to_owned();
    }
    cell.symbol().chars().filter(|&c| is_text(c)).collect()
}

/// Whether a character may stand in a picture.
pub(super) fn is_text(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{fffe}'
                | '\u{ffff}'
        )
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    fn row(text: &str, style: Style) -> Vec<Piece> {
        let mut buffer = Buffer::empty(Rect::new(3, 5, 4, 1));
        buffer.set_string(3, 5, text, style);
        pieces(&buffer, &Look::dark(), 0)
    }

    #[test]
    fn wide_characters_take_two_cells_and_the_row_keeps_its_length() {
        let pieces = row("a日b", Style::new());
        let places: Vec<_> = pieces
            .iter()
            .map(|p| (p.text.as_str(), p.column, p.end()))
            .collect();
        assert_eq!(places, [("a", 0, 1), ("日", 1, 3), ("b", 3, 4)]);
    }

    #[test]
    fn a_wide_character_in_the_last_cell_is_cut() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer[(1, 0)].set_symbol("日");
        let pieces = pieces(&buffer, &Look::dark(), 0);
        assert_eq!(pieces.last().map(Piece::end), Some(2));
    }

    #[test]
    fn reversed_and_dim_act_on_the_colours_seen() {
        let look = Look::dark();
        let plain = Style::new().fg(Color::Red).bg(Color::Blue);
        let reversed = &row("x", plain.add_modifier(Modifier::REVERSED))[0];
        assert_eq!(
            (reversed.ink, reversed.paper),
            (look.palette[4], look.palette[1])
        );
        let dim = &row("x", plain.add_modifier(Modifier::DIM))[0];
        assert_eq!(dim.ink, look.palette[1].toward(look.palette[4], DIM));
    }

    #[test]
    fn hidden_text_is_blank() {
        assert_eq!(
            row("█", Style::new().add_modifier(Modifier::HIDDEN))[0].text,
            " "
        );
    }
}
