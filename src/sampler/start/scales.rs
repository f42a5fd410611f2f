//! How far a parameter may be from what, as its prior says.

use crate::model::{LogDensity, PriorDistribution};

/// Places and widths of the priors.
#[derive(Debug, Clone)]
pub(super) struct Scales {
    /// Median of each prior.
    pub centres: Vec<f64>,
    /// Half the distance between the ends of the middle 68 %: about the sd of a normal.
    pub widths: Vec<f64>,
    /// The same on the unconstrained scale.
    pub free_widths: Vec<f64>,
    /// For each parameter values in ascending order that a search begins with: quantiles of its
    /// prior, and between positive ends as many that are evenly spaced in their inverses, as a
    /// period is in frequency.
    pub knots: Vec<Vec<f64>>,
}

/// Parts of the same probability that the quantiles cut a prior into.
const PARTS: usize = 20;

/// What is not searched of either tail: of a normal, all beyond 4.3 standard deviations.
const TAIL: f64 = 1e-5;

impl Scales {
    pub fn of(density: &LogDensity) -> Self {
        let priors = density.priors();
        let quantiles = |p: f64| priors.iter().map(|prior| prior.quantile(p)).collect();
        let free = |parameters: &Vec<f64>| {
            let mut position = vec![0.0; parameters.len()];
            density.unconstrain(parameters, &mut position);
            position
        };
        let (low, high): (Vec<f64>, Vec<f64>) = (quantiles(0.16), quantiles(0.84));
        Self {
            centres: quantiles(0.5),
            widths: half_apart(&low, &high),
            free_widths: half_apart(&free(&low), &free(&high)),
            knots: priors.iter().map(knots).collect(),
        }
    }
}

fn half_apart(low: &[f64], high: &[f64]) -> Vec<f64> {
    // A prior as narrow as rounding, or as wide as all numbers, still needs a width.
    let half = |(low, high): (&f64, &f64)| 0.5 * (high - low);
    let kept = |width: f64| width.clamp(f64::MIN_POSITIVE, f64::MAX.sqrt());
    low.iter().zip(high).map(half).map(kept).collect()
}

fn knots(prior: &PriorDistribution) -> Vec<f64> {
    let (first, last) = (prior.quantile(TAIL), prior.quantile(1.0 - TAIL));
    let mut knots = vec![first, last];
    knots.extend((1..PARTS).map(|part| prior.quantile(part as f64 / PARTS as f64)));
    if first > 0.0 {
        let (fastest, slowest) = (first.recip(), last.recip());
        let step = (fastest - slowest) / PARTS as f64;
        knots.extend((1..PARTS).map(|part| (slowest + step * part as f64).recip()));
    }
    knots.retain(|knot| knot.is_finite());
    knots.sort_by(f64::total_cmp);
    knots.dedup();
    knots
}
