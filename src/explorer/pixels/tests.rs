use std::sync::mpsc::{self, Receiver};

use proptest::prelude::*;
use ratatui::layout::Size;
use ratatui::style::Color;

use super::super::action::Action;
use super::super::canvas::Ink;
use super::super::headless::Headless;
use super::super::layout::Layout;
use super::super::plot::Plot;
use super::super::state::View;
use super::super::update::act;
use super::super::views::forecast::chart_area;
use super::*;

const CELL: (u16, u16) = (9, 20);

/// A terminal that speaks kitty's protocol, and what happens to it.
fn pixels() -> (Pixels, Receiver<Event>) {
    let (events, inbox) = mpsc::channel();
    let pixels = Pixels {
        painter: Painter::start(events.clone()),
        protocol: Some(Protocol::Kitty),
        next: Next::Speaks(Protocol::Kitty),
        wanted: false,
        cell: Some(CELL),
        around: None,
        asked: None,
        picture: None,
        shown: false,
        stale: None,
        events,
    };
    (pixels, inbox)
}

/// Waits for the picture that is drawn.
fn painted(pixels: &mut Pixels, inbox: &Receiver<Event>) -> Arc<Picture> {
    match inbox.recv_timeout(Duration::from_secs(20)) {
        Ok(Event::Painted(picture)) => {
            pixels.painted(picture.clone());
            picture
        }
        other => panic!("{other:?}"),
    }
}

/// The demo under its picture, and the moment it came.
fn pictured() -> (Headless, Pixels, Receiver<Event>, Arc<Picture>, Instant) {
    let explorer = Headless::demo();
    let (mut pixels, inbox) = pixels();
    let now = Instant::now();
    assert!(
        pixels.over(&explorer.state, now).is_none(),
        "cells at first"
    );
    let first = painted(&mut pixels, &inbox);
    let over = pixels.over(&explorer.state, now).expect("a picture");
    assert!(Arc::ptr_eq(&over, &first));
    (explorer, pixels, inbox, first, now)
}

#[test]
fn a_picture_stays_until_the_next_one() {
    let (mut explorer, mut pixels, inbox, first, now) = pictured();
    explorer.press("<right>");
    let held = pixels.over(&explorer.state, now).expect("held");
    assert!(Arc::ptr_eq(&held, &first));
    let second = painted(&mut pixels, &inbox);
    let over = pixels
        .over(&explorer.state, now + HOLD * 2)
        .expect("the next");
    assert!(Arc::ptr_eq(&over, &second) && !Arc::ptr_eq(&over, &first));
    assert_ne!(
        first.number, second.number,
        "one is shown until the other is"
    );
}

#[test]
fn a_chart_that_goes_on_changing_goes_on_in_cells() {
    let (mut explorer, mut pixels, inbox, _, now) = pictured();
    explorer.press("<right>");
    assert!(pixels.over(&explorer.state, now).is_some());
    explorer.press("<right>");
    assert!(pixels.over(&explorer.state, now + HOLD / 2).is_some());
    explorer.press("<right>");
    assert!(pixels.over(&explorer.state, now + HOLD).is_none());
    // Once in cells, no older picture comes back.
    explorer.press("<right>");
    assert!(pixels.over(&explorer.state, now + HOLD).is_none());
    // The first two requests may have been drawn; the last one is.
    while pixels.over(&explorer.state, now + HOLD).is_none() {
        painted(&mut pixels, &inbox);
    }
}

#[test]
fn a_picture_of_what_is_shown_no_more_is_of_no_use() {
    let (mut explorer, mut pixels, _, first, now) = pictured();
    explorer.press("<right>");
    pixels.over(&explorer.state, now);
    pixels.picture = None;
    pixels.painted(first);
    assert!(pixels.picture.is_none());
}

#[test]
fn what_covers_the_chart_takes_the_picture_away_at_once() {
    for (keys, back) in [("?", "?"), ("g", "g"), ("2", "1")] {
        let (mut explorer, mut pixels, _, first, now) = pictured();
        explorer.press(keys);
        assert!(pixels.over(&explorer.state, now).is_none(), "{keys}");
        explorer.press(back);
        let over = pixels
            .over(&explorer.state, now)
            .expect("nothing to draw anew");
        assert!(Arc::ptr_eq(&over, &first), "{keys}");
    }
}

#[test]
fn another_place_takes_the_picture_away_at_once() {
    let (mut explorer, mut pixels, _, _, now) = pictured();
    explorer.state.size = Size::new(119, 36);
    assert!(pixels.over(&explorer.state, now).is_none());
    let (explorer, mut pixels, _, _, now) = pictured();
    pixels.cell = Some((10, 20));
    assert!(pixels.over(&explorer.state, now).is_none());
}

#[test]
fn where_prompts_cover_the_chart_it_is_in_cells() {
    let mut explorer = Headless::demo();
    explorer.state.size = Size::new(40, 10);
    assert_eq!(Subject::of(&explorer.state, CELL, None), None);
}

#[test]
fn everything_that_is_seen_makes_another_picture() {
    let explorer = Headless::demo();
    let subject = |state: &State| Subject::of(state, CELL, None).expect("a chart");
    let before = subject(&explorer.state);
    assert_eq!(before, subject(&explorer.state));
    for action in [
        Action::Zoom(1),
        Action::Pan(1),
        Action::Cursor(-1),
        Action::Chains,
        Action::Paths,
    ] {
        let mut state = explorer.state.clone();
        act(&mut state, action);
        assert_ne!(before, subject(&state), "{action:?}");
    }
    assert_ne!(
        before,
        Subject::of(&explorer.state, CELL, Some(Rgb(1, 2, 3))).expect("a chart")
    );
}

#[test]
fn a_fit_that_failed_is_hatched_until_that_was_read() {
    let mut explorer = Headless::failed();
    let hatched = |state: &State| {
        let subject = Subject::of(state, CELL, None).expect("a chart");
        subject.scene().trust.failure().is_some()
    };
    assert!(hatched(&explorer.state));
    act(&mut explorer.state, Action::Acknowledge);
    assert!(!hatched(&explorer.state));
}

#[test]
fn the_bands_have_the_colours_of_the_words_beside_them() {
    let mut explorer = Headless::demo();
    for (keys, bands) in [("", 3), ("i80%<enter>", 2), ("i50%<enter>", 1)] {
        explorer.press(keys);
        let inset = Subject::of(&explorer.state, CELL, None)
            .expect("a chart")
            .inset();
        let inks = explorer.state.theme.forecast_inks(bands);
        let beside: Vec<Ink> = inset
            .bands
            .iter()
            .map(|[r, g, b]| Ink::Solid(Color::Rgb(*r, *g, *b)))
            .collect();
        assert_eq!(beside, inks, "{keys}");
        assert_eq!(inset.backdrop.len(), bands, "{keys}");
    }
}

#[test]
fn the_answers_lead_to_a_protocol() {
    let (mut pixels, _inbox) = pixels();
    pixels.protocol = None;
    pixels.next = Next::Ask(Question::Name);
    pixels
        .answered(&Answer::Background(Rgb(1, 2, 3)))
        .expect("written");
    assert_eq!(pixels.around, Some(Rgb(1, 2, 3)));
    assert_eq!(pixels.next, Next::Ask(Question::Name), "not about pictures");
    pixels
        .answered(&Answer::Name("foot(1.16.2)".into()))
        .expect("written");
    assert_eq!(pixels.protocol, Some(Protocol::Sixel));
}

#[test]
fn only_who_asked_for_pictures_hears_what_came_of_it() {
    for (wanted, name, said) in [
        (true, "VTE(7600)", Some(NO_PICTURES)),
        (true, "foot(1.16.2)", Some("the chart is in pixels")),
        (false, "VTE(7600)", None),
        (false, "foot(1.16.2)", None),
    ] {
        let (mut pixels, inbox) = pixels();
        pixels.wanted = wanted;
        pixels.around = Some(Rgb(0, 0, 0));
        pixels
            .answered(&Answer::Name(name.into()))
            .expect("written");
        match inbox.try_recv() {
            Ok(Event::Said(text)) => assert_eq!(Some(text.as_str()), said, "{name}"),
            _ => assert_eq!(said, None, "{name}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_frame_of_the_curves_is_the_one_of_the_cells(
        width in 60u16..300, height in 14u16..100,
        cell in (4u16..40, 8u16..80), across in 0.0..1.0f64, up in 0.0..1.0f64,
    ) {
        let mut explorer = Headless::demo();
        explorer.state.size = Size::new(width, height);
        let state = &explorer.state;
        let area = chart_area(&Layout::of(state.area(), View::Forecast, false));
        let plot = Plot::of(state, area).expect("room for a chart");
        let inset = Subject::of(state, cell, None).expect("a chart").inset();
        prop_assert_eq!(inset.width, u32::from(area.width) * u32::from(cell.0));
        prop_assert_eq!(inset.height, u32::from(area.height) * u32::from(cell.1));

        // What the picture draws at a point of the data, the cells draw at the same pixel.
        let (from, to) = plot.window();
        let (low, high) = inset.values;
        let (at, value) = (from + across * (to - from), low + up * (high - low));
        let x = f64::from(inset.left) + across * f64::from(inset.right - inset.left);
        let y = f64::from(inset.bottom) - up * f64::from(inset.bottom - inset.top);
        let left = f64::from(plot.inner.x - area.x) + plot.column(at);
        let top = f64::from(plot.inner.y - area.y) + plot.row(value);
        prop_assert!((x - left * f64::from(cell.0)).abs() < 1e-6, "{} {}", x, left);
        prop_assert!((y - top * f64::from(cell.1)).abs() < 1e-6, "{} {}", y, top);
    }
}
