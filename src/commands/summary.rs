//! `fanchart summary`: the parameter table of any posterior, no model needed.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use ndarray::ArrayView2;

use super::cli::{DataOptions, Format};
use super::table::{Align, Cell, Table};
use super::{CommandError, Io};
use crate::diagnostics::{
    Convention, Figure, IntervalKind, LEAST_ESS_A_CHAIN, MOST_R_HAT, ParameterSummary, SummaryTable,
};
use crate::explorer::numbers::{decimals, fixed};
use crate::forecast::Probability;
use crate::model::suggest;
use crate::trace::{Parameter, Problem, ReadOptions, Trace, Vectors, list};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart summary trace.nc\n  \
    fanchart summary trace.nc --interval 80% --kind eti\n  \
    fanchart summary trace.nc --params slope,period --json\n  \
    fanchart summary trace.nc --vectors --format csv -o summary.csv")]
pub struct Args {
    /// Trace to summarise (.nc), of any program and model
    #[arg(value_name = "TRACE")]
    pub trace: PathBuf,
    /// Probability that the interval holds, 0.94 or 94%; else the convention's own
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub interval: Option<Probability>,
    /// Kind of the interval; else the convention's own
    #[arg(long, value_name = "KIND")]
    pub kind: Option<Kind>,
    /// Whose columns and definitions to use
    #[arg(long, value_name = "NAME", default_value = "arviz-0.23")]
    pub convention: ConventionName,
    // Not a doc comment, where brackets are a link.
    #[arg(
        long,
        value_name = "NAMES",
        help = "Parameters to show, separated by commas; a vector by its name or element by element: \
                slope,beta,mu[0,3]"
    )]
    pub params: Option<String>,
    /// Show the elements of vectors too
    #[arg(long, conflicts_with = "params")]
    pub vectors: bool,
    /// Which group of the file holds the posterior, where several do
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    #[command(flatten)]
    pub data: DataOptions,
}

/// Kinds of interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Highest density: the narrowest
    Hdi,
    /// Equal-tailed: as much below as above
    Eti,
}

/// Lines of ArviZ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConventionName {
    /// 94 % highest density; tails of ESS at 5 % and 95 %
    #[value(name = "arviz-0.23")]
    Arviz023,
    /// 89 % equal-tailed; tails of ESS at 11 % and 89 %
    #[value(name = "arviz-1")]
    Arviz1,
}

/// Prints the table.
///
/// # Errors
/// [`CommandError`] when the trace cannot be read, has no such parameter, or the output cannot
/// be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let wanted = args.params.as_deref().map(split_names);
    let trace = open(args, wanted.clone())?;
    for note in remarks(&trace, args) {
        io.note(&note);
    }
    let parameters = chosen(&trace, wanted.as_deref())?;
    for note in parameters.iter().filter_map(|p| undefined(p)) {
        io.note(&note);
    }

    let convention = match args.convention {
        ConventionName::Arviz023 => Convention::Arviz023,
        ConventionName::Arviz1 => Convention::Arviz1,
    };
    let (kind, prob) = convention.interval();
    let views: Vec<(&str, ArrayView2<f64>)> = parameters
        .iter()
        .map(|p| (p.name.as_str(), p.draws.view()))
        .collect();
    let table = SummaryTable::new(
        &views,
        convention,
        args.kind.map_or(kind, |kind| match kind {
            Kind::Hdi => IntervalKind::Hdi,
            Kind::Eti => IntervalKind::Eti,
        }),
        args.interval.map_or(prob, Probability::get),
    );
    let text = text(&table, trace.chains(), args.data.format(), io.color);
    io.deliver(&args.data.output.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The table in a shape; `color` marks what is wrong of so many chains.
pub(super) fn text(table: &SummaryTable, chains: usize, format: Format, color: bool) -> String {
    match format {
        Format::Table => readable(table, chains).text(color),
        Format::Json => format!("{}\n", table.to_json()),
        Format::Csv => table.to_csv(),
    }
}

fn open(args: &Args, wanted: Option<Vec<String>>) -> Result<Trace, CommandError> {
    let options = ReadOptions {
        group: args.group.clone(),
        vectors: match wanted {
            Some(names) => Vectors::Of(names),
            None if args.vectors => Vectors::All,
            None => Vectors::Named,
        },
        ..ReadOptions::default()
    };
    Trace::open(&args.trace, &options).map_err(|error| match error.problem {
        Problem::NoParameters { has_vectors, .. } if has_vectors => {
            CommandError::OnlyVectors(error)
        }
        _ => CommandError::Trace(error),
    })
}

/// Names between commas; those inside brackets belong to a name.
fn split_names(text: &str) -> Vec<String> {
    let mut depth = 0usize;
    let between = text.split(|c| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    between
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// The parameters of these names in their order, a vector as all its elements; without names
/// everything that was read.
fn chosen<'a>(
    trace: &'a Trace,
    names: Option<&[String]>,
) -> Result<Vec<&'a Parameter>, CommandError> {
    let Some(names) = names else {
        return Ok(trace.scalars_and_elements().collect());
    };
    let mut found = Vec::new();
    for name in names {
        let vector = trace.vectors.iter().find(|vector| vector.name == *name);
        let before = found.len();
        match vector {
            Some(vector) => found.extend(&vector.elements),
            None => found.extend(trace.scalars_and_elements().find(|p| p.name == *name)),
        }
        if found.len() == before {
            let scalars = trace.parameters.iter().map(|p| p.name.as_str());
            let vectors = trace.vectors.iter().map(|v| v.name.as_str());
            let all: Vec<&str> = scalars.chain(vectors).collect();
            let hint = match suggest::hint(name, all.iter().copied()) {
                none if none.is_empty() => format!("; it has: {}", list(&all, 12)),
                hint => hint,
            };
            return Err(CommandError::NoSuchParameter {
                name: name.clone(),
                hint,
            });
        }
    }
    Ok(found)
}

/// What a person should know of the whole table. What the file lacks beside the posterior is not
/// asked for here.
fn remarks(trace: &Trace, args: &Args) -> Vec<String> {
    let origin = &trace.origin;
    let mut remarks = origin.notes[..origin.posterior_notes].to_vec();
    if !trace.vectors.is_empty() && args.params.is_none() && !args.vectors {
        let names: Vec<&str> = trace.vectors.iter().map(|v| v.name.as_str()).collect();
        remarks.push(format!(
            "vectors are left out (--vectors shows them): {}",
            list(&names, 12)
        ));
    }
    match (trace.chains(), trace.draws()) {
        (_, draws) if draws < 4 => remarks.push(format!(
            "{draws} draws a chain are too few for mcse, ess and r_hat: they are undefined"
        )),
        (1, _) => remarks.push("one chain: r_hat is undefined".into()),
        _ => {}
    }
    remarks
}

/// Why figures of a parameter are undefined; `None` where none is for its own sake.
fn undefined(parameter: &Parameter) -> Option<String> {
    let Parameter { name, draws } = parameter;
    if let Some(((chain, draw), value)) = draws.indexed_iter().find(|(_, x)| !x.is_finite()) {
        return Some(format!(
            "draw {draw} of chain {chain} of {name} is {value} (counted from 0): its figures are \
             undefined or not to be relied on"
        ));
    }
    let first = draws.first()?;
    (draws.len() > 1 && draws.iter().all(|x| x == first))
        .then(|| format!("{name} never changes: its r_hat is undefined"))
}

/// Rows with the digits that the Monte Carlo error supports.
fn readable(summary: &SummaryTable, chains: usize) -> Table {
    let columns = summary.columns();
    let heading = columns
        .each_ref()
        .map(|(name, _)| (name.as_str(), Align::Right));
    let mut all = vec![("parameter", Align::Left)];
    all.extend(heading);
    let mut table = Table::new(&all);
    for (name, figures) in &summary.rows {
        let mut row: [Cell; 10] = Default::default();
        row[0] = name.clone().into();
        for (cell, (_, figure)) in row[1..].iter_mut().zip(&columns) {
            *cell = Cell {
                text: digits(*figure, figures),
                wrong: is_wrong(*figure, figures, chains),
            };
        }
        table.push(row);
    }
    table
}

fn is_wrong(figure: Figure, of: &ParameterSummary, chains: usize) -> bool {
    match figure {
        Figure::RHat => of.r_hat > MOST_R_HAT,
        Figure::EssBulk | Figure::EssTail => figure.of(of) < LEAST_ESS_A_CHAIN * chains as f64,
        _ => false,
    }
}

/// A figure as a person reads it: as many digits as another run of the sampler would repeat.
fn digits(figure: Figure, of: &ParameterSummary) -> String {
    let value = figure.of(of);
    // Without a Monte Carlo error the spread of the draws has to do.
    let supported = |mcse: f64| decimals(if mcse > 0.0 { mcse } else { of.sd / 50.0 });
    match figure {
        Figure::Mean | Figure::Lower | Figure::Upper => fixed(value, supported(of.mcse_mean)),
        Figure::Sd => fixed(value, supported(of.mcse_sd)),
        Figure::McseMean | Figure::McseSd => fixed(value, decimals(value) + 1),
        Figure::EssBulk | Figure::EssTail => fixed(value, 0),
        Figure::RHat => r_hat(value),
    }
}

/// Two decimals; more where rounding would hide that the value is over the limit.
fn r_hat(value: f64) -> String {
    if value == f64::INFINITY {
        return "inf".into();
    }
    let rounds_over = |decimals: &usize| {
        let power = 10f64.powi(*decimals as i32);
        (value * power).round() / power > MOST_R_HAT
    };
    let decimals = if value > MOST_R_HAT {
        (2..6).find(rounds_over).unwrap_or(6)
    } else {
        2
    };
    fixed(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_brackets_belong_to_the_name() {
        assert_eq!(
            split_names("slope, beta,mu[0,3],"),
            ["slope", "beta", "mu[0,3]"]
        );
        assert!(split_names(" ,").is_empty());
    }

    #[test]
    fn an_r_hat_over_the_limit_shows_that_it_is() {
        for (value, text) in [
            (1.0, "1.00"),
            (1.0099, "1.01"),
            (1.0101, "1.0101"),
            (1.012, "1.012"),
            (1.02, "1.02"),
            (2.2349, "2.23"),
            (1.010_000_000_1, "1.010000"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "—"),
        ] {
            assert_eq!(r_hat(value), text);
        }
    }
}
