//! The service answers as the FastAPI service that it stands in for.
//!
//! `vectors.json` and `openapi.json` were recorded from that service; `more_vectors.json` by
//! `make_more_vectors.py` beside it. Figures of forecasts are left out of them: they belong to the
//! model, not to the contract.

use crate::support::{Server, fanchart, repository};
use serde_json::Value;

const TRACE: &str = "artifacts/trace.nc";

fn fixture(name: &str) -> Value {
    let text = std::fs::read_to_string(repository("tests/fixtures/api").join(name));
    serde_json::from_str(&text.expect("a fixture")).expect("JSON")
}

/// Compares the answer to a recorded request with what was recorded.
fn differences(server: &Server, vector: &Value) -> Vec<String> {
    let method = vector["method"].as_str().expect("a method");
    let path = vector["path"].as_str().expect("a path");
    let headers: Vec<(&str, &str)> = vector["headers"]
        .as_object()
        .expect("headers")
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().expect("a value")))
        .collect();
    let body = match &vector["body"] {
        Value::String(body) => Some(body.clone().into_bytes()),
        Value::Array(bytes) => Some(
            bytes
                .iter()
                .map(|byte| byte.as_u64().expect("a byte") as u8)
                .collect(),
        ),
        _ => None,
    };
    let answer = server.ask(method, path, &headers, body.as_deref());

    // Where FastAPI fails, the fault is told.
    let failed = vector["status"] == 500;
    let status = if failed {
        422
    } else {
        vector["status"].as_u64().expect("a status")
    };
    let mut differences = Vec::new();
    if u64::from(answer.status) != status {
        differences.push(format!("status {}, not {status}", answer.status));
    }
    if failed {
        if !answer.json()["detail"][0]["msg"].is_string() {
            differences.push(format!("no fault in {}", answer.text()));
        }
        return differences;
    }
    for (name, value) in vector["answer_headers"].as_object().expect("headers") {
        let set = |value: &str| {
            let mut parts: Vec<String> = value.split(", ").map(str::to_owned).collect();
            parts.sort();
            parts
        };
        let value = value.as_str().expect("a value");
        if answer.header(name).map(set) != Some(set(value)) {
            differences.push(format!("{name} {:?}, not {value:?}", answer.header(name)));
        }
    }
    if !vector["answer"].is_null() {
        let mut content = answer.json();
        if let Some(days) = content.get_mut("forecasts").and_then(Value::as_array_mut) {
            for day in days {
                let figures = ["mean", "lower", "upper"].map(|name| day[name].as_f64());
                assert!(figures.iter().all(Option::is_some), "{day}");
                *day = day["day"].take();
            }
        }
        if content != vector["answer"] {
            differences.push(format!("{content}, not {}", vector["answer"]));
        }
    }
    differences
}

fn compare(name: &str, at_least: usize) {
    let server = Server::start(&repository(TRACE), &["--log-level", "info"]);
    let vectors = fixture(name);
    let vectors = vectors.as_array().expect("a list");
    assert!(vectors.len() >= at_least, "{}", vectors.len());
    let mut all = Vec::new();
    for vector in vectors {
        for difference in differences(&server, vector) {
            all.push(format!(
                "{} {} {}: {difference}",
                vector["method"], vector["path"], vector["body"]
            ));
        }
    }
    assert!(
        all.is_empty(),
        "{} differences:\n{}",
        all.len(),
        all.join("\n")
    );
}

#[test]
fn recorded_requests_have_the_recorded_answers() {
    compare("vectors.json", 102);
}

#[test]
fn many_more_requests_have_the_recorded_answers() {
    compare("more_vectors.json", 600);
}

/// Leaves out what no client depends on.
fn normalised(schema: &Value) -> Value {
    match schema {
        Value::Object(entries) => entries
            .iter()
            // A property may have the name of one of them.
            .filter(|(key, value)| {
                !(["title", "format", "description", "summary"].contains(&key.as_str())
                    && value.is_string())
            })
            .map(|(key, value)| (key.clone(), normalised(value)))
            .collect(),
        Value::Array(values) => values.iter().map(normalised).collect(),
        Value::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

#[test]
fn the_schema_is_the_recorded_one_with_additions() {
    let server = Server::start(&repository(TRACE), &[]);
    let mut ours = server.get("/openapi.json").json();
    let theirs = fixture("openapi.json");
    assert_eq!(ours["info"], theirs["info"]);
    assert_eq!(ours["info"]["version"], env!("CARGO_PKG_VERSION"));

    fn remove(object: &mut Value, names: &[&str]) {
        let object = object.as_object_mut().expect("an object");
        for name in names {
            assert!(object.shift_remove(*name).is_some(), "{name} is not there");
        }
    }
    remove(
        &mut ours["paths"],
        &["/livez", "/readyz", "/metrics", "/admin/reload"],
    );
    let statuses = ["400", "408", "413", "429", "500", "503", "504"];
    remove(
        &mut ours["paths"]["/forecast"]["post"]["responses"],
        &statuses,
    );
    remove(&mut ours["components"]["schemas"], &["Problem"]);
    remove(&mut ours["components"], &["securitySchemes"]);
    assert_eq!(normalised(&ours), normalised(&theirs));
}

#[test]
fn forecasts_are_the_commands_byte_for_byte() {
    for (trace, seed) in [(TRACE, "0"), ("artifacts/stuck-chain.nc", "7")] {
        let server = Server::start(&repository(trace), &["--seed", seed]);
        for (horizon, interval) in [
            ("7", "0.94"),
            ("365", "0.5"),
            ("30", "0.5"),
            ("365", "0.123456789"),
            ("1", "1e-320"),
        ] {
            let args = [
                "forecast",
                trace,
                "--json",
                "--horizon",
                horizon,
                "--interval",
                interval,
                "--seed",
                seed,
            ];
            let printed = fanchart().args(args).output().expect("the program starts");
            assert!(printed.status.success());
            let body = format!("{{\"horizon\":{horizon},\"credible_interval\":{interval}}}");
            // Computed, then remembered.
            for _ in 0..2 {
                let answer = server.forecast(&body);
                assert_eq!(
                    answer.text() + "\n",
                    String::from_utf8_lossy(&printed.stdout),
                    "{body}"
                );
            }
        }
    }
}

#[test]
fn the_documentation_needs_nothing_but_this_server() {
    let server = Server::start(&repository(TRACE), &[]);
    let page = server.get("/docs");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self';"),
        "{policy}"
    );
    let page = page.text();
    let parts: Vec<&str> = ["src=\"", "href=\""]
        .iter()
        .flat_map(|start| page.split(start).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| *link != "data:,")
        .collect();
    assert_eq!(parts.len(), 4, "{parts:?}");
    for part in parts {
        assert!(!part.contains(':') && !part.starts_with('/'), "{part}");
        let answer = server.get(&format!("/{part}"));
        assert_eq!(answer.status, 200, "{part}");
        assert!(!answer.body.is_empty(), "{part}");
    }
    assert!(
        server
            .get("/docs/license.txt")
            .text()
            .contains("Apache License")
    );
    assert_eq!(server.get("/docs/nope.js").status, 404);
}
