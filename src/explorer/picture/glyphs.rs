//! Blocks, braille and box drawing as shapes.

use ratatui::layout::Size;

use super::lines::BoxGrid;

/// A part of a glyph, in pixels from the cell's top left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A filled rectangle; `ink` below 1 is a shade of the text colour on the ground.
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: f32,
    },
    /// A filled disc.
    Dot { x: f32, y: f32, radius: f32 },
    /// A line of even width through these points, each corner cut by an arc of `radius`.
    Line {
        points: Vec<(f32, f32)>,
        radius: f32,
        width: f32,
    },
}

/// The shapes of `glyph` in a cell of this size; `None` for what a font has to draw.
pub(super) fn shapes(glyph: char, cell: Size) -> Option<Vec<Shape>> {
    let (width, height) = (f32::from(cell.width), f32::from(cell.height));
    match glyph {
        '\u{2580}'..='\u{259f}' => Some(block(glyph, width, height)),
        '\u{2800}'..='\u{28ff}' => Some(braille(glyph, width, height)),
        '\u{2500}'..='\u{257f}' => BoxGrid::new(width, height).shapes(glyph),
        _ => None,
    }
}

/// U+2580 to U+259F: parts of a cell in eighths, shades, quadrants.
fn block(glyph: char, width: f32, height: f32) -> Vec<Shape> {
    // Left, top, right and bottom edges as parts of the cell.
    let part = |x0: f32, y0: f32, x1: f32, y1: f32| Shape::Rect {
        x: x0 * width,
        y: y0 * height,
        width: (x1 - x0) * width,
        height: (y1 - y0) * height,
        ink: 1.0,
    };
    let shade = |ink| Shape::Rect {
        x: 0.0,
        y: 0.0,
        width,
        height,
        ink,
    };
    let quadrants = |names: &[(f32, f32)]| {
        let quadrant = |&(x, y): &(f32, f32)| part(x, y, x + 0.5, y + 0.5);
        names.iter().map(quadrant).collect()
    };
    const UPPER_LEFT: (f32, f32) = (0.0, 0.0);
    const UPPER_RIGHT: (f32, f32) = (0.5, 0.0);
    const LOWER_LEFT: (f32, f32) = (0.0, 0.5);
    const LOWER_RIGHT: (f32, f32) = (0.5, 0.5);

    match glyph {
        '▀' => vec![part(0.0, 0.0, 1.0, 0.5)],
        '▁'..='█' => {
            let eighths = (glyph as u32 - '▁' as u32 + 1) as f32;
            vec![part(0.0, 1.0 - eighths / 8.0, 1.0, 1.0)]
        }
        '▉'..='▏' => {
            let eighths = ('▏' as u32 - glyph as u32 + 1) as f32;
            vec![part(0.0, 0.0, eighths / 8.0, 1.0)]
        }
        '▐' => vec![part(0.5, 0.0, 1.0, 1.0)],
        '░' => vec![shade(0.25)],
        '▒' => vec![shade(0.5)],
        '▓' => vec![shade(0.75)],
        '▔' => vec![part(0.0, 0.0, 1.0, 0.125)],
        '▕' => vec![part(0.875, 0.0, 1.0, 1.0)],
        '▖' => quadrants(&[LOWER_LEFT]),
        '▗' => quadrants(&[LOWER_RIGHT]),
        '▘' => quadrants(&[UPPER_LEFT]),
        '▙' => quadrants(&[UPPER_LEFT, LOWER_LEFT, LOWER_RIGHT]),
        '▚' => quadrants(&[UPPER_LEFT, LOWER_RIGHT]),
        '▛' => quadrants(&[UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT]),
        '▜' => quadrants(&[UPPER_LEFT, UPPER_RIGHT, LOWER_RIGHT]),
        '▝' => quadrants(&[UPPER_RIGHT]),
        '▞' => quadrants(&[UPPER_RIGHT, LOWER_LEFT]),
        '▟' => quadrants(&[UPPER_RIGHT, LOWER_LEFT, LOWER_RIGHT]),
        _ => Vec::new(),
    }
}

/// U+2800 to U+28FF: one dot a bit, evenly spaced across cells in both directions.
fn braille(glyph: char, width: f32, height: f32) -> Vec<Shape> {
    // Bit n lies at this column and row: three rows of two, then the row added last.
    const PLACES: [(f32, f32); 8] = [
        (0.0, 0.0),
        (0.0, 1.0),
        (0.0, 2.0),
        (1.0, 0.0),
        (1.0, 1.0),
        (1.0, 2.0),
        (0.0, 3.0),
        (1.0, 3.0),
    ];
    let bits = glyph as u32 - 0x2800;
    let radius = 0.36 * (width / 2.0).min(height / 4.0);
    let dot = |(column, row): (f32, f32)| Shape::Dot {
        x: (column + 0.5) * width / 2.0,
        y: (row + 0.5) * height / 4.0,
        radius,
    };
    (0..8)
        .filter(|bit| bits >> bit & 1 == 1)
        .map(|bit| dot(PLACES[bit]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: Size = Size {
        width: 8,
        height: 16,
    };

    /// Share of the cell that the rectangles of a glyph ink; they must not overlap.
    fn coverage(glyph: char) -> f32 {
        shapes(glyph, CELL)
            .expect("drawn as shapes")
            .iter()
            .map(|shape| match shape {
                Shape::Rect {
                    width, height, ink, ..
                } => width * height * ink / 128.0,
                other => panic!("{glyph} holds {other:?}"),
            })
            .sum()
    }

    #[test]
    fn blocks_cover_the_part_of_the_cell_their_name_says() {
        let expected = "▀4 ▁1 ▂2 ▃3 ▄4 ▅5 ▆6 ▇7 █8 ▉7 ▊6 ▋5 ▌4 ▍3 ▎2 ▏1 ▐4 ░2 ▒4 ▓6 ▔1 ▕1 \
                        ▖2 ▗2 ▘2 ▙6 ▚4 ▛6 ▜6 ▝2 ▞4 ▟6";
        let mut seen = 0;
        for pair in expected.split_whitespace() {
            let mut chars = pair.chars();
            let glyph = chars.next().expect("a glyph");
            let eighths = chars.as_str().parse::<f32>().expect("a count");
            assert_eq!(coverage(glyph), eighths / 8.0, "{glyph}");
            seen += 1;
        }
        assert_eq!(seen, 0x20, "every block element");
    }

    #[test]
    fn blocks_stay_inside_the_cell_and_do_not_overlap() {
        for glyph in '\u{2580}'..='\u{259f}' {
            // Every block but the eighths is made of halves; on a grid of eighths each sample
            // may be inked once.
            for (x, y) in (0..64).map(|i| ((i % 8) as f32 + 0.5, (i / 8) as f32 * 2.0 + 1.0)) {
                let hits = shapes(glyph, CELL)
                    .expect("drawn as shapes")
                    .iter()
                    .filter(|shape| covers(shape, x, y))
                    .count();
                assert!(hits <= 1, "{glyph} at {x}, {y}");
            }
        }
    }

    fn covers(shape: &Shape, at_x: f32, at_y: f32) -> bool {
        match *shape {
            Shape::Rect {
                x,
                y,
                width,
                height,
                ..
            } => (x..x + width).contains(&at_x) && (y..y + height).contains(&at_y),
            _ => false,
        }
    }

    #[test]
    fn quadrants_lie_where_their_name_says() {
        let corners = [(2.0, 4.0), (6.0, 4.0), (2.0, 12.0), (6.0, 12.0)];
        for (glyph, expected) in [
            ('▘', [true, false, false, false]),
            ('▝', [false, true, false, false]),
            ('▖', [false, false, true, false]),
            ('▗', [false, false, false, true]),
            ('▚', [true, false, false, true]),
            ('▞', [false, true, true, false]),
            ('▙', [true, false, true, true]),
            ('▛', [true, true, true, false]),
            ('▜', [true, true, false, true]),
            ('▟', [false, true, true, true]),
            ('▌', [true, false, true, false]),
            ('▐', [false, true, false, true]),
            ('▀', [true, true, false, false]),
            ('▄', [false, false, true, true]),
        ] {
            let drawn = shapes(glyph, CELL).expect("drawn as shapes");
            let inked = corners.map(|(x, y)| drawn.iter().any(|shape| covers(shape, x, y)));
            assert_eq!(inked, expected, "{glyph}");
        }
    }

    #[test]
    fn braille_has_a_dot_for_each_bit_at_its_place() {
        for glyph in '\u{2800}'..='\u{28ff}' {
            let dots = shapes(glyph, CELL).expect("drawn as shapes").len() as u32;
            assert_eq!(dots, (glyph as u32 & 0xff).count_ones(), "{glyph}");
        }
        let place = |glyph| match shapes(glyph, CELL).as_deref() {
            Some([Shape::Dot { x, y, .. }]) => (*x, *y),
            other => panic!("{glyph}: {other:?}"),
        };
        assert_eq!(place('⠁'), (2.0, 2.0));
        assert_eq!(place('⠄'), (2.0, 10.0));
        assert_eq!(place('⠈'), (6.0, 2.0));
        assert_eq!(place('⡀'), (2.0, 14.0));
        assert_eq!(place('⢀'), (6.0, 14.0));
    }

    #[test]
    fn letters_and_double_lines_are_left_to_the_font() {
        for glyph in ['a', 'µ', '═', '╬', '✔', '\u{2a00}'] {
            assert_eq!(shapes(glyph, CELL), None, "{glyph}");
        }
    }
}
