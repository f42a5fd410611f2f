//! A service of this program and a client that says exactly what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::nobody;

/// Longer than anything takes that is not stuck.
const LONG: Duration = Duration::from_secs(60);

/// A file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The program, in the repository's folder.
pub fn fanchart() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanchart"));
    command
        .current_dir(repository(""))
        .envs(nobody::ENVIRONMENT);
    command
}

/// A running service; killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    log: Receiver<Value>,
}

impl Server {
    /// Starts a service on a port of the system's choice and waits until it is ready.
    pub fn start(trace: &Path, options: &[&str]) -> Self {
        let server = Self::start_loading(trace, options);
        server.logged("model loaded");
        server
    }

    /// The same without waiting for the model.
    pub fn start_loading(trace: &Path, options: &[&str]) -> Self {
        let mut child = fanchart()
            .arg("serve")
            .arg(trace)
            .args(["--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (sender, log) = channel();
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // An error that ends the program is no object.
                let entry = serde_json::from_str(&line).unwrap_or(Value::String(line));
                let _ = sender.send(entry);
            }
        });
        let mut server = Self {
            child,
            address: ([127, 0, 0, 1], 0).into(),
            log,
        };
        let listening = server.logged("listening");
        let address = listening["address"].as_str().expect("an address");
        server.address = address.parse().expect("an address");
        server
    }

    /// Waits for an entry of the log by its message; those before it are passed over.
    pub fn logged(&self, message: &str) -> Value {
        let deadline = Instant::now() + LONG;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let entry = self.log.recv_timeout(left);
            let entry = entry.unwrap_or_else(|_| panic!("never logged: {message}"));
            if entry["message"] == message {
                return entry;
            }
        }
    }

    /// Connects; reading waits for a bounded time.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(LONG)).expect("a timeout");
        stream
    }

    /// Sends a request on a connection of its own.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = body {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("sent");
        stream.write_all(body.unwrap_or_default()).expect("sent");
        read(&mut stream, method).expect("an answer")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    /// Asks for a forecast.
    pub fn forecast(&self, body: &str) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.ask("POST", "/forecast", &headers, Some(body.as_bytes()))
    }

    /// The value of a line of /metrics; 0 for one that is not there.
    pub fn metric(&self, line: &str) -> f64 {
        let text = self.get("/metrics").text();
        let value = text
            .lines()
            .find_map(|l| l.strip_prefix(line)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse().expect("a number"))
    }

    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(kill.expect("there is kill").success());
    }

    /// Waits for the end of the program.
    pub fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + LONG;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it does not end");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

/// Reads one answer; `None` when the connection ends before it is whole.
pub fn read(stream: &mut impl Read, method: &str) -> Option<Answer> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("ASCII");
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().expect("a status");
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    if method != "HEAD" {
        let length = answer
            .header("content-length")
            .map_or(0, |l| l.parse().expect("a length"));
        answer.body = vec![0; length];
        stream.read_exact(&mut answer.body).ok()?;
    }
    Some(answer)
}
