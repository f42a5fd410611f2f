//! What a fan chart is, without a terminal: bands, scales, ticks, envelopes; as SVG and PNG.
//!
//! A [`Scene`] says all that a chart shows in the terms of its data; [`svg`] and [`png`] draw it.
//!
//! Horizontal coordinates are *positions* (steps since the first observation, see
//! [`crate::series::TimeAxis`]); vertical ones are values of the series.

mod curves;
pub mod envelope;
mod inset;
mod layout;
mod legend;
mod palette;
mod png;
pub mod scale;
mod scene;
mod size;
mod statement;
mod svg;
#[cfg(test)]
mod tests;
mod text;
pub mod ticks;
pub mod words;
mod xml;

pub use inset::{Cursor, Inset, pixels};
pub use palette::Ground;
pub use png::{PngError, png};
pub use scene::{Scene, Threshold, Trust, window};
pub use size::Size;
pub use statement::Statement;
pub use svg::svg;
pub use xml::escaped;

/// Nested bands around a mean, at evenly spaced positions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fan {
    /// Position of the first step.
    pub start: f64,
    /// Positions between neighbouring steps; 1 unless a long history was thinned for drawing.
    pub spacing: f64,
    /// Mean at each step.
    pub mean: Vec<f64>,
    /// Widest first; each as long as `mean`.
    pub bands: Vec<Band>,
}

/// One central interval over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Probability inside, e.g. 0.94.
    pub level: f64,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
}

impl Fan {
    pub fn len(&self) -> usize {
        self.mean.len()
    }

    pub fn is_empty(&self) -> bool {
        self.mean.is_empty()
    }

    /// Position of step `i`.
    pub fn position(&self, i: usize) -> f64 {
        self.start + self.spacing * i as f64
    }

    /// Position of the last step.
    pub fn end(&self) -> f64 {
        self.position(self.len().saturating_sub(1))
    }

    /// The step nearest to a position, if it lies within half a step of the fan.
    pub fn nearest(&self, position: f64) -> Option<usize> {
        let i = ((position - self.start) / self.spacing).round();
        (i >= 0.0 && i < self.len() as f64).then_some(i as usize)
    }

    /// Lowest and highest edge of the widest band (of the mean, without bands) between two
    /// positions; `None` where the fan has no step there.
    pub fn extent(&self, from: f64, to: f64) -> Option<(f64, f64)> {
        let (lower, upper) = match self.bands.first() {
            Some(band) => (&band.lower, &band.upper),
            None => (&self.mean, &self.mean),
        };
        let inside = |i: &usize| (from..=to).contains(&self.position(*i));
        (0..self.len()).filter(inside).fold(None, |range, i| {
            let (low, high) = range.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
            Some((low.min(lower[i]), high.max(upper[i])))
        })
    }
}
