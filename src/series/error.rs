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

/// Text found in a stranger's file, in quotes, escaped and no longer than a person will read.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    let shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    let tail = if text.chars().count() > SHOWN {
        "…"
    } else {
        ""
    };
    format!("'{shown}{tail}'")
}
