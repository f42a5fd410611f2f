//! `fanchart man`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_mangen::Man;

use super::cli::{Cli, OutputOptions};
use super::{CommandError, Io};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart man | man -l -\n  \
    fanchart man -o ~/.local/share/man/man1/fanchart.1")]
pub struct Args {
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Writes the manual page.
///
/// # Errors
///
/// [`CommandError`] when it could not be written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let mut command = Cli::command();
    command.build();
    let page = page(command).expect("writing to memory cannot fail");
    io.deliver(&args.output.output, &page)?;
    Ok(ExitCode::SUCCESS)
}

/// The program and all its commands on one page.
fn page(command: clap::Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let program = Man::new(command.clone());
    program.render_title(&mut page)?;
    program.render_name_section(&mut page)?;
    program.render_synopsis_section(&mut page)?;
    program.render_description_section(&mut page)?;
    program.render_options_section(&mut page)?;
    writeln!(page, ".SH COMMANDS")?;
    for command in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        add_command(&mut page, command)?;
    }
    writeln!(page, ".SH NOTES")?;
    add_body(&mut page, |out| program.render_extra_section(out))?;
    program.render_version_section(&mut page)?;
    Ok(page)
}

fn add_command(page: &mut Vec<u8>, command: &clap::Command) -> io::Result<()> {
    // Options that every command has stand once, with the program.
    let own = command.clone().mut_args(|arg| {
        let is_common = arg.is_global_set() || arg.get_id() == "help";
        arg.hide(is_common)
    });
    let examples = own.get_after_help().is_some();
    let man = Man::new(own);
    writeln!(page, ".SS {}", command.get_name())?;
    add_body(page, |out| man.render_synopsis_section(out))?;
    writeln!(page, ".PP")?;
    add_body(page, |out| man.render_description_section(out))?;
    add_body(page, |out| man.render_options_section(out))?;
    if examples {
        writeln!(page, ".PP")?;
        add_body(page, |out| man.render_extra_section(out))?;
    }
    Ok(())
}

/// Appends a section without its heading and what stands before it.
fn add_body(
    page: &mut Vec<u8>,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut section = Vec::new();
    render(&mut section)?;
    let is_heading = |line: &&[u8]| line.starts_with(b".SH");
    let lines = section.split_inclusive(|&byte| byte == b'\n');
    for line in lines.skip_while(|line| !is_heading(line)).skip(1) {
        page.write_all(line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_is_on_the_page() {
        let mut command = Cli::command();
        command.build();
        let page = page(command.clone()).expect("memory takes all");
        // Hyphens are escaped in a manual page.
        let page = String::from_utf8(page).expect("text").replace('\\', "");
        for command in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            assert!(page.contains(&format!("\n.SS {}\n", command.get_name())));
            let options = command.get_arguments().filter(|a| !a.is_hide_set());
            for long in options.filter_map(|arg| arg.get_long()) {
                assert!(page.contains(&format!("--{long}")), "{long}");
            }
        }
    }

    #[test]
    fn options_that_every_command_has_stand_once() {
        let mut command = Cli::command();
        command.build();
        let page = String::from_utf8(page(command).expect("memory takes all")).expect("text");
        assert_eq!(page.matches("Say nothing but data and errors").count(), 1);
    }
}
