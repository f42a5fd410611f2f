//! The derivative of every operation, over columns.
//!
//! Reverse mode: given how the density changes with each result (`weights`), how it changes with
//! an operand is the weight times the derivative of the operation, added to what the operand's
//! other uses gave (Griewank and Walther 2008, Evaluating Derivatives, chapter 3).
//!
//! Where an operation has a corner the derivative is one-sided: that of `abs` at 0 is 1, as from
//! above; `min` and `max` of two equal numbers follow the second, as their value does.

use ndarray::ArrayView1;

use super::evaluate::{Column, zip};
use super::expression::{BinaryOperator, UnaryOperator};
use super::fastmath;
use super::tape::{BLOCK, sum};
use super::wide::each;

/// An operand of a binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl UnaryOperator {
    /// Adds to `adjoints` the derivative by the operand `a` times `weights`; `results` are those
    /// of the operation. At most a block of each.
    pub(super) fn pull_back(
        self,
        a: &[f64],
        results: &[f64],
        weights: &[f64],
        adjoints: &mut [f64],
    ) {
        match self {
            Self::Negate => add(adjoints, weights, results, |w, _| -w),
            Self::Sin => {
                let mut cosines = [0.0; BLOCK];
                let cosines = &mut cosines[..a.len()];
                fastmath::cos_all(a, cosines);
                add(adjoints, weights, cosines, |w, cosine| w * cosine);
            }
            Self::Cos => {
                let mut sines = [0.0; BLOCK];
                let sines = &mut sines[..a.len()];
                fastmath::sin_all(a, sines);
                add(adjoints, weights, sines, |w, sine| -w * sine);
            }
            Self::Tan => add(adjoints, weights, results, |w, r| w * (1.0 + r * r)),
            Self::Exp => add(adjoints, weights, results, |w, r| w * r),
            Self::Log => add(adjoints, weights, a, |w, a| w / a),
            Self::Sqrt => add(adjoints, weights, results, |w, r| 0.5 * w / r),
            Self::Abs => add(adjoints, weights, a, |w, a| if a < 0.0 { -w } else { w }),
            Self::Tanh => add(adjoints, weights, results, |w, r| w * (1.0 - r * r)),
            Self::Sigmoid => add(adjoints, weights, results, |w, r| w * r * (1.0 - r)),
        }
    }
}

impl BinaryOperator {
    /// Adds to `adjoints` the derivative by the operand on that `side` times `weights`;
    /// `results` are those of the operation on `a` and `b`. At most a block of each.
    pub(super) fn pull_back(
        self,
        side: Side,
        [a, b]: [Column<'_>; 2],
        results: &[f64],
        weights: &[f64],
        adjoints: &mut [f64],
    ) {
        let by_slopes = |adjoints: &mut [f64], slopes_into: &dyn Fn(&mut [f64])| {
            let mut slopes = [0.0; BLOCK];
            let slopes = &mut slopes[..weights.len()];
            slopes_into(slopes);
            add(adjoints, weights, slopes, |w, slope| w * slope);
        };
        match (self, side) {
            (Self::Add, _) | (Self::Subtract, Side::Left) => {
                add(adjoints, weights, weights, |w, _| w);
            }
            (Self::Subtract, Side::Right) => add(adjoints, weights, weights, |w, _| -w),
            (Self::Multiply, Side::Left) => add_by(adjoints, weights, b, |w, b| w * b),
            (Self::Multiply, Side::Right) => add_by(adjoints, weights, a, |w, a| w * a),
            (Self::Divide, Side::Left) => add_by(adjoints, weights, b, |w, b| w / b),
            (Self::Divide, Side::Right) => match b {
                Column::Uniform(b) => {
                    let inverse = -1.0 / b;
                    add(adjoints, weights, results, |w, r| w * r * inverse);
                }
                Column::Lanes(_) => by_slopes(adjoints, &|slopes| {
                    zip(Column::Lanes(results), b, slopes, |r, b| -r / b);
                }),
            },
            (Self::Power, Side::Left) => by_slopes(adjoints, &|slopes| {
                zip(a, b, slopes, |a, b| b * a.powf(b - 1.0));
            }),
            (Self::Power, Side::Right) => by_slopes(adjoints, &|slopes| {
                zip(a, Column::Lanes(results), slopes, |a, r| {
                    // 0 to a positive power stays 0 whatever the power.
                    if r == 0.0 { 0.0 } else { r * a.ln() }
                });
            }),
            (Self::Min | Self::Max, side) => by_slopes(adjoints, &|slopes| {
                let chosen = if side == Side::Left { 1.0 } else { 0.0 };
                zip(a, b, slopes, |a, b| {
                    let is_left = a.is_nan() || if self == Self::Min { a < b } else { a > b };
                    if is_left { chosen } else { 1.0 - chosen }
                });
            }),
        }
    }
}

impl BinaryOperator {
    /// The sum over the rows of what [`Self::pull_back`] adds: for an operand that all of them
    /// share.
    pub(super) fn pull_back_sum(
        self,
        side: Side,
        [a, b]: [Column<'_>; 2],
        results: &[f64],
        weights: &[f64],
    ) -> f64 {
        match (self, side) {
            (Self::Add, _) | (Self::Subtract, Side::Left) => sum(weights),
            (Self::Subtract, Side::Right) => -sum(weights),
            (Self::Multiply, Side::Left) => dot(weights, b),
            (Self::Multiply, Side::Right) => dot(weights, a),
            (Self::Divide, Side::Right) if matches!(b, Column::Uniform(_)) => {
                -dot(weights, Column::Lanes(results)) / b.at(0)
            }
            _ => {
                let mut adjoints = [0.0; BLOCK];
                let adjoints = &mut adjoints[..weights.len()];
                self.pull_back(side, [a, b], results, weights, adjoints);
                sum(adjoints)
            }
        }
    }
}

/// The sum of `weights[i] * x[i]`.
fn dot(weights: &[f64], x: Column<'_>) -> f64 {
    match x {
        Column::Lanes(x) => ArrayView1::from(weights).dot(&ArrayView1::from(x)),
        Column::Uniform(x) => sum(weights) * x,
    }
}

/// `sums[i] += f(weights[i], x[i])`
pub(super) fn add(sums: &mut [f64], weights: &[f64], x: &[f64], f: impl Fn(f64, f64) -> f64) {
    each(sums, weights, x, |sum, w, x| sum + f(w, x));
}

/// The same, where x may be one number for all.
fn add_by(sums: &mut [f64], weights: &[f64], x: Column<'_>, f: impl Fn(f64, f64) -> f64) {
    match x {
        Column::Lanes(x) => add(sums, weights, x, f),
        Column::Uniform(x) => add(sums, weights, weights, |w, _| f(w, x)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(operator: BinaryOperator, side: Side, a: f64, b: f64) -> f64 {
        let (mut adjoint, result) = ([0.5], [operator.apply(a, b)]);
        let operands = [Column::Uniform(a), Column::Lanes(&[b])];
        operator.pull_back(side, operands, &result, &[3.0], &mut adjoint);
        adjoint[0] - 0.5
    }

    #[test]
    fn at_a_corner_the_derivative_is_that_of_one_side() {
        for a in [0.0, -0.0] {
            let mut adjoint = [0.5];
            UnaryOperator::Abs.pull_back(&[a], &[0.0], &[3.0], &mut adjoint);
            assert_eq!(adjoint, [3.5]);
        }
        for operator in [BinaryOperator::Min, BinaryOperator::Max] {
            assert_eq!(by(operator, Side::Left, 2.0, 2.0), 0.0);
            assert_eq!(by(operator, Side::Right, 2.0, 2.0), 3.0);
        }
    }

    #[test]
    fn a_shared_operand_gets_the_sum_over_the_rows() {
        use BinaryOperator::*;
        let rows = [0.5, 2.0, 3.0, 4.5, 0.25];
        let weights = [1.0, -2.0, 0.5, 3.0, 1.5];
        for operator in [Add, Subtract, Multiply, Divide, Power, Min, Max] {
            for side in [Side::Left, Side::Right] {
                let (shared, lanes) = (Column::Uniform(1.75), Column::Lanes(&rows));
                let operands = match side {
                    Side::Left => [shared, lanes],
                    Side::Right => [lanes, shared],
                };
                let (mut results, mut adjoints) = ([0.0; 5], [0.0; 5]);
                operator.apply_all(operands[0], operands[1], &mut results);
                operator.pull_back(side, operands, &results, &weights, &mut adjoints);
                let expected: f64 = adjoints.iter().sum();
                let found = operator.pull_back_sum(side, operands, &results, &weights);
                assert!((found - expected).abs() < 1e-12, "{operator:?} {side:?}");
            }
        }
    }

    #[test]
    fn zero_to_a_power_has_a_derivative() {
        let power = BinaryOperator::Power;
        assert_eq!(by(power, Side::Left, 0.0, 2.0), 0.0);
        assert_eq!(by(power, Side::Left, 0.0, 1.0), 3.0);
        assert_eq!(by(power, Side::Right, 0.0, 2.0), 0.0);
        assert!((by(power, Side::Left, -2.0, 3.0) - 36.0).abs() < 1e-12);
    }
}
