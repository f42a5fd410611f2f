//! `fanchart [FILE]`: the explorer; the chart as text where there is no terminal to draw on.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::ColorChoice;
use ratatui::layout::Size;

use super::cli::{ForecastOptions, ModelOptions, Theme, ThemeOptions};
use super::{CommandError, Io, open};
use crate::config::Config;
use crate::explorer::theme::{Background, Colors};
use crate::explorer::{
    self, Controls, Ended, Graphics, Headless, Memory, Opened, Options, Presentation, Session,
    Visit,
};

/// Size of the chart where nobody says how wide the paper is.
const TEXT: Size = Size::new(100, 30);

/// Arguments of the explorer.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct Args {
    /// Trace to explore (.nc), or series to fit and explore (.csv); the built-in demo without one
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Open the presentation: the chart large, futures one after another, a few sentences
    #[arg(long)]
    pub present: bool,
    /// Let the futures of the presentation stand still until a key asks for the next
    #[arg(long)]
    pub still: bool,
    #[command(flatten)]
    pub forecast: ForecastOptions,
    #[command(flatten)]
    pub model: ModelOptions,
    #[command(flatten)]
    pub theme: ThemeOptions,
    /// Start anew instead of where the last visit to this file ended
    #[arg(long)]
    pub fresh: bool,
    /// What to draw the chart in; auto: in pixels where the terminal says that it can (by the
    /// protocols of kitty and iTerm2, or as sixels), else in cells
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub graphics: Graphics,
}

/// Explores a trace until the person leaves.
///
/// # Errors
/// [`CommandError`] when the trace cannot be read or used, or the terminal not used.
pub fn run(
    args: &Args,
    choice: ColorChoice,
    config: &Config,
    io: &mut Io,
) -> Result<ExitCode, CommandError> {
    let opened = open::opened(args.file.as_deref(), &args.model)?;
    let name = open::name(args.file.as_ref());
    let options = Options {
        controls: Controls {
            seed: args.forecast.seed,
            ..Controls::default()
        },
        colors: colors(choice, config),
        background: match args.theme.theme {
            Some(Theme::Auto) => None,
            Some(Theme::Dark) => Some(Background::Dark),
            Some(Theme::Light) => Some(Background::Light),
            None => config.theme,
        },
    };
    let wanted = args.forecast.or(config);
    let asked = Visit::starting(wanted.horizon, wanted.interval);
    if !std::io::stdout().is_terminal() {
        let options = Options {
            controls: asked.controls(options.controls),
            colors: Colors::None,
            ..options
        };
        let fit = match opened {
            Opened::Fit(fit) => *fit,
            Opened::Series { table, model } => open::fitted(&model, table)?,
        };
        let explorer = Headless::new(&fit, &name, &options, TEXT)?;
        io.out
            .write_all(explorer.text().as_bytes())
            .map_err(CommandError::Stdout)?;
        io.note("this is the forecast as text; run fanchart with a terminal as its output to explore it");
        return Ok(ExitCode::SUCCESS);
    }
    let memory = (args.file.as_deref()).and_then(|file| memory(file, config));
    let last = (memory.as_ref().filter(|_| !args.fresh)).and_then(Memory::last);
    let visit = last.map_or(asked, |last| with_flags(last, &args.forecast));
    let options = Options {
        controls: visit.controls(options.controls),
        ..options
    };
    let reopen = {
        let (file, model) = (args.file.clone(), args.model.clone());
        Arc::new(move || open::opened(file.as_deref(), &model).map_err(|error| error.to_string()))
    };
    let session = Session {
        opened,
        presentation: Presentation {
            open: args.present,
            still: args.still,
        },
        path: args.file.clone(),
        name,
        reopen,
        keymap: Arc::new(config.keymap.clone()),
        view: visit.view,
        greeting: visit
            .unlike(&asked)
            .map(|what| format!("{what} as last time; --fresh starts anew")),
        memory,
        graphics: args.graphics,
    };
    match explorer::run(session, options)? {
        Ended::ByPerson => Ok(ExitCode::SUCCESS),
        Ended::BySignal(signal) => Ok(end_by(signal)),
    }
}

/// A visit as remembered, but for what the command line says.
fn with_flags(last: Visit, said: &ForecastOptions) -> Visit {
    Visit {
        horizon: said.horizon.unwrap_or(last.horizon),
        interval: said.interval.unwrap_or(last.interval),
        ..last
    }
}

/// What is remembered of a file; nothing where the platform has no place for it.
fn memory(file: &Path, config: &Config) -> Option<Memory> {
    let usual = Visit::starting(config.horizon, config.interval);
    Memory::of(&crate::config::visits()?, file, usual)
}

/// Ends as the signal would have ended the program, now that the terminal is whole again.
fn end_by(signal: i32) -> ExitCode {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    ExitCode::from(128u8.wrapping_add(signal as u8))
}

/// The colours of the terminal: what `--color` says, else the config, else what the environment
/// tells.
fn colors(choice: ColorChoice, config: &Config) -> Colors {
    let support = supports_color::on_cached(supports_color::Stream::Stdout);
    let told = match support {
        Some(level) if level.has_16m => Colors::True,
        Some(level) if level.has_256 => Colors::TwoHundredFiftySix,
        Some(_) => Colors::Sixteen,
        None => Colors::None,
    };
    let level = config.colors.unwrap_or(told);
    match choice {
        ColorChoice::Never => Colors::None,
        ColorChoice::Always => level.max(Colors::Sixteen),
        ColorChoice::Auto => level,
    }
}
