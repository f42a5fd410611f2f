//! What the view of the checks looks like, each check chosen in turn, and that every figure draws
//! at any size.

mod support;

use std::f64::consts::PI;
use std::sync::LazyLock;

use fanchart::diagnostics::Thresholds;
use fanchart::explorer::theme::{Background, Colors};
use fanchart::explorer::{Controls, Headless, Options};
use fanchart::forecast::Fit;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size;
use ratatui::style::Color;
use support::{CONVERGED, STUCK, fit};

static DEMO: LazyLock<Fit> = LazyLock::new(|| fit(CONVERGED));
static FAILED: LazyLock<Fit> = LazyLock::new(|| fit(STUCK));
/// The demo's posterior beside other data: with a cycle of 12 days and two outliers.
static MISSED: LazyLock<Fit> = LazyLock::new(|| {
    let mut fit = fit(CONVERGED);
    for (t, value) in fit.series.values.iter_mut().enumerate() {
        *value += 0.8 * (2.0 * PI * t as f64 / 12.0).sin();
    }
    fit.series.values[200] -= 9.0;
    fit.series.values[90] += 7.5;
    fit
});

const WIDE: (u16, u16) = (120, 36);

fn explorer(fit: &Fit, size: (u16, u16), colors: Colors) -> Headless {
    let options = Options {
        controls: Controls::default(),
        colors,
        background: Some(Background::Dark),
    };
    let mut explorer =
        Headless::new(fit, "demo", &options, Size::from(size)).expect("the model fits the trace");
    explorer.press("3");
    explorer
}

/// The view with all checks done.
fn checked(fit: &Fit, size: (u16, u16)) -> Headless {
    let mut explorer = explorer(fit, size, Colors::True);
    explorer.check_against_data(fit);
    explorer
}

/// The screen's rows, with a bar at their ends so that blanks there can be seen.
fn symbols(screen: &Buffer) -> String {
    let row = |row: &[Cell]| row.iter().map(Cell::symbol).collect::<String>() + "|\n";
    let width = usize::from(screen.area.width);
    screen.content.chunks(width).map(row).collect()
}

/// Walks down the list; what is on screen at each check.
fn walk(explorer: &mut Headless, mut at: impl FnMut(&str, &Headless)) {
    for _ in Thresholds::NAMES {
        let name = explorer.state.chosen_check().expect("checks").name;
        at(name, explorer);
        explorer.press("<down>");
    }
}

#[test]
fn each_check_of_a_good_fit() {
    let mut seen = Vec::new();
    walk(&mut checked(&DEMO, WIDE), |name, explorer| {
        insta::assert_snapshot!(format!("good_{name}"), symbols(&explorer.draw()));
        seen.push(name.to_owned());
    });
    seen.sort_unstable();
    let mut all = Thresholds::NAMES;
    all.sort_unstable();
    assert_eq!(seen, all);
}

#[test]
fn each_check_of_a_failed_fit() {
    walk(&mut checked(&FAILED, WIDE), |name, explorer| {
        if !["energy", "tree_depth", "residuals"].contains(&name) {
            insta::assert_snapshot!(format!("failed_{name}"), symbols(&explorer.draw()));
        }
    });
}

#[test]
fn warnings_of_a_model_that_misses_something() {
    walk(&mut checked(&MISSED, WIDE), |name, explorer| {
        if ["residuals", "spread", "extremes", "influence"].contains(&name) {
            insta::assert_snapshot!(format!("missed_{name}"), symbols(&explorer.draw()));
        }
    });
}

#[test]
fn small_windows() {
    for (width, height) in [(100, 30), (80, 24), (40, 10), (20, 3)] {
        let small = checked(&MISSED, (width, height));
        insta::assert_snapshot!(format!("missed_{width}x{height}"), symbols(&small.draw()));
        let failed = checked(&FAILED, (width, height));
        insta::assert_snapshot!(format!("failed_{width}x{height}"), symbols(&failed.draw()));
    }
}

#[test]
fn before_the_comparison_with_the_data_and_without_one() {
    let waiting = symbols(&explorer(&DEMO, WIDE, Colors::True).draw());
    assert!(waiting.contains("comparing with the data …"), "{waiting}");

    let mut few = fit(CONVERGED);
    few.series.values[19..].fill(f64::NAN);
    let mut explorer = checked(&few, WIDE);
    walk(&mut explorer, |name, explorer| {
        if name == "residuals" {
            let screen = symbols(&explorer.draw());
            assert!(screen.contains("residuals not judged"), "{screen}");
            assert!(screen.contains("19 observations are too few"), "{screen}");
            assert!(screen.contains("✔ this fit can be trusted"), "{screen}");
        }
    });
    // The forecast's panel has no room for what says nothing.
    explorer.press("1");
    let panel = symbols(&explorer.draw());
    assert!(!panel.contains("too few"), "{panel}");
}

#[test]
fn without_colour_nothing_is_coloured() {
    let mut explorer = explorer(&MISSED, WIDE, Colors::None);
    explorer.check_against_data(&MISSED);
    walk(&mut explorer, |name, explorer| {
        let screen = explorer.draw();
        let colourless = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(screen.content.iter().all(colourless), "{name}");
        if name == "residuals" || name == "spread" {
            insta::assert_snapshot!(format!("colourless_{name}"), symbols(&screen));
        }
    });
}

#[test]
fn every_figure_draws_at_any_size() {
    for fit in [&DEMO, &FAILED, &MISSED] {
        let mut explorer = checked(fit, WIDE);
        for _ in Thresholds::NAMES {
            for width in (1..60)
                .step_by(7)
                .chain([60, 61, 79, 99, 100, 101, 137, 400])
            {
                for height in (1..30).chain([36, 50, 120]) {
                    explorer.resize(width, height);
                    let screen = explorer.draw();
                    let empty = screen.content.iter().all(|cell| cell.symbol() == " ");
                    assert!(!empty, "nothing at {width}x{height}");
                }
            }
            explorer.press("<down>");
        }
    }
}
