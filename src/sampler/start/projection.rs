//! Least squares for the parameters in which the mean is linear, given the others.
//!
//! Variable projection (Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear
//! least squares problems whose variables separate", SIAM J. Numer. Anal. 10, 1973): what is left
//! to search are the parameters that bend the mean, such as a period. The priors of the linear ones
//! enter as normals of the same place and width, so that a fit cannot run away from them.

use ndarray::Array2;

use super::roles::Roles;
use super::scales::Scales;
use crate::model::{DensityScratch, LogDensity, Support};
use crate::sampler::dense::{Cholesky, dot};

/// The mean of a model as a function of its nonlinear parameters alone.
pub(super) struct Projection<'a> {
    pub density: &'a LogDensity,
    pub scales: &'a Scales,
    pub roles: &'a Roles,
    /// What the mean is fitted to, one value an observed row.
    pub target: Vec<f64>,
}

/// Parameters and how well they fit.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Those beside the mean are at the middle of their priors.
    pub parameters: Vec<f64>,
    /// About the log posterior, the noise fitted; to compare candidates of one target.
    pub score: f64,
}

/// What the mean can be at some values of its nonlinear parameters: a base, and the columns that
/// a width of each linear parameter adds to it.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    base: Vec<f64>,
    columns: Vec<Vec<f64>>,
}

impl Projection<'_> {
    /// The number of observed rows.
    pub fn rows(&self) -> usize {
        self.target.len()
    }

    /// Evaluations of the mean that one shape takes.
    pub fn evaluations(&self) -> usize {
        1 + self.roles.linear.len()
    }

    /// The shape at some values of all parameters, of which only the nonlinear ones matter.
    pub fn shape(&self, parameters: &[f64], scratch: &mut DensityScratch) -> Shape {
        let mut parameters = parameters.to_vec();
        for k in &self.roles.linear {
            parameters[*k] = self.scales.centres[*k];
        }
        let mut base = vec![0.0; self.rows()];
        self.density.mean(&parameters, &mut base, scratch);
        let columns = self
            .roles
            .linear
            .iter()
            .map(|k| {
                let centre = parameters[*k];
                parameters[*k] = centre + self.scales.widths[*k];
                let mut column = vec![0.0; self.rows()];
                self.density.mean(&parameters, &mut column, scratch);
                parameters[*k] = centre;
                for (moved, base) in column.iter_mut().zip(&base) {
                    *moved -= base;
                }
                column
            })
            .collect();
        Shape { base, columns }
    }

    /// The best fit at some values of the nonlinear parameters; `None` where the mean is not
    /// finite.
    pub fn fit(&self, parameters: &[f64], shape: &Shape) -> Option<Candidate> {
        let n = self.rows() as f64;
        let residual: Vec<f64> = (self.target.iter().zip(&shape.base))
            .map(|(y, base)| y - base)
            .collect();
        let normal = NormalEquations::new(&shape.columns, &residual);
        let mut variance = dot(&residual, &residual) / n;
        let least = 1e-12 * variance;
        let mut shifts = vec![0.0; self.roles.linear.len()];
        // The noise decides how much the priors weigh, the fit how much noise there is.
        for _ in 0..3 {
            let free = normal.solve(variance, &vec![None; self.roles.linear.len()])?;
            shifts = match self.outside(&free) {
                fixed if fixed.iter().all(Option::is_none) => free,
                fixed => normal.solve(variance, &fixed)?,
            };
            variance = (normal.squares(&shifts) / n).max(least);
        }
        let mut parameters = parameters.to_vec();
        let mut score = -0.5 * n * variance.max(f64::MIN_POSITIVE).ln();
        score -= 0.5 * dot(&shifts, &shifts);
        for (k, shift) in self.roles.linear.iter().zip(&shifts) {
            parameters[*k] = self.scales.centres[*k] + self.scales.widths[*k] * shift;
        }
        for k in &self.roles.nonlinear {
            score += self.density.priors()[*k].ln_pdf(parameters[*k]);
        }
        score.is_finite().then_some(Candidate { parameters, score })
    }

    /// The shifts that leave a parameter's support, put just inside of it; others `None`.
    fn outside(&self, shifts: &[f64]) -> Vec<Option<f64>> {
        /// How much of its width a parameter is kept from an end.
        const INSIDE: f64 = 0.02;
        let fixed = |(k, shift): (&usize, &f64)| {
            let (centre, width) = (self.scales.centres[*k], self.scales.widths[*k]);
            let (lower, upper) = match self.density.priors()[*k].support() {
                Support::Real => return None,
                Support::Positive => (0.0, f64::INFINITY),
                Support::Interval(lower, upper) => (lower, upper),
            };
            let least = (lower - centre) / width;
            let most = (upper - centre) / width;
            let room = INSIDE.min(0.5 * (most - least));
            (*shift < least + room)
                .then_some(least + room)
                .or((*shift > most - room).then_some(most - room))
        };
        self.roles.linear.iter().zip(shifts).map(fixed).collect()
    }

    /// The mean at a candidate.
    pub fn mean(&self, parameters: &[f64], scratch: &mut DensityScratch) -> Vec<f64> {
        let mut mean = vec![0.0; self.rows()];
        self.density.mean(parameters, &mut mean, scratch);
        mean
    }

    /// What a row of the target is away from its mean, squared, on the average.
    pub fn variance(&self) -> f64 {
        let level = self.target.iter().sum::<f64>() / self.rows() as f64;
        squares(self.target.iter().map(|y| y - level)) / self.rows() as f64
    }

    /// Whether the mean is about the same function at two shapes: that nothing which fits the
    /// data can hide between them. How much it may differ is measured by how far the bases are
    /// from `middle`, what they have in common with those of other shapes.
    pub fn alike(&self, a: &Shape, b: &Shape, middle: &[f64]) -> bool {
        /// Two sines a third of a turn apart at the ends of the series are this far from each
        /// other. Their frequencies differ by 0.4 / n, and one half-way fits 9/10 as well as the
        /// best does.
        const FARTHEST: f64 = 1.2;
        let close = |a: &[f64], b: &[f64], size: f64| {
            squares(a.iter().zip(b).map(|(a, b)| a - b)) <= FARTHEST * FARTHEST * size
        };
        let off = |base: &[f64]| squares(base.iter().zip(middle).map(|(x, middle)| x - middle));
        // Of two, one may be near the middle and the other far off.
        let nearer = f64::min(off(&a.base), off(&b.base));
        // What the likelihood would not notice is no difference.
        close(&a.base, &b.base, nearer.max(self.variance()))
            && (a.columns.iter().zip(&b.columns))
                .all(|(a, b)| close(a, b, f64::max(dot(a, a), dot(b, b))))
    }
}

fn squares(differences: impl Iterator<Item = f64>) -> f64 {
    differences.map(|x| x * x).sum()
}

impl Shape {
    /// The bases' medians, row by row.
    pub fn middle(shapes: &[Shape]) -> Vec<f64> {
        let rows = shapes.first().map_or(0, |shape| shape.base.len());
        let middle_of_row = |row: usize| {
            let mut values: Vec<f64> = shapes.iter().map(|shape| shape.base[row]).collect();
            let (_, middle, _) = values.select_nth_unstable_by(shapes.len() / 2, f64::total_cmp);
            *middle
        };
        (0..rows).map(middle_of_row).collect()
    }

    pub fn is_finite(&self) -> bool {
        let mut values = self.columns.iter().flatten().chain(&self.base);
        values.all(|value| value.is_finite())
    }
}

/// Least squares of a target on columns, each of them with a standard normal prior.
struct NormalEquations {
    products: Array2<f64>,
    with_target: Vec<f64>,
    target_squared: f64,
}

impl NormalEquations {
    fn new(columns: &[Vec<f64>], target: &[f64]) -> Self {
        let mut products = Array2::zeros((columns.len(), columns.len()));
        for (row, a) in columns.iter().enumerate() {
            for (column, b) in columns[..=row].iter().enumerate() {
                products[[row, column]] = dot(a, b);
                products[[column, row]] = products[[row, column]];
            }
        }
        Self {
            products,
            with_target: columns.iter().map(|column| dot(column, target)).collect(),
            target_squared: dot(target, target),
        }
    }

    /// The weights of the columns that are not fixed, given the variance of the noise.
    fn solve(&self, variance: f64, fixed: &[Option<f64>]) -> Option<Vec<f64>> {
        let k = fixed.len();
        // Scaled by the variance, which may be 0.
        let mut matrix = self.products.clone();
        let mut right = self.with_target.clone();
        for row in 0..k {
            matrix[[row, row]] += variance;
        }
        for (column, value) in fixed.iter().enumerate() {
            let Some(value) = value else { continue };
            for row in 0..k {
                right[row] -= self.products[[row, column]] * value;
                matrix[[row, column]] = 0.0;
                matrix[[column, row]] = 0.0;
            }
            matrix[[column, column]] = 1.0;
        }
        for (right, value) in right.iter_mut().zip(fixed) {
            *right = value.unwrap_or(*right);
        }
        Cholesky::new(&matrix)?.solve(&mut right);
        right.iter().all(|x| x.is_finite()).then_some(right)
    }

    /// The sum of squares that some weights leave.
    fn squares(&self, weights: &[f64]) -> f64 {
        let explained = self.products.dot(&ndarray::ArrayView1::from(weights));
        let explained = dot(weights, &explained.to_vec());
        (self.target_squared - 2.0 * dot(weights, &self.with_target) + explained).max(0.0)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::Model;
    use crate::series::{Series, TimeAxis};
    use std::f64::consts::TAU;

    pub fn density(model: &str, values: Vec<f64>) -> LogDensity {
        let series = Series {
            name: "y".into(),
            axis: TimeAxis::regular(values.len()),
            values,
        };
        LogDensity::new(&Model::built_in(model).unwrap(), &series).unwrap()
    }

    pub fn with_projection<T>(density: &LogDensity, f: impl FnOnce(&Projection<'_>) -> T) -> T {
        let scales = Scales::of(density);
        let roles = Roles::of(density, &scales);
        f(&Projection {
            density,
            scales: &scales,
            roles: &roles,
            target: density.observations().1.to_vec(),
        })
    }

    fn at_period(projection: &Projection<'_>, period: f64) -> (Shape, Candidate) {
        let mut parameters = projection.scales.centres.clone();
        parameters[projection.roles.nonlinear[0]] = period;
        let shape = projection.shape(&parameters, &mut DensityScratch::default());
        let found = projection.fit(&parameters, &shape).unwrap();
        (shape, found)
    }

    #[test]
    fn the_linear_parameters_are_those_of_the_data() {
        let wave = |t: f64| 10.0 + 0.05 * t + 3.0 * (TAU * t / 7.0).sin();
        let density = density("sine", (0..200).map(f64::from).map(wave).collect());
        with_projection(&density, |projection| {
            let (_, found) = at_period(projection, 7.0);
            for (found, expected) in found.parameters.iter().zip([10.0, 0.05, 3.0, 7.0]) {
                assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
            }
            assert!(found.score > at_period(projection, 7.02).1.score);
        });
    }

    #[test]
    fn an_amplitude_stays_positive_when_least_squares_wants_it_negative() {
        let wave = |t: f64| 10.0 - 3.0 * (TAU * t / 7.0).sin();
        let density = density("sine", (0..210).map(f64::from).map(wave).collect());
        with_projection(&density, |projection| {
            let (_, found) = at_period(projection, 7.0);
            assert!((0.0..0.2).contains(&found.parameters[2]));
            // The others are fitted to what is left.
            assert!((found.parameters[0] - 10.0).abs() < 0.1);
        });
    }

    #[test]
    fn shapes_are_alike_within_a_fraction_of_a_wave() {
        let density = density("seasonal", (0..300).map(|t| f64::from(t % 5)).collect());
        with_projection(&density, |projection| {
            let shape = |frequency: f64| at_period(projection, frequency.recip()).0;
            let other = |waves: f64| shape(0.1 + waves / 300.0);
            let middle = Shape::middle(&[shape(0.1)]);
            let alike = |a, b| projection.alike(&a, &b, &middle);
            assert!(alike(shape(0.1), other(0.3)));
            assert!(!alike(shape(0.1), other(0.8)));
            assert!(!alike(shape(0.1), other(37.3)));
        });
    }
}
