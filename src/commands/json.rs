//! Data as JSON.

use serde::Serialize;

/// The value on one line. Numbers have the fewest digits that read back as the same number;
/// those that are not finite become `null`.
///
/// # Errors
///
/// When the value cannot be JSON: a map whose keys are no text, or a serialiser that fails.
pub fn line<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_finite_is_null() {
        let bytes = line(&[1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]).expect("JSON");
        assert_eq!(bytes, b"[1.5,null,null,null]\n");
    }

    proptest! {
        #[test]
        fn numbers_read_back_the_same(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            let bytes = line(&number).expect("JSON");
            let text = std::str::from_utf8(&bytes).expect("text").trim_end();
            prop_assert_eq!(text.parse::<f64>().expect("a number").to_bits(), bits);
        }
    }
}
