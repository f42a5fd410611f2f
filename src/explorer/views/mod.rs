//! Whole screens.

pub mod forecast;
