//! What a fan chart is, without a terminal.
