//! The explorer without a terminal: the same state, update, engine and views, with answers given
//! at once. Pictures, text output, tests and benches use it.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::engine::Engine;
use super::event::{Effect, Event};
use super::figures::{Figures, Query};
use super::fitter::fitted;
use super::recipe::Recipe;
use super::report::Report;
use super::session::Options;
use super::state::{Document, State};
use super::theme::{Background, Theme};
use super::worker::{DRAWS, imagined, portrait};
use super::{update, views};
use crate::forecast::Fit;
use crate::model::ModelError;
use crate::sampler::{self, Progress};

pub struct Headless {
    pub state: State,
    /// How much to sample when the model is changed.
    pub sampling: sampler::Options,
    engine: Engine,
    fit: Arc<Fit>,
}

impl Headless {
    /// Opens a fit, forecast and verdict included.
    ///
    /// # Errors
    /// When the model does not fit the trace.
    pub fn new(fit: &Fit, name: &str, options: &Options, size: Size) -> Result<Self, ModelError> {
        let theme = Theme::new(
            options.colors,
            options.background.unwrap_or(Background::Dark),
        );
        let fit = Arc::new(fit.clone());
        let recipe = Recipe::of(&fit);
        let document = Document {
            path: fit.trace.origin.path.clone(),
            ..Document::of(&fit, &recipe.table, name)
        };
        let engine = Engine::new(fit.forecaster(DRAWS)?, recipe.table.clone());
        let state = State::new(Arc::new(document), recipe, theme, options.controls, size);
        let mut headless = Self {
            state,
            sampling: sampler::Options::default(),
            engine,
            fit,
        };
        headless.handle(Event::Terminal(Input::Resize(size.width, size.height)));
        headless.report(Report::of(&headless.fit.trace));
        Ok(headless)
    }

    /// Takes an event and does what follows from it, but for effects on a terminal and on
    /// files, which are returned.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut rest = Vec::new();
        for effect in update(&mut self.state, event) {
            match effect {
                Effect::Compute(query) => rest.extend(self.forecast(&query)),
                Effect::Portray(parameter) => rest.extend(self.portray(parameter)),
                Effect::Imagine(recipe) => rest.extend(self.imagine(recipe)),
                Effect::Fit(recipe) => rest.extend(self.refit(&recipe)),
                _ => rest.push(effect),
            }
        }
        rest
    }

    fn forecast(&mut self, query: &Query) -> Vec<Effect> {
        let answer = match self.engine.answer(query) {
            // Pictures and snapshots do not depend on how fast a machine is.
            Ok(figures) => Event::Figures(Arc::new(Figures {
                elapsed: Duration::ZERO,
                ..figures
            })),
            Err(error) => Event::ForecastFailed(error.to_string()),
        };
        self.handle(answer)
    }

    fn portray(&mut self, parameter: usize) -> Vec<Effect> {
        let Some(portrait) = portrait(&self.fit.trace, parameter) else {
            return vec![];
        };
        let document = self.state.document.clone();
        self.handle(Event::Portrayed(document, parameter, Arc::new(portrait)))
    }

    fn imagine(&mut self, recipe: Recipe) -> Vec<Effect> {
        let imagined = imagined(&recipe, &self.state.query()).map(Arc::new);
        self.handle(Event::Prior(recipe, imagined))
    }

    fn refit(&mut self, recipe: &Recipe) -> Vec<Effect> {
        let fitted = match &recipe.fit {
            Some(_) => Ok(recipe.clone()),
            None => fitted(recipe, &self.sampling, &Progress::default()).map(|(recipe, _)| recipe),
        };
        let fitted = fitted.and_then(|recipe| {
            let fit = recipe.fit.clone().ok_or("there is no fit")?;
            let forecaster = fit.forecaster(DRAWS).map_err(|error| error.to_string())?;
            Ok((recipe, fit, forecaster))
        });
        let (recipe, fit, forecaster) = match fitted {
            Ok(fitted) => fitted,
            Err(why) => return self.handle(Event::FitFailed(why)),
        };
        self.engine = Engine::new(forecaster, recipe.table.clone());
        let document = Document {
            path: self.state.document.path.clone(),
            ..Document::of(&fit, &recipe.table, &self.state.document.name)
        };
        self.fit = fit;
        // How long it took is left out, so that pictures do not depend on the machine.
        let mut rest = self.handle(Event::Fitted(Arc::new(document), recipe, "fitted".into()));
        let report = Report::of(&self.fit.trace);
        rest.extend(self.report(report));
        rest
    }

    /// Adds to the report what the data say of the model, which takes longer than the rest.
    pub fn check_against_data(&mut self, fit: &Fit) {
        self.report(Report::of(&fit.trace).against_data(fit));
    }

    fn report(&mut self, report: Report) -> Vec<Effect> {
        self.handle(Event::Checked(
            self.state.document.clone(),
            Arc::new(report),
        ))
    }

    /// Presses keys: characters, and names in angle brackets such as `<right>` or `<s-left>`.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        parse(keys)
            .into_iter()
            .flat_map(|key| self.handle(Event::Terminal(Input::Key(key))))
            .collect()
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.handle(Event::Terminal(Input::Resize(width, height)));
    }

    /// The verdict, the chart without colours and the last day's figures, as lines of text.
    pub fn text(&self) -> String {
        let area = self.state.area();
        let mut buffer = Buffer::empty(area);
        super::widgets::chart::draw(&self.state, area, &mut buffer);
        let rows = buffer.content.chunks(usize::from(area.width).max(1));
        let chart = rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
        let mut lines = vec![super::widgets::title::line(&self.state), String::new()];
        lines.extend(chart.map(|line| line.trim_end().to_string()));
        lines.push(super::widgets::panel::line(&self.state));
        lines.join("\n") + "\n"
    }

    /// The screen.
    pub fn draw(&self) -> Buffer {
        let mut buffer = Buffer::empty(self.state.area());
        views::draw(&self.state, self.state.area(), &mut buffer);
        buffer
    }
}

fn parse(keys: &str) -> Vec<KeyEvent> {
    let mut out = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|inner| inner.split_once('>'));
        if let Some((name, after)) = named
            && let Some(key) = key_named(name)
        {
            out.push(key);
            rest = after;
        } else {
            out.push(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn key_named(name: &str) -> Option<KeyEvent> {
    let (modifiers, name) = match name.split_once('-') {
        Some(("s", name)) => (KeyModifiers::SHIFT, name),
        Some(("c", name)) => (KeyModifiers::CONTROL, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "end" => KeyCode::End,
        "home" => KeyCode::Home,
        "tab" if modifiers == KeyModifiers::SHIFT => KeyCode::BackTab,
        "tab" => KeyCode::Tab,
        "backspace" => KeyCode::Backspace,
        "pagedown" => KeyCode::PageDown,
        _ => {
            let mut letters = name.chars();
            let letter = letters.next().filter(|_| letters.next().is_none())?;
            KeyCode::Char(letter)
        }
    };
    Some(KeyEvent::new(code, modifiers))
}

/// What the tests of the explorer's parts start from.
#[cfg(test)]
impl Headless {
    /// The demo in a window with room for everything.
    pub(super) fn demo() -> Self {
        Self::opened("trace.nc")
    }

    /// A fit that failed.
    pub(super) fn failed() -> Self {
        Self::opened("stuck-chain.nc")
    }

    fn opened(name: &str) -> Self {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("artifacts")
            .join(name);
        let trace = crate::trace::Trace::open(&path, &Default::default()).expect("a trace");
        let fit = Fit::assemble(trace, None, None).expect("a fit");
        let options = Options {
            controls: super::Controls::default(),
            colors: super::theme::Colors::True,
            background: None,
        };
        Self::new(&fit, name, &options, Size::new(120, 36)).expect("the model fits the trace")
    }
}
