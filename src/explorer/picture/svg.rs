//! A terminal buffer as SVG.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::cells::{Piece, pieces};
use super::glyphs::Shape;
use super::paths::{add_line, add_rect, append, number};
use super::text::{add_text, baseline};
use super::window::Window;
use super::{Look, Rgb};

/// The buffer as an SVG document, as large as its cells or, with a title, as the window around
/// them. The same buffer and look give the same bytes. Characters that are no text (control and
/// bidirectional ones) are left out.
///
/// Text names the font that [`super::png()`] embeds and falls back to any monospace font; every
/// run is fitted to its cells.
pub fn svg(buffer: &Buffer, look: &Look) -> String {
    let mut layers = Layers::default();
    for row in 0..buffer.area.height {
        layers.add_row(&pieces(buffer, look, row), look, row);
    }
    let window = Window::around(buffer.area.as_size(), look);
    let mut svg = String::new();
    window.open(&mut svg, look);
    layers.write(&mut svg);
    window.close(&mut svg);
    svg
}

/// Parts of the picture from back to front. What has one colour (and stroke width) shares a path.
#[derive(Default)]
struct Layers {
    grounds: BTreeMap<Rgb, String>,
    blocks: BTreeMap<Rgb, String>,
    lines: BTreeMap<(Rgb, String), String>,
    dots: BTreeMap<(Rgb, String), String>,
    text: String,
}

impl Layers {
    fn add_row(&mut self, pieces: &[Piece], look: &Look, row: u16) {
        let top = f32::from(row) * f32::from(look.cell.height);
        self.add_grounds(pieces, look, top);
        for piece in pieces {
            self.add_marks(piece, look, top);
            for shape in piece.shapes.iter().flatten() {
                self.add_shape(shape, piece, look, top);
            }
        }
        add_text(&mut self.text, look, pieces, top);
    }

    fn add_grounds(&mut self, pieces: &[Piece], look: &Look, top: f32) {
        let (width, height) = (f32::from(look.cell.width), f32::from(look.cell.height));
        for alike in pieces.chunk_by(|a, b| a.paper == b.paper) {
            let paper = alike[0].paper;
            if paper != look.background {
                let cells: u16 = alike.iter().map(|piece| piece.cells).sum();
                let left = f32::from(alike[0].column) * width;
                let path = self.grounds.entry(paper).or_default();
                add_rect(path, left, top, f32::from(cells) * width, height);
            }
        }
    }

    /// Underline and strike-through, which run under blanks too.
    fn add_marks(&mut self, piece: &Piece, look: &Look, top: f32) {
        let (width, height) = (f32::from(look.cell.width), f32::from(look.cell.height));
        let thickness = (height / 16.0).round().max(1.0);
        let mut mark = |y: f32| {
            let left = f32::from(piece.column) * width;
            let path = self.blocks.entry(piece.ink).or_default();
            add_rect(
                path,
                left,
                top + y,
                f32::from(piece.cells) * width,
                thickness,
            );
        };
        if piece.modifier.contains(Modifier::UNDERLINED) {
            mark((baseline(look) + thickness).min(height - thickness));
        }
        if piece.modifier.contains(Modifier::CROSSED_OUT) {
            mark((height / 2.0).floor());
        }
    }

    fn add_shape(&mut self, shape: &Shape, piece: &Piece, look: &Look, top: f32) {
        let left = f32::from(piece.column) * f32::from(look.cell.width);
        match shape {
            Shape::Rect {
                x,
                y,
                width,
                height,
                ink,
            } => {
                let color = piece.paper.toward(piece.ink, *ink);
                let path = self.blocks.entry(color).or_default();
                add_rect(path, left + x, top + y, *width, *height);
            }
            Shape::Line {
                points,
                radius,
                width,
            } => {
                let points: Vec<_> = points.iter().map(|(x, y)| (left + x, top + y)).collect();
                let path = self.lines.entry((piece.ink, number(*width))).or_default();
                add_line(path, &points, *radius);
            }
            Shape::Dot { x, y, radius } => {
                let key = (piece.ink, number(2.0 * radius));
                let path = self.dots.entry(key).or_default();
                // A stroke without length: its round ends are the dot.
                append(
                    path,
                    format_args!("M{} {}h0", number(left + x), number(top + y)),
                );
            }
        }
    }

    fn write(&self, svg: &mut String) {
        let fills = self.grounds.iter().chain(&self.blocks);
        add_group(
            svg,
            "shape-rendering=\"crispEdges\"",
            fills.map(|(color, path)| format!("<path fill=\"{color}\" d=\"{path}\"/>\n")),
        );
        let stroke = |((color, width), path): (&(Rgb, String), &String)| {
            format!("<path stroke=\"{color}\" stroke-width=\"{width}\" d=\"{path}\"/>\n")
        };
        add_group(svg, "fill=\"none\"", self.lines.iter().map(stroke));
        add_group(
            svg,
            "fill=\"none\" stroke-linecap=\"round\"",
            self.dots.iter().map(stroke),
        );
        svg.push_str(&self.text);
    }
}

fn add_group(svg: &mut String, attributes: &str, elements: impl Iterator<Item = String>) {
    let mut elements = elements.peekable();
    if elements.peek().is_some() {
        append(svg, format_args!("<g {attributes}>\n"));
        svg.extend(elements);
        svg.push_str("</g>\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    fn small() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(2, 1, 8, 3));
        let bold = Style::new().add_modifier(Modifier::BOLD);
        buffer.set_string(2, 1, "r\u{302} <1.0 ✔", bold);
        let band = Style::new().fg(Color::Blue).bg(Color::Indexed(17));
        buffer.set_string(2, 2, "▂▟░⣤", band);
        buffer.set_string(6, 2, "╭─┊ ", Style::new());
        let marked = Style::new().add_modifier(Modifier::UNDERLINED | Modifier::ITALIC);
        buffer.set_string(2, 3, "a 日", marked);
        buffer
    }

    #[test]
    fn a_small_screen() {
        insta::assert_snapshot!(svg(&small(), &Look::dark()));
    }

    #[test]
    fn a_titled_window() {
        let look = Look {
            title: Some("trace.nc & <more>\u{1b}".to_owned()),
            ..Look::light()
        };
        let buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        insta::assert_snapshot!(svg(&buffer, &look));
    }

    #[test]
    fn text_runs_join_letters_and_leave_other_signs_alone() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, " ab c ≥ de  ", Style::new());
        let svg = svg(&buffer, &Look::dark());
        let texts: Vec<_> = svg
            .lines()
            .filter(|line| line.starts_with("<text"))
            .collect();
        assert_eq!(texts.len(), 3, "{svg}");
        assert!(texts[0].contains("x=\"8\"") && texts[0].contains("textLength=\"32\""));
        assert!(texts[1].contains("x=\"48\"") && texts[1].contains(">≥<"));
        assert!(texts[2].contains("x=\"64\"") && texts[2].contains(">de<"));
    }

    proptest! {
        /// Whatever a cell holds, the document is well-formed and free of controls.
        #[test]
        fn any_symbols_give_a_document_without_controls(
            symbols in prop::collection::vec("(?s).{0,3}", 6),
            title in prop::option::of("(?s).{0,8}"),
        ) {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 2));
            for (cell, symbol) in buffer.content.iter_mut().zip(&symbols) {
                cell.set_symbol(symbol);
            }
            let look = Look { title, ..Look::dark() };
            let svg = svg(&buffer, &look);
            prop_assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(resvg::usvg::Tree::from_str(&svg, &Default::default()).is_ok());
        }
    }
}
