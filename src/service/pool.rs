//! A bounded pool: few threads for what takes long, a short queue before them, and a "no" at once
//! when that is full.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that work off a queue.
pub struct Pool {
    queue: SyncSender<Job>,
}

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolError {
    /// The queue is full.
    Full,
    /// The work took, or waited, longer than it may.
    TimedOut,
    /// The work panicked.
    Failed,
}

/// A result with how long it waited for a thread and how long it took.
pub struct Done<T> {
    pub result: T,
    pub queued: Duration,
    pub worked: Duration,
}

impl Pool {
    /// A pool of that many threads, and that many jobs waiting at most.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(threads: usize, queue: usize) -> io::Result<Self> {
        let (sender, jobs) = sync_channel::<Job>(queue);
        let jobs = Arc::new(Mutex::new(jobs));
        for i in 0..threads {
            let jobs = jobs.clone();
            let worker = thread::Builder::new().name(format!("forecast-{i}"));
            worker.spawn(move || {
                while let Some(job) = next(&jobs) {
                    job();
                }
            })?;
        }
        Ok(Self { queue: sender })
    }

    /// Has a thread do the work. What nobody waits for any more is not begun.
    ///
    /// # Errors
    /// As [`PoolError`] says; of a full queue at once.
    pub async fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Done<T>, PoolError> {
        let (sender, receiver) = oneshot::channel();
        let submitted = Instant::now();
        let job = move || {
            if sender.is_closed() {
                return;
            }
            let started = Instant::now();
            // A panic drops the sender, which is how the one who waits learns of it. The work
            // owns what it changes, so nothing half done is seen again.
            if let Ok(result) = panic::catch_unwind(AssertUnwindSafe(work)) {
                let _ = sender.send(Done {
                    result,
                    queued: started - submitted,
                    worked: started.elapsed(),
                });
            }
        };
        match self.queue.try_send(Box::new(job)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(PoolError::Full),
            Err(TrySendError::Disconnected(_)) => return Err(PoolError::Failed),
        }
        match tokio::time::timeout(limit, receiver).await {
            Ok(done) => done.map_err(|_| PoolError::Failed),
            Err(_) => Err(PoolError::TimedOut),
        }
    }
}

/// Waits for the next job; `None` once the pool is gone. One thread waits, the others for it.
fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.recv().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn wait<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        runtime.expect("a runtime").block_on(future)
    }

    /// A pool of one thread that is busy until the sender is used or dropped, one job waiting
    /// at most.
    async fn busy() -> (Arc<Pool>, mpsc::Sender<()>, tokio::task::JoinHandle<bool>) {
        let pool = Arc::new(Pool::new(1, 1).expect("a thread"));
        let (release, released) = mpsc::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let first = tokio::spawn({
            let pool = pool.clone();
            async move {
                let work = move || {
                    let _ = begin.send(());
                    released.recv().is_ok()
                };
                pool.run(LONG, work).await.is_ok_and(|done| done.result)
            }
        });
        begun.await.expect("the thread begins");
        (pool, release, first)
    }

    #[test]
    fn a_full_queue_says_no_at_once() {
        wait(async {
            let (pool, release, first) = busy().await;
            let waiting = tokio::spawn({
                let pool = pool.clone();
                async move { pool.run(LONG, || 7).await.map(|done| done.result) }
            });
            tokio::task::yield_now().await;
            let refused = pool.run(LONG, || 8).await.map(|done| done.result);
            assert_eq!(refused, Err(PoolError::Full));
            release.send(()).expect("it waits");
            assert_eq!(waiting.await.expect("no panic"), Ok(7));
            assert!(first.await.expect("no panic"));
        });
    }

    #[test]
    fn work_that_takes_too_long_is_given_up_and_not_begun_later() {
        wait(async {
            let (pool, release, first) = busy().await;
            let (begun, ever) = mpsc::channel();
            let late = pool
                .run(Duration::from_millis(1), move || begun.send(()))
                .await;
            assert_eq!(late.map(|_| ()), Err(PoolError::TimedOut));
            release.send(()).expect("it waits");
            assert!(first.await.expect("no panic"));
            // Until the thread has passed it over, what was given up has the only place.
            let next = loop {
                match pool.run(LONG, || ()).await {
                    Err(PoolError::Full) => tokio::task::yield_now().await,
                    next => break next,
                }
            };
            assert!(next.is_ok());
            assert!(ever.recv().is_err(), "it was begun");
        });
    }

    #[test]
    fn a_panic_fails_its_own_work_alone() {
        wait(async {
            let pool = Pool::new(1, 1).expect("a thread");
            let failed = pool.run(LONG, || panic!("in the pool")).await;
            assert_eq!(
                failed.map(|done: Done<()>| done.result),
                Err(PoolError::Failed)
            );
            assert_eq!(pool.run(LONG, || 7).await.map(|done| done.result), Ok(7));
        });
    }
}
