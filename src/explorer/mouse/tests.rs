use crossterm::event::Event as Input;
use ratatui::buffer::Cell;

use super::*;
use crate::explorer::event::Event;
use crate::explorer::{Controls, Headless};

const LEFT: MouseButton = MouseButton::Left;

/// Does something with the pointer at a cell.
fn pointer(explorer: &mut Headless, kind: MouseEventKind, (column, row): (u16, u16)) {
    with(explorer, kind, (column, row), KeyModifiers::NONE);
}

fn with(explorer: &mut Headless, kind: MouseEventKind, at: (u16, u16), modifiers: KeyModifiers) {
    let event = MouseEvent {
        kind,
        column: at.0,
        row: at.1,
        modifiers,
    };
    explorer.handle(Event::Terminal(Input::Mouse(event)));
}

fn click(explorer: &mut Headless, at: (u16, u16)) {
    pointer(explorer, MouseEventKind::Down(LEFT), at);
    pointer(explorer, MouseEventKind::Up(LEFT), at);
}

/// Presses at a cell and moves over others before letting go.
fn drag_over(explorer: &mut Headless, from: (u16, u16), over: &[(u16, u16)]) {
    pointer(explorer, MouseEventKind::Down(LEFT), from);
    for at in over {
        pointer(explorer, MouseEventKind::Drag(LEFT), *at);
    }
    pointer(
        explorer,
        MouseEventKind::Up(LEFT),
        *over.last().unwrap_or(&from),
    );
}

/// Where a text stands on screen.
fn find(explorer: &Headless, text: &str) -> (u16, u16) {
    let screen = explorer.draw();
    let rows = screen.content.chunks(usize::from(screen.area.width));
    let found = rows.enumerate().find_map(|(y, row)| {
        let line: String = row.iter().map(Cell::symbol).collect();
        let x = line[..line.find(text)?].chars().count();
        Some((x as u16, y as u16))
    });
    found.unwrap_or_else(|| panic!("{text} is not on screen"))
}

/// The field right of a label, some cells on.
fn field(explorer: &Headless, label: &str, cells: u16) -> (u16, u16) {
    let (x, y) = find(explorer, label);
    (x + label.chars().count() as u16 + cells, y)
}

/// A cell of the chart by position and value.
fn cell(explorer: &Headless, position: f64, value: f64) -> (u16, u16) {
    let plot = plot(&explorer.state).expect("a chart");
    let (column, row) = (plot.column(position).floor(), plot.row(value).floor());
    (plot.inner.x + column as u16, plot.inner.y + row as u16)
}

fn steps(explorer: &Headless) -> usize {
    explorer.state.controls.horizon.steps()
}

fn percent(explorer: &Headless) -> String {
    explorer.state.controls.interval.percent()
}

#[test]
fn the_read_out_follows_the_pointer_over_the_chart_alone() {
    let mut explorer = Headless::demo();
    let at = cell(&explorer, 380.0, 30.0);
    pointer(&mut explorer, MouseEventKind::Moved, at);
    assert!((explorer.state.cursor_position() - 380.0).abs() <= 1.0);
    let before = explorer.state.cursor;
    pointer(&mut explorer, MouseEventKind::Moved, (0, 0));
    assert_eq!(explorer.state.cursor, before);
}

#[test]
fn a_drag_moves_the_chart_and_is_nothing_to_undo() {
    let mut explorer = Headless::demo();
    let (from, to) = explorer.state.window();
    let (x, y) = cell(&explorer, 350.0, 24.0);
    drag_over(&mut explorer, (x, y), &[(x + 3, y), (x + 10, y)]);
    let (new_from, new_to) = explorer.state.window();
    let a_column = plot(&explorer.state).expect("a chart").steps_per_column();
    assert!((from - new_from - 10.0 * a_column).abs() < 1e-9);
    assert!((to - new_to - 10.0 * a_column).abs() < 1e-9);
    assert!(explorer.state.undo.is_empty() && explorer.state.drag.is_none());
}

#[test]
fn a_drag_of_the_forecast_s_end_changes_the_horizon_in_one_step_of_undo() {
    let mut explorer = Headless::demo();
    let end = explorer.state.last_forecast();
    let (x, y) = cell(&explorer, end, 24.0);
    drag_over(&mut explorer, (x, y), &[(x - 2, y), (x - 5, y), (x - 8, y)]);
    assert!(steps(&explorer) < 25, "{}", steps(&explorer));
    assert_eq!(explorer.state.undo, [Controls::default()]);
    explorer.press("u");
    assert_eq!(steps(&explorer), 30);
}

#[test]
fn a_drag_that_comes_back_is_no_step_of_undo() {
    let mut explorer = Headless::demo();
    let (x, y) = field(&explorer, "horizon ◂ ", 1);
    drag_over(&mut explorer, (x, y), &[(x + 9, y), (x, y)]);
    assert_eq!(steps(&explorer), 30);
    assert!(explorer.state.undo.is_empty());
}

#[test]
fn a_drag_of_a_field_changes_it_by_one_a_column() {
    let mut explorer = Headless::demo();
    let (x, y) = field(&explorer, "horizon ◂ ", 1);
    drag_over(&mut explorer, (x, y), &[(x + 5, y), (x + 12, y)]);
    assert_eq!(steps(&explorer), 42);
    let (x, y) = field(&explorer, "interval ◂ ", 0);
    drag_over(&mut explorer, (x, y), &[(x - 4, y)]);
    assert_eq!(percent(&explorer), "90%");
    assert_eq!(explorer.state.undo.len(), 2);
    // As far as the arrows go, however far the pointer goes.
    let (x, y) = field(&explorer, "horizon ◂ ", 1);
    drag_over(&mut explorer, (x, y), &[(x + 5000, y)]);
    assert_eq!(steps(&explorer), 365);
}

#[test]
fn a_drag_of_an_interval_beyond_99_percent_goes_the_way_of_the_pointer() {
    let mut explorer = Headless::demo();
    explorer.press("i99.9%<enter>");
    let (x, y) = field(&explorer, "interval ◂ ", 0);
    drag_over(&mut explorer, (x, y), &[(x + 1, y)]);
    assert_eq!(percent(&explorer), "99.9%");
    drag_over(&mut explorer, (x, y), &[(x - 2, y)]);
    assert_eq!(percent(&explorer), "97.9%");
}

#[test]
fn a_drag_of_the_band_s_edge_changes_the_interval() {
    let mut explorer = Headless::demo();
    let figures = explorer.state.figures.clone().expect("figures");
    let upper = figures.forecast.bands[0].upper[10];
    let (x, y) = cell(&explorer, figures.forecast.position(10), upper);
    drag_over(&mut explorer, (x, y), &[(x, y + 3)]);
    assert_eq!(percent(&explorer), "91%");
    assert_eq!(explorer.state.undo, [Controls::default()]);
}

#[test]
fn a_threshold_follows_the_pointer_and_can_be_dragged() {
    let mut explorer = Headless::demo();
    explorer.press("t");
    let low = cell(&explorer, 350.0, 24.0);
    pointer(&mut explorer, MouseEventKind::Moved, low);
    let near = |explorer: &Headless, value: f64| {
        let a_row = plot(&explorer.state).expect("a chart").value_per_row();
        let threshold = explorer.state.controls.threshold.expect("a threshold");
        assert!(
            (threshold - value).abs() <= 2.0 * a_row,
            "{threshold} {value}"
        );
    };
    near(&explorer, 24.0);
    click(&mut explorer, low);
    assert_eq!(explorer.state.prompt, None);
    assert_eq!(explorer.state.undo, [Controls::default()]);
    let threshold = explorer.state.controls.threshold.expect("a threshold");
    let (from, to) = (
        cell(&explorer, 345.0, threshold),
        cell(&explorer, 345.0, 31.0),
    );
    drag_over(&mut explorer, from, &[(from.0, from.1 - 2), to]);
    near(&explorer, 31.0);
    assert_eq!(explorer.state.undo.len(), 2);
}

#[test]
fn the_wheel_changes_what_it_is_over() {
    let mut explorer = Headless::demo();
    let up = MouseEventKind::ScrollUp;
    let chart = cell(&explorer, 380.0, 30.0);
    pointer(&mut explorer, up, chart);
    let at = field(&explorer, "horizon ◂ ", 1);
    pointer(&mut explorer, up, at);
    assert_eq!(steps(&explorer), 32);
    let at = field(&explorer, "interval ◂ ", 0);
    pointer(&mut explorer, MouseEventKind::ScrollDown, at);
    assert_eq!(percent(&explorer), "93%");
    let values = plot(&explorer.state).expect("a chart").value_axis;
    pointer(&mut explorer, up, (values.x, values.y + 3));
    assert_eq!(percent(&explorer), "94%");
    with(&mut explorer, up, chart, KeyModifiers::SHIFT);
    assert_eq!((percent(&explorer).as_str(), steps(&explorer)), ("95%", 32));
    // The panel is nothing to wheel.
    let (x, y) = find(&explorer, "can this fit be trusted?");
    pointer(&mut explorer, up, (x, y + 1));
    assert_eq!((percent(&explorer).as_str(), steps(&explorer)), ("95%", 32));
}

#[test]
fn the_wheel_with_ctrl_magnifies_around_the_pointer() {
    let mut explorer = Headless::demo();
    let at = cell(&explorer, 380.0, 30.0);
    let under = |explorer: &Headless| plot(&explorer.state).expect("a chart").position_at(at.0);
    let (before, (from, to)) = (under(&explorer), explorer.state.window());
    with(
        &mut explorer,
        MouseEventKind::ScrollUp,
        at,
        KeyModifiers::CONTROL,
    );
    let (new_from, new_to) = explorer.state.window();
    assert!(new_to - new_from < to - from);
    assert!((under(&explorer) - before).abs() < 1e-9);
}

#[test]
fn arrows_beside_the_fields_and_the_bands_name_can_be_clicked() {
    let mut explorer = Headless::demo();
    let at = field(&explorer, "horizon ", 0);
    click(&mut explorer, at);
    assert_eq!(steps(&explorer), 29);
    let (x, y) = find(&explorer, " ▸ days");
    click(&mut explorer, (x + 1, y));
    click(&mut explorer, (x + 1, y));
    assert_eq!(steps(&explorer), 31);
    let at = field(&explorer, "days   interval ", 0);
    click(&mut explorer, at);
    assert_eq!(percent(&explorer), "93%");
    let at = find(&explorer, "predictive bands");
    click(&mut explorer, at);
    assert!(find(&explorer, "bands of the mean alone").1 == at.1);
}

#[test]
fn a_click_on_the_banner_says_that_it_was_seen() {
    let mut explorer = Headless::failed();
    let at = find(&explorer, "Do not trust this forecast");
    click(&mut explorer, at);
    assert!(explorer.state.failure_seen);
}

#[test]
fn help_takes_the_wheel_and_closes_at_a_click() {
    let mut explorer = Headless::demo();
    explorer.resize(80, 12);
    explorer.press("?");
    pointer(&mut explorer, MouseEventKind::ScrollDown, (50, 10));
    assert_eq!(explorer.state.overlay.map(|o| o.scroll), Some(1));
    click(&mut explorer, (50, 10));
    assert_eq!(explorer.state.overlay, None);
    assert_eq!(explorer.state.controls, Controls::default());
}

#[test]
fn the_pointer_and_a_prompt_make_one_step_of_undo() {
    let up = MouseEventKind::ScrollUp;
    for (open, close) in [("h", "<enter>"), ("i", "<enter>"), ("t", "<enter>")] {
        let mut explorer = Headless::demo();
        let (wheeled, dragged) = (
            cell(&explorer, 380.0, 30.0),
            field(&explorer, "interval ◂ ", 0),
        );
        explorer.press(open);
        pointer(&mut explorer, up, wheeled);
        drag_over(&mut explorer, dragged, &[(dragged.0 - 2, dragged.1)]);
        explorer.press(close);
        assert_eq!(steps(&explorer), 31, "{open}");
        assert_eq!(explorer.state.undo, [Controls::default()], "{open}");
    }
    let mut explorer = Headless::demo();
    let at = cell(&explorer, 380.0, 30.0);
    explorer.press("h");
    pointer(&mut explorer, up, at);
    explorer.press("<esc>");
    assert_eq!(explorer.state.controls, Controls::default());
    assert!(
        explorer.state.undo.is_empty(),
        "nothing changed, nothing to undo"
    );
}

#[test]
fn names_of_views_and_the_verdict_are_clicked() {
    let mut explorer = Headless::failed();
    for (words, view) in [
        ("2 diagnostics", View::Diagnostics),
        ("1 forecast", View::Forecast),
        ("3 checks", View::Checks),
        ("1 forecast", View::Forecast),
        ("✖ do not trust", View::Checks),
    ] {
        let at = find(&explorer, words);
        click(&mut explorer, at);
        assert_eq!(explorer.state.view, view, "{words}");
    }
}

#[test]
fn a_parameter_is_chosen_by_click_and_wheel() {
    let mut explorer = Headless::demo();
    explorer.press("2");
    let at = find(&explorer, "period");
    click(&mut explorer, at);
    assert_eq!(explorer.state.parameter, 2);
    assert_eq!(explorer.state.portrait.as_ref().map(|(of, _)| *of), Some(2));
    pointer(&mut explorer, MouseEventKind::ScrollDown, at);
    assert_eq!(explorer.state.parameter, 3);
    // Elsewhere a click chooses nothing, and no control of the forecast moves.
    let controls = explorer.state.controls;
    for column in 0..120 {
        for row in 14..36 {
            click(&mut explorer, (column, row));
        }
    }
    assert_eq!(
        (explorer.state.parameter, explorer.state.controls),
        (3, controls)
    );
}

#[test]
fn in_a_presentation_the_pointer_chooses_a_day_and_nothing_else_is_there() {
    let mut explorer = Headless::demo();
    explorer.press("P");
    let inner = plot(&explorer.state).expect("a chart").inner;
    let columns =
        |explorer: &Headless, day: f64| plot(&explorer.state).expect("a chart").column(day) as u16;
    let x = inner.x + columns(&explorer, 380.0);
    pointer(&mut explorer, MouseEventKind::Moved, (x, inner.y + 3));
    assert_eq!(explorer.state.cursor_position(), 380.0);
    // Over the history it is the first day of the forecast.
    pointer(&mut explorer, MouseEventKind::Moved, (inner.x, inner.y + 3));
    assert_eq!(explorer.state.cursor_position(), 365.0);
    let controls = explorer.state.controls;
    for y in [0, 1, 2, 33, 34, 35] {
        for x in (0..120).step_by(3) {
            click(&mut explorer, (x, y));
        }
    }
    assert_eq!(explorer.state.view, View::Present);
    assert_eq!(explorer.state.controls, controls);
}
