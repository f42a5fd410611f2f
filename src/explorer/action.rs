//! What a person can do, in one table: keys, help, and the action they mean. Dispatch, the
//! footer, the help overlay and the documentation all read it, through the [`Keymap`] where keys
//! may be others than those of the table.
//!
//! [`Keymap`]: super::keymap::Keymap

use crossterm::event::{KeyCode, KeyModifiers};

use super::state::View;

/// Something the person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Change the horizon by steps.
    Horizon(i32),
    /// Change the interval by percentage points.
    Interval(i32),
    TypeHorizon,
    TypeInterval,
    /// Magnify (positive) or show more.
    Zoom(i32),
    ZoomReset,
    /// Move the view, in tenths of its width.
    Pan(i32),
    /// Move the read-out by steps.
    Cursor(i32),
    CursorHome,
    Threshold,
    Band,
    Paths,
    Chains,
    Seed,
    Undo,
    Export,
    Copy,
    Reload,
    Acknowledge,
    /// Show a view.
    View(View),
    /// Show the view that many places further on.
    NextView(i32),
    /// Choose an entry of the list that many places further on.
    Choose(i32),
    /// Show the draws of the parameter that the chosen check is about.
    OpenParameter,
    Glossary,
    /// Edit the chosen line of the model.
    Edit,
    /// Learn from so many rows more.
    Training(i32),
    /// Write the model or the trace to a file.
    Write,
    /// Show the forecast for others to look at.
    Present,
    /// Go back to where the presentation was opened.
    EndPresent,
    /// Let its futures stand still, or go on.
    Pause,
    /// Show the future that many places further on, and let it stand.
    Future(i32),
    /// Draw the mean in the presentation, or not.
    MeanLine,
    Mouse,
    Help,
    Redraw,
    Suspend,
    /// Leave what is open (a prompt, help, another view than the forecast), else the program.
    Back,
    Quit,
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub code: KeyCode,
    pub modifiers: KeyModifiers,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Keys, and the action each of them means.
    pub keys: &'static [(Key, Action)],
    /// The keys as help shows them.
    pub label: &'static str,
    pub help: &'static str,
    pub group: &'static Group,
}

/// Lines of the table that belong together.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    pub name: &'static str,
    /// Where its keys mean something.
    pub views: &'static [View],
}

const fn plain(code: KeyCode) -> Key {
    Key {
        code,
        modifiers: KeyModifiers::NONE,
    }
}

const fn ch(c: char) -> Key {
    plain(KeyCode::Char(c))
}

const fn shift(code: KeyCode) -> Key {
    Key {
        code,
        modifiers: KeyModifiers::SHIFT,
    }
}

const fn ctrl(c: char) -> Key {
    Key {
        code: KeyCode::Char(c),
        modifiers: KeyModifiers::CONTROL,
    }
}

pub const FORECAST: &Group = &Group {
    name: "Forecast",
    views: &[View::Forecast, View::Present],
};
pub const CHART: &Group = &Group {
    name: "Chart",
    views: &[View::Forecast, View::Present],
};
pub const LAYERS: &Group = &Group {
    name: "On the chart",
    views: &[View::Forecast, View::Present],
};
pub const LINES: &Group = &Group {
    name: "Lines on the chart",
    views: &[View::Forecast],
};
pub const PRESENT: &Group = &Group {
    name: "Presentation",
    views: &[View::Present],
};
pub const VIEWS: &Group = &Group {
    name: "Views",
    views: &View::ALL,
};
pub const LISTS: &Group = &Group {
    name: "Diagnostics and checks",
    views: &[View::Diagnostics, View::Checks],
};
pub const MODEL: &Group = &Group {
    name: "Model",
    views: &[View::Model],
};
pub const PROGRAM: &Group = &Group {
    name: "Program",
    views: &[
        View::Forecast,
        View::Diagnostics,
        View::Checks,
        View::Model,
        View::Present,
    ],
};

/// Keys of every list.
const CHOOSE: &[(Key, Action)] = &[
    (plain(KeyCode::Up), Action::Choose(-1)),
    (plain(KeyCode::Down), Action::Choose(1)),
    (ch('k'), Action::Choose(-1)),
    (ch('j'), Action::Choose(1)),
    (plain(KeyCode::Home), Action::Choose(i32::MIN)),
    (plain(KeyCode::End), Action::Choose(i32::MAX)),
];

/// The table.
pub const BINDINGS: &[Binding] = &[
    Binding {
        keys: &[
            (plain(KeyCode::Left), Action::Horizon(-1)),
            (plain(KeyCode::Right), Action::Horizon(1)),
        ],
        label: "← →",
        help: "horizon: one step less, one more",
        group: FORECAST,
    },
    Binding {
        keys: &[
            (shift(KeyCode::Left), Action::Horizon(-7)),
            (shift(KeyCode::Right), Action::Horizon(7)),
        ],
        label: "Shift ← →",
        help: "horizon: seven less, seven more",
        group: FORECAST,
    },
    Binding {
        keys: &[(ch('h'), Action::TypeHorizon)],
        label: "h",
        help: "horizon: type it (beyond 365 too)",
        group: FORECAST,
    },
    Binding {
        keys: &[
            (plain(KeyCode::Up), Action::Interval(1)),
            (plain(KeyCode::Down), Action::Interval(-1)),
        ],
        label: "↑ ↓",
        help: "interval: one point wider, narrower",
        group: FORECAST,
    },
    Binding {
        keys: &[(ch('i'), Action::TypeInterval)],
        label: "i",
        help: "interval: type it, 0.5 or 99.5%",
        group: FORECAST,
    },
    Binding {
        keys: &[(ch('s'), Action::Seed)],
        label: "s",
        help: "new seed: draw the predictive samples again",
        group: FORECAST,
    },
    Binding {
        keys: &[(ch('u'), Action::Undo)],
        label: "u",
        help: "undo the last change",
        group: FORECAST,
    },
    Binding {
        keys: &[
            (ch('+'), Action::Zoom(1)),
            (ch('='), Action::Zoom(1)),
            (ch('-'), Action::Zoom(-1)),
        ],
        label: "+ -",
        help: "zoom in, out",
        group: CHART,
    },
    Binding {
        keys: &[(ch('0'), Action::ZoomReset)],
        label: "0",
        help: "show history and forecast again",
        group: CHART,
    },
    Binding {
        keys: &[(ch('['), Action::Pan(-1)), (ch(']'), Action::Pan(1))],
        label: "[ ]",
        help: "move the view to earlier, later (or drag)",
        group: CHART,
    },
    Binding {
        keys: &[(ch(','), Action::Cursor(-1)), (ch('.'), Action::Cursor(1))],
        label: ", .",
        help: "read off the day before, after (or point)",
        group: CHART,
    },
    Binding {
        keys: &[(plain(KeyCode::End), Action::CursorHome)],
        label: "End",
        help: "read off the last day of the forecast",
        group: CHART,
    },
    Binding {
        keys: &[(ch('t'), Action::Threshold)],
        label: "t",
        help: "threshold: ↑ ↓, the pointer or digits move it",
        group: LAYERS,
    },
    Binding {
        keys: &[(ch('b'), Action::Band)],
        label: "b",
        help: "predictive band, or band of the mean alone",
        group: LAYERS,
    },
    Binding {
        keys: &[(plain(KeyCode::Enter), Action::Acknowledge)],
        label: "Enter",
        help: "a fit that failed: show its bands all the same",
        group: LAYERS,
    },
    Binding {
        keys: &[(ch('p'), Action::Paths)],
        label: "p",
        help: "sampled paths on or off; then a digit: how many",
        group: LINES,
    },
    Binding {
        keys: &[(ch('c'), Action::Chains)],
        label: "c",
        help: "one mean line a chain",
        group: LINES,
    },
    Binding {
        keys: &[
            (plain(KeyCode::Tab), Action::NextView(1)),
            (plain(KeyCode::BackTab), Action::NextView(-1)),
        ],
        label: "Tab",
        help: "the next view (Shift-Tab: the one before)",
        group: VIEWS,
    },
    Binding {
        keys: &[
            (ch('1'), Action::View(View::Forecast)),
            (ch('2'), Action::View(View::Diagnostics)),
            (ch('3'), Action::View(View::Checks)),
            (ch('4'), Action::View(View::Model)),
        ],
        label: "1 2 3 4",
        help: "forecast, diagnostics, checks, model",
        group: VIEWS,
    },
    Binding {
        keys: &[(ch('P'), Action::Present)],
        label: "P",
        help: "present it: the chart large, futures one by one",
        group: VIEWS,
    },
    Binding {
        keys: &[(ch('g'), Action::Glossary)],
        label: "g",
        help: "glossary: what every figure means",
        group: VIEWS,
    },
    Binding {
        keys: &[(ch(' '), Action::Pause)],
        label: "Space",
        help: "futures stand still, or go on",
        group: PRESENT,
    },
    Binding {
        keys: &[
            (plain(KeyCode::Left), Action::Future(-1)),
            (plain(KeyCode::Right), Action::Future(1)),
        ],
        label: "← →",
        help: "the future before, after; it stands still",
        group: PRESENT,
    },
    Binding {
        keys: &[(ch('l'), Action::MeanLine)],
        label: "l",
        help: "the line of the mean, on or off",
        group: PRESENT,
    },
    Binding {
        keys: &[
            (ch('P'), Action::EndPresent),
            (plain(KeyCode::Esc), Action::EndPresent),
            (ch('q'), Action::EndPresent),
        ],
        label: "P Esc q",
        help: "back to where it was opened; Ctrl-C leaves fanchart",
        group: PRESENT,
    },
    Binding {
        keys: CHOOSE,
        label: "↑ ↓",
        help: "choose a parameter, a check (or click it)",
        group: LISTS,
    },
    Binding {
        keys: &[(plain(KeyCode::Enter), Action::OpenParameter)],
        label: "Enter",
        help: "a check of a parameter: show its draws",
        group: LISTS,
    },
    Binding {
        keys: CHOOSE,
        label: "↑ ↓",
        help: "choose a line of the model (or click it)",
        group: MODEL,
    },
    Binding {
        keys: &[(plain(KeyCode::Enter), Action::Edit)],
        label: "Enter",
        help: "edit the line; the fit follows at once",
        group: MODEL,
    },
    Binding {
        keys: &[
            (plain(KeyCode::Left), Action::Training(-1)),
            (plain(KeyCode::Right), Action::Training(1)),
            (shift(KeyCode::Left), Action::Training(-7)),
            (shift(KeyCode::Right), Action::Training(7)),
        ],
        label: "← →",
        help: "learn from a row less, more (Shift: seven): what would it have said?",
        group: MODEL,
    },
    Binding {
        keys: &[(ch('u'), Action::Undo)],
        label: "u",
        help: "undo the last change of the model",
        group: MODEL,
    },
    Binding {
        keys: &[(ch('w'), Action::Write)],
        label: "w",
        help: "write the model or the fitted trace to a file",
        group: MODEL,
    },
    Binding {
        keys: &[(ch('e'), Action::Export)],
        label: "e",
        help: "export: CSV, JSON, SVG or PNG",
        group: PROGRAM,
    },
    Binding {
        keys: &[(ch('y'), Action::Copy)],
        label: "y",
        help: "copy the figures of the day, the parameter, the check",
        group: PROGRAM,
    },
    Binding {
        keys: &[(ch('r'), Action::Reload)],
        label: "r",
        help: "read the file again",
        group: PROGRAM,
    },
    Binding {
        keys: &[(ch('m'), Action::Mouse)],
        label: "m",
        help: "mouse on or off (off: the terminal selects text)",
        group: PROGRAM,
    },
    Binding {
        keys: &[
            (ch('?'), Action::Help),
            (plain(KeyCode::F(1)), Action::Help),
        ],
        label: "?",
        help: "this help",
        group: PROGRAM,
    },
    Binding {
        keys: &[(ctrl('z'), Action::Suspend)],
        label: "Ctrl-Z",
        help: "suspend; fg comes back",
        group: PROGRAM,
    },
    Binding {
        keys: &[(ctrl('l'), Action::Redraw)],
        label: "Ctrl-L",
        help: "draw the screen afresh",
        group: PROGRAM,
    },
    Binding {
        keys: &[
            (ch('q'), Action::Quit),
            (plain(KeyCode::Esc), Action::Back),
            (ctrl('c'), Action::Quit),
        ],
        label: "q Esc",
        help: "leave (Esc stops a fit; in another view: back to the forecast)",
        group: PROGRAM,
    },
];
