//! Dates of rows to a calendar: the step they keep, and each row's place on it.

use jiff::civil::DateTime;

use crate::series::{Calendar, CalendarStep, CalendarUnit, IrregularDates, Length, commonest};

/// The calendar of dates that rise strictly, and each row's position on it. Dates that keep no
/// step are placed one step apart, by row; the third value is then false. `None`: there are no
/// dates, or they do not rise.
pub(super) fn fit(dates: &[DateTime]) -> Option<(Calendar, Vec<f64>, bool)> {
    let &start = dates.first()?;
    match Calendar::infer(dates) {
        Ok((calendar, positions)) => Some((calendar, positions, true)),
        Err(IrregularDates::Unexpected { .. } | IrregularDates::TooFine { .. }) => {
            let step = by_row(dates);
            let positions = (0..dates.len()).map(|row| row as f64).collect();
            Some((Calendar { start, step }, positions, false))
        }
        Err(_) => None,
    }
}

/// A name for the step of irregular dates: the commonest.
fn by_row(dates: &[DateTime]) -> CalendarStep {
    let seconds = dates
        .windows(2)
        .map(|pair| pair[1].duration_since(pair[0]).as_secs());
    commonest(seconds.collect())
        .and_then(|seconds| CalendarStep::of(Length::Seconds(seconds)))
        .unwrap_or(CalendarStep {
            unit: CalendarUnit::Day,
            count: 1,
        })
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::datetime;
    use proptest::prelude::*;

    use super::*;

    fn fit_texts(texts: &[&str]) -> (CalendarUnit, u32, Vec<f64>, bool) {
        let dates: Vec<DateTime> = texts.iter().map(|t| t.parse().unwrap()).collect();
        let (calendar, positions, regular) = fit(&dates).unwrap();
        assert_eq!(calendar.start, dates[0]);
        (calendar.step.unit, calendar.step.count, positions, regular)
    }

    #[test]
    fn steps_from_seconds_to_years() {
        use CalendarUnit::*;
        let step = |texts: &[&str]| {
            let (unit, count, positions, regular) = fit_texts(texts);
            assert!(regular && positions == [0.0, 1.0, 2.0], "{texts:?}");
            (unit, count)
        };
        assert_eq!(step(&["2024-01-01", "2024-01-02", "2024-01-03"]), (Day, 1));
        assert_eq!(step(&["2024-02-28", "2024-03-06", "2024-03-13"]), (Week, 1));
        assert_eq!(
            step(&["2024-01-31", "2024-02-29", "2024-03-31"]),
            (Month, 1)
        );
        assert_eq!(
            step(&["2023-01-30", "2023-02-28", "2023-03-30"]),
            (Month, 1)
        );
        assert_eq!(
            step(&["2024-01-01", "2024-04-01", "2024-07-01"]),
            (Quarter, 1)
        );
        assert_eq!(step(&["2020-12-31", "2021-12-31", "2022-12-31"]), (Year, 1));
        assert_eq!(
            step(&["2000-01-01", "2010-01-01", "2020-01-01"]),
            (Year, 10)
        );
        assert_eq!(
            step(&["2024-01-01T00:00", "2024-01-01T06:00", "2024-01-01T12:00"]),
            (Hour, 6)
        );
        assert_eq!(
            step(&[
                "2024-01-01T00:00:00",
                "2024-01-01T00:00:15",
                "2024-01-01T00:00:30"
            ]),
            (Second, 15)
        );
    }

    #[test]
    fn rows_left_out_keep_the_step() {
        let (unit, _, positions, regular) =
            fit_texts(&["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-08"]);
        assert_eq!(
            (unit, positions, regular),
            (CalendarUnit::Day, vec![0.0, 1.0, 2.0, 7.0], true)
        );
        let (unit, _, positions, _) =
            fit_texts(&["2024-01-01", "2024-02-01", "2024-03-01", "2024-07-01"]);
        assert_eq!(
            (unit, positions),
            (CalendarUnit::Month, vec![0.0, 1.0, 2.0, 6.0])
        );
    }

    #[test]
    fn irregular_dates_go_by_row() {
        let (unit, count, positions, regular) =
            fit_texts(&["2024-01-01", "2024-01-04", "2024-01-07", "2024-01-08"]);
        assert_eq!((unit, count), (CalendarUnit::Day, 3));
        assert_eq!(positions, [0.0, 1.0, 2.0, 3.0]);
        assert!(!regular);
    }

    #[test]
    fn dates_the_calendar_would_give_otherwise_are_irregular() {
        // A calendar that starts on the last day of a month stays on last days.
        let (_, _, positions, regular) = fit_texts(&["2023-04-30", "2023-05-30", "2023-06-30"]);
        assert_eq!((positions, regular), (vec![0.0, 1.0, 2.0], false));
    }

    #[test]
    fn dates_that_do_not_rise_have_no_calendar() {
        let day = datetime(2024, 1, 1, 0, 0, 0, 0);
        assert!(fit(&[]).is_none());
        assert!(fit(&[day, day]).is_none());
        assert_eq!(fit(&[day]).unwrap().1, [0.0]);
    }

    proptest! {
        #[test]
        fn any_day_of_any_month_is_monthly(
            year in 1900i16..2100, month in 1i8..=12, day in 1i8..=31, n in 3i32..40,
        ) {
            let last = datetime(year, month, 1, 0, 0, 0, 0).days_in_month();
            // Short of the last day: from there a calendar stays on last days.
            let day = day.min(last - 1);
            let start = datetime(year, month, day, 12, 0, 0, 0);
            let dates: Vec<DateTime> = (0..n).map(|i| start + i.months()).collect();
            let (calendar, positions, regular) = fit(&dates).unwrap();
            prop_assert!(regular);
            prop_assert_eq!(calendar.step.unit, CalendarUnit::Month);
            prop_assert_eq!(positions, (0..n).map(f64::from).collect::<Vec<_>>());
        }

        #[test]
        fn positions_always_rise(mut minutes in prop::collection::vec(0i64..1_000_000, 1..50)) {
            minutes.sort_unstable();
            minutes.dedup();
            let start = datetime(2024, 1, 1, 0, 0, 0, 0);
            let dates: Vec<DateTime> = minutes.iter().map(|&m| start + m.minutes()).collect();
            let (_, positions, _) = fit(&dates).unwrap();
            prop_assert!(positions.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
