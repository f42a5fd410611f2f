//! Candidates for the nonlinear parameters, so dense that no peak is stepped over.
//!
//! Peaks in a period are about 1/n wide in frequency, narrow at small periods and wide at large
//! ones; other parameters have other laws. None is written here: a cell of the prior is halved
//! until the mean is about the same function at both ends, whatever the parameter does to it.

use rayon::prelude::*;

use super::projection::{Candidate, Projection, Shape};
use crate::model::DensityScratch;

/// Rows that the mean may be evaluated on for one line: a bound for long series and strange models,
/// beyond what a period needs in ten thousand rows.
const MOST_ROWS: usize = 5_000_000_000;

/// Halvings of one cell, at least and at most.
const HALVINGS: std::ops::RangeInclusive<u32> = 6..=12;

/// Halvings of a cell between values where the mean is not finite.
const HALVINGS_TO_FINITE: u32 = 6;

/// Evaluations to find the top between two neighbours of a candidate; each leaves 0.62 of the
/// distance.
const REFINEMENTS: usize = 10;

/// The peaks along one parameter through `parameters`, best first, each refined.
pub(super) fn peaks(
    projection: &Projection<'_>,
    parameters: &[f64],
    parameter: usize,
    most: usize,
) -> Vec<Candidate> {
    let line = line(projection, parameters, parameter);
    let score = |k: usize| {
        line.get(k)
            .map_or(f64::NEG_INFINITY, |(_, found)| found.score)
    };
    let mut tops: Vec<usize> = (0..line.len())
        .filter(|k| score(*k) >= score(k.wrapping_sub(1)) && score(*k) > score(k + 1))
        .collect();
    tops.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
    tops.truncate(most);
    let mut refined: Vec<Candidate> = tops
        .par_iter()
        .map(|k| {
            let value = |k: usize| line.get(k).map(|(value, _)| *value);
            let (at, found) = &line[*k];
            let low = value(k.wrapping_sub(1)).unwrap_or(*at);
            let high = value(k + 1).unwrap_or(*at);
            refine(projection, found, parameter, low, high)
        })
        .collect();
    refined.sort_by(|a, b| b.score.total_cmp(&a.score));
    refined
}

/// Candidates along one parameter in ascending order, with its values.
fn line(
    projection: &Projection<'_>,
    parameters: &[f64],
    parameter: usize,
) -> Vec<(f64, Candidate)> {
    let knots = &projection.scales.knots[parameter];
    let shapes = MOST_ROWS / (projection.rows() * projection.evaluations() * knots.len()).max(1);
    let deepest = shapes
        .max(1)
        .ilog2()
        .clamp(*HALVINGS.start(), *HALVINGS.end());
    let shapes: Vec<Shape> = knots
        .par_iter()
        .map_init(DensityScratch::default, |scratch, value| {
            let mut at_knot = parameters.to_vec();
            at_knot[parameter] = *value;
            projection.shape(&at_knot, scratch)
        })
        .collect();
    let middle = Shape::middle(&shapes);
    let cells: Vec<Vec<(f64, Candidate)>> = (knots.par_windows(2), shapes.par_windows(2))
        .into_par_iter()
        .map_init(DensityScratch::default, |scratch, (ends, shapes)| {
            let mut cell = Cell {
                projection,
                middle: &middle,
                parameters: parameters.to_vec(),
                parameter,
                scratch,
                found: Vec::new(),
            };
            cell.add(ends[0], &shapes[0]);
            cell.between(ends[0], &shapes[0], ends[1], &shapes[1], deepest);
            cell.found
        })
        .collect();
    cells.into_iter().flatten().collect()
}

/// The part of a line between two knots.
struct Cell<'a, 'b> {
    projection: &'a Projection<'a>,
    middle: &'a [f64],
    parameters: Vec<f64>,
    parameter: usize,
    scratch: &'b mut DensityScratch,
    found: Vec<(f64, Candidate)>,
}

impl Cell<'_, '_> {
    fn shape(&mut self, value: f64) -> Shape {
        self.parameters[self.parameter] = value;
        self.projection.shape(&self.parameters, self.scratch)
    }

    fn add(&mut self, value: f64, shape: &Shape) {
        self.parameters[self.parameter] = value;
        if let Some(found) = self.projection.fit(&self.parameters, shape) {
            self.found.push((value, found));
        }
    }

    /// Adds candidates between two values, in ascending order, neither end among them.
    fn between(&mut self, low: f64, at_low: &Shape, high: f64, at_high: &Shape, deepest: u32) {
        let middle = 0.5 * (low + high);
        if deepest == 0 || middle <= low || middle >= high {
            return;
        }
        let deepest = match (at_low.is_finite(), at_high.is_finite()) {
            (true, true) if self.projection.alike(at_low, at_high, self.middle) => return,
            (true, true) => deepest - 1,
            (false, false) => return,
            _ => (deepest - 1).min(HALVINGS_TO_FINITE),
        };
        let shape = self.shape(middle);
        self.between(low, at_low, middle, &shape, deepest);
        self.add(middle, &shape);
        self.between(middle, &shape, high, at_high, deepest);
    }
}

/// The best between two neighbours of a candidate, by golden section.
fn refine(
    projection: &Projection<'_>,
    found: &Candidate,
    parameter: usize,
    mut low: f64,
    mut high: f64,
) -> Candidate {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let mut scratch = DensityScratch::default();
    let mut best = found.clone();
    let mut at = |value: f64| {
        let mut parameters = found.parameters.clone();
        parameters[parameter] = value;
        let shape = projection.shape(&parameters, &mut scratch);
        let found = projection.fit(&parameters, &shape);
        let score = found
            .as_ref()
            .map_or(f64::NEG_INFINITY, |found| found.score);
        if let Some(found) = found
            && found.score > best.score
        {
            best = found;
        }
        score
    };
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (at(left), at(right));
    for _ in 0..REFINEMENTS {
        if at_left > at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = at(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = at(right);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::projection::tests::{density, with_projection};
    use super::*;
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::SmallRng};
    use rand_distr::{Distribution, StandardNormal};
    use std::f64::consts::TAU;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Any period that a series can show, of any phase, in noise larger than the wave.
        #[test]
        fn no_period_is_stepped_over(
            waves in 2.5..120.0_f64,
            phase in 0.0..TAU,
            n in 250_usize..600,
            seed in 0_u64..1000,
        ) {
            let frequency = waves / n as f64;
            let mut rng = SmallRng::seed_from_u64(seed);
            let mut wave = |t: usize| -> f64 {
                let noise: f64 = StandardNormal.sample(&mut rng);
                f64::sin(TAU * frequency * t as f64 + phase) + noise
            };
            let density = density("seasonal", (0..n).map(&mut wave).collect());
            let found = with_projection(&density, |projection| {
                let period = projection.roles.nonlinear[0];
                let centres = &projection.scales.centres;
                peaks(projection, centres, period, 3)[0].parameters[period]
            });
            let apart: f64 = (1.0 / found - frequency) * n as f64;
            prop_assert!(apart.abs() < 0.5, "{found}");
        }
    }

    #[test]
    fn candidates_lie_in_order_and_are_no_more_than_needed() {
        let density = density("seasonal", (0..365).map(|t| f64::from(t % 7)).collect());
        let line = with_projection(&density, |projection| {
            line(
                projection,
                &projection.scales.centres,
                projection.roles.nonlinear[0],
            )
        });
        assert!(line.is_sorted_by(|a, b| a.0 < b.0));
        // Half a turn a row is 182 waves.
        assert!((2 * 182..8 * 182).contains(&line.len()), "{}", line.len());
    }
}
