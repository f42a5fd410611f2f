//! What can be wrong with a model, as a person reads it.

use std::ops::Range;

use super::lexer::MAX_NAME;

/// Why a model could not be had. Text from files is shown with control characters replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// A mistake in the text of a model: the line, and a caret under the place.
    #[error("{file}:{line}: {message}\n  {excerpt}\n  {caret}")]
    Text {
        file: String,
        /// From 1.
        line: usize,
        message: String,
        /// The offending line, or the part of a long one that surrounds the place.
        excerpt: String,
        /// Spaces and carets, to print below `excerpt`.
        caret: String,
    },

    /// What is wrong with a file as a whole.
    #[error("{file}: {reason}")]
    File { file: String, reason: String },

    #[error("no model '{name}': it is neither a file nor a built-in model ({built_ins}){hint}")]
    NoSuchModel {
        name: String,
        built_ins: String,
        hint: String,
    },

    #[error(
        "model '{model}' needs the parameter '{parameter}', which is not among the trace's variables: {variables}{hint}"
    )]
    MissingParameter {
        model: String,
        parameter: String,
        variables: String,
        hint: String,
    },

    #[error(
        "no built-in model has exactly the trace's variables: {variables}\n\
         Write the model that was fitted into a file and pass it with --model FILE.toml, for example:\n\n{example}"
    )]
    NoModel { variables: String, example: String },

    #[error(
        "prior of '{parameter}' is {prior} for this series: {reason}; change the prior in the model file"
    )]
    Prior {
        parameter: String,
        /// As evaluated, e.g. `Normal(0, -1)`.
        prior: String,
        reason: String,
    },

    #[error(
        "model '{model}' has no prior for '{parameter}', and a fit needs one for every parameter: add a line under [priors] in the model file, such as {parameter} = \"Normal(0, 10)\""
    )]
    NoPrior { model: String, parameter: String },

    #[error("{family} is no likelihood for {series}, which is {value} at {label}: {need}")]
    Observation {
        series: String,
        /// Date or t of the row.
        label: String,
        value: String,
        family: &'static str,
        /// What observations must be, and what to do.
        need: &'static str,
    },

    #[error(
        "{column} has no value at {label}, where {series} was observed and the model needs it; fill it in, or leave {series} empty there"
    )]
    NoCovariate {
        column: String,
        /// Date or t of the row.
        label: String,
        series: String,
    },

    #[error("{series} has no observation, only gaps; a fit needs values")]
    NoObservations { series: String },
}

/// A mistake in a model file, before it is known which file that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    At(Fault),
    Whole(String),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::At(fault)
    }
}

impl Problem {
    pub fn render(self, source: &str, file: &str) -> ModelError {
        match self {
            Problem::At(fault) => fault.render(source, file),
            Problem::Whole(reason) => ModelError::File {
                file: printable(file),
                reason,
            },
        }
    }
}

/// A mistake at a place of some text, before it is known which file and line that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub message: String,
    /// Bytes of the text.
    pub at: Range<usize>,
}

impl Fault {
    pub fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at,
        }
    }

    /// The fault as found in `source`, of which `at` are bytes.
    pub fn render(self, source: &str, file: &str) -> ModelError {
        let start = floor_char_boundary(source, self.at.start);
        let end = floor_char_boundary(source, self.at.end.max(start));
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = source[start..]
            .find('\n')
            .map_or(source.len(), |newline| start + newline);
        let line = source[line_start..line_end].trim_end_matches('\r');

        let before = source[line_start..start].chars().count();
        let under = source[start..end.min(line_end)].chars().count().max(1);
        let (excerpt, before) = excerpt(line, before);
        let room = excerpt.chars().count().saturating_sub(before).max(1);

        ModelError::Text {
            file: printable(file),
            line: source[..start].matches('\n').count() + 1,
            message: printable(&self.message),
            caret: format!("{}{}", " ".repeat(before), "^".repeat(under.min(room))),
            excerpt,
        }
    }
}

/// Columns of a line that an error shows.
const EXCERPT: usize = 100;

/// The part of a line around column `place` that fits an error, and the place's column in it.
fn excerpt(line: &str, place: usize) -> (String, usize) {
    let length = line.chars().count();
    if length <= EXCERPT {
        return (printable(line), place);
    }
    let first = place
        .saturating_sub(EXCERPT / 2)
        .min(length.saturating_sub(EXCERPT));
    let part: String = line.chars().skip(first).take(EXCERPT).collect();
    let (lead, place) = match first {
        0 => ("", place),
        _ => ("…", place - first + 1),
    };
    let tail = if first + EXCERPT < length { "…" } else { "" };
    (format!("{lead}{}{tail}", printable(&part)), place)
}

/// `text` with every control or invisible character replaced, so that a stranger's file cannot
/// write to the terminal through an error, and a column stays a column.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {
                '\u{fffd}'
            }
            '\u{feff}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// A name out of a file, printable and no longer than a person will read.
pub(super) fn shorten(name: &str) -> String {
    let mut text: String = printable(name).chars().take(MAX_NAME).collect();
    if name.chars().count() > MAX_NAME {
        text.push('…');
    }
    text
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Names for an error, comma-separated, no more than a person will read.
pub(super) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    if names.is_empty() {
        return "(none)".to_owned();
    }
    let mut text = names[..names.len().min(SHOWN)]
        .iter()
        .map(|name| shorten(name))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let source = "name = \"a\"\nmean = \"slope * q\"\n";
        let at = source.find('q').unwrap();
        let error = Fault::new(at..at + 1, "unknown name 'q'").render(source, "m.toml");
        assert_eq!(
            error.to_string(),
            "m.toml:2: unknown name 'q'\n  mean = \"slope * q\"\n                  ^"
        );
    }

    #[test]
    fn a_place_beyond_the_end_or_inside_a_letter_is_no_panic() {
        for at in [0..0, 1..2, 2..9, 100..200] {
            Fault::new(at, "x").render("aé\n", "m.toml");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source = format!("{}!{}", "a".repeat(500), "b".repeat(500));
        let ModelError::Text { excerpt, caret, .. } =
            Fault::new(500..501, "x").render(&source, "m")
        else {
            panic!("a fault renders as text");
        };
        assert_eq!(excerpt.chars().count(), EXCERPT + 2);
        assert_eq!(excerpt.chars().nth(caret.len() - 1), Some('!'));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let error = Fault::new(0..1, "found '\u{1b}'").render("\u{1b}[31m", "m");
        assert!(!error.to_string().contains('\u{1b}'));
    }
}
