//! The glossary as a sheet.

use ratatui::layout::Rect;

use super::sheet::{Laid, Line, wrap};
use crate::explorer::glossary::GLOSSARY;

const WIDTH: u16 = 86;
/// Columns of a term, where there is room for two columns.
const TERM: u16 = 17;

pub(super) fn laid(area: Rect) -> Laid {
    let width = WIDTH.min(area.width.saturating_sub(4)).max(1);
    // In a narrow window the words go below their term.
    let indent = if width >= 50 { TERM } else { 2 };
    let room = usize::from(width.saturating_sub(indent + 1).max(1));
    let mut lines = Vec::new();
    for section in GLOSSARY {
        if !lines.is_empty() {
            lines.push(Line::Heading(String::new()));
        }
        lines.push(Line::Heading(section.heading.into()));
        for entry in section.entries {
            let mut term = entry.term.to_owned();
            if indent < TERM {
                lines.push(Line::Entry {
                    term: std::mem::take(&mut term),
                    words: String::new(),
                    indent,
                });
            }
            for words in wrap(entry.words, room) {
                lines.push(Line::Entry {
                    term: std::mem::take(&mut term),
                    words,
                    indent,
                });
            }
        }
    }
    Laid {
        columns: vec![lines],
        width,
    }
}
