//! Answers: JSON in FastAPI's shapes.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::json;

/// An answer that is known whole.
pub type Answer = Response<Full<Bytes>>;

/// JSON with a status.
pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    content(status, "application/json", body)
}

/// `{"detail":"..."}`, as FastAPI words what is not a fault in a body.
pub fn detail(status: StatusCode, text: &str) -> Answer {
    json(status, json!({ "detail": text }).to_string())
}

/// Content of another type.
pub fn content(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    with(answer, CONTENT_TYPE, kind)
}

/// The same with a header more.
pub fn with(mut answer: Answer, name: HeaderName, value: &'static str) -> Answer {
    answer
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
    answer
}
