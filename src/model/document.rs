//! The TOML of a model file: its keys, and where in the file they are.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Fault, Problem, shorten};
use super::suggest;

/// The keys of a model file.
pub(super) struct Document<'a> {
    pub name: Option<Text<'a>>,
    pub mean: Text<'a>,
    pub likelihood: Text<'a>,
    /// In the order they are written; `None` without a `[priors]` table.
    pub priors: Option<Vec<(Text<'a>, Text<'a>)>>,
}

/// A string of the file.
pub(super) struct Text<'a> {
    pub value: String,
    /// Bytes of the file, quotes included.
    pub at: Range<usize>,
    source: &'a str,
}

const KEYS: [&str; 4] = ["name", "mean", "likelihood", "priors"];

impl<'a> Document<'a> {
    pub fn parse(source: &'a str) -> Result<Self, Problem> {
        let table = DeTable::parse(source).map_err(|error| {
            Fault::new(
                error.span().unwrap_or(0..0),
                format!("not TOML: {}", error.message()),
            )
        })?;
        let (mut name, mut mean, mut likelihood, mut priors) = (None, None, None, None);
        for (key, value) in in_order(table.get_ref()) {
            match key.get_ref().as_ref() {
                "name" => name = Some(Text::new("name", value, source)?),
                "mean" => mean = Some(Text::new("mean", value, source)?),
                "likelihood" => likelihood = Some(Text::new("likelihood", value, source)?),
                "priors" => priors = Some(read_priors(value, source)?),
                other => {
                    return Err(Problem::At(Fault::new(
                        key.span(),
                        format!(
                            "a model has no '{}', only {}{}",
                            shorten(other),
                            KEYS.join(", "),
                            suggest::hint(other, KEYS)
                        ),
                    )));
                }
            }
        }
        let missing = |key: &str, example: &str| {
            Problem::Whole(format!(
                "the model has no '{key}'; add a line such as {key} = \"{example}\""
            ))
        };
        Ok(Self {
            name,
            mean: mean.ok_or_else(|| missing("mean", "intercept + slope * t"))?,
            likelihood: likelihood.ok_or_else(|| missing("likelihood", "Normal(mean, sigma)"))?,
            priors,
        })
    }
}

impl<'a> Text<'a> {
    fn new(key: &str, value: &Spanned<DeValue<'_>>, source: &'a str) -> Result<Self, Fault> {
        match value.get_ref().as_str() {
            Some(text) => Ok(Self {
                value: text.to_owned(),
                at: value.span(),
                source,
            }),
            None => Err(Fault::new(
                value.span(),
                format!(
                    "'{}' must be text in quotes, not {}",
                    shorten(key),
                    value.get_ref().type_str()
                ),
            )),
        }
    }

    /// A fault in this string as a fault in the file.
    ///
    /// Where the string is written with escapes its bytes are not those of the file, and the
    /// fault is shown at the whole string.
    pub fn locate(&self, fault: Fault) -> Fault {
        let written = &self.source[self.at.clone()];
        let at = match written.find(&self.value) {
            Some(quotes) if !self.value.is_empty() => {
                let start = self.at.start + quotes;
                start + fault.at.start..start + fault.at.end
            }
            _ => self.at.clone(),
        };
        Fault::new(at, fault.message)
    }
}

fn read_priors<'a>(
    value: &Spanned<DeValue<'_>>,
    source: &'a str,
) -> Result<Vec<(Text<'a>, Text<'a>)>, Fault> {
    let Some(table) = value.get_ref().as_table() else {
        return Err(Fault::new(
            value.span(),
            "'priors' must be a table: a line [priors], then one line for each parameter",
        ));
    };
    in_order(table)
        .into_iter()
        .map(|(key, value)| {
            let name = Text {
                value: key.get_ref().to_string(),
                at: key.span(),
                source,
            };
            let prior = Text::new(&name.value, value, source)?;
            Ok((name, prior))
        })
        .collect()
}

/// Entries of a table as they are written: the parser sorts them by name.
fn in_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(
    &'t Spanned<toml::de::DeString<'i>>,
    &'t Spanned<DeValue<'i>>,
)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
