//! The chart as a picture in place of its cells, on terminals that say that they can show one.
//!
//! The cells are always drawn, and answer to every key at once. Where they have stood still for
//! a moment the `painter` draws the same chart in pixels, and it is laid over them: the figures
//! are the same, the frame of the curves is the same to the pixel, and so the pointer finds what
//! it points at. A chart that changes keeps its last picture for as long as the next one takes,
//! and goes on in cells if that is not in time.

mod detect;
mod painter;
mod protocol;
mod subject;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crossterm::terminal;

use super::answers::{Answer, Question};
use super::event::Event;
use super::picture::Rgb;
use super::state::State;
use super::theme::Colors;
use detect::Next;
use painter::Painter;
use subject::Subject;

pub use detect::Protocol;
pub use painter::Picture;
pub use protocol::forget;

/// How long a picture stays that shows what was before the last change.
const HOLD: Duration = Duration::from_millis(150);

const NO_PICTURES: &str = "the chart is in cells: this terminal shows no pictures";

/// What the chart is drawn in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Graphics {
    /// In pixels where the terminal says that it can, else in cells
    #[default]
    Auto,
    /// In character cells; the terminal is not asked
    Cells,
    /// In pixels where the terminal can, even if all else has few colours; says so where it cannot
    Pixels,
}

/// Which picture is to be on screen, and how it comes there.
pub struct Pixels {
    painter: Painter,
    protocol: Option<Protocol>,
    /// What the terminal is to be asked next.
    next: Next,
    /// Whether a person asked for pictures, and is to be told what came of it.
    wanted: bool,
    /// Width and height of a cell in pixels, where the terminal says them.
    cell: Option<(u16, u16)>,
    /// The colour of the terminal around the picture.
    around: Option<Rgb>,
    asked: Option<Subject>,
    /// The last picture that came for what was asked.
    picture: Option<Arc<Picture>>,
    shown: bool,
    /// Since when the picture on screen shows what was before.
    stale: Option<Instant>,
    events: Sender<Event>,
}

impl Pixels {
    /// Whether and what to ask is decided here, from the environment; nothing is asked yet.
    pub fn start(graphics: Graphics, colors: Colors, events: Sender<Event>) -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let next = match graphics {
            Graphics::Cells => Next::Nothing,
            // The picture's colours would not be those of the words beside it.
            Graphics::Auto if colors < Colors::TwoHundredFiftySix => Next::Nothing,
            // Elsewhere the answers do not come in among the keys.
            Graphics::Auto | Graphics::Pixels if cfg!(unix) => detect::first(variable),
            Graphics::Auto | Graphics::Pixels => Next::Nothing,
        };
        let mut pixels = Self {
            painter: Painter::start(events.clone()),
            protocol: None,
            next,
            wanted: graphics == Graphics::Pixels,
            cell: None,
            around: None,
            asked: None,
            picture: None,
            shown: false,
            stale: None,
            events,
        };
        pixels.measure();
        if next == Next::Nothing {
            pixels.tell(NO_PICTURES);
        } else if pixels.cell.is_none() {
            pixels.next = Next::Nothing;
            pixels.tell("the chart is in cells: the terminal does not say how large they are");
        } else {
            pixels.tell("the chart is in cells until the terminal says that it shows pictures");
        }
        pixels
    }

    /// Whether the terminal is asked anything.
    pub fn asks(&self) -> bool {
        self.next != Next::Nothing
    }

    /// Asks the terminal what is next, if anything.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn ask(&self) -> io::Result<()> {
        match self.next {
            Next::Ask(question) => question.ask(),
            Next::Speaks(_) | Next::Nothing => Ok(()),
        }
    }

    /// Takes an answer of the terminal, and asks what it leaves open.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn answered(&mut self, answer: &Answer) -> io::Result<()> {
        if let Answer::Background(color) = answer {
            self.around = Some(*color);
        }
        let Some(next) = detect::after(answer) else {
            return Ok(());
        };
        self.next = next;
        match next {
            Next::Speaks(protocol) => {
                self.protocol = Some(protocol);
                self.tell("the chart is in pixels");
                // Who named the theme was not asked for it, but a picture has to blend in.
                if self.around.is_none() {
                    Question::Background.ask()?;
                }
            }
            Next::Nothing => self.tell(NO_PICTURES),
            Next::Ask(_) => {}
        }
        self.ask()
    }

    /// Asks the system how large a cell is, after the terminal may have changed.
    pub fn measure(&mut self) {
        let size = terminal::window_size().ok();
        self.cell = size.and_then(|size| {
            let pixels = |all: u16, cells: u16| all.checked_div(cells).filter(|side| *side >= 4);
            Some((
                pixels(size.width, size.columns)?,
                pixels(size.height, size.rows)?,
            ))
        });
    }

    /// Takes a picture that was asked for; one of what is shown no more is of no use.
    pub fn painted(&mut self, picture: Arc<Picture>) {
        if self.asked.as_ref() == Some(&picture.subject) {
            self.picture = Some(picture);
        }
    }

    /// The picture that belongs over the cells of a state.
    pub fn over(&mut self, state: &State, now: Instant) -> Option<Arc<Picture>> {
        let picture = self.choose(state, now);
        self.shown = picture.is_some();
        picture
    }

    fn choose(&mut self, state: &State, now: Instant) -> Option<Arc<Picture>> {
        let protocol = self.protocol?;
        let Some(subject) = Subject::of(state, self.cell?, self.around) else {
            self.asked = None;
            return None;
        };
        if let Some(picture) = self.picture.as_ref().filter(|p| p.subject == subject) {
            self.stale = None;
            self.asked = Some(subject);
            return Some(picture.clone());
        }
        let since = *self.stale.get_or_insert(now);
        let held = self.picture.as_ref().filter(|picture| {
            self.shown && picture.subject.in_place_of(&subject) && now - since < HOLD
        });
        let held = held.cloned();
        if self.asked.as_ref() != Some(&subject) {
            self.painter.ask(subject.clone(), protocol);
            self.asked = Some(subject);
        }
        held
    }

    /// Says what came of it, to a person who asked for pictures.
    fn tell(&self, what: &str) {
        if self.wanted {
            // The program may end before it is said.
            let _ = self.events.send(Event::Said(what.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests;
