//! The text of a body of JSON: its encoding is told from its first bytes, as Python's `json.loads`
//! tells it from bytes.

use std::borrow::Cow;

/// Stands for half of a surrogate pair, which Python's text may hold and ours cannot.
pub(super) const HALF: char = char::REPLACEMENT_CHARACTER;

/// The text in UTF-8, or in UTF-16 or UTF-32 where a byte order mark or the zeros say so. `None`
/// when the bytes are none of these.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |decoded: Option<String>| decoded.map(Cow::Owned);
    match bytes {
        [0, 0, 0xfe, 0xff, rest @ ..] => wide(utf32(rest, u32::from_be_bytes)),
        [0xff, 0xfe, 0, 0, rest @ ..] => wide(utf32(rest, u32::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => wide(utf16(rest, u16::from_be_bytes)),
        [0xff, 0xfe, rest @ ..] => wide(utf16(rest, u16::from_le_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        // JSON begins with an ASCII character: zeros show how wide it is.
        [0, 0, _, _, ..] => wide(utf32(bytes, u32::from_be_bytes)),
        [0, _, _, _, ..] | [0, _] => wide(utf16(bytes, u16::from_be_bytes)),
        [_, 0, 0, 0, ..] => wide(utf32(bytes, u32::from_le_bytes)),
        [_, 0, _, _, ..] | [_, 0] => wide(utf16(bytes, u16::from_le_bytes)),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    // Python lets halves of surrogate pairs pass: ED A0 80 to ED BF BF.
    let mut bytes = bytes.to_vec();
    for i in 2..bytes.len() {
        if let [0xed, 0xa0..=0xbf, 0x80..=0xbf] = bytes[i - 2..=i] {
            HALF.encode_utf8(&mut bytes[i - 2..=i]);
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let units = units.iter().map(|pair| unit(*pair));
    let chars = char::decode_utf16(units).map(|char| char.unwrap_or(HALF));
    rest.is_empty().then(|| chars.collect())
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let char = |four: &[u8; 4]| match unit(*four) {
        0xd800..=0xdfff => Some(HALF),
        code => char::from_u32(code),
    };
    let text: Option<String> = units.iter().map(char).collect();
    text.filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_from_the_first_bytes() {
        let text = "{\"é\":\"😀\"}";
        let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
        let utf32 = |order: fn(u32) -> [u8; 4]| {
            let codes = text.chars().map(u32::from);
            codes.flat_map(order).collect()
        };
        let plain: Vec<Vec<u8>> = vec![
            text.into(),
            utf16(u16::to_be_bytes),
            utf16(u16::to_le_bytes),
            utf32(u32::to_be_bytes),
            utf32(u32::to_le_bytes),
        ];
        let marks: [&[u8]; 5] = [
            b"\xef\xbb\xbf",
            b"\xfe\xff",
            b"\xff\xfe",
            b"\0\0\xfe\xff",
            b"\xff\xfe\0\0",
        ];
        for (bytes, mark) in plain.iter().zip(marks) {
            assert_eq!(decode(bytes).as_deref(), Some(text), "{bytes:?}");
            let marked = [mark, bytes].concat();
            assert_eq!(decode(&marked).as_deref(), Some(text), "{marked:?}");
            // A wide character cut in two.
            let cut = &bytes[..bytes.len() - 1];
            let whole = decode(cut).is_some();
            assert_eq!(whole, mark.len() == 3, "{cut:?}");
        }
        assert_eq!(decode(b"1").as_deref(), Some("1"));
        assert_eq!(decode(b"1\0").as_deref(), Some("1"));
        assert_eq!(decode(b"").as_deref(), Some(""));
    }

    #[test]
    fn halves_of_pairs_pass_and_other_bytes_do_not() {
        assert_eq!(decode(b"\"\xed\xa0\x80\"").as_deref(), Some("\"\u{fffd}\""));
        assert_eq!(decode(b"\0\"\xd8\0\0\"").as_deref(), Some("\"\u{fffd}\""));
        for bad in [
            &b"\xff"[..],
            b"\"\xe9\"",
            b"\xc0\x80",
            b"\xed\xa0",
            b"[\xf4\x90\x80\x80]",
        ] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }
}
