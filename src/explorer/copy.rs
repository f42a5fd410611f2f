//! What is looked at as text to take away: the day's figures, a parameter's, or a check.

use super::state::{State, View};
use crate::forecast::frequency;

/// A few lines; `None` while there is nothing to take.
pub(super) fn figures(state: &State) -> Option<String> {
    match state.view {
        View::Forecast | View::Present => day(state),
        View::Diagnostics => parameter(state),
        View::Checks => check(state),
        View::Model => Some(state.recipe.model.source().trim_end().to_owned()),
    }
}

/// One line of figures, and one about the threshold where there is one; `None` while there are
/// no figures or the read-out is not on the forecast.
fn day(state: &State) -> Option<String> {
    let figures = state.figures.as_ref()?;
    let fan = &figures.forecast;
    let step = fan
        .nearest(state.cursor_position())
        .or_else(|| fan.len().checked_sub(1))?;
    let label = state.document.series.axis.label(fan.position(step));
    let band = fan.bands.first()?;
    let mut text = format!(
        "{} {label}: mean {:.6}, {} interval {:.6} to {:.6}",
        state.document.series.axis.step_name(),
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

/// The figures of the chosen parameter in a line.
fn parameter(state: &State) -> Option<String> {
    let row = state.report.as_ref()?.parameters.get(state.parameter)?;
    let summary = &row.summary;
    Some(format!(
        "{}: mean {:.6}, sd {:.6}, {:.0}% interval {:.6} to {:.6}, r_hat {:.4}, ESS {:.0} bulk, {:.0} tail",
        row.name,
        summary.mean,
        summary.sd,
        100.0 * summary.interval.prob,
        summary.interval.lower,
        summary.interval.upper,
        summary.r_hat,
        summary.ess_bulk,
        summary.ess_tail,
    ))
}

/// What the chosen check found, and what to do about it.
fn check(state: &State) -> Option<String> {
    let check = state.chosen_check()?;
    let mut text = format!("{} {}: {}", check.name, check.status.name(), check.message);
    if !check.advice.is_empty() {
        text += &format!("\n{}", check.advice);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::Headless;

    #[test]
    fn each_view_gives_what_is_chosen_in_it() {
        let mut explorer = Headless::failed();
        let copied = |explorer: &Headless| figures(&explorer.state).expect("something to copy");
        assert!(
            copied(&explorer).contains("94% interval"),
            "{}",
            copied(&explorer)
        );
        explorer.press("2<down>");
        assert!(
            copied(&explorer).starts_with("slope: mean 0.04969"),
            "{}",
            copied(&explorer)
        );
        explorer.press("3");
        let text = copied(&explorer);
        assert!(text.starts_with("chains_agree fail: Chain "), "{text}");
        assert!(text.contains("\nFit again with another seed"), "{text}");
    }
}
