//! The command line: one file a subcommand, and what they share.
//!
//! Data goes to standard output, everything else to standard error. Exit status 0 is success
//! (and a reader that stopped reading), 1 a "no" from a command that answers a question, 2 a
//! failure, bad usage and a question that cannot be answered included.

pub mod check;
pub mod cli;
pub mod completions;
pub mod config;
pub mod explore;
pub mod fit;
pub mod forecast;
pub mod man;
pub mod models;
mod open;
pub mod plot;
pub mod report;
pub mod screenshots;
pub mod serve;
pub mod simulate;
pub mod summary;
pub mod table;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, Parser};

use crate::chart::PngError;
use crate::config::{Config, ConfigError};
use crate::diagnostics::ThresholdError;
use crate::explorer::RunError;
use crate::explorer::picture::PictureError;
use crate::forecast::{FitError, ForecastError};
use crate::model::ModelError;
use crate::output::{self, Destination, OutputError};
use crate::sampler::SampleError;
use crate::series::SeriesError;
use crate::service::ServeError;
use crate::trace::{TraceError, WriteError};
use cli::{Cli, Command};

/// Exit status of a "no".
const NO: u8 = 1;
/// Exit status of failures, and of a question that cannot be answered.
const FAILED: u8 = 2;

/// What a command reads its surroundings from and writes to.
pub struct Io<'a> {
    /// Standard output: data.
    pub out: &'a mut dyn Write,
    /// Standard error: what is said about it.
    pub err: &'a mut dyn Write,
    /// Whether standard output may be styled.
    pub color: bool,
    /// Whether notes are left out.
    pub quiet: bool,
}

impl Io<'_> {
    /// Writes a command's data to where its `-o` says.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when it could not be written in full; a file is then as it was before.
    pub fn deliver(&mut self, to: &Destination, data: &[u8]) -> Result<(), CommandError> {
        match to {
            Destination::Stdout => self.out.write_all(data).map_err(CommandError::Stdout),
            Destination::File(path) => Ok(output::replace_file(path, data)?),
        }
    }

    /// Tells the person something beside the data, on a line of its own, unless `--quiet`.
    pub fn note(&mut self, text: &str) {
        if !self.quiet {
            // A note that cannot be shown is no reason to stop.
            let _ = writeln!(self.err, "fanchart: {text}");
        }
    }
}

/// Why a command failed, in words for the person.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Standard output did not take the data.
    #[error("cannot write to standard output: {0}; the output above is incomplete")]
    Stdout(#[source] io::Error),
    /// The file named by `-o` could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Series(#[from] SeriesError),
    #[error(transparent)]
    Fit(#[from] FitError),
    #[error(transparent)]
    Forecast(#[from] ForecastError),
    #[error(transparent)]
    Threshold(#[from] ThresholdError),
    #[error(transparent)]
    Explorer(#[from] RunError),
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("cannot use the token in {path:?}: {problem}; make one with `openssl rand -hex 16`")]
    Token { path: PathBuf, problem: String },
    #[error(transparent)]
    Chart(#[from] PngError),
    #[error("there is no built-in model {0:?}; `fanchart models` lists them")]
    NoSuchModel(String),
    #[error("{0}; `--vectors` summarises the elements of vectors")]
    OnlyVectors(TraceError),
    #[error("the trace has no parameter {name:?}{hint}")]
    NoSuchParameter {
        name: String,
        /// "; did you mean 'x'?", or the names there are.
        hint: String,
    },
    #[error(transparent)]
    Sample(#[from] SampleError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("{0:?} holds nothing but gaps; a fit needs observations")]
    NothingButGaps(PathBuf),
    #[error("too few draws were done to be trusted ({0}); nothing was written")]
    StoppedTooEarly(String),
    #[error("cannot wait for signals: {0}")]
    Signals(#[source] io::Error),
    #[error("a trace is a file, not text for standard output; name one with -o FILE.nc")]
    TraceToStdout,
    #[error("{0:?} holds the data itself; name another file for the trace with -o")]
    OverItsData(PathBuf),
    #[error(
        "{0:?} is there already, and fanchart did not write it; name the file with -o, this one to replace it"
    )]
    WouldReplace(PathBuf),
    #[error(
        "{0} draws are more than fanchart reads from a trace; ask for fewer --draws or --chains"
    )]
    TooManyDraws(u64),
    #[error(
        "the log-likelihood of {rows} rows at {draws} draws is more than fanchart reads from a trace; \
         leave out --log-likelihood, or ask for fewer --draws"
    )]
    LargeLogLikelihood { draws: u64, rows: usize },
    #[error("the days go past the year 9999; start earlier, or ask for fewer --days")]
    BeyondCalendar,
    #[error("{0:?} stands before a command and would be ignored; put it behind, or leave it out")]
    FileBeforeCommand(PathBuf),
    #[error(
        "options that stand before a command are the explorer's and would be ignored; put them behind the command"
    )]
    OptionsBeforeCommand,
}

impl CommandError {
    /// Whether the reader of standard output has seen enough, as `head` does.
    fn is_closed_pipe(&self) -> bool {
        matches!(self, CommandError::Stdout(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// The program: parses the command line, runs the command, and says how it went.
pub fn main() -> ExitCode {
    match program() {
        Ok(status) => status,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // With standard error gone too, the status alone tells.
            let _ = writeln!(io::stderr(), "fanchart: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn program() -> Result<ExitCode, CommandError> {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            let _ = error.print();
            return Ok(ExitCode::from(FAILED));
        }
        Err(help_or_version) => {
            help_or_version.print().map_err(CommandError::Stdout)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let stdout = io::stdout();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = colored(cli.screen.color, stdout.is_terminal(), no_color);
    let mut io = Io {
        // Not locked: the explorer's other threads give the terminal back through it too.
        out: &mut BufWriter::new(stdout),
        err: &mut io::stderr(),
        color,
        quiet: cli.screen.quiet,
    };
    let status = run(&cli, &mut io)?;
    io.out.flush().map_err(CommandError::Stdout)?;
    Ok(status)
}

fn run(cli: &Cli, io: &mut Io) -> Result<ExitCode, CommandError> {
    let Some(command) = &cli.command else {
        return explore::run(&cli.explore, cli.screen.color, &Config::load()?, io);
    };
    if let Some(file) = &cli.explore.file {
        return Err(CommandError::FileBeforeCommand(file.clone()));
    }
    // The options before a command are the explorer's.
    if cli.explore != Cli::parse_from(["fanchart"]).explore {
        return Err(CommandError::OptionsBeforeCommand);
    }
    match command {
        Command::Forecast(args) => forecast::run(args, &Config::load()?, io),
        Command::Plot(args) => plot::run(args, &Config::load()?, io),
        Command::Report(args) => report::run(args, &Config::load()?, io),
        Command::Check(args) => check::run(args, io),
        Command::Summary(args) => summary::run(args, io),
        Command::Fit(args) => fit::run(args, io),
        Command::Simulate(args) => simulate::run(args, io),
        Command::Serve(args) => serve::run(args, io),
        Command::Models(args) => models::run(args, io),
        Command::Config(args) => config::run(args, io),
        Command::Screenshots(args) => screenshots::run(args, io),
        Command::Completions(args) => completions::run(args, io),
        Command::Man(args) => man::run(args, io),
    }
}

/// Whether to style standard output: `--color` decides, `auto` asks for a terminal without
/// `NO_COLOR` (<https://no-color.org>).
fn colored(choice: ColorChoice, is_terminal: bool, no_color: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && !no_color,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_follows_the_flag_before_the_surroundings() {
        for (choice, is_terminal, no_color, expected) in [
            (ColorChoice::Auto, true, false, true),
            (ColorChoice::Auto, true, true, false),
            (ColorChoice::Auto, false, false, false),
            (ColorChoice::Always, false, true, true),
            (ColorChoice::Never, true, false, false),
        ] {
            let got = colored(choice, is_terminal, no_color);
            assert_eq!(got, expected, "{choice} {is_terminal} {no_color}");
        }
    }

    #[test]
    fn quiet_leaves_out_notes_and_nothing_else() {
        for (quiet, expected) in [(false, "fanchart: a note\n"), (true, "")] {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut io = Io {
                out: &mut out,
                err: &mut err,
                color: false,
                quiet,
            };
            io.note("a note");
            io.deliver(&Destination::Stdout, b"data")
                .expect("a vector takes all");
            assert_eq!(out, b"data");
            assert_eq!(err, expected.as_bytes());
        }
    }
}
