//! Hypothetical futures, one at a time: what people read chances off better than off bands
//! (Hullman, Resnick and Adar 2015; for trends Kale, Nguyen, Kay and Hullman 2019).

use ratatui::style::Color;

use super::chart::ROOM_FOR_A_MARK;
use crate::explorer::canvas::Canvas;
use crate::explorer::figures::Presented;
use crate::explorer::plot::Plot;
use crate::explorer::state::State;
use crate::explorer::theme::Colors;

/// Days at least this many columns apart get a large mark each.
const ROOM_FOR_A_DOT: f64 = 1.3;
/// Where days are closer than this, a line through them all would fill the fan.
const ROOM_FOR_A_LINE: f64 = 0.5;

/// The future on show, over what is left of the one before it: a line with a mark a day as far as
/// there is room for them.
pub fn draw(canvas: &mut Canvas, plot: &Plot, state: &State) {
    let Some(shown) = state.presented() else {
        return;
    };
    let apart = 1.0 / plot.steps_per_column();
    let last_observed = plot.column(state.last_observed());
    let mut put = |number: usize, color: Color, glyph: Option<char>| {
        let points = points(plot, state, shown, number);
        if apart >= ROOM_FOR_A_LINE {
            for pair in points.windows(2) {
                canvas.line(pair[0], pair[1], color);
            }
        }
        for (x, y) in points.into_iter().filter(|(x, _)| *x > last_observed) {
            match glyph {
                Some(glyph) => canvas.mark(x, y, glyph, color),
                None => canvas.dot(x, y, color),
            }
        }
    };
    // Without colours the two could not be told apart.
    if let (Some(before), true) = (state.present.before, state.theme.colors != Colors::None) {
        put(before, state.theme.faded, None);
    }
    let glyph = match apart {
        ROOM_FOR_A_DOT.. => Some('●'),
        ROOM_FOR_A_MARK.. => Some('•'),
        _ => None,
    };
    put(state.present.future, state.theme.path, glyph);
    if let Some((position, value)) = chosen(state) {
        let (x, y) = (plot.column(position), plot.row(value));
        canvas.mark(x, y, '◆', state.theme.path);
    }
}

/// The chosen day of the future on show: its position, and its value.
pub fn chosen(state: &State) -> Option<(f64, f64)> {
    let (figures, step) = (state.figures.as_ref()?, state.chosen_step()?);
    let future = future(state.presented()?, state.present.future)?;
    Some((figures.forecast.position(step), *future.get(step)?))
}

/// A future by its number, which may have been counted when there were more of them.
fn future(shown: &Presented, number: usize) -> Option<&Vec<f64>> {
    let count = shown.futures.len();
    shown.futures.get(number.checked_rem(count)?)
}

/// A future in cells, from the last observation on.
fn points(plot: &Plot, state: &State, shown: &Presented, number: usize) -> Vec<(f64, f64)> {
    let last = state.document.series.values.last();
    let ahead = future(shown, number).into_iter().flatten();
    last.into_iter()
        .chain(ahead)
        .enumerate()
        .map(|(i, value)| (state.last_observed() + i as f64, *value))
        .filter(|(_, value)| value.is_finite())
        .map(|(at, value)| (plot.column(at), plot.row(value)))
        .collect()
}
