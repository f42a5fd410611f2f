//! `fanchart serve`: forecasts over HTTP.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;

use super::cli::ModelOptions;
use super::{CommandError, Io, open};
use crate::service::{self, Log, Options, ServeError};

/// Bytes of a token, at least: one that nobody guesses.
const TOKEN: usize = 16;

/// Shape of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines to read
    Text,
    /// An object a line
    Json,
}

/// What the log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Loads that failed
    Error,
    /// And what is odd
    Warn,
    /// And every load and every request
    Info,
}

/// Where traces may come from in this build.
const PLACES: &str = if cfg!(feature = "cloud") {
    "Trace to serve: a file, or a URL that begins with http://, https://, s3:// or gs://"
} else {
    "Trace to serve, a file; a build with the feature `cloud` takes http, s3 and gs URLs too"
};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart serve trace.nc\n  \
    fanchart serve trace.nc --listen 0.0.0.0:8000 --log-format json\n  \
    fanchart serve trace.nc --poll 5 --admin-token-file token\n  \
    curl -d '{\"horizon\":7}' -H 'Content-Type: application/json' http://127.0.0.1:8000/forecast\n\n\
    The page /docs of the service describes its routes. SIGHUP loads the trace again;\n\
    SIGTERM and Ctrl-C end the service once requests under way are answered.")]
pub struct Args {
    #[arg(value_name = "TRACE", help = PLACES)]
    pub trace: PathBuf,
    /// Address to listen on; another than this machine's own opens the service to others
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8000")]
    pub listen: String,
    /// Look every so often whether the trace changed; 0 never
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub poll: Duration,
    /// File with the token that POST /admin/reload asks for; without it there is no such route
    #[arg(long, value_name = "FILE")]
    pub admin_token_file: Option<PathBuf>,
    /// Seed of the random draws; forecasts are those of `fanchart forecast` with the same
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,
    /// Most posterior draws to keep; each takes 3 kB of memory. A trace with more is thinned
    #[arg(long, value_name = "N", default_value = "20000", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_draws: u32,
    /// Connections at a time; the one silent for longest makes room for another
    #[arg(long, value_name = "N", default_value = "1024", value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub connections: u32,
    /// Forecasts that may wait to be computed; more are told to come again (429)
    #[arg(long, value_name = "N", default_value = "256", value_parser = clap::value_parser!(u16).range(1..))]
    pub queue: u16,
    /// Longest wait for a client that sends or reads slowly, and for a forecast
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub timeout: Duration,
    /// Once told to end: how long to serve on while /readyz says no, for balancers to notice
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub linger: Duration,
    /// Once told to end: longest wait for requests under way
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub drain: Duration,
    /// Shape of the log on standard error
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// What the log tells
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub log_level: LogLevel,
    #[command(flatten)]
    pub model: ModelOptions,
}

/// Serves until told to end.
///
/// # Errors
/// [`CommandError`] when the service cannot start.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let token = args.admin_token_file.as_ref().map(token).transpose()?;
    let format = match args.log_format {
        LogFormat::Text => service::LogFormat::Text,
        LogFormat::Json => service::LogFormat::Json,
    };
    let level = match args.log_level {
        _ if io.quiet => LevelFilter::ERROR,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
    };
    let log = Log::start(format, level).map_err(ServeError::Start)?;
    let options = Options {
        trace: args.trace.clone(),
        listen: args.listen.clone(),
        poll: Some(args.poll).filter(|poll| !poll.is_zero()),
        token,
        seed: args.seed,
        draws: args.max_draws as usize,
        connections: args.connections,
        queue: args.queue.into(),
        limit: args.timeout,
        linger: args.linger,
        drain: args.drain,
    };
    let model = args.model.clone();
    let open = Box::new(move |path: &_| Ok(open::fit(Some(path), &model)?));
    let served = service::serve(options, open, &log);
    log.flush();
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Seconds, whole or with decimals, up to a day.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "seconds are a number from 0 to 86400, like 10 or 0.5".into())
}

fn token(path: &PathBuf) -> Result<Vec<u8>, CommandError> {
    let token = fs::read(path).map_err(|error| CommandError::Token {
        path: path.clone(),
        problem: error.to_string(),
    })?;
    let token = token.trim_ascii();
    if token.len() < TOKEN || token.iter().any(|byte| !byte.is_ascii_graphic()) {
        return Err(CommandError::Token {
            path: path.clone(),
            problem: format!("a token is {TOKEN} visible ASCII characters or more"),
        });
    }
    Ok(token.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_numbers() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        for bad in ["", "-1", "nan", "inf", "1e9", "5s"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
