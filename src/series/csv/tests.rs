use super::super::{CalendarStep, CalendarUnit};
use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn table(text: &str) -> Table {
    Table::from_csv_reader(text.as_bytes(), "data.csv").unwrap()
}

fn fails(text: &str) -> String {
    Table::from_csv_reader(text.as_bytes(), "data.csv")
        .unwrap_err()
        .to_string()
}

/// Values with gaps as `None`, to compare.
fn values(text: &str) -> Vec<Option<f64>> {
    let known = |value: f64| (!value.is_nan()).then_some(value);
    table(text).series.values.into_iter().map(known).collect()
}

#[test]
fn the_demo_is_a_series() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/data.csv");
    let table = Table::from_csv_path(&path).unwrap();
    assert_eq!(table.series.name, "y");
    assert_eq!(table.series.axis, TimeAxis::regular(365));
    assert_eq!(table.series.values[0], 10.304_717_079_754_43);
    assert!(table.covariates.is_empty());
}

#[test]
fn columns_are_told_by_their_names() {
    for (text, name, dated, covariates) in [
        ("t,y\n0,1\n1,2", "y", false, &[][..]),
        ("date,value\n2024-01-01,1\n2024-01-02,2", "value", true, &[]),
        ("ds,y\n2024-01-01,1\n2024-01-02,2", "y", true, &[]),
        ("y,DS\n1,2024-01-01\n2,2024-01-02", "y", true, &[]),
        ("y,temp\n1,3\n2,4", "y", false, &["temp"]),
        (
            "week,sales,ads\n2024-01-01,1,3\n2024-01-08,2,4",
            "sales",
            true,
            &["ads"],
        ),
        (",t,y\n7,0,1\n8,1,2", "y", false, &["column_1"]),
        ("rain\n1\n2", "rain", false, &[]),
        ("1\n2", "y", false, &[]),
        ("0,1\n1,2", "y", false, &[]),
        ("2024-01-01,1,3\n2024-01-02,2,4", "y", true, &["column_3"]),
    ] {
        let table = table(text);
        assert_eq!(table.series.name, name, "{text}");
        assert_eq!(table.series.values, [1.0, 2.0], "{text}");
        assert_eq!(table.series.axis.calendar.is_some(), dated, "{text}");
        let names: Vec<&str> = table
            .covariates
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, covariates, "{text}");
    }
}

#[test]
fn covariates_are_kept_row_by_row() {
    let covariates = table("t,y,x\n0,1,3\n1,2,\n").covariates;
    assert_eq!(covariates[0].1[0], 3.0);
    assert!(covariates[0].1[1].is_nan());
}

#[test]
fn separators_quotes_ends_of_lines_and_marks_are_whatever_they_are() {
    for text in [
        "t;y\n0;1,5\n1;2.5\n",
        "t\ty\r\n0\t1.5\r\n1\t2.5\r\n",
        "\u{feff}t,y\n0, 1.5\n1, 2.5",
        "\"t\",\"y\"\n\"0\",\"1.5\"\n\n\"1\",\"2.5\"\n\n",
        "\n\n1.5\r\n2.5\r\n",
        "\"1.5\"\n\"2.5\"",
    ] {
        assert_eq!(values(text), [Some(1.5), Some(2.5)], "{text}");
    }
}

#[test]
fn gaps_stay_on_the_axis() {
    let expected = [Some(1.0), None, Some(2.0), None];
    assert_eq!(values("t,y\n0,1\n1,\n2,2\n3,NA\n"), expected);
    assert_eq!(values("t\ty\n0\t1\n1\tNaN\n2\t2\n3\t"), expected);
    assert_eq!(values("y\n1\n\n2\nnan\n"), expected);
}

#[test]
fn t_may_start_anywhere_and_leave_rows_out() {
    let axis = table("t,y\n10,1\n12,2\n16,3").series.axis;
    assert_eq!((axis.origin, axis.step), (10.0, 2.0));
    assert_eq!(axis.positions, [0.0, 1.0, 3.0]);
}

#[test]
fn dates_make_a_calendar() {
    let calendar = table("date,value\n2024-01-31,1\n2024-02-29,2")
        .series
        .axis
        .calendar
        .unwrap();
    assert_eq!(calendar.start, date(2024, 1, 31).at(0, 0, 0, 0));
    let (unit, count) = (CalendarUnit::Month, 1);
    assert_eq!(calendar.step, CalendarStep { unit, count });
}

#[test]
fn mistakes_are_shown_with_their_line() {
    for (text, expected) in [
        ("", "data.csv: no rows"),
        ("t,y\n", "data.csv: no rows"),
        (
            "t,y\n0,1\n1,abc",
            "data.csv:3: 'abc' is not a number; leave a gap empty or write NA (column 'y')",
        ),
        ("t,y\n0,1\n\n\n1,abc", "data.csv:5: 'abc'"),
        ("y\n1\n\nabc", "data.csv:4: 'abc'"),
        ("t,y\n0,1\n1,inf", "data.csv:3: 'inf' is not finite"),
        ("t,y\n0,1e999", "data.csv:2: '1e999' is not finite"),
        (
            "t,y\n0,1\n1,2,3",
            "data.csv:3: 3 field(s), where the first line has 2",
        ),
        ("t;y\n0;1.234,5", "data.csv:2: '1.234,5' is not a number"),
        ("t,y\n0,1\n1,2\n1,3", "data.csv:4: t is 1 here"),
        ("t,y\n0,1\n1,2\n1.5,3\n2.7,3", "data.csv:5: t is 2.7 here"),
        ("t,y\n1,1\n,2", "data.csv:3: '' is not a number"),
        (
            "t,y\nx1,1",
            "data.csv:2: 'x1' is neither a number nor a date",
        ),
        ("t,y\n0,1\n2024-01-01,1", "data.csv:3: '2024-01-01' is not"),
        ("ds,y\n2024-01-01,1\n,1", "data.csv:3: '' is not a date"),
        (
            "ds,y\n2024-01-01,1\n2024-02-31,1",
            "data.csv:3: '2024-02-31' is not a date",
        ),
        (
            "ds,y\n2024-01-01,1\n2024-01-01,1",
            "data.csv:3: 2024-01-01T00:00:00 is given twice",
        ),
        (
            "ds,y\n2024-01-02,1\n2024-01-01,1",
            "data.csv:3: 2024-01-01T00:00:00 comes after",
        ),
        (
            "ds,y\n2024-01-01,1\n2024-01-02,1\n2024-01-04,1",
            "data.csv:4: found 2024-01-04",
        ),
        ("y,y\n1,2", "data.csv:1: two columns are called 'y'"),
        ("t,y\n0,\u{1b}[31m", "'\\u{1b}[31m'"),
        (
            "t,y,place\n0,1,north",
            "data.csv:2: 'north' is not a number; leave this column out of the file (column 'place')",
        ),
        (
            "date,y\n20240131,1\n20240201,2",
            "data.csv:2: '20240131' is a number here; write dates as 2024-05-01 (column 'date')",
        ),
        (
            "date;y\n2024-01-01;1\n01/02/2024;2",
            "data.csv:3: '01/02/2024' is not a date",
        ),
        (
            "date,y\n2024-01-01,\"1,234.5\"",
            "data.csv:2: '1,234.5' is not a number",
        ),
    ] {
        let found = fails(text);
        assert!(found.contains(expected), "{text:?}: {found}");
    }
}

#[test]
fn files_that_are_none_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let latin = directory.path().join("latin.csv");
    std::fs::write(&latin, b"t,y\n0,1\n1,\xe9").unwrap();
    for (path, expected) in [
        (directory.path(), "not a regular file"),
        (&directory.path().join("none.csv"), "No such file"),
        (&latin, "latin.csv:3: not UTF-8"),
    ] {
        let found = Table::from_csv_path(path).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn files_of_another_kind_are_told_apart() {
    for (bytes, expected) in [
        (&b"\x89HDF\r\n\x1a\n\0"[..], "a NetCDF file"),
        (b"CDF\x01\0\0", "a NetCDF file"),
        (b"\xff\xfet\0,\0y\0", "UTF-16"),
        (b"PK\x03\x04 and so on", "export the sheet as CSV"),
        (b"t,y\n0,1\n\0", "not text"),
    ] {
        let found = Table::from_csv_reader(bytes, "data.csv")
            .unwrap_err()
            .to_string();
        assert!(
            found.starts_with("data.csv: ") && found.contains(expected),
            "{found}"
        );
    }
}

#[test]
fn numbers_of_eight_digits_may_be_t() {
    // A date by its digits alone, but nobody calls it one.
    assert_eq!(
        table("t,y\n20240101,1\n20240102,2").series.axis.origin,
        20_240_101.0
    );
    assert_eq!(
        table("date,y\n20249901,1\n20249902,2").series.axis.origin,
        20_249_901.0
    );
}

#[test]
fn steps_from_hours_to_years_are_found() {
    use CalendarUnit::*;
    for (text, expected) in [
        (
            "date;value\n2024-01-01 00:00;1,5\n2024-01-01 01:00;2,5\n2024-01-01 02:00;",
            Hour,
        ),
        ("ds,y\n2024-02-28,1\n2024-02-29,2\n2024-03-01,3", Day),
        ("date,y\n2024-02-26,1\n2024-03-04,2\n2024-03-11,3", Week),
        ("month,y\n2024-01,1\n2024-02,2\n2024-03,3", Month),
        ("date,y\n2024-01-31,1\n2024-02-29,2\n2024-03-31,3", Month),
        ("date,y\n2024-03-31,1\n2024-06-30,2\n2024-09-30,3", Quarter),
        ("date,y\n2022-01-01,1\n2023-01-01,2\n2024-01-01,3", Year),
    ] {
        let calendar = table(text).series.axis.calendar.unwrap();
        assert_eq!(
            (calendar.step.unit, calendar.step.count),
            (expected, 1),
            "{text}"
        );
    }
}

#[test]
fn names_are_safe_to_print() {
    let table = table("t,y,Ann's \u{202e}\u{1b}[31m\n0,1,2");
    assert_eq!(table.covariates[0].0, "Ann's \\u{202e}\\u{1b}[31m");
}

#[test]
fn columns_are_bounded() {
    let wide = vec!["1"; MAX_COLUMNS + 1].join(",");
    assert!(fails(&wide).contains("at most 64"));
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Table::from_csv_reader(bytes.as_slice(), "data.csv");
    }

    #[test]
    fn any_fields_are_a_table_or_an_error(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "1", "2.5", "t", "y", "date", "2024-01-01", "2024-02", "NA", "inf", ",", ";", "\t",
                "\n", "\r\n", "\"", " ", "-", "é", "\u{feff}",
            ]),
            0..80,
        ),
    ) {
        if let Ok(table) = Table::from_csv_reader(pieces.concat().as_bytes(), "data.csv") {
            prop_assert_eq!(table.series.values.len(), table.series.axis.len());
            for (_, covariate) in &table.covariates {
                prop_assert_eq!(covariate.len(), table.series.axis.len());
            }
        }
    }

    #[test]
    fn numbers_are_read_back_as_written(written in prop::collection::vec(-1e300..1e300, 1..50)) {
        let text: String = written.iter().enumerate().map(|(t, y)| format!("{t},{y}\n")).collect();
        prop_assert_eq!(table(&text).series.values, written);
    }
}
