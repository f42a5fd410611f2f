//! The NetCDF C library behind the same interface: the reference that tests
//! hold the pure-Rust reader to.
//!
//! It is not for files of strangers. A damaged file can crash or hang it, and
//! it follows links into other files.

use std::path::Path;

use netcdf::types::NcVariableType;
use netcdf::{AttributeValue, File, Group};

use super::error::Problem;
use super::source::{Attributes, Dimension, Kind, Source, Variable, join};

pub(super) struct NetCdfC {
    file: File,
}

impl NetCdfC {
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let file = netcdf::open(path).map_err(|e| problem("the file", &e))?;
        Ok(Self { file })
    }

    /// Runs `look` on the group at `path`, if it is there. (A group of this
    /// library borrows from the one above it, so none can be handed out.)
    fn in_group<T>(&self, path: &str, look: impl FnOnce(&Group) -> T) -> Option<T> {
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        descend(&self.file.root()?, &names, look)
    }

    fn in_variable<T>(
        &self,
        group: &str,
        name: &str,
        look: impl FnOnce(&netcdf::Variable) -> Result<T, netcdf::Error>,
    ) -> Result<T, Problem> {
        let place = join(group, name);
        self.in_group(group, |g| {
            let mut variables = g.variables();
            variables.find(|v| v.name() == name).map(|v| look(&v))
        })
        .flatten()
        .ok_or_else(|| Problem::damaged(&place, "it is gone"))?
        .map_err(|e| problem(&place, &e))
    }
}

fn descend<T>(group: &Group, names: &[&str], look: impl FnOnce(&Group) -> T) -> Option<T> {
    match names {
        [] => Some(look(group)),
        [name, rest @ ..] => {
            let inner = group.groups().find(|inner| inner.name() == *name)?;
            descend(&inner, rest, look)
        }
    }
}

impl Source for NetCdfC {
    fn has_group(&self, group: &str) -> Result<bool, Problem> {
        Ok(self.in_group(group, |_| ()).is_some())
    }

    fn groups(&self, group: &str) -> Result<Vec<String>, Problem> {
        let names = self.in_group(group, |g| g.groups().map(|inner| inner.name()).collect());
        Ok(names.unwrap_or_default())
    }

    fn variables(&self, group: &str) -> Result<Vec<Variable>, Problem> {
        let all = self.in_group(group, |g| g.variables().map(|v| describe(&v)).collect());
        Ok(all.unwrap_or_default())
    }

    fn variable(&self, group: &str, name: &str) -> Result<Option<Variable>, Problem> {
        let variables = self.variables(group)?;
        Ok(variables.into_iter().find(|v| v.name == name))
    }

    fn group_text(&self, group: &str, name: &str) -> Result<Option<String>, Problem> {
        let value = self.in_group(group, |g| g.attribute_value(name)).flatten();
        Ok(value.and_then(Result::ok).and_then(text))
    }

    fn numbers(&self, group: &str, name: &str) -> Result<Vec<f64>, Problem> {
        self.in_variable(group, name, |v| v.get_values(..))
    }

    fn strings(&self, group: &str, name: &str) -> Result<Vec<String>, Problem> {
        self.in_variable(group, name, |v| {
            (0..v.len()).map(|i| v.get_string(i)).collect()
        })
    }
}

fn describe(variable: &netcdf::Variable) -> Variable {
    let value = |name| variable.attribute_value(name).and_then(Result::ok);
    Variable {
        name: variable.name(),
        dimensions: variable
            .dimensions()
            .iter()
            .map(|d| Dimension {
                name: Some(d.name()),
                length: d.len(),
            })
            .collect(),
        kind: match variable.vartype() {
            NcVariableType::Int(_) | NcVariableType::Float(_) => Kind::Number,
            NcVariableType::String | NcVariableType::Char => Kind::Text,
            _ => Kind::Other,
        },
        attributes: Attributes {
            fills: ["_FillValue", "missing_value"]
                .into_iter()
                .filter_map(|name| number(value(name)?))
                .collect(),
            scale_factor: value("scale_factor").and_then(number),
            add_offset: value("add_offset").and_then(number),
            units: value("units").and_then(text),
            calendar: value("calendar").and_then(text),
        },
    }
}

fn text(value: AttributeValue) -> Option<String> {
    match value {
        AttributeValue::Str(text) => Some(text),
        AttributeValue::Strs(texts) => <[String; 1]>::try_from(texts).ok().map(|[text]| text),
        _ => None,
    }
}

fn number(value: AttributeValue) -> Option<f64> {
    f64::try_from(value).ok()
}

fn problem(place: &str, error: &netcdf::Error) -> Problem {
    Problem::damaged(place, &error.to_string())
}
