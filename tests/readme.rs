//! README.md shows what the program does.
//!
//! In blocks tagged `console` every line after `$ ` is a command. All of them are run in turn, in
//! one folder that holds `artifacts`; each must succeed and print, on standard output and error
//! together, the lines that follow it. Blocks of any other tag are not run.
#![cfg(unix)]

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use fanchart::explorer::action::BINDINGS;
use fanchart::model::{Family, PriorFamily};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const README: &str = include_str!("../README.md");

/// A command and what is shown as its output.
struct Example<'a> {
    /// Line of the README, from 1.
    line: usize,
    command: &'a str,
    shown: String,
}

fn examples() -> Vec<Example<'static>> {
    let mut examples: Vec<Example> = Vec::new();
    let mut tag = None;
    for (i, text) in README.lines().enumerate() {
        if let Some(fence) = text.strip_prefix("```") {
            tag = tag.is_none().then_some(fence);
        } else if tag == Some("console") {
            if let Some(command) = text.strip_prefix("$ ") {
                let (line, shown) = (i + 1, String::new());
                examples.push(Example {
                    line,
                    command,
                    shown,
                });
            } else {
                let example = examples.last_mut().expect("a command before its output");
                example.shown += text;
                example.shown += "\n";
            }
        }
    }
    examples
}

/// What a shell command prints, and whether it succeeded.
fn run(command: &str, folder: &Path) -> (String, bool) {
    let program = Path::new(env!("CARGO_BIN_EXE_fanchart"));
    let folders = [program.parent().expect("a folder")].map(Path::to_owned);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = folders.into_iter().chain(std::env::split_paths(&path));
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let mut child = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .envs(nobody::ENVIRONMENT)
        .env(
            "PATH",
            std::env::join_paths(path).expect("folders without a colon"),
        )
        .stdin(Stdio::null())
        .stdout(writer.try_clone().expect("a second end"))
        .stderr(writer)
        .spawn()
        .expect("there is a shell");
    let mut printed = String::new();
    reader.read_to_string(&mut printed).expect("UTF-8");
    (printed, child.wait().expect("it ends").success())
}

#[test]
fn commands_print_what_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let artifacts = Path::new(ROOT).join("artifacts");
    symlink(artifacts, folder.path().join("artifacts")).expect("a link");
    let mut wrong = String::new();
    for Example {
        line,
        command,
        shown,
    } in examples()
    {
        let (printed, succeeded) = run(command, folder.path());
        if printed != shown || !succeeded {
            let how = if succeeded {
                "prints"
            } else {
                "fails and prints"
            };
            wrong += &format!("README.md:{line}: `{command}` {how}\n{printed}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn keys_are_those_of_the_program() {
    let mut table = String::new();
    let mut group = "";
    for binding in BINDINGS {
        if binding.group.name != group {
            group = binding.group.name;
            table += &format!("\n| {group} | |\n|---|---|\n");
        }
        table += &format!("| `{}` | {} |\n", binding.label, binding.help);
    }
    let (_, rest) = README
        .split_once("<!-- keys: made from the table of actions -->\n")
        .expect("a start");
    let (shown, _) = rest.split_once("\n<!-- end of keys -->").expect("an end");
    assert!(shown == table, "the table of keys should be\n{table}");
}

#[test]
fn every_distribution_is_named() {
    let likelihoods = Family::ALL
        .iter()
        .map(|family| format!("`{}(", family.name()));
    let priors = PriorFamily::ALL
        .iter()
        .map(|family| format!("`{}`", family.name()));
    for name in likelihoods.chain(priors) {
        assert!(README.contains(&name), "{name}");
    }
}

#[test]
fn the_model_shown_is_the_built_in_one() {
    let sine = fs::read_to_string(Path::new(ROOT).join("src/model/builtin/sine.toml"));
    assert!(README.contains(&format!("```toml\n{}```", sine.expect("it is there"))));
}

#[test]
fn the_config_shown_is_one() {
    let (_, rest) = README
        .split_once("This one is whole:\n\n```toml\n")
        .expect("a start");
    let (config, _) = rest.split_once("```").expect("an end");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("mine.toml"), config).expect("written");
    let (printed, succeeded) = run("FANCHART_CONFIG=mine.toml fanchart config", folder.path());
    assert!(
        succeeded && printed.contains("\nhorizon = 90\n"),
        "{printed}"
    );
}

#[test]
fn pictures_and_files_are_there() {
    let quoted = README.split('"').skip(1).step_by(2);
    let linked = README
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let names = quoted
        .filter(|name| name.ends_with(".png"))
        .chain(linked.map(|(name, _)| name));
    for name in names.filter(|name| !name.starts_with("https:") && !name.starts_with('#')) {
        assert!(Path::new(ROOT).join(name).exists(), "{name}");
    }
}

#[test]
fn headings_that_are_linked_are_there() {
    let headings: Vec<String> = README
        .lines()
        .filter_map(|line| {
            line.trim_start_matches('#')
                .strip_prefix(' ')
                .filter(|_| line.starts_with('#'))
        })
        .map(|heading| {
            heading
                .to_lowercase()
                .replace(' ', "-")
                .replace(['?', ','], "")
        })
        .collect();
    for (anchor, _) in README
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
    {
        assert!(headings.iter().any(|heading| heading == anchor), "{anchor}");
    }
}
