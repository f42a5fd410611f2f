//! Loading the trace, at the start and again whenever it changed.
//!
//! A load reads, checks and precomputes everything before the new model takes the place of the
//! old one, in a single step. Requests under way finish on the model they began with. Whatever
//! goes wrong leaves the old model serving.

use std::error::Error;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::handlers::Service;
use super::model::Model;
use super::source::{Source, SourceError};
use crate::diagnostics::Verdict;
use crate::forecast::Fit;

/// Opens a trace with its model and series.
pub type Open = Box<dyn Fn(&Path) -> Result<Fit, Box<dyn Error + Send + Sync>> + Send>;

/// What asked for a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    Start,
    Poll,
    Signal,
    Webhook,
}

impl Trigger {
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Poll => "poll",
            Self::Signal => "signal",
            Self::Webhook => "webhook",
        }
    }
}

/// Why there is no new model.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("the trace changed while it was read; it is read again once it has settled")]
    Changed,
    #[error("{0}")]
    Unusable(Box<dyn Error + Send + Sync>),
    #[error("reading the trace failed unexpectedly; please report it with the trace")]
    Panicked,
}

/// Where reloads are asked for.
pub struct Reloads {
    sender: SyncSender<Trigger>,
}

impl Reloads {
    /// A queue of one: while a load runs, any number of triggers ask for one more.
    pub fn new() -> (Self, Receiver<Trigger>) {
        let (sender, receiver) = sync_channel(1);
        (Self { sender }, receiver)
    }

    /// Asks for a reload, unless one is asked for already.
    pub fn ask(&self, trigger: Trigger) {
        let _ = self.sender.try_send(trigger);
    }
}

/// Loads models, one after the other.
pub struct Loader {
    pub service: Arc<Service>,
    pub source: Source,
    pub open: Open,
    pub seed: u64,
    /// Draws that are kept at most.
    pub draws: usize,
    pub seen: Seen,
}

/// What was seen of the source, by tag.
#[derive(Default)]
pub struct Seen {
    /// Read whole: it is served, or was found unusable.
    read: Option<String>,
    last: Option<String>,
    unreachable: bool,
}

impl Loader {
    /// Loads when asked to, and when a look at every `poll` shows a change. Ends with the service.
    pub fn run(mut self, triggers: &Receiver<Trigger>, poll: Option<Duration>) {
        let wait = || match poll {
            Some(poll) => triggers.recv_timeout(poll),
            None => triggers.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        loop {
            match wait() {
                Ok(trigger) => self.reload(trigger),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Loads a trace that changed and looks the same twice in a row: a writer is done with it.
    fn look(&mut self) {
        let tag = match self.source.look() {
            Ok(tag) => tag,
            Err(error) => {
                // Told once, not every few seconds.
                if !std::mem::replace(&mut self.seen.unreachable, true) {
                    self.failed(Trigger::Poll, &error.into());
                }
                return;
            }
        };
        self.seen.unreachable = false;
        let last = self.seen.last.replace(tag);
        if self.seen.last == last && self.seen.last != self.seen.read {
            self.reload(Trigger::Poll);
        }
    }

    fn reload(&mut self, trigger: Trigger) {
        if let Err(error) = self.load(trigger) {
            self.failed(trigger, &error);
        }
    }

    fn failed(&self, trigger: Trigger, error: &LoadError) {
        self.service.metrics.loaded(trigger.name(), None);
        tracing::error!(trigger = trigger.name(), %error, "no new model; the old one goes on");
    }

    /// Loads the trace and serves it from now on.
    ///
    /// # Errors
    /// [`LoadError`]; what was served before still is.
    pub fn load(&mut self, trigger: Trigger) -> Result<(), LoadError> {
        let start = Instant::now();
        // What a panic leaves half done is dropped with it: the new model and its parts.
        let model = panic::catch_unwind(AssertUnwindSafe(|| self.model()));
        let model = Arc::new(model.unwrap_or(Err(LoadError::Panicked))?);
        self.service.model.store(Some(model.clone()));
        self.service.metrics.loaded(trigger.name(), Some(&model));
        if model.draws < model.draws_in_trace {
            let (draws, of) = (model.draws, model.draws_in_trace);
            tracing::warn!(
                draws,
                of,
                "not all draws are used; --max-draws sets how many"
            );
        }
        if model.verdict != Verdict::Pass {
            let (check, reason) = (model.verdict.name(), &model.headline);
            tracing::warn!(
                check,
                reason,
                "do not trust these forecasts before `fanchart check`"
            );
        }
        let ms = start.elapsed().as_millis();
        tracing::info!(
            trigger = trigger.name(),
            version = model.version,
            draws = model.draws,
            check = model.verdict.name(),
            ms,
            "model loaded"
        );
        Ok(())
    }

    fn model(&mut self) -> Result<Model, LoadError> {
        let artifact = self.source.fetch()?;
        let model = self.read(&artifact.path, artifact.version);
        // Somebody who wrote meanwhile explains any error, and spoils any model.
        if let Source::File(_) = self.source
            && self.source.look()? != artifact.tag
        {
            return Err(LoadError::Changed);
        }
        self.seen.read = Some(artifact.tag);
        model
    }

    fn read(&self, path: &Path, version: String) -> Result<Model, LoadError> {
        let fit = (self.open)(path).map_err(LoadError::Unusable)?;
        for note in &fit.trace.origin.notes {
            tracing::warn!(note, "the trace");
        }
        let model = Model::new(&fit, version, self.seed, self.draws);
        model.map_err(|error| LoadError::Unusable(error.into()))
    }
}
