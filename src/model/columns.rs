//! Columns of the data that a model names: covariates.

use std::borrow::Cow;
use std::ops::Range;

use super::error::{Fault, list};
use super::{Model, ModelError, suggest};
use crate::series::{Series, Table};

/// A name that has no prior where others have: a column of the data.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnName {
    pub name: String,
    /// Bytes of the model's text that name it first.
    pub at: Range<usize>,
}

impl Model {
    /// Which of the data's columns is each that the model names, in the order of
    /// [`Model::columns`].
    ///
    /// # Errors
    /// With the line of the model and a caret under the name, when the data have no such column.
    pub fn find_columns(&self, available: &[&str]) -> Result<Vec<usize>, ModelError> {
        let find = |column: &ColumnName| {
            let found = available.iter().position(|name| *name == column.name);
            found.ok_or_else(|| self.missing(column, available))
        };
        self.columns.iter().map(find).collect()
    }

    /// The rows of a table that the model learns from: rows after the last observation hold the
    /// future of the columns it names, where it names any.
    pub fn training<'t>(&self, table: &'t Table) -> Cow<'t, Series> {
        match self.training_rows(table) {
            rows if rows == table.series.values.len() => Cow::Borrowed(&table.series),
            rows => Cow::Owned(table.series.first(rows)),
        }
    }

    /// How many rows that are, from the first on.
    pub fn training_rows(&self, table: &Table) -> usize {
        let values = &table.series.values;
        match self.columns.is_empty() {
            true => values.len(),
            false => {
                let last = values.iter().rposition(|value| !value.is_nan());
                last.map_or(0, |last| last + 1)
            }
        }
    }

    fn missing(&self, column: &ColumnName, available: &[&str]) -> ModelError {
        let parameters: Vec<&str> = self.parameters.iter().map(|p| p.name.as_str()).collect();
        let known = available.iter().chain(&parameters).copied().chain(["t"]);
        let message = format!(
            "'{}' has no prior and the data no such column{} (priors: {}; columns: {})",
            column.name,
            suggest::hint(&column.name, known),
            list(&parameters),
            list(available)
        );
        Fault::new(column.at.clone(), message).render(&self.source, &self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "mean = 'a + b * temperature + rain'\nlikelihood = 'Normal(mean, 1)'\n\
        [priors]\na = 'Normal(0, 1)'\nb = 'Normal(0, 1)'\n";

    #[test]
    fn a_name_without_a_prior_is_a_column_where_others_have_one() {
        let model = Model::parse(MODEL, "m.toml").unwrap();
        assert_eq!(model.columns().collect::<Vec<_>>(), ["temperature", "rain"]);
        assert_eq!(model.parameters().len(), 2);
        let found = model.find_columns(&["rain", "wind", "temperature"]);
        assert_eq!(found, Ok(vec![2, 0]));
        let open = MODEL.split_once("[priors]").unwrap().0;
        let open = Model::parse(open, "m.toml").unwrap();
        assert_eq!((open.columns().count(), open.parameters().len()), (0, 4));
    }

    #[test]
    fn a_model_with_columns_learns_to_the_last_observation() {
        let table = |csv: &str| Table::from_csv_reader(csv.as_bytes(), "data.csv").unwrap();
        let gaps = table("t,y,rain\n0,1,2\n1,,2\n2,3,2\n3,,2\n4,,2\n");
        let with = Model::parse(MODEL, "m.toml").unwrap();
        let series = with.training(&gaps);
        assert_eq!(series.axis.positions, [0.0, 1.0, 2.0]);
        assert_eq!((series.values[0], series.values[2]), (1.0, 3.0));
        let without = Model::built_in("seasonal").unwrap();
        assert_eq!(without.training_rows(&gaps), 5);
        let nothing = table("t,y,rain\n0,,2\n1,,2\n");
        assert_eq!(with.training_rows(&nothing), 0);
    }

    #[test]
    fn a_column_that_the_data_lack_is_shown_in_the_model() {
        let model = Model::parse(MODEL, "m.toml").unwrap();
        let error = model
            .find_columns(&["temp", "tempurature", "rain"])
            .unwrap_err();
        let expected = "\
m.toml:1: 'temperature' has no prior and the data no such column; did you mean 'tempurature'? \
(priors: a, b; columns: temp, tempurature, rain)
  mean = 'a + b * temperature + rain'
                  ^^^^^^^^^^^";
        assert_eq!(error.to_string(), expected);
        let error = model.find_columns(&[]).unwrap_err().to_string();
        assert!(error.contains("(priors: a, b; columns: (none))"), "{error}");
    }

    #[test]
    fn a_column_of_the_likelihood_is_shown_there() {
        let text =
            "mean = 'a'\nlikelihood = 'Normal(mean, spread)'\n[priors]\na = 'Normal(0, 1)'\n";
        let error = Model::parse(text, "m")
            .unwrap()
            .find_columns(&[])
            .unwrap_err();
        let expected = "  likelihood = 'Normal(mean, spread)'\n                             ^^^^^^";
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}
