//! Text of a stranger's file, made safe to print.

use std::fmt::Write;

/// Longest piece of a file's text that is shown, in characters.
const SHOWN: usize = 500;

/// Escapes what a terminal obeys or an eye cannot see: control characters,
/// those that change the direction of text, and those of no width. Text past
/// 500 characters is cut and ends in `…`.
///
/// Everything else, in any script, passes unchanged.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * SHOWN));
    for (i, c) in text.chars().enumerate() {
        if i == SHOWN {
            out.push('…');
            break;
        }
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Unicode categories Cc, Cf, Zl and Zp as far as they are assigned, and the
/// blank letters that fonts draw as nothing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Names as a person lists them: `a, b and 3 more`, or `none`.
pub fn list<S: AsRef<str>>(names: &[S], shown: usize) -> String {
    if names.is_empty() {
        return "none".into();
    }
    let mut out = names
        .iter()
        .take(shown)
        .map(|name| escape(name.as_ref()))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > shown {
        let _ = write!(out, " and {} more", names.len() - shown);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_names_in_any_script_pass() {
        for name in ["slope", "β_0", "häufigkeit", "周期", "beta[0, 1]", "log σ²"] {
            assert_eq!(escape(name), name);
        }
    }

    #[test]
    fn what_a_terminal_obeys_or_an_eye_misses_is_spelled_out() {
        assert_eq!(escape("a\x1b[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(escape("a\nb\u{9b}"), "a\\u{a}b\\u{9b}");
        assert_eq!(escape("\u{202e}eman"), "\\u{202e}eman");
        assert_eq!(escape("sig\u{200b}ma"), "sig\\u{200b}ma");
        assert_eq!(escape("\u{feff}x\u{e0041}"), "\\u{feff}x\\u{e0041}");
    }

    #[test]
    fn long_text_is_cut_with_a_sign_of_it() {
        let cut = escape(&"x".repeat(10_000));
        assert_eq!(cut.chars().count(), SHOWN + 1);
        assert!(cut.ends_with('…'));
        assert_eq!(escape(&"x".repeat(SHOWN)), "x".repeat(SHOWN));
    }

    #[test]
    fn a_list_says_how_many_are_left_out() {
        assert_eq!(list::<&str>(&[], 3), "none");
        assert_eq!(list(&["a", "b"], 3), "a, b");
        assert_eq!(list(&["a", "b", "c", "d"], 2), "a, b and 2 more");
    }

    proptest! {
        #[test]
        fn nothing_hidden_comes_through(text in any::<String>()) {
            prop_assert!(!escape(&text).chars().any(is_hidden));
        }
    }
}
