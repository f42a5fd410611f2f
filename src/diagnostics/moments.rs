//! Means and variances that keep their digits when the mean is far from zero.

use ndarray::ArrayView1;

/// Arithmetic mean. A second pass adds the mean of the residuals, which takes the rounding of
/// a long sum back out. NaN for no values.
pub fn mean(values: ArrayView1<'_, f64>) -> f64 {
    let n = values.len() as f64;
    let rough = values.sum() / n;
    if !rough.is_finite() {
        return rough;
    }
    rough + values.fold(0.0, |sum, x| sum + (x - rough)) / n
}

/// Two-pass variance with `ddof` subtracted from the count. NaN for `ddof` values or fewer.
pub fn variance(values: ArrayView1<'_, f64>, ddof: usize) -> f64 {
    if values.len() <= ddof {
        return f64::NAN;
    }
    let centre = mean(values);
    let squares = values.fold(0.0, |sum, x| sum + (x - centre) * (x - centre));
    squares / (values.len() - ddof) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    #[test]
    fn textbook_values() {
        let x = array![2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(x.view()), 5.0);
        assert_eq!(variance(x.view(), 0), 4.0);
        assert_eq!(variance(x.view(), 1), 32.0 / 7.0);
    }

    #[test]
    fn keeps_digits_far_from_zero() {
        // mean/sd = 1e12: a one-pass variance returns noise here.
        let x = Array1::from_iter((0..1000).map(|i| 1e12 + f64::from(i % 2)));
        assert_eq!(mean(x.view()), 1e12 + 0.5);
        assert_eq!(variance(x.view(), 0), 0.25);
    }

    #[test]
    fn nothing_and_too_few_are_undefined() {
        let none = Array1::<f64>::zeros(0);
        assert!(mean(none.view()).is_nan());
        assert!(variance(none.view(), 0).is_nan());
        assert!(variance(array![1.0].view(), 1).is_nan());
    }

    #[test]
    fn an_infinite_value_shows_in_the_mean() {
        assert_eq!(mean(array![1.0, f64::INFINITY].view()), f64::INFINITY);
        assert!(variance(array![1.0, f64::INFINITY].view(), 1).is_nan());
    }
}
