//! Sampling with somebody looking on: bars on a terminal, and a stop at a signal.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::bars::Bars;
use crate::model::Model;
use crate::sampler::{self, Options, Progress, SampleError, Sampled};
use crate::series::Table;

/// How often signals are looked for.
const GLANCE: Duration = Duration::from_millis(20);
/// Glances from one picture of the progress to the next.
const GLANCES_A_PICTURE: u32 = 5;

/// Samples until all is done, or until `stop` is raised. On a terminal, unless `quiet`, bars show
/// how far the chains are.
///
/// # Errors
/// Those of [`sampler::sample_with_covariates`].
pub fn sample(
    model: &Model,
    table: &Table,
    options: &Options,
    stop: &AtomicBool,
    quiet: bool,
) -> Result<Sampled, SampleError> {
    let progress = Progress::default();
    let mut bars = (!quiet && io::stderr().is_terminal()).then(Bars::new);
    thread::scope(|scope| {
        // Dropped at the end of sampling, however that ends: the watcher then goes home at once.
        let (_done, until_done) = mpsc::channel::<()>();
        let progress = &progress;
        let bars = &mut bars;
        scope.spawn(move || {
            let began = Instant::now();
            for glance in 1_u32.. {
                match until_done.recv_timeout(GLANCE) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
                }
                if stop.load(Ordering::Relaxed) {
                    progress.stop();
                }
                if let Some(bars) = bars
                    && glance % GLANCES_A_PICTURE == 0
                {
                    bars.draw(&progress.snapshot(), began.elapsed());
                }
            }
            if let Some(bars) = bars {
                bars.clear();
            }
        });
        sampler::sample_with_covariates(model, table, options, progress)
    })
}

/// A flag that SIGINT or SIGTERM raises; the next one of them ends the program where it is.
///
/// # Errors
/// When signals cannot be waited for.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<Arc<AtomicBool>> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;

    let raised = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag down and raises it.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&raised))?;
        flag::register(signal, Arc::clone(&raised))?;
    }
    Ok(raised)
}

#[cfg(not(unix))]
pub fn stop_signal() -> io::Result<Arc<AtomicBool>> {
    Ok(Arc::default())
}
