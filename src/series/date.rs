//! Dates as people write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// An ISO 8601 date: `2024-05-01`, also with a time after `T` or a space (`2024-05-01 13:00`), and
/// a month alone (`2024-05`), which is its first day. With an offset or `Z` it is taken in UTC.
pub fn parse_date(text: &str) -> Option<DateTime> {
    let text = text.trim();
    // A number alone is t, even one that could be a year or 20240501.
    if !text.is_ascii() || text.len() < 7 || text.as_bytes()[4] != b'-' {
        return None;
    }
    if text.len() == 7 {
        let (year, month) = (text[..4].parse().ok()?, text[5..].parse().ok()?);
        return Some(
            Date::new(year, month, 1)
                .ok()?
                .to_datetime(jiff::civil::Time::midnight()),
        );
    }
    let time = text.get(10..).unwrap_or_default();
    if time.contains(['Z', 'z', '+', '-']) {
        let timestamp: Timestamp = text.parse().ok()?;
        return Some(Offset::UTC.to_datetime(timestamp));
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn iso_dates_come_in_several_forms() {
        let noon = date(2024, 5, 1).at(12, 0, 0, 0);
        for (text, expected) in [
            ("2024-05-01", date(2024, 5, 1).at(0, 0, 0, 0)),
            (" 2024-05 ", date(2024, 5, 1).at(0, 0, 0, 0)),
            ("2024-05-01T12:00", noon),
            ("2024-05-01 12:00:00", noon),
            ("2024-05-01T12:00:00Z", noon),
            ("2024-05-01T14:00:00+02:00", noon),
        ] {
            assert_eq!(parse_date(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "2024",
            "20240501",
            "2024-13",
            "2024-02-30",
            "01/02/2024",
            "1.5",
            "2024-é",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
