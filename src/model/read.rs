//! From the text of a model file to a [`Model`].

use std::ops::Range;

use super::columns::ColumnName;
use super::document::{Document, Text};
use super::error::{Fault, Problem, list, shorten};
use super::expression::{Expression, LikelihoodSymbol, Variable, is_reserved};
use super::lexer::{MAX_NAME, TokenKind, is_name, tokens};
use super::likelihood::Family;
use super::parser::{Call, parse, parse_call};
use super::prior::{PriorDistribution, PriorFamily};
use super::summary::Quantity;
use super::{Model, ModelError, Parameter, Prior, suggest};

/// Bytes of a model file.
pub(super) const MAX_SOURCE: usize = 64 * 1024;
const MAX_PARAMETERS: usize = 64;

impl Model {
    /// Reads a model from TOML.
    ///
    /// `file_label` is what errors call the text: a path, or where else it came from.
    ///
    /// # Errors
    /// With the line and a caret under the place: what is not TOML, unknown keys and names, what
    /// the language does not have, priors outside their domain, and texts beyond the bounds
    /// (64 KiB; 4 KiB and depth 64 an expression; 64 parameters).
    pub fn parse(text: &str, file_label: &str) -> Result<Model, ModelError> {
        read(text, file_label).map_err(|problem| problem.render(text, file_label))
    }
}

fn read(source: &str, file_label: &str) -> Result<Model, Problem> {
    if source.len() > MAX_SOURCE {
        return Err(Problem::Whole(format!(
            "{} bytes; a model has at most {MAX_SOURCE}",
            source.len()
        )));
    }
    let document = Document::parse(source)?;
    let mut parameters = Parameters::new(document.priors.as_deref())?;

    let mean_text = document.mean;
    let mean = parse(&mean_text.value, &mut |name| parameters.variable(name))
        .map_err(|fault| mean_text.locate(fault))?;
    let likelihood_text = document.likelihood;
    let (family, arguments) = read_likelihood(&likelihood_text.value, &mut parameters)
        .map_err(|fault| likelihood_text.locate(fault))?;

    let columns = parameters
        .columns
        .iter()
        .map(|name| ColumnName {
            name: name.clone(),
            at: place(name, &mean_text)
                .or_else(|| place(name, &likelihood_text))
                .unwrap_or_default(),
        })
        .collect::<Vec<_>>();
    for column in &columns {
        parameters
            .check_spelling(&column.name)
            .map_err(|message| Fault::new(column.at.clone(), message))?;
    }
    if let Some(priors) = &document.priors {
        for ((name, _), used) in priors.iter().zip(&parameters.used) {
            if !used {
                return Err(Problem::At(Fault::new(
                    name.at.clone(),
                    format!(
                        "neither mean nor likelihood uses '{}'; remove its prior",
                        name.value
                    ),
                )));
            }
        }
    }
    if parameters.list.len() > MAX_PARAMETERS {
        return Err(Problem::Whole(format!(
            "{} parameters; a model has at most {MAX_PARAMETERS}",
            parameters.list.len()
        )));
    }
    Ok(Model {
        name: document
            .name
            .map_or_else(|| shorten(file_label), |name| shorten(&name.value)),
        file: file_label.to_owned(),
        source: source.to_owned(),
        mean,
        mean_text: mean_text.value,
        family,
        arguments,
        likelihood_text: likelihood_text.value,
        parameters: parameters.list,
        columns,
    })
}

/// Where in the file a text first has a name.
fn place(name: &str, text: &Text<'_>) -> Option<Range<usize>> {
    let tokens = tokens(&text.value).ok()?;
    let token = tokens
        .into_iter()
        .find(|token| token.kind == TokenKind::Name(name))?;
    Some(text.locate(Fault::new(token.at, "")).at)
}

/// The parameters of the model being read.
struct Parameters {
    list: Vec<Parameter>,
    /// Names that are none, where only those with a prior are.
    columns: Vec<String>,
    /// Whether an expression has named it.
    used: Vec<bool>,
    /// Without priors any name is a parameter.
    open: bool,
}

impl Parameters {
    fn new(priors: Option<&[(Text<'_>, Text<'_>)]>) -> Result<Self, Fault> {
        let mut list = Vec::new();
        for (name, prior) in priors.unwrap_or_default() {
            check_name(&name.value).map_err(|message| Fault::new(name.at.clone(), message))?;
            list.push(Parameter {
                name: name.value.clone(),
                prior: Some(read_prior(&name.value, &prior.value).map_err(|f| prior.locate(f))?),
            });
        }
        Ok(Self {
            used: vec![false; list.len()],
            list,
            columns: Vec::new(),
            open: priors.is_none(),
        })
    }

    /// What a name means in the expression of the mean.
    fn variable(&mut self, name: &str) -> Result<Variable, String> {
        if name == "t" {
            return Ok(Variable::Time);
        }
        if name == "mean" {
            return Err(
                "'mean' is what this expression says; only the likelihood can use it".to_owned(),
            );
        }
        if let Some(index) = self.list.iter().position(|known| known.name == name) {
            self.used[index] = true;
            return Ok(Variable::Parameter(index));
        }
        if self.open {
            self.list.push(Parameter {
                name: name.to_owned(),
                prior: None,
            });
            self.used.push(true);
            return Ok(Variable::Parameter(self.list.len() - 1));
        }
        let known = self.columns.iter().position(|column| column == name);
        Ok(Variable::Column(known.unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        })))
    }

    /// Whether a column's name looks like a slip of the hand: nearly that of a prior which
    /// nothing uses.
    fn check_spelling(&self, column: &str) -> Result<(), String> {
        let names = || self.list.iter().map(|known| known.name.as_str());
        let unused = names().zip(&self.used).filter(|(_, used)| !**used);
        match suggest::nearest(column, unused.map(|(name, _)| name)) {
            Some(near) => Err(format!(
                "'{column}' has no prior; did you mean '{near}'? (priors: {})",
                list(&names().collect::<Vec<_>>())
            )),
            None => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Result<(), String> {
    if !is_name(name) {
        return Err(format!(
            "'{}' is no name for a parameter: letters, digits and _ (at most {MAX_NAME}), no digit first",
            shorten(name)
        ));
    }
    if is_reserved(name) {
        return Err(format!(
            "'{name}' has its own meaning; name the parameter otherwise"
        ));
    }
    Ok(())
}

fn read_likelihood(
    text: &str,
    parameters: &mut Parameters,
) -> Result<(Family, Vec<Expression<LikelihoodSymbol>>), Fault> {
    let call = parse_call(text, &mut |name| match name {
        "mean" => Ok(LikelihoodSymbol::Mean),
        _ => parameters.variable(name).map(LikelihoodSymbol::Variable),
    })?;
    let family = find(&call, "likelihood", Family::ALL, Family::name)?;
    check_count(&call, family.argument_names())?;
    Ok((family, call.arguments))
}

fn read_prior(parameter: &str, text: &str) -> Result<Prior, Fault> {
    let call = parse_call(text, &mut quantity)?;
    let family = find(&call, "prior", PriorFamily::ALL, PriorFamily::name)?;
    check_count(&call, family.argument_names())?;
    if call
        .arguments
        .iter()
        .all(|argument| argument.symbols().next().is_none())
    {
        let arguments: Vec<f64> = call
            .arguments
            .iter()
            .map(|argument| argument.evaluate(|_| f64::NAN))
            .collect();
        PriorDistribution::new(family, &arguments)
            .map_err(|reason| Fault::new(0..text.len(), format!("{}: {reason}", family.name())))?;
    }
    Ok(Prior {
        parameter: parameter.to_owned(),
        family,
        arguments: call.arguments,
        text: text.to_owned(),
    })
}

/// What a name means in the arguments of a prior.
fn quantity(name: &str) -> Result<Quantity, String> {
    let names = Quantity::NAMES.map(|(known, _)| known);
    Quantity::NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, quantity)| *quantity)
        .ok_or_else(|| {
            format!(
                "a prior's arguments are constants, and '{name}' is none{} (known: {})",
                suggest::hint(name, names),
                names.join(", ")
            )
        })
}

fn find<F: Copy, S, const N: usize>(
    call: &Call<S>,
    kind: &str,
    all: [F; N],
    name: impl Fn(F) -> &'static str,
) -> Result<F, Fault> {
    let names = all.map(&name);
    all.into_iter()
        .find(|family| name(*family) == call.name)
        .ok_or_else(|| {
            Fault::new(
                call.name_at.clone(),
                format!(
                    "there is no {kind} '{}'{} ({})",
                    call.name,
                    suggest::hint(&call.name, names),
                    names.join(", ")
                ),
            )
        })
}

fn check_count<S>(call: &Call<S>, names: &[&str]) -> Result<(), Fault> {
    if call.arguments.len() == names.len() {
        return Ok(());
    }
    Err(Fault::new(
        call.name_at.clone(),
        format!(
            "{0} takes {1} argument{2}, {0}({3}); found {4}",
            call.name,
            names.len(),
            if names.len() == 1 { "" } else { "s" },
            names.join(", "),
            call.arguments.len()
        ),
    ))
}

#[cfg(test)]
mod tests;
