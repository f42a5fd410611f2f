//! Fits away from the input: the latest recipe wins, and its draws are shown while they come.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::event::Event;
use super::recipe::Recipe;
use super::report::Report;
use super::state::Document;
use super::worker::{self, Subject, Worker};
use crate::forecast::Fit;
use crate::sampler::{Options, Progress, Sampled, sample_with_covariates};
use crate::trace::{Origin, Run, SamplerStats, Trace};

/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(40);
/// How often a part of the draws is shown, and how many a chain are worth showing.
const SHOW: Duration = Duration::from_millis(200);
const WORTH_SHOWING: usize = 50;

/// The thread that fits.
#[derive(Clone)]
pub struct Fitter {
    slot: Arc<(Mutex<Slot>, Condvar)>,
}

#[derive(Default)]
struct Slot {
    next: Option<Recipe>,
    running: Option<Arc<Progress>>,
}

/// What the thread needs of the rest of the program.
pub struct Place {
    pub name: String,
    pub path: Option<PathBuf>,
    pub worker: Worker,
    pub events: Sender<Event>,
}

impl Fitter {
    pub fn start(place: Place) -> Self {
        let fitter = Self {
            slot: Arc::default(),
        };
        let slot = fitter.slot.clone();
        thread::spawn(move || serve(&place, &slot));
        fitter
    }

    /// Fits this; one that runs is given up.
    pub fn fit(&self, recipe: Recipe) {
        let (mutex, changed) = &*self.slot;
        let mut slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        slot.next = Some(recipe);
        if let Some(progress) = &slot.running {
            progress.stop();
        }
        changed.notify_one();
    }

    /// Stops the one that runs; what it has is kept if it can be used.
    pub fn stop(&self) {
        let slot = self.slot.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = &slot.running {
            progress.stop();
        }
    }
}

fn serve(place: &Place, (mutex, changed): &(Mutex<Slot>, Condvar)) {
    loop {
        let progress = Arc::new(Progress::default());
        let mut slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        slot.running = None;
        let recipe = loop {
            if let Some(recipe) = slot.next.take() {
                break recipe;
            }
            slot = changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        };
        slot.running = Some(progress.clone());
        drop(slot);
        let result = match &recipe.fit {
            Some(_) => Ok((recipe.clone(), "back to the fit before".to_string())),
            None => watched(place, &recipe, &progress),
        };
        let slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        let superseded = slot.next.is_some();
        drop(slot);
        let told = match result {
            _ if superseded => Ok(()),
            Ok((recipe, note)) => show(place, &recipe, Some(note)),
            Err(why) => tell(place, Event::FitFailed(why)),
        };
        if told.is_err() {
            return;
        }
    }
}

/// Nobody listens any more.
struct Gone;

fn tell(place: &Place, event: Event) -> Result<(), Gone> {
    place.events.send(event).map_err(|_| Gone)
}

/// Samples, and tells how far it is meanwhile.
fn watched(
    place: &Place,
    recipe: &Recipe,
    progress: &Progress,
) -> Result<(Recipe, String), String> {
    let fitted = thread::scope(|scope| {
        let sampling = scope.spawn(|| fitted(recipe, &Options::default(), progress));
        let mut shown = Instant::now();
        while !sampling.is_finished() {
            // A short fit is over before there is anything to tell.
            thread::park_timeout(LOOK);
            let chains = progress.snapshot();
            let kept = chains.iter().map(|chain| chain.kept).min().unwrap_or(0);
            let _ = tell(place, Event::Fitting(chains));
            if kept >= WORTH_SHOWING && shown.elapsed() >= SHOW && !progress.is_stopped() {
                if let Some(recipe) = so_far(recipe, progress) {
                    let _ = show(place, &recipe, None);
                }
                shown = Instant::now();
            }
        }
        sampling.join()
    });
    fitted.unwrap_or_else(|_| Err("the sampler broke off".into()))
}

/// Fits a recipe, and says how it went; the error is for the person.
pub fn fitted(
    recipe: &Recipe,
    options: &Options,
    progress: &Progress,
) -> Result<(Recipe, String), String> {
    let sampled =
        sample_with_covariates(&recipe.model, &recipe.training_table(), options, progress)
            .map_err(|error| error.to_string())?;
    let note = note(&sampled);
    let run = Run {
        n_steps: sampled.n_steps,
        step_size: sampled.step_size,
        sampling_time: sampled.seconds,
        tuning_steps: sampled.tuning_steps,
        created_at: Timestamp::now(),
        log_likelihood: None,
    };
    let fit = fit(recipe, sampled.trace).ok_or("the draws are not finite")?;
    let fitted = Recipe {
        fit: Some(Arc::new(fit)),
        run: Some(Arc::new(run)),
        ..recipe.clone()
    };
    Ok((fitted, note))
}

fn note(sampled: &Sampled) -> String {
    let (chains, draws) = (sampled.trace.chains(), sampled.trace.draws());
    let how = if sampled.stopped { "stopped" } else { "fitted" };
    let mut note = format!(
        "{how} in {:.2} s: {chains} chains × {draws} draws",
        sampled.seconds
    );
    let others = 1.0 - sampled.modes.first().map_or(1.0, |mode| mode.weight);
    if others > 0.01 {
        note += &format!(
            ", the posterior has other modes with {:.0}% of its weight",
            100.0 * others
        );
    }
    note
}

fn fit(recipe: &Recipe, trace: Trace) -> Option<Fit> {
    let model = (*recipe.model).clone();
    Fit::assemble_with_table(trace, Some(model), Some(recipe.training_table())).ok()
}

/// The recipe with a fit from the draws there are.
fn so_far(recipe: &Recipe, progress: &Progress) -> Option<Recipe> {
    let parameters = progress.draws_so_far();
    if parameters.is_empty() {
        return None;
    }
    let trace = Trace {
        parameters,
        vectors: Vec::new(),
        sampler: SamplerStats::default(),
        observed: None,
        table: None,
        origin: Origin::default(),
    };
    Some(Recipe {
        fit: Some(Arc::new(fit(recipe, trace)?)),
        ..recipe.clone()
    })
}

/// Puts a fit on the screen: one that is done with a note about it, and its verdict follows.
fn show(place: &Place, recipe: &Recipe, note: Option<String>) -> Result<(), Gone> {
    let Some(fit) = &recipe.fit else {
        return Ok(());
    };
    let document = Arc::new(Document {
        path: place.path.clone(),
        ..Document::of(fit, &recipe.table, &place.name)
    });
    let Ok(subject) = Subject::new(fit, &document) else {
        return Ok(());
    };
    place.worker.replace(subject);
    match note {
        None => {
            tell(place, Event::Grown(document.clone()))?;
            let report = Arc::new(Report::of(&fit.trace));
            tell(place, Event::Checked(document, report))
        }
        Some(note) => {
            tell(place, Event::Fitted(document.clone(), recipe.clone(), note))?;
            worker::check(fit.clone(), document, place.events.clone());
            Ok(())
        }
    }
}
