//! Observations a model is fitted to: their log-likelihood and its derivatives by the
//! distribution's arguments, a block of rows at a time.
//!
//! Here, unlike in [`Family::ln_pdf`], one data set meets many arguments: what depends on the
//! observations alone is computed once.

use std::f64::consts::PI;
use std::ops::Range;

use ndarray::ArrayView1;
use statrs::function::gamma::{digamma, ln_gamma};

use super::{Family, is_positive, is_rate, student_t_ln_normaliser, times_ln};
use crate::model::evaluate::{Column, zip};
use crate::model::tape::{BLOCK, Block, sum};
use crate::model::wide::each;

/// Observations without gaps.
#[derive(Debug, Clone)]
pub(in crate::model) struct Observations {
    family: Family,
    values: Vec<f64>,
    /// What each row's density is taken at: the logarithm for a log-normal, else the value.
    at: Vec<f64>,
    /// What the observations alone add to the log-likelihood.
    constant: f64,
    /// Of a negative binomial: each count there is, and how many times.
    counts: Vec<(f64, f64)>,
}

/// Of each row: the logarithm of its density, less what depends on the observation alone, and the
/// derivatives of that by the arguments.
type Row = (f64, [f64; 3]);

impl Observations {
    /// `values` inside the support of the family.
    pub fn new(family: Family, values: Vec<f64>) -> Self {
        let normal = -0.5 * (2.0 * PI).ln();
        let alone = |y: f64| match family {
            Family::Normal => normal,
            Family::StudentT => 0.0,
            Family::LogNormal => normal - y.ln(),
            Family::Poisson | Family::NegativeBinomial => -ln_gamma(y + 1.0),
        };
        Self {
            family,
            at: match family {
                Family::LogNormal => values.iter().map(|y| y.ln()).collect(),
                _ => values.clone(),
            },
            constant: values.iter().map(|y| alone(*y)).sum(),
            counts: match family {
                Family::NegativeBinomial => distinct(&values),
                _ => Vec::new(),
            },
            values,
        }
    }

    pub fn family(&self) -> Family {
        self.family
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What the observations alone add to the log-likelihood, whatever the arguments.
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// The log-likelihood of a block of rows less its part of [`Self::constant`]; `derivatives` by
    /// each argument of each row. NaN for arguments outside the family's domain.
    pub fn block(
        &self,
        block: &Range<usize>,
        arguments: [Column<'_>; 3],
        derivatives: &mut [Block; 3],
    ) -> f64 {
        let y = &self.at[block.clone()];
        let [a, b, c] = arguments;
        match self.family {
            Family::Normal | Family::LogNormal => match b {
                Column::Uniform(sigma) => normal(y, a, sigma, derivatives),
                Column::Lanes(_) => rows(y, [a, b], derivatives, |y, [mean, sigma]| {
                    let (inverse, ln) = (1.0 / sigma, sigma.ln());
                    let z = (y - mean) * inverse;
                    let by = [z * inverse, (z * z - 1.0) * inverse, 0.0];
                    (-0.5 * z * z - ln, by)
                }),
            },
            Family::StudentT => match (a, c) {
                (Column::Uniform(nu), Column::Uniform(sigma)) => {
                    let shape = StudentShape::new(nu, sigma);
                    rows(y, [b], derivatives, |y, [mean]| shape.row(y, mean))
                }
                _ => rows(y, [a, b, c], derivatives, |y, [nu, mean, sigma]| {
                    StudentShape::new(nu, sigma).row(y, mean)
                }),
            },
            Family::Poisson => rows(y, [a], derivatives, |y, [rate]| poisson(y, rate)),
            Family::NegativeBinomial => match b {
                Column::Uniform(alpha) => {
                    let of_rows = rows(y, [a], derivatives, |y, [mu]| rate_part(y, mu, alpha));
                    if block.start > 0 {
                        return of_rows;
                    }
                    // The same for all rows of a count, and dear: once, with the first block.
                    let of_counts = self.counts.iter().map(|(y, times)| {
                        let (density, by_alpha) = shape_part(*y, alpha);
                        derivatives[1][0] += times * by_alpha;
                        times * density
                    });
                    of_rows + of_counts.sum::<f64>()
                }
                Column::Lanes(_) => rows(y, [a, b], derivatives, |y, [mu, alpha]| {
                    let (density, [by_mu, by_alpha, _]) = rate_part(y, mu, alpha);
                    let (of_count, by_shape) = shape_part(y, alpha);
                    (density + of_count, [by_mu, by_alpha + by_shape, 0.0])
                }),
            },
        }
    }
}

/// Each row through `row`; the sum of its densities.
fn rows<const N: usize>(
    y: &[f64],
    arguments: [Column<'_>; N],
    derivatives: &mut [Block; 3],
    row: impl Fn(f64, [f64; N]) -> Row,
) -> f64 {
    let lanes = y.len();
    let mut uniform = [[0.0; BLOCK]; N];
    for (room, argument) in uniform.iter_mut().zip(arguments) {
        if let Column::Uniform(value) = argument {
            room.fill(value);
        }
    }
    let arguments: [&[f64]; N] = std::array::from_fn(|index| match arguments[index] {
        Column::Uniform(_) => &uniform[index][..lanes],
        Column::Lanes(values) => &values[..lanes],
    });
    let mut densities = [0.0; BLOCK];
    let densities = &mut densities[..lanes];
    let [first, second, third] = derivatives.each_mut().map(|lane| &mut lane[..lanes]);
    for i in 0..lanes {
        let (density, by) = row(y[i], arguments.map(|argument| argument[i]));
        densities[i] = density;
        [first[i], second[i], third[i]] = by;
    }
    sum(densities)
}

/// Rows of one standard deviation, the commonest case by far: column by column, without a
/// division or a logarithm a row.
fn normal(y: &[f64], mean: Column<'_>, sigma: f64, derivatives: &mut [Block; 3]) -> f64 {
    let inverse = 1.0 / sigma;
    let [by_mean, by_sigma, z] = derivatives.each_mut().map(|lane| &mut lane[..y.len()]);
    zip(Column::Lanes(y), mean, z, |y, mean| (y - mean) * inverse);
    each(by_mean, z, z, |_, z, _| z * inverse);
    each(by_sigma, z, z, |_, z, _| (z * z - 1.0) * inverse);
    let squares = ArrayView1::from(&*z);
    // There is no third argument.
    let density = -0.5 * squares.dot(&squares) - y.len() as f64 * sigma.ln();
    z.fill(0.0);
    density
}

/// What a Student's t density takes of its degrees of freedom and scale.
#[derive(Clone, Copy)]
struct StudentShape {
    nu: f64,
    inverse: f64,
    constant: f64,
    /// The derivative of `constant` by nu.
    constant_by_nu: f64,
}

impl StudentShape {
    fn new(nu: f64, sigma: f64) -> Self {
        let half = 0.5 * nu;
        let constant = if is_positive(nu) && is_positive(sigma) {
            student_t_ln_normaliser(nu, sigma)
        } else {
            f64::NAN
        };
        Self {
            nu,
            inverse: 1.0 / sigma,
            constant,
            constant_by_nu: 0.5 * (digamma(half + 0.5) - digamma(half) - 1.0 / nu),
        }
    }

    #[inline(always)]
    fn row(self, y: f64, mean: f64) -> Row {
        let z = (y - mean) * self.inverse;
        let ln = (z * z / self.nu).ln_1p();
        let weight = (self.nu + 1.0) / (self.nu + z * z);
        (
            self.constant - 0.5 * (self.nu + 1.0) * ln,
            [
                self.constant_by_nu - 0.5 * ln + 0.5 * weight * z * z / self.nu,
                weight * z * self.inverse,
                (weight * z * z - 1.0) * self.inverse,
            ],
        )
    }
}

fn poisson(y: f64, rate: f64) -> Row {
    if !is_rate(rate) {
        return (f64::NAN, [f64::NAN, 0.0, 0.0]);
    }
    (times_ln(y, rate) - rate, [per(y, rate) - 1.0, 0.0, 0.0])
}

/// What the mean has a part in of a negative binomial's probability.
fn rate_part(y: f64, mu: f64, alpha: f64) -> Row {
    if !is_rate(mu) {
        return (f64::NAN, [f64::NAN, f64::NAN, 0.0]);
    }
    let ln = (mu / alpha).ln_1p();
    (
        times_ln(y, mu / (alpha + mu)) - alpha * ln,
        [
            per(y, mu) - (y + alpha) / (mu + alpha),
            (mu - y) / (mu + alpha) - ln,
            0.0,
        ],
    )
}

/// What it has no part in, and its derivative by alpha.
fn shape_part(y: f64, alpha: f64) -> (f64, f64) {
    if !is_positive(alpha) {
        return (f64::NAN, f64::NAN);
    }
    (
        ln_gamma(y + alpha) - ln_gamma(alpha),
        digamma(y + alpha) - digamma(alpha),
    )
}

/// Each number there is, in ascending order, and how many times.
fn distinct(values: &[f64]) -> Vec<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.map(|run| (run[0], run.len() as f64)).collect()
}

/// `y / x`, 0 where y is 0.
fn per(y: f64, x: f64) -> f64 {
    if y == 0.0 { 0.0 } else { y / x }
}
