//! What can be wrong with a config file, as a person reads it.

use std::path::Path;

use super::VARIABLE;
use crate::trace::escape;

/// Why a config could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A mistake in the text.
    #[error("{file}:{line}:{column}: {message}")]
    Text {
        file: String,
        /// From 1.
        line: usize,
        /// Characters, from 1.
        column: usize,
        message: String,
    },
    /// What is wrong with the file as a whole.
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
    #[error("there is no home folder to look for a config file in; {VARIABLE}=FILE names one")]
    NoPlace,
}

impl ConfigError {
    /// What is wrong with a file as a whole.
    pub(super) fn file(path: &Path, reason: impl Into<String>) -> Self {
        Self::File {
            file: label(path),
            reason: reason.into(),
        }
    }
}

/// A mistake at a place of a text, before it is known which file that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte of the text.
    pub at: usize,
    pub message: String,
}

impl Fault {
    pub fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }

    /// The mistake as one of the file that holds the text.
    pub fn of(self, text: &str, path: &Path) -> ConfigError {
        let (line, column) = place(text, self.at);
        ConfigError::Text {
            file: label(path),
            line,
            column,
            message: escape(&self.message),
        }
    }
}

/// Line and column of a byte, from 1; the column in characters.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    // A place inside a letter is where the letter begins.
    let mut ends = (0..=at.min(text.len())).rev();
    let before = ends.find_map(|end| text.get(..end)).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

fn label(path: &Path) -> String {
    escape(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let text = "a\nbé\r\nc";
        for (at, expected) in [
            (0, (1, 1)),
            (2, (2, 1)),
            (5, (2, 3)),
            (7, (3, 1)),
            (99, (3, 2)),
        ] {
            assert_eq!(place(text, at), expected, "{at}");
        }
        // Inside a letter, and in nothing.
        assert_eq!(place(text, 4), (2, 2));
        assert_eq!(place("", 5), (1, 1));
    }
}
