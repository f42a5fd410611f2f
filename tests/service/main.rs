//! `fanchart serve` as its clients meet it: the program itself, on a port of its own.
#![cfg(unix)]

mod clients;
#[path = "../support/nobody.rs"]
mod nobody;
mod reload;
mod support;
mod vectors;
