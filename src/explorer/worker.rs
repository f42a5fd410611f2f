//! Work away from the input: forecasts (the latest request wins), checks, reading files.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use ndarray::Array2;
use rand::SeedableRng;

use super::engine::Engine;
use super::event::Event;
use super::figures::{Figures, Query};
use super::recipe::Recipe;
use super::report::Report;
use super::state::Document;
use crate::diagnostics::{Convention, Portrait};
use crate::forecast::Fit;
use crate::model::{DataSummary, LogDensity, ModelError, PriorDistribution};
use crate::trace::{Origin, Parameter, SamplerStats, Trace};

/// Draws that the explorer's forecasts are made from at the most: quantiles from so many differ
/// from those of all by less than a chart can show.
pub const DRAWS: usize = 8_000;

/// Draws from the priors, for a picture.
const PRIOR_DRAWS: usize = 1_000;

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
    /// Priors whose forecast is wanted.
    imagine: Option<(Recipe, Query)>,
    /// Another file, to be used from now on.
    subject: Option<Subject>,
}

/// What questions are about.
pub struct Subject {
    pub engine: Engine,
    pub fit: Arc<Fit>,
    pub document: Arc<Document>,
}

impl Subject {
    /// # Errors
    /// When the model does not fit the trace.
    pub fn new(fit: &Arc<Fit>, document: &Arc<Document>) -> Result<Self, ModelError> {
        Ok(Self {
            engine: Engine::new(fit.forecaster(DRAWS)?, document.observed.clone()),
            fit: fit.clone(),
            document: document.clone(),
        })
    }
}

impl Worker {
    /// Forecasts wait until there is something to forecast from.
    pub fn start(events: Sender<Event>) -> Self {
        let worker = Self {
            slot: Arc::default(),
        };
        let slot = worker.slot.clone();
        thread::spawn(move || answer(&slot, &events));
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

    /// Asks what the priors of a recipe would forecast.
    pub fn imagine(&self, recipe: Recipe, query: Query) {
        self.lock(|slot| slot.imagine = Some((recipe, query)));
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

fn answer(slot: &(Mutex<Slot>, Condvar), events: &Sender<Event>) {
    let (mutex, changed) = slot;
    let mut subject: Option<Subject> = None;
    loop {
        let mut slot = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |slot: &Slot| {
            let about_fit = slot.query.is_some() || slot.portray.is_some();
            let has_fit = subject.is_some() || slot.subject.is_some();
            slot.imagine.is_none() && !(about_fit && has_fit)
        };
        while waits(&slot) {
            slot = changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
        let imagine = slot.imagine.take();
        if let Some(replaced) = slot.subject.take() {
            subject = Some(replaced);
        }
        let (query, parameter) = match subject {
            Some(_) => (slot.query.take(), slot.portray.take()),
            None => (None, None),
        };
        drop(slot);
        let mut answers = Vec::new();
        if let Some(subject) = &mut subject {
            answers.extend(query.map(|query| match subject.engine.answer(&query) {
                Ok(figures) => Event::Figures(Arc::new(figures)),
                Err(error) => Event::ForecastFailed(error.to_string()),
            }));
            answers.extend(parameter.and_then(|parameter| {
                let portrait = Arc::new(portrait(&subject.fit.trace, parameter)?);
                Some(Event::Portrayed(
                    subject.document.clone(),
                    parameter,
                    portrait,
                ))
            }));
        }
        answers.extend(imagine.map(|(recipe, query)| {
            let imagined = imagined(&recipe, &query).map(Arc::new);
            Event::Prior(recipe, imagined)
        }));
        for answer in answers {
            if events.send(answer).is_err() {
                return;
            }
        }
    }
}

/// What is known without the data.
#[derive(Debug, Clone)]
pub struct Imagined {
    /// What the priors alone would forecast, over the series and on.
    pub figures: Arc<Figures>,
    /// Of each parameter in the model's order, with what it takes from the data put in; none
    /// where the model gives none.
    pub priors: Vec<Option<PriorDistribution>>,
}

/// Draws from the priors of a recipe, and forecasts from them.
pub fn imagined(recipe: &Recipe, query: &Query) -> Result<Imagined, String> {
    let table = recipe.training_table();
    let density =
        LogDensity::with_covariates(&recipe.model, &table).map_err(|error| error.to_string())?;
    let mut rng = rand::rngs::StdRng::seed_from_u64(query.seed);
    let draws: Vec<Vec<f64>> = (0..PRIOR_DRAWS)
        .map(|_| density.draw_prior(&mut rng))
        .collect();
    let parameters = density.parameters().iter().enumerate();
    let trace = Trace {
        parameters: parameters
            .map(|(i, name)| Parameter {
                name: name.clone(),
                draws: Array2::from_shape_fn((1, draws.len()), |(_, draw)| draws[draw][i]),
            })
            .collect(),
        vectors: Vec::new(),
        sampler: SamplerStats::default(),
        observed: None,
        table: None,
        origin: Origin::default(),
    };
    let fit = Fit::assemble_with_table(trace, Some((*recipe.model).clone()), Some(table))
        .map_err(|error| error.to_string())?;
    let forecaster = fit
        .forecaster(PRIOR_DRAWS)
        .map_err(|error| error.to_string())?;
    let rows = recipe.rows() as f64;
    let query = Query {
        window: (
            -0.5,
            rows.max(forecaster.position(0)) + query.horizon.steps() as f64,
        ),
        ..query.clone()
    };
    let answer = Engine::new(forecaster, recipe.table.clone()).answer(&query);
    let figures =
        answer.map_err(|error| format!("the priors allow values that cannot be drawn: {error}"))?;
    let data = DataSummary::of(&recipe.training_series().values);
    let parameters = recipe.model.parameters().iter();
    let priors = parameters.map(|p| p.prior.as_ref()?.given(&data).ok());
    Ok(Imagined {
        figures: Arc::new(figures),
        priors: priors.collect(),
    })
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
