//! Where the parts of a picture lie.
//!
//! ```text
//! title
//! what the forecast says, or why not to trust it
//! series          history ┊ forecast
//! 36 ┤                    ┊   ▟█▙     33.8
//! 30 ┤  •  •   •          ┊  ▟███▙    32.0
//!    └┬───────┬───────────┬────────
//!    340     350         360
//!               day
//! • observed  — mean  ■ 50 of 100 ...
//! source
//! ```
//!
//! Lengths are in units of which a picture of the default size has one a pixel. Larger pictures
//! have larger units, so that they can be read from as far away as they are large; small ones
//! leave parts out.

use super::inset::Inset;
use super::legend::{self, Entry};
use super::scale::Scale;
use super::scene::{Scene, Trust};
use super::size::Size;
use super::text::{cut, width, wrap};
use super::ticks::{self, Tick};

/// The smallest unit, in pixels: text any smaller cannot be read.
const LEAST_UNIT: f64 = 0.8;
/// Height of a line of text, in sizes of its font.
const LINE: f64 = 1.35;

/// Sizes of fonts, in units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fonts {
    pub title: f64,
    pub body: f64,
    pub small: f64,
    pub tiny: f64,
}

const LARGE: Fonts = Fonts {
    title: 22.0,
    body: 15.0,
    small: 13.0,
    tiny: 11.5,
};
const SMALL: Fonts = Fonts {
    title: 14.0,
    body: 12.0,
    small: 11.0,
    tiny: 10.0,
};

/// A line of text and its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub text: String,
    pub y: f64,
}

/// The picture's parts, in units from its top left corner.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub width: f64,
    pub height: f64,
    pub margin: f64,
    pub fonts: Fonts,
    /// None where what is around the picture says it.
    pub title: Option<Line>,
    /// Below the title, on a ground of alarm where the fit failed.
    pub message: Vec<Line>,
    /// Edges of the curve's frame.
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub value_ticks: Vec<Tick>,
    pub time_ticks: Vec<Tick>,
    /// Baseline of the time axis' name, where there is room for it.
    pub time_name: Option<f64>,
    pub legend: Vec<Entry>,
    /// Baseline of the legend's first row.
    pub legend_y: f64,
    pub source: Option<Line>,
    /// Baseline of the names of history and forecast, where there is room for them.
    pub names: Option<f64>,
    /// Whether names of axes have room.
    pub roomy: bool,
    x: Scale,
    y: Scale,
}

impl Layout {
    pub fn of(scene: &Scene, size: Size) -> Self {
        let (width, height) = units(size);
        let roomy = width >= 480.0 && height >= 300.0;
        let fonts = if roomy { LARGE } else { SMALL };
        let margin = if roomy { 26.0 } else { 8.0 };
        let room = width - 2.0 * margin;

        let mut y = margin + fonts.title * 0.85;
        let title = Some(Line {
            text: cut(&scene.title(), room, fonts.title),
            y,
        });
        y += fonts.title * 0.35;
        let message = message(scene, roomy, room, &fonts, &mut y);
        let top = y + if roomy { 34.0 } else { 8.0 };

        let mut y = height - margin;
        let source = roomy.then(|| Line {
            text: cut(&source(scene), room, fonts.tiny),
            y,
        });
        let mut legend = Vec::new();
        let mut legend_y = y;
        if roomy {
            legend = legend::entries(scene, room, fonts.small);
            let rows = legend::rows(&legend) as f64;
            y -= fonts.tiny * LINE + 9.0;
            legend_y = y - (rows - 1.0) * fonts.small * LINE * 1.15;
            y = legend_y - fonts.small * LINE - 9.0;
        }
        let time_name = roomy.then_some(y);
        if roomy {
            y -= fonts.small * LINE + 2.0;
        }
        let bottom = (y - fonts.small * LINE - 4.0).max(top + 10.0);

        let (low, high) = scene.values();
        let y = Scale::new(low, high, bottom - top);
        let spacing = if roomy { 46.0 } else { 30.0 };
        let most = ((bottom - top) / spacing).clamp(2.0, 9.0) as usize;
        let value_ticks = ticks::values(y.from, y.to, most);
        let widest = |texts: &mut dyn Iterator<Item = &str>| {
            texts
                .map(|text| self::width(text, fonts.small))
                .fold(0.0, f64::max)
        };
        let left = margin + widest(&mut value_ticks.iter().map(|tick| tick.label.as_str())) + 10.0;
        let right = if roomy {
            let last = scene.last_figures();
            width - margin - widest(&mut last.iter().map(|(_, text)| text.as_str())) - 8.0
        } else {
            width - margin
        };
        let right = right.max(left + 10.0);
        let (from, to) = scene.window;
        let columns = ((right - left) / (0.62 * fonts.small)) as usize;
        Self {
            width,
            height,
            margin,
            fonts,
            title,
            message,
            left,
            top,
            right,
            bottom,
            value_ticks,
            time_ticks: ticks::time(&scene.axis, from, to, columns),
            time_name,
            legend,
            legend_y,
            source,
            names: roomy.then_some(top - 12.0),
            roomy,
            x: Scale::new(from, to, right - left),
            y,
        }
    }

    /// The frame and the ticks that an inset asks for, and nothing but the axes around them.
    pub fn inset(scene: &Scene, inset: &Inset) -> Self {
        let units = |pixels: u32| f64::from(pixels) / inset.unit;
        let (width, height) = (units(inset.width), units(inset.height));
        let (left, right) = (units(inset.left), units(inset.right));
        let (top, bottom) = (units(inset.top), units(inset.bottom));
        let fonts = SMALL;
        let (from, to) = scene.window;
        let (low, high) = inset.values;
        Self {
            width,
            height,
            margin: 0.0,
            title: None,
            message: Vec::new(),
            left,
            top,
            right,
            bottom,
            value_ticks: inset.value_ticks.clone(),
            time_ticks: inset.time_ticks.clone(),
            time_name: None,
            legend: Vec::new(),
            legend_y: height,
            source: None,
            names: (bottom - top > 6.0 * fonts.small).then_some(top + 1.3 * fonts.small),
            roomy: false,
            fonts,
            x: Scale::new(from, to, right - left),
            y: Scale::new(low, high, bottom - top),
        }
    }

    /// A position, in units from the left edge of the picture.
    pub fn x(&self, position: f64) -> f64 {
        self.left + self.x.at(position)
    }

    /// A value, in units from the top edge of the picture.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - self.y.at(value)
    }

    /// Units a step.
    pub fn step(&self) -> f64 {
        1.0 / self.x.unit()
    }

    /// Height of a row of the legend.
    pub fn legend_row(&self) -> f64 {
        self.fonts.small * LINE * 1.15
    }

    /// Height of a line of the message.
    pub fn message_row(&self) -> f64 {
        self.fonts.body * LINE
    }
}

/// Width and height of a picture in units.
fn units(size: Size) -> (f64, f64) {
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let usual = f64::from(Size::DEFAULT.width()) * f64::from(Size::DEFAULT.height());
    let least = Size::LEAST;
    let unit = (width * height / usual)
        .sqrt()
        .min(width / f64::from(least.width()) * LEAST_UNIT)
        .min(height / f64::from(least.height()) * LEAST_UNIT)
        .max(LEAST_UNIT);
    (width / unit, height / unit)
}

/// The lines below the title, from `y` on, which is moved below them.
fn message(scene: &Scene, roomy: bool, room: f64, fonts: &Fonts, y: &mut f64) -> Vec<Line> {
    let failure = scene.trust.failure();
    let lines = match failure {
        Some(reason) if roomy => {
            let text = format!("✖ do not trust this forecast: {reason}");
            wrap(&text, room - 24.0, fonts.body, 3)
        }
        Some(reason) => wrap(
            &format!("✖ do not trust: {reason}"),
            room - 12.0,
            fonts.body,
            3,
        ),
        None if roomy => wrap(&scene.said(), room, fonts.body, 2),
        None => Vec::new(),
    };
    // The banner of a failed fit has room above and below its words.
    let padding = if failure.is_some() { 6.0 } else { 2.0 };
    *y += padding;
    let lines = lines.into_iter().map(|text| {
        *y += fonts.body * LINE;
        Line {
            text,
            y: *y - fonts.body * 0.35,
        }
    });
    let lines = lines.collect();
    *y += padding;
    lines
}

/// The small print: where it comes from, and whether the fit can be trusted.
fn source(scene: &Scene) -> String {
    let verdict = match &scene.trust {
        Trust::Sound(reason) => reason.clone(),
        Trust::Unclear(reason) => format!("cannot tell whether to trust the fit: {reason}"),
        Trust::Failed(_) => "do not trust this fit".to_owned(),
    };
    format!("{} · {verdict}", scene.source)
}
