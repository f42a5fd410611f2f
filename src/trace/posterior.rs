//! The posterior: where it is in the file, and its parameters.

use rayon::prelude::*;

use super::contain::contained;
use super::draws::{self, Shape};
use super::elements;
use super::error::Problem;
use super::open::Limits;
use super::source::{Kind, Source, Variable, join};
use super::text::{escape, list};
use super::{Parameter, ReadOptions, VectorVariable};

/// Names shown of a list in a message.
const SHOWN: usize = 12;

/// Groups of the InferenceData schema: none of them holds a posterior further in.
const SCHEMA: [&str; 15] = [
    "posterior",
    "posterior_predictive",
    "predictions",
    "predictions_constant_data",
    "prior",
    "prior_predictive",
    "log_likelihood",
    "log_prior",
    "sample_stats",
    "sample_stats_prior",
    "observed_data",
    "constant_data",
    "unconstrained_posterior",
    "warmup_posterior",
    "warmup_sample_stats",
];

/// Where a posterior lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The group that holds the groups of the trace, `/` for the root.
    pub base: String,
    /// The group that holds the draws; the base itself in a file without groups.
    pub posterior: String,
}

/// Finds the posterior: the only one of the file, or the one in `group`, which
/// may name the base group or the posterior itself.
pub(super) fn find(
    source: &dyn Source,
    group: Option<&str>,
    limits: &Limits,
) -> Result<Place, Problem> {
    let mut bases = Vec::new();
    collect_bases(source, "/", limits.depth, &mut bases)?;

    if let Some(wanted) = group {
        let wanted = format!("/{}", wanted.trim_matches('/'));
        return bases
            .iter()
            .find(|base| **base == wanted || join(base, "posterior") == wanted)
            .map(|base| in_group(base))
            .ok_or_else(|| Problem::NoSuchGroup {
                group: escape(&wanted),
                found: list(&bases, SHOWN),
            });
    }
    match &bases[..] {
        [base] => Ok(in_group(base)),
        [] if is_flat(source)? => Ok(Place {
            base: "/".into(),
            posterior: "/".into(),
        }),
        [] => Err(Problem::NoPosterior {
            found: list(&source.groups("/")?, SHOWN),
        }),
        _ => Err(Problem::SeveralPosteriors {
            found: list(&bases, SHOWN),
        }),
    }
}

fn in_group(base: &str) -> Place {
    Place {
        base: base.to_owned(),
        posterior: join(base, "posterior"),
    }
}

fn collect_bases(
    source: &dyn Source,
    group: &str,
    depth: usize,
    bases: &mut Vec<String>,
) -> Result<(), Problem> {
    let children = source.groups(group)?;
    if children.iter().any(|name| name == "posterior") {
        bases.push(group.to_owned());
    }
    if depth == 0 {
        return Ok(());
    }
    for child in children
        .iter()
        .filter(|name| !SCHEMA.contains(&name.as_str()))
    {
        collect_bases(source, &join(group, child), depth - 1, bases)?;
    }
    Ok(())
}

/// A dataset of draws saved on its own has no groups.
fn is_flat(source: &dyn Source) -> Result<bool, Problem> {
    Ok(source.variables("/")?.iter().any(is_scalar_parameter))
}

fn is_scalar_parameter(variable: &Variable) -> bool {
    variable.kind == Kind::Number
        && is_parameter(variable)
        && Shape::of(variable).is_some_and(|(_, others)| others.is_empty())
}

/// Labels of chains and draws run over draws too, where samples were stacked.
fn is_parameter(variable: &Variable) -> bool {
    !variable.is_coordinate()
        && !matches!(variable.name.as_str(), "chain" | "draw" | "sample")
        // The convention of PyMC for copies on the unconstrained scale.
        && !variable.name.ends_with("__")
}

/// What the posterior group holds.
pub(super) struct Posterior {
    pub parameters: Vec<Parameter>,
    pub vectors: Vec<VectorVariable>,
    /// Shape of every parameter.
    pub shape: Shape,
}

/// Reads the scalar parameters, and of the others what `options` ask for.
pub(super) fn read(
    source: &dyn Source,
    group: &str,
    options: &ReadOptions,
    notes: &mut Vec<String>,
) -> Result<Posterior, Problem> {
    let variables = source.variables(group)?;
    let limits = &options.limits;
    let mut scalars = Vec::new();
    let mut vectors = Vec::new();
    let mut read = Vec::new();
    for variable in variables.iter().filter(|v| is_parameter(v)) {
        let characters = variable.name.chars().count();
        if characters > limits.name_chars {
            notes.push(format!(
                "{}: a variable with a name of {characters} characters is left out",
                escape(group)
            ));
            continue;
        }
        let place = || escape(&join(group, &variable.name));
        match Shape::of(variable) {
            Some((shape, others)) if !others.is_empty() => {
                let name = escape(&variable.name);
                if variable.kind == Kind::Number && options.vectors.wants(&name) {
                    read.push((variable, shape));
                }
                vectors.push(VectorVariable {
                    name,
                    dimensions: others
                        .into_iter()
                        .map(|(name, length)| (escape(&name), length))
                        .collect(),
                    elements: Vec::new(),
                });
            }
            Some((shape, _)) if variable.kind == Kind::Number => scalars.push((variable, shape)),
            Some(_) => notes.push(format!("{} holds no numbers: left out", place())),
            None if variable.dimensions.iter().any(|d| d.name.is_none()) => notes.push(format!(
                "{} has no names for its dimensions: left out",
                place()
            )),
            None => {}
        }
    }

    let Some(&(_, shape)) = scalars.first().or(read.first()) else {
        return Err(no_parameters(group, &variables, !vectors.is_empty()));
    };
    if shape.chains == 0 || shape.draws == 0 {
        return Err(Problem::NoDraws {
            posterior: escape(group),
            chains: shape.chains,
            draws: shape.draws,
        });
    }
    let mut agrees = |(variable, other): &(&Variable, Shape)| {
        let agrees = other.agrees(&shape);
        if !agrees {
            notes.push(format!(
                "{} is {} × {} but the posterior is {} × {}: left out",
                escape(&join(group, &variable.name)),
                other.chains,
                other.draws,
                shape.chains,
                shape.draws,
            ));
        }
        agrees
    };
    scalars.retain(&mut agrees);
    read.retain(&mut agrees);

    let parameters = scalars
        .par_iter()
        .map(|&(variable, shape)| {
            Ok(Parameter {
                name: escape(&variable.name),
                draws: contained(|| draws::read(source, group, variable, shape))?,
            })
        })
        // Collected first: of several errors the first is told, whichever thread met one before.
        .collect::<Vec<_>>()
        .into_iter()
        .collect::<Result<_, Problem>>()?;
    for (variable, _) in read {
        let elements = elements::read(source, group, variable, &options.vectors, limits)?;
        let name = escape(&variable.name);
        if let Some(vector) = vectors.iter_mut().find(|vector| vector.name == name) {
            vector.elements = elements;
        }
    }
    Ok(Posterior {
        parameters,
        vectors,
        shape,
    })
}

fn no_parameters(group: &str, variables: &[Variable], has_vectors: bool) -> Problem {
    let found: Vec<String> = variables
        .iter()
        .filter(|variable| !variable.is_coordinate())
        .map(|variable| {
            let dimensions: Vec<&str> = variable
                .dimensions
                .iter()
                .map(|d| d.name.as_deref().unwrap_or("?"))
                .collect();
            format!("{}[{}]", variable.name, dimensions.join(", "))
        })
        .collect();
    Problem::NoParameters {
        posterior: escape(group),
        found: list(&found, SHOWN),
        has_vectors,
    }
}
