//! What the marks of a chart mean, in rows below it.

use super::scene::Scene;
use super::text::{cut, width};

/// Width of a mark, and the room behind it and behind an entry, in units.
const MARK: f64 = 20.0;
const GAP: f64 = 7.0;
const BETWEEN: f64 = 22.0;

/// A mark as it is drawn in the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Observation,
    Mean,
    Path,
    /// Place of the band, widest first.
    Band(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub mark: Mark,
    pub text: String,
    /// Left edge of the mark and of the text, from the left edge of the legend.
    pub x: f64,
    pub text_x: f64,
    pub row: usize,
}

/// Entries in rows no wider than `room`.
pub(super) fn entries(scene: &Scene, room: f64, size: f64) -> Vec<Entry> {
    let (mut x, mut row) = (0.0, 0);
    let place = |(mark, text): (Mark, String)| {
        let text = cut(&text, room - MARK - GAP, size);
        let wide = MARK + GAP + width(&text, size);
        if x > 0.0 && x + wide > room {
            (x, row) = (0.0, row + 1);
        }
        let left = x;
        x += wide + BETWEEN;
        Entry {
            mark,
            text,
            x: left,
            text_x: left + MARK + GAP,
            row,
        }
    };
    marks(scene).into_iter().map(place).collect()
}

/// Rows that entries take.
pub(super) fn rows(entries: &[Entry]) -> usize {
    entries.last().map_or(0, |entry| entry.row + 1)
}

/// Points first, then the bands from the innermost out.
fn marks(scene: &Scene) -> Vec<(Mark, String)> {
    let mut marks = vec![(Mark::Observation, "observed".to_owned())];
    if scene.trust.failure().is_none() {
        marks.push((Mark::Mean, "mean".to_owned()));
    }
    let bands = scene.forecast.bands.iter().enumerate().rev();
    marks.extend(bands.map(|(i, band)| (Mark::Band(i), scene.meaning(band))));
    match scene.paths.len() {
        0 => {}
        1 => marks.push((Mark::Path, "a single draw".to_owned())),
        n => marks.push((Mark::Path, format!("{n} single draws"))),
    }
    marks
}
