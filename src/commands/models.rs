//! `fanchart models`: the built-in models, and their files to copy and edit.

use std::process::ExitCode;

use super::cli::OutputOptions;
use super::{CommandError, Io};
use crate::model::Model;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart models\n  \
    fanchart models sine > my-model.toml")]
pub struct Args {
    /// Print the file of this model
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Lists the models, or prints the file of one.
///
/// # Errors
/// [`CommandError`] when there is no such model, or the output cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let text = match &args.name {
        Some(name) => {
            let found = Model::built_ins().iter().find(|model| model.name == name);
            found
                .ok_or_else(|| CommandError::NoSuchModel(name.clone()))?
                .toml
                .to_string()
        }
        None => Model::built_ins().iter().map(line).collect(),
    };
    io.deliver(&args.output.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn line(model: &crate::model::BuiltIn) -> String {
    let parsed = Model::built_in(model.name);
    let formula = parsed.map_or(String::new(), |model| {
        format!(
            "y ~ {}, mean = {}",
            model.likelihood_text(),
            model.mean_text()
        )
    });
    format!("{:<9} {formula}\n", model.name)
}
