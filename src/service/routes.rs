//! Which paths there are.

use std::borrow::Cow;

use hyper::http::uri::PathAndQuery;
use hyper::{Method, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Forecast,
    Health,
    Live,
    Ready,
    Metrics,
    OpenApi,
    Docs,
    Asset(&'static str),
    Reload,
}

/// What is said to a method and a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Match {
    Found(Route),
    /// The path is right but for slashes at its end; this one is.
    Elsewhere(&'static str),
    /// The path takes these methods only.
    OtherMethods(Route, &'static str),
    Nowhere,
}

const ROUTES: [(&str, Route); 13] = [
    ("/forecast", Route::Forecast),
    ("/health", Route::Health),
    ("/livez", Route::Live),
    ("/readyz", Route::Ready),
    ("/metrics", Route::Metrics),
    ("/openapi.json", Route::OpenApi),
    ("/docs", Route::Docs),
    ("/redoc", Route::Docs),
    ("/docs/swagger-ui.css", Route::Asset("swagger-ui.css")),
    (
        "/docs/swagger-ui-bundle.js",
        Route::Asset("swagger-ui-bundle.js"),
    ),
    ("/docs/start.js", Route::Asset("start.js")),
    ("/docs/license.txt", Route::Asset("license.txt")),
    ("/admin/reload", Route::Reload),
];

impl Route {
    /// The methods it takes. FastAPI answers HEAD where the framework serves, not the application.
    fn methods(self) -> &'static str {
        match self {
            Self::Forecast | Self::Reload => "POST",
            Self::Health => "GET",
            _ => "GET, HEAD",
        }
    }

    /// Its name in metrics and the log.
    pub fn template(self) -> &'static str {
        let named = ROUTES.iter().find(|(_, route)| *route == self);
        named.map_or("unmatched", |(path, _)| path)
    }
}

/// Finds what a request is for. `admin` says whether there are routes to manage the service.
pub fn find(method: &Method, path: &str, admin: bool) -> Match {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let route = |path: &str| {
        let known = ROUTES.iter().find(|(known, _)| *known == path);
        known.filter(|(_, route)| admin || *route != Route::Reload)
    };
    match route(&path) {
        Some((_, found)) if found.methods().split(", ").any(|m| m == method) => {
            Match::Found(*found)
        }
        Some((_, found)) => Match::OtherMethods(*found, found.methods()),
        None if path.ends_with('/') => match route(path.trim_end_matches('/')) {
            Some((path, _)) => Match::Elsewhere(path),
            None => Match::Nowhere,
        },
        None => Match::Nowhere,
    }
}

/// What may stand in a URL as it is, by Starlette's rule for redirects.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'%')
    .remove(b'#')
    .remove(b'?')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

/// The URL of a path of this service as the client knows it: its host and its query are kept.
pub fn location(host: Option<&str>, path: &str, uri: &Uri) -> String {
    let query = uri.path_and_query().and_then(PathAndQuery::query);
    let query = query.map_or(Cow::Borrowed(""), |query| format!("?{query}").into());
    let base = host.map_or(Cow::Borrowed(""), |host| format!("http://{host}").into());
    let url = format!("{base}{path}{query}");
    utf8_percent_encode(&url, QUOTED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_methods() {
        let get = |path| find(&Method::GET, path, false);
        assert_eq!(get("/health"), Match::Found(Route::Health));
        assert_eq!(get("/%68ealth"), Match::Found(Route::Health));
        assert_eq!(
            get("/forecast"),
            Match::OtherMethods(Route::Forecast, "POST")
        );
        assert_eq!(get("/forecast//"), Match::Elsewhere("/forecast"));
        assert_eq!(
            find(&Method::HEAD, "/docs", false),
            Match::Found(Route::Docs)
        );
        assert_eq!(
            find(&Method::HEAD, "/health", false),
            Match::OtherMethods(Route::Health, "GET")
        );
        for nowhere in [
            "/",
            "",
            "//health",
            "/nope/",
            "/Health",
            "/admin/reload",
            "/%ff",
            "*",
        ] {
            assert_eq!(get(nowhere), Match::Nowhere, "{nowhere}");
        }
        assert_eq!(
            find(&Method::POST, "/admin/reload", true),
            Match::Found(Route::Reload)
        );
    }

    #[test]
    fn a_redirect_keeps_host_and_query() {
        let uri: Uri = "/health/?x=1&y=%20{".parse().expect("a URI");
        assert_eq!(
            location(Some("here:8000"), "/health", &uri),
            "http://here:8000/health?x=1&y=%20%7B"
        );
        assert_eq!(
            location(None, "/health", &Uri::from_static("/health/")),
            "/health"
        );
    }
}
