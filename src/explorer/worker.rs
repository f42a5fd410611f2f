//! Work away from the input: forecasts (the latest request wins), checks, reading files.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::engine::Engine;
use super::event::Event;
use super::figures::Query;
use super::report::Report;
use super::state::Document;
use crate::diagnostics::{Convention, Portrait};
use crate::forecast::Fit;
use crate::trace::Trace;

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
    /// The parameter whose draws are to be looked at.
    portray: Option<usize>,
    /// Another file, to be used from now on.
    subject: Option<Subject>,
}

/// What questions are about.
pub struct Subject {
    pub engine: Engine,
    pub fit: Arc<Fit>,
    pub document: Arc<Document>,
}

impl Worker {
    pub fn start(subject: Subject, events: Sender<Event>) -> Self {
        let worker = Self {
            slot: Arc::default(),
        };
        let slot = worker.slot.clone();
        thread::spawn(move || answer(subject, &slot, &events));
        worker
    }

    /// Asks; a question that was not begun yet is forgotten.
    pub fn ask(&self, query: Query) {
        self.lock(|slot| slot.query = Some(query));
    }

    /// Asks what the draws of a parameter look like.
    pub fn portray(&self, parameter: usize) {
        self.lock(|slot| slot.portray = Some(parameter));
    }

    /// Answers from another file from now on.
    pub fn replace(&self, subject: Subject) {
        self.lock(|slot| {
            slot.subject = Some(subject);
            // The parameters are others.
            slot.portray = None;
        });
    }

    fn lock(&self, with: impl FnOnce(&mut Slot)) {
        let (mutex, changed) = &*self.slot;
        with(&mut mutex.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_one();
    }
}

fn answer(mut subject: Subject, slot: &(Mutex<Slot>, Condvar), events: &Sender<Event>) {
    let (mutex, changed) = slot;
    loop {
        let mut slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        while slot.query.is_none() && slot.portray.is_none() {
            slot = changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
        let (query, parameter) = (slot.query.take(), slot.portray.take());
        let replaced = slot.subject.take();
        drop(slot);
        subject = replaced.unwrap_or(subject);
        let forecast = query.map(|query| match subject.engine.answer(&query) {
            Ok(figures) => Event::Figures(Arc::new(figures)),
            Err(error) => Event::ForecastFailed(error.to_string()),
        });
        if forecast.is_some_and(|event| events.send(event).is_err()) {
            return;
        }
        let portrait = parameter.and_then(|parameter| {
            let portrait = portrait(&subject.fit.trace, parameter)?;
            let document = subject.document.clone();
            Some(Event::Portrayed(document, parameter, Arc::new(portrait)))
        });
        if portrait.is_some_and(|event| events.send(event).is_err()) {
            return;
        }
    }
}

/// What the draws of a parameter look like; `None` where there is none in that place.
pub fn portrait(trace: &Trace, parameter: usize) -> Option<Portrait> {
    let parameter = trace.parameters.get(parameter)?;
    Some(Portrait::new(
        parameter.draws.view(),
        trace.sampler.diverging.as_ref(),
        Convention::default(),
    ))
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
