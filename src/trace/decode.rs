//! From stored numbers to the values meant: the CF conventions that traces use
//! (CF 1.11, sections 2.5.1, 4.4 and 8.1).

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::error::Problem;
use super::source::{Attributes, Source, Variable};

/// Reads a numeric variable: fill values become NaN, then
/// `scale_factor * x + add_offset`.
pub(super) fn numbers(
    source: &dyn Source,
    group: &str,
    variable: &Variable,
) -> Result<Vec<f64>, Problem> {
    let mut values = source.numbers(group, &variable.name)?;
    let Attributes {
        fills,
        scale_factor,
        add_offset,
        ..
    } = &variable.attributes;
    for &fill in fills.iter().filter(|fill| !fill.is_nan()) {
        for value in values.iter_mut().filter(|value| **value == fill) {
            *value = f64::NAN;
        }
    }
    if scale_factor.is_some() || add_offset.is_some() {
        let (scale, offset) = (scale_factor.unwrap_or(1.0), add_offset.unwrap_or(0.0));
        for value in &mut values {
            *value = scale * *value + offset;
        }
    }
    Ok(values)
}

/// The dates that numbers stand for, given the attributes `units` ("days since
/// 2024-01-01 00:00:00") and `calendar`. `None`: the units count no time, the
/// calendar is not the civil one, or a number is no date of it.
///
/// Numbers carry 53 bits: nanoseconds of this century are exact to 256 ns, and
/// dates are rounded to the microsecond.
pub(super) fn dates(values: &[f64], units: &str, calendar: Option<&str>) -> Option<Vec<DateTime>> {
    const CIVIL: [&str; 3] = ["proleptic_gregorian", "gregorian", "standard"];
    if calendar.is_some_and(|name| !CIVIL.contains(&name.to_ascii_lowercase().as_str())) {
        return None;
    }
    let (unit, start) = units.split_once(" since ")?;
    let microseconds = match unit.trim().to_ascii_lowercase().as_str() {
        "days" | "day" | "d" => 86_400e6,
        "hours" | "hour" | "hr" | "h" => 3_600e6,
        "minutes" | "minute" | "min" => 60e6,
        "seconds" | "second" | "sec" | "s" => 1e6,
        "milliseconds" | "millisecond" | "ms" => 1e3,
        "microseconds" | "microsecond" | "us" => 1.0,
        "nanoseconds" | "nanosecond" | "ns" => 1e-3,
        _ => return None,
    };
    let start = date(start)?;
    values
        .iter()
        .map(|value| {
            let offset = (value * microseconds).round();
            // Beyond this jiff has no dates, and NaN is none.
            if offset.is_nan() || offset.abs() >= 1e18 {
                return None;
            }
            let offset = SignedDuration::from_micros(offset as i64);
            start.checked_add(offset).ok()
        })
        .collect()
}

/// A date with or without a time, as ISO 8601 or in the looser form of CF:
/// `2024-01-01`, `2024-1-1 0:00:00.5`, `2024-01-01T06:00:00Z`. A UTC offset of
/// zero is accepted, any other is not.
pub(super) fn date(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, time.trim()),
        None => (text, ""),
    };
    let time = ["Z", "UTC", "+00:00", "+0000"]
        .iter()
        .find_map(|suffix| time.strip_suffix(suffix))
        .unwrap_or(time)
        .trim_end();

    let mut parts = day.splitn(3, '-');
    let year: i16 = digits(parts.next()?)?;
    let month: i8 = digits(parts.next()?)?;
    let day: i8 = digits(parts.next()?)?;
    let day = Date::new(year, month, day).ok()?;
    if time.is_empty() {
        return Some(day.to_datetime(Time::midnight()));
    }

    let mut parts = time.splitn(3, ':');
    let hour: i8 = digits(parts.next()?)?;
    let minute: i8 = digits(parts.next()?)?;
    let seconds = parts.next().unwrap_or("0");
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second: i8 = digits(second)?;
    let nanosecond = if fraction.is_empty() {
        0
    } else if fraction.len() <= 9 {
        digits::<i32>(fraction)? * 10i32.pow(9 - fraction.len() as u32)
    } else {
        digits::<i32>(fraction.get(..9)?)?
    };
    Some(day.to_datetime(Time::new(hour, minute, second, nanosecond).ok()?))
}

/// Decimal digits and nothing else: `parse` alone would take a sign.
fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date as ymd, datetime};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_in_the_forms_found_in_files() {
        let midnight = ymd(2024, 1, 1).to_datetime(Time::midnight());
        for text in [
            "2024-01-01",
            "2024-1-1",
            "2024-01-01 00:00:00",
            "2024-01-01T00:00:00.000000000",
            "2024-01-01T00:00Z",
            "2024-01-01 00:00:00 UTC",
            " 2024-01-01 00:00:00.0 +00:00 ",
        ] {
            assert_eq!(date(text), Some(midnight), "{text}");
        }
        assert_eq!(
            date("1999-12-31 23:59:58.25"),
            Some(datetime(1999, 12, 31, 23, 59, 58, 250_000_000))
        );
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "+2024-01-01",
            "day 1",
            "0",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_with_units_become_dates() {
        let read = |value: f64, units: &str| dates(&[value], units, Some("proleptic_gregorian"));
        assert_eq!(
            read(59.0, "days since 2024-01-01 00:00:00"),
            Some(vec![datetime(2024, 2, 29, 0, 0, 0, 0)])
        );
        assert_eq!(
            read(-1.5, "hours since 2024-01-01"),
            Some(vec![datetime(2023, 12, 31, 22, 30, 0, 0)])
        );
        // 2024-01-01 in nanoseconds: beyond 2^53, exact to the microsecond.
        assert_eq!(
            read(1_704_067_200_000_000_000.0, "nanoseconds since 1970-01-01"),
            Some(vec![datetime(2024, 1, 1, 0, 0, 0, 0)])
        );
        assert_eq!(read(1.0, "months since 2024-01-01"), None);
        assert_eq!(read(1.0, "metres"), None);
        assert_eq!(read(f64::NAN, "days since 2024-01-01"), None);
        assert_eq!(read(1e300, "days since 2024-01-01"), None);
        assert_eq!(
            dates(&[1.0], "days since 2024-01-01", Some("360_day")),
            None
        );
    }

    proptest! {
        #[test]
        fn any_text_and_any_number_end_in_a_date_or_none(
            text in "\\PC{0,40}", value in any::<f64>(),
        ) {
            let _ = date(&text);
            let _ = dates(&[value], &format!("days since {text}"), None);
        }

        #[test]
        fn what_a_date_prints_reads_back(
            y in 1i16..9999, m in 1i8..=12, d in 1i8..=28, h in 0i8..24, s in 0i8..60,
        ) {
            let at = datetime(y, m, d, h, 7, s, 0);
            prop_assert_eq!(date(&at.to_string()), Some(at));
        }
    }
}
