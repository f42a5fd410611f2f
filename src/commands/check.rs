//! `fanchart check`: can this fit be trusted? For a person, and for a build that stops on "no".

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use ndarray::ArrayView2;
use unicode_width::UnicodeWidthStr;

use super::cli::{DataOptions, Format, ModelOptions};
use super::{CommandError, FAILED, Io, NO, open};
use crate::diagnostics::{
    Check, CheckReport, Convention, Status, Thresholds, Verdict, core_checks_with,
    no_predictive_checks, predictive_checks,
};
use crate::forecast::FitError;
use crate::trace::{Trace, Vectors, list};

/// Columns that a line of the report may take.
const WIDTH: usize = 96;
/// Where messages begin, behind status and name.
const INDENT: usize = 23;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart check trace.nc\n  \
    fanchart check trace.nc --json > report.json\n  \
    fanchart check trace.nc --threshold r_hat=1.05 --threshold ess=50\n  \
    fanchart check trace.nc --model my-model.toml --data series.csv\n\n\
    Exit status: 0 the fit can be trusted, 1 it cannot, 2 cannot tell, or bad input.\n\
    Warnings do not change it. The checks residuals, spread, extremes and influence compare the\n\
    model with its data and warn at most; they need a model and the series.")]
pub struct Args {
    /// Trace to check (.nc)
    #[arg(value_name = "TRACE")]
    pub trace: PathBuf,
    /// Set the bar of a check; may be given several times. Checks: r_hat (at most), ess (at least,
    /// a chain), divergences (share that fails), energy (BFMI at least), tree_depth (share at
    /// most), chains_agree (Monte Carlo errors apart at most), residuals, spread, extremes (how
    /// rare the data may be), influence (Pareto k at most)
    #[arg(long = "threshold", value_name = "NAME=VALUE")]
    pub thresholds: Vec<Threshold>,
    /// Check the elements of vectors too
    #[arg(long)]
    pub vectors: bool,
    /// Seed of the replicated data; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,
    #[command(flatten)]
    pub model: ModelOptions,
    #[command(flatten)]
    pub data: DataOptions,
}

/// A bar of one's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    name: String,
    value: f64,
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=');
        let parsed = parts.and_then(|(name, value)| {
            let name = name.trim().to_owned();
            let value = value.trim().parse().ok()?;
            Some(Threshold { name, value })
        });
        let threshold = parsed
            .ok_or_else(|| "a threshold is a name and a number, like r_hat=1.05".to_owned())?;
        Thresholds::default()
            .set(&threshold.name, threshold.value)
            .map_err(|error| error.to_string())?;
        Ok(threshold)
    }
}

/// Prints the report.
///
/// # Errors
/// [`CommandError`] when the trace, or a model or series that is named, cannot be read or used,
/// or the output cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let vectors = if args.vectors {
        Vectors::All
    } else {
        Vectors::Named
    };
    let trace = open::trace(Some(&args.trace), &args.model, vectors)?;
    for note in &trace.origin.notes {
        io.note(note);
    }
    if !trace.vectors.is_empty() && !args.vectors {
        let names: Vec<&str> = trace.vectors.iter().map(|v| v.name.as_str()).collect();
        io.note(&format!(
            "vectors are not checked (--vectors checks them): {}",
            list(&names, 12)
        ));
    }
    let mut thresholds = Thresholds::default();
    for Threshold { name, value } in &args.thresholds {
        thresholds.set(name, *value)?;
    }
    let report = report(trace, args, &thresholds)?;
    let text = match args.data.format() {
        Format::Table => readable(&report, io.color),
        Format::Json => format!("{}\n", report.to_json()),
        Format::Csv => report.to_csv(),
    };
    io.deliver(&args.data.output.output, text.as_bytes())?;
    Ok(match report.verdict {
        Verdict::Pass => ExitCode::SUCCESS,
        Verdict::Fail => ExitCode::from(NO),
        Verdict::Unknown => ExitCode::from(FAILED),
    })
}

fn report(trace: Trace, args: &Args, thresholds: &Thresholds) -> Result<CheckReport, CommandError> {
    let parameters: Vec<(&str, ArrayView2<f64>)> = trace
        .scalars_and_elements()
        .map(|p| (p.name.as_str(), p.draws.view()))
        .collect();
    let core = core_checks_with(
        &parameters,
        &trace.sampler,
        Convention::default(),
        thresholds,
    );
    let predictive = match open::with_model(trace, &args.model) {
        Ok(fit) => predictive_checks(&fit, thresholds, args.seed),
        // What was named must be usable; what the file lacks leaves checks out.
        Err(error) if args.model.model.is_some() || args.model.data.is_some() => return Err(error),
        Err(error) => no_predictive_checks(
            &reason(&error),
            "Name the model, and the series it was fitted to: --model and --data.",
        ),
    };
    Ok(core.and(predictive))
}

/// Why a trace has no model or series, as part of a sentence: what to do is said elsewhere.
fn reason(error: &CommandError) -> String {
    match error {
        CommandError::Fit(FitError::NoSeries) => "the trace has no observed data".into(),
        error => {
            let text = error.to_string();
            text.lines().next().unwrap_or_default().to_owned()
        }
    }
}

/// The verdict in words.
pub(super) fn words(report: &CheckReport) -> &'static str {
    match report.verdict {
        Verdict::Pass if report.checks.iter().any(|c| c.status == Status::Warn) => {
            "The sampling can be trusted, but look at the warnings"
        }
        Verdict::Pass => "This fit can be trusted",
        Verdict::Fail => "Do not trust this fit",
        Verdict::Unknown => "Cannot tell whether this fit can be trusted",
    }
}

/// The verdict, then a paragraph a check: what was found, and what to do about it.
fn readable(report: &CheckReport, color: bool) -> String {
    let verdict = words(report);
    let mut text = String::new();
    let styled = match report.verdict {
        Verdict::Fail if color => format!("\x1b[1;31m{verdict}\x1b[0m"),
        _ if color => format!("\x1b[1m{verdict}\x1b[0m"),
        _ => verdict.to_owned(),
    };
    text += &format!("{styled} ({}).\n\n", report.headline());
    for check in &report.checks {
        text += &paragraph(check, color);
    }
    text
}

fn paragraph(check: &Check, color: bool) -> String {
    let status = check.status.name();
    let (start, end) = match check.status {
        _ if !color => ("", ""),
        Status::Pass => ("", ""),
        Status::Fail => ("\x1b[31m", "\x1b[0m"),
        Status::Warn | Status::Unknown => ("\x1b[33m", "\x1b[0m"),
    };
    let mut lines = wrapped(&check.message, WIDTH - INDENT);
    if !check.advice.is_empty() {
        let advice = wrapped(&check.advice, WIDTH - INDENT - 2);
        let arrows = ["→ "].into_iter().chain(std::iter::repeat("  "));
        lines.extend(
            arrows
                .zip(advice)
                .map(|(arrow, line)| format!("{arrow}{line}")),
        );
    }
    let first = format!("{start}{status:<7}{end}  {:<12}  ", check.name);
    let blank = " ".repeat(INDENT);
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        text += if i == 0 { &first } else { &blank };
        text += line;
        text.push('\n');
    }
    text
}

/// Words in lines of at most `width` columns; a longer word has a line of its own.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_within_the_width() {
        assert_eq!(wrapped("a bc d", 4), ["a bc", "d"]);
        assert_eq!(wrapped("much-too-long a", 4), ["much-too-long", "a"]);
        assert!(wrapped(" ", 4).is_empty());
    }

    #[test]
    fn thresholds_are_a_name_and_a_number() {
        let threshold: Threshold = "r_hat = 1.05".parse().expect("valid");
        assert_eq!(
            threshold,
            Threshold {
                name: "r_hat".into(),
                value: 1.05
            }
        );
        for text in ["r_hat", "r_hat=", "rhat=1.05", "r_hat=0.5", "=1", "ess=nan"] {
            assert!(text.parse::<Threshold>().is_err(), "{text}");
        }
    }
}
