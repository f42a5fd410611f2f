//! `fanchart fit`: from a series to a trace, with NUTS.

mod bars;
mod place;
pub(super) mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use ndarray::ArrayView2;

use super::cli::{Format, FormatOptions};
use super::{CommandError, FAILED, Io, NO, check, summary};
use crate::diagnostics::{CheckReport, Convention, SummaryTable, Verdict};
use crate::explorer::numbers::count;
use crate::forecast::Fit;
use crate::model::Model;
use crate::output;
use crate::sampler::{Mode, Options, Sampled};
use crate::series::Table;
use crate::trace::{self, Limits, Run, Trace, escape};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart fit data.csv\n  \
    fanchart fit data.csv --model sine --draws 2000 -o trace.nc\n  \
    fanchart fit data.csv --model my-model.toml --json\n\n\
    DATA has a row a step: t,y or date,y (or one column of values); an empty value is a gap.\n\
    The trace holds the model and the series: `fanchart trace.nc` needs nothing else, and ArviZ\n\
    and xarray open it.\n\n\
    Exit status: 0 the fit can be trusted, 1 it cannot, 2 cannot tell, or bad input. Ctrl-C\n\
    keeps the draws that all chains have, if they can be used; a second one leaves at once.")]
pub struct Args {
    /// Series to fit (.csv)
    #[arg(value_name = "DATA")]
    pub data: PathBuf,
    /// Write the trace to this file, replacing one that is there in whole or not at all; else to
    /// the name of DATA with .nc, in the current folder
    #[arg(long, short, value_name = "FILE.nc")]
    pub output: Option<PathBuf>,
    /// Model to fit: a built-in one (see `fanchart models`) or a file
    #[arg(long, value_name = "NAME or FILE.toml", default_value = "seasonal")]
    pub model: String,
    /// Chains, each sampled on its own
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub chains: u16,
    /// Draws of each chain to tune the sampler with, before those that are kept
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(..=10_000_000))]
    pub tune: u32,
    /// Draws of each chain to keep
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub draws: u32,
    /// Seed of the sampler; the same seed gives the same draws
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,
    /// Write the log-likelihood of every observation too (for LOO in ArviZ)
    #[arg(long)]
    pub log_likelihood: bool,
    /// Do not check whether the fit can be trusted
    #[arg(long)]
    pub no_check: bool,
    #[command(flatten)]
    pub format: FormatOptions,
}

/// Fits the series, writes the trace, and prints the table of its parameters.
///
/// # Errors
/// [`CommandError`] when the data or the model cannot be read or do not go together, when
/// sampling fails or is stopped too early, and when the trace cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let stop = watch::stop_signal().map_err(CommandError::Signals)?;
    let table = Table::from_csv_path(&args.data)?;
    if table.series.values.iter().all(|value| value.is_nan()) {
        return Err(CommandError::NothingButGaps(args.data.clone()));
    }
    let model = Model::load(&args.model)?;
    trace::check_parameter_names(model.parameters().iter().map(|p| p.name.as_str()))?;
    check_size(args, model.parameters().len(), table.series.values.len())?;
    let path = place::choose(&args.data, args.output.as_deref())?;
    if args.output.is_none() {
        io.note(&format!("the trace will be written to {}", shown(&path)));
    }

    let options = Options {
        chains: usize::from(args.chains),
        tune: args.tune as usize,
        draws: args.draws as usize,
        seed: args.seed,
    };
    let sampled = watch::sample(&model, &table, &options, &stop, io.quiet)?;
    let said = said(&sampled, &options);
    let Sampled {
        trace,
        n_steps,
        step_size,
        modes,
        seconds,
        tuning_steps,
        stopped,
    } = sampled;
    io.note(&said);
    if let Some(note) = of_modes(&modes) {
        io.note(&note);
    }

    let report = (!args.no_check).then(|| CheckReport::of(&trace));
    let fit = Fit::assemble_with_table(trace, Some(model), Some(table))?;
    if let Some(report) = &report
        && stopped
        && report.verdict == Verdict::Fail
    {
        return Err(CommandError::StoppedTooEarly(report.headline()));
    }
    let log_likelihood = match args.log_likelihood {
        true => Some(
            fit.forecaster(usize::MAX)?
                .log_likelihood(&fit.series.values),
        ),
        false => None,
    };
    let run = Run {
        n_steps,
        step_size,
        sampling_time: seconds,
        tuning_steps,
        created_at: Timestamp::now(),
        log_likelihood,
    };
    trace::write(&fit.trace, &run, &path)?;
    io.note(&format!("{} is written", shown(&path)));

    print(&fit.trace, args.format.get(), io)?;
    Ok(match report {
        None => ExitCode::SUCCESS,
        Some(report) => judged(&report, &path, io),
    })
}

/// What is larger than a trace may be is refused before it is sampled.
fn check_size(args: &Args, parameters: usize, rows: usize) -> Result<(), CommandError> {
    let most = Limits::default().elements;
    let draws = u64::from(args.chains) * u64::from(args.draws);
    let too_much = |of_a_draw: usize| draws.saturating_mul(of_a_draw as u64) > most;
    // Beside the parameters, eight statistics of the sampler.
    if too_much(parameters + 8) {
        return Err(CommandError::TooManyDraws(draws));
    }
    if args.log_likelihood && too_much(rows) {
        return Err(CommandError::LargeLogLikelihood { draws, rows });
    }
    Ok(())
}

/// How long sampling took, and whether it came to its end.
fn said(sampled: &Sampled, options: &Options) -> String {
    let Sampled { trace, seconds, .. } = sampled;
    let draws = count(trace.draws());
    let chains = match trace.chains() {
        1 => "1 chain".to_owned(),
        n => format!("{n} chains"),
    };
    if sampled.stopped {
        let asked = count(options.draws);
        return format!("stopped after {draws} of {asked} draws of {chains}");
    }
    let divergences = match trace.n_divergences() {
        Some(n @ 1..) => format!(", {} divergences", count(n)),
        _ => String::new(),
    };
    format!("{chains} of {draws} draws in {seconds:.2} s{divergences}")
}

/// Weight of a mode that is told by itself.
const WORTH_TELLING: f64 = 0.001;

/// The modes of the posterior, where there are several.
fn of_modes(modes: &[Mode]) -> Option<String> {
    if modes.len() < 2 {
        return None;
    }
    let percent = |weight: f64| match weight {
        w if w >= 0.9995 => "more than 99.9 %".to_owned(),
        w if w < WORTH_TELLING => "less than 0.1 %".to_owned(),
        w => format!("{:.1} %", 100.0 * w),
    };
    let mut parts: Vec<String> = modes
        .iter()
        .filter(|mode| mode.weight >= WORTH_TELLING || mode.chains > 0)
        .map(|mode| format!("{} ({} chains)", percent(mode.weight), mode.chains))
        .collect();
    let light = modes.len() - parts.len();
    if light > 0 {
        parts.push(format!("{light} with next to nothing"));
    }
    Some(format!(
        "the posterior has {} modes; their weights: {}",
        modes.len(),
        parts.join(", ")
    ))
}

fn print(trace: &Trace, format: Format, io: &mut Io) -> Result<(), CommandError> {
    let views: Vec<(&str, ArrayView2<f64>)> = trace
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.draws.view()))
        .collect();
    let convention = Convention::default();
    let (kind, prob) = convention.interval();
    let table = SummaryTable::new(&views, convention, kind, prob);
    let text = summary::text(&table, trace.chains(), format, io.color);
    io.deliver(&output::Destination::Stdout, text.as_bytes())
}

/// Says whether the fit can be trusted, as `fanchart check` would with its exit status.
fn judged(report: &CheckReport, path: &Path, io: &mut Io) -> ExitCode {
    let words = format!("{} ({})", check::words(report), report.headline());
    match report.verdict {
        Verdict::Pass => {
            io.note(&words);
            ExitCode::SUCCESS
        }
        Verdict::Fail => {
            io.note(&format!(
                "{words}; `fanchart check {}` shows why",
                shown(path)
            ));
            ExitCode::from(NO)
        }
        Verdict::Unknown => {
            io.note(&words);
            ExitCode::from(FAILED)
        }
    }
}

fn shown(path: &Path) -> String {
    escape(&path.display().to_string())
}
