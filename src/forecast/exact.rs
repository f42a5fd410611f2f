//! Quantiles and probabilities of the predictive mixture itself, without sampling noise.

use super::forecaster::{ForecastError, Forecaster, mean};
use crate::model::{Arguments, Scratch};

/// The predictive distribution of one step as the mixture over draws that it is.
pub struct Exact<'a> {
    arguments: Arguments<'a>,
    draws: usize,
    mean: f64,
    /// Values between which quantiles are searched first.
    around: (f64, f64),
}

impl Forecaster {
    /// Calls `with` with the exact distribution of a step (0 is the first of the forecast).
    ///
    /// # Errors
    /// When the model gives a mean that is not finite.
    pub fn exact<T>(&self, step: i64, with: impl FnOnce(&Exact) -> T) -> Result<T, ForecastError> {
        let mut scratch = Scratch::default();
        let arguments = self.arguments(step, &mut scratch);
        let expected = arguments.expected();
        if let Some(draw) = expected.iter().position(|value| !value.is_finite()) {
            return Err(self.not_finite(self.position(step), draw));
        }
        let range = |(low, high): (f64, f64), v: &f64| (low.min(*v), high.max(*v));
        let around = expected
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), range);
        let mean = mean(&expected);
        Ok(with(&Exact {
            arguments,
            draws: self.draws(),
            mean,
            around,
        }))
    }
}

impl Exact<'_> {
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Probability of an observation at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let each = (0..self.draws).map(|s| self.arguments.family.cdf(self.arguments.at(s), x));
        each.sum::<f64>() / self.draws as f64
    }

    /// The smallest value that an observation is at most with probability `p` in (0, 1); for
    /// counts a whole number. By bisection once the value is bracketed, to the last digits.
    pub fn quantile(&self, p: f64) -> f64 {
        if self.arguments.family.is_discrete() {
            return self.count_quantile(p);
        }
        let (mut low, mut high) = self.around;
        let mut reach = (high - low).max(1e-3 * high.abs()).max(1e-12);
        while self.cdf(low) > p && reach.is_finite() {
            low -= reach;
            reach *= 2.0;
        }
        while self.cdf(high) < p && reach.is_finite() {
            high += reach;
            reach *= 2.0;
        }
        brent(low, high, |x| self.cdf(x) - p)
    }

    fn count_quantile(&self, p: f64) -> f64 {
        let mut high = self.around.1.max(1.0).ceil();
        while self.cdf(high) < p && high < 1e15 {
            high *= 2.0;
        }
        let mut low = -1.0;
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            if self.cdf(middle) >= p {
                high = middle
            } else {
                low = middle
            }
        }
        high
    }
}

/// Root of a monotone function between two points of which one is below and one above it
/// (Brent 1973, chapter 4), to 1e-12 of its size.
fn brent(mut a: f64, mut b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut fa, mut fb) = (f(a), f(b));
    let (mut c, mut fc) = (a, fa);
    let (mut d, mut e) = (b - a, b - a);
    for _ in 0..200 {
        if fb * fc > 0.0 {
            (c, fc) = (a, fa);
            d = b - a;
            e = d;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 1e-12 * b.abs().max(1e-300);
        let middle = 0.5 * (c - b);
        if middle.abs() <= tolerance || fb == 0.0 {
            break;
        }
        if e.abs() >= tolerance && fa.abs() > fb.abs() {
            // Inverse quadratic interpolation, or the secant while only two points differ.
            let s = fb / fa;
            let (p, q) = if a == c {
                (2.0 * middle * s, 1.0 - s)
            } else {
                let (q, r) = (fa / fc, fb / fc);
                let p = s * (2.0 * middle * q * (q - r) - (b - a) * (r - 1.0));
                (p, (q - 1.0) * (r - 1.0) * (s - 1.0))
            };
            let (p, q) = if p > 0.0 { (p, -q) } else { (-p, q) };
            if 2.0 * p < (3.0 * middle * q - (tolerance * q).abs()).min((e * q).abs()) {
                e = d;
                d = p / q;
            } else {
                d = middle;
                e = middle;
            }
        } else {
            d = middle;
            e = middle;
        }
        (a, fa) = (b, fb);
        b += if d.abs() > tolerance {
            d
        } else {
            tolerance.copysign(middle)
        };
        fb = f(b);
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brent_finds_roots() {
        assert!((brent(0.0, 3.0, |x| x * x - 2.0) - std::f64::consts::SQRT_2).abs() < 1e-11);
        assert!((brent(-10.0, 10.0, |x| (x - 1.0).tanh()) - 1.0).abs() < 1e-11);
        assert_eq!(brent(0.0, 1.0, |x| x), 0.0);
    }
}
