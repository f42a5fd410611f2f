//! Text and numbers as XML and path data hold them.

use std::fmt::Write;

/// Text with the characters that XML gives a meaning written as entities, for content and for
/// values of attributes; what no XML document may hold is left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A coordinate with at most two decimals; of one far beyond any picture, where it leaves it.
pub(super) fn number(value: f64) -> String {
    const BEYOND: f64 = 1e5;
    let value = if value.is_nan() { 0.0 } else { value };
    // Adding 0 turns -0 into 0.
    ((value.clamp(-BEYOND, BEYOND) * 100.0).round() / 100.0 + 0.0).to_string()
}

/// Appends a formatted part to a document.
pub(super) fn append(text: &mut String, part: std::fmt::Arguments) {
    text.write_fmt(part)
        .expect("writing to a string cannot fail");
}

/// Path data of a line through points.
pub(super) fn line(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.into_iter().enumerate() {
        let command = if i == 0 { 'M' } else { 'L' };
        append(
            &mut path,
            format_args!("{command}{} {}", number(x), number(y)),
        );
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            escaped("<a href=\"x\">'&'</a>\u{0}\u{1b}\u{ffff}\n"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"
        );
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        assert_eq!([1.0, 0.126, -0.001].map(number), ["1", "0.13", "0"]);
        assert_eq!([f64::NAN, f64::INFINITY].map(number), ["0", "100000"]);
    }

    #[test]
    fn a_line_begins_with_a_move() {
        assert_eq!(line([(0.0, 1.0), (2.5, 3.0)]), "M0 1L2.5 3");
        assert_eq!(line([]), "");
    }
}
