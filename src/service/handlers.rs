//! What each route answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{
    ALLOW, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, LOCATION,
    RETRY_AFTER, WWW_AUTHENTICATE,
};
use hyper::{Method, Request, StatusCode};
use serde_json::json;
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::answer::{self, Answer, detail, with};
use super::metrics::{self, Metrics};
use super::model::Model;
use super::pool::{Pool, PoolError};
use super::reload::{Reloads, Trigger};
use super::request::{BodyError, ForecastRequest};
use super::routes::{self, Match, Route};
use super::{docs, request_id};

/// Bytes of a body.
const BODY: usize = 16 << 10;
/// Bytes of a longer body that are read and thrown away, so that the client hears the answer
/// instead of a connection that breaks while it still sends.
const DISCARDED: usize = 1 << 20;
/// Days that are forecast where the request is read: handing over takes longer than they do.
const AT_ONCE: usize = 31;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const MODEL_VERSION: HeaderName = HeaderName::from_static("x-model-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What answers need.
pub struct Service {
    pub model: ArcSwapOption<Model>,
    pub metrics: Metrics,
    pub pool: Pool,
    pub reloads: Reloads,
    /// Lets whoever knows it ask for a reload; without one there is no such route.
    pub token: Option<Vec<u8>>,
    /// Set once the service is about to end.
    pub draining: AtomicBool,
    /// For reading a body, and for making a forecast.
    pub limit: Duration,
}

impl Service {
    /// Answers a request, counts it and writes it down.
    pub async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let start = Instant::now();
        let id = request_id::of(request.headers()).into_owned();
        let method = known(request.method());
        let found = routes::find(request.method(), request.uri().path(), self.token.is_some());
        let route = match &found {
            Match::Found(route) | Match::OtherMethods(route, _) => route.template(),
            Match::Elsewhere(path) => path,
            Match::Nowhere => "unmatched",
        };
        let model = self.model.load_full();
        let mut answer = self.route(found, request, model.as_ref()).await;

        let headers = answer.headers_mut();
        if let Some(version) = model
            .as_ref()
            .and_then(|model| HeaderValue::from_str(&model.version).ok())
        {
            headers.insert(MODEL_VERSION, version);
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert(REQUEST_ID, id);
        }
        if self.draining.load(Ordering::Relaxed) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let (status, took) = (answer.status().as_u16(), start.elapsed());
        self.metrics.answered(method, route, status, took);
        let ms = took.as_micros() as f64 / 1e3;
        tracing::info!(method, route, status, ms, request_id = %id, "request");
        answer
    }

    async fn route(
        &self,
        found: Match,
        request: Request<Incoming>,
        model: Option<&Arc<Model>>,
    ) -> Answer {
        match found {
            Match::Found(route) => match route {
                Route::Forecast => self.forecast(request, model).await,
                Route::Health => answer::json(
                    StatusCode::OK,
                    json!({"status": "ok", "model_loaded": model.is_some()}).to_string(),
                ),
                Route::Live => answer::json(StatusCode::OK, r#"{"status":"ok"}"#),
                Route::Ready => self.ready(model),
                Route::Metrics => {
                    answer::content(StatusCode::OK, metrics::CONTENT_TYPE, self.metrics.text())
                }
                Route::OpenApi => docs::openapi(),
                Route::Docs => docs::page(),
                Route::Asset(name) => docs::asset(name),
                Route::Reload => self.reload(&request),
            },
            Match::Elsewhere(path) => {
                let host = request
                    .headers()
                    .get(HOST)
                    .and_then(|host| host.to_str().ok());
                let location = routes::location(host, path, request.uri());
                let mut answer = Answer::default();
                *answer.status_mut() = StatusCode::TEMPORARY_REDIRECT;
                if let Ok(location) = HeaderValue::from_str(&location) {
                    answer.headers_mut().insert(LOCATION, location);
                }
                answer
            }
            Match::OtherMethods(_, methods) => {
                let refused = detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
                with(refused, ALLOW, methods)
            }
            Match::Nowhere => detail(StatusCode::NOT_FOUND, "Not Found"),
        }
    }

    async fn forecast(&self, request: Request<Incoming>, model: Option<&Arc<Model>>) -> Answer {
        let kind = request.headers().get(CONTENT_TYPE).cloned();
        let body = match timeout(self.limit, read(request.into_body())).await {
            Ok(Ok(body)) => body,
            Ok(Err(refused)) => {
                self.metrics.rejected(refused.1);
                return with(refused.0, CONNECTION, "close");
            }
            Err(_) => {
                self.metrics.rejected("body_timeout");
                let late = detail(
                    StatusCode::REQUEST_TIMEOUT,
                    "The body did not arrive in time",
                );
                return with(late, CONNECTION, "close");
            }
        };
        self.respond(&body, kind.as_ref().map(HeaderValue::as_bytes), model)
            .await
    }

    /// The answer to a body that was read.
    async fn respond(
        &self,
        body: &[u8],
        kind: Option<&[u8]>,
        model: Option<&Arc<Model>>,
    ) -> Answer {
        let request = match ForecastRequest::read(body, kind) {
            Ok(request) => request,
            Err(error) => return self.invalid(&error),
        };
        let Some(model) = model else {
            self.metrics.rejected("not_loaded");
            let unready = detail(StatusCode::SERVICE_UNAVAILABLE, "Model not loaded");
            return with(unready, RETRY_AFTER, "1");
        };

        let start = Instant::now();
        let known = model.known(&request);
        let cached = known.is_some();
        let (json, queued, worked) = if let Some(json) = known {
            (json, Duration::ZERO, start.elapsed())
        } else if request.horizon.steps() <= AT_ONCE {
            (model.answer(&request), Duration::ZERO, start.elapsed())
        } else {
            let model = model.clone();
            let work = move || model.answer(&request);
            match self.pool.run(self.limit, work).await {
                Ok(done) => (done.result, done.queued, done.worked),
                Err(error) => return self.overloaded(error),
            }
        };
        self.metrics.forecast(&request, cached, queued, worked);
        let mut answer = answer::json(StatusCode::OK, json);
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        let timing = format!(
            "queue;dur={:.3}, forecast;dur={:.3}",
            ms(queued),
            ms(worked)
        );
        if let Ok(timing) = HeaderValue::from_str(&timing) {
            answer.headers_mut().insert(SERVER_TIMING, timing);
        }
        answer
    }

    fn invalid(&self, error: &BodyError) -> Answer {
        let status = match error {
            BodyError::Unreadable => {
                self.metrics.rejected("unreadable");
                StatusCode::BAD_REQUEST
            }
            BodyError::Invalid(faults) => {
                for fault in faults {
                    self.metrics.rejected(fault.kind);
                }
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        answer::json(status, error.to_json())
    }

    fn overloaded(&self, error: PoolError) -> Answer {
        match error {
            PoolError::Full => {
                self.metrics.rejected("queue_full");
                let text = "Too many forecasts are waiting; try again in a second";
                with(
                    detail(StatusCode::TOO_MANY_REQUESTS, text),
                    RETRY_AFTER,
                    "1",
                )
            }
            PoolError::TimedOut => {
                self.metrics.rejected("timeout");
                detail(
                    StatusCode::GATEWAY_TIMEOUT,
                    "The forecast was not ready in time",
                )
            }
            PoolError::Failed => {
                self.metrics.rejected("failed");
                detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
            }
        }
    }

    /// Whether requests should come here: not before there is a model, nor once it is to end.
    fn ready(&self, model: Option<&Arc<Model>>) -> Answer {
        let unready = |text| detail(StatusCode::SERVICE_UNAVAILABLE, text);
        match model {
            _ if self.draining.load(Ordering::Relaxed) => unready("Shutting down"),
            None => unready("Model not loaded"),
            Some(model) => {
                let ready = json!({
                    "status": "ready",
                    "model_version": model.version,
                    "check": model.verdict.name(),
                });
                answer::json(StatusCode::OK, ready.to_string())
            }
        }
    }

    fn reload(&self, request: &Request<Incoming>) -> Answer {
        let given = request
            .headers()
            .get(AUTHORIZATION)
            .map(HeaderValue::as_bytes);
        let given = given.and_then(|value| value.strip_prefix(b"Bearer "));
        let token = self.token.as_deref().unwrap_or_default();
        // An empty token would match a missing one.
        if token.is_empty() || !bool::from(given.unwrap_or_default().ct_eq(token)) {
            self.metrics.rejected("unauthorized");
            let refused = detail(StatusCode::UNAUTHORIZED, "Not authenticated");
            return with(refused, WWW_AUTHENTICATE, "Bearer");
        }
        self.reloads.ask(Trigger::Webhook);
        detail(StatusCode::ACCEPTED, "Reload requested")
    }
}

/// The methods that are counted by name.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// A body of at most [`BODY`] bytes, or the answer to it with a reason to count.
async fn read(mut body: Incoming) -> Result<Bytes, (Answer, &'static str)> {
    let too_large = || {
        let text = format!("The body is larger than {BODY} bytes");
        (
            detail(StatusCode::PAYLOAD_TOO_LARGE, &text),
            "body_too_large",
        )
    };
    // Told beforehand that it is hopeless, nothing is read: who waits to be asked need not send.
    if body.size_hint().lower() > DISCARDED as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let broken = |_| {
            (
                detail(
                    StatusCode::BAD_REQUEST,
                    "There was an error parsing the body",
                ),
                "body_broken",
            )
        };
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            length += data.len();
            if length <= BODY {
                bytes.extend_from_slice(&data);
            } else if length > DISCARDED {
                break;
            }
        }
    }
    if length > BODY {
        Err(too_large())
    } else {
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests;
