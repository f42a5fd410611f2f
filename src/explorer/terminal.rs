//! The terminal: entered once, given back whole on every way out.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Once};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::style::Print;
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect, Size};

use super::pixels::{self, Picture, Protocol};

/// Whether the terminal is ours and has to be given back.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// The picture that kitty holds for us, 0 for none.
static HELD: AtomicU32 = AtomicU32::new(0);
static PANIC_HOOK: Once = Once::new();

/// The screen while it is ours; dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
    /// One update of the screen at a time, where the terminal takes it well.
    synchronized: bool,
    /// What the last frame covered, and the picture that lies over its cells.
    area: Rect,
    picture: Option<Arc<Picture>>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When the terminal cannot be written to or set to raw mode.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        // A panic prints below a restored prompt, not into a screen that is about to go.
        PANIC_HOOK.call_once(|| {
            let report = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                // A panic that the trace reader contains is an error message, not an end.
                if !crate::trace::panic_is_contained() {
                    give_back();
                }
                report(panic);
            }));
        });
        take(mouse)?;
        // Frames are a few kilobytes: one write each.
        let out = BufWriter::with_capacity(1 << 16, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(out)).inspect_err(|_| give_back())?;
        // tmux holds synchronised updates back until a time-out.
        let synchronized = std::env::var_os("TMUX").is_none();
        Ok(Self {
            terminal,
            mouse,
            synchronized,
            area: Rect::ZERO,
            picture: None,
        })
    }

    pub fn size(&self) -> Size {
        terminal::size().map_or(Size::new(80, 24), |(width, height)| {
            Size::new(width, height)
        })
    }

    /// Draws a frame, and lays a picture over its cells; only what changed is sent. Nothing while
    /// the terminal is given back for a stop: [`Self::resume`] has the next frame sent whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(
        &mut self,
        paint: impl FnOnce(Rect, &mut Buffer),
        picture: Option<Arc<Picture>>,
    ) -> io::Result<()> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        if self.synchronized {
            queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        }
        let drawn = self.terminal.draw(|frame| {
            paint(frame.area(), frame.buffer_mut());
            if let Some(picture) = &picture {
                spare(picture, frame.buffer_mut());
            }
        })?;
        if drawn.area != self.area {
            // A terminal of another size has been cleared.
            self.area = drawn.area;
            self.picture = None;
        }
        self.lay(picture)?;
        if self.synchronized {
            queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        }
        self.terminal.backend_mut().flush()
    }

    /// Lays a picture over the cells in place of the one that was there.
    fn lay(&mut self, picture: Option<Arc<Picture>>) -> io::Result<()> {
        let before = HELD.load(Ordering::SeqCst);
        let same = match (&picture, &self.picture) {
            (Some(next), Some(now)) => Arc::ptr_eq(next, now),
            // Off the screen kitty still holds it.
            (None, None) => before == 0,
            _ => false,
        };
        if same {
            return Ok(());
        }
        let mut held = 0;
        let out = self.terminal.backend_mut();
        if let Some(picture) = &picture {
            if picture.protocol == Protocol::Kitty {
                held = picture.number;
                // Before it is sent: a panic amid it takes it back all the same.
                HELD.store(held, Ordering::SeqCst);
            }
            let area = picture.subject.area();
            queue!(out, MoveTo(area.x, area.y), Print(&picture.bytes))?;
        }
        if before != 0 && before != held {
            queue!(out, Print(pixels::forget(before)))?;
        }
        HELD.store(held, Ordering::SeqCst);
        self.picture = picture;
        Ok(())
    }

    /// Forgets what is on screen: the next frame is sent whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn clear(&mut self) -> io::Result<()> {
        self.picture = None;
        // Terminal::clear would ask where the cursor is, and the answer goes to whoever reads the
        // input by now; a resize to the same size clears as well, and asks nothing.
        self.terminal
            .resize(Rect::from((Position::ORIGIN, self.size())))
    }

    /// # Errors
    /// When the terminal is gone.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on {
            execute!(io::stdout(), EnableMouseCapture)
        } else {
            execute!(io::stdout(), DisableMouseCapture)
        }
    }

    /// Puts text into the terminal's clipboard (OSC 52).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            io::stdout(),
            crossterm::clipboard::CopyToClipboard::to_clipboard_from(text)
        )
    }

    /// Takes the terminal again after the program was stopped and continued.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resume(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        self.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves the cells below a picture alone, where writing to them would erase it; without the
/// picture they differ from what was sent last, and are sent again.
fn spare(picture: &Picture, buffer: &mut Buffer) {
    if picture.protocol == Protocol::Kitty {
        // A layer of its own: the cells are drawn below it.
        return;
    }
    for position in picture.subject.area().intersection(buffer.area).positions() {
        buffer[position].set_diff_option(CellDiffOption::Skip);
    }
}

fn take(mouse: bool) -> io::Result<()> {
    terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen, Hide, EnableBracketedPaste).inspect_err(|_| give_back())?;
    if mouse {
        execute!(out, EnableMouseCapture).inspect_err(|_| give_back())?;
    }
    Ok(())
}

/// Gives the terminal back. Does nothing when it is not taken; tries every step even when one
/// fails, since a terminal that is going away needs no care and any other needs all of it.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let held = HELD.swap(0, Ordering::SeqCst);
    if held != 0 {
        let _ = execute!(out, Print(pixels::forget(held)));
    }
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste
    );
    let _ = execute!(out, Show, LeaveAlternateScreen);
    let _ = terminal::disable_raw_mode();
}
