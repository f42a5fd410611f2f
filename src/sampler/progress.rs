//! What a watcher sees of a sampling that runs: how far it is, and the draws there are already.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ndarray::Array2;

use crate::trace::Parameter;

/// Shared between [`sample`](super::sample) and whoever watches it from another thread.
///
/// ```
/// let progress = fanchart::sampler::Progress::default();
/// assert!(progress.snapshot().is_empty());
/// progress.stop();
/// ```
#[derive(Debug, Default)]
pub struct Progress {
    stop: AtomicBool,
    board: Mutex<Board>,
}

/// How far one chain is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChainProgress {
    /// Tuning draws done, of `tune`.
    pub tuned: usize,
    pub tune: usize,
    /// Kept draws done, of `draws`.
    pub kept: usize,
    pub draws: usize,
    /// Among the kept draws.
    pub divergences: usize,
    /// Of the last trajectory; 0 before the first.
    pub step_size: f64,
    /// All draws done.
    pub finished: bool,
}

#[derive(Debug, Clone, Default)]
struct Board {
    parameters: Arc<[String]>,
    chains: Arc<[Slate]>,
}

/// What a chain writes and a watcher reads.
#[derive(Debug)]
pub(super) struct Slate {
    tune: usize,
    draws: usize,
    /// Draws done, tuning draws included.
    done: AtomicUsize,
    divergences: AtomicUsize,
    step_size: AtomicU64,
    /// The kept draws, one after the other, each as many numbers as there are parameters.
    kept: Mutex<Vec<f64>>,
}

impl Progress {
    /// Asks all chains to stop after the draw they are at. There is no way back: what begins later
    /// with this progress stops at once.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// How far each chain is; empty until the starts are found and the chains begin.
    pub fn snapshot(&self) -> Vec<ChainProgress> {
        let board = self.board();
        board.chains.iter().map(Slate::progress).collect()
    }

    /// The kept draws that all chains have, on the constrained scale: one entry a parameter of
    /// the model, chains × draws, the beginnings of what the trace will hold. Empty until every
    /// chain has kept a draw.
    pub fn draws_so_far(&self) -> Vec<Parameter> {
        let board = self.board();
        gather(&board.parameters, &board.chains)
    }

    /// Begins anew with chains that have done nothing.
    pub(super) fn begin(
        &self,
        parameters: &[String],
        chains: usize,
        tune: usize,
        draws: usize,
    ) -> Arc<[Slate]> {
        let slate = |_| Slate {
            tune,
            draws,
            done: AtomicUsize::new(0),
            divergences: AtomicUsize::new(0),
            step_size: AtomicU64::new(0.0_f64.to_bits()),
            kept: Mutex::default(),
        };
        let slates: Arc<[Slate]> = (0..chains).map(slate).collect();
        *locked(&self.board) = Board {
            parameters: parameters.into(),
            chains: Arc::clone(&slates),
        };
        slates
    }

    fn board(&self) -> Board {
        locked(&self.board).clone()
    }
}

impl Slate {
    /// Writes down a tuning draw.
    pub fn tuned(&self, step_size: f64) {
        self.step_size.store(step_size.to_bits(), Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes down a kept draw, on the constrained scale.
    pub fn keep(&self, parameters: &[f64], step_size: f64, diverging: bool) {
        locked(&self.kept).extend_from_slice(parameters);
        if diverging {
            self.divergences.fetch_add(1, Ordering::Relaxed);
        }
        self.tuned(step_size);
    }

    fn progress(&self) -> ChainProgress {
        let done = self.done.load(Ordering::Relaxed);
        ChainProgress {
            tuned: done.min(self.tune),
            tune: self.tune,
            kept: done.saturating_sub(self.tune),
            draws: self.draws,
            divergences: self.divergences.load(Ordering::Relaxed),
            step_size: f64::from_bits(self.step_size.load(Ordering::Relaxed)),
            finished: done == self.tune + self.draws,
        }
    }
}

/// The kept draws that all chains have, as chains × draws for each parameter.
pub(super) fn gather(parameters: &[String], chains: &[Slate]) -> Vec<Parameter> {
    let kept: Vec<_> = chains.iter().map(|chain| locked(&chain.kept)).collect();
    let draws = kept
        .iter()
        .map(|kept| kept.len() / parameters.len().max(1))
        .min()
        .unwrap_or(0);
    if draws == 0 {
        return Vec::new();
    }
    let of_parameter = |(parameter, name): (usize, &String)| Parameter {
        name: name.clone(),
        draws: Array2::from_shape_fn((kept.len(), draws), |(chain, draw)| {
            kept[chain][draw * parameters.len() + parameter]
        }),
    };
    parameters.iter().enumerate().map(of_parameter).collect()
}

/// The lock of a thread that panicked is taken over: every write leaves whole draws behind.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watcher_sees_what_a_chain_writes() {
        let progress = Progress::default();
        let slates = progress.begin(&["a".into(), "b".into()], 2, 1, 2);
        slates[0].tuned(0.5);
        slates[0].keep(&[1.0, 10.0], 0.7, true);
        let expected = ChainProgress {
            tuned: 1,
            tune: 1,
            kept: 1,
            draws: 2,
            divergences: 1,
            step_size: 0.7,
            finished: false,
        };
        assert_eq!(progress.snapshot()[0], expected);
        assert_eq!(progress.snapshot()[1].tuned, 0);
        slates[0].keep(&[2.0, 20.0], 0.7, false);
        assert!(progress.snapshot()[0].finished);
    }

    #[test]
    fn draws_so_far_are_those_that_all_chains_have() {
        let progress = Progress::default();
        assert!(progress.draws_so_far().is_empty());
        let slates = progress.begin(&["a".into(), "b".into()], 2, 0, 5);
        slates[0].keep(&[1.0, 10.0], 0.1, false);
        slates[0].keep(&[2.0, 20.0], 0.1, false);
        assert!(progress.draws_so_far().is_empty());
        slates[1].keep(&[3.0, 30.0], 0.1, false);
        let [a, b] = &progress.draws_so_far()[..] else {
            panic!("one entry a parameter");
        };
        assert_eq!((a.name.as_str(), b.name.as_str()), ("a", "b"));
        assert_eq!(a.draws, ndarray::array![[1.0], [3.0]]);
        assert_eq!(b.draws, ndarray::array![[10.0], [30.0]]);
    }

    #[test]
    fn a_second_sampling_begins_from_nothing() {
        let progress = Progress::default();
        progress.begin(&["a".into()], 1, 0, 1)[0].keep(&[1.0], 0.1, false);
        progress.begin(&["a".into()], 1, 0, 1);
        assert!(progress.draws_so_far().is_empty());
    }
}
