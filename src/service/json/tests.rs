use proptest::prelude::*;

use super::*;

fn refused(text: &str) -> (usize, &'static str) {
    match Value::parse(text) {
        Err(JsonError::Syntax { position, message }) => (position, message),
        other => panic!("{text:?}: {other:?}"),
    }
}

#[test]
fn values() {
    let value = Value::parse(
        " {\"a\": [1, -0, 1.5e1, NaN], \"b\": \"\\u00e9\\ud83d\\ude00\\/\", \"a\": null} ",
    );
    let Ok(Value::Object(entries)) = value else {
        panic!("{value:?}");
    };
    // The last of two equal keys counts, in the place of the first.
    assert_eq!(entries.get_index(0), Some((&"a".to_owned(), &Value::Null)));
    assert_eq!(entries["b"], Value::Text("é😀/".into()));
    assert_eq!(Value::parse("-0"), Ok(Value::Integer("0".into())));
    assert_eq!(Value::parse("-12"), Ok(Value::Integer("-12".into())));
    assert_eq!(
        Value::parse("-Infinity"),
        Ok(Value::Float(f64::NEG_INFINITY))
    );
    assert_eq!(Value::parse("1e400"), Ok(Value::Float(f64::INFINITY)));
    assert_eq!(
        Value::parse("\"\\ud800\\u0041\""),
        Ok(Value::Text("\u{fffd}A".into()))
    );
}

/// What CPython 3.11's `json.loads` says of each.
#[test]
fn errors_are_those_of_cpython() {
    let name = "Expecting property name enclosed in double quotes";
    for (text, position, message) in [
        ("", 0, "Expecting value"),
        ("nul", 0, "Expecting value"),
        ("-", 0, "Expecting value"),
        ("1.", 1, "Extra data"),
        ("01", 1, "Extra data"),
        ("1 2", 2, "Extra data"),
        ("[1", 2, "Expecting ',' delimiter"),
        ("[1,]", 3, "Expecting value"),
        ("{", 1, name),
        ("{\"é\":1,}", 7, name),
        ("{\"é\" 1}", 5, "Expecting ':' delimiter"),
        ("{\"a\":1 \"b\"}", 7, "Expecting ',' delimiter"),
        ("[\"😀", 1, "Unterminated string starting at"),
        ("\"abc\\\"", 0, "Unterminated string starting at"),
        ("\"é\n\"", 2, "Invalid control character at"),
        ("\"\\x\"", 1, "Invalid \\escape"),
        ("\"\\é\"", 1, "Invalid \\escape"),
        ("\"\\u12\"", 2, INVALID_ESCAPE),
        ("\"\\u12é4\"", 2, INVALID_ESCAPE),
        ("\"\\u1234", 2, INVALID_ESCAPE),
        ("\"\\ud800\\uZZZZ  \"", 8, INVALID_ESCAPE),
    ] {
        assert_eq!(refused(text), (position, message), "{text:?}");
    }
}

#[test]
fn what_python_gives_up_on_is_refused() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Value::parse(&nested(DEPTH)).is_ok());
    assert_eq!(Value::parse(&nested(DEPTH + 1)), Err(JsonError::Excessive));
    assert!(Value::parse(&format!("-{}", "1".repeat(DIGITS))).is_ok());
    let long = "1".repeat(DIGITS + 1);
    assert_eq!(Value::parse(&long), Err(JsonError::Excessive));
    // A float may be as long as it likes.
    assert!(Value::parse(&format!("{long}.0")).is_ok());
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9..1e9f64).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    /// What serde_json writes is read, and written again as the same.
    #[test]
    fn agrees_with_serde_json(value in json()) {
        let mut again = String::new();
        Value::parse(&value.to_string()).expect("JSON").write(&mut again);
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&again).expect("JSON"), value);
    }

    /// A cut text is refused where it ends or before, and nothing panics.
    #[test]
    fn any_text_is_read_or_refused(text in r#"[{}\[\]":,\\/unft0-9eE.+\-é😀 \n]{0,40}"#) {
        if let Err(JsonError::Syntax { position, .. }) = Value::parse(&text) {
            prop_assert!(position <= text.chars().count());
        }
    }
}
