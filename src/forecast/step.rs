//! The predictive distribution of one step, held as sorted draws.

use super::Probability;

/// How many paths of single draws are kept beside the bands.
pub const PATHS: usize = 9;

/// Draws of one step, sorted, with what needs them in order of draw kept aside.
#[derive(Debug, Clone)]
pub struct Step {
    /// Mean over draws of each draw's expected value: the predictive mean without the noise of
    /// sampling the likelihood. Where an expected value does not exist (a Student t with one
    /// degree of freedom or less), the mean of the predictive draws.
    pub mean: f64,
    /// The same for each chain.
    pub chain_means: Vec<f64>,
    /// The values of up to [`PATHS`] draws spread evenly over the posterior, the same draws at
    /// every step.
    pub paths: Vec<f64>,
    /// Ascending.
    pub(super) sorted: Vec<f64>,
}

impl Step {
    /// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan
    /// 1996, NumPy's default).
    pub fn quantile(&self, p: f64) -> f64 {
        quantile_sorted(&self.sorted, p)
    }

    /// Equal-tailed interval.
    pub fn interval(&self, mass: Probability) -> (f64, f64) {
        let (low, high) = mass.tails();
        (self.quantile(low), self.quantile(high))
    }

    /// Share of draws above a value.
    pub fn probability_above(&self, value: f64) -> f64 {
        let not_above = self.sorted.partition_point(|draw| *draw <= value);
        1.0 - not_above as f64 / self.sorted.len() as f64
    }

    /// All draws, ascending.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }
}

/// Type-7 quantile of an ascending slice; NaN of an empty one.
fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = p.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

/// Sorts finite values. Sorting them as integers of the same order is twice as fast as through
/// a comparison of floats, and sorting is what a recomputed forecast spends most of its time on.
pub(super) fn sort(values: &mut [f64]) {
    // Negative floats count down as integers: flipping all but the sign makes them count up.
    let key = |bits: i64| bits ^ ((bits >> 63) as u64 >> 1) as i64;
    let mut keys: Vec<i64> = values.iter().map(|v| key(v.to_bits() as i64)).collect();
    keys.sort_unstable();
    for (value, bits) in values.iter_mut().zip(keys) {
        *value = f64::from_bits(key(bits) as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step(mut draws: Vec<f64>) -> Step {
        sort(&mut draws);
        Step {
            mean: 0.0,
            chain_means: vec![],
            paths: vec![],
            sorted: draws,
        }
    }

    #[test]
    fn quantiles_are_numpys() {
        // numpy.quantile([3, 1, 4, 1, 5], [0, .1, .25, .5, .9, 1])
        let step = step(vec![3.0, 1.0, 4.0, 1.0, 5.0]);
        for (p, expected) in [
            (0.0, 1.0),
            (0.1, 1.0),
            (0.25, 1.0),
            (0.5, 3.0),
            (0.9, 4.6),
            (1.0, 5.0),
        ] {
            assert!((step.quantile(p) - expected).abs() < 1e-12, "{p}");
        }
        assert!((step.probability_above(3.0) - 0.4).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn sorting_sorts(values in prop::collection::vec(-1e300..1e300f64, 0..200)) {
            let mut by_key = values.clone();
            sort(&mut by_key);
            let mut by_comparison = values;
            by_comparison.sort_by(f64::total_cmp);
            prop_assert_eq!(by_key, by_comparison);
        }

        #[test]
        fn intervals_nest(draws in prop::collection::vec(-1e3..1e3f64, 1..200), a in 0.001..0.999f64, b in 0.001..0.999f64) {
            let step = step(draws);
            let (narrow, wide) = (Probability::new(a.min(b)).unwrap(), Probability::new(a.max(b)).unwrap());
            let (inner, outer) = (step.interval(narrow), step.interval(wide));
            prop_assert!(outer.0 <= inner.0 && inner.0 <= inner.1 && inner.1 <= outer.1);
        }
    }
}
