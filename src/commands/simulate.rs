//! `fanchart simulate`: a synthetic series as CSV.

use std::fmt::Write;
use std::process::ExitCode;

use jiff::civil::Date;

use super::cli::OutputOptions;
use super::{CommandError, Io};
use crate::series::{SIMULATED, Series, simulate};

/// Days of a series, at most: as many rows as are read of a CSV.
const MOST_DAYS: i64 = 5_000_000;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("The series, for t = 0, 1, 2, ..:\n  \
    {SIMULATED}\n\n\
    Columns t and y; with --start, date and y. Normal has mean 0 and standard deviation 1.\n\n\
    Examples:\n  \
    fanchart simulate -o data.csv\n  \
    fanchart simulate --days 1000 --start 2024-01-01 --seed 7 -o data.csv\n  \
    fanchart fit data.csv"))]
pub struct Args {
    /// Days to simulate
    #[arg(
        long,
        value_name = "DAYS",
        default_value = "365",
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(1..=MOST_DAYS)
    )]
    pub days: i64,
    /// Seed of the noise; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value = "42")]
    pub seed: u64,
    /// Date of the first day, such as 2024-01-01; without it days are numbered from 0
    #[arg(long, value_name = "DATE")]
    pub start: Option<Date>,
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Prints the series.
///
/// # Errors
/// [`CommandError`] when the dates end before the days do, or the output cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let series = simulate(args.days as usize, args.seed, args.start);
    let axis = &series.axis;
    let last = axis.last_position().and_then(|last| axis.date(last));
    if args.start.is_some() && last.is_none() {
        return Err(CommandError::BeyondCalendar);
    }
    io.deliver(&args.output.output, csv(&series).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Days with the digits that give the same numbers when they are read.
fn csv(series: &Series) -> String {
    let time = match series.axis.calendar {
        Some(_) => "date",
        None => "t",
    };
    let mut text = format!("{time},{}\n", series.name);
    for (position, value) in series.axis.positions.iter().zip(&series.values) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{value}", series.axis.label(*position));
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::series::Table;

    #[test]
    fn a_series_is_read_back_as_it_was() {
        for start in [None, Some(date(2024, 2, 28))] {
            let series = simulate(100, 7, start);
            let table = Table::from_csv_reader(csv(&series).as_bytes(), "simulated");
            assert_eq!(table.expect("a series").series, series);
        }
    }
}
