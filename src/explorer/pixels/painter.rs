//! Pictures drawn away from the screen: the latest request wins, once no other has come for a
//! while, so that a held key or a drag makes one picture at its end.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::super::event::Event;
use super::detect::Protocol;
use super::protocol::{self, EncodeError};
use super::subject::Subject;
use crate::chart::{self, PngError};

/// How long the last request stands before it is drawn: longer than a key takes to repeat.
const REST: Duration = Duration::from_millis(50);

/// Numbers that kitty knows pictures by. Two, so that one is on screen until the next is.
const NUMBERS: [u32; 2] = [0x6661_6e01, 0x6661_6e02];

/// A picture in the bytes of its terminal.
#[derive(Debug)]
pub struct Picture {
    pub subject: Subject,
    pub protocol: Protocol,
    /// What kitty knows it by.
    pub number: u32,
    pub bytes: String,
}

/// The thread that draws.
pub struct Painter {
    slot: Arc<(Mutex<Slot>, Condvar)>,
}

/// The last request.
type Slot = Option<(Subject, Protocol)>;

impl Painter {
    pub fn start(events: Sender<Event>) -> Self {
        let slot = Arc::default();
        let painter = Self { slot };
        let slot = painter.slot.clone();
        thread::spawn(move || paint(&slot, &events));
        painter
    }

    /// Asks for a picture; one that was not begun yet is forgotten.
    pub fn ask(&self, subject: Subject, protocol: Protocol) {
        let (mutex, changed) = &*self.slot;
        *mutex.lock().unwrap_or_else(PoisonError::into_inner) = Some((subject, protocol));
        changed.notify_one();
    }
}

fn paint(slot: &(Mutex<Slot>, Condvar), events: &Sender<Event>) {
    for number in NUMBERS.into_iter().cycle() {
        let (subject, protocol) = at_rest(slot);
        // Without a picture the cells stay, and what is wrong is nothing a person could change.
        if let Ok(picture) = picture(subject, protocol, number)
            && events.send(Event::Painted(Arc::new(picture))).is_err()
        {
            return;
        }
    }
}

/// The request after which no other came for a while.
fn at_rest((mutex, changed): &(Mutex<Slot>, Condvar)) -> (Subject, Protocol) {
    let mut slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
    let mut last: Slot = None;
    loop {
        last = slot.take().or(last);
        let (guard, timed_out) = match &last {
            None => (
                changed.wait(slot).unwrap_or_else(PoisonError::into_inner),
                false,
            ),
            Some(_) => {
                let (guard, wait) = changed
                    .wait_timeout(slot, REST)
                    .unwrap_or_else(PoisonError::into_inner);
                (guard, wait.timed_out())
            }
        };
        slot = guard;
        if timed_out
            && slot.is_none()
            && let Some(request) = last.take()
        {
            return request;
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum PaintError {
    #[error(transparent)]
    Draw(#[from] PngError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

fn picture(subject: Subject, protocol: Protocol, number: u32) -> Result<Picture, PaintError> {
    let pixels = chart::pixels(&subject.scene(), &subject.inset(), subject.ground())?;
    let area = subject.area();
    let bytes = protocol::shown(protocol, &pixels, (area.width, area.height), number)?;
    Ok(Picture {
        subject,
        protocol,
        number,
        bytes,
    })
}
