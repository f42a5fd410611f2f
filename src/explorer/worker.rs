//! Work away from the input: forecasts (the latest request wins), checks, reading files.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::engine::Engine;
use super::event::Event;
use super::figures::Query;
use super::report::Report;
use super::state::Document;
use crate::forecast::Fit;

/// Draws that the explorer's forecasts are made from at the most: quantiles from so many differ
/// from those of all by less than a chart can show.
pub const DRAWS: usize = 8_000;

/// The thread that answers queries.
#[derive(Clone)]
pub struct Worker {
    slot: Arc<(Mutex<Slot>, Condvar)>,
}

#[derive(Default)]
struct Slot {
    query: Option<Query>,
    /// An engine for another file, to be used from now on.
    engine: Option<Engine>,
}

impl Worker {
    pub fn start(engine: Engine, events: Sender<Event>) -> Self {
        let worker = Self {
            slot: Arc::default(),
        };
        let slot = worker.slot.clone();
        thread::spawn(move || answer(engine, &slot, &events));
        worker
    }

    /// Asks; a question that was not begun yet is forgotten.
    pub fn ask(&self, query: Query) {
        self.lock(|slot| slot.query = Some(query));
    }

    /// Answers from another file from now on.
    pub fn replace(&self, engine: Engine) {
        self.lock(|slot| slot.engine = Some(engine));
    }

    fn lock(&self, with: impl FnOnce(&mut Slot)) {
        let (mutex, changed) = &*self.slot;
        with(&mut mutex.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_one();
    }
}

fn answer(mut engine: Engine, slot: &(Mutex<Slot>, Condvar), events: &Sender<Event>) {
    let (mutex, changed) = slot;
    loop {
        let mut slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        let query = loop {
            if let Some(query) = slot.query.take() {
                break query;
            }
            slot = changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        };
        let replaced = slot.engine.take();
        drop(slot);
        engine = replaced.unwrap_or(engine);
        let event = match engine.answer(&query) {
            Ok(figures) => Event::Figures(Arc::new(figures)),
            Err(error) => Event::ForecastFailed(error.to_string()),
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

/// Checks a fit and sends the report: first whether it converged, which is soon known, then with
/// what the data say of the model.
pub fn check(fit: Arc<Fit>, document: Arc<Document>, events: Sender<Event>) {
    thread::spawn(move || {
        // The program may have ended meanwhile; nobody waits for the report then.
        let report = Report::of(&fit.trace);
        let checked = |report| Event::Checked(document.clone(), Arc::new(report));
        let _ = events.send(checked(report.clone()));
        let _ = events.send(checked(report.against_data(&fit)));
    });
}
