//! The HTTP service: forecasts for programs, from a model that is replaced while it serves.
//!
//! It stands in for a FastAPI service, so what clients see is FastAPI's: routes, coercions, the
//! words and places of faults, redirects, the schema. `tests/fixtures/api` holds recorded answers.
//! On purpose it differs in this, and in nothing else that is known:
//!
//! - Where FastAPI fails with status 500 (NaN, infinities, halves of surrogate pairs, text that is
//!   not UTF-8 to be told back), the fault is told with 422 like any other: `null` stands for a
//!   number that JSON has no word for, U+FFFD for what is no character.
//! - Bodies end at 16 KiB (413), heads at 16 KiB and 64 headers (431), all that is slow at a
//!   deadline (408, 504, or the connection is closed), forecasts at what the pool takes (429).
//! - While no model is loaded, or the service is about to end, the answer is 503.
//! - `/docs` and `/redoc` show the same page, from assets of this binary; there is no
//!   `/docs/oauth2-redirect`, because nothing here signs in that way. The document of
//!   `/openapi.json` has the added routes and statuses.
//! - More headers: `X-Request-Id`, `X-Model-Version`, `Server-Timing`.
//! - Lists and objects nest 960 deep (FastAPI: between 950 and 970, by what calls it), then 400.
//!
//! A request goes `connections` → `handlers` → `request` → `model`; a trace goes
//! `source` → `reload` → `model`. tokio is used here and nowhere else.

mod answer;
mod coerce;
mod connections;
mod docs;
mod handlers;
mod json;
mod log;
mod metrics;
mod model;
mod pool;
mod reload;
mod request;
mod request_id;
mod routes;
mod source;
mod stall;
#[cfg(feature = "cloud")]
mod store;
mod text;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, thread};

use arc_swap::ArcSwapOption;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task;

use self::connections::Connections;
use self::handlers::Service;
pub use self::log::{Log, LogFormat};
use self::metrics::Metrics;
use self::pool::Pool;
pub use self::reload::{LoadError, Open};
use self::reload::{Loader, Reloads, Seen, Trigger};
use self::source::Source;
pub use self::source::SourceError;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// A file, or a URL where the build takes them.
    pub trace: PathBuf,
    /// Host and port, port 0 for any.
    pub listen: String,
    /// How often to look whether the trace changed; `None` for never.
    pub poll: Option<Duration>,
    /// Bearer token of `POST /admin/reload`; without one there is no such route.
    pub token: Option<Vec<u8>>,
    /// Seed of the predictive draws.
    pub seed: u64,
    /// Draws that are kept at most.
    pub draws: usize,
    /// Connections at a time.
    pub connections: u32,
    /// Forecasts that wait for a thread.
    pub queue: usize,
    /// For each of: a head, a body, a forecast, a write.
    pub limit: Duration,
    /// How long to go on taking requests, but no longer be ready, once told to end.
    pub linger: Duration,
    /// How long requests under way may take after that.
    pub drain: Duration,
}

/// Why the service did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address:?}: {error}; choose another with --listen HOST:PORT")]
    Listen { address: String, error: io::Error },
    #[error("cannot start the service: {0}")]
    Start(#[source] io::Error),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{0}")]
    Load(#[from] LoadError),
}

/// Serves until it is told to end by SIGTERM or SIGINT.
///
/// # Errors
/// When the address cannot be listened on or the trace cannot be used at the start.
pub fn serve(options: Options, open: Open, log: &Log) -> Result<(), ServeError> {
    let runtime = Builder::new_multi_thread()
        .thread_name("service")
        .enable_all()
        .build()
        .map_err(ServeError::Start)?;
    let ended = runtime.block_on(run(options, open, log));
    // A load under way is of no use any more.
    runtime.shutdown_background();
    ended
}

async fn run(options: Options, open: Open, log: &Log) -> Result<(), ServeError> {
    let source = Source::new(&options.trace)?;
    let listener = listen(&options.listen).await?;
    let address = listener.local_addr().map_err(ServeError::Start)?;
    let mut signals = Signals::new().map_err(ServeError::Start)?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (reloads, triggers) = Reloads::new();
    let service = Arc::new(Service {
        model: ArcSwapOption::empty(),
        metrics: Metrics::new(log.dropped.clone()),
        pool: Pool::new(threads, options.queue).map_err(ServeError::Start)?,
        reloads,
        token: options.token,
        draining: AtomicBool::new(false),
        limit: options.limit,
    });

    // Who asks before the model is there is told so.
    let connections = Connections::new(service.clone(), options.connections, options.limit);
    let accepting = tokio::spawn(connections.clone().accept(listener));
    announce(address);
    let mut loader = Loader {
        service: service.clone(),
        source,
        open,
        seed: options.seed,
        draws: options.draws,
        seen: Seen::default(),
    };
    let loading = task::spawn_blocking(move || loader.load(Trigger::Start).map(|()| loader));
    // Asked for while the first load runs, another follows it.
    let reload = || service.reloads.ask(Trigger::Signal);
    let loader = tokio::select! {
        loaded = loading => loaded.map_err(|error| ServeError::Start(error.into()))??,
        () = signals.end(reload) => return Ok(()),
    };
    let loads = thread::Builder::new().name("loader".into());
    let poll = options.poll;
    loads
        .spawn(move || loader.run(&triggers, poll))
        .map_err(ServeError::Start)?;

    signals.end(reload).await;
    service.draining.store(true, Ordering::Relaxed);
    tracing::info!("ending: requests under way are finished");
    // A second signal ends it at once.
    let finish = async {
        tokio::time::sleep(options.linger).await;
        accepting.abort();
        connections.close(options.drain).await
    };
    let finished = tokio::select! {
        finished = finish => finished,
        () = signals.end(|| {}) => false,
    };
    if !finished {
        tracing::warn!("connections were cut that did not end in time");
    }
    tracing::info!("ended");
    Ok(())
}

async fn listen(address: &str) -> Result<TcpListener, ServeError> {
    let failed = |error| ServeError::Listen {
        address: address.into(),
        error,
    };
    let addresses: Vec<SocketAddr> = address.to_socket_addrs().map_err(failed)?.collect();
    TcpListener::bind(addresses.as_slice())
        .await
        .map_err(failed)
}

fn announce(address: SocketAddr) {
    tracing::info!(%address, docs = %format_args!("http://{address}/docs"), "listening");
    if !address.ip().is_loopback() {
        tracing::warn!("other machines can reach this address; nothing here asks who they are");
    }
}

/// What the system tells the service to do.
enum Told {
    End,
    Reload,
}

/// Where the system tells it.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::End,
            _ = self.interrupt.recv() => Told::End,
            _ = self.hangup.recv() => Told::Reload,
        }
    }
}

/// Where the system tells it.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Told {
        let _ = tokio::signal::ctrl_c().await;
        Told::End
    }
}

impl Signals {
    /// Waits to be told to end; calls `reload` as often as told meanwhile.
    async fn end(&mut self, reload: impl Fn()) {
        while let Told::Reload = self.next().await {
            reload();
        }
    }
}
