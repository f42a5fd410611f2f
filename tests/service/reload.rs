//! The model is replaced while it serves; whatever goes wrong, the old one goes on.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::support::{Server, read, repository};

const CONVERGED: &str = "artifacts/trace.nc";
const STUCK: &str = "artifacts/stuck-chain.nc";

fn bytes(path: &str) -> Vec<u8> {
    fs::read(repository(path)).expect("a file of the repository")
}

/// Puts a file in the place of another in one step.
fn put(path: &Path, content: &[u8]) {
    let next = path.with_extension("next");
    fs::write(&next, content).expect("written");
    fs::rename(&next, path).expect("renamed");
}

const REQUEST: &[u8] =
    b"POST /forecast HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n\
                         Content-Length: 15\r\n\r\n{\"horizon\":365}";

/// Asks on one connection until told to stop: how many answers of each version of the model there
/// were. Every answer is a forecast, and all of one version are the same.
fn ask_until(address: SocketAddr, stop: &AtomicBool) -> HashMap<String, usize> {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let mut seen: HashMap<String, (Vec<u8>, usize)> = HashMap::new();
    while !stop.load(Ordering::Relaxed) {
        stream.write_all(REQUEST).expect("sent");
        let answer = read(&mut stream, "POST").expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let version = answer
            .header("x-model-version")
            .expect("a version")
            .to_owned();
        let (first, count) = seen.entry(version).or_insert((answer.body.clone(), 0));
        assert!(*first == answer.body, "two answers of one version differ");
        *count += 1;
    }
    seen.into_iter()
        .map(|(version, (_, count))| (version, count))
        .collect()
}

#[test]
fn requests_never_meet_a_file_that_is_not_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.nc");
    let (converged, stuck) = (bytes(CONVERGED), bytes(STUCK));
    fs::write(&path, &converged).expect("written");
    let server = Server::start(&path, &["--poll", "0.02", "--log-level", "info"]);
    let first = server.get("/readyz").json()["model_version"].take();

    let (address, stop) = (server.address, AtomicBool::new(false));
    let seen = thread::scope(|scope| {
        let clients: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| ask_until(address, &stop)))
            .collect();
        for good in [&stuck, &converged, &stuck] {
            for bad in [
                &good[..good.len() / 2],
                b"garbage",
                b"",
                &bytes("tests/fixtures/traces/v0_empty.nc"),
            ] {
                put(&path, bad);
                server.logged("no new model; the old one goes on");
            }
            // Written to in place, piece by piece.
            let mut file = fs::File::create(&path).expect("created");
            for piece in good.chunks(good.len() / 3) {
                file.write_all(piece).expect("written");
            }
            drop(file);
            server.logged("model loaded");
        }
        stop.store(true, Ordering::Relaxed);
        let seen: Vec<_> = clients
            .into_iter()
            .map(|client| client.join().expect("only 200"))
            .collect();
        seen
    });
    let last = server.get("/readyz").json()["model_version"].take();
    assert_ne!(first, last);
    for versions in seen {
        assert_eq!(versions.len(), 2, "{versions:?}");
    }
    assert_eq!(
        server.metric("model_reloads_total{trigger=\"start\",result=\"ok\"}"),
        1.0
    );
    assert!(server.metric("model_reloads_total{trigger=\"poll\",result=\"ok\"}") >= 3.0);
    assert!(server.metric("model_reloads_total{trigger=\"poll\",result=\"failed\"}") >= 12.0);
    let version = last.as_str().expect("a version");
    assert_eq!(
        server.metric(&format!(
            "model_info{{version=\"{version}\",check=\"fail\"}}"
        )),
        1.0
    );
}

#[test]
fn a_signal_loads_again_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.nc");
    put(&path, &bytes(CONVERGED));
    let server = Server::start(&path, &["--poll", "0"]);
    let before = server.forecast("{\"horizon\":7}").text();

    put(&path, b"garbage");
    server.signal("HUP");
    let entry = server.logged("no new model; the old one goes on");
    assert_eq!(entry["level"], "ERROR");
    assert_eq!(entry["trigger"], "signal");
    assert!(
        entry["error"]
            .as_str()
            .is_some_and(|error| error.contains("trace.nc")),
        "{entry}"
    );
    assert_eq!(server.forecast("{\"horizon\":7}").text(), before);
    assert_eq!(server.get("/readyz").status, 200);

    put(&path, &bytes(STUCK));
    server.signal("HUP");
    let odd = server.logged("do not trust these forecasts before `fanchart check`");
    assert_eq!(
        (&odd["level"], &odd["check"]),
        (&"WARN".into(), &"fail".into())
    );
    server.logged("model loaded");
    assert_ne!(server.forecast("{\"horizon\":7}").text(), before);
    assert_eq!(server.get("/readyz").json()["check"], "fail");
}

#[test]
fn the_webhook_takes_a_token_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (trace, token) = (folder.path().join("trace.nc"), folder.path().join("token"));
    put(&trace, &bytes(CONVERGED));
    fs::write(&token, "0123456789abcdef\n").expect("written");

    let closed = Server::start(&trace, &[]);
    assert_eq!(closed.ask("POST", "/admin/reload", &[], None).status, 404);

    let options = [
        "--poll",
        "0",
        "--admin-token-file",
        token.to_str().expect("UTF-8"),
    ];
    let server = Server::start(&trace, &options);
    let ask = |authorization: Option<&str>| {
        let headers: Vec<_> = authorization
            .map(|value| ("Authorization", value))
            .into_iter()
            .collect();
        server.ask(
            "POST",
            "/admin/reload",
            &headers,
            Some(b"{\"path\":\"/etc/passwd\"}"),
        )
    };
    for wrong in [
        None,
        Some("Bearer "),
        Some("Bearer 0123456789abcdeg"),
        Some("Bearer 0123456789abcdef0"),
        Some("0123456789abcdef"),
    ] {
        let refused = ask(wrong);
        assert_eq!(refused.status, 401, "{wrong:?}");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
        assert_eq!(refused.text(), r#"{"detail":"Not authenticated"}"#);
    }
    let asked = ask(Some("Bearer 0123456789abcdef"));
    assert_eq!(asked.status, 202, "{}", asked.text());
    assert_eq!(server.logged("model loaded")["trigger"], "webhook");
    assert_eq!(server.ask("GET", "/admin/reload", &[], None).status, 405);
}

#[test]
fn any_number_of_triggers_while_one_runs_is_one() {
    let server = Server::start(&repository(CONVERGED), &["--poll", "0"]);
    for _ in 0..30 {
        server.signal("HUP");
    }
    server.logged("model loaded");
    thread::sleep(std::time::Duration::from_millis(300));
    let loads = server.metric("model_reloads_total{trigger=\"signal\",result=\"ok\"}");
    assert!((1.0..30.0).contains(&loads), "{loads}");
}
