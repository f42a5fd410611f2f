//! A name for each request, to find it again in the logs of all who saw it.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::HeaderMap;

/// The client's name where it is harmless in a log, else one made up.
pub fn of(headers: &HeaderMap) -> Cow<'_, str> {
    let given = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    match given.filter(|id| is_harmless(id)) {
        Some(id) => Cow::Borrowed(id),
        None => Cow::Owned(made()),
    }
}

/// 1 to 64 letters, digits, `.`, `_` and `-`: nothing that could forge a line of a log.
fn is_harmless(id: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&id.len()) && id.bytes().all(harmless)
}

/// A count that looks random: the keys differ from process to process.
fn made() -> String {
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!(
        "{:016x}",
        KEYS.hash_one(COUNT.fetch_add(1, Ordering::Relaxed))
    )
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn id(given: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static(given));
        of(&headers).into_owned()
    }

    #[test]
    fn harmless_names_are_kept() {
        assert_eq!(id("a-B_9.z"), "a-B_9.z");
        for odd in ["", "two words", "line\tfeed", "{\"a\":1}", "x/../y"] {
            assert_eq!(id(odd).len(), 16, "{odd}");
        }
        assert_eq!(
            id("0123456789012345678901234567890123456789012345678901234567890123456789").len(),
            16
        );
    }

    #[test]
    fn made_names_differ() {
        let headers = HeaderMap::new();
        assert_ne!(of(&headers), of(&headers));
    }
}
