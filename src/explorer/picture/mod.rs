//! Pictures of a terminal screen: a ratatui buffer as SVG or PNG.
//!
//! A picture shows what a good terminal would show. Blocks, braille and box drawing are drawn as
//! shapes, so neighbouring cells meet without seams whatever font is at hand; all other text
//! stays text, held to the grid.

mod cells;
mod glyphs;
mod lines;
mod paths;
mod png;
mod svg;
mod text;
mod window;

use ratatui::layout::Size;
use ratatui::style::Color;

pub use png::{PictureError, png};
pub use svg::svg;

/// A colour of a picture: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// The colour `share` of the way from `self` to `other`; 0 is `self`, 1 is `other`.
    fn toward(self, other: Rgb, share: f32) -> Rgb {
        let mix = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round();
        Rgb(
            mix(self.0, other.0) as u8,
            mix(self.1, other.1) as u8,
            mix(self.2, other.2) as u8,
        )
    }
}

/// `#rrggbb`.
impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// How the pictured terminal is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What [`Color::Reset`] means behind text.
    pub background: Rgb,
    /// What [`Color::Reset`] means for text.
    pub foreground: Rgb,
    /// The 16 ANSI colours; the other 240 are the same in every terminal.
    pub palette: [Rgb; 16],
    /// Draws a window frame with this title; `None` gives the cells alone.
    pub title: Option<String>,
    /// Size of a cell in pixels at scale 1. Multiples of 8 keep every block on whole pixels.
    pub cell: Size,
}

impl Look {
    /// Light text on a dark ground.
    pub fn dark() -> Look {
        Look {
            background: Rgb(0x0d, 0x11, 0x17),
            foreground: Rgb(0xd6, 0xdb, 0xe3),
            palette: [
                Rgb(0x1c, 0x22, 0x2b),
                Rgb(0xf4, 0x70, 0x67),
                Rgb(0x57, 0xc0, 0x6b),
                Rgb(0xe0, 0xb4, 0x4c),
                Rgb(0x5b, 0xa8, 0xf5),
                Rgb(0xc3, 0x8d, 0xf0),
                Rgb(0x4f, 0xc4, 0xcf),
                Rgb(0xb6, 0xbe, 0xc9),
                Rgb(0x6b, 0x76, 0x84),
                Rgb(0xff, 0x95, 0x8c),
                Rgb(0x7d, 0xdb, 0x8d),
                Rgb(0xf2, 0xce, 0x75),
                Rgb(0x87, 0xc3, 0xff),
                Rgb(0xd9, 0xb0, 0xff),
                Rgb(0x7f, 0xde, 0xe6),
                Rgb(0xf3, 0xf6, 0xfa),
            ],
            title: None,
            cell: Size::new(8, 16),
        }
    }

    /// Dark text on a white ground.
    pub fn light() -> Look {
        Look {
            background: Rgb(0xff, 0xff, 0xff),
            foreground: Rgb(0x1f, 0x26, 0x2e),
            palette: [
                Rgb(0x1f, 0x26, 0x2e),
                Rgb(0xc4, 0x2b, 0x2b),
                Rgb(0x1f, 0x7a, 0x36),
                Rgb(0x8f, 0x62, 0x00),
                Rgb(0x0b, 0x5f, 0xc0),
                Rgb(0x7b, 0x3f, 0xb8),
                Rgb(0x0b, 0x72, 0x80),
                Rgb(0x6a, 0x73, 0x7d),
                Rgb(0x8b, 0x94, 0x9e),
                Rgb(0xdc, 0x4a, 0x47),
                Rgb(0x2f, 0x97, 0x4b),
                Rgb(0xa8, 0x78, 0x10),
                Rgb(0x2d, 0x7f, 0xe0),
                Rgb(0x97, 0x5e, 0xd1),
                Rgb(0x1f, 0x8f, 0x9e),
                Rgb(0xff, 0xff, 0xff),
            ],
            title: None,
            cell: Size::new(8, 16),
        }
    }

    /// The colour a terminal with this look shows; `reset` is what [`Color::Reset`] means here.
    fn resolve(&self, color: Color, reset: Rgb) -> Rgb {
        let index = match color {
            Color::Reset => return reset,
            Color::Rgb(r, g, b) => return Rgb(r, g, b),
            Color::Indexed(index) => index,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 8,
            Color::LightRed => 9,
            Color::LightGreen => 10,
            Color::LightYellow => 11,
            Color::LightBlue => 12,
            Color::LightMagenta => 13,
            Color::LightCyan => 14,
            Color::White => 15,
        };
        self.indexed(index)
    }

    /// Colour `index` of 256: the palette, xterm's 6×6×6 cube, its 24 greys.
    fn indexed(&self, index: u8) -> Rgb {
        match index {
            0..=15 => self.palette[usize::from(index)],
            16..=231 => {
                let level = |digit: u8| if digit == 0 { 0 } else { 55 + 40 * digit };
                let cube = index - 16;
                Rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            232..=255 => {
                let grey = 8 + 10 * (index - 232);
                Rgb(grey, grey, grey)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_the_256_are_those_of_xterm() {
        let look = Look::dark();
        assert_eq!(look.indexed(9), look.palette[9]);
        assert_eq!(look.indexed(16), Rgb(0, 0, 0));
        assert_eq!(look.indexed(67), Rgb(0x5f, 0x87, 0xaf));
        assert_eq!(look.indexed(231), Rgb(255, 255, 255));
        assert_eq!(look.indexed(232), Rgb(8, 8, 8));
        assert_eq!(look.indexed(255), Rgb(238, 238, 238));
    }

    #[test]
    fn reset_depends_on_where_it_stands() {
        let look = Look::light();
        assert_eq!(look.resolve(Color::Reset, look.foreground), look.foreground);
        assert_eq!(look.resolve(Color::Reset, look.background), look.background);
        assert_eq!(look.resolve(Color::Red, look.foreground), look.palette[1]);
    }

    #[test]
    fn mixing_ends_at_both_colours() {
        let (a, b) = (Rgb(0, 100, 255), Rgb(200, 0, 55));
        assert_eq!(a.toward(b, 0.0), a);
        assert_eq!(a.toward(b, 1.0), b);
        assert_eq!(a.toward(b, 0.25), Rgb(50, 75, 205));
    }
}
