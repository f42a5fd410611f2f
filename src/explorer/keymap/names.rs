//! What the actions of the table are called in a config file, and what each of them does.

use crate::explorer::action::Action;
use crate::explorer::state::View;

/// An action by name.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    pub name: &'static str,
    pub action: Action,
    /// What it does, for where it stands alone.
    pub words: &'static str,
}

const fn named(name: &'static str, action: Action, words: &'static str) -> Named {
    Named {
        name,
        action,
        words,
    }
}

/// Every action that has a key.
pub const NAMES: &[Named] = &[
    named(
        "horizon-less",
        Action::Horizon(-1),
        "horizon: one step less",
    ),
    named("horizon-more", Action::Horizon(1), "horizon: one step more"),
    named("horizon-less-7", Action::Horizon(-7), "horizon: seven less"),
    named("horizon-more-7", Action::Horizon(7), "horizon: seven more"),
    named("horizon-type", Action::TypeHorizon, "horizon: type it"),
    named(
        "interval-wider",
        Action::Interval(1),
        "interval: one point wider",
    ),
    named(
        "interval-narrower",
        Action::Interval(-1),
        "interval: one point narrower",
    ),
    named("interval-type", Action::TypeInterval, "interval: type it"),
    named("seed", Action::Seed, "new seed: draw the samples again"),
    named("undo", Action::Undo, "undo the last change"),
    named("zoom-in", Action::Zoom(1), "zoom in"),
    named("zoom-out", Action::Zoom(-1), "zoom out"),
    named(
        "zoom-reset",
        Action::ZoomReset,
        "show history and forecast again",
    ),
    named("move-earlier", Action::Pan(-1), "move the view to earlier"),
    named("move-later", Action::Pan(1), "move the view to later"),
    named("day-before", Action::Cursor(-1), "read off the day before"),
    named("day-after", Action::Cursor(1), "read off the day after"),
    named(
        "day-last",
        Action::CursorHome,
        "read off the last day of the forecast",
    ),
    named("threshold", Action::Threshold, "threshold on or off"),
    named(
        "band",
        Action::Band,
        "predictive band, or band of the mean alone",
    ),
    named("paths", Action::Paths, "sampled paths on or off"),
    named("chains", Action::Chains, "one mean line a chain"),
    named(
        "show-failed",
        Action::Acknowledge,
        "a fit that failed: show its bands all the same",
    ),
    named("view-next", Action::NextView(1), "the next view"),
    named("view-previous", Action::NextView(-1), "the view before"),
    named(
        "view-forecast",
        Action::View(View::Forecast),
        "the forecast",
    ),
    named(
        "view-diagnostics",
        Action::View(View::Diagnostics),
        "the diagnostics",
    ),
    named("view-checks", Action::View(View::Checks), "the checks"),
    named("view-model", Action::View(View::Model), "the model"),
    named(
        "glossary",
        Action::Glossary,
        "glossary: what every figure means",
    ),
    named("choose-previous", Action::Choose(-1), "the entry above"),
    named("choose-next", Action::Choose(1), "the entry below"),
    named("choose-first", Action::Choose(i32::MIN), "the first entry"),
    named("choose-last", Action::Choose(i32::MAX), "the last entry"),
    named(
        "open-parameter",
        Action::OpenParameter,
        "a check of a parameter: show its draws",
    ),
    named("edit", Action::Edit, "edit the line of the model"),
    named(
        "training-less",
        Action::Training(-1),
        "learn from a row less",
    ),
    named(
        "training-more",
        Action::Training(1),
        "learn from a row more",
    ),
    named(
        "training-less-7",
        Action::Training(-7),
        "learn from seven rows less",
    ),
    named(
        "training-more-7",
        Action::Training(7),
        "learn from seven rows more",
    ),
    named(
        "write",
        Action::Write,
        "write the model or the trace to a file",
    ),
    named("export", Action::Export, "export: CSV, JSON, SVG or PNG"),
    named(
        "copy",
        Action::Copy,
        "copy the figures of the day, the parameter, the check",
    ),
    named("reload", Action::Reload, "read the file again"),
    named("mouse", Action::Mouse, "mouse on or off"),
    named("help", Action::Help, "help"),
    named("suspend", Action::Suspend, "suspend; fg comes back"),
    named("redraw", Action::Redraw, "draw the screen afresh"),
    named("quit", Action::Quit, "leave"),
    named(
        "back",
        Action::Back,
        "stop a fit; back to the forecast; leave",
    ),
    named("present", Action::Present, "present the forecast"),
    named(
        "futures-pause",
        Action::Pause,
        "futures stand still, or go on",
    ),
    named("future-before", Action::Future(-1), "the future before"),
    named("future-after", Action::Future(1), "the future after"),
    named(
        "mean-line",
        Action::MeanLine,
        "the line of the mean on or off",
    ),
    named(
        "present-end",
        Action::EndPresent,
        "back from the presentation",
    ),
];

impl Action {
    /// What the action is called in a config file.
    pub fn named(self) -> Option<&'static Named> {
        NAMES.iter().find(|named| named.action == self)
    }
}
