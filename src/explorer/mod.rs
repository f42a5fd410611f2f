//! The terminal program.
pub mod picture;
