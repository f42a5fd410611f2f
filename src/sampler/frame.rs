//! Laplace's approximation: around its top a density is a normal of the curvature there.
//!
//! (Tierney and Kadane, "Accurate Approximations for Posterior Moments and Marginal Densities",
//! JASA 81, 1986.) It compares peaks, disperses starts, and gives the coordinates in which a chain
//! moves: centred on the peak, at right angles, each as wide as one standard deviation.

use ndarray::{Array1, Array2};

use super::climb::Peak;
use super::dense::{dot, eigen};

/// Coordinates in which a peak is a standard normal.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    centre: Vec<f64>,
    /// A column for each coordinate: where one standard deviation leads.
    axes: Array2<f64>,
    /// The logarithm of the volume of the axes.
    ln_volume: f64,
}

impl Frame {
    /// The frame of a peak. `scales` stand in for the widths of directions in which the peak is
    /// flat or no peak at all.
    pub fn new(peak: &Peak, scales: &[f64]) -> Self {
        /// Flatter than rounding lets see, in units of the parameters' own widths.
        const FLAT: f64 = 1e-10;
        let widths: Array1<f64> = (peak.curvature.diag().iter().zip(scales))
            .map(|(curvature, scale)| match curvature.sqrt().recip() {
                width if width < *scale => width,
                _ => *scale,
            })
            .collect();
        let mut scaled = peak.curvature.clone();
        for ((row, column), value) in scaled.indexed_iter_mut() {
            *value *= widths[row] * widths[column];
        }
        let (values, mut axes) = eigen(&scaled);
        let lengths: Array1<f64> = values
            .into_iter()
            .map(|value| {
                if value > FLAT {
                    value.sqrt().recip()
                } else {
                    1.0
                }
            })
            .collect();
        axes *= &lengths;
        for (mut row, width) in axes.rows_mut().into_iter().zip(&widths) {
            row *= *width;
        }
        let ln_volume = lengths
            .iter()
            .chain(&widths)
            .map(|length| length.ln())
            .sum();
        Self {
            centre: peak.position.clone(),
            axes,
            ln_volume,
        }
    }

    pub fn dimension(&self) -> usize {
        self.centre.len()
    }

    /// The position at some coordinates.
    pub fn place(&self, coordinates: &[f64], position: &mut [f64]) {
        for ((position, centre), axes) in
            position.iter_mut().zip(&self.centre).zip(self.axes.rows())
        {
            let along: f64 = axes.iter().zip(coordinates).map(|(a, u)| a * u).sum();
            *position = centre + along;
        }
    }

    /// The gradient by the coordinates, given that by the position.
    pub fn pull_back(&self, gradient: &[f64], along: &mut [f64]) {
        for (along, axis) in along.iter_mut().zip(self.axes.columns()) {
            *along = axis.iter().zip(gradient).map(|(a, g)| a * g).sum();
        }
    }

    /// The squared distance of a position from the centre, in standard deviations.
    pub fn squared_distance(&self, position: &[f64], curvature: &Array2<f64>) -> f64 {
        let apart: Vec<f64> = position
            .iter()
            .zip(&self.centre)
            .map(|(x, centre)| x - centre)
            .collect();
        let curved = curvature.dot(&Array1::from(apart.clone())).to_vec();
        dot(&apart, &curved)
    }

    /// The logarithm of the probability that a peak of some height has, but for what is the same
    /// for all peaks of a density.
    pub fn ln_weight(&self, height: f64) -> f64 {
        height + self.ln_volume
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn peak(curvature: Array2<f64>) -> Peak {
        Peak {
            position: vec![3.0, -2.0],
            height: 0.0,
            curvature,
        }
    }

    #[test]
    fn a_unit_along_any_coordinate_is_one_standard_deviation() {
        let curvature = array![[5e8, -4.5e3], [-4.5e3, 0.05]];
        let frame = Frame::new(&peak(curvature.clone()), &[1.0, 100.0]);
        let mut position = [0.0; 2];
        for coordinates in [[1.0, 0.0], [0.0, 1.0], [0.6, -0.8]] {
            frame.place(&coordinates, &mut position);
            assert!((frame.squared_distance(&position, &curvature) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn the_gradient_is_pulled_back_as_positions_are_placed() {
        let frame = Frame::new(&peak(array![[4.0, 1.0], [1.0, 2.0]]), &[1.0, 1.0]);
        let (mut from, mut to) = ([0.0; 2], [0.0; 2]);
        frame.place(&[0.3, 0.5], &mut from);
        frame.place(&[0.3, 1.5], &mut to);
        let gradient = [2.0, -7.0];
        let mut along = [0.0; 2];
        frame.pull_back(&gradient, &mut along);
        let rise = gradient[0] * (to[0] - from[0]) + gradient[1] * (to[1] - from[1]);
        assert!((along[1] - rise).abs() < 1e-12);
    }

    #[test]
    fn weights_are_the_volumes_under_normals() {
        let weight = |curvature| Frame::new(&peak(curvature), &[1e3, 1e3]).ln_weight(0.0);
        let round = weight(array![[1.0, 0.0], [0.0, 1.0]]);
        // Determinant 16 - 4 = 12.
        let narrow = weight(array![[4.0, 2.0], [2.0, 4.0]]);
        assert!((round - narrow - 0.5 * 12.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn what_is_flat_is_as_wide_as_the_prior() {
        for flat in [0.0, -3.0, 1e-30] {
            let frame = Frame::new(&peak(array![[4.0, 0.0], [0.0, flat]]), &[9.0, 7.0]);
            let mut position = [0.0; 2];
            frame.place(&[1.0, 1.0], &mut position);
            let apart = [(position[0] - 3.0).abs(), (position[1] + 2.0).abs()];
            assert!((apart[0] - 0.5).abs() < 1e-12 && (apart[1] - 7.0).abs() < 1e-12);
        }
    }
}
