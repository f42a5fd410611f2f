//! How wide text is, and where it breaks.

use unicode_width::UnicodeWidthChar;

/// Widths of the characters from space to `~` in the embedded font, in thousandths of its size.
const WIDTHS: [u16; 95] = [
    281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605,
    636, 642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598,
    587, 743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642,
    665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544,
    237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659,
];

/// Room for the bold face, and for fonts that stand in for the embedded one.
const SLACK: f64 = 1.03;

/// About how wide text is in a font of this size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let of = |c: char| match (c as usize).checked_sub(32).and_then(|i| WIDTHS.get(i)) {
        Some(width) => f64::from(*width) / 1000.0,
        None => 0.65 * c.width().unwrap_or(0) as f64,
    };
    text.chars().map(of).sum::<f64>() * size * SLACK
}

/// Text cut with an ellipsis to fit into `room`.
pub(super) fn cut(text: &str, room: f64, size: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size) + width("…", size) > room {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// Text broken between words into at most `most` lines that fit into `room`; the last is cut
/// where there is more.
pub(super) fn wrap(text: &str, room: f64, size: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.max(1) - 1).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| cut(line, room, size)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stay_whole_while_there_is_room() {
        let text = "about 2 in 20 above 33 on day 394";
        assert_eq!(wrap(text, 1e3, 13.0, 2), [text]);
        let lines = wrap(text, 110.0, 13.0, 3);
        assert_eq!(lines.join(" "), text);
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(cut("forecast", 30.0, 13.0), "for…");
        let lines = wrap("one two three four five six", 40.0, 13.0, 1);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].ends_with('…'), "{lines:?}");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in "\\PC{0,80}", room in 20.0..400.0f64, most in 1usize..4) {
            let lines = wrap(&text, room, 12.0, most);
            prop_assert!(lines.len() <= most);
            for line in lines {
                prop_assert!(width(&line, 12.0) <= room, "{line:?}");
            }
        }
    }
}
