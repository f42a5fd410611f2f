//! Data as CSV.

/// A header line and rows, quoted where needed, lines ended by a line feed.
///
/// # Errors
///
/// When a row has not as many fields as the header.
pub fn text<R, F>(header: &[&str], rows: R) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item = F>,
    F: IntoIterator<Item = String>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// The fewest digits that read back as the same number; empty when it is not finite.
pub fn number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let rows = [
            vec!["a,b".to_owned(), number(1.5)],
            vec!["c".to_owned(), number(f64::NAN)],
        ];
        let csv = text(&["name", "value"], rows).expect("rows of one length");
        assert_eq!(
            String::from_utf8_lossy(&csv),
            "name,value\n\"a,b\",1.5\nc,\n"
        );
    }

    #[test]
    fn a_row_of_another_length_is_an_error() {
        assert!(text(&["a", "b"], [vec!["1".to_owned()]]).is_err());
    }

    #[test]
    fn numbers_are_short_at_any_size() {
        assert_eq!(number(30.0), "30.0");
        assert_eq!(number(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(number(1e300), "1e300");
        assert_eq!(number(f64::INFINITY), "");
    }

    proptest! {
        #[test]
        fn numbers_read_back_the_same(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            prop_assert_eq!(number(value).parse::<f64>().expect("a number").to_bits(), bits);
        }
    }
}
