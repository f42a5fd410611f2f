//! The terminal program.
//!
//! One channel brings every event, one loop takes them: [`update`] changes the [`State`] and
//! says what is to be done, the loop does it, [`views`] draw what came of it. `update` and the
//! views are pure; work that takes time is done by the `worker`.

pub mod action;
pub mod answers;
pub mod canvas;
mod copy;
pub mod engine;
pub mod event;
mod export;
pub mod figures;
mod fitter;
pub mod glossary;
mod headless;
mod input;
pub mod keymap;
pub mod layout;
mod memory;
mod mouse;
pub mod numbers;
pub mod picture;
pub mod pixels;
pub mod plot;
mod prompt;
mod recipe;
pub mod report;
mod session;
pub mod state;
pub mod terminal;
pub mod theme;
mod update;
pub mod views;
mod watch;
pub mod widgets;
mod worker;
mod write;

pub use headless::Headless;
pub use memory::{Memory, Visit};
pub use pixels::Graphics;
pub use recipe::Recipe;
pub use session::{Ended, Opened, Options, Presentation, RunError, Session, run};
pub use state::{Controls, Document, State};
pub use update::update;
