//! Text on the grid: runs of pieces of one look.

use ratatui::style::Modifier;

use super::Look;
use super::cells::Piece;
use super::paths::{append, number};

/// Width of a character in the embedded font, in font sizes.
const ADVANCE: f32 = 0.6;
/// Half the height of a capital, in font sizes: what lies between a row's middle and its baseline.
const HALF_CAPITAL: f32 = 0.36;

/// Size of the font whose characters are as wide as a cell.
pub(super) fn font_size(look: &Look) -> f32 {
    f32::from(look.cell.width) / ADVANCE
}

/// Distance from the top of a row to the line its letters stand on, whole pixels.
pub(super) fn baseline(look: &Look) -> f32 {
    (f32::from(look.cell.height) / 2.0 + HALF_CAPITAL * font_size(look)).round()
}

/// Text with the characters that XML gives a meaning written as entities.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Appends a row's text, an element a run. Blanks around a run are only cells.
pub(super) fn add_text(svg: &mut String, look: &Look, pieces: &[Piece], top: f32) {
    for run in pieces.chunk_by(joined) {
        let is_blank = |piece: &&Piece| piece.shapes.is_some() || piece.text.trim().is_empty();
        let before = run.iter().take_while(is_blank).count();
        let after = run.iter().rev().take_while(is_blank).count();
        if before < run.len() {
            add_run(svg, look, &run[before..run.len() - after], top);
        }
    }
}

/// Whether neighbouring pieces may share an element.
fn joined(a: &Piece, b: &Piece) -> bool {
    let weight_and_slant = Modifier::BOLD | Modifier::ITALIC;
    a.ink == b.ink
        && a.modifier & weight_and_slant == b.modifier & weight_and_slant
        && is_regular(a)
        && is_regular(b)
}

/// One character in one cell, of those that every monospace font has at the same width: up to
/// Latin Extended-B. Others stand alone, so that a fallback font cannot push their neighbours
/// off the grid.
fn is_regular(piece: &Piece) -> bool {
    piece.cells == 1 && piece.text.chars().count() == 1 && piece.text.chars().all(|c| c < '\u{250}')
}

fn add_run(svg: &mut String, look: &Look, run: &[Piece], top: f32) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return;
    };
    let cell = f32::from(look.cell.width);
    let text: String = run.iter().map(|piece| piece.text.as_str()).collect();
    let bold = first.modifier.contains(Modifier::BOLD);
    let italic = first.modifier.contains(Modifier::ITALIC);
    append(
        svg,
        format_args!(
            "<text x=\"{}\" y=\"{}\" fill=\"{}\"{}{} textLength=\"{}\" \
             lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
            number(cell * f32::from(first.column)),
            number(top + baseline(look)),
            first.ink,
            if bold { " font-weight=\"bold\"" } else { "" },
            if italic { " font-style=\"italic\"" } else { "" },
            number(cell * f32::from(last.end() - first.column)),
            escaped(&text),
        ),
    );
}
