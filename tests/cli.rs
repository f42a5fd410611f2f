//! The program as a shell sees it: exit statuses, messages, pipes, files.

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::process::{Command, Output, Stdio};

use assert_cmd::Command as Program;

fn fanchart() -> Program {
    let mut program = Program::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    program.envs(nobody::ENVIRONMENT);
    program
}

/// The program with a standard output of the test's choice.
fn fanchart_into(stdout: impl Into<Stdio>, args: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("fanchart"))
        .envs(nobody::ENVIRONMENT)
        .args(args)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The one message of a command that must fail with status 2 and print no data.
fn failure(args: &[&str]) -> String {
    let assert = fanchart().args(args).assert().code(2).stdout("");
    stderr(assert.get_output())
}

#[test]
fn help_names_every_command_and_the_exit_statuses() {
    let assert = fanchart().arg("--help").assert().success().stderr("");
    let help = String::from_utf8_lossy(&assert.get_output().stdout);
    for word in [
        "config",
        "completions",
        "man",
        "--color",
        "--fresh",
        "FANCHART_CONFIG",
        "Exit status: 0 success",
    ] {
        assert!(help.contains(word), "{word}:\n{help}");
    }
}

#[test]
fn version_is_the_crate_s() {
    let expected = concat!("fanchart ", env!("CARGO_PKG_VERSION"), "\n");
    fanchart()
        .arg("--version")
        .assert()
        .success()
        .stdout(expected);
}

#[test]
fn help_of_a_command_has_examples() {
    for command in ["completions", "config", "man"] {
        let assert = fanchart().args([command, "--help"]).assert().success();
        let help = String::from_utf8_lossy(&assert.get_output().stdout);
        assert!(help.contains("Examples:\n  fanchart "), "{help}");
    }
}

#[test]
fn bad_usage_ends_with_two_and_says_what_is_wrong() {
    assert!(failure(&["completions", "tcsh"]).contains("invalid value 'tcsh'"));
    assert!(failure(&["completions"]).contains("<SHELL>"));
    assert!(failure(&["man", "--colour"]).contains("unexpected argument '--colour'"));
    assert!(
        failure(&["--color", "blue", "man"]).contains("[possible values: auto, always, never]")
    );
}

#[test]
fn completions_exist_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let assert = fanchart().args(["completions", shell]).assert().success();
        let script = String::from_utf8_lossy(&assert.get_output().stdout);
        assert!(
            script.contains("fanchart") && script.contains("man"),
            "{shell}"
        );
    }
}

#[test]
fn output_goes_to_a_file_and_nothing_to_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fanchart.1");
    fanchart()
        .args(["man", "-o"])
        .arg(&path)
        .assert()
        .success()
        .stdout("")
        .stderr("");
    let shown = fanchart().args(["man", "-o", "-"]).assert().success();
    assert_eq!(fs::read(&path).expect("written"), shown.get_output().stdout);
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let page = || {
        fanchart()
            .arg("man")
            .assert()
            .success()
            .get_output()
            .stdout
            .clone()
    };
    assert_eq!(page(), page());
}

#[test]
fn a_folder_as_output_is_refused_with_a_next_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path in UTF-8");
    let message = failure(&["man", "-o", path]);
    assert!(message.starts_with("fanchart: cannot write"), "{message}");
    assert!(
        message.contains("it is a folder; name a file in it"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1);
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("no/man.1");
    let message = failure(&["man", "-o", path.to_str().expect("a path in UTF-8")]);
    assert!(message.contains("there is no folder"), "{message}");
}

#[cfg(unix)]
#[test]
fn an_unwritable_folder_is_an_error_and_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("created");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("set");
    if fs::write(locked.join("probe"), "").is_ok() {
        // The superuser may write anywhere: there is no unwritable folder to test with.
        return;
    }
    let path = locked.join("man.1");
    let message = failure(&["man", "-o", path.to_str().expect("a path in UTF-8")]);
    assert!(message.contains("Permission denied"), "{message}");
    assert_eq!(fs::read_dir(&locked).expect("readable").count(), 0);
}

/// The whole program, help and version too: a reader that stops reading is no failure.
#[test]
fn a_closed_pipe_ends_quietly() {
    let lines: [&[&str]; 3] = [&["man"], &["completions", "bash"], &["--help"]];
    for args in lines {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = fanchart_into(writer, args);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{args:?}: {}",
            stderr(&output)
        );
        assert_eq!(stderr(&output), "", "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = || {
        fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full opens")
    };
    for args in [["man"], ["--help"], ["--version"]] {
        let output = fanchart_into(full(), &args);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        assert!(
            message.starts_with("fanchart: cannot write to standard output"),
            "{message}"
        );
        assert!(message.contains("No space left on device"), "{message}");
    }
}
