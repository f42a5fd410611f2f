//! How far a parameter may be from what, as its prior says.

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};

use crate::model::{LogDensity, Support};

/// Places and widths of the priors, taken from draws of them: families need no formulas here.
#[derive(Debug, Clone)]
pub(super) struct Scales {
    /// Median of each prior.
    pub centres: Vec<f64>,
    /// Half the distance between the ends of the middle 68 %: the sd of a normal.
    pub widths: Vec<f64>,
    /// The same on the unconstrained scale.
    pub free_widths: Vec<f64>,
    /// For each parameter values in ascending order that cut its prior into parts of the same
    /// probability, and the far ends of what is searched.
    pub knots: Vec<Vec<f64>>,
}

const DRAWS: usize = 1001;

/// Cells of equal probability that a search begins with, the two tails not counted.
const CELLS: usize = 50;

impl Scales {
    pub fn of(density: &LogDensity) -> Self {
        // The search is the same whatever the seed of the sampling.
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
        let draws: Vec<Vec<f64>> = (0..DRAWS).map(|_| density.draw_prior(&mut rng)).collect();
        let mut free_draws = draws.clone();
        for (free, draw) in free_draws.iter_mut().zip(&draws) {
            density.unconstrain(draw, free);
        }
        let constrained: Vec<Vec<f64>> = (0..density.dimension())
            .map(|k| sorted(&draws, k))
            .collect();
        let free = (0..density.dimension()).map(|k| sorted(&free_draws, k));
        Self {
            centres: constrained.iter().map(|draws| at(draws, 0.5)).collect(),
            widths: constrained.iter().map(|draws| width(draws)).collect(),
            free_widths: free.map(|draws| width(&draws)).collect(),
            knots: (constrained.iter().zip(density.priors()))
                .map(|(draws, prior)| knots(draws, prior.support()))
                .collect(),
        }
    }
}

fn sorted(draws: &[Vec<f64>], parameter: usize) -> Vec<f64> {
    let mut sorted: Vec<f64> = draws.iter().map(|draw| draw[parameter]).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn at(sorted: &[f64], p: f64) -> f64 {
    sorted[(p * (sorted.len() - 1) as f64).round() as usize]
}

fn width(sorted: &[f64]) -> f64 {
    let width = 0.5 * (at(sorted, 0.84) - at(sorted, 0.16));
    // A prior as narrow as rounding, or as wide as all numbers, still needs a width.
    width.clamp(f64::MIN_POSITIVE, f64::MAX.sqrt())
}

/// Quantiles, and ends so far out that hardly a parameter lies beyond: 4.5 standard deviations of
/// a normal; the whole of an interval.
fn knots(sorted: &[f64], support: Support) -> Vec<f64> {
    const BEYOND: f64 = 0.4;
    let median = at(sorted, 0.5);
    let (least, most) = (at(sorted, 0.0), at(sorted, 1.0));
    let ends = match support {
        Support::Interval(lower, upper) => (lower, upper),
        Support::Positive => (
            least * (least / median).powf(BEYOND),
            most * (most / median).powf(BEYOND),
        ),
        Support::Real => (
            least + BEYOND * (least - median),
            most + BEYOND * (most - median),
        ),
    };
    let mut knots = vec![ends.0];
    knots.extend((0..=CELLS).map(|cell| at(sorted, cell as f64 / CELLS as f64)));
    knots.push(ends.1);
    knots.retain(|knot| knot.is_finite());
    knots.dedup();
    knots
}
