//! The figures of the day under the read-out, as text to take away.

use super::state::State;
use crate::forecast::frequency;

/// One line of figures, and one about the threshold where there is one; `None` while there are
/// no figures or the read-out is not on the forecast.
pub(super) fn figures(state: &State) -> Option<String> {
    let figures = state.figures.as_ref()?;
    let fan = &figures.forecast;
    let step = fan
        .nearest(state.cursor_position())
        .or_else(|| fan.len().checked_sub(1))?;
    let label = state.document.series.axis.label(fan.position(step));
    let band = fan.bands.first()?;
    let mut text = format!(
        "{} {label}: mean {:.6}, {} interval {:.6} to {:.6}",
        state.step_name(),
        fan.mean[step],
        figures.query.interval,
        band.lower[step],
        band.upper[step],
    );
    if let (Some(above), Some(threshold)) = (&figures.above, figures.query.threshold) {
        let p = above[step];
        text += &format!("\nabove {threshold}: {} ({:.1}%)", frequency(p), 100.0 * p);
    }
    Some(text)
}
