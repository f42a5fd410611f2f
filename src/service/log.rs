//! The log: lines to standard error that no request waits for.
//!
//! Whoever reads standard error may be slow or stuck. Lines go through a bounded queue to a
//! thread that writes them; when the queue is full they are dropped, and counted.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait to be written.
const LINES: usize = 4096;
/// Bytes written at once.
const AT_ONCE: usize = 64 << 10;
/// For what is still to be written at the end.
const FLUSH: Duration = Duration::from_secs(1);

/// Shape of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// To read.
    Text,
    /// An object a line.
    Json,
}

enum Entry {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

/// The queue of the log.
#[derive(Clone)]
pub struct Log {
    entries: SyncSender<Entry>,
    /// Lines that found the queue full.
    pub dropped: Counter,
}

impl Log {
    /// Sends everything the program logs to standard error from now on.
    ///
    /// # Errors
    /// When the system gives no thread, or the process has a log already.
    pub fn start(format: LogFormat, level: LevelFilter) -> io::Result<Self> {
        let (entries, received) = sync_channel(LINES);
        let writer = thread::Builder::new().name("log".into());
        writer.spawn(move || write(&received, io::stderr()))?;
        let log = Self {
            entries,
            dropped: Counter::default(),
        };
        let builder = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_target(false)
            .with_ansi(false)
            .with_writer(log.clone());
        let started = match format {
            LogFormat::Text => builder.try_init(),
            LogFormat::Json => builder.json().flatten_event(true).try_init(),
        };
        started.map_err(io::Error::other)?;
        Ok(log)
    }

    /// Waits until what was logged so far is written, a second at most.
    pub fn flush(&self) {
        let (written, wait) = sync_channel(1);
        // A full queue has its reader stuck: what is in it will not be read.
        if self.entries.try_send(Entry::Flush(written)).is_ok() {
            let _ = wait.recv_timeout(FLUSH);
        }
    }
}

/// One line; the subscriber writes it in one piece.
pub struct Line<'a>(&'a Log);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.0.entries.try_send(Entry::Line(line.to_vec())).is_err() {
            self.0.dropped.inc();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

/// Writes lines as they come, those that wait together at once.
fn write(entries: &Receiver<Entry>, mut to: impl Write) {
    let mut lines = Vec::new();
    while let Ok(first) = entries.recv() {
        let mut next = Some(first);
        let mut flushed = None;
        while let Some(entry) = next {
            match entry {
                Entry::Line(line) => lines.extend_from_slice(&line),
                Entry::Flush(written) => flushed = Some(written),
            }
            next = (lines.len() < AT_ONCE)
                .then(|| entries.try_recv().ok())
                .flatten();
        }
        // With standard error gone there is nobody to tell.
        let _ = to.write_all(&lines);
        lines.clear();
        if let Some(written) = flushed {
            let _ = written.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_in_order_and_flushed() {
        let (entries, received) = sync_channel(LINES);
        let (written, wait) = sync_channel(1);
        for line in ["one\n", "two\n"] {
            entries.send(Entry::Line(line.into())).expect("received");
        }
        entries.send(Entry::Flush(written)).expect("received");
        drop(entries);
        let mut text = Vec::new();
        write(&received, &mut text);
        assert_eq!(text, b"one\ntwo\n");
        assert!(wait.recv().is_ok());
    }

    #[test]
    fn a_full_queue_drops_lines_and_counts_them() {
        // Nobody reads.
        let (entries, _received) = sync_channel(1);
        let log = Log {
            entries,
            dropped: Counter::default(),
        };
        for _ in 0..3 {
            let mut line = log.make_writer();
            line.write_all(b"a line\n").expect("never fails");
        }
        assert_eq!(log.dropped.get(), 2);
        // Does not wait for one who will never come.
        log.flush();
    }
}
