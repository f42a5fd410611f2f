//! Quantiles by linear interpolation.

/// Quantile of ascending values at `p` in [0, 1], type 7 of Hyndman & Fan (1996, The American
/// Statistician 50(4)): linear between the order statistics around `p (n - 1)`.
///
/// Interpolates from the nearer end, as NumPy does, so that between two equal values it gives
/// exactly that value: `ess_quantile` counts draws that are <= it. NaN for no values.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position as usize;
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    let t = position - below as f64;
    if t < 0.5 {
        a + (b - a) * t
    } else {
        b - (b - a) * (1.0 - t)
    }
}

/// The middle one of ascending values, or the mean of the middle two. NaN for no values.
///
/// Not `quantile(sorted, 0.5)`, whose last bit may differ: distances from the median tie or do
/// not tie by that bit, and R-hat of a short chain shows it.
pub fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    match n {
        0 => f64::NAN,
        _ if n % 2 == 1 => sorted[n / 2],
        _ => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_order_statistics() {
        let x = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&x, 0.0), 1.0);
        assert_eq!(quantile(&x, 0.25), 1.75);
        assert_eq!(quantile(&x, 0.5), 3.0);
        assert_eq!(quantile(&x, 0.75), 5.0);
        assert_eq!(quantile(&x, 1.0), 8.0);
    }

    #[test]
    fn median_of_odd_even_and_none() {
        assert_eq!(median(&[1.0, 2.0, 4.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0, 4.0, 8.0]), 3.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn between_equal_values_it_is_that_value() {
        let v = 0.049_051_127_849_285_36;
        for p in [0.05, 0.3, 0.5, 0.7, 0.95] {
            assert_eq!(quantile(&[v; 7], p), v);
        }
    }

    #[test]
    fn of_nothing_or_at_nan_is_undefined() {
        assert!(quantile(&[], 0.5).is_nan());
        assert!(quantile(&[1.0, 2.0], f64::NAN).is_nan());
    }
}
