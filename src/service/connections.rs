//! Connections: how many, how long, and how they end.
//!
//! hyper serves each of them; this is the loop that takes them in. It exists because ready-made
//! ones leave a client be that connects and says nothing.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::handlers::Service;
use super::stall::Unstalled;

/// Headers of a request.
const HEADERS: usize = 64;
/// Bytes of a request's head.
const HEAD: usize = 16 << 10;
/// Before trying again when the system has no more files to open.
const PAUSE: Duration = Duration::from_millis(100);

/// The connections of a service.
pub struct Connections {
    service: Arc<Service>,
    /// For a head to arrive, and for written data to be taken.
    limit: Duration,
    most: u32,
    places: Arc<Semaphore>,
    open: Mutex<Open>,
    closing: watch::Sender<bool>,
}

/// Open connections by when they last began a request: a number that only grows.
#[derive(Default)]
struct Open {
    now: u64,
    by_time: BTreeMap<u64, Arc<Notify>>,
}

impl Connections {
    /// For at most `most` connections at a time.
    pub fn new(service: Arc<Service>, most: u32, limit: Duration) -> Arc<Self> {
        Arc::new(Self {
            service,
            limit,
            most,
            places: Arc::new(Semaphore::new(most as usize)),
            open: Mutex::default(),
            closing: watch::Sender::new(false),
        })
    }

    /// Takes connections in for as long as it is polled. When all places are taken, the
    /// connection that was silent for longest makes room: idle clients lock nobody out.
    pub async fn accept(self: Arc<Self>, listener: TcpListener) {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot take a connection in");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let place = match self.places.clone().try_acquire_owned() {
                Ok(place) => Ok(place),
                Err(_) => {
                    self.make_room();
                    self.places.clone().acquire_owned().await
                }
            };
            if let Ok(place) = place {
                // Seated here and now: the next one may have to look for somebody to leave.
                let seat = Arc::new(Seat::take(self.clone(), place));
                tokio::spawn(self.clone().serve(stream, seat));
            }
        }
    }

    /// Ends every connection after the request it is at; whether all ended within the limit.
    pub async fn close(&self, limit: Duration) -> bool {
        self.closing.send_replace(true);
        timeout(limit, self.places.acquire_many(self.most))
            .await
            .is_ok()
    }

    async fn serve(self: Arc<Self>, stream: TcpStream, seat: Arc<Seat>) {
        let _counted = self.service.metrics.connection();
        // An answer is written in one piece: nothing to wait for.
        let _ = stream.set_nodelay(true);
        let mut closing = self.closing.subscribe();
        let closed = async move {
            let _ = closing.wait_for(|closing| *closing).await;
        };

        let answer = {
            let (service, seat) = (self.service.clone(), seat.clone());
            service_fn(move |request| {
                seat.renew();
                let answer = service.clone().answer(request);
                async { Ok::<_, Infallible>(answer.await) }
            })
        };
        let io = TokioIo::new(Unstalled::new(stream, self.limit));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limit)
            .max_headers(HEADERS)
            .max_buf_size(HEAD)
            .half_close(true)
            .serve_connection(io, answer);
        let mut connection = pin!(connection);
        // How a connection ended is its client's affair.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = seat.asked_to_leave.notified() => {
                self.service.metrics.rejected("made_room");
            }
            () = closed => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }

    fn make_room(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, oldest)) = open.by_time.first_key_value() {
            oldest.notify_one();
        }
    }
}

/// A connection's place among the others.
struct Seat {
    connections: Arc<Connections>,
    asked_to_leave: Arc<Notify>,
    since: Mutex<u64>,
    _place: OwnedSemaphorePermit,
}

impl Seat {
    fn take(connections: Arc<Connections>, place: OwnedSemaphorePermit) -> Self {
        let seat = Self {
            connections,
            asked_to_leave: Arc::default(),
            since: Mutex::new(0),
            _place: place,
        };
        seat.renew();
        seat
    }

    /// From now on others were silent for longer.
    fn renew(&self) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = self
            .connections
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        open.by_time.remove(&since);
        open.now += 1;
        *since = open.now;
        open.by_time.insert(*since, self.asked_to_leave.clone());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let since = self.since.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut open = self
            .connections
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        open.by_time.remove(since);
    }
}
