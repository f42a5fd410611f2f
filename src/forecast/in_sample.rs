//! What the model says of the observations it was fitted to: their log-likelihood, and data as
//! it would have been under the posterior.

use ndarray::Array2;
use rayon::prelude::*;

use super::forecaster::{ForecastError, Forecaster, generator, mean};
use crate::model::Scratch;

/// Replicated data: sets of the observations that the model would have given, each under one
/// posterior draw (Gelman, Meng & Stern 1996, Statistica Sinica 6).
#[derive(Debug, Clone)]
pub struct Replicates {
    /// Rows of the series that have an observation; gaps have no replicates.
    pub rows: Vec<usize>,
    /// Those observations.
    pub observed: Vec<f64>,
    /// Expected value of each, the mean over the draws.
    pub expected: Vec<f64>,
    /// sets × observations.
    pub sets: Array2<f64>,
    /// The noise in them: each replicated observation less what its own draw expects.
    pub noise: Array2<f64>,
}

/// Rows that have an observation.
fn observed_rows(values: &[f64]) -> Vec<usize> {
    (0..values.len()).filter(|&i| !values[i].is_nan()).collect()
}

impl Forecaster {
    /// The log-likelihood of every observation at every draw, draws × observations, chain after
    /// chain, in parallel. `values` are the rows of the series this forecaster was made for;
    /// gaps (NaN) are left out. Minus infinity for a value outside the support, NaN where the
    /// model gives no distribution.
    ///
    /// # Panics
    /// When `values` has more rows than the axis.
    pub fn log_likelihood(&self, values: &[f64]) -> Array2<f64> {
        let rows = observed_rows(values);
        // An observation's draws lie side by side: that is how they are made and used.
        let mut values_of_rows = vec![0.0; rows.len() * self.draws()];
        values_of_rows
            .par_chunks_mut(self.draws().max(1))
            .zip(&rows)
            .for_each_init(Scratch::default, |scratch, (of_draws, &row)| {
                let arguments = self.arguments_at(self.axis().positions[row], scratch);
                for (draw, value) in of_draws.iter_mut().enumerate() {
                    *value = arguments.family.ln_pdf(arguments.at(draw), values[row]);
                }
            });
        Array2::from_shape_vec((rows.len(), self.draws()), values_of_rows)
            .expect("one value for each row and draw")
            .reversed_axes()
    }

    /// So many `sets` of replicated data for the rows of the series this forecaster was made for,
    /// from draws spread evenly over the posterior; more sets than draws use draws again. Noise as
    /// in a forecast: with as many sets as draws, the very same as that of a forecast of the row.
    ///
    /// # Errors
    /// When the model gives a value that is not finite.
    ///
    /// # Panics
    /// When `values` has more rows than the axis.
    pub fn replicate(
        &self,
        values: &[f64],
        sets: usize,
        seed: u64,
    ) -> Result<Replicates, ForecastError> {
        let rows = observed_rows(values);
        let last = self.axis().len() as i64;
        let columns = rows
            .par_iter()
            .map_init(Scratch::default, |scratch, &row| {
                let arguments = self.arguments_at(self.axis().positions[row], scratch);
                let mut rng = generator(seed, row as i64 - last);
                let draws = (0..sets).map(|set| set * self.draws() / sets);
                let replicated = draws.map(|draw| {
                    let value = arguments.family.sample(arguments.at(draw), &mut rng);
                    let expected = arguments.expectation(draw);
                    if value.is_finite() && expected.is_finite() {
                        Ok((value, expected))
                    } else {
                        Err(self.not_finite(self.axis().positions[row], draw))
                    }
                });
                replicated.collect::<Result<Vec<(f64, f64)>, _>>()
            })
            // Collected first: of several errors the first is told, whichever thread met one before.
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let of_row = |column: &Vec<(f64, f64)>| {
            let expected: Vec<f64> = column.iter().map(|(_, expected)| *expected).collect();
            mean(&expected)
        };
        let shape = (sets, rows.len());
        Ok(Replicates {
            observed: rows.iter().map(|&row| values[row]).collect(),
            expected: columns.iter().map(of_row).collect(),
            rows,
            sets: Array2::from_shape_fn(shape, |(set, i)| columns[i][set].0),
            noise: Array2::from_shape_fn(shape, |(set, i)| columns[i][set].0 - columns[i][set].1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Distribution;
    use crate::model::Model;
    use crate::series::TimeAxis;

    fn line(rows: usize) -> Forecaster {
        let model = Model::parse(
            "mean = 'a + b * t'\nlikelihood = 'Normal(mean, sigma)'",
            "line",
        )
        .expect("a model");
        let draws = |values: &[f64]| Array2::from_shape_vec((1, 3), values.to_vec()).expect("3");
        let (a, b, sigma) = (
            draws(&[1.0, 1.5, 0.5]),
            draws(&[2.0, 1.9, 2.1]),
            draws(&[0.5, 1.0, 2.0]),
        );
        Forecaster::new(
            &model,
            &[("a", &a), ("b", &b), ("sigma", &sigma)],
            TimeAxis::regular(rows),
            usize::MAX,
        )
        .expect("every parameter is there")
    }

    #[test]
    fn log_likelihoods_are_normal_densities_with_gaps_left_out() {
        let log_likelihood = line(3).log_likelihood(&[1.0, f64::NAN, 6.0]);
        assert_eq!(log_likelihood.dim(), (3, 2));
        // Draw 1 at t = 2: mean 1.5 + 1.9 * 2, sigma 1.
        let expected = -0.5 * 0.7f64.powi(2) - 0.5 * (2.0 * std::f64::consts::PI).ln();
        assert!((log_likelihood[(1, 1)] - expected).abs() < 1e-14);
    }

    #[test]
    fn replicates_take_the_noise_of_the_forecast() {
        let (forecaster, values) = (line(4), [1.0, f64::NAN, 5.0, 7.0]);
        let replicates = forecaster.replicate(&values, 3, 7).expect("finite");
        assert_eq!(replicates.rows, [0, 2, 3]);
        assert_eq!(replicates.observed, [1.0, 5.0, 7.0]);
        assert!((replicates.expected[1] - (5.0 + 5.3 + 4.7) / 3.0).abs() < 1e-12);
        let mut row: Vec<f64> = replicates.sets.column(1).to_vec();
        row.sort_by(f64::total_cmp);
        let step = forecaster
            .steps(Distribution::Predictive, 7, [-2])
            .expect("finite");
        assert_eq!(row, step[0].sorted());
        for (draw, expected) in [5.0, 5.3, 4.7].into_iter().enumerate() {
            let noise = replicates.sets[(draw, 1)] - expected;
            assert!((replicates.noise[(draw, 1)] - noise).abs() < 1e-12);
        }
        // Draws are used again where there are fewer.
        let many = forecaster.replicate(&values, 6, 7).expect("finite");
        assert_eq!(many.sets.dim(), (6, 3));
        assert!((many.expected[1] - replicates.expected[1]).abs() < 1e-12);
        assert_ne!(many.sets[(0, 1)], many.sets[(1, 1)]);
    }
}
