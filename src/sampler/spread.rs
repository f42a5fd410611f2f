//! Which chain begins on which peak, and where on it.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::model::{DensityScratch, LogDensity};

use super::start::Summit;

/// Peaks with a smaller share of the posterior get no chain.
const LEAST_WEIGHT: f64 = 0.01;

/// How many chains each peak gets; `weights` in descending order.
///
/// In proportion to the weights, and at least one for each that counts, while there are chains:
/// a multimodal posterior is to show in `r_hat`.
pub(super) fn allot(weights: &[f64], chains: usize) -> Vec<usize> {
    let counting = weights
        .iter()
        .take_while(|weight| **weight > LEAST_WEIGHT)
        .count()
        .clamp(1, chains.max(1));
    let mut allotted = vec![0; weights.len()];
    allotted[..counting].fill(1);
    // Each further chain goes where it is missed most.
    for given in counting..chains {
        let missing = |peak: usize| weights[peak] * (given + 1) as f64 - allotted[peak] as f64;
        let neediest =
            (0..counting).max_by(|a, b| missing(*a).total_cmp(&missing(*b)).then(b.cmp(a)));
        allotted[neediest.unwrap_or(0)] += 1;
    }
    allotted
}

/// A place on a peak, drawn from the normal that its curvature makes of it, in the coordinates of
/// its frame.
///
/// Nearer to the top where the density falls off faster than such a normal does.
pub(super) fn disperse(density: &LogDensity, summit: &Summit, rng: &mut impl Rng) -> Vec<f64> {
    /// How much lower than the normal a start may lie.
    const LOWER: f64 = 5.0;
    const HALVINGS: usize = 20;
    let dimension = density.dimension();
    let mut coordinates: Vec<f64> = (0..dimension).map(|_| StandardNormal.sample(rng)).collect();
    let mut position = vec![0.0; dimension];
    let mut gradient = vec![0.0; dimension];
    let mut scratch = DensityScratch::default();
    for _ in 0..HALVINGS {
        summit.frame.place(&coordinates, &mut position);
        let height = density.with_gradient(&position, &mut gradient, &mut scratch);
        let fall: f64 = coordinates.iter().map(|u| 0.5 * u * u).sum();
        if height > summit.height - fall - LOWER {
            return coordinates;
        }
        coordinates.iter_mut().for_each(|u| *u *= 0.5);
    }
    vec![0.0; dimension]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_follow_the_weights_and_every_peak_that_counts_gets_one() {
        for (weights, chains, expected) in [
            (&[1.0][..], 4, &[4][..]),
            (&[0.995, 0.005], 4, &[4, 0]),
            (&[0.97, 0.03], 4, &[3, 1]),
            (&[0.5, 0.5], 4, &[2, 2]),
            (&[0.6, 0.3, 0.1], 10, &[6, 3, 1]),
            (&[0.4, 0.3, 0.2, 0.1], 2, &[1, 1, 0, 0]),
            (&[0.4, 0.3, 0.3], 1, &[1, 0, 0]),
        ] {
            assert_eq!(allot(weights, chains), expected, "{weights:?}");
        }
    }
}
