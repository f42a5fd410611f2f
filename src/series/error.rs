//! What can be wrong with a series, as a person reads it.

/// Why a file is no series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// The file as a whole.
    #[error("{file}: {reason}")]
    File { file: String, reason: String },

    /// One line of it, from 1.
    #[error("{file}:{line}: {reason}")]
    Line {
        file: String,
        line: usize,
        reason: String,
    },
}

/// Text found in a stranger's file, in quotes; see [`printable`].
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", printable(text))
}

/// Text of a stranger's file with what does not print escaped, no longer than a person will read.
pub(super) fn printable(text: &str) -> String {
    const SHOWN: usize = 64;
    let mut shown = String::new();
    for c in text.chars().take(SHOWN) {
        match c {
            '\'' | '"' | '\\' => shown.push(c),
            c => shown.extend(c.escape_debug()),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
