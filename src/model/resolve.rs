//! Which model: a built-in, a file, or the one that fits a trace.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::list;
use super::expression::is_reserved;
use super::lexer::is_name;
use super::read::MAX_SOURCE;
use super::{Model, ModelError, suggest};

/// A model that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    pub name: &'static str,
    /// Its file, to copy and edit.
    pub toml: &'static str,
}

const BUILT_INS: [BuiltIn; 2] = [
    BuiltIn {
        name: "sine",
        toml: include_str!("builtin/sine.toml"),
    },
    BuiltIn {
        name: "seasonal",
        toml: include_str!("builtin/seasonal.toml"),
    },
];

impl Model {
    /// The models that come with the program.
    pub fn built_ins() -> &'static [BuiltIn] {
        &BUILT_INS
    }

    /// The built-in model of that name.
    pub fn built_in(name: &str) -> Option<Model> {
        let built_in = BUILT_INS.iter().find(|built_in| built_in.name == name)?;
        Model::parse(built_in.toml, built_in.name).ok()
    }

    /// A model by the name of a built-in one or the path of a file.
    ///
    /// # Errors
    /// When there is neither, when the file cannot be read, is no regular file, is larger than
    /// 64 KiB or not UTF-8, and whatever [`Model::parse`] says.
    pub fn load(name_or_path: &str) -> Result<Model, ModelError> {
        if let Some(model) = Model::built_in(name_or_path) {
            return Ok(model);
        }
        let path = Path::new(name_or_path);
        if !path.exists() && !name_or_path.contains(['/', '\\', '.']) {
            let names = BUILT_INS.map(|built_in| built_in.name);
            return Err(ModelError::NoSuchModel {
                name: name_or_path.to_owned(),
                built_ins: names.join(", "),
                hint: suggest::hint(name_or_path, names),
            });
        }
        let text = read_file(path).map_err(|reason| ModelError::File {
            file: name_or_path.to_owned(),
            reason,
        })?;
        Model::parse(text.strip_prefix('\u{feff}').unwrap_or(&text), name_or_path)
    }

    /// The model of a trace: the one asked for, else the one the file brings, else the built-in
    /// one whose parameters are exactly the trace's scalar variables.
    ///
    /// # Errors
    /// When the file's own model does not parse, and when there is none of the three.
    pub fn resolve(
        explicit: Option<Model>,
        embedded_toml: Option<&str>,
        parameter_names: &[&str],
    ) -> Result<Model, ModelError> {
        if let Some(model) = explicit {
            return Ok(model);
        }
        if let Some(toml) = embedded_toml {
            return Model::parse(toml, "attribute fanchart_model");
        }
        let fits = |model: &Model| {
            model.parameters.len() == parameter_names.len()
                && model
                    .parameters
                    .iter()
                    .all(|parameter| parameter_names.contains(&parameter.name.as_str()))
        };
        BUILT_INS
            .iter()
            .filter_map(|built_in| Model::built_in(built_in.name))
            .find(fits)
            .ok_or_else(|| ModelError::NoModel {
                variables: list(parameter_names),
                example: example(parameter_names),
            })
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SOURCE as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    if bytes.len() > MAX_SOURCE {
        return Err(format!(
            "larger than {MAX_SOURCE} bytes, more than a model is allowed"
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        format!("line {line} is not UTF-8 text; save the file as UTF-8")
    })
}

/// A model file out of a trace's variables: a line, with one of them as the scale.
fn example(variables: &[&str]) -> String {
    const SHOWN: usize = 6;
    let names: Vec<&str> = variables
        .iter()
        .copied()
        .filter(|name| is_name(name) && !is_reserved(name))
        .collect();
    let scale = names
        .iter()
        .copied()
        .find(|name| name.contains("sigma") || name.contains("noise") || *name == "sd")
        .or(names.last().copied().filter(|_| names.len() > 1))
        .unwrap_or("1");
    let mut terms: Vec<String> = names
        .iter()
        .filter(|name| **name != scale)
        .take(SHOWN)
        .map(|name| (*name).to_owned())
        .collect();
    if let Some(slope) = terms.get_mut(1) {
        slope.push_str(" * t");
    }
    let mean = if terms.is_empty() {
        "0".to_owned()
    } else {
        terms.join(" + ")
    };
    format!("mean = \"{mean}\"\nlikelihood = \"Normal(mean, {scale})\"\n")
}

#[cfg(test)]
mod tests {
    use super::super::DataSummary;
    use super::*;

    const SINE: [&str; 5] = ["sigma", "intercept", "slope", "amplitude", "period"];

    #[test]
    fn built_in_models_parse_and_have_priors_for_a_plain_series() {
        let data: Vec<f64> = (0..100).map(f64::from).collect();
        for built_in in Model::built_ins() {
            let model = Model::parse(built_in.toml, built_in.name).unwrap();
            assert_eq!(model.name(), built_in.name);
            for parameter in model.parameters() {
                let prior = parameter.prior.as_ref().unwrap();
                prior.given(&DataSummary::of(&data)).unwrap();
            }
        }
    }

    #[test]
    fn a_series_without_spread_has_no_scale_for_a_prior() {
        let model = Model::built_in("seasonal").unwrap();
        let prior = model.parameters()[0].prior.as_ref().unwrap();
        let error = prior
            .given(&DataSummary::of(&[3.0, 3.0]))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("'intercept'") && error.contains("sigma must be > 0"),
            "{error}"
        );
    }

    #[test]
    fn what_was_asked_for_comes_before_what_the_file_brings_and_what_fits() {
        let line = "name = 'line'\nmean = 'a'\nlikelihood = 'Poisson(mean)'";
        let asked = Model::built_in("seasonal");
        let resolve = |asked, toml| {
            Model::resolve(asked, toml, &SINE)
                .unwrap()
                .name()
                .to_owned()
        };
        assert_eq!(resolve(asked, Some(line)), "seasonal");
        assert_eq!(resolve(None, Some(line)), "line");
        assert_eq!(resolve(None, None), "sine");
    }

    #[test]
    fn a_broken_model_of_the_file_is_not_passed_over() {
        let error = Model::resolve(None, Some("mean = 3"), &SINE).unwrap_err();
        assert!(
            error.to_string().starts_with("attribute fanchart_model:1:"),
            "{error}"
        );
    }

    #[test]
    fn without_a_model_an_example_is_made_of_the_variables() {
        let error = Model::resolve(None, None, &["alpha", "beta", "sigma_obs"]).unwrap_err();
        let ModelError::NoModel { variables, example } = &error else {
            panic!("{error}");
        };
        assert_eq!(variables, "alpha, beta, sigma_obs");
        assert_eq!(
            example,
            "mean = \"alpha + beta * t\"\nlikelihood = \"Normal(mean, sigma_obs)\"\n"
        );
    }

    #[test]
    fn an_example_is_a_model_whatever_the_variables() {
        for variables in [
            &[][..],
            &["mu"],
            &["1x", "t", "a"],
            &["a", "b", "c", "d", "e", "f", "g", "h"],
        ] {
            Model::parse(&example(variables), "example").unwrap();
        }
    }

    #[test]
    fn one_variable_more_is_another_model() {
        let more: Vec<&str> = SINE.into_iter().chain(["rho"]).collect();
        assert!(Model::resolve(None, None, &more).is_err());
    }

    #[test]
    fn a_model_is_loaded_by_name_or_path() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).display().to_string();
        assert_eq!(Model::load("sine").unwrap().name(), "sine");

        std::fs::write(path("bom.toml"), format!("\u{feff}{}", BUILT_INS[0].toml)).unwrap();
        assert_eq!(Model::load(&path("bom.toml")).unwrap().name(), "sine");

        std::fs::write(path("latin.toml"), b"# x\nname = \"\xe9\"").unwrap();
        std::fs::write(path("big.toml"), vec![b'#'; MAX_SOURCE + 1]).unwrap();
        for (argument, expected) in [
            ("sinus".to_owned(), "no model 'sinus'"),
            ("sin".to_owned(), "did you mean 'sine'?"),
            (path("latin.toml"), "line 2 is not UTF-8"),
            (path("big.toml"), "larger than 65536 bytes"),
            (path("none.toml"), "No such file"),
            (path(""), "not a regular file"),
        ] {
            let error = Model::load(&argument).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
