//! What a field of a CSV file holds.

use jiff::civil::Date;

use crate::series::error::quoted;

/// Whether a field is the title of a column and no value.
pub(super) fn is_title(field: &str) -> bool {
    let field = field.trim();
    field.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !is_gap(field)
        && field.parse::<f64>().is_err()
}

fn is_gap(field: &str) -> bool {
    field.is_empty() || field.eq_ignore_ascii_case("na") || field.eq_ignore_ascii_case("nan")
}

/// A date without its hyphens, which would be taken for the number 20,240,501.
pub(super) fn is_compact_date(field: &str) -> bool {
    let field = field.trim();
    field.len() == 8
        && field.bytes().all(|byte| byte.is_ascii_digit())
        && field.parse::<Date>().is_ok()
}

/// Why a field holds no number; what was found, in quotes.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoNumber {
    #[error("{0} is not finite")]
    Infinite(String),
    #[error("{0} is not a number; leave a gap empty or write NA")]
    Text(String),
}

/// A finite number, or NaN for a gap.
pub(super) fn parse_value(field: &str, decimal_comma: bool) -> Result<f64, NoNumber> {
    let field = field.trim();
    if is_gap(field) {
        return Ok(f64::NAN);
    }
    let number = match field.parse::<f64>() {
        Err(_) if decimal_comma && !field.contains('.') => field.replacen(',', ".", 1).parse(),
        parsed => parsed,
    };
    match number {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(NoNumber::Infinite(quoted(field))),
        Err(_) => Err(NoNumber::Text(quoted(field))),
    }
}
