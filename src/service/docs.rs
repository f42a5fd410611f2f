//! The documentation of the interface, for programs and for people; it works without a network.
//!
//! `docs/` holds Swagger UI 5 (Apache-2.0, license.txt), compressed as browsers take it, from the
//! npm package `swagger-ui-dist`.

use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY};

use super::answer::{Answer, content, detail, with};

const OPENAPI: &str = include_str!("docs/openapi.json");
const PAGE: &str = include_str!("docs/page.html");
const START: &str = include_str!("docs/start.js");
const SCRIPT: &[u8] = include_bytes!("docs/swagger-ui-bundle.js.gz");
const STYLE: &[u8] = include_bytes!("docs/swagger-ui.css.gz");
const LICENSE: &str = include_str!("docs/license.txt");

/// What the page may load: its own parts. Swagger UI sets styles of its elements.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The OpenAPI document.
pub fn openapi() -> Answer {
    content(StatusCode::OK, "application/json", OPENAPI)
}

/// The page that shows it.
pub fn page() -> Answer {
    let page = content(StatusCode::OK, "text/html; charset=utf-8", PAGE);
    with(page, CONTENT_SECURITY_POLICY, POLICY)
}

/// What the page consists of.
pub fn asset(name: &str) -> Answer {
    let compressed = |kind, data: &'static [u8]| {
        let answer = content(StatusCode::OK, kind, data);
        with(answer, CONTENT_ENCODING, "gzip")
    };
    let script = "text/javascript; charset=utf-8";
    let answer = match name {
        "swagger-ui.css" => compressed("text/css; charset=utf-8", STYLE),
        "swagger-ui-bundle.js" => compressed(script, SCRIPT),
        "start.js" => content(StatusCode::OK, script, START),
        "license.txt" => content(StatusCode::OK, "text/plain; charset=utf-8", LICENSE),
        _ => return detail(StatusCode::NOT_FOUND, "Not Found"),
    };
    with(answer, CACHE_CONTROL, "max-age=3600")
}
