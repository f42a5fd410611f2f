//! Every size of window, and any sequence of keys, pointer and resizes: the explorer draws, and
//! its state stays sound.

mod support;

use std::sync::{Arc, LazyLock};

use crossterm::event::{
    Event as Input, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use fanchart::explorer::event::Event;
use fanchart::explorer::theme::{Background, Colors};
use fanchart::explorer::{Controls, Document, Headless, Options};
use fanchart::forecast::Fit;
use fanchart::sampler;
use fanchart::trace::SamplerStats;
use ndarray::s;
use proptest::prelude::*;
use ratatui::layout::Size;
use support::{CONVERGED, STUCK, fit};

/// Fits with every twentieth draw: what depends on the size of a window does not depend on how
/// many draws there are.
static FITS: LazyLock<[Fit; 2]> =
    LazyLock::new(|| [CONVERGED, STUCK].map(|path| thinned(fit(path))));

fn thinned(mut fit: Fit) -> Fit {
    for parameter in &mut fit.trace.parameters {
        parameter.draws = parameter.draws.slice(s![.., ..;20]).to_owned();
    }
    fit.trace.sampler = SamplerStats::default();
    fit
}

fn explorer(fit: &Fit, colors: Colors) -> Headless {
    let options = Options {
        controls: Controls::default(),
        colors,
        background: Some(Background::Dark),
    };
    let size = Size::new(80, 24);
    let mut explorer =
        Headless::new(fit, "demo", &options, size).expect("the model fits the trace");
    // What a window shows does not depend on how well a changed model was sampled.
    explorer.sampling = sampler::Options {
        chains: 2,
        tune: 50,
        draws: 100,
        ..sampler::Options::default()
    };
    explorer
}

/// What is on screen over or beside the forecast while sizes change.
const SITUATIONS: [&str; 16] = [
    "",
    "?<down><down>",
    "h12",
    "i",
    "t33.5<enter>",
    "t",
    "<enter>cp9",
    "h365<enter>e",
    "2<down><down>",
    "2g<down>",
    "3<down>",
    "4<down><down><down>",
    "4<end>w",
    "P<enter>",
    "P<enter>t33.5<enter>bl<right><right>,,,",
    "h365<enter>P?",
];

/// The screen has the window's size, and somewhere says something.
fn draws(explorer: &Headless) {
    let screen = explorer.draw();
    assert_eq!(screen.area, explorer.state.area());
    let empty = screen.content.iter().all(|cell| cell.symbol() == " ");
    assert!(
        !empty || screen.area.is_empty(),
        "nothing at {}",
        screen.area
    );
}

#[test]
fn every_small_size_draws() {
    for fit in FITS.iter() {
        for keys in SITUATIONS {
            let mut explorer = explorer(fit, Colors::True);
            explorer.press(keys);
            for width in 1..=60 {
                for height in 1..=20 {
                    explorer.resize(width, height);
                    draws(&explorer);
                }
            }
        }
    }
}

#[test]
fn sizes_up_to_a_wall_of_screens_draw() {
    for fit in FITS.iter() {
        for keys in SITUATIONS {
            let mut explorer = explorer(fit, Colors::True);
            explorer.press(keys);
            for width in [61, 79, 80, 99, 100, 140, 149, 150, 251, 400] {
                for height in [5, 6, 13, 14, 19, 20, 24, 50, 120] {
                    explorer.resize(width, height);
                    draws(&explorer);
                }
            }
        }
    }
}

#[test]
fn a_fit_that_failed_is_said_at_every_size_with_room_for_it() {
    let mut explorer = explorer(&FITS[1], Colors::True);
    for seen in ["", "<enter>", "P"] {
        explorer.press(seen);
        for (width, height) in [
            (16, 1),
            (24, 6),
            (40, 10),
            (60, 14),
            (80, 24),
            (120, 40),
            (400, 120),
        ] {
            explorer.resize(width, height);
            let screen = explorer.draw();
            let text: String = screen.content.iter().map(|cell| cell.symbol()).collect();
            assert!(
                text.to_lowercase().contains("do not trust"),
                "{width}x{height}: {text}"
            );
        }
    }
}

#[test]
fn absurd_thresholds_do_no_harm() {
    for value in ["1e308", "-1e308", "1.79e308", "-1.79e308", "1e-320", "0"] {
        let mut explorer = explorer(&FITS[0], Colors::True);
        explorer.press(&format!("t{value}<enter>"));
        assert_eq!(explorer.state.controls.threshold, value.parse().ok());
        sound(&explorer);
        draws(&explorer);
        explorer.press("t<up><down><enter>y");
        sound(&explorer);
        draws(&explorer);
    }
}

/// What holds of the state whatever happened.
fn sound(explorer: &Headless) {
    let state = &explorer.state;
    let controls = &state.controls;
    assert!((1..=3650).contains(&controls.horizon.steps()));
    assert!(0.0 < controls.interval.get() && controls.interval.get() < 1.0);
    assert!(controls.threshold.is_none_or(f64::is_finite));
    assert!(controls.paths <= 9);
    let (from, to) = state.window();
    assert!(
        from.is_finite() && to.is_finite() && from < to,
        "{from} {to}"
    );
    let cursor = state.cursor_position();
    assert!(0.0 <= cursor && cursor <= state.last_forecast(), "{cursor}");
    assert!(state.undo.len() <= 100);
    let typed = state.prompt.as_ref().map_or(0, |prompt| prompt.text.len());
    assert!(typed <= 400, "{typed}");
    // The figures on screen answer the question that the controls ask.
    let answered = state.figures.as_ref().map(|figures| figures.query.clone());
    assert_eq!(answered.as_ref(), state.asked.as_ref());
    assert_eq!(state.asked, Some(state.query()));
}

/// Something that can happen at any moment.
#[derive(Debug, Clone)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Mouse(MouseEventKind, u16, u16, KeyModifiers),
    Resize(u16, u16),
    Paste(String),
    Background(Background),
    /// The file was read again, with so many rows fewer.
    Loaded(usize),
    LoadFailed,
    Continued,
    Tick,
}

fn happen(explorer: &mut Headless, step: &Step) {
    let event = match step.clone() {
        Step::Key(code, modifiers) => Event::Terminal(Input::Key(KeyEvent::new(code, modifiers))),
        Step::Mouse(kind, column, row, modifiers) => Event::Terminal(Input::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers,
        })),
        Step::Resize(width, height) => Event::Terminal(Input::Resize(width, height)),
        Step::Paste(text) => Event::Terminal(Input::Paste(text)),
        Step::Background(background) => Event::Background(background),
        Step::Loaded(fewer) => {
            let mut document = Document::clone(&explorer.state.document);
            let rows = document.series.values.len().saturating_sub(fewer).max(1);
            document.series.values.truncate(rows);
            document.series.axis.positions.truncate(rows);
            Event::Loaded(Arc::new(document), explorer.state.recipe.clone())
        }
        Step::LoadFailed => Event::LoadFailed("kept what was there: no".into()),
        Step::Continued => Event::Continued,
        Step::Tick => Event::Tick,
    };
    explorer.handle(event);
}

fn a_key() -> impl Strategy<Value = Step> {
    let characters: Vec<char> = "hitpbcsue0+=-[],.yrm?q0123456789%eEPPl ".chars().collect();
    let named = [
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Backspace,
        KeyCode::End,
        KeyCode::Home,
        KeyCode::PageDown,
        KeyCode::PageUp,
        KeyCode::Tab,
        KeyCode::F(1),
    ];
    let code = prop_oneof![
        4 => prop::sample::select(characters).prop_map(KeyCode::Char),
        4 => prop::sample::select(named.to_vec()),
        1 => any::<char>().prop_map(KeyCode::Char),
    ];
    (code, modifiers()).prop_map(|(code, modifiers)| Step::Key(code, modifiers))
}

fn modifiers() -> impl Strategy<Value = KeyModifiers> {
    prop_oneof![
        6 => Just(KeyModifiers::NONE),
        1 => Just(KeyModifiers::SHIFT),
        1 => Just(KeyModifiers::CONTROL),
    ]
}

/// The pointer, mostly inside of a usual window.
fn the_pointer() -> impl Strategy<Value = Step> {
    use MouseEventKind::*;
    let left = MouseButton::Left;
    let kinds = [
        Down(left),
        Up(left),
        Drag(left),
        Drag(left),
        Moved,
        ScrollUp,
        ScrollDown,
        Down(MouseButton::Right),
        ScrollLeft,
    ];
    let coordinate = |most: u16| prop_oneof![9 => 0..most, 1 => any::<u16>()];
    (
        prop::sample::select(kinds.to_vec()),
        coordinate(140),
        coordinate(40),
        modifiers(),
    )
        .prop_map(|(kind, x, y, modifiers)| Step::Mouse(kind, x, y, modifiers))
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => a_key(),
        8 => the_pointer(),
        2 => a_size().prop_map(|(width, height)| Step::Resize(width, height)),
        1 => ".{0,40}".prop_map(Step::Paste),
        1 => Just(Step::Background(Background::Light)),
        1 => (0..400usize).prop_map(Step::Loaded),
        1 => Just(Step::LoadFailed),
        1 => Just(Step::Continued),
        2 => Just(Step::Tick),
    ]
}

fn a_size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        3 => (60..200u16, 14..60u16),
        2 => (0..60u16, 0..20u16),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_happens_does_harm(
        size in a_size(),
        failed: bool,
        colors in prop::sample::select(&[Colors::None, Colors::Sixteen, Colors::True][..]),
        steps in prop::collection::vec(a_step(), 1..60),
    ) {
        let mut explorer = explorer(&FITS[usize::from(failed)], colors);
        explorer.resize(size.0, size.1);
        for step in &steps {
            happen(&mut explorer, step);
            sound(&explorer);
            draws(&explorer);
        }
    }
}
