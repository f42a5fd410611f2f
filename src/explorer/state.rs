//! What the explorer knows. Plain data: changed by [`super::update`], drawn by [`super::views`].

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::{Rect, Size};

use super::figures::{Figures, Presented, Query};
use super::keymap::Keymap;
use super::numbers::count;
use super::recipe::Recipe;
use super::report::Report;
use super::theme::Theme;
use super::worker::{DRAWS, Imagined};
use crate::diagnostics::{Check, Portrait};
use crate::forecast::{Distribution, Fit, Horizon, Probability};
use crate::sampler::ChainProgress;
use crate::series::{Series, Table};

/// The facts about an opened trace that are shown or steer the view.
#[derive(Debug, Clone)]
pub struct Document {
    /// File name, or that this is the demo.
    pub name: String,
    pub path: Option<PathBuf>,
    pub model: String,
    pub chains: usize,
    pub draws: usize,
    /// "PyMC 5.28.5", where the file says.
    pub library: Option<String>,
    /// What the model learnt from: the forecast begins after it.
    pub series: Series,
    /// All observations, those after the training rows too.
    pub observed: Arc<Table>,
    /// Steps that can be forecast, where columns of the data limit them.
    pub ahead: Option<usize>,
    /// What was passed over or assumed while reading.
    pub notes: Vec<String>,
}

impl Document {
    /// A series that has no fit yet.
    pub fn unfitted(recipe: &Recipe, name: &str) -> Self {
        Self {
            name: name.to_string(),
            path: None,
            model: recipe.model.name().to_string(),
            chains: 0,
            draws: 0,
            library: None,
            series: recipe.training_series(),
            observed: recipe.table.clone(),
            ahead: None,
            notes: Vec::new(),
        }
    }

    /// A fit; `observed` may go on after what it was fitted to.
    pub fn of(fit: &Fit, observed: &Arc<Table>, name: &str) -> Self {
        let origin = &fit.trace.origin;
        let library = origin.inference_library.as_ref().map(|library| {
            let library = match library.as_str() {
                "pymc" => "PyMC",
                "numpyro" => "NumPyro",
                "cmdstanpy" => "CmdStanPy",
                other => other,
            };
            let version = origin
                .inference_library_version
                .as_deref()
                .unwrap_or_default();
            format!("{library} {version}").trim_end().to_string()
        });
        let draws = fit.trace.chains() * fit.trace.draws();
        let thinned = (draws > DRAWS).then(|| {
            format!(
                "forecast from {} of {} draws, spread evenly; the checks use all of them",
                count(DRAWS),
                count(draws)
            )
        });
        Self {
            name: name.to_string(),
            path: origin.path.clone(),
            model: fit.model.name().to_string(),
            chains: fit.trace.chains(),
            draws: fit.trace.draws(),
            library,
            series: fit.series.clone(),
            observed: observed.clone(),
            ahead: fit.known_ahead(),
            notes: thinned.into_iter().chain(origin.notes.clone()).collect(),
        }
    }
}

/// What a person sets, and can take back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Controls {
    pub horizon: Horizon,
    pub interval: Probability,
    pub distribution: Distribution,
    pub seed: u64,
    pub threshold: Option<f64>,
    pub paths: usize,
    pub chains: bool,
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            horizon: Horizon::DEFAULT,
            interval: Probability::DEFAULT,
            distribution: Distribution::Predictive,
            seed: 0,
            threshold: None,
            paths: 0,
            chains: false,
        }
    }
}

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Forecast,
    Diagnostics,
    Checks,
    Model,
    /// The forecast for others to look at; it has no tab, and leads back to where it was opened.
    Present,
}

impl View {
    /// Those with a tab.
    pub const ALL: [Self; 4] = [Self::Forecast, Self::Diagnostics, Self::Checks, Self::Model];

    pub fn name(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Diagnostics => "diagnostics",
            Self::Checks => "checks",
            Self::Model => "model",
            Self::Present => "presentation",
        }
    }

    /// The view that many places further on, around the end.
    pub fn after(self, by: i32) -> Self {
        let at = Self::ALL.iter().position(|view| *view == self).unwrap_or(0) as i32;
        Self::ALL[(at + by).rem_euclid(Self::ALL.len() as i32) as usize]
    }
}

/// Which positions are on screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Viewport {
    /// The forecast with as much history again, with half as much in a presentation.
    Follow,
    Fixed {
        from: f64,
        to: f64,
    },
}

/// A line that asks for something typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub kind: PromptKind,
    pub text: String,
    pub error: Option<String>,
    /// The controls to come back to when it is cancelled.
    pub before: Controls,
    /// Characters of the text before the place where typing goes on.
    pub at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    Horizon,
    Interval,
    Threshold,
    Paths,
    Export,
    /// A line of the model.
    Model,
    /// What to write of a fit that is not in a file.
    Write,
}

/// A sheet of text over the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlay {
    pub sheet: Sheet,
    /// Lines scrolled.
    pub scroll: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// What the keys do.
    Help,
    /// What the figures mean.
    Glossary,
}

/// A line that says what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub problem: bool,
}

/// What the pointer holds while a button is down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drag {
    /// Moves the window that was shown when the button went down at `column`.
    Pan {
        column: u16,
        from: f64,
        to: f64,
    },
    /// `steps` more a column.
    Horizon {
        column: u16,
        horizon: u32,
        steps: f64,
    },
    /// Wider with every row up and every column to the right.
    Interval {
        column: u16,
        row: u16,
        interval: f64,
    },
    Threshold,
}

/// How the forecast is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// The view to come back to.
    pub back: View,
    /// The future on show, and the one before it, which fades.
    pub future: usize,
    pub before: Option<usize>,
    /// How many were shown by themselves since it was opened.
    pub shown: usize,
    /// Whether futures stand still.
    pub paused: bool,
    /// Whether the mean is drawn: one line makes people surer than they should be (Kale, Kay and
    /// Hullman 2020), so it is asked for.
    pub mean: bool,
}

impl Default for Present {
    fn default() -> Self {
        Self {
            back: View::Forecast,
            future: 0,
            before: None,
            shown: 0,
            paused: false,
            mean: false,
        }
    }
}

#[derive(Debug, Clone)]
pub struct State {
    pub size: Size,
    pub theme: Theme,
    pub keymap: Arc<Keymap>,
    pub view: View,
    pub document: Arc<Document>,
    pub controls: Controls,
    /// Earlier controls, oldest first.
    pub undo: Vec<Controls>,
    pub viewport: Viewport,
    /// Position of the read-out; the last step of the forecast while `None`.
    pub cursor: Option<f64>,
    pub figures: Option<Arc<Figures>>,
    pub report: Option<Arc<Report>>,
    /// Place of the chosen parameter in the report.
    pub parameter: usize,
    /// Its draws, or those of the one chosen before while they are being looked at.
    pub portrait: Option<(usize, Arc<Portrait>)>,
    /// The parameter whose portrait was last asked for.
    pub portrayed: Option<usize>,
    /// Name of the chosen check; the gravest while `None`.
    pub check: Option<&'static str>,
    /// What the fit was made from, and what it was before, oldest first.
    pub recipe: Recipe,
    pub recipes: Vec<Recipe>,
    /// The chosen line of the model.
    pub line: usize,
    /// What the priors alone would forecast, and the recipe they are of.
    pub prior: Option<(Recipe, Arc<Imagined>)>,
    /// The recipe that was last asked for.
    pub prior_asked: Option<Recipe>,
    /// How far the fit is that runs; empty while the start is looked for.
    pub fitting: Option<Vec<ChainProgress>>,
    /// Whether the person has said that they saw that the fit failed.
    pub failure_seen: bool,
    pub present: Present,
    pub prompt: Option<Prompt>,
    /// What lies over the view, if anything.
    pub overlay: Option<Overlay>,
    pub notice: Option<Notice>,
    /// What to say once the fit that runs is done.
    pub greeting: Option<String>,
    pub drag: Option<Drag>,
    pub mouse: bool,
    /// The query last sent off.
    pub asked: Option<Query>,
}

impl State {
    pub fn new(
        document: Arc<Document>,
        recipe: Recipe,
        theme: Theme,
        controls: Controls,
        size: Size,
    ) -> Self {
        let notice = document.notes.first().map(|note| Notice {
            text: note.clone(),
            problem: false,
        });
        Self {
            size,
            theme,
            keymap: Arc::default(),
            view: View::Forecast,
            document,
            controls,
            undo: Vec::new(),
            viewport: Viewport::Follow,
            cursor: None,
            figures: None,
            report: None,
            parameter: 0,
            portrait: None,
            portrayed: None,
            check: None,
            fitting: recipe.fit.is_none().then(Vec::new),
            recipe,
            recipes: Vec::new(),
            line: 0,
            prior: None,
            prior_asked: None,
            failure_seen: false,
            present: Present::default(),
            prompt: None,
            overlay: None,
            notice,
            greeting: None,
            drag: None,
            mouse: true,
            asked: None,
        }
    }

    /// Says something before what there is to say already; while a fit runs, after it.
    pub fn greet(&mut self, greeting: String) {
        if self.fitting.is_some() {
            self.greeting = Some(greeting);
            return;
        }
        let text = match &self.notice {
            Some(notice) => format!("{greeting} · {}", notice.text),
            None => greeting,
        };
        self.notice = Some(Notice {
            text,
            problem: false,
        });
    }

    pub fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.width, self.size.height)
    }

    /// Position of the last training row.
    pub fn last_observed(&self) -> f64 {
        self.document.series.axis.ahead(-1)
    }

    /// Position of the last step of the forecast.
    pub fn last_forecast(&self) -> f64 {
        self.last_observed() + self.controls.horizon.steps() as f64
    }

    /// Positions on screen, left and right.
    pub fn window(&self) -> (f64, f64) {
        match self.viewport {
            Viewport::Fixed { from, to } => (from, to),
            Viewport::Follow => {
                let horizon = self.controls.horizon.steps() as f64;
                let history = match self.view {
                    // The forecast is what it is about.
                    View::Present => (0.5 * horizon).max(14.0),
                    _ => (1.2 * horizon).max(35.0),
                };
                let history = history.min(self.last_observed() + 1.0);
                let width = history + horizon;
                (
                    self.last_observed() - history + 0.5,
                    self.last_forecast() + 0.02 * width + 0.5,
                )
            }
        }
    }

    /// What should be on screen now.
    pub fn query(&self) -> Query {
        Query {
            horizon: self.controls.horizon,
            interval: self.controls.interval,
            distribution: self.controls.distribution,
            seed: self.controls.seed,
            threshold: self.controls.threshold,
            presented: self.view == View::Present,
            window: self.window(),
        }
    }

    /// Position of the read-out; a presentation is of the forecast alone.
    pub fn cursor_position(&self) -> f64 {
        let first = match self.view {
            View::Present => self.last_observed() + 1.0,
            _ => f64::NEG_INFINITY,
        };
        let last = self.last_forecast();
        self.cursor.unwrap_or(last).min(last).max(first)
    }

    /// The step of the forecast that is read off, or the nearest one while a longer forecast is
    /// not there yet.
    pub fn chosen_step(&self) -> Option<usize> {
        let fan = &self.figures.as_ref()?.forecast;
        let at = self.cursor_position().clamp(fan.start, fan.end());
        fan.nearest(at)
    }

    /// What a presentation shows; nothing of a fit that failed until the person has seen that.
    pub fn presented(&self) -> Option<&Presented> {
        let figures = self.figures.as_ref().filter(|_| !self.unread_failure());
        figures?.presented.as_ref()
    }

    /// Whether futures follow each other on screen by themselves.
    pub fn plays(&self) -> bool {
        let several = |shown: &Presented| shown.futures.len() > 1;
        self.view == View::Present
            && !self.present.paused
            && self.overlay.is_none()
            && self.presented().is_some_and(several)
    }

    /// The chosen check; the gravest until one is chosen.
    pub fn chosen_check(&self) -> Option<&Check> {
        let checks = self.report.as_ref()?.by_gravity();
        let chosen = checks
            .iter()
            .find(|check| Some(check.name) == self.check)
            .or(checks.first());
        chosen.copied()
    }

    /// Whether the fit failed and nobody has said yet that they know.
    pub fn unread_failure(&self) -> bool {
        self.failed() && !self.failure_seen
    }

    /// Whether the fit failed; one that still runs has not.
    pub fn failed(&self) -> bool {
        self.fitting.is_none() && self.report.as_ref().is_some_and(|report| report.failed())
    }
}
