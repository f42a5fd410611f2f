//! Numbers as a person reads them: the digits that mean something, and no more.

/// Decimals that an uncertainty of this size supports.
pub fn decimals(uncertainty: f64) -> usize {
    if !(uncertainty > 0.0 && uncertainty.is_finite()) {
        return 3;
    }
    (-uncertainty.log10().floor()).clamp(0.0, 9.0) as usize
}

/// A number with some decimals, in powers of ten where plain digits would not fit a table.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "—".into();
    }
    if value != 0.0 && (value.abs() >= 1e8 || value.abs() < 0.5e-6) {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.decimals$}");
    // Nothing is minus nothing.
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_string(),
        _ => text,
    }
}

/// A count with separators between thousands.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(decimals(0.0043), 3);
        assert_eq!(decimals(0.18), 1);
        assert_eq!(decimals(40.0), 0);
        assert_eq!(decimals(f64::NAN), 3);
        assert_eq!(fixed(9.9311, 3), "9.931");
        assert_eq!(fixed(-0.0001, 2), "0.00");
        assert_eq!(fixed(f64::NAN, 2), "—");
        assert_eq!(fixed(1.5e12, 2), "1.500e12");
        assert_eq!(count(1_460_000), "1,460,000");
        assert_eq!(count(999), "999");
    }
}
