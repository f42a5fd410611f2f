//! The columns of the data that a model names, in the past and as far ahead as they are known.

use crate::model::{Model, ModelError};
use crate::series::Table;

/// Values of the columns that a model names, by position on the axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Covariates {
    names: Vec<String>,
    /// Of each row, increasing.
    positions: Vec<f64>,
    /// Rows × names; NaN where a value is not known.
    values: Vec<f64>,
}

impl Covariates {
    /// The columns of `table` that `model` names, all rows: those after the last observation
    /// say what is known of the future.
    ///
    /// # Errors
    /// When the table lacks one of them.
    pub fn of(model: &Model, table: &Table) -> Result<Self, ModelError> {
        let available: Vec<&str> = table.covariates.iter().map(|c| c.0.as_str()).collect();
        let columns = model.find_columns(&available)?;
        if columns.is_empty() {
            return Ok(Self::default());
        }
        let rows = 0..table.series.values.len();
        let row = |row: usize| columns.iter().map(move |c| table.covariates[*c].1[row]);
        Ok(Self {
            names: model.columns().map(str::to_owned).collect(),
            positions: table.series.axis.positions.clone(),
            values: rows.flat_map(row).collect(),
        })
    }

    /// The values at a position, in the order of [`Model::columns`]; none where there is no row.
    pub(super) fn at(&self, position: f64) -> &[f64] {
        let row = self.positions.binary_search_by(|p| p.total_cmp(&position));
        row.map_or(&[], |row| {
            &self.values[row * self.names.len()..][..self.names.len()]
        })
    }

    /// At how many steps from a position on every column has a value; `None` where there are no
    /// columns.
    pub(super) fn known_from(&self, position: f64) -> Option<usize> {
        let is_known = |steps: &usize| self.unknown_at(position + *steps as f64).is_none();
        (!self.names.is_empty()).then(|| (0..).take_while(is_known).count())
    }

    /// The first column that has no value at a position.
    pub(super) fn unknown_at(&self, position: f64) -> Option<&str> {
        let values = self.at(position).iter().copied();
        let mut named = self
            .names
            .iter()
            .zip(values.chain(std::iter::repeat(f64::NAN)));
        named
            .find(|(_, value)| value.is_nan())
            .map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Distribution, Fit, ForecastError};
    use crate::trace::{ReadOptions, Trace};

    /// A fit of the demo's posterior to another model and series.
    fn fit(mean: &str, csv: &str) -> Result<Fit, crate::forecast::FitError> {
        let demo = include_bytes!("../../artifacts/trace.nc");
        let trace = Trace::from_bytes(demo, &ReadOptions::default()).expect("the demo");
        let text = format!(
            "mean = '{mean}'\nlikelihood = 'Normal(mean, sigma)'\n[priors]\n\
             intercept = 'Normal(0, 10)'\nslope = 'Normal(0, 1)'\nsigma = 'HalfNormal(2)'"
        );
        let model = Model::parse(&text, "warm.toml").expect("a model");
        let table = Table::from_csv_reader(csv.as_bytes(), "data.csv").expect("a table");
        Fit::assemble_with_table(trace, Some(model), Some(table))
    }

    const CSV: &str = "date,y,warm\n2024-05-01,1,20\n2024-05-02,2,30\n2024-05-03,,40\n\
        2024-05-04,,\n2024-05-05,,60\n";

    #[test]
    fn rows_after_the_last_observation_are_the_future_of_a_covariate() {
        let fit = fit("intercept + slope * warm", CSV).expect("a fit");
        let forecaster = fit.forecaster(100).expect("a forecaster").thinned(10);
        assert_eq!(forecaster.axis().len(), 2);
        let of = |step| forecaster.steps(Distribution::Mean, 0, [step]);
        // The demo's line: about 10 + 0.05 times what is warm that day.
        for (step, expected) in [(-2, 11.0), (-1, 11.5), (0, 12.0), (2, 13.0)] {
            let found = of(step).expect("known")[0].mean;
            assert!((found - expected).abs() < 0.5, "{step}: {found}");
        }
        for (step, day) in [(1, "2024-05-04"), (3, "2024-05-06")] {
            let expected = ForecastError::NoCovariate {
                column: "warm".to_owned(),
                label: day.to_owned(),
            };
            assert_eq!(of(step).err(), Some(expected.clone()));
            assert_eq!(forecaster.exact(step, |_| ()).err(), Some(expected));
        }
    }

    #[test]
    fn a_model_without_covariates_takes_rows_without_observations_as_gaps() {
        let fit = fit("intercept + slope * t", CSV).expect("a fit");
        let forecaster = fit.forecaster(100).expect("a forecaster");
        assert_eq!(forecaster.axis().len(), 5);
        assert!(forecaster.steps(Distribution::Mean, 0, [0]).is_ok());
    }

    #[test]
    fn a_table_without_the_column_is_refused() {
        let error = fit("intercept + slope * worm", CSV).expect_err("no such column");
        let expected = "warm.toml:1: 'worm' has no prior and the data no such column; did you \
                        mean 'warm'?";
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
