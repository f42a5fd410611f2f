//! The autocorrelation of the residuals at each lag, over the range of replicated data.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{UNUSUAL, USUAL, bad, caption, dashes, swatch};
use crate::chart::ticks;
use crate::diagnostics::Autocorrelations;
use crate::explorer::canvas::{Canvas, SAMPLES_X};
use crate::explorer::plot::Plot;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::{axes, text};

pub(super) fn draw(theme: &Theme, figure: &Autocorrelations, area: Rect, buffer: &mut Buffer) {
    let ink = theme.forecast_inks(1)[0];
    let (sample, style) = swatch(ink);
    let observation = Style::new().fg(theme.observation);
    let signs = [
        (sample, style, "replicated data"),
        (USUAL.to_string(), observation, "the residuals"),
        (UNUSUAL.to_string(), theme.bad, "outside"),
    ];
    let words = "autocorrelation of the residuals at each lag";
    let rest = caption(theme, words, &signs, area, buffer);
    let lags = figure.observed.len();
    let ends = figure.range.iter().flatten().chain(&figure.observed);
    let ends = || ends.clone().copied().filter(|x| x.is_finite());
    let (low, high) = (ends().fold(-0.1, f64::min), ends().fold(0.1, f64::max));
    let margin = 0.08 * (high - low);
    let plot = Plot::new(
        rest,
        (0.5, lags as f64 + 0.5),
        (low - margin, high + margin),
        |width| ticks::values(1.0, lags as f64, (width / 8).clamp(2, 12).min(lags)),
        |height| ticks::values(low - margin, high + margin, (height / 3).clamp(2, 8)),
    );
    let Some(plot) = plot else {
        return;
    };
    axes::draw(theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    let samples = f64::from(plot.inner.width) * SAMPLES_X as f64;
    for column in 0..canvas.sample_columns() {
        let lag = (column as f64 + 0.5) / samples * lags as f64;
        let Some([low, high]) = figure.range.get(lag as usize) else {
            continue;
        };
        canvas.fill(column, plot.row(*high), plot.row(*low), 1);
    }
    dashes(&mut canvas, &plot, 0.0, theme.dim.fg.unwrap_or_default());
    // Stems apart from each other get a head.
    let roomy = f64::from(plot.inner.width) >= 1.5 * lags as f64;
    for (i, (&r, &[low, high])) in figure.observed.iter().zip(&figure.range).enumerate() {
        let usual = low <= r && r <= high;
        let color = if usual { theme.observation } else { bad(theme) };
        let (x, y) = (plot.column(i as f64 + 1.0), plot.row(r));
        canvas.line((x, plot.row(0.0)), (x, y), color);
        if !usual {
            canvas.mark(x, y, UNUSUAL, color);
        } else if roomy {
            canvas.mark(x, y, USUAL, color);
        }
    }
    canvas.paint(buffer, plot.inner, &[ink]);
    if let Some(lag) = figure.telling {
        let r = figure.observed.get(lag - 1).copied().unwrap_or(0.0);
        let words = format!("lag {lag}");
        let last = plot.inner.right().saturating_sub(words.len() as u16);
        let x = (plot.inner.x + plot.column(lag as f64) as u16 + 2).min(last);
        let y = plot.inner.y + (plot.row(r).max(0.0) as u16).min(plot.inner.height - 1);
        text(buffer, plot.inner, x, y, &words, theme.bad);
    }
}
