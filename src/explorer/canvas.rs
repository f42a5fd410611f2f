//! Cell graphics: areas at eight rows and four columns a cell, lines in braille on top.
//!
//! A terminal cell shows one glyph in two colours. Areas are therefore sampled on a finer grid
//! and every cell takes the block glyph (eighths, left parts, quadrants) and the two inks that
//! fit its samples best: edges come out eight times finer than rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

/// Samples across and down a cell.
pub const SAMPLES_X: usize = 4;
pub const SAMPLES_Y: usize = 8;
/// Braille dots across and down a cell.
pub const DOTS_X: usize = 2;
pub const DOTS_Y: usize = 4;

/// How an area is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// A colour of its own, with fine edges.
    Solid(Color),
    /// A glyph over the background, for terminals without enough colours and for a fan that is
    /// not to be trusted; `sparse` leaves out every second cell.
    Texture {
        glyph: char,
        color: Color,
        sparse: bool,
    },
}

/// Samples of a cell that a texture needs to be drawn.
const TEXTURE_FROM: u32 = 7;

/// Index into the inks that [`Canvas::paint`] is given; [`NOTHING`] is the bare background.
pub type InkIndex = u8;
pub const NOTHING: InkIndex = 0;

/// A grid of cells to draw on, independent of where it lands on screen.
#[derive(Debug, Clone)]
pub struct Canvas {
    width: usize,
    height: usize,
    samples: Vec<InkIndex>,
    lines: Vec<Dots>,
    marks: Vec<Option<(char, Color)>>,
}

/// Braille dots of one cell, all of one colour.
#[derive(Debug, Clone, Copy, Default)]
struct Dots {
    pattern: u8,
    color: Color,
}

impl Canvas {
    /// An empty canvas of `width` × `height` cells.
    pub fn new(width: u16, height: u16) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            samples: vec![NOTHING; width * SAMPLES_X * height * SAMPLES_Y],
            lines: vec![Dots::default(); width * height],
            marks: vec![None; width * height],
        }
    }

    /// Samples across the whole canvas.
    pub fn sample_columns(&self) -> usize {
        self.width * SAMPLES_X
    }

    /// Fills one column of samples between two heights, measured in cells from the top.
    pub fn fill(&mut self, column: usize, top: f64, bottom: f64, ink: InkIndex) {
        if column >= self.sample_columns() || top.is_nan() || bottom.is_nan() || top > bottom {
            return;
        }
        let rows = self.height * SAMPLES_Y;
        // A sample belongs to the area when its centre does; an area thinner than a sample
        // keeps the sample it lies in.
        let first = (top * SAMPLES_Y as f64 - 0.5).ceil().max(0.0) as usize;
        let past = ((bottom * SAMPLES_Y as f64 + 0.5).floor().max(0.0) as usize).min(rows);
        let past = if past <= first && bottom >= 0.0 {
            (first + 1).min(rows)
        } else {
            past
        };
        for row in first..past {
            self.samples[row * self.width * SAMPLES_X + column] = ink;
        }
    }

    /// A straight line between two points in cells from the top left; the part outside the
    /// canvas is left out. A later line takes over the cells it passes through.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), color: Color) {
        let Some((from, to)) = clip(from, to, self.width as f64, self.height as f64) else {
            return;
        };
        let dot = |(x, y): (f64, f64)| (x * DOTS_X as f64, y * DOTS_Y as f64);
        let ((x0, y0), (x1, y1)) = (dot(from), dot(to));
        let steps = (x1 - x0).abs().max((y1 - y0).abs()).ceil().max(1.0) as usize;
        for i in 0..=steps {
            let share = i as f64 / steps as f64;
            self.dot_at(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, color);
        }
    }

    /// One braille dot at a point in cells from the top left.
    pub fn dot(&mut self, x: f64, y: f64, color: Color) {
        self.dot_at(x * DOTS_X as f64, y * DOTS_Y as f64, color);
    }

    fn dot_at(&mut self, x: f64, y: f64, color: Color) {
        if !(x >= 0.0 && y >= 0.0) {
            return;
        }
        let (x, y) = (x as usize, y as usize);
        let (column, row) = (x / DOTS_X, y / DOTS_Y);
        if column >= self.width || row >= self.height {
            return;
        }
        const BITS: [[u8; DOTS_Y]; DOTS_X] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
        let cell = &mut self.lines[row * self.width + column];
        if cell.color != color {
            *cell = Dots { pattern: 0, color };
        }
        cell.pattern |= BITS[x % DOTS_X][y % DOTS_Y];
    }

    /// A glyph in the cell that holds a point, over areas and lines.
    pub fn mark(&mut self, x: f64, y: f64, glyph: char, color: Color) {
        if x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height {
            self.marks[y as usize * self.width + x as usize] = Some((glyph, color));
        }
    }

    /// Writes the canvas into a buffer at `area`; `inks[i - 1]` is what ink `i` looks like.
    /// Cells with nothing on them are left as they are.
    pub fn paint(&self, buffer: &mut Buffer, area: Rect, inks: &[Ink]) {
        let visible = area.intersection(buffer.area);
        for row in 0..self.height.min(visible.height as usize) {
            for column in 0..self.width.min(visible.width as usize) {
                let position = (visible.x + column as u16, visible.y + row as u16);
                let cell = &mut buffer[position];
                let ground = self.ground(column, row, inks);
                let over = self.over(column, row);
                match (ground, over) {
                    (Ground::Empty, None) => {}
                    (Ground::Empty, Some((glyph, color))) => {
                        cell.set_char(glyph).set_fg(color);
                    }
                    (Ground::Blocks { main, .. }, Some((glyph, color))) => {
                        cell.set_char(glyph).set_fg(color).set_bg(main);
                    }
                    (Ground::Texture { .. }, Some((glyph, color))) => {
                        cell.set_char(glyph).set_fg(color);
                    }
                    (Ground::Texture { glyph, color }, None) => {
                        cell.set_char(glyph).set_fg(color);
                    }
                    (
                        Ground::Blocks {
                            glyph, ink, paper, ..
                        },
                        None,
                    ) => {
                        cell.set_char(glyph);
                        // The bare background cannot be asked for as ink: the two are swapped
                        // and the terminal swaps them back.
                        if ink == Color::Reset && paper != Color::Reset {
                            cell.set_fg(paper).modifier.insert(Modifier::REVERSED);
                        } else {
                            cell.set_fg(ink).set_bg(paper);
                        }
                    }
                }
            }
        }
    }

    fn over(&self, column: usize, row: usize) -> Option<(char, Color)> {
        let i = row * self.width + column;
        if self.marks[i].is_some() {
            return self.marks[i];
        }
        let Dots { pattern, color } = self.lines[i];
        let glyph = char::from_u32(0x2800 + u32::from(pattern))?;
        (pattern != 0).then_some((glyph, color))
    }

    fn ground(&self, column: usize, row: usize, inks: &[Ink]) -> Ground {
        let mut counts = [(NOTHING, 0u32); 4];
        let mut kinds = 0;
        let cell = self.cell_samples(column, row);
        for &sample in &cell {
            match counts[..kinds].iter_mut().find(|(ink, _)| *ink == sample) {
                Some((_, count)) => *count += 1,
                // A fifth ink in one cell is too little to be seen.
                None if kinds < 4 => {
                    counts[kinds] = (sample, 1);
                    kinds += 1;
                }
                None => {}
            }
        }
        let counts = &counts[..kinds];
        let most = |counts: &mut dyn Iterator<Item = &(InkIndex, u32)>| {
            counts
                .max_by_key(|(_, count)| *count)
                .copied()
                .unwrap_or((NOTHING, 0))
        };
        let mut main = most(&mut counts.iter()).0;
        // A texture fills its cell or does not: it does where a good part of the cell is covered,
        // or narrow bands would fall to pieces.
        let (covering, share) = most(&mut counts.iter().filter(|(ink, _)| *ink != NOTHING));
        let textured = covering != NOTHING
            && matches!(inks.get(covering as usize - 1), Some(Ink::Texture { .. }));
        if textured && main == NOTHING && share >= TEXTURE_FROM {
            main = covering;
        }
        if kinds == 1 && main == NOTHING {
            return Ground::Empty;
        }
        let color = |index: InkIndex| match index.checked_sub(1).and_then(|i| inks.get(i as usize))
        {
            Some(Ink::Solid(color)) => Some(*color),
            Some(Ink::Texture { .. }) => None,
            None => Some(Color::Reset),
        };
        let Some(main_color) = color(main) else {
            return texture(inks[main as usize - 1], column, row);
        };
        if kinds == 1 {
            return Ground::Blocks {
                glyph: ' ',
                ink: main_color,
                paper: main_color,
                main: main_color,
            };
        }
        let fit = fit(&cell, counts);
        if fit.ink == fit.paper {
            // All but a sliver is of one ink.
            return match fit.ink {
                NOTHING => Ground::Empty,
                _ => Ground::Blocks {
                    glyph: ' ',
                    ink: main_color,
                    paper: main_color,
                    main: main_color,
                },
            };
        }
        match (color(fit.ink), color(fit.paper)) {
            (Some(ink), Some(paper)) => Ground::Blocks {
                glyph: fit.glyph,
                ink,
                paper,
                main: main_color,
            },
            _ => Ground::Empty,
        }
    }

    fn cell_samples(&self, column: usize, row: usize) -> [InkIndex; SAMPLES_X * SAMPLES_Y] {
        let mut out = [NOTHING; SAMPLES_X * SAMPLES_Y];
        let stride = self.width * SAMPLES_X;
        for y in 0..SAMPLES_Y {
            let from = (row * SAMPLES_Y + y) * stride + column * SAMPLES_X;
            out[y * SAMPLES_X..][..SAMPLES_X]
                .copy_from_slice(&self.samples[from..from + SAMPLES_X]);
        }
        out
    }
}

/// What lies under lines and marks in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ground {
    Empty,
    Texture {
        glyph: char,
        color: Color,
    },
    Blocks {
        glyph: char,
        ink: Color,
        paper: Color,
        main: Color,
    },
}

fn texture(ink: Ink, column: usize, row: usize) -> Ground {
    match ink {
        Ink::Texture { sparse: true, .. } if (column + row) % 2 == 1 => Ground::Empty,
        Ink::Texture { glyph, color, .. } => Ground::Texture { glyph, color },
        Ink::Solid(color) => Ground::Blocks {
            glyph: ' ',
            ink: color,
            paper: color,
            main: color,
        },
    }
}

/// Samples that a glyph's ink covers: bit `y * 4 + x`.
const GLYPHS: [(char, u32); 20] = [
    ('▁', 0xF000_0000),
    ('▂', 0xFF00_0000),
    ('▃', 0xFFF0_0000),
    ('▄', 0xFFFF_0000),
    ('▅', 0xFFFF_F000),
    ('▆', 0xFFFF_FF00),
    ('▇', 0xFFFF_FFF0),
    ('▎', 0x1111_1111),
    ('▌', 0x3333_3333),
    ('▊', 0x7777_7777),
    ('▖', 0x3333_0000),
    ('▗', 0xCCCC_0000),
    ('▘', 0x0000_3333),
    ('▝', 0x0000_CCCC),
    ('▙', 0xFFFF_3333),
    ('▟', 0xFFFF_CCCC),
    ('▛', 0x3333_FFFF),
    ('▜', 0xCCCC_FFFF),
    ('▚', 0xCCCC_3333),
    ('▞', 0x3333_CCCC),
];

struct Fit {
    glyph: char,
    ink: InkIndex,
    paper: InkIndex,
}

/// The glyph and the two inks that leave the fewest samples wrong.
fn fit(cell: &[InkIndex; 32], counts: &[(InkIndex, u32)]) -> Fit {
    let mut bits = [(NOTHING, 0u32); 4];
    for (slot, (ink, _)) in bits.iter_mut().zip(counts) {
        let mask = cell.iter().enumerate().filter(|(_, sample)| *sample == ink);
        *slot = (*ink, mask.fold(0, |mask, (i, _)| mask | 1 << i));
    }
    let bits = &bits[..counts.len()];
    let best_in = |mask: u32| {
        let covered = bits
            .iter()
            .map(|(ink, bits)| ((bits & mask).count_ones(), *ink));
        covered
            .max_by_key(|(count, _)| *count)
            .unwrap_or((0, NOTHING))
    };
    let mut best = Fit {
        glyph: ' ',
        ink: NOTHING,
        paper: NOTHING,
    };
    let mut right = 0;
    for (glyph, mask) in GLYPHS {
        let (inside, ink) = best_in(mask);
        let (outside, paper) = best_in(!mask);
        if inside + outside > right {
            right = inside + outside;
            best = Fit { glyph, ink, paper };
        }
    }
    best
}

/// The part of a segment inside `[0, width] × [0, height]` (Liang and Barsky 1984).
fn clip(
    from: (f64, f64),
    to: (f64, f64),
    width: f64,
    height: f64,
) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    if !(dx.is_finite() && dy.is_finite()) {
        return None;
    }
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (step, room) in [
        (-dx, from.0),
        (dx, width - from.0),
        (-dy, from.1),
        (dy, height - from.1),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |share: f64| (from.0 + dx * share, from.1 + dy * share);
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BLUE: Ink = Ink::Solid(Color::Blue);

    fn painted(canvas: &Canvas, inks: &[Ink]) -> Buffer {
        let area = Rect::new(0, 0, canvas.width as u16, canvas.height as u16);
        let mut buffer = Buffer::empty(area);
        canvas.paint(&mut buffer, area, inks);
        buffer
    }

    #[test]
    fn an_upper_edge_has_eighths() {
        for eighths in 1..8usize {
            let mut canvas = Canvas::new(1, 1);
            for column in 0..SAMPLES_X {
                canvas.fill(column, 1.0 - eighths as f64 / 8.0, 1.0, 1);
            }
            let buffer = painted(&canvas, &[BLUE]);
            let glyph = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'][eighths - 1];
            assert_eq!(buffer[(0, 0)].symbol(), glyph.to_string());
            assert_eq!(buffer[(0, 0)].fg, Color::Blue);
            assert_eq!(buffer[(0, 0)].bg, Color::Reset);
        }
    }

    #[test]
    fn a_lower_edge_is_reversed() {
        let mut canvas = Canvas::new(1, 1);
        for column in 0..SAMPLES_X {
            canvas.fill(column, 0.0, 0.25, 1);
        }
        let buffer = painted(&canvas, &[BLUE]);
        let cell = &buffer[(0, 0)];
        assert_eq!(cell.symbol(), "▆");
        assert_eq!((cell.fg, cell.bg), (Color::Blue, Color::Reset));
        assert!(cell.modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn a_line_lies_on_the_main_colour() {
        let mut canvas = Canvas::new(1, 1);
        for column in 0..SAMPLES_X {
            canvas.fill(column, 0.0, 1.0, 1);
        }
        canvas.line((0.0, 0.1), (1.0, 0.1), Color::Yellow);
        let buffer = painted(&canvas, &[BLUE]);
        assert_eq!(buffer[(0, 0)].symbol(), "⠉");
        assert_eq!(
            (buffer[(0, 0)].fg, buffer[(0, 0)].bg),
            (Color::Yellow, Color::Blue)
        );
    }

    #[test]
    fn a_thin_area_does_not_vanish() {
        let mut canvas = Canvas::new(1, 1);
        for column in 0..SAMPLES_X {
            canvas.fill(column, 0.51, 0.52, 1);
        }
        assert!(canvas.samples.contains(&1));
    }

    proptest! {
        #[test]
        fn no_figure_leaves_the_canvas(
            width in 0u16..20, height in 0u16..10,
            points in prop::collection::vec((-1e4..1e4f64, -1e4..1e4f64), 0..20),
            columns in prop::collection::vec((0usize..100, -20.0..20.0f64, -20.0..20.0f64), 0..40),
        ) {
            let mut canvas = Canvas::new(width, height);
            for (column, top, bottom) in columns {
                canvas.fill(column, top, bottom, 1);
            }
            for pair in points.windows(2) {
                canvas.line(pair[0], pair[1], Color::Red);
                canvas.mark(pair[0].0, pair[0].1, 'x', Color::Red);
            }
            // Smaller than the canvas: what does not fit is clipped.
            let mut buffer = Buffer::empty(Rect::new(0, 0, 7, 3));
            canvas.paint(&mut buffer, Rect::new(2, 1, width, height), &[BLUE]);
        }

        #[test]
        fn two_inks_that_a_glyph_can_split_are_drawn_without_loss(which in 0usize..GLYPHS.len()) {
            let mask = GLYPHS[which].1;
            let cell: [InkIndex; 32] = std::array::from_fn(|i| if mask >> i & 1 == 1 { 2 } else { 1 });
            let got = fit(&cell, &[(1, 16), (2, 16)]);
            let drawn = GLYPHS.iter().find(|(glyph, _)| *glyph == got.glyph).unwrap().1;
            for (i, ink) in cell.into_iter().enumerate() {
                prop_assert_eq!(if drawn >> i & 1 == 1 { got.ink } else { got.paper }, ink);
            }
        }
    }
}
