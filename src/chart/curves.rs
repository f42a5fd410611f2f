//! The curves of a chart as path data, in the units of its layout.

use super::envelope;
use super::layout::Layout;
use super::scene::{Drawn, Scene};
use super::xml::line;
use super::{Band, Fan};

/// A cycle narrower than four times so many units is drawn as its envelope.
const PER_CELL: usize = 2;

/// History, forecast and single draws.
pub(super) struct Curves {
    pub history: Curve,
    pub forecast: Curve,
    pub paths: Vec<String>,
    /// Whether the forecast is drawn as envelopes of its cycle.
    pub smoothed: bool,
}

/// A fan's mean as a line and its bands as areas, widest first.
pub(super) struct Curve {
    pub mean: String,
    pub bands: Vec<String>,
}

/// The curves of a scene: every step where there is room for it, else envelopes.
pub(super) fn curves(scene: &Scene, layout: &Layout) -> Curves {
    let (mut history, mut forecast) = scene.joined();
    let before = |position: f64| position < scene.split();
    if let Some((thin, _)) = thinned(&scene.history, scene, layout, before) {
        history = thin;
    }
    let mut smoothed = false;
    let after = |position: f64| position >= scene.split();
    if let Some((thin, cycles)) = thinned(&scene.forecast, scene, layout, after) {
        (forecast, smoothed) = (thin, cycles);
    }
    let paths = scene.paths.iter().map(|values| path(scene, layout, values));
    Curves {
        history: curve(&history, layout),
        forecast: curve(&forecast, layout),
        paths: paths.collect(),
        smoothed,
    }
}

/// Values along the forecast as a line.
pub(super) fn path(scene: &Scene, layout: &Layout, values: &[f64]) -> String {
    let steps = values.iter().enumerate();
    line(steps.map(|(i, value)| {
        let position = scene.forecast.position(i);
        (layout.x(position), layout.y(*value))
    }))
}

/// A fan of which the steps, or the cycle, are too narrow to be seen, as its envelope on its own
/// side of the start, and whether that covers cycles; `None` where they are not.
fn thinned(
    fan: &Fan,
    scene: &Scene,
    layout: &Layout,
    side: impl Fn(f64) -> bool,
) -> Option<(Drawn, bool)> {
    let (from, to) = scene.window;
    let count = ((layout.right - layout.left) as usize).max(1);
    let columns = envelope::columns(fan, from, to, count, PER_CELL);
    let crowded = layout.step() * fan.spacing < 1.0;
    if !columns.smoothed && !crowded {
        return None;
    }
    let width = (to - from) / count as f64;
    let position = |column: usize| from + width * (column as f64 + 0.5);
    let inside: Vec<usize> = (0..count)
        .filter(|i| columns.mean[*i].is_finite() && side(position(*i)))
        .collect();
    // The envelope of whole cycles climbs in stairs as wide as one: a point on each is enough.
    let cycle = envelope::cycle(&fan.mean).filter(|_| columns.smoothed);
    let stair = cycle.map_or(1, |steps| {
        (steps * fan.spacing * layout.step()).ceil() as usize
    });
    let last = inside.len().saturating_sub(1);
    let inside: Vec<usize> = (0..inside.len())
        .filter(|i| i % stair == 0 || *i == last)
        .map(|i| inside[i])
        .collect();
    let pick = |values: &[f64]| inside.iter().map(|i| values[*i]).collect::<Vec<f64>>();
    let bands = fan.bands.iter().zip(&columns.bands);
    let drawn = Drawn {
        positions: inside.iter().map(|i| position(*i)).collect(),
        mean: pick(&columns.mean),
        bands: bands
            .map(|(band, (lower, upper))| Band {
                level: band.level,
                lower: pick(lower),
                upper: pick(upper),
            })
            .collect(),
    };
    Some((drawn, columns.smoothed))
}

fn curve(fan: &Drawn, layout: &Layout) -> Curve {
    let points = |values: &[f64]| -> Vec<(f64, f64)> {
        let values = fan.positions.iter().zip(values);
        values
            .map(|(at, value)| (layout.x(*at), layout.y(*value)))
            .collect()
    };
    let area = |band: &Band| {
        let mut outline = points(&band.upper);
        outline.extend(points(&band.lower).into_iter().rev());
        if outline.is_empty() {
            String::new()
        } else {
            line(outline) + "z"
        }
    };
    Curve {
        mean: line(points(&fan.mean)),
        bands: fan.bands.iter().map(area).collect(),
    }
}
