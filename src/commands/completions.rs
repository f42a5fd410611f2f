//! `fanchart completions SHELL`.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::cli::{Cli, OutputOptions};
use super::{CommandError, Io};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart completions bash -o ~/.local/share/bash-completion/completions/fanchart\n  \
    fanchart completions zsh -o ~/.zfunc/_fanchart\n  \
    fanchart completions fish -o ~/.config/fish/completions/fanchart.fish")]
pub struct Args {
    /// Shell to complete for
    pub shell: Shell,
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Writes the completions.
///
/// # Errors
///
/// [`CommandError`] when they could not be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    // Made in memory first: the generator panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fanchart", &mut script);
    io.deliver(&args.output.output, &script)?;
    Ok(ExitCode::SUCCESS)
}
