use super::*;
use crate::explorer::{Controls, Headless};

fn error(explorer: &Headless) -> Option<&str> {
    explorer.state.prompt.as_ref()?.error.as_deref()
}

#[test]
fn a_typed_horizon_is_taken_or_refused() {
    for (typed, expected) in [
        ("1", 1),
        ("90", 90),
        ("365", 365),
        ("3650", 3650),
        ("+7", 7),
    ] {
        let mut explorer = Headless::demo();
        explorer.press(&format!("h{typed}<enter>"));
        assert_eq!(explorer.state.prompt, None, "{typed}");
        assert_eq!(explorer.state.controls.horizon.steps(), expected, "{typed}");
    }
    for typed in [
        "0",
        "3651",
        "-1",
        "7.5",
        "1e3",
        "90%",
        "99999999999999999999",
    ] {
        let mut explorer = Headless::demo();
        explorer.press(&format!("h{typed}<enter>"));
        assert_eq!(
            error(&explorer),
            Some("a whole number from 1 to 3650"),
            "{typed}"
        );
        assert_eq!(explorer.state.controls, Controls::default());
    }
}

#[test]
fn a_typed_interval_is_taken_or_refused() {
    let taken = [
        ("0.5", "50%"),
        (".8", "80%"),
        ("99.5%", "99.5%"),
        ("80", "80%"),
        ("1%", "1%"),
        ("1.5", "1.5%"),
    ];
    for (typed, expected) in taken {
        let mut explorer = Headless::demo();
        explorer.press(&format!("i{typed}<enter>"));
        assert_eq!(
            explorer.state.controls.interval.percent(),
            expected,
            "{typed}"
        );
    }
    for typed in [
        "0", "1", "100", "100%", "0%", "-0.5", "-50", "150%", ".", "%",
    ] {
        let mut explorer = Headless::demo();
        explorer.press(&format!("i{typed}<enter>"));
        assert_eq!(
            error(&explorer),
            Some("strictly between 0 and 1, or 0% and 100%"),
            "{typed}"
        );
        assert_eq!(explorer.state.controls, Controls::default());
    }
}

#[test]
fn a_typed_threshold_is_taken_or_refused() {
    for (typed, expected) in [("33.5", 33.5), ("-2", -2.0), ("1e3", 1000.0)] {
        let mut explorer = Headless::demo();
        explorer.press(&format!("t{typed}<enter>"));
        assert_eq!(explorer.state.controls.threshold, Some(expected));
    }
    for typed in ["1e999", "-", "3%", "1.2.3"] {
        let mut explorer = Headless::demo();
        explorer.press(&format!("t{typed}<enter>"));
        assert_eq!(error(&explorer), Some("a number"), "{typed}");
    }
}

#[test]
fn an_error_goes_with_the_next_key_and_typing_goes_on() {
    let mut explorer = Headless::demo();
    explorer.press("h0<enter>");
    assert!(error(&explorer).is_some());
    explorer.press("<backspace>");
    assert_eq!(error(&explorer), None);
    explorer.press("45<enter>");
    assert_eq!(explorer.state.controls.horizon.steps(), 45);
}

#[test]
fn letters_are_not_typed_and_do_nothing_else() {
    let mut explorer = Headless::demo();
    explorer.press("hqbcs4x2<enter>");
    assert_eq!(explorer.state.controls.horizon.steps(), 42);
    assert_eq!(explorer.state.undo.len(), 1);
}

#[test]
fn arrows_move_the_value_at_once() {
    let mut explorer = Headless::demo();
    explorer.press("h<up><up><down>");
    assert_eq!(explorer.state.controls.horizon.steps(), 31);
    explorer.press("<enter>i<down><down>");
    assert_eq!(explorer.state.controls.interval.percent(), "92%");
    explorer.press("<enter>t");
    let placed = explorer.state.controls.threshold.expect("a threshold");
    explorer.press("<up>");
    let higher = explorer.state.controls.threshold.expect("a threshold");
    explorer.press("<down><down>");
    let lower = explorer.state.controls.threshold.expect("a threshold");
    assert!(lower < placed && placed < higher);
}

#[test]
fn all_that_happens_while_a_prompt_is_open_is_one_step_to_undo() {
    for keys in [
        "h<up><up><up><enter>",
        "h<up>90<enter>",
        "t<up><up><enter>",
        "i<up><down><down><enter>",
    ] {
        let mut explorer = Headless::demo();
        explorer.press(keys);
        assert_ne!(explorer.state.controls, Controls::default(), "{keys}");
        assert_eq!(explorer.state.undo, [Controls::default()], "{keys}");
    }
}

#[test]
fn escape_and_ctrl_c_take_everything_back_and_do_not_leave() {
    for open in ["h<up><up>9", "i<down>", "t<up><up>", "e"] {
        for cancel in ["<esc>", "<c-c>"] {
            let mut explorer = Headless::demo();
            explorer.press(open);
            assert_eq!(explorer.press(cancel), [], "{open}{cancel}");
            assert_eq!(explorer.state.prompt, None);
            assert_eq!(explorer.state.controls, Controls::default());
            assert!(explorer.state.undo.is_empty(), "{open}{cancel}");
        }
    }
}

#[test]
fn enter_without_anything_typed_keeps_what_is_there() {
    for keys in ["h<enter>", "i<enter>"] {
        let mut explorer = Headless::demo();
        explorer.press(keys);
        assert_eq!(
            (explorer.state.prompt, explorer.state.controls),
            (None, Controls::default())
        );
        assert!(explorer.state.undo.is_empty());
    }
}

#[test]
fn a_digit_says_how_many_paths_and_any_other_key_is_itself() {
    let mut explorer = Headless::demo();
    explorer.press("p");
    assert_eq!(explorer.state.controls.paths, 5);
    explorer.press("9");
    assert_eq!(
        (explorer.state.controls.paths, &explorer.state.prompt),
        (9, &None)
    );
    explorer.press("p<right>");
    assert_eq!(
        (explorer.state.controls.paths, &explorer.state.prompt),
        (0, &None)
    );
    assert_eq!(explorer.state.controls.horizon.steps(), 31);
    explorer.press("p0");
    assert_eq!(explorer.state.controls.paths, 0);
}

#[test]
fn an_export_of_nothing_known_asks_again() {
    let mut explorer = Headless::demo();
    assert_eq!(explorer.press("ex"), []);
    assert_eq!(error(&explorer), Some("c, j, s or p"));
    assert_eq!(explorer.press("j"), [Effect::Export(ExportFormat::Json)]);
    assert_eq!(explorer.state.prompt, None);
}

#[test]
fn a_paste_is_typed_as_far_as_it_is_a_number() {
    let mut state = Headless::demo().state;
    paste(&mut state, "77");
    assert_eq!(state.prompt, None, "nothing to paste into");
    state.prompt = Some(Prompt {
        kind: PromptKind::Horizon,
        text: "1".into(),
        error: None,
        before: state.controls,
        at: 0,
    });
    paste(&mut state, " 2\n3 days\x1b[31m ");
    assert_eq!(
        state.prompt.as_ref().map(|p| p.text.as_str()),
        Some("12331")
    );
    paste(&mut state, &"9".repeat(100));
    assert_eq!(state.prompt.as_ref().map(|p| p.text.len()), Some(LONGEST));
}
