//! The presentation: the chart large, the dots of a day beside it, a few sentences below, and
//! nothing else. [`Layout`] draws where they go.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::chart::Statement;
use crate::chart::words;
use crate::diagnostics::{Status, Verdict};
use crate::explorer::layout::Layout;
use crate::explorer::plot::Plot;
use crate::explorer::state::State;
use crate::explorer::widgets::sheet::wrap;
use crate::explorer::widgets::{chart, dots, panel, right, text, title};
use crate::forecast::Distribution;

/// Widest line of a sentence that is read with ease.
const WIDEST: u16 = 100;

/// Draws the view.
pub(super) fn draw(state: &State, layout: &Layout, buffer: &mut Buffer) {
    heading(state, layout.title, buffer);
    chart::draw(state, layout.chart, buffer);
    let plot = Plot::of(state, layout.chart);
    let said = layout.words;
    match (statement(state), plot) {
        _ if state.unread_failure() => {
            reasons(state, layout.names.union(layout.dots), buffer);
            let words = "Enter shows its forecast all the same.";
            text(buffer, said, said.x, said.y, words, state.theme.text);
        }
        (Some(statement), plot) => {
            if let Some(plot) = plot.filter(|_| !layout.dots.is_empty()) {
                dots::draw(state, &statement, &plot, layout, buffer);
            }
            sentences(state, &statement, said, buffer);
        }
        // Where there is a chart, it says that it waits.
        (None, Some(_)) => {}
        (None, None) => text(
            buffer,
            said,
            said.x,
            said.y,
            "forecasting …",
            state.theme.dim,
        ),
    }
}

/// The presentation in one line.
pub(super) fn line(state: &State) -> String {
    match statement(state) {
        Some(statement) if !state.failed() => statement.expectation(),
        _ => panel::shortest(state),
    }
}

fn statement(state: &State) -> Option<Statement> {
    let figures = state.figures.as_ref()?;
    figures.statement(&state.document.series.axis, state.chosen_step()?)
}

/// What is forecast, and the verdict while it is not that the fit passed. That it failed is said
/// over everything else.
fn heading(state: &State, area: Rect, buffer: &mut Buffer) {
    let name = crate::trace::escape(&state.document.series.name);
    let steps = state.controls.horizon.steps();
    let mut words = words::title(&name, &state.document.series.axis, steps);
    if state.controls.distribution == Distribution::Mean {
        words += " · the mean alone: observations scatter wider";
    }
    text(buffer, area, area.x, area.y, &words, state.theme.heading);
    let verdict = state.report.as_ref().map(|report| report.checks.verdict);
    let known = matches!(verdict, Some(Verdict::Pass | Verdict::Fail));
    if state.fitting.is_some() || !known {
        let (words, style) = title::badge(state, false);
        right(buffer, area, area.right(), area.y, &words, style);
    }
}

/// Why the fit failed, where its dots would be.
fn reasons(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(report) = state.report.as_ref().filter(|_| !area.is_empty()) else {
        return;
    };
    let checks = report.judged_by_gravity().into_iter();
    let failed = checks.filter(|check| check.status == Status::Fail);
    let width = usize::from(area.width.saturating_sub(4));
    let lines = failed.flat_map(|check| {
        let lines = wrap(&check.message, width).into_iter().enumerate();
        let marked = lines.map(|(i, line)| (if i == 0 { "✖" } else { "" }, line));
        marked.chain([("", String::new())])
    });
    for (y, (mark, line)) in (area.top()..area.bottom()).zip(lines) {
        text(buffer, area, area.x + 2, y, mark, state.theme.bad);
        text(buffer, area, area.x + 4, y, &line, state.theme.text);
    }
}

/// What is said of the chosen day, what to expect of it first.
fn sentences(state: &State, statement: &Statement, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width.min(WIDEST));
    let mut y = area.y;
    for line in wrap(&statement.expectation(), width) {
        text(buffer, area, area.x, y, &line, state.theme.heading);
        y += 1;
    }
    let room = area.bottom().saturating_sub(y);
    for (y, line) in (y..).zip(rest(statement, width, usize::from(room))) {
        text(buffer, area, area.x, y, &line, state.theme.text);
    }
}

/// The other sentences, as many as there is room for, in lines.
fn rest(statement: &Statement, width: usize, height: usize) -> Vec<String> {
    let (range, outside) = (statement.range(), statement.outside());
    let above = statement.exceedance().unwrap_or_default();
    let choices = [
        vec![format!("{range} {outside}"), above.clone()],
        vec![format!("{range} {outside} {above}")],
        vec![format!("{range} {above}")],
        vec![if above.is_empty() { range } else { above }],
    ];
    let lines = |paragraphs: Vec<String>| {
        let paragraphs = paragraphs.iter().filter(|words| !words.is_empty());
        let lines = paragraphs.flat_map(|words| wrap(words, width));
        lines.collect::<Vec<_>>()
    };
    let mut choices = choices.map(lines).into_iter();
    let fitting = choices.find(|lines| lines.len() <= height);
    fitting.unwrap_or_default()
}
