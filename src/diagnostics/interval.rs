//! Credible intervals from sorted draws.

use super::quantile::quantile;

/// An interval that holds `prob` of the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub kind: IntervalKind,
    /// Share of the draws inside, between 0 and 1.
    pub prob: f64,
    pub lower: f64,
    pub upper: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalKind {
    /// Highest density: the narrowest interval.
    Hdi,
    /// Equal-tailed: as much probability below as above.
    Eti,
}

impl Interval {
    /// The interval of ascending draws. Both ends are NaN for no draws or a NaN among them.
    pub fn of(sorted: &[f64], kind: IntervalKind, prob: f64) -> Self {
        let [lower, upper] = match kind {
            IntervalKind::Hdi => hdi(sorted, prob),
            IntervalKind::Eti => eti(sorted, prob),
        };
        Self {
            kind,
            prob,
            lower,
            upper,
        }
    }
}

/// Equal-tailed interval of ascending draws: type-7 quantiles at (1 - prob)/2 and
/// 1 - (1 - prob)/2. NaN for no draws or a NaN among them.
pub fn eti(sorted: &[f64], prob: f64) -> [f64; 2] {
    if undefined(sorted) {
        return [f64::NAN; 2];
    }
    let tail = (1.0 - prob) / 2.0;
    [quantile(sorted, tail), quantile(sorted, 1.0 - tail)]
}

/// Highest-density interval of ascending draws: the narrowest [x_i, x_(i+k)] with
/// k = floor(prob n), the first of equals; from the smallest to the largest draw when k = n
/// (Chen & Shao 1999, J. Comput. Graph. Stat. 8(1)). Assumes one mode. NaN for no draws or a
/// NaN among them.
pub fn hdi(sorted: &[f64], prob: f64) -> [f64; 2] {
    if undefined(sorted) {
        return [f64::NAN; 2];
    }
    let n = sorted.len();
    let k = ((prob * n as f64) as usize).min(n - 1);
    let mut narrowest = f64::INFINITY;
    let mut first = 0;
    for i in 0..n - k {
        let width = sorted[i + k] - sorted[i];
        if width < narrowest {
            narrowest = width;
            first = i;
        }
    }
    [sorted[first], sorted[first + k]]
}

/// In total order a NaN lies at one of the ends.
fn undefined(sorted: &[f64]) -> bool {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return true;
    };
    first.is_nan() || last.is_nan()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hdi_is_the_narrowest_and_the_first_of_equals() {
        assert_eq!(hdi(&[0., 4., 5., 6., 10.], 0.5), [4., 6.]);
        assert_eq!(hdi(&[0., 1., 2., 3., 4.], 0.5), [0., 2.]);
        assert_eq!(hdi(&[0., 1., 2., 3., 4.], 1.0), [0., 4.]);
    }

    #[test]
    fn eti_leaves_as_much_below_as_above() {
        let x: Vec<f64> = (0..=100).map(f64::from).collect();
        let [lower, upper] = eti(&x, 0.9);
        assert!((lower - 5.0).abs() < 1e-12 && (upper - 95.0).abs() < 1e-12);
    }

    #[test]
    fn of_nothing_or_with_nan_is_undefined() {
        for x in [&[][..], &[1., f64::NAN], &[-f64::NAN, 1.]] {
            assert!(
                hdi(x, 0.5)
                    .iter()
                    .chain(&eti(x, 0.5))
                    .all(|end| end.is_nan())
            );
        }
    }

    fn sorted_draws() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(-1e3..1e3f64, 1..60).prop_map(|mut x| {
            x.sort_by(f64::total_cmp);
            x
        })
    }

    proptest! {
        #[test]
        fn eti_nests(x in sorted_draws(), p in 0.01..0.99f64, q in 0.01..0.99f64) {
            let (inner, outer) = (eti(&x, p.min(q)), eti(&x, p.max(q)));
            // One rounding of the interpolation.
            prop_assert!(outer[0] <= inner[0] + 1e-12 && inner[1] <= outer[1] + 1e-12);
        }

        /// Both hold k + 1 order statistics when p (n - 1) makes the ends of the equal-tailed
        /// interval fall on draws.
        #[test]
        fn hdi_is_no_wider_than_eti(x in sorted_draws(), cut in 0usize..30) {
            let n = x.len();
            prop_assume!(2 * cut < n - 1);
            let prob = (n - 1 - 2 * cut) as f64 / (n - 1) as f64;
            let (narrow, equal) = (hdi(&x, (n - 1 - 2 * cut) as f64 / n as f64), eti(&x, prob));
            prop_assert!(narrow[1] - narrow[0] <= equal[1] - equal[0] + 1e-9);
        }
    }
}
