//! The loop: takes events, does what they ask for, draws when something changed.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SendError, Sender};
use std::time::{Duration, Instant};

use super::answers::{Answer, Answers, Question};
use super::event::{Effect, Event};
use super::fitter::{Fitter, Place};
use super::keymap::Keymap;
use super::memory::{Memory, Visit};
use super::pixels::{Graphics, Pixels};
use super::recipe::Recipe;
use super::state::{Controls, Document, State, View};
use super::terminal::Screen;
use super::theme::{Background, Colors, Theme};
use super::worker::{self, Subject, Worker};
use super::{input, update, views, watch};
use crate::forecast::Fit;
use crate::model::{Model, ModelError};
use crate::series::Table;

/// How long the first frame waits for the forecast and the verdict: so short that nobody sees
/// it, so long that a trace of usual size comes up finished.
const FIRST_FRAME: Duration = Duration::from_millis(30);

/// How long a future of a presentation is on screen: at about two a second people see each of
/// them, and how they differ.
const PACE: Duration = Duration::from_millis(500);

/// What to explore.
pub struct Session {
    pub opened: Opened,
    pub presentation: Presentation,
    /// The file; the demo has none.
    pub path: Option<PathBuf>,
    /// What to call it.
    pub name: String,
    /// Reads the file again; the error is for the person.
    pub reopen: Arc<dyn Fn() -> Result<Opened, String> + Send + Sync>,
    pub keymap: Arc<Keymap>,
    /// The view to begin with.
    pub view: View,
    /// What to say first.
    pub greeting: Option<String>,
    /// Where to remember how it was left.
    pub memory: Option<Memory>,
    /// What to draw the chart in.
    pub graphics: Graphics,
}

/// How the presentation begins.
#[derive(Debug, Clone, Copy, Default)]
pub struct Presentation {
    /// It is what is shown first.
    pub open: bool,
    /// Its futures stand still until they are asked for.
    pub still: bool,
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Opened {
    /// A trace.
    Fit(Box<Fit>),
    /// A series with the columns beside it, to be fitted.
    Series { table: Table, model: Box<Model> },
}

/// How to explore it.
#[derive(Debug, Clone)]
pub struct Options {
    pub controls: Controls,
    pub colors: Colors,
    /// `None`: ask the terminal.
    pub background: Option<Background>,
}

/// How the explorer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    ByPerson,
    /// By a signal, whose usual effect is now to be had.
    BySignal(i32),
}

/// Explores a trace, or a series that is fitted first, until the person leaves or the terminal goes away.
///
/// # Errors
/// When the terminal cannot be used, or the model does not fit the trace.
pub fn run(session: Session, options: Options) -> Result<Ended, RunError> {
    let Session {
        opened,
        presentation,
        path,
        name,
        reopen,
        keymap,
        view,
        greeting,
        memory,
        graphics,
    } = session;
    let (events, inbox) = mpsc::channel();
    let worker = Worker::start(events.clone());
    let recipe = match opened {
        Opened::Fit(fit) => Recipe::of(&Arc::new(*fit)),
        Opened::Series { table, model } => Recipe::new(*model, Arc::new(table)),
    };
    let document = Document {
        path: path.clone(),
        ..match &recipe.fit {
            Some(fit) => Document::of(fit, &recipe.table, &name),
            None => Document::unfitted(&recipe, &name),
        }
    };
    let document = Arc::new(document);
    let place = Place {
        name: name.clone(),
        path: path.clone(),
        worker: worker.clone(),
        events: events.clone(),
    };
    let fitter = Fitter::start(place);
    match &recipe.fit {
        Some(fit) => {
            worker.replace(Subject::new(fit, &document)?);
            worker::check(fit.clone(), document.clone(), events.clone());
        }
        None => fitter.fit(recipe.clone()),
    }

    let mut screen = Screen::enter(true)?;
    let pixels = Pixels::start(graphics, options.colors, events.clone());
    let adapts = options.background.is_none();
    if adapts {
        Question::Background.ask()?;
    }
    pixels.ask()?;
    let background = options.background.unwrap_or_else(input::guess_background);
    let theme = Theme::new(options.colors, background);
    let mut state = State {
        keymap,
        view,
        ..State::new(document, recipe, theme, options.controls, screen.size())
    };
    if let Some(greeting) = greeting {
        state.greet(greeting);
    }
    state.present.paused = presentation.still;
    if presentation.open {
        state.present.back = state.view;
        state.view = View::Present;
    }

    let answers = Answers::expecting(adapts, pixels.asks());
    input::listen(events.clone(), answers);
    let signal = signals(&events)?;
    let source = Source {
        path,
        name,
        reopen,
        worker: worker.clone(),
        events,
    };
    watch::start(&source);

    let mut looping = Loop {
        screen: &mut screen,
        state,
        pixels,
        adapts,
        worker,
        fitter,
        source,
    };
    let run = looping.run(&inbox);
    let visit = Visit::of(&looping.state);
    drop(screen);
    if let Some(memory) = memory {
        // Without a place to remember it, the next visit starts anew.
        let _ = memory.keep(&visit);
    }
    run?;
    Ok(signal
        .lock()
        .ok()
        .and_then(|signal| *signal)
        .map_or(Ended::ByPerson, Ended::BySignal))
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// Where the trace came from, and whom to tell when it was read again.
#[derive(Clone)]
pub(super) struct Source {
    pub path: Option<PathBuf>,
    pub name: String,
    pub reopen: Arc<dyn Fn() -> Result<Opened, String> + Send + Sync>,
    pub worker: Worker,
    pub events: Sender<Event>,
}

impl Source {
    /// Reads the file again, and puts it in place of the old one if it is whole and valid.
    pub(super) fn reload(&self) {
        // The program may have ended meanwhile, so that nobody takes what is sent.
        let _ = match (self.reopen)() {
            Ok(Opened::Fit(fit)) => self.replace(Arc::new(*fit)),
            Ok(Opened::Series { table, .. }) => self.events.send(Event::Reread(Arc::new(table))),
            Err(why) => self.kept(&why),
        };
    }

    fn replace(&self, fit: Arc<Fit>) -> Result<(), SendError<Event>> {
        let recipe = Recipe::of(&fit);
        let document = Arc::new(Document {
            path: self.path.clone(),
            ..Document::of(&fit, &recipe.table, &self.name)
        });
        match Subject::new(&fit, &document) {
            Ok(subject) => self.worker.replace(subject),
            Err(error) => return self.kept(&error.to_string()),
        }
        // Before the verdict: another document forgets the one about the last.
        self.events.send(Event::Loaded(document.clone(), recipe))?;
        worker::check(fit, document, self.events.clone());
        Ok(())
    }

    fn kept(&self, why: &str) -> Result<(), SendError<Event>> {
        let why = format!("kept what was there: {why}");
        self.events.send(Event::LoadFailed(why))
    }
}

struct Loop<'a> {
    screen: &'a mut Screen,
    state: State,
    pixels: Pixels,
    /// Whether the colours follow the terminal's background.
    adapts: bool,
    worker: Worker,
    fitter: Fitter,
    source: Source,
}

impl Loop<'_> {
    fn run(&mut self, inbox: &Receiver<Event>) -> io::Result<()> {
        // Asks for the first forecast.
        let size = self.state.size;
        let first = Event::Terminal(crossterm::event::Event::Resize(size.width, size.height));
        if !self.take(first)? || !self.fill_first_frame(inbox)? {
            return Ok(());
        }
        self.draw()?;
        let mut due = None;
        while let Some(event) = self.next(inbox, &mut due) {
            if !self.take(event)? {
                return Ok(());
            }
            // All that has come in meanwhile goes into one frame.
            while let Ok(event) = inbox.try_recv() {
                if !self.take(event)? {
                    return Ok(());
                }
            }
            self.draw()?;
        }
        Ok(())
    }

    /// Waits for an event. Time makes one only while futures follow each other: the next is due
    /// a while after the last was drawn, so that a slow terminal gets fewer, not a queue of them.
    fn next(&self, inbox: &Receiver<Event>, due: &mut Option<Instant>) -> Option<Event> {
        if !self.state.plays() {
            *due = None;
            return inbox.recv().ok();
        }
        let at = *due.get_or_insert_with(|| Instant::now() + PACE);
        match inbox.recv_timeout(at.saturating_duration_since(Instant::now())) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => {
                *due = None;
                Some(Event::Tick)
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn fill_first_frame(&mut self, inbox: &Receiver<Event>) -> io::Result<bool> {
        let deadline = Instant::now() + FIRST_FRAME;
        while self.state.figures.is_none() || self.state.report.is_none() {
            match inbox.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(event) => {
                    if !self.take(event)? {
                        return Ok(false);
                    }
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Handles one event; `false` ends the loop.
    fn take(&mut self, event: Event) -> io::Result<bool> {
        let event = match event {
            Event::Continued => {
                self.screen.resume()?;
                self.state.size = self.screen.size();
                event
            }
            Event::Terminal(crossterm::event::Event::Resize(..)) => {
                self.pixels.measure();
                event
            }
            Event::Painted(picture) => {
                self.pixels.painted(picture);
                return Ok(true);
            }
            Event::Answered(answer) => {
                self.pixels.answered(&answer)?;
                match answer {
                    Answer::Background(color) if self.adapts => {
                        Event::Background(Background::of(color))
                    }
                    _ => return Ok(true),
                }
            }
            event => event,
        };
        for effect in update(&mut self.state, event) {
            match effect {
                Effect::Compute(query) => self.worker.ask(query),
                Effect::Portray(parameter) => self.worker.portray(parameter),
                Effect::Imagine(recipe) => self.worker.imagine(recipe, self.state.query()),
                Effect::Fit(recipe) => self.fitter.fit(recipe),
                Effect::StopFit => self.fitter.stop(),
                Effect::Write(what) => {
                    let writing = super::write::Writing::of(&self.state, what);
                    let events = self.source.events.clone();
                    std::thread::spawn(move || events.send(Event::Exported(writing.write())));
                }
                Effect::Reload => {
                    let source = self.source.clone();
                    std::thread::spawn(move || source.reload());
                }
                Effect::Copy(text) => self.screen.copy(&text)?,
                Effect::Export(format) => {
                    let export = super::export::Export::of(&self.state, format);
                    let events = self.source.events.clone();
                    std::thread::spawn(move || events.send(Event::Exported(export.write())));
                }
                Effect::Mouse(on) => self.screen.set_mouse(on)?,
                Effect::Redraw => self.screen.clear()?,
                Effect::Suspend => suspend()?,
                Effect::Quit => return Ok(false),
            }
        }
        Ok(true)
    }

    fn draw(&mut self) -> io::Result<()> {
        let state = &self.state;
        let picture = self.pixels.over(state, Instant::now());
        self.screen
            .draw(|area, buffer| views::draw(state, area, buffer), picture)
    }
}

/// The signal that ended the program, once one has.
type Ending = Arc<std::sync::Mutex<Option<i32>>>;

/// Turns signals into events. A stop from outside (SIGTSTP) gives the terminal back first.
#[cfg(unix)]
fn signals(events: &Sender<Event>) -> io::Result<Ending> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    let mut signals =
        signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    let ending = Ending::default();
    let (events, seen) = (events.clone(), ending.clone());
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => {
                    // Continued says when it is over.
                    let _ = suspend();
                    continue;
                }
                SIGCONT => Event::Continued,
                _ => {
                    if let Ok(mut seen) = seen.lock() {
                        *seen = Some(signal);
                    }
                    Event::Terminate
                }
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
    Ok(ending)
}

#[cfg(not(unix))]
fn signals(_: &Sender<Event>) -> io::Result<Ending> {
    Ok(Ending::default())
}

/// Gives the terminal back and stops the program; it goes on with [`Event::Continued`].
#[cfg(unix)]
fn suspend() -> io::Result<()> {
    super::terminal::give_back();
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}

#[cfg(not(unix))]
fn suspend() -> io::Result<()> {
    Ok(())
}
