//! Files made to hurt a reader (`fixtures/hostile/make.py`): each ends at once,
//! in an error that says what it tried, or in a trace without what it tried.

use std::path::Path;

use fanchart::trace::{Limits, ReadOptions, Trace, TraceError};

fn open(name: &str) -> Result<Trace, TraceError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    Trace::open(&folder.join(format!("{name}.nc")), &ReadOptions::default())
}

fn problem(name: &str) -> String {
    open(name).unwrap_err().problem.to_string()
}

#[test]
fn links_in_circles_are_walked_once() {
    for name in ["hard_link_circle", "soft_link_to_parent"] {
        let trace = open(name).unwrap();
        assert_eq!((trace.chains(), trace.draws()), (2, 5), "{name}");
    }
    for name in [
        "hard_link_circle_old_format",
        "hard_links_fan_out",
        "soft_link_circle",
        "posterior_is_root",
        "deep",
    ] {
        assert!(problem(name).starts_with("no posterior group"), "{name}");
    }
}

#[test]
fn other_files_are_never_opened() {
    let elsewhere = "keeps its values in another file, which fanchart does not follow";
    for (name, place) in [
        ("external_link_group", "/posterior"),
        ("external_link_variable", "/posterior/a"),
        ("external_storage", "/posterior/a"),
    ] {
        let problem = problem(name);
        assert!(
            problem.starts_with(&format!("{place} {elsewhere}")),
            "{name}: {problem}"
        );
    }
    assert!(problem("virtual").contains("a virtual dataset"));
}

#[test]
fn sizes_that_are_claimed_are_not_allocated() {
    for name in [
        "claims_320_gigabytes",
        "claims_2_to_the_60",
        "claims_one_contiguous_terabyte",
        "chunk_larger_than_variable",
        "deflate_bomb",
    ] {
        let problem = problem(name);
        assert!(problem.starts_with("/posterior/a "), "{name}: {problem}");
        assert!(
            problem.contains("more than fanchart reads"),
            "{name}: {problem}"
        );
    }
    let trace = open("strings_share_one_long_text").unwrap();
    let series = trace.observed.unwrap();
    assert_eq!(series.values.len(), 2000);
    let notes = trace.origin.notes.join("\n");
    assert!(
        notes.contains("rows without labels: /observed_data/time asks for"),
        "{notes}"
    );
}

#[test]
fn values_that_were_never_written_are_not_made_up() {
    for name in ["chunk_missing", "never_written"] {
        let problem = problem(name);
        assert!(
            problem.starts_with("part of /posterior/a was never written"),
            "{problem}"
        );
    }
}

#[test]
fn names_cannot_reach_the_terminal() {
    let trace = open("odd_names").unwrap();
    let names: Vec<&str> = trace.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["sig\\u{202e}ma\\u{1b}[2J\\u{200b}", "plain"]);
    assert!(trace.origin.notes[0].contains("a name of 5000 characters"));
    assert!(
        problem("name_is_not_utf8")
            .ends_with("the file is damaged, or still being written; copy it again or refit")
    );
}

#[test]
fn a_file_may_list_only_so_much() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/trace.nc");
    let options = ReadOptions {
        limits: Limits {
            objects: 5,
            ..Limits::default()
        },
        ..ReadOptions::default()
    };
    let error = Trace::open(&path, &options).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("more than 5 groups and variables"),
        "{error}"
    );
}
