//! Clients that are slow, many, or ask for too much; and how the service ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::thread;

use crate::support::{Server, fanchart, read, repository};

const TRACE: &str = "artifacts/trace.nc";

fn server(options: &[&str]) -> Server {
    Server::start(&repository(TRACE), options)
}

/// What still comes until the other end closes.
fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    // A reset is an end too; a timeout is not.
    match stream.read_to_end(&mut rest) {
        Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => {
            panic!("still open: {error}")
        }
        _ => rest,
    }
}

const HEAD: &str = "POST /forecast HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";

#[test]
fn slow_clients_are_closed_and_nobody_waits_for_them() {
    let server = server(&["--timeout", "0.3", "--connections", "20"]);
    let begin = |text: &str| {
        let mut stream = server.connect();
        stream.write_all(text.as_bytes()).expect("sent");
        stream
    };
    let mut silent = begin("");
    let mut partial_head = begin("POST /forecast HTTP/1.1\r\nHost: he");
    let mut partial_body = begin(&format!("{HEAD}Content-Length: 15\r\n\r\n{{\"hori"));
    let mut idle = begin("GET /health HTTP/1.1\r\nHost: here\r\n\r\n");
    assert_eq!(read(&mut idle, "GET").expect("an answer").status, 200);
    // Asks on and on, and never reads.
    let mut unread = begin("");
    let flood = thread::spawn(move || {
        let request = format!("{HEAD}Content-Length: 15\r\n\r\n{{\"horizon\":365}}");
        while unread.write_all(request.as_bytes()).is_ok() {}
    });

    assert_eq!(server.get("/health").status, 200);
    assert_eq!(rest(&mut silent), b"");
    rest(&mut partial_head);
    assert_eq!(rest(&mut idle), b"");
    let late = read(&mut partial_body, "POST").expect("an answer");
    assert_eq!(
        (late.status, late.header("connection")),
        (408, Some("close"))
    );
    assert_eq!(rest(&mut partial_body), b"");
    flood.join().expect("it was closed");
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(
        server.metric("http_rejected_total{reason=\"body_timeout\"}"),
        1.0
    );
}

#[test]
fn who_is_silent_makes_room() {
    let server = server(&["--connections", "3"]);
    let mut silent: Vec<TcpStream> = (0..6).map(|_| server.connect()).collect();
    for _ in 0..20 {
        assert_eq!(server.get("/health").status, 200);
    }
    assert_eq!(rest(&mut silent[0]), b"");
}

#[test]
fn bodies_and_heads_are_bounded() {
    let server = server(&[]);
    let padded = |length: usize| {
        let mut body = String::from("{\"horizon\":2}");
        body += &" ".repeat(length - body.len());
        server.forecast(&body)
    };
    assert_eq!(padded(16 << 10).status, 200);
    let large = padded((16 << 10) + 1);
    assert_eq!(large.status, 413);
    assert_eq!(
        large.text(),
        r#"{"detail":"The body is larger than 16384 bytes"}"#
    );
    // Sent before anyone looks at the answer.
    assert_eq!(padded(900 << 10).status, 413);

    // Told in its head that it is hopeless, the rest need not be sent.
    let mut stream = server.connect();
    let head = format!("{HEAD}Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("sent");
    assert_eq!(read(&mut stream, "POST").expect("an answer").status, 413);

    // Of no told length, in pieces.
    let mut stream = server.connect();
    let piece = format!("2000\r\n{}\r\n", " ".repeat(0x2000));
    let chunked = format!(
        "{HEAD}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
        piece.repeat(3)
    );
    stream.write_all(chunked.as_bytes()).expect("sent");
    assert_eq!(read(&mut stream, "POST").expect("an answer").status, 413);
    assert_eq!(
        server.metric("http_rejected_total{reason=\"body_too_large\"}"),
        4.0
    );

    let many: Vec<String> = (0..65).map(|i| format!("x-{i}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "1")).collect();
    assert_eq!(server.ask("GET", "/health", &many, None).status, 431);
    let long = "x".repeat(17 << 10);
    assert_eq!(
        server.ask("GET", "/health", &[("x", &long)], None).status,
        431
    );
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn every_answer_can_be_traced() {
    let server = server(&[]);
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Request-Id", "order-66"),
    ];
    let answer = server.ask("POST", "/forecast", &headers, Some(b"{\"horizon\":40}"));
    assert_eq!(answer.header("x-request-id"), Some("order-66"));
    assert_eq!(answer.header("x-model-version").map(str::len), Some(12));
    let timing = answer.header("server-timing").expect("a timing");
    assert!(
        timing.starts_with("queue;dur=") && timing.contains(", forecast;dur="),
        "{timing}"
    );
    let entry = server.logged("request");
    assert_eq!(entry["request_id"], "order-66");
    assert_eq!(
        (&entry["route"], &entry["status"]),
        (&"/forecast".into(), &200.into())
    );

    let refused = server.ask("GET", "/nope", &[("X-Request-Id", "a b\"c")], None);
    let made = refused.header("x-request-id").expect("one is made");
    assert!(
        made.len() == 16 && made.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{made}"
    );
}

#[test]
fn metrics_count_what_was_asked_for() {
    let server = server(&[]);
    for body in [
        "{\"horizon\":7}",
        "{\"horizon\":7}",
        "{\"horizon\":365,\"credible_interval\":0.5}",
        "{\"horizon\":\"x\",\"credible_interval\":2}",
        "{",
    ] {
        server.forecast(body);
    }
    server.get("/nope");
    for (line, expected) in [
        (
            "http_requests_total{method=\"POST\",route=\"/forecast\",status=\"200\"}",
            3.0,
        ),
        (
            "http_requests_total{method=\"POST\",route=\"/forecast\",status=\"422\"}",
            2.0,
        ),
        (
            "http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"}",
            1.0,
        ),
        (
            "http_request_duration_seconds_count{route=\"/forecast\"}",
            5.0,
        ),
        ("http_rejected_total{reason=\"int_parsing\"}", 1.0),
        ("http_rejected_total{reason=\"less_than\"}", 1.0),
        ("http_rejected_total{reason=\"json_invalid\"}", 1.0),
        ("forecast_duration_seconds_count", 3.0),
        ("forecast_cache_hits_total", 1.0),
        ("forecast_cache_misses_total", 2.0),
        ("forecast_horizon_days_bucket{le=\"7.0\"}", 2.0),
        ("forecast_credible_interval_bucket{le=\"0.5\"}", 1.0),
        ("model_reloads_total{trigger=\"start\",result=\"ok\"}", 1.0),
        ("model_draws", 4000.0),
        ("http_connections", 1.0),
    ] {
        assert_eq!(
            server.metric(line),
            expected,
            "{line}\n{}",
            server.get("/metrics").text()
        );
    }
    assert!(server.get("/metrics").text().ends_with("# EOF\n"));
}

#[test]
fn ending_lets_requests_under_way_finish() {
    let mut server = server(&["--drain", "30"]);
    let mut under_way = server.connect();
    let head = format!("{HEAD}Content-Length: 15\r\n\r\n{{\"hori");
    under_way.write_all(head.as_bytes()).expect("sent");
    let mut idle = server.connect();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: here\r\n\r\n")
        .expect("sent");
    assert_eq!(read(&mut idle, "GET").expect("an answer").status, 200);

    server.signal("TERM");
    server.logged("ending: requests under way are finished");
    assert_eq!(rest(&mut idle), b"");
    under_way.write_all(b"zon\":365}").expect("sent");
    let answer = read(&mut under_way, "POST").expect("an answer");
    assert_eq!(
        (answer.status, answer.header("connection")),
        (200, Some("close"))
    );
    assert_eq!(
        answer.json()["forecasts"].as_array().map(Vec::len),
        Some(365)
    );
    assert!(server.ended().success());
    assert!(TcpStream::connect(server.address).is_err());
}

#[test]
fn ending_does_not_wait_for_a_client_that_is_stuck() {
    let mut server = server(&["--drain", "0.2"]);
    let mut stuck = server.connect();
    stuck.write_all(HEAD.as_bytes()).expect("sent");
    server.signal("TERM");
    server.logged("connections were cut that did not end in time");
    assert!(server.ended().success());
}

#[test]
fn lingering_serves_on_and_says_it_is_not_ready() {
    let mut server = server(&["--linger", "60"]);
    server.signal("TERM");
    server.logged("ending: requests under way are finished");
    let unready = server.get("/readyz");
    assert_eq!(
        (unready.status, unready.text()),
        (503, r#"{"detail":"Shutting down"}"#.into())
    );
    assert_eq!(server.forecast("{\"horizon\":2}").status, 200);
    assert_eq!(server.get("/health").json()["model_loaded"], true);
    // A second signal means it.
    server.signal("INT");
    assert!(server.ended().success());
}

#[test]
fn what_keeps_the_service_from_starting_is_told() {
    let start = |args: &[&str]| -> Output {
        let mut command = fanchart();
        command.args(["serve", "--log-level", "error"]).args(args);
        if !args.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.output().expect("the program starts")
    };
    let folder = tempfile::tempdir().expect("a folder");
    let token = folder.path().join("token");
    std::fs::write(&token, "short").expect("written");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for (args, expected) in [
        (vec!["no/such/trace.nc"], "cannot read \"no/such/trace.nc\""),
        (vec!["README.md"], "README.md"),
        (vec!["artifacts"], "not a regular file"),
        (
            vec![TRACE, "--admin-token-file", token.to_str().expect("UTF-8")],
            "16 visible ASCII characters",
        ),
        (vec![TRACE, "--poll", "soon"], "seconds are a number"),
        (
            vec![TRACE, "--listen", &address],
            "choose another with --listen",
        ),
        (
            vec![TRACE, "--listen", "nowhere"],
            "cannot listen on \"nowhere\"",
        ),
    ] {
        let output = start(&args);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(expected), "{args:?}: {told}");
    }
    #[cfg(not(feature = "cloud"))]
    {
        let output = start(&["s3://bucket/trace.nc"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("--features cloud"), "{told}");
    }
}
