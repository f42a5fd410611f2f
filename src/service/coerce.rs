//! What pydantic 2 takes for an integer and for a number when it is not strict.
//!
//! Rules and messages are those of pydantic 2.14 (pydantic-core 2.50), found by reading it and by
//! asking it; `tests/fixtures/api` holds what it answered.

use std::borrow::Cow;

use super::json::Value;

/// Digits of the longest integer that is read from a string.
const DIGITS: usize = 4300;

/// Why a value was not taken: pydantic's name of it, and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub kind: &'static str,
    pub message: &'static str,
}

const fn refusal(kind: &'static str, message: &'static str) -> Refusal {
    Refusal { kind, message }
}

const INT_TYPE: Refusal = refusal("int_type", "Input should be a valid integer");
const INT_PARSING: Refusal = refusal(
    "int_parsing",
    "Input should be a valid integer, unable to parse string as an integer",
);
const INT_PARSING_SIZE: Refusal = refusal(
    "int_parsing_size",
    "Unable to parse input string as an integer, exceeded maximum size",
);
const INT_FROM_FLOAT: Refusal = refusal(
    "int_from_float",
    "Input should be a valid integer, got a number with a fractional part",
);
const FINITE_NUMBER: Refusal = refusal("finite_number", "Input should be a finite number");
const FLOAT_TYPE: Refusal = refusal("float_type", "Input should be a valid number");
const FLOAT_PARSING: Refusal = refusal(
    "float_parsing",
    "Input should be a valid number, unable to parse string as a number",
);

/// A value as an integer; one beyond an `i64` becomes the nearest.
///
/// # Errors
/// When pydantic would not take it.
pub fn integer(value: &Value) -> Result<i64, Refusal> {
    match value {
        Value::Integer(digits) => Ok(saturated(digits)),
        Value::Bool(value) => Ok(i64::from(*value)),
        Value::Float(value) if !value.is_finite() => Err(FINITE_NUMBER),
        Value::Float(value) if value.fract() != 0.0 => Err(INT_FROM_FLOAT),
        // Neither end is an i64 that a float can tell from its neighbours.
        Value::Float(value) if value.abs() < 2f64.powi(63) => Ok(*value as i64),
        Value::Float(_) => Err(INT_PARSING_SIZE),
        Value::Text(text) => integer_in(text),
        Value::Null | Value::List(_) | Value::Object(_) => Err(INT_TYPE),
    }
}

/// A value as a number, which may be infinite or NaN.
///
/// # Errors
/// When pydantic would not take it.
pub fn number(value: &Value) -> Result<f64, Refusal> {
    match value {
        Value::Float(value) => Ok(*value),
        Value::Bool(value) => Ok(f64::from(u8::from(*value))),
        // Python does not make an infinite float of an integer.
        Value::Integer(digits) => match digits.parse() {
            Ok(value) if f64::is_finite(value) => Ok(value),
            _ => Err(FLOAT_TYPE),
        },
        Value::Text(text) => {
            let joined = || without_underscores(text)?.parse().ok();
            let number = text.trim().parse().ok().or_else(joined);
            number.ok_or(FLOAT_PARSING)
        }
        Value::Null | Value::List(_) | Value::Object(_) => Err(FLOAT_TYPE),
    }
}

fn integer_in(text: &str) -> Result<i64, Refusal> {
    // Too many digits are too many whatever follows them.
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading = digits.bytes().take_while(u8::is_ascii_digit).count();
    if leading > DIGITS && !digits.starts_with('0') {
        return Err(INT_PARSING_SIZE);
    }
    let is_plain = |text: &str| is_plain(text).then(|| saturated(text));
    let tidy = || is_plain(&tidied(text)?);
    is_plain(text).or_else(tidy).ok_or(INT_PARSING)
}

/// Whether an integer is written the plain way: no plus sign, no leading zero, not too long.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let only_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    only_digits && digits.len() <= DIGITS && (digits == "0" || !digits.starts_with('0'))
}

/// Of plain digits.
fn saturated(text: &str) -> i64 {
    let beyond = if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    text.parse().unwrap_or(beyond)
}

/// The text without what may surround an integer: blanks, a plus sign, leading zeros, decimals
/// that are all zero, single underscores between digits.
fn tidied(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    let (sign, text) = match text.as_bytes() {
        [b'+', ..] => ("", &text[1..]),
        [b'-', ..] => ("-", &text[1..]),
        _ => ("", text),
    };
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let text = without_leading_zeros(text)?;
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        _ => text,
    };
    let joined = without_underscores(text);
    let text = joined.map_or(Cow::Borrowed(text), Cow::Owned);
    Some(if sign.is_empty() {
        text
    } else {
        format!("{sign}{text}").into()
    })
}

/// A number of zeros alone keeps its last character.
fn without_leading_zeros(text: &str) -> Option<&str> {
    if !text.starts_with('0') {
        return Some(text);
    }
    let rest = text.trim_start_matches(['0', '_']);
    let zeros = text.len() - rest.len();
    match rest.as_bytes() {
        [] | [b'.', ..] => Some(&text[zeros - 1..]),
        [b'1'..=b'9' | b'-', ..] => Some(rest),
        _ => None,
    }
}

/// `None` without underscores, or when one is not between two other characters.
fn without_underscores(text: &str) -> Option<String> {
    let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (text.contains('_') && !misplaced).then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn integers_are_taken_from_what_means_one() {
        for (value, expected) in [
            (Value::Bool(true), 1),
            (Value::Float(1e2), 100),
            (Value::Float(-0.0), 0),
            (Value::Integer("9".repeat(400)), i64::MAX),
            (Value::Integer(format!("-{}", "9".repeat(400))), i64::MIN),
            (text(" +007.00 "), 7),
            (text("-0_7"), -7),
            (text("1_000"), 1000),
            (text("\u{2003}7\u{a0}"), 7),
            (text("000"), 0),
        ] {
            assert_eq!(integer(&value), Ok(expected), "{value:?}");
        }
    }

    #[test]
    fn other_values_are_refused_by_their_kind() {
        for (value, expected) in [
            (Value::Null, INT_TYPE),
            (Value::List(vec![]), INT_TYPE),
            (Value::Float(7.5), INT_FROM_FLOAT),
            (Value::Float(f64::NAN), FINITE_NUMBER),
            (Value::Float(1e19), INT_PARSING_SIZE),
            (text(&"9".repeat(4301)), INT_PARSING_SIZE),
            (text(&format!("{}.0", "9".repeat(4301))), INT_PARSING_SIZE),
            (text(&format!(" {}", "9".repeat(4301))), INT_PARSING),
            (text(""), INT_PARSING),
            (text("1e2"), INT_PARSING),
            (text("1__0"), INT_PARSING),
            (text("7_"), INT_PARSING),
            (text("+-7"), INT_PARSING),
            (text("٧"), INT_PARSING),
        ] {
            assert_eq!(integer(&value), Err(expected), "{value:?}");
        }
    }

    #[test]
    fn numbers_are_taken_from_what_means_one() {
        for (value, expected) in [
            (Value::Bool(false), 0.0),
            (Value::Integer("1".into()), 1.0),
            (text(" .5 "), 0.5),
            (text("0_0.2_5"), 0.25),
            (text("-Infinity"), f64::NEG_INFINITY),
        ] {
            assert_eq!(number(&value), Ok(expected), "{value:?}");
        }
        assert!(number(&text("nan")).is_ok_and(f64::is_nan));
        assert_eq!(number(&Value::Integer("9".repeat(309))), Err(FLOAT_TYPE));
        assert_eq!(number(&Value::Null), Err(FLOAT_TYPE));
        for bad in ["", "x", "0,5", "0.5_", "1/2", " 0_.5"] {
            assert_eq!(number(&text(bad)), Err(FLOAT_PARSING), "{bad:?}");
        }
    }
}
