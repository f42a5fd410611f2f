//! Colours, resolved once for the terminal at hand.
//!
//! One hue with a ramp of lightness carries the bands, warm colours carry what lies on top; no
//! meaning hangs on colour alone. Where a terminal has too few colours for a ramp, bands are told
//! apart by texture.

use ratatui::style::{Color, Modifier, Style};

use super::canvas::Ink;
use super::picture::Rgb;

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colors {
    None,
    Sixteen,
    TwoHundredFiftySix,
    True,
}

/// Whether text is light on dark or dark on light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    Dark,
    Light,
}

impl Background {
    /// By the luminance of a colour (Rec. 709 weights).
    pub fn of(Rgb(red, green, blue): Rgb) -> Self {
        let weighted = |weight: f64, channel: u8| weight * f64::from(channel) / 255.0;
        let luminance = weighted(0.2126, red) + weighted(0.7152, green) + weighted(0.0722, blue);
        if luminance > 0.5 {
            Self::Light
        } else {
            Self::Dark
        }
    }
}

/// Every style the explorer draws with.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    pub colors: Colors,
    pub background: Background,
    pub text: Style,
    /// Labels, axes, hints.
    pub dim: Style,
    pub border: Style,
    pub heading: Style,
    /// A control's value, keys in hints.
    pub accent: Style,
    /// The view that is shown, the chosen entry of a list.
    pub tab: Style,
    pub good: Style,
    pub warn: Style,
    /// Words about a fit that failed.
    pub bad: Style,
    /// The banner and the badge of a fit that failed.
    pub alarm: Style,
    pub mean: Color,
    pub observation: Color,
    pub threshold: Color,
    pub cursor: Color,
    pub path: Color,
    /// The path that was shown before.
    pub faded: Color,
    pub untrusted: Color,
    pub histogram: Color,
    pub chains: [Color; 6],
    /// Widest band first.
    forecast: [Color; 4],
    history: [Color; 4],
}

const fn rgb(hex: u32) -> Color {
    Color::Rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    pub fn new(colors: Colors, background: Background) -> Self {
        match colors {
            Colors::True => Self::full(background, |color| color),
            Colors::TwoHundredFiftySix => Self::full(background, indexed),
            Colors::Sixteen => Self::sixteen(background),
            Colors::None => Self::plain(background),
        }
        .with(colors)
    }

    fn with(self, colors: Colors) -> Self {
        Self { colors, ..self }
    }

    fn full(background: Background, show: impl Fn(Color) -> Color) -> Self {
        let dark = background == Background::Dark;
        let pick = |on_dark: u32, on_light: u32| show(rgb(if dark { on_dark } else { on_light }));
        let fg = |on_dark: u32, on_light: u32| Style::new().fg(pick(on_dark, on_light));
        Self {
            colors: Colors::True,
            background,
            text: Style::new(),
            dim: fg(0x8b949e, 0x636c76),
            border: fg(0x3d444d, 0xc4cad1),
            heading: fg(0xc9d1d9, 0x24292f).add_modifier(Modifier::BOLD),
            accent: fg(0x79c0ff, 0x0550ae).add_modifier(Modifier::BOLD),
            tab: fg(0xffffff, 0x0a2540)
                .bg(pick(0x2b4a6b, 0xc3d9ee))
                .add_modifier(Modifier::BOLD),
            good: fg(0x56d364, 0x1a7f37),
            warn: fg(0xe3b341, 0x8a5a00),
            bad: fg(0xff7b72, 0xb3161b).add_modifier(Modifier::BOLD),
            alarm: Style::new()
                .fg(pick(0xffffff, 0xffffff))
                .bg(pick(0xb62324, 0xb3161b))
                .add_modifier(Modifier::BOLD),
            mean: pick(0xffe08a, 0x0a2540),
            observation: pick(0xe6edf3, 0x24292f),
            threshold: pick(0xff9e64, 0xb34700),
            cursor: pick(0xadbac7, 0x57606a),
            path: pick(0xd9c2ff, 0x6a3fb0),
            faded: pick(0x6c6390, 0xb9a9d8),
            untrusted: pick(0xc9813a, 0xa85b12),
            histogram: pick(0x4a90d9, 0x3b7dc4),
            chains: [
                pick(0xe69f00, 0xa65f00),
                pick(0xe7a6d0, 0x8e3d74),
                pick(0xf0e442, 0x5c5400),
                pick(0x3ddbb0, 0x00664b),
                pick(0xff8a5c, 0xa33a00),
                pick(0xffffff, 0x000000),
            ],
            forecast: [
                pick(0x14304f, 0xdbe9f7),
                pick(0x1c4c7c, 0xb3d2ee),
                pick(0x2f78b7, 0x7db3e0),
                pick(0x4b97d6, 0x5a9cd4),
            ],
            history: [
                pick(0x1a2029, 0xeff1f4),
                pick(0x232b36, 0xe2e6eb),
                pick(0x2d3745, 0xd3d9e0),
                pick(0x384453, 0xc5cdd6),
            ],
        }
    }

    fn sixteen(background: Background) -> Self {
        let dark = background == Background::Dark;
        let fg = |color: Color| Style::new().fg(color);
        let strong = |on_dark, on_light| if dark { on_dark } else { on_light };
        Self {
            dim: fg(Color::DarkGray),
            border: fg(Color::DarkGray),
            heading: Style::new().add_modifier(Modifier::BOLD),
            accent: fg(strong(Color::LightCyan, Color::Blue)).add_modifier(Modifier::BOLD),
            tab: Style::new().add_modifier(Modifier::REVERSED),
            good: fg(Color::Green),
            warn: fg(strong(Color::Yellow, Color::Magenta)),
            bad: fg(Color::Red).add_modifier(Modifier::BOLD),
            alarm: Style::new()
                .fg(Color::White)
                .bg(Color::Red)
                .add_modifier(Modifier::BOLD),
            mean: strong(Color::White, Color::Black),
            observation: strong(Color::White, Color::Black),
            threshold: strong(Color::LightRed, Color::Red),
            cursor: Color::Gray,
            path: strong(Color::White, Color::Black),
            faded: strong(Color::DarkGray, Color::Gray),
            untrusted: strong(Color::LightRed, Color::Red),
            histogram: Color::Blue,
            chains: [
                Color::Yellow,
                Color::Magenta,
                Color::Green,
                Color::Red,
                Color::Cyan,
                Color::Gray,
            ],
            forecast: if dark {
                [Color::Blue, Color::LightBlue, Color::Cyan, Color::LightCyan]
            } else {
                [Color::LightCyan, Color::Cyan, Color::LightBlue, Color::Blue]
            },
            history: [Color::DarkGray; 4],
            ..Self::plain(background)
        }
    }

    fn plain(background: Background) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            colors: Colors::None,
            background,
            text: plain,
            dim: plain,
            border: plain,
            heading: bold,
            accent: bold,
            tab: plain.add_modifier(Modifier::REVERSED),
            good: plain,
            warn: bold,
            bad: bold,
            alarm: plain
                .add_modifier(Modifier::REVERSED)
                .add_modifier(Modifier::BOLD),
            mean: Color::Reset,
            observation: Color::Reset,
            threshold: Color::Reset,
            cursor: Color::Reset,
            path: Color::Reset,
            faded: Color::Reset,
            untrusted: Color::Reset,
            histogram: Color::Reset,
            chains: [Color::Reset; 6],
            forecast: [Color::Reset; 4],
            history: [Color::Reset; 4],
        }
    }

    /// Inks of `count` nested forecast bands, widest first.
    pub fn forecast_inks(&self, count: usize) -> Vec<Ink> {
        self.inks(self.forecast, count, ['░', '▒', '▓', '█'])
    }

    /// Inks of `count` nested bands over the training data, widest first; none where there are
    /// too few colours to tell them from the forecast.
    pub fn history_inks(&self, count: usize) -> Vec<Ink> {
        match self.colors {
            Colors::True | Colors::TwoHundredFiftySix => self.inks(self.history, count, [' '; 4]),
            // Too few colours for a backdrop that stays in the background.
            Colors::Sixteen | Colors::None => Vec::new(),
        }
    }

    /// Inks of bands that nobody should read as they stand: hatched, the widest thinly.
    pub fn untrusted_inks(&self, count: usize) -> Vec<Ink> {
        (0..count)
            .map(|i| Ink::Texture {
                glyph: '╱',
                color: self.untrusted,
                sparse: i == 0,
            })
            .collect()
    }

    fn inks(&self, ramp: [Color; 4], count: usize, textures: [char; 4]) -> Vec<Ink> {
        // Few bands use the middle of the ramp's far end, so that one band alone is not pale.
        let at = |i: usize| {
            if count >= ramp.len() {
                i.min(3)
            } else {
                (i + usize::from(count == 1)).min(3)
            }
        };
        (0..count)
            .map(|i| match self.colors {
                Colors::True | Colors::TwoHundredFiftySix | Colors::Sixteen => {
                    Ink::Solid(ramp[at(i)])
                }
                Colors::None => Ink::Texture {
                    glyph: textures[at(i)],
                    color: ramp[at(i)],
                    sparse: false,
                },
            })
            .collect()
    }
}

/// The nearest colour of the 256 that is not one of the 16 a person may have redefined.
fn indexed(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else {
        return color;
    };
    let distance = |(r2, g2, b2): (u8, u8, u8)| {
        let d = |a: u8, b: u8| i32::from(a).abs_diff(i32::from(b)).pow(2);
        2 * d(r, r2) + 4 * d(g, g2) + 3 * d(b, b2)
    };
    (16..=255u8)
        .min_by_key(|i| distance(of_index(*i)))
        .map_or(color, Color::Indexed)
}

/// Red, green and blue of the colours 16 to 255: a cube of six levels, then 24 greys.
fn of_index(index: u8) -> (u8, u8, u8) {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return (grey, grey, grey);
    }
    let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    let cube = index - 16;
    (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cube_of_256_colours() {
        assert_eq!(indexed(rgb(0xff0000)), Color::Indexed(196));
        assert_eq!(indexed(rgb(0x080808)), Color::Indexed(232));
        assert_eq!(of_index(231), (255, 255, 255));
    }

    #[test]
    fn no_colour_means_none() {
        let theme = Theme::new(Colors::None, Background::Dark);
        for ink in theme.forecast_inks(3) {
            assert!(matches!(
                ink,
                Ink::Texture {
                    color: Color::Reset,
                    ..
                }
            ));
        }
        for style in [
            theme.text,
            theme.dim,
            theme.accent,
            theme.bad,
            theme.alarm,
            theme.good,
        ] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    #[test]
    fn bands_differ_on_every_terminal() {
        for colors in [
            Colors::None,
            Colors::Sixteen,
            Colors::TwoHundredFiftySix,
            Colors::True,
        ] {
            for background in [Background::Dark, Background::Light] {
                let inks = Theme::new(colors, background).forecast_inks(3);
                assert!(
                    inks[0] != inks[1] && inks[1] != inks[2],
                    "{colors:?} {background:?}"
                );
            }
        }
    }
}
