//! The program in a terminal of its own: a pseudo-terminal, and a model of the screen.

#[path = "nobody.rs"]
mod nobody;

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{
    Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use vt100::{MouseProtocolMode, Parser, Screen};

/// How long anything may take: far longer than it does, since a test that fails may be slow.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to look for what the screen does not show.
const GLANCE: Duration = Duration::from_millis(10);

/// Width and height.
pub const SIZE: (u16, u16) = (120, 36);
/// Width and height of a cell in pixels.
pub const CELL: (u16, u16) = (9, 20);

/// The program that runs, its terminal, and what it has written so far.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    slave: Option<Box<dyn SlavePty + Send>>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    parser: Parser,
    /// All that was written.
    pub bytes: Vec<u8>,
    /// The line discipline before the program started.
    discipline: String,
}

impl Terminal {
    /// The program with these arguments.
    pub fn fanchart(args: &[&str]) -> Self {
        Self::run(fanchart(args))
    }

    /// A command in a terminal of truecolor; the environment is the command's alone.
    pub fn run(command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(SIZE)).expect("a terminal");
        let discipline = discipline(&*pair.master);
        let mut reader = pair.master.try_clone_reader().expect("readable");
        let keyboard = pair.master.take_writer().expect("writable");
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            master: pair.master,
            slave: Some(pair.slave),
            keyboard,
            child,
            output,
            parser: Parser::new(nonzero(SIZE.1), nonzero(SIZE.0), 0),
            bytes: Vec::new(),
            discipline,
        }
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    pub fn text(&self) -> String {
        self.screen().contents()
    }

    /// Types keys, or whatever a terminal sends.
    pub fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("typed");
        self.keyboard.flush().expect("typed");
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let id = self.process().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill starts").success());
    }

    pub fn resize(&mut self, (width, height): (u16, u16)) {
        self.parser
            .screen_mut()
            .set_size(nonzero(height), nonzero(width));
        self.master.resize(size((width, height))).expect("resized");
    }

    /// Reads on until a condition holds.
    pub fn wait_for(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(
                Instant::now() < deadline,
                "{what}: waited in vain; the screen:\n{}",
                self.text()
            );
            self.read(GLANCE);
        }
    }

    pub fn wait_for_text(&mut self, text: &str) {
        self.wait_for(text, |terminal| terminal.text().contains(text));
    }

    /// Waits until the program has been stopped.
    pub fn wait_for_stop(&mut self) {
        self.wait_for("stopped", |terminal| {
            let id = terminal.process().to_string();
            let listed = Command::new("ps").args(["-o", "stat=", "-p", &id]).output();
            listed.expect("ps starts").stdout.starts_with(b"T")
        });
        self.wait_for("the screen given back", |terminal| {
            !terminal.screen().alternate_screen()
        });
    }

    /// Waits for the program's end, and reads all that it has written.
    pub fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(
                Instant::now() < deadline,
                "still runs; the screen:\n{}",
                self.text()
            );
            self.read(GLANCE);
        };
        // With the last writer gone, the reader comes to an end.
        self.slave = None;
        while self.read(GLANCE) {
            assert!(Instant::now() < deadline, "the terminal stays open");
        }
        status
    }

    /// Everything that the program switched on is off again.
    pub fn assert_given_back(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "alternate screen left");
        assert!(!screen.hide_cursor(), "cursor shown");
        assert!(!screen.bracketed_paste(), "paste mode off");
        assert_eq!(
            screen.mouse_protocol_mode(),
            MouseProtocolMode::None,
            "mouse off"
        );
        assert_eq!(discipline(&*self.master), self.discipline, "raw mode off");
    }

    /// Everything that the explorer needs is on.
    pub fn assert_taken(&self) {
        let screen = self.screen();
        assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste());
        assert_ne!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
        assert_ne!(discipline(&*self.master), self.discipline, "raw mode");
    }

    fn process(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    /// Reads what is there, or comes within a time; `false` at the end.
    fn read(&mut self, within: Duration) -> bool {
        match self.output.recv_timeout(within) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.bytes.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => {
                // Nothing will come any more: the time is spent all the same.
                thread::sleep(GLANCE.min(within));
                false
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves no program behind; one that passed has none left.
        let _ = self.child.kill();
    }
}

/// The program with an environment that does not depend on who runs the tests.
pub fn fanchart(args: &[&str]) -> CommandBuilder {
    let mut command = command(Path::new(assert_cmd::cargo::cargo_bin!("fanchart")));
    command.args(args);
    command
}

pub fn command(program: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    for (name, value) in nobody::ENVIRONMENT {
        command.env(name, value);
    }
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    command
}

fn size((width, height): (u16, u16)) -> PtySize {
    PtySize {
        rows: height,
        cols: width,
        pixel_width: width * CELL.0,
        pixel_height: height * CELL.1,
    }
}

fn nonzero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a size")
}

/// All settings of the line discipline.
fn discipline(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal"))
}
