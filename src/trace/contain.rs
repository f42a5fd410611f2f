//! The last belt: a panic in a parsing crate becomes an error, without a word
//! on the terminal.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::error::Problem;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is reading a file, so that a panic now will be caught
/// and reported as a damaged file. A panic hook that restores a terminal or
/// prints should do nothing then.
pub fn panic_is_contained() -> bool {
    CONTAINED.get()
}

/// Runs `read`; a panic inside is silent and comes back as [`Problem::Damaged`].
pub(super) fn contained<T>(read: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let outer = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !panic_is_contained() {
                outer(info);
            }
        }));
    });

    let before = CONTAINED.replace(true);
    // What a panic may leave half done is the reader's own caches, and the
    // reader is dropped with the error.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    CONTAINED.set(before);
    result.unwrap_or_else(|_| {
        Err(Problem::damaged(
            "the file",
            "its structure contradicts itself",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let result: Result<(), Problem> = contained(|| {
            assert!(panic_is_contained());
            panic!("inside")
        });
        assert!(matches!(result, Err(Problem::Damaged { .. })));
        assert!(!panic_is_contained());
    }

    #[test]
    fn a_value_passes_and_nesting_keeps_the_belt_on() {
        let result = contained(|| {
            contained(|| Ok(()))?;
            Ok(panic_is_contained())
        });
        assert!(result.unwrap());
    }
}
