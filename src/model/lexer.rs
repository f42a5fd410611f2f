//! Expressions as tokens.

use std::ops::Range;

use super::error::Fault;

/// Letters of a name.
pub(super) const MAX_NAME: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TokenKind<'a> {
    Number(f64),
    Name(&'a str),
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Comma,
    Open,
    Close,
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub kind: TokenKind<'a>,
    /// Bytes of the expression.
    pub at: Range<usize>,
}

/// All tokens of `text`; the last is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(c) = text[start..].chars().next() {
        let rest = &text[start..];
        let (kind, length) = match c {
            ' ' | '\t' | '\n' | '\r' => {
                start += 1;
                continue;
            }
            '0'..='9' | '.' => number(rest, start)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = name_length(rest);
                if length > MAX_NAME {
                    return Err(Fault::new(
                        start..start + length,
                        format!("this name is longer than {MAX_NAME} letters"),
                    ));
                }
                (TokenKind::Name(&rest[..length]), length)
            }
            '*' if rest.starts_with("**") => {
                return Err(Fault::new(
                    start..start + 2,
                    "a power is written ^, as in x^2",
                ));
            }
            '+' => (TokenKind::Plus, 1),
            '-' => (TokenKind::Minus, 1),
            '*' => (TokenKind::Star, 1),
            '/' => (TokenKind::Slash, 1),
            '^' => (TokenKind::Caret, 1),
            ',' => (TokenKind::Comma, 1),
            '(' => (TokenKind::Open, 1),
            ')' => (TokenKind::Close, 1),
            other => {
                return Err(Fault::new(
                    start..start + other.len_utf8(),
                    format!("'{other}' has no meaning in an expression"),
                ));
            }
        };
        tokens.push(Token {
            kind,
            at: start..start + length,
        });
        start += length;
    }
    tokens.push(Token {
        kind: TokenKind::End,
        at: text.len()..text.len(),
    });
    Ok(tokens)
}

/// Whether `text` is a name: a letter or underscore, then letters, digits and underscores (ASCII),
/// at most [`MAX_NAME`].
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name_length(text) == text.len()
        && text.len() <= MAX_NAME
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

/// A number as in `7`, `0.5`, `.5`, `1e-3`.
fn number(text: &str, start: usize) -> Result<(TokenKind<'_>, usize), Fault> {
    let digits = |from: usize| {
        text[from..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(text.len(), |length| from + length)
    };
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    match text[..end].parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((TokenKind::Number(value), end)),
        _ => Err(Fault::new(
            start..start + end,
            format!("'{}' is not a number that fits", &text[..end]),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        tokens(text)
            .unwrap()
            .into_iter()
            .map(|token| token.kind)
            .collect()
    }

    #[test]
    fn numbers_come_in_every_usual_form() {
        for (text, value) in [
            ("7", 7.0),
            ("0.5", 0.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e-3", 1e-3),
            ("2E+2", 200.0),
        ] {
            assert_eq!(kinds(text), [TokenKind::Number(value), TokenKind::End]);
        }
    }

    #[test]
    fn a_number_too_large_or_a_lone_point_is_a_fault() {
        assert_eq!(tokens("1e999").unwrap_err().at, 0..5);
        assert_eq!(tokens("x + .").unwrap_err().at, 4..5);
    }

    #[test]
    fn names_follow_pythons_rules() {
        assert!(is_name("_a1") && is_name("Sigma"));
        assert!(is_name(&"a".repeat(MAX_NAME)) && !is_name(&"a".repeat(MAX_NAME + 1)));
        assert!(tokens(&"a".repeat(MAX_NAME + 1)).is_err());
        assert!(!is_name("1a") && !is_name("a-b") && !is_name("") && !is_name("µ"));
        assert_eq!(
            kinds("2e"),
            [TokenKind::Number(2.0), TokenKind::Name("e"), TokenKind::End]
        );
    }

    #[test]
    fn pythons_power_is_explained() {
        assert!(tokens("x ** 2").unwrap_err().message.contains('^'));
    }
}
