//! `fanchart config`: the config in force, as the file that would say it.

use std::process::ExitCode;

use super::cli::OutputOptions;
use super::{CommandError, Io};
use crate::config::{Config, ConfigError, ConfigFile};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart config\n  \
    fanchart config --path\n  \
    fanchart config --default -o ~/.config/fanchart/config.toml\n\n\
    The file is fanchart/config.toml in $XDG_CONFIG_HOME or ~/.config, on Windows in %APPDATA%;\n\
    FANCHART_CONFIG=FILE names another. Flags on the command line win over it. The explorer,\n\
    forecast, plot and report read it, the other commands do not.")]
pub struct Args {
    /// Print where the file is read from, whether it is there or not
    #[arg(long, conflicts_with = "default")]
    pub path: bool,
    /// Print the config without any file
    #[arg(long)]
    pub default: bool,
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Prints the config, or the path of its file.
///
/// # Errors
/// [`CommandError`] when the file cannot be read or understood, or the output not written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let file = ConfigFile::find();
    let text = if args.path {
        let file = file.ok_or(ConfigError::NoPlace)?;
        format!("{}\n", file.path().display())
    } else if args.default {
        Config::default().to_toml()
    } else {
        effective(file, io)?.to_toml()
    };
    io.deliver(&args.output.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The config in force, with a note that says where it is from.
fn effective(file: Option<ConfigFile>, io: &mut Io) -> Result<Config, CommandError> {
    let Some(file) = file else {
        io.note(&ConfigError::NoPlace.to_string());
        return Ok(Config::default());
    };
    let path = crate::trace::escape(&file.path().display().to_string());
    Ok(match file.read()? {
        Some(config) => {
            io.note(&format!("{path} says:"));
            config
        }
        None => {
            io.note(&format!("{path} is not there; without it:"));
            Config::default()
        }
    })
}
