//! What the main screens look like: symbols, and for a few of them their styles.
//!
//! A change shows in the snapshot; look at the screen itself (`fanchart`, or the pictures that
//! `fanchart screenshots` draws) before accepting it.

mod support;

use std::fmt::Write;
use std::sync::LazyLock;

use fanchart::explorer::event::Event;
use fanchart::explorer::theme::{Background, Colors};
use fanchart::explorer::{Controls, Headless, Options};
use fanchart::forecast::Fit;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};
use support::{CONVERGED, STUCK, fit};

static DEMO: LazyLock<Fit> = LazyLock::new(|| fit(CONVERGED));
static FAILED: LazyLock<Fit> = LazyLock::new(|| fit(STUCK));

const WIDE: (u16, u16) = (120, 36);

fn explorer(fit: &Fit, size: (u16, u16), colors: Colors, background: Background) -> Headless {
    let options = Options {
        controls: Controls::default(),
        colors,
        background: Some(background),
    };
    Headless::new(fit, "demo", &options, Size::from(size)).expect("the model fits the trace")
}

/// The demo on a dark ground after some keys.
fn demo(size: (u16, u16), keys: &str) -> Headless {
    let mut explorer = explorer(&DEMO, size, Colors::True, Background::Dark);
    explorer.press(keys);
    explorer
}

fn failed(size: (u16, u16), keys: &str) -> Headless {
    let mut explorer = explorer(&FAILED, size, Colors::True, Background::Dark);
    explorer.press(keys);
    explorer
}

fn rows(screen: &Buffer) -> impl Iterator<Item = &[Cell]> {
    screen.content.chunks(usize::from(screen.area.width))
}

/// The screen's rows, with a bar at their ends so that blanks there can be seen.
fn symbols(screen: &Buffer) -> String {
    let row = |row: &[Cell]| row.iter().map(Cell::symbol).collect::<String>() + "|\n";
    rows(screen).map(row).collect()
}

/// The symbols, and after each row where its styles are: columns, then foreground on background
/// and modifiers; what has no style is left out.
fn with_styles(screen: &Buffer) -> String {
    let mut text = symbols(screen);
    for (y, row) in rows(screen).enumerate() {
        let mut x = 0;
        let mut runs = String::new();
        for run in row.chunk_by(|a, b| a.style() == b.style()) {
            let (end, style) = (x + run.len(), style(&run[0]));
            if !style.is_empty() {
                write!(runs, " {x}..{end} {style};").expect("a string takes all");
            }
            x = end;
        }
        if !runs.is_empty() {
            writeln!(text, "{y}:{runs}").expect("a string takes all");
        }
    }
    text
}

fn style(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg));
    }
    if cell.modifier != Modifier::empty() {
        words.push(format!("{:?}", cell.modifier));
    }
    words.join(" ")
}

#[test]
fn first_screen_dark() {
    insta::assert_snapshot!(with_styles(&demo(WIDE, "").draw()));
}

#[test]
fn first_screen_sixteen_colours() {
    let screen = explorer(&DEMO, WIDE, Colors::Sixteen, Background::Dark).draw();
    insta::assert_snapshot!(with_styles(&screen));
}

#[test]
fn first_screen_without_colour() {
    let screen = explorer(&DEMO, WIDE, Colors::None, Background::Dark).draw();
    insta::assert_snapshot!(with_styles(&screen));
    let colourless = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
    assert!(screen.content.iter().all(colourless));
}

/// Light is dark in other colours: it says the same.
#[test]
fn first_screen_light() {
    let dark = demo(WIDE, "").draw();
    let light = explorer(&DEMO, WIDE, Colors::True, Background::Light).draw();
    insta::assert_snapshot!(with_styles(&light));
    // Which of two colours is a block's foreground may differ; words may not.
    let words = |screen: &Buffer| {
        let text = symbols(screen);
        text.chars()
            .filter(char::is_ascii_graphic)
            .collect::<String>()
    };
    assert_eq!(words(&dark), words(&light));
}

#[test]
fn small_screens() {
    insta::assert_snapshot!("80x24", symbols(&demo((80, 24), "").draw()));
    insta::assert_snapshot!("40x10", symbols(&demo((40, 10), "").draw()));
    insta::assert_snapshot!("20x3", symbols(&demo((20, 3), "").draw()));
    insta::assert_snapshot!("failed_80x24", symbols(&failed((80, 24), "").draw()));
    insta::assert_snapshot!("failed_40x10", symbols(&failed((40, 10), "").draw()));
    insta::assert_snapshot!("failed_20x3", symbols(&failed((20, 3), "").draw()));
}

#[test]
fn a_failed_fit_before_and_after_it_was_seen() {
    insta::assert_snapshot!("failed_fit", symbols(&failed(WIDE, "").draw()));
    insta::assert_snapshot!("failed_fit_seen", symbols(&failed(WIDE, "<enter>").draw()));
}

/// Until the person has said that they saw it, no cell has the colours of a fan to be trusted.
#[test]
fn a_failed_fit_is_not_drawn_in_calm_colours() {
    let calm = explorer(&DEMO, WIDE, Colors::True, Background::Dark)
        .state
        .theme
        .forecast_inks(3);
    let is_calm = |color: Color| {
        calm.iter()
            .any(|ink| matches!(ink, fanchart::explorer::canvas::Ink::Solid(c) if *c == color))
    };
    let calm_cells = |screen: &Buffer| {
        screen
            .content
            .iter()
            .filter(|cell| is_calm(cell.fg) || is_calm(cell.bg))
            .count()
    };
    assert_eq!(calm_cells(&failed(WIDE, "").draw()), 0);
    assert!(calm_cells(&failed(WIDE, "<enter>").draw()) > 100);
    assert!(calm_cells(&demo(WIDE, "").draw()) > 100);
}

#[test]
fn help() {
    insta::assert_snapshot!("help_wide", symbols(&demo((150, 40), "?").draw()));
    insta::assert_snapshot!(
        "help_narrow",
        symbols(&demo((60, 20), "?<down><down>").draw())
    );
}

#[test]
fn a_threshold_being_placed() {
    insta::assert_snapshot!(symbols(&demo(WIDE, "t33.5").draw()));
}

#[test]
fn the_band_of_the_mean() {
    insta::assert_snapshot!(symbols(&demo(WIDE, "b").draw()));
}

#[test]
fn paths_and_chains() {
    insta::assert_snapshot!("paths", symbols(&demo(WIDE, "h14<enter>p4").draw()));
    insta::assert_snapshot!("chains", symbols(&failed(WIDE, "<enter>c").draw()));
}

#[test]
fn zoomed_and_panned() {
    insta::assert_snapshot!(symbols(&demo(WIDE, "+++[[,,,").draw()));
}

#[test]
fn a_year() {
    insta::assert_snapshot!(symbols(&demo(WIDE, "h365<enter>").draw()));
}

#[test]
fn draws_of_a_parameter() {
    insta::assert_snapshot!("diagnostics", with_styles(&demo(WIDE, "2<down>").draw()));
    let stuck = failed(WIDE, "2<down><down><down>").draw();
    insta::assert_snapshot!("diagnostics_failed", symbols(&stuck));
    let plain = {
        let mut explorer = explorer(&FAILED, WIDE, Colors::None, Background::Dark);
        explorer.press("2");
        explorer.draw()
    };
    insta::assert_snapshot!("diagnostics_without_colour", symbols(&plain));
    for (width, height) in [(160, 50), (80, 24), (40, 10), (20, 3)] {
        let screen = demo((width, height), "2").draw();
        insta::assert_snapshot!(format!("diagnostics_{width}x{height}"), symbols(&screen));
    }
}

#[test]
fn glossary() {
    insta::assert_snapshot!("glossary_wide", symbols(&demo((120, 60), "g").draw()));
    insta::assert_snapshot!(
        "glossary_narrow",
        symbols(&demo((40, 12), "g<down>").draw())
    );
}

#[test]
fn the_model_beside_its_posterior() {
    insta::assert_snapshot!(
        "model",
        with_styles(&demo(WIDE, "4<down><down><down>").draw())
    );
    insta::assert_snapshot!("model_mean", symbols(&demo(WIDE, "4").draw()));
    insta::assert_snapshot!(
        "model_edited",
        symbols(&demo(WIDE, "4<down><down><enter>").draw())
    );
    for (width, height) in [(80, 24), (40, 10), (20, 3)] {
        let screen = demo((width, height), "4<down><down>").draw();
        insta::assert_snapshot!(format!("model_{width}x{height}"), symbols(&screen));
    }
}

#[test]
fn a_presentation() {
    let keys = "Pt33.5<enter><right><right> ";
    insta::assert_snapshot!("present", with_styles(&demo(WIDE, keys).draw()));
    insta::assert_snapshot!(
        "present_paused",
        symbols(&demo(WIDE, "Pl <right>,,").draw())
    );
    insta::assert_snapshot!("present_mean", symbols(&demo(WIDE, "Pb<up>").draw()));
    insta::assert_snapshot!("present_year", symbols(&demo(WIDE, "h365<enter>P").draw()));
    let plain = {
        let mut explorer = explorer(&DEMO, WIDE, Colors::None, Background::Dark);
        explorer.press(keys);
        explorer.draw()
    };
    insta::assert_snapshot!("present_without_colour", symbols(&plain));
    for (width, height) in [(200, 60), (80, 24), (40, 10), (20, 3)] {
        let screen = demo((width, height), keys).draw();
        insta::assert_snapshot!(format!("present_{width}x{height}"), symbols(&screen));
    }
    insta::assert_snapshot!("present_failed", symbols(&failed(WIDE, "P").draw()));
    let seen = failed(WIDE, "P<enter>").draw();
    insta::assert_snapshot!("present_failed_seen", symbols(&seen));
}

/// After a few futures there is nothing on screen but the presentation; a pause is said.
#[test]
fn hints_of_a_presentation_go_away() {
    let mut explorer = demo(WIDE, "P");
    let last_rows = |explorer: &Headless| {
        let text = symbols(&explorer.draw());
        text.lines().rev().take(2).collect::<String>()
    };
    assert!(last_rows(&explorer).contains("Space pause"));
    for _ in 0..10 {
        explorer.handle(Event::Tick);
    }
    assert!(!last_rows(&explorer).contains("Space"));
    explorer.press(" ");
    assert!(last_rows(&explorer).contains("paused at future 11 of 40"));
}

/// The number of dots above a threshold is the one in the words beside and below them.
#[test]
fn dots_are_as_many_as_the_words_say() {
    for threshold in ["31", "32", "32.6", "33", "33.5", "34", "34.4"] {
        let mut explorer = demo(WIDE, &format!("Pt{threshold}<enter>"));
        let mut counts = Vec::new();
        for _ in 0..7 {
            let screen = explorer.draw();
            let text = symbols(&screen);
            let orange = explorer.state.theme.threshold;
            let is_dot = |cell: &&Cell| "●◆".contains(cell.symbol()) && cell.fg == orange;
            let dots = screen.content.iter().filter(is_dot).count();
            let caption = format!("{dots} of 20 above {threshold}");
            let sentence = format!("In about {dots} of 20 it is above {threshold}.");
            if text.contains(" of 20 above") {
                assert!(text.contains(&caption), "{caption}: {text}");
                assert!(text.contains(&sentence), "{sentence}: {text}");
                counts.push(dots);
            } else {
                assert!(dots == 0 || dots == 20, "{text}");
            }
            explorer.press(",");
        }
        assert!(!counts.is_empty(), "{threshold}");
    }
}
