//! The model: its lines to edit, what the priors alone would have forecast, and what the data
//! made of them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::chart::ticks;
use crate::explorer::action::Action;
use crate::explorer::canvas::Canvas;
use crate::explorer::keymap::Keymap;
use crate::explorer::plot::Plot;
use crate::explorer::recipe::Line;
use crate::explorer::report::ParameterRow;
use crate::explorer::state::{State, Viewport};
use crate::explorer::widgets::lines::polyline;
use crate::explorer::widgets::sheet::wrap;
use crate::explorer::widgets::{axes, chart, frame, right, text};
use crate::explorer::worker::Imagined;
use crate::forecast::Distribution;

/// Where the parts go; empty where there is no room.
#[derive(Debug, Default)]
struct Parts {
    lines: Rect,
    /// The priors' forecast.
    fan: Rect,
    /// The chosen parameter before and after the data.
    learnt: Rect,
}

impl Parts {
    fn of(area: Rect, lines: usize) -> Self {
        let wanted = lines as u16 + 4;
        if area.width >= 100 && area.height >= 16 {
            let width = area.width * 9 / 20;
            let left = Rect { width, ..area };
            let rest = left.height.saturating_sub(wanted);
            let learnt = if rest >= 7 { rest } else { 0 };
            return Self {
                lines: Rect {
                    height: left.height - learnt,
                    ..left
                },
                learnt: Rect {
                    y: left.bottom() - learnt,
                    height: learnt,
                    ..left
                },
                fan: Rect {
                    x: left.right(),
                    width: area.width - width,
                    ..area
                },
            };
        }
        let height = wanted.min(area.height);
        let below = area.height - height;
        let below = if below >= 6 { below } else { 0 };
        Self {
            lines: Rect {
                height: area.height - below,
                ..area
            },
            fan: Rect {
                y: area.bottom() - below,
                height: below,
                ..area
            },
            learnt: Rect::default(),
        }
    }
}

fn parts(state: &State, area: Rect) -> Parts {
    Parts::of(area, state.recipe.lines().len())
}

/// Draws the body of the view.
pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let parts = parts(state, area);
    lines(state, parts.lines, buffer);
    match state.recipe.lines().get(state.line) {
        Some(Line::Training) => forecast(state, parts.fan, buffer),
        _ => prior_fan(state, parts.fan, buffer),
    }
    learnt(state, parts.learnt, buffer);
}

/// The view in one line.
pub(super) fn line(state: &State) -> String {
    format!(
        "{}: {}",
        state.recipe.model.name(),
        state.recipe.model.mean_text()
    )
}

/// The line of the model under a point of the view drawn in `area`.
pub fn line_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    let inner = inside(parts(state, area).lines);
    let mut rows = rows(state, inner);
    let hit = rows.find(|(_, y)| *y == at.y);
    hit.filter(|_| inner.contains(at)).map(|(line, _)| line)
}

fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Lines on screen and their rows, such that the chosen one is among them; the first row is for
/// headings.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (usize, u16)> {
    let room = usize::from(inner.height.saturating_sub(1));
    let first = (state.line + 1).saturating_sub(room);
    (first..state.recipe.lines().len())
        .take(room)
        .zip(inner.y + 1..)
}

fn lines(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 {
        return;
    }
    let (theme, recipe) = (&state.theme, &state.recipe);
    let heading = format!("model {}", recipe.model.name());
    let inner = frame(theme, &heading, area, buffer);
    let all = recipe.lines();
    let named = all.iter().map(|line| recipe.name(line).chars().count());
    let name_width = (named.max().unwrap_or(0) as u16).clamp(10, 18);
    let says = inner.x + 1 + name_width + 2;
    let end = inner.right().saturating_sub(1);
    right(buffer, inner, end, inner.y, "posterior", theme.dim);
    text(buffer, inner, says, inner.y, "prior", theme.dim);
    for (place, y) in rows(state, inner) {
        let line = &all[place];
        let chosen = place == state.line;
        if chosen {
            buffer.set_style(Rect::new(inner.x, y, inner.width, 1), theme.tab);
        }
        let style = |style| if chosen { theme.tab } else { style };
        let name = Rect {
            width: name_width + 1,
            ..inner
        };
        let heading = style(theme.heading);
        text(buffer, name, inner.x + 1, y, recipe.name(line), heading);
        let posterior = match line {
            Line::Prior(_) => row(state, recipe.name(line)).map_or("…".into(), estimate),
            Line::Training => rows_of(state),
            Line::Mean | Line::Likelihood => String::new(),
        };
        let said = match line {
            Line::Training => String::new(),
            _ => recipe.text(line),
        };
        let room = Rect {
            width: inner
                .right()
                .saturating_sub(inner.x + posterior.chars().count() as u16 + 2),
            ..inner
        };
        text(buffer, room, says, y, &said, style(theme.text));
        right(buffer, inner, end, y, &posterior, style(theme.text));
    }
}

/// What the report says of a parameter.
fn row<'a>(state: &'a State, name: &str) -> Option<&'a ParameterRow> {
    let report = state.report.as_ref()?;
    report.parameters.iter().find(|row| row.name == name)
}

fn estimate(row: &ParameterRow) -> String {
    let [mean, sd, ..] = super::diagnostics::digits(&row.summary);
    format!("{mean} ± {sd}")
}

/// How much of the series the fit learns from.
fn rows_of(state: &State) -> String {
    let recipe = &state.recipe;
    let all = recipe.rows();
    let last = recipe
        .table
        .series
        .axis
        .positions
        .get(recipe.training.wrapping_sub(1));
    let to = last.map_or(String::new(), |at| recipe.table.series.axis.label(*at));
    let what = match recipe.table.series.axis.calendar {
        Some(_) => "",
        None => "t = ",
    };
    format!("{} of {all} rows, to {what}{to}", recipe.training)
}

/// What is forecast from the training rows, and what came.
fn forecast(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 5 || area.width < 24 {
        return;
    }
    let heading = "the forecast from these rows, and what came";
    let inner = frame(&state.theme, heading, area, buffer);
    chart::draw(state, indented(inner), buffer);
}

fn indented(inner: Rect) -> Rect {
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// What the priors say of the recipe on show, once that is known.
fn imagined(state: &State) -> Option<&Imagined> {
    let (recipe, imagined) = state.prior.as_ref()?;
    (*recipe == state.recipe).then_some(&**imagined)
}

/// The chart of the prior predictive distribution, with the data on it.
fn prior_fan(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 5 || area.width < 24 {
        return;
    }
    let heading = "what the priors alone would forecast, and the data";
    let inner = frame(&state.theme, heading, area, buffer);
    let figures = match imagined(state) {
        Some(imagined) => imagined.figures.clone(),
        None => {
            let (x, y) = (inner.x + 1, inner.y);
            return text(
                buffer,
                inner,
                x,
                y,
                "drawing from the priors …",
                state.theme.dim,
            );
        }
    };
    let (from, to) = figures.query.window;
    let mut imagined = State {
        figures: Some(figures),
        report: None,
        cursor: None,
        viewport: Viewport::Fixed { from, to },
        ..state.clone()
    };
    imagined.controls.threshold = None;
    imagined.controls.paths = 0;
    imagined.controls.chains = false;
    imagined.controls.distribution = Distribution::Predictive;
    chart::draw(&imagined, indented(inner), buffer);
}

/// The chosen parameter's prior as a line over the histogram of its draws.
fn learnt(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 5 {
        return;
    }
    let (theme, recipe) = (&state.theme, &state.recipe);
    let lines = recipe.lines();
    let Some(line) = lines.get(state.line) else {
        return;
    };
    let name = recipe.name(line);
    let Line::Prior(place) = line else {
        let inner = frame(theme, name, area, buffer);
        let width = usize::from(inner.width.saturating_sub(2));
        let said = match line {
            Line::Training => rows_of(state),
            _ => recipe.text(line),
        };
        let said = wrap(&said, width)
            .into_iter()
            .map(|words| (words, theme.text));
        let about = wrap(&about(&state.keymap, line), width).into_iter();
        let about = about.map(|words| (words, theme.dim));
        let words = said.chain([(String::new(), theme.text)]).chain(about);
        for ((words, style), y) in words.zip(inner.top()..inner.bottom()) {
            text(buffer, inner, inner.x + 1, y, &words, style);
        }
        return;
    };
    let heading = format!(
        "{name} ~ {}, and what the data made of it",
        recipe.text(line)
    );
    let inner = frame(theme, &heading, area, buffer);
    let prior = imagined(state).and_then(|imagined| imagined.priors.get(*place)?.as_ref());
    let row = row(state, name);
    let before = prior.map(|prior| [prior.quantile(0.01), prior.quantile(0.99)]);
    let Some((from, to)) = range(before, row) else {
        return;
    };
    let density = |at: f64| prior.map_or(0.0, |prior| prior.ln_pdf(at).exp());
    const POINTS: usize = 200;
    let step = (to - from) / POINTS as f64;
    let curve: Vec<(f64, f64)> = (0..=POINTS)
        .map(|i| from + step * i as f64)
        .map(|at| (at, density(at)))
        .filter(|(_, height)| height.is_finite())
        .collect();
    let peak = curve
        .iter()
        .fold(0.0f64, |top, (_, height)| top.max(*height));
    // Each to its own height: what counts is where they lie and how wide they are.
    let Some(plot) = Plot::new(
        inner,
        (from, to),
        (0.0, 1.05),
        |width| ticks::values(from, to, (width / 11).max(1)),
        |_| Vec::new(),
    ) else {
        return;
    };
    axes::draw(theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    if let Some(row) = row {
        let bars = row.histogram.len() as f64;
        let [low, high] = row.range;
        for column in 0..canvas.sample_columns() {
            let at = plot.at((column as f64 + 0.5) / crate::explorer::canvas::SAMPLES_X as f64);
            let share = (at - low) / (high - low);
            if (0.0..1.0).contains(&share) {
                let height = row.histogram[(share * bars) as usize];
                canvas.fill(column, plot.row(height), f64::from(plot.inner.height), 1);
            }
        }
    }
    let scaled = curve.into_iter().map(|(at, height)| (at, height / peak));
    polyline(&mut canvas, &plot, scaled, theme.mean);
    canvas.paint(buffer, plot.inner, &theme.forecast_inks(1));
    let (x, y) = (plot.inner.x + 1, plot.inner.y);
    text(
        buffer,
        plot.inner,
        x,
        y,
        "prior",
        ratatui::style::Style::new().fg(theme.mean),
    );
    let blue = ratatui::style::Style::new().fg(theme.histogram);
    text(buffer, plot.inner, x + 6, y, "posterior", blue);
}

/// Where most of the prior and all of the posterior lies.
fn range(prior: Option<[f64; 2]>, row: Option<&ParameterRow>) -> Option<(f64, f64)> {
    let posterior = row.map(|row| row.range);
    let both: Vec<[f64; 2]> = [posterior, prior].into_iter().flatten().collect();
    let low = both.iter().map(|range| range[0]).reduce(f64::min)?;
    let high = both.iter().map(|range| range[1]).reduce(f64::max)?;
    let margin = 0.03 * (high - low);
    (low.is_finite() && high > low).then_some((low - margin, high + margin))
}

fn about(keymap: &Keymap, line: &Line) -> String {
    let edit = |does: &str| match keymap.label(&[Action::Edit]) {
        Some(key) => format!(" {key} {does}."),
        None => String::new(),
    };
    match line {
        Line::Mean => {
            "The value expected at time t, of parameters with a prior each. + - * / ^, sin cos tan exp \
             log sqrt abs min max tanh sigmoid, pi."
                .to_owned()
                + &edit("edits it")
        }
        Line::Likelihood => {
            "How observations scatter around the mean: Normal(mean, sigma), StudentT(nu, mean, sigma), \
             LogNormal(mean, sigma), Poisson(exp(mean)), NegativeBinomial(exp(mean), alpha)."
                .to_owned()
                + &edit("edits it")
        }
        _ => {
            let hold_back = match keymap.label(&[Action::Training(-1), Action::Training(1)]) {
                Some(keys) => format!(
                    " {keys} hold back the last ones, and the fit follows: the forecast then runs over \
                     observations it has not seen."
                ),
                None => String::new(),
            };
            let edit = edit("takes a number or a date");
            format!("How many rows the model learns from.{hold_back}{edit}")
        }
    }
}
