//! The predictive distribution of one step, held as draws.

use super::Probability;
use super::arranged::Arranged;

/// How many paths of single draws are kept beside the bands.
pub const PATHS: usize = 9;
/// How many futures are kept, to be shown one after another.
pub const FUTURES: usize = 40;

/// Draws of one step, arranged for quantiles, with what needs them in order of draw kept aside.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Mean over draws of each draw's expected value: the predictive mean without the noise of
    /// sampling the likelihood. Where an expected value does not exist (a Student t with one
    /// degree of freedom or less), its location.
    pub mean: f64,
    /// The same for each chain.
    pub chain_means: Vec<f64>,
    /// The values of up to [`PATHS`] draws spread evenly over the posterior, the same draws at
    /// every step.
    pub paths: Vec<f64>,
    /// The values of up to [`FUTURES`] draws, the same draws at every step; those that follow
    /// each other lie far apart in the posterior, in other chains where there are several.
    pub futures: Vec<f64>,
    pub(super) draws: Arranged,
}

impl Step {
    /// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan
    /// 1996, NumPy's default).
    pub fn quantile(&self, p: f64) -> f64 {
        self.draws.quantile(p)
    }

    /// Equal-tailed interval.
    pub fn interval(&self, mass: Probability) -> (f64, f64) {
        let (low, high) = mass.tails();
        (self.quantile(low), self.quantile(high))
    }

    /// Share of draws above a value.
    pub fn probability_above(&self, value: f64) -> f64 {
        1.0 - self.draws.count_to(value) as f64 / self.draws.len() as f64
    }

    /// All draws, ascending.
    pub fn sorted(&self) -> Vec<f64> {
        self.draws.sorted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step(draws: &[f64]) -> Step {
        Step {
            draws: Arranged::new(draws),
            ..Step::default()
        }
    }

    #[test]
    fn the_threshold_itself_is_not_above() {
        let step = step(&[3.0, 1.0, 4.0, 1.0, 5.0]);
        assert!((step.probability_above(3.0) - 0.4).abs() < 1e-12);
        assert_eq!(step.probability_above(9.0), 0.0);
        assert_eq!(step.probability_above(-9.0), 1.0);
    }

    proptest! {
        #[test]
        fn intervals_nest(draws in prop::collection::vec(-1e3..1e3f64, 1..200), a in 0.001..0.999f64, b in 0.001..0.999f64) {
            let step = step(&draws);
            let (narrow, wide) = (Probability::new(a.min(b)).unwrap(), Probability::new(a.max(b)).unwrap());
            let (inner, outer) = (step.interval(narrow), step.interval(wide));
            prop_assert!(outer.0 <= inner.0 && inner.0 <= inner.1 && inner.1 <= outer.1);
        }
    }
}
