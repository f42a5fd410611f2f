use proptest::prelude::*;

use super::*;
use crate::explorer::Headless;
use crate::explorer::action::{BINDINGS, Key};
use crate::explorer::event::ExportFormat;
use crate::explorer::state::Document;
use crate::explorer::theme::Background;

fn steps(explorer: &Headless) -> usize {
    explorer.state.controls.horizon.steps()
}

fn percent(explorer: &Headless) -> String {
    explorer.state.controls.interval.percent()
}

/// What a key can change, but for what follows from it.
fn settings(state: &State) -> String {
    let State {
        controls,
        viewport,
        cursor,
        failure_seen,
        prompt,
        overlay,
        notice,
        mouse,
        view,
        parameter,
        check,
        line,
        recipe,
        present,
        ..
    } = state;
    format!(
        "{controls:?} {viewport:?} {cursor:?} {failure_seen} {prompt:?} {overlay:?} {notice:?} \
         {mouse} {view:?} {parameter} {check:?} {line} {present:?} {}",
        recipe.training
    )
}

#[test]
fn every_key_of_the_table_does_something() {
    // Something to undo, to reset, to acknowledge; away from every limit.
    let mut start = Headless::failed();
    start.press("<right>+,2<down>3<down>4<down>");
    start.state.recipe = start.state.recipe.with_training(300);
    for binding in BINDINGS {
        for view in binding.group.views {
            start.state.view = *view;
            for (key, action) in binding.keys {
                // What is shown already, and a parameter that is shown already.
                let idle = *action == Action::View(*view)
                    || (*action, *view) == (Action::OpenParameter, View::Diagnostics);
                if !idle {
                    does_something(&start, *key, *action);
                }
            }
        }
    }
}

fn does_something(start: &Headless, key: Key, action: Action) {
    let mut state = start.state.clone();
    let before = settings(&state);
    let event = Event::Terminal(Input::Key(KeyEvent::new(key.code, key.modifiers)));
    let effects = update(&mut state, event);
    assert!(
        settings(&state) != before || !effects.is_empty(),
        "{action:?} in {:?}",
        start.state.view
    );
}

#[test]
fn arrows_move_the_horizon_within_its_limits() {
    let mut explorer = Headless::demo();
    for (keys, expected) in [
        ("<right>", 31),
        ("<s-right>", 38),
        ("<left>", 37),
        ("<s-left><s-left>", 23),
        ("<s-left><s-left><s-left><s-left>", 1),
        ("<left>", 1),
        ("h364<enter><right><right>", 365),
        // Beyond on request: it may shrink from there, not grow.
        ("h1000<enter><right>", 1000),
        ("<left>", 999),
    ] {
        explorer.press(keys);
        assert_eq!(steps(&explorer), expected, "{keys}");
    }
}

#[test]
fn arrows_move_the_interval_by_points_and_finely_near_the_whole() {
    let mut explorer = Headless::demo();
    for expected in [
        "95%", "96%", "97%", "98%", "99%", "99.5%", "99.9%", "99.95%", "99.99%", "99.99%",
    ] {
        explorer.press("<up>");
        assert_eq!(percent(&explorer), expected);
    }
    for expected in ["99.95%", "99.9%", "99.5%", "99%", "98%"] {
        explorer.press("<down>");
        assert_eq!(percent(&explorer), expected);
    }
    explorer.press("i1.5%<enter><down><down>");
    assert_eq!(percent(&explorer), "1%");
    explorer.press("i93.7%<enter><up>");
    assert_eq!(percent(&explorer), "94%");
}

proptest! {
    #[test]
    fn a_step_up_is_never_narrower_and_a_step_down_never_wider(p in 1e-6..0.999999f64, by in 1i32..20) {
        let interval = Probability::new(p).expect("within 0 and 1");
        prop_assert!(stepped(interval, by) >= interval);
        prop_assert!(stepped(interval, -by) <= interval);
    }
}

#[test]
fn undo_takes_back_one_change_after_another() {
    let mut explorer = Headless::demo();
    let mut seen = vec![explorer.state.controls];
    for keys in [
        "<right>",
        "<up>",
        "b",
        "c",
        "s",
        "p<end>",
        "h90<enter>",
        "i50%<enter>",
        "t33<enter>",
        "t",
    ] {
        explorer.press(keys);
        seen.push(explorer.state.controls);
        assert_ne!(seen[seen.len() - 2], seen[seen.len() - 1], "{keys}");
    }
    for expected in seen.iter().rev().skip(1) {
        explorer.press("u");
        assert_eq!(explorer.state.controls, *expected);
    }
    explorer.press("u");
    assert_eq!(
        explorer.state.notice.as_ref().map(|n| n.text.as_str()),
        Some("nothing to undo")
    );
}

#[test]
fn the_last_hundred_changes_can_be_taken_back() {
    let mut explorer = Headless::demo();
    let mut state = explorer.state.clone();
    for _ in 0..130 {
        act(&mut state, Action::Horizon(1));
    }
    assert_eq!(state.undo.len(), UNDO);
    explorer.state = state;
    for _ in 0..UNDO {
        explorer.press("u");
    }
    assert_eq!(steps(&explorer), 60);
    assert!(explorer.state.undo.is_empty());
}

#[test]
fn layers_switch_on_and_off() {
    let mut explorer = Headless::demo();
    explorer.press("bc");
    assert_eq!(explorer.state.controls.distribution, Distribution::Mean);
    assert!(explorer.state.controls.chains);
    explorer.press("bc");
    assert_eq!(
        explorer.state.controls.distribution,
        Distribution::Predictive
    );
    assert!(!explorer.state.controls.chains);
    explorer.press("t<enter>");
    let figures = explorer.state.figures.clone().expect("figures");
    let (mean, upper) = (
        figures.forecast.mean[29],
        figures.forecast.bands[0].upper[29],
    );
    let threshold = explorer.state.controls.threshold.expect("a threshold");
    assert!(
        mean < threshold && threshold < upper,
        "{mean} {threshold} {upper}"
    );
    assert_eq!(figures.above.as_ref().map(Vec::len), Some(30));
    explorer.press("t");
    assert_eq!(explorer.state.controls.threshold, None);
    explorer.press("s");
    assert_eq!(explorer.state.controls.seed, 1);
}

#[test]
fn keys_with_effects_ask_for_them() {
    let mut explorer = Headless::demo();
    for (keys, effect) in [
        ("m", Effect::Mouse(false)),
        ("m", Effect::Mouse(true)),
        ("<c-l>", Effect::Redraw),
        ("<c-z>", Effect::Suspend),
        ("ec", Effect::Export(ExportFormat::Csv)),
        ("ej", Effect::Export(ExportFormat::Json)),
        ("es", Effect::Export(ExportFormat::Svg)),
        ("ep", Effect::Export(ExportFormat::Png)),
        ("r", Effect::Reload),
        ("q", Effect::Quit),
        ("<esc>", Effect::Quit),
        ("<c-c>", Effect::Quit),
    ] {
        assert_eq!(explorer.press(keys), [effect], "{keys}");
    }
    let effects = explorer.press("y");
    let [Effect::Copy(text)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert!(text.starts_with("day 394: mean 32.7"), "{text}");
}

#[test]
fn the_demo_has_nothing_to_read_again() {
    let mut explorer = Headless::demo();
    let mut document = Document::clone(&explorer.state.document);
    document.path = None;
    explorer.state.document = Arc::new(document);
    assert_eq!(explorer.press("r"), []);
    assert!(
        explorer
            .state
            .notice
            .as_ref()
            .is_some_and(|n| n.text.contains("built in"))
    );
}

#[test]
fn enter_acknowledges_a_fit_that_failed_and_nothing_else() {
    let mut explorer = Headless::failed();
    assert!(explorer.state.unread_failure());
    explorer.press("<enter>");
    assert!(!explorer.state.unread_failure() && explorer.state.failed());
    let mut explorer = Headless::demo();
    explorer.press("<enter>");
    assert!(!explorer.state.failure_seen);
}

#[test]
fn help_takes_the_keys_until_it_is_closed() {
    let mut explorer = Headless::demo();
    explorer.resize(80, 12);
    for close in ["<esc>", "?", "q", "<enter>"] {
        explorer.press("?<down><down><up><pagedown><right>b");
        assert_eq!(explorer.state.overlay.map(|o| o.scroll), Some(11));
        assert_eq!(explorer.press(close), [], "{close}");
        assert_eq!(explorer.state.overlay, None, "{close}");
    }
    assert_eq!(explorer.state.controls, Controls::default());
    // Scrolling ends with the text, so that one key comes back from there.
    explorer.press("?<end>");
    let last = explorer.state.overlay;
    explorer.press("<down>");
    assert_eq!(explorer.state.overlay, last);
    explorer.press("<esc>?");
    assert_eq!(explorer.press("<c-c>"), [Effect::Quit]);
}

#[test]
fn only_another_question_is_asked() {
    let mut state = Headless::demo().state;
    let mut press = |key: char| {
        let key = KeyEvent::from(KeyCode::Char(key));
        let effects = update(&mut state, Event::Terminal(Input::Key(key)));
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Compute(_)))
    };
    // The read-out, layers and help show what is known already.
    for key in [',', 'c', '?', '?'] {
        assert!(!press(key), "{key}");
    }
    for key in ['b', 's', '+', '['] {
        assert!(press(key), "{key}");
    }
}

#[test]
fn a_file_read_again_keeps_what_was_set_and_forgets_what_was_known() {
    let mut state = Headless::failed().state;
    act(&mut state, Action::Acknowledge);
    act(&mut state, Action::Horizon(10));
    let document = state.document.clone();
    let effects = {
        let recipe = state.recipe.clone();
        update(&mut state, Event::Loaded(document, recipe))
    };
    assert_eq!(state.controls.horizon.steps(), 40);
    assert!(state.figures.is_none() && state.report.is_none() && !state.failure_seen);
    assert!(
        matches!(effects.as_slice(), [Effect::Compute(_)]),
        "{effects:?}"
    );
    assert_eq!(
        state
            .notice
            .map(|n| (n.text.contains("was read again"), n.problem)),
        Some((true, false))
    );
}

#[test]
fn a_file_that_cannot_be_read_again_changes_nothing_but_says_why() {
    let mut state = Headless::demo().state;
    let effects = update(
        &mut state,
        Event::LoadFailed("kept the old trace: no".into()),
    );
    assert_eq!(effects, []);
    assert!(state.figures.is_some() && state.report.is_some());
    assert!(
        state
            .notice
            .as_ref()
            .is_some_and(|n| n.problem && n.text.contains("kept the old trace"))
    );
    // What happened is said until the next key.
    act(&mut state, Action::Cursor(-1));
    assert!(state.notice.is_some());
    update(
        &mut state,
        Event::Terminal(Input::Key(KeyEvent::from(KeyCode::Char(',')))),
    );
    assert_eq!(state.notice, None);
}

#[test]
fn what_comes_from_outside() {
    let mut state = Headless::demo().state;
    assert_eq!(update(&mut state, Event::Terminate), [Effect::Quit]);
    assert_eq!(update(&mut state, Event::Continued), [Effect::Redraw]);
    let colors = state.theme.colors;
    assert_eq!(update(&mut state, Event::Background(Background::Light)), []);
    assert_eq!(
        (state.theme.background, state.theme.colors),
        (Background::Light, colors)
    );
    update(&mut state, Event::Exported(Ok("a.csv".into())));
    assert_eq!(
        state.notice.as_ref().map(|n| n.text.as_str()),
        Some("written: a.csv")
    );
}

#[test]
fn a_report_about_a_file_that_was_replaced_is_not_taken() {
    let mut explorer = Headless::demo();
    let (before, report) = (
        explorer.state.document.clone(),
        explorer.state.report.clone().expect("a report"),
    );
    let again = std::sync::Arc::new((*before).clone());
    let recipe = explorer.state.recipe.clone();
    explorer.handle(Event::Loaded(again.clone(), recipe));
    explorer.handle(Event::Checked(before, report.clone()));
    assert!(explorer.state.report.is_none());
    explorer.handle(Event::Checked(again, report));
    assert!(explorer.state.report.is_some());
}

#[test]
fn views_follow_each_other_and_have_their_numbers() {
    let mut explorer = Headless::demo();
    for (keys, view) in [
        ("<tab>", View::Diagnostics),
        ("<tab>", View::Checks),
        ("<tab>", View::Model),
        ("<tab>", View::Forecast),
        ("<s-tab>", View::Model),
        ("2", View::Diagnostics),
        ("<esc>", View::Forecast),
        ("3", View::Checks),
        ("1", View::Forecast),
    ] {
        assert_eq!(explorer.press(keys), [], "{keys}");
        assert_eq!(explorer.state.view, view, "{keys}");
    }
    assert_eq!(explorer.press("2q"), [Effect::Quit]);
}

#[test]
fn the_glossary_and_help_give_way_to_each_other() {
    let mut explorer = Headless::demo();
    let sheet = |explorer: &Headless| explorer.state.overlay.map(|overlay| overlay.sheet);
    for (keys, shown) in [
        ("g", Some(Sheet::Glossary)),
        ("?", Some(Sheet::Help)),
        ("g", Some(Sheet::Glossary)),
        ("g", None),
    ] {
        explorer.press(keys);
        assert_eq!(sheet(&explorer), shown, "{keys}");
    }
}

#[test]
fn a_portrait_of_another_document_is_not_shown() {
    let mut explorer = Headless::demo();
    explorer.press("2");
    let (of, portrait) = explorer.state.portrait.clone().unwrap();
    let before = explorer.state.document.clone();
    let recipe = explorer.state.recipe.clone();
    explorer.handle(Event::Loaded(Arc::new((*before).clone()), recipe));
    assert!(explorer.state.portrait.is_none());
    explorer.handle(Event::Portrayed(before, of, portrait));
    assert!(explorer.state.portrait.is_none());
}
