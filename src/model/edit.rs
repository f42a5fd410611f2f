//! A model with one of its lines changed.

use super::{Model, ModelError};

/// A line of a model file and what it shall say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit<'a> {
    Mean(&'a str),
    Likelihood(&'a str),
    Prior { parameter: &'a str, text: &'a str },
}

impl Model {
    /// The model with an edit made to it, as a file of its own: comments of the old file are not
    /// kept.
    ///
    /// # Errors
    /// As [`Model::parse`].
    pub fn edited(&self, edit: Edit<'_>) -> Result<Model, ModelError> {
        let mean = match edit {
            Edit::Mean(text) => text,
            _ => &self.mean_text,
        };
        let likelihood = match edit {
            Edit::Likelihood(text) => text,
            _ => &self.likelihood_text,
        };
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut file = format!(
            "name = {}\nmean = {}\nlikelihood = {}\n",
            quoted(&self.name),
            quoted(mean),
            quoted(likelihood)
        );
        let priors = self.parameters.iter().filter_map(|parameter| {
            let prior = parameter.prior.as_ref()?;
            let text = match edit {
                Edit::Prior {
                    parameter: name,
                    text,
                } if name == parameter.name => text,
                _ => prior.text(),
            };
            Some(format!("{} = {}\n", parameter.name, quoted(text)))
        });
        let priors: String = priors.collect();
        if !priors.is_empty() {
            file += &format!("\n[priors]\n{priors}");
        }
        Model::parse(&file, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_changes_and_the_others_stay() {
        let model = Model::built_in("sine").unwrap();
        let edited = model
            .edited(Edit::Prior {
                parameter: "period",
                text: "Normal(30, 1)",
            })
            .unwrap();
        assert_eq!(edited.mean_text(), model.mean_text());
        for (before, after) in model.parameters().iter().zip(edited.parameters()) {
            let [before_prior, after_prior] =
                [before, after].map(|p| p.prior.as_ref().unwrap().text().to_owned());
            assert_eq!(before.name, after.name);
            if before.name == "period" {
                assert_eq!(after_prior, "Normal(30, 1)");
            } else {
                assert_eq!(before_prior, after_prior);
            }
        }
        assert_eq!(Model::parse(edited.source(), "sine").unwrap(), edited);
    }

    #[test]
    fn quotes_and_what_is_no_model_are_errors_and_never_another_model() {
        let model = Model::built_in("sine").unwrap();
        for text in [
            "Normal(0, \"1\")",
            "Normal(0, 1)\"\nx = \"1",
            "",
            "Normal(0, -1)",
        ] {
            let edit = Edit::Prior {
                parameter: "slope",
                text,
            };
            assert!(model.edited(edit).is_err(), "{text}");
        }
    }
}
