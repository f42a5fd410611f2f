//! Beside the chart: the parameters, the day under the read-out, and whether to trust the fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::sheet::wrap;
use super::{frame, right, text};
use crate::chart::Fan;
use crate::diagnostics::{Check, Status};
use crate::explorer::canvas::Ink;
use crate::explorer::figures::Figures;
use crate::explorer::numbers::{decimals, fixed};
use crate::explorer::report::{ParameterRow, Report};
use crate::explorer::state::State;
use crate::explorer::theme::Theme;
use crate::forecast::frequency;

/// Width of a parameter's histogram, where there is room for one.
const HISTOGRAM: u16 = 10;

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let day_height = day_lines(state).len() as u16 + 2;
    let parameters = state
        .report
        .as_ref()
        .map_or(0, |report| report.parameters.len()) as u16;
    let most = area.height.saturating_sub(day_height + 6).max(4);
    let parameter_height = (parameters.max(1) + 3).min(most);
    let mut y = area.y;
    let mut take = |height: u16| {
        let height = height.min(area.bottom().saturating_sub(y));
        let part = Rect { y, height, ..area };
        y += height;
        part
    };
    parameter_table(state, take(parameter_height), buffer);
    day(state, take(day_height), buffer);
    checks(state, take(u16::MAX), buffer);
}

fn parameter_table(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 {
        return;
    }
    let theme = &state.theme;
    let inner = frame(theme, "parameters", area, buffer);
    let Some(report) = &state.report else {
        text(
            buffer,
            inner,
            inner.x + 1,
            inner.y,
            "summarising …",
            theme.dim,
        );
        return;
    };
    let rows: Vec<[String; 4]> = report.parameters.iter().map(cells).collect();
    let widest = |i: usize, least: usize| {
        rows.iter()
            .map(|row| row[i].chars().count())
            .max()
            .unwrap_or(0)
            .max(least) as u16
    };
    let (mean, interval) = (widest(1, 4), widest(2, 12));
    let with_histogram = inner.width >= 52;
    let histogram = if with_histogram { HISTOGRAM + 1 } else { 0 };
    let fixed_width = mean + interval + 11 + histogram;
    let name = widest(0, 4)
        .min(inner.width.saturating_sub(fixed_width))
        .max(4);
    let mean_end = inner.x + 1 + name + 1 + mean;
    let interval_end = mean_end + 1 + interval;
    let r_hat_end = interval_end + 6;
    let mass = report
        .parameters
        .first()
        .map_or(0.0, |row| row.summary.interval.prob * 100.0);
    right(buffer, inner, mean_end, inner.y, "mean", theme.dim);
    right(
        buffer,
        inner,
        interval_end,
        inner.y,
        &format!("{mass:.0}% interval"),
        theme.dim,
    );
    right(buffer, inner, r_hat_end - 1, inner.y, "r̂", theme.dim);

    let room = usize::from(inner.height.saturating_sub(1));
    let hidden = rows.len().saturating_sub(room);
    let shown = if hidden > 0 {
        room.saturating_sub(1)
    } else {
        rows.len()
    };
    for (i, (row, parameter)) in rows.iter().zip(&report.parameters).enumerate().take(shown) {
        let y = inner.y + 1 + i as u16;
        let (mark, style) = if parameter.summary.r_hat.is_nan() {
            ("?", theme.warn)
        } else if parameter.summary.r_hat > crate::diagnostics::MOST_R_HAT {
            ("✖", theme.bad)
        } else {
            ("✔", theme.good)
        };
        let first = Rect {
            width: name + 1,
            ..inner
        };
        text(buffer, first, inner.x + 1, y, &row[0], theme.heading);
        right(buffer, inner, mean_end, y, &row[1], theme.text);
        right(buffer, inner, interval_end, y, &row[2], theme.text);
        right(
            buffer,
            inner,
            r_hat_end,
            y,
            &row[3],
            if mark == "✖" { theme.bad } else { theme.text },
        );
        text(buffer, inner, r_hat_end + 1, y, mark, style);
        if with_histogram {
            bars(
                &parameter.histogram,
                inner,
                r_hat_end + 3,
                y,
                Style::new().fg(theme.histogram),
                buffer,
            );
        }
    }
    if hidden > 0 {
        let y = inner.bottom().saturating_sub(1);
        let more = format!("… and {} more", rows.len() - shown);
        text(buffer, inner, inner.x + 1, y, &more, theme.dim);
    }
}

/// Name, mean, interval and r_hat, with the digits that the Monte Carlo error supports, and no
/// more than two of the posterior's own width: further ones say nothing about the parameter.
fn cells(row: &ParameterRow) -> [String; 4] {
    let summary = &row.summary;
    let digits = decimals((2.0 * summary.mcse_mean).max(summary.sd / 10.0)).min(6);
    let interval = format!(
        "[{}, {}]",
        fixed(summary.interval.lower, digits),
        fixed(summary.interval.upper, digits)
    );
    [
        row.name.clone(),
        fixed(summary.mean, digits),
        interval,
        fixed(summary.r_hat, 2),
    ]
}

/// A histogram of one row of eighths, two bins a column averaged.
fn bars(histogram: &[f64], area: Rect, x: u16, y: u16, style: Style, buffer: &mut Buffer) {
    const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let per_column = histogram.len().div_ceil(usize::from(HISTOGRAM)).max(1);
    for (i, bins) in histogram.chunks(per_column).enumerate() {
        let height = bins.iter().sum::<f64>() / bins.len() as f64;
        let eighths = if height > 0.0 {
            (height * 8.0).ceil().clamp(1.0, 8.0) as usize
        } else {
            0
        };
        text(buffer, area, x + i as u16, y, EIGHTHS[eighths], style);
    }
}

/// A line of the read-out: a swatch of its band, what, and the figures.
struct DayLine {
    swatch: Option<Color>,
    what: String,
    figures: String,
    style: Style,
}

/// The figures of the step under the read-out.
fn day_lines(state: &State) -> Vec<DayLine> {
    let theme = &state.theme;
    let Some(figures) = &state.figures else {
        return vec![];
    };
    let Some((fan, step, ahead)) = under_cursor(state, figures) else {
        return vec![];
    };
    let digits = fan_decimals(fan, step);
    let line = |what: &str, figures: String| DayLine {
        swatch: None,
        what: what.into(),
        figures,
        style: theme.text,
    };
    let mut lines = vec![line("mean", fixed(fan.mean[step], digits))];
    let inks = if ahead {
        theme.forecast_inks(fan.bands.len())
    } else {
        theme.history_inks(fan.bands.len())
    };
    let inks = inks.into_iter().map(Some).chain(std::iter::repeat(None));
    for (band, ink) in fan.bands.iter().zip(inks) {
        let range = format!(
            "{} … {}",
            fixed(band.lower[step], digits),
            fixed(band.upper[step], digits)
        );
        let percent =
            crate::forecast::Probability::new(band.level).map_or(String::new(), |p| p.percent());
        let swatch = match ink {
            Some(Ink::Solid(color)) if !state.unread_failure() => Some(color),
            _ => None,
        };
        lines.push(DayLine {
            swatch,
            ..line(&percent, range)
        });
    }
    if let Some((_, value)) = figures
        .observed
        .iter()
        .find(|(at, _)| (at - state.cursor_position()).abs() < 0.5)
    {
        lines.push(line("observed", fixed(*value, digits + 1)));
    }
    if let (Some(above), Some(threshold), true) = (&figures.above, figures.query.threshold, ahead) {
        let p = above[step];
        lines.push(DayLine {
            swatch: None,
            what: format!("above {}", fixed(threshold, digits)),
            figures: format!("{} ({})", frequency(p), percent(p)),
            style: Style::new().fg(theme.threshold),
        });
    }
    lines
}

/// A probability in percent; draws never make a certainty.
fn percent(p: f64) -> String {
    match 100.0 * p {
        p if p < 1.0 => "<1%".into(),
        p if p > 99.0 => ">99%".into(),
        p => format!("{p:.0}%"),
    }
}

/// The fan that holds the read-out, the step in it, and whether that lies ahead.
fn under_cursor<'a>(state: &State, figures: &'a Figures) -> Option<(&'a Fan, usize, bool)> {
    let at = state.cursor_position();
    let ahead = figures
        .forecast
        .nearest(at)
        .map(|step| (&figures.forecast, step, true));
    ahead.or_else(|| {
        figures
            .history
            .nearest(at)
            .map(|step| (&figures.history, step, false))
    })
}

/// Decimals that a forecast this wide deserves.
fn fan_decimals(fan: &Fan, step: usize) -> usize {
    let width = fan
        .bands
        .first()
        .map_or(f64::NAN, |band| band.upper[step] - band.lower[step]);
    decimals(width / 20.0).min(6)
}

fn heading(state: &State) -> String {
    let axis = &state.document.series.axis;
    let at = state.cursor_position();
    let label = axis.label(at);
    let ahead = at - state.last_observed();
    let name = state.document.series.axis.step_name();
    let plural = if ahead == 1.0 { "" } else { "s" };
    match axis.calendar {
        Some(_) if ahead > 0.0 => format!("{label} · {ahead} {name}{plural} ahead"),
        Some(_) => label,
        None if ahead > 0.0 => format!("day {label} · {ahead} ahead"),
        None => format!("day {label}"),
    }
}

fn day(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 {
        return;
    }
    let inner = frame(&state.theme, &heading(state), area, buffer);
    for (y, line) in (inner.top()..inner.bottom()).zip(day_lines(state)) {
        if let Some(color) = line.swatch {
            text(buffer, inner, inner.x + 1, y, "██", Style::new().fg(color));
        }
        let x = if line.what.ends_with('%') {
            inner.x + 4
        } else {
            inner.x + 1
        };
        text(
            buffer,
            inner,
            x,
            y,
            &line.what,
            if line.style == state.theme.text {
                state.theme.dim
            } else {
                line.style
            },
        );
        let figures_at = (inner.x + 11).max(x + line.what.chars().count() as u16 + 2);
        text(buffer, inner, figures_at, y, &line.figures, line.style);
    }
}

/// The checks: what is wrong first, with what to do about the worst of it right below. Where there
/// is no room for all of it, what passed is said in few words.
fn checks(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 {
        return;
    }
    let inner = frame(&state.theme, "can this fit be trusted?", area, buffer);
    let Some(report) = &state.report else {
        text(
            buffer,
            inner,
            inner.x + 1,
            inner.y,
            "checking …",
            state.theme.dim,
        );
        return;
    };
    let width = usize::from(inner.width.saturating_sub(4));
    let all = check_lines(report, &state.theme, width, |check| &check.message);
    let lines = if all.len() <= usize::from(inner.height) {
        all
    } else {
        check_lines(report, &state.theme, width, |check| &check.headline)
    };
    for (y, line) in (inner.top()..inner.bottom()).zip(lines) {
        text(buffer, inner, inner.x + 1, y, line.mark, line.mark_style);
        text(buffer, inner, inner.x + 3, y, &line.words, line.style);
    }
}

struct CheckLine {
    mark: &'static str,
    mark_style: Style,
    words: String,
    style: Style,
}

fn check_lines(
    report: &Report,
    theme: &Theme,
    width: usize,
    passed: impl Fn(&Check) -> &str,
) -> Vec<CheckLine> {
    let mut lines = Vec::new();
    let mut put = |mark: &'static str, mark_style, words: &str, style| {
        for (i, words) in wrap(words, width).into_iter().enumerate() {
            let mark = if i == 0 { mark } else { "" };
            lines.push(CheckLine {
                mark,
                mark_style,
                words,
                style,
            });
        }
    };
    let mut advised = false;
    for check in report.judged_by_gravity() {
        match check.status {
            Status::Pass => put("✔", theme.good, passed(check), theme.dim),
            Status::Warn => put("!", theme.warn, &check.message, theme.text),
            Status::Unknown => put("?", theme.warn, &check.message, theme.text),
            Status::Fail => put("✖", theme.bad, &check.message, theme.text),
        }
        if check.status != Status::Pass && !advised {
            put("", theme.dim, &check.advice, theme.dim);
            advised = true;
        }
    }
    lines
}

/// The figures of the day in one line, where there is no room for the panel.
pub fn line(state: &State) -> String {
    let lines = day_lines(state);
    let mut parts = vec![heading(state)];
    parts.extend(
        lines
            .iter()
            .enumerate()
            .filter(|(i, line)| *i < 2 || !line.what.ends_with('%'))
            .map(|(_, line)| format!("{} {}", line.what, line.figures)),
    );
    parts.join(" · ")
}

/// Everything in one line, for a window with room for nothing else.
pub fn shortest(state: &State) -> String {
    let (badge, _) = super::title::badge(state, false);
    let mark: String = badge.chars().take(1).collect();
    if state.failed() {
        return format!("{badge} · {}", line(state));
    }
    match day_lines(state).as_slice() {
        [mean, band, ..] => format!(
            "{mark} {} [{}] {}",
            mean.figures,
            band.figures.replace(" … ", ", "),
            heading(state)
        ),
        _ => "fanchart".into(),
    }
}
