//! Box drawing, U+2500 to U+257F: light, heavy, dashed and rounded lines.

use super::glyphs::Shape;

/// Weights of the four arms of U+2500 to U+257F, a hex digit each: up, right, down, left; 1 is
/// light, 2 heavy. 0 throughout: dashes, rounded corners and diagonals, which are drawn in their
/// own way, and double lines, which are left to the font.
#[rustfmt::skip]
const ARMS: [u16; 128] = [
    0x0101, 0x0202, 0x1010, 0x2020, 0, 0, 0, 0, // ─ ━ │ ┃
    0, 0, 0, 0, 0x0110, 0x0210, 0x0120, 0x0220, // ┌ ┍ ┎ ┏
    0x0011, 0x0012, 0x0021, 0x0022, 0x1100, 0x1200, 0x2100, 0x2200, // ┐ ┑ ┒ ┓ └ ┕ ┖ ┗
    0x1001, 0x1002, 0x2001, 0x2002, 0x1110, 0x1210, 0x2110, 0x1120, // ┘ ┙ ┚ ┛ ├ ┝ ┞ ┟
    0x2120, 0x2210, 0x1220, 0x2220, 0x1011, 0x1012, 0x2011, 0x1021, // ┠ ┡ ┢ ┣ ┤ ┥ ┦ ┧
    0x2021, 0x2012, 0x1022, 0x2022, 0x0111, 0x0112, 0x0211, 0x0212, // ┨ ┩ ┪ ┫ ┬ ┭ ┮ ┯
    0x0121, 0x0122, 0x0221, 0x0222, 0x1101, 0x1102, 0x1201, 0x1202, // ┰ ┱ ┲ ┳ ┴ ┵ ┶ ┷
    0x2101, 0x2102, 0x2201, 0x2202, 0x1111, 0x1112, 0x1211, 0x1212, // ┸ ┹ ┺ ┻ ┼ ┽ ┾ ┿
    0x2111, 0x1121, 0x2121, 0x2112, 0x2211, 0x1122, 0x1221, 0x2212, // ╀ ╁ ╂ ╃ ╄ ╅ ╆ ╇
    0x1222, 0x2122, 0x2221, 0x2222, 0, 0, 0, 0, // ╈ ╉ ╊ ╋
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0x0001, 0x1000, 0x0100, 0x0010, // ╴ ╵ ╶ ╷
    0x0002, 0x2000, 0x0200, 0x0020, 0x0201, 0x1020, 0x0102, 0x2010, // ╸ ╹ ╺ ╻ ╼ ╽ ╾ ╿
];

/// Where the lines of box drawing run in a cell.
pub(super) struct BoxGrid {
    width: f32,
    height: f32,
    /// Middle of the vertical line, so that a light line covers whole pixels at scale 1.
    x: f32,
    /// Middle of the horizontal line, likewise.
    y: f32,
    light: f32,
}

impl BoxGrid {
    pub(super) fn new(width: f32, height: f32) -> BoxGrid {
        let light = (width / 8.0).round().max(1.0);
        BoxGrid {
            width,
            height,
            x: (width / 2.0).floor() + light / 2.0,
            y: (height / 2.0).floor() + light / 2.0,
            light,
        }
    }

    /// The shapes of a box drawing character; `None` for double lines, the font's business.
    pub(super) fn shapes(&self, glyph: char) -> Option<Vec<Shape>> {
        let (x, y, width, height) = (self.x, self.y, self.width, self.height);
        let heavy = 2.0 * self.light;
        let rising = || self.line(vec![(width, 0.0), (0.0, height)]);
        let falling = || self.line(vec![(0.0, 0.0), (width, height)]);
        let drawn = match glyph {
            '┄' => self.dashes_across(3, self.light),
            '┅' => self.dashes_across(3, heavy),
            '┆' => self.dashes_down(3, self.light),
            '┇' => self.dashes_down(3, heavy),
            '┈' => self.dashes_across(4, self.light),
            '┉' => self.dashes_across(4, heavy),
            '┊' => self.dashes_down(4, self.light),
            '┋' => self.dashes_down(4, heavy),
            '╌' => self.dashes_across(2, self.light),
            '╍' => self.dashes_across(2, heavy),
            '╎' => self.dashes_down(2, self.light),
            '╏' => self.dashes_down(2, heavy),
            '╭' => vec![self.line(vec![(x, height), (x, y), (width, y)])],
            '╮' => vec![self.line(vec![(x, height), (x, y), (0.0, y)])],
            '╯' => vec![self.line(vec![(x, 0.0), (x, y), (0.0, y)])],
            '╰' => vec![self.line(vec![(x, 0.0), (x, y), (width, y)])],
            '╱' => vec![rising()],
            '╲' => vec![falling()],
            '╳' => vec![rising(), falling()],
            _ => match ARMS[glyph as usize - 0x2500] {
                0 => return None,
                arms => self.arms(arms),
            },
        };
        Some(drawn)
    }

    /// Straight arms from the edges to the middle, far enough to fill the corner they form.
    fn arms(&self, weights: u16) -> Vec<Shape> {
        let weight = |arm: u16| self.light * f32::from(weights >> (4 * arm) & 0xf);
        let (up, right, down, left) = (weight(3), weight(2), weight(1), weight(0));
        let across = left.max(right) / 2.0;
        let along = up.max(down) / 2.0;
        let mut drawn = Vec::new();
        if up > 0.0 {
            drawn.push(rect(self.x - up / 2.0, 0.0, up, self.y + across));
        }
        if down > 0.0 {
            let top = self.y - across;
            drawn.push(rect(self.x - down / 2.0, top, down, self.height - top));
        }
        if left > 0.0 {
            drawn.push(rect(0.0, self.y - left / 2.0, self.x + along, left));
        }
        if right > 0.0 {
            let start = self.x - along;
            drawn.push(rect(start, self.y - right / 2.0, self.width - start, right));
        }
        drawn
    }

    fn dashes_across(&self, count: u8, weight: f32) -> Vec<Shape> {
        dashes(count, self.width)
            .map(|(start, length)| rect(start, self.y - weight / 2.0, length, weight))
            .collect()
    }

    fn dashes_down(&self, count: u8, weight: f32) -> Vec<Shape> {
        dashes(count, self.height)
            .map(|(start, length)| rect(self.x - weight / 2.0, start, weight, length))
            .collect()
    }

    fn line(&self, points: Vec<(f32, f32)>) -> Shape {
        Shape::Line {
            points,
            radius: (self.width / 2.0).floor() - self.light / 2.0,
            width: self.light,
        }
    }
}

/// Start and length of `count` dashes over `extent`, so spaced that cells continue each other.
fn dashes(count: u8, extent: f32) -> impl Iterator<Item = (f32, f32)> {
    let pitch = extent / f32::from(count);
    (0..count).map(move |i| (pitch * (f32::from(i) + 0.25), pitch * 0.5))
}

fn rect(x: f32, y: f32, width: f32, height: f32) -> Shape {
    Shape::Rect {
        x,
        y,
        width,
        height,
        ink: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a glyph inks a point of a cell of 8 × 16.
    fn inks(glyph: char, at_x: f32, at_y: f32) -> bool {
        let covers = |shape: &Shape| match *shape {
            Shape::Rect {
                x,
                y,
                width,
                height,
                ..
            } => (x..x + width).contains(&at_x) && (y..y + height).contains(&at_y),
            _ => false,
        };
        let drawn = BoxGrid::new(8.0, 16.0).shapes(glyph);
        drawn.expect("drawn as shapes").iter().any(covers)
    }

    #[test]
    fn box_lines_reach_exactly_the_edges_they_connect_to() {
        // Points just inside the edges, in the middle of a light line: up, right, down, left.
        let edges = [(4.5, 0.1), (7.9, 8.5), (4.5, 15.9), (0.1, 8.5)];
        for (glyph, expected) in [
            ('─', [false, true, false, true]),
            ('│', [true, false, true, false]),
            ('┌', [false, true, true, false]),
            ('┐', [false, false, true, true]),
            ('└', [true, true, false, false]),
            ('┘', [true, false, false, true]),
            ('├', [true, true, true, false]),
            ('┤', [true, false, true, true]),
            ('┬', [false, true, true, true]),
            ('┴', [true, true, false, true]),
            ('┼', [true, true, true, true]),
            ('┏', [false, true, true, false]),
            ('┛', [true, false, false, true]),
            ('╸', [false, false, false, true]),
        ] {
            let inked = edges.map(|(x, y)| inks(glyph, x, y));
            assert_eq!(inked, expected, "{glyph}");
        }
    }

    #[test]
    fn dashes_continue_from_cell_to_cell() {
        for (glyph, count) in [('┆', 3), ('┊', 4), ('╎', 2)] {
            let inked: Vec<_> = (0..160)
                .map(|i| inks(glyph, 4.5, 0.05 + 0.1 * i as f32))
                .collect();
            let ends = inked.iter().zip(inked.iter().cycle().skip(1));
            let dashes = ends.filter(|(here, next)| **here && !**next).count();
            assert_eq!(dashes, count, "{glyph}");
            assert!(
                !inked[0] && !inked[159],
                "{glyph} begins and ends with a gap"
            );
            let share = inked.iter().filter(|ink| **ink).count() as f32 / 160.0;
            assert!((share - 0.5).abs() < 0.03, "{glyph} inks {share}");
        }
    }
}
