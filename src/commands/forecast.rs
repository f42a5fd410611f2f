//! `fanchart forecast`: the forecast as a table, JSON or CSV.

use std::path::PathBuf;
use std::process::ExitCode;

use super::cli::{DataOptions, ForecastOptions, Format, ModelOptions, Wanted};
use super::table::{Align, Table};
use super::{CommandError, Io, open};
use crate::config::Config;
use crate::diagnostics::{CheckReport, Verdict};
use crate::explorer::numbers::{decimals, fixed};
use crate::forecast::{Distribution, ForecastTable};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart forecast trace.nc\n  \
    fanchart forecast trace.nc --horizon 7 --interval 80% --json\n  \
    fanchart forecast trace.nc --horizon 365 --format csv -o forecast.csv\n  \
    fanchart forecast trace.nc --model my-model.toml --data series.csv")]
pub struct Args {
    /// Trace to forecast from (.nc)
    #[arg(value_name = "TRACE")]
    pub trace: PathBuf,
    #[command(flatten)]
    pub forecast: ForecastOptions,
    /// Take the figures from the predictive distribution itself instead of from samples of it:
    /// no sampling noise, no seed
    #[arg(long, conflicts_with = "seed")]
    pub exact: bool,
    #[command(flatten)]
    pub model: ModelOptions,
    #[command(flatten)]
    pub data: DataOptions,
}

/// Prints the forecast.
///
/// # Errors
/// [`CommandError`] when the trace cannot be read or used, or the output not written.
pub fn run(args: &Args, config: &Config, io: &mut Io) -> Result<ExitCode, CommandError> {
    let fit = open::fit(Some(&args.trace), &args.model)?;
    for note in &fit.trace.origin.notes {
        io.note(note);
    }
    let report = CheckReport::of(&fit.trace);
    if report.verdict == Verdict::Fail {
        let file = crate::trace::escape(&args.trace.display().to_string());
        io.note(&format!(
            "do not trust this forecast: {}; `fanchart {file}` shows why",
            report.headline()
        ));
    }
    let Wanted {
        horizon,
        interval,
        seed,
    } = args.forecast.or(config);
    let forecaster = fit.forecaster(usize::MAX)?;
    let table = if args.exact {
        ForecastTable::exact(&forecaster, horizon, interval)?
    } else {
        ForecastTable::sampled(
            &forecaster,
            horizon,
            interval,
            Distribution::Predictive,
            seed,
        )?
    };
    let text = match args.data.format() {
        Format::Table => readable(&table).text(io.color),
        Format::Json => format!("{}\n", table.to_json()),
        Format::Csv => table.to_csv(),
    };
    io.deliver(&args.data.output.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Rows with the digits that a person reads.
fn readable(forecast: &ForecastTable) -> Table {
    let (lower, upper) = forecast.interval.tails();
    let percent = |p: f64| format!("{}%", fixed(p * 100.0, 1).trim_end_matches(".0"));
    let time = if forecast.is_dated() { "date" } else { "day" };
    let mut table = Table::new(&[
        (time, Align::Right),
        ("mean", Align::Right),
        (&percent(lower), Align::Right),
        (&percent(upper), Align::Right),
    ]);
    for row in &forecast.rows {
        let digits = decimals((row.upper - row.lower) / 50.0);
        table.push([
            row.label.clone(),
            fixed(row.mean, digits),
            fixed(row.lower, digits),
            fixed(row.upper, digits),
        ]);
    }
    table
}
