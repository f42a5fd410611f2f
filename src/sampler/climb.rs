//! From a start to the top of the peak it lies on.
//!
//! Newton's method with the curvature taken from differences of the gradient. Directions in which
//! the density curves upwards are followed as if they curved downwards as much (Nocedal and Wright,
//! "Numerical Optimization", 3.4), so that every step leads uphill; a step is halved until it does.
//! Newton's steps do not depend on how parameters are scaled, and the curvature at the top is what
//! Laplace's approximation needs anyway.

use ndarray::{Array1, Array2};

use super::dense::eigen;

/// A local maximum of a density.
#[derive(Debug, Clone)]
pub(super) struct Peak {
    pub position: Vec<f64>,
    /// The log density there.
    pub height: f64,
    /// The second derivatives of the log density there, negated.
    pub curvature: Array2<f64>,
}

/// A log density that writes its gradient into the second argument.
pub(super) trait Landscape: FnMut(&[f64], &mut [f64]) -> f64 {}
impl<F: FnMut(&[f64], &mut [f64]) -> f64> Landscape for F {}

const MOST_STEPS: usize = 100;

/// What a step must promise to gain in log density to be made. Far below what a sampler sees.
const LEAST_GAIN: f64 = 1e-9;

/// Differences are taken over this part of the distance in which the density falls by one half.
const DIFFERENCE: f64 = 1e-3;

/// Climbs along the parameters `free`; the others stay where they are.
///
/// `scales`: roughly how far each parameter may be moved in one step, such as the width of its
/// prior.
///
/// # Errors
/// The place from which it went no further, when the density is undefined there or goes on rising.
pub(super) fn climb(
    mut landscape: impl Landscape,
    start: &[f64],
    free: &[usize],
    scales: &[f64],
) -> Result<Peak, Vec<f64>> {
    let mut position = start.to_vec();
    let mut gradient = vec![0.0; start.len()];
    let mut height = landscape(&position, &mut gradient);
    // Widths of the peak; at first not known to be narrower than the scales by five digits.
    let mut widths: Vec<f64> = free.iter().map(|k| 1e-2 * scales[*k]).collect();

    for _ in 0..MOST_STEPS {
        if !height.is_finite() || gradient.iter().any(|slope| !slope.is_finite()) {
            return Err(position);
        }
        let Some(curvature) = curvature(&mut landscape, &position, free, &widths) else {
            return Err(position);
        };
        for (row, width) in widths.iter_mut().enumerate() {
            let known = curvature[[row, row]].abs().sqrt().recip();
            *width = known.min(scales[free[row]]);
        }
        let slope: Array1<f64> = free.iter().map(|k| gradient[*k]).collect();
        let mut step = uphill(&curvature, &slope, &widths);
        let longest = step
            .iter()
            .zip(free)
            .fold(0.0_f64, |most, (s, k)| most.max(s.abs() / scales[*k]));
        if longest > 1.0 {
            step /= longest;
        }
        let gain = step.dot(&slope);
        let found = (gain > LEAST_GAIN)
            .then(|| ascend(&mut landscape, &position, height, free, &step, gain))
            .flatten();
        match found {
            Some(higher) => (position, height, gradient) = higher,
            // At the top, or so near that rounding decides.
            None if gain < 1e-3 => {
                return Ok(Peak {
                    position,
                    height,
                    curvature,
                });
            }
            None => return Err(position),
        }
    }
    Err(position)
}

/// The second derivatives along the free parameters, negated, by central differences.
fn curvature(
    landscape: &mut impl Landscape,
    position: &[f64],
    free: &[usize],
    widths: &[f64],
) -> Option<Array2<f64>> {
    let n = free.len();
    let mut curvature = Array2::zeros((n, n));
    let mut moved = position.to_vec();
    let mut after = vec![0.0; position.len()];
    let mut before = vec![0.0; position.len()];
    for (row, k) in free.iter().enumerate() {
        let reach = DIFFERENCE * widths[row];
        moved[*k] = position[*k] + reach;
        landscape(&moved, &mut after);
        let right = moved[*k];
        moved[*k] = position[*k] - reach;
        landscape(&moved, &mut before);
        // As rounded.
        let distance = right - moved[*k];
        moved[*k] = position[*k];
        for (column, k) in free.iter().enumerate() {
            let second = (before[*k] - after[*k]) / distance;
            if !second.is_finite() {
                return None;
            }
            curvature[[row, column]] += 0.5 * second;
            curvature[[column, row]] += 0.5 * second;
        }
    }
    Some(curvature)
}

/// Newton's step, with every curvature taken as downwards.
fn uphill(curvature: &Array2<f64>, slope: &Array1<f64>, widths: &[f64]) -> Array1<f64> {
    let widths = Array1::from(widths.to_vec());
    let (values, vectors) = eigen(&scaled(curvature, &widths));
    let mut along = vectors.t().dot(&(slope * &widths));
    for (along, value) in along.iter_mut().zip(values) {
        *along /= value.abs().max(1e-12);
    }
    vectors.dot(&along) * &widths
}

/// The curvature where each parameter is measured in its width.
fn scaled(curvature: &Array2<f64>, widths: &Array1<f64>) -> Array2<f64> {
    let mut scaled = curvature.clone();
    for ((row, column), value) in scaled.indexed_iter_mut() {
        *value *= widths[row] * widths[column];
    }
    scaled
}

/// The first point along a step, halved as often as needed, that is higher by a part of the gain
/// that the slope promises.
fn ascend(
    landscape: &mut impl Landscape,
    position: &[f64],
    height: f64,
    free: &[usize],
    step: &Array1<f64>,
    gain: f64,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    const HALVINGS: i32 = 40;
    let mut gradient = vec![0.0; position.len()];
    let mut moved = position.to_vec();
    (0..HALVINGS).find_map(|halving| {
        let part = 0.5_f64.powi(halving);
        for (step, k) in step.iter().zip(free) {
            moved[*k] = position[*k] + part * step;
        }
        let found = landscape(&moved, &mut gradient);
        (found >= height + 1e-4 * part * gain && found > height)
            .then(|| (moved.clone(), found, gradient.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A normal of two correlated dimensions, widths 1e-4 and 10, around (3, -2).
    fn narrow(x: &[f64], gradient: &mut [f64]) -> f64 {
        let (u, v) = ((x[0] - 3.0) / 1e-4, (x[1] + 2.0) / 10.0);
        gradient[0] = -(u - 0.9 * v) / 0.19 / 1e-4;
        gradient[1] = -(v - 0.9 * u) / 0.19 / 10.0;
        -0.5 * (u * u - 1.8 * u * v + v * v) / 0.19
    }

    #[test]
    fn a_narrow_ridge_is_climbed_in_spite_of_its_scales() {
        let peak = climb(narrow, &[2.0, 50.0], &[0, 1], &[1.0, 100.0]).unwrap();
        assert!((peak.position[0] - 3.0).abs() < 1e-8);
        assert!((peak.position[1] + 2.0).abs() < 1e-3);
        assert!(peak.height.abs() < 1e-8);
        let expected = [1e8 / 0.19, -0.9e3 / 0.19, 0.01 / 0.19];
        let found = [[0, 0], [0, 1], [1, 1]].map(|place| peak.curvature[place]);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-6, "{found}");
        }
    }

    #[test]
    fn what_is_not_free_stays() {
        let peak = climb(narrow, &[3.0, 8.0], &[0], &[1.0, 100.0]).unwrap();
        assert_eq!(peak.position[1], 8.0);
        assert!((peak.position[0] - (3.0 + 0.9e-4)).abs() < 1e-10);
        assert_eq!(peak.curvature.dim(), (1, 1));
    }

    #[test]
    fn a_valley_is_left_uphill() {
        // Two humps at -1 and 1, with a valley between them.
        let humps = |x: &[f64], gradient: &mut [f64]| {
            gradient[0] = -4.0 * x[0] * (x[0] * x[0] - 1.0);
            -(x[0] * x[0] - 1.0).powi(2)
        };
        let peak = climb(humps, &[0.1], &[0], &[1.0]).unwrap();
        assert!((peak.position[0] - 1.0).abs() < 1e-4);
    }

    #[test]
    fn heavy_tails_lead_to_the_middle() {
        let cauchy = |x: &[f64], gradient: &mut [f64]| {
            gradient[0] = -2.0 * x[0] / (1.0 + x[0] * x[0]);
            -(x[0] * x[0]).ln_1p()
        };
        let peak = climb(cauchy, &[40.0], &[0], &[10.0]).unwrap();
        assert!(peak.position[0].abs() < 1e-4);
    }

    #[test]
    fn no_top_is_an_error() {
        let plane = |x: &[f64], gradient: &mut [f64]| {
            gradient[0] = 1.0;
            x[0]
        };
        assert!(climb(plane, &[0.0], &[0], &[1.0]).unwrap_err()[0] > 10.0);
        let nowhere = |_: &[f64], gradient: &mut [f64]| {
            gradient[0] = f64::NAN;
            f64::NEG_INFINITY
        };
        assert_eq!(climb(nowhere, &[0.0], &[0], &[1.0]).unwrap_err(), [0.0]);
    }
}
