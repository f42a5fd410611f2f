//! How many observations lie inside bands of each probability, beside how many should.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::{UNUSUAL, USUAL, bad, caption, percents, swatch};
use crate::diagnostics::Coverage;
use crate::explorer::canvas::{Canvas, SAMPLES_X};
use crate::explorer::plot::Plot;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::{axes, text};

/// A band that the check is about.
const JUDGED: char = '●';

pub(super) fn draw(theme: &Theme, coverages: &[Coverage], area: Rect, buffer: &mut Buffer) {
    let ink = theme.forecast_inks(1)[0];
    let (sample, style) = swatch(ink);
    let observation = Style::new().fg(theme.observation);
    let signs = [
        (sample, style, "where it should lie"),
        (USUAL.to_string(), observation, "observed"),
        (JUDGED.to_string(), observation, "judged"),
        (UNUSUAL.to_string(), theme.bad, "outside"),
    ];
    let words = "share of the observations inside their own band, by the band's probability";
    let rest = caption(theme, words, &signs, area, buffer);
    let plot = Plot::new(
        rest,
        (0.0, 1.01),
        (-0.02, 1.02),
        |width| percents(0.0, 1.0, (width / 9).clamp(2, 10)),
        |height| percents(0.0, 1.0, (height / 3).clamp(2, 10)),
    );
    let Some(plot) = plot else {
        return;
    };
    axes::draw(theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    let share = |c: &Coverage, count: usize| count as f64 / c.observations.max(1) as f64;
    let corners = range(coverages);
    let samples = f64::from(plot.inner.width) * SAMPLES_X as f64;
    for column in 0..canvas.sample_columns() {
        let band = ((column as f64 + 0.5) / samples * 1.01).min(1.0);
        let [low, high] = between(&corners, band);
        canvas.fill(column, plot.row(high), plot.row(low), 1);
    }
    let cell = |x: f64, y: f64| (plot.column(x), plot.row(y));
    let expected: Vec<_> = coverages.iter().map(|c| cell(c.band, c.expected)).collect();
    for pair in expected.windows(2) {
        canvas.line(pair[0], pair[1], theme.dim.fg.unwrap_or_default());
    }
    let mut labels = Vec::new();
    for coverage in coverages {
        let inside = share(coverage, coverage.inside);
        let (x, y) = cell(coverage.band, inside);
        let (sign, color) = match (coverage.is_usual(), coverage.judged) {
            (false, _) => (UNUSUAL, bad(theme)),
            (true, true) => (JUDGED, theme.observation),
            (true, false) => (USUAL, theme.observation),
        };
        canvas.mark(x, y, sign, color);
        if coverage.judged {
            let words = if coverage.is_usual() {
                format!("{:.0} %", 100.0 * inside)
            } else {
                format!(
                    "{:.0} %, not {:.0} %",
                    100.0 * inside,
                    100.0 * coverage.expected
                )
            };
            labels.push((x, y, words, Style::new().fg(color)));
        }
    }
    canvas.paint(buffer, plot.inner, &[ink]);
    for (x, y, words, style) in labels {
        label(plot.inner, (x, y), &words, style, buffer);
    }
}

/// Words beside a point, on the side where nothing else is.
fn label(inner: Rect, (x, y): (f64, f64), words: &str, style: Style, buffer: &mut Buffer) {
    let (x, y) = (inner.x + x as u16, inner.y + y.max(0.0) as u16);
    let width = words.chars().count() as u16;
    for start in [Some(x + 2), x.checked_sub(width + 1)]
        .into_iter()
        .flatten()
    {
        let room = Rect::new(start, y, width, 1);
        let free = |at| buffer[at].symbol() == " " && buffer[at].bg == Color::Reset;
        if inner.intersection(room) == room && room.positions().all(free) {
            return text(buffer, inner, start, y, words, style);
        }
    }
}

/// The usual range at each band, with the ends that need no data.
fn range(coverages: &[Coverage]) -> Vec<(f64, [f64; 2])> {
    let of = |c: &Coverage| {
        let share = |count: usize| count as f64 / c.observations.max(1) as f64;
        (c.band, c.range.map(share))
    };
    let ends = |at: f64| std::iter::once((at, [at, at]));
    ends(0.0)
        .chain(coverages.iter().map(of))
        .chain(ends(1.0))
        .collect()
}

/// The range at a probability, straight between its neighbours.
fn between(corners: &[(f64, [f64; 2])], at: f64) -> [f64; 2] {
    let after = corners.partition_point(|(band, _)| *band <= at);
    let after = after.clamp(1, corners.len().saturating_sub(1).max(1));
    let (Some((a, low)), Some((b, high))) = (corners.get(after - 1), corners.get(after)) else {
        return [f64::NAN; 2];
    };
    let way = (at - a) / (b - a);
    [0, 1].map(|end| low[end] + way * (high[end] - low[end]))
}
