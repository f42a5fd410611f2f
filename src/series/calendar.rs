//! Dates at regular steps.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span};

use super::{Calendar, CalendarStep, CalendarUnit};

/// Why dates are no calendar; `index` counts them from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IrregularDates {
    #[error("there are no dates")]
    Empty,
    #[error("{date} is given twice")]
    Repeated { index: usize, date: DateTime },
    #[error("{date} comes after {previous}; sort the rows by date")]
    Backwards {
        index: usize,
        date: DateTime,
        previous: DateTime,
    },
    #[error("{date} and {previous} are less than a second apart")]
    TooFine {
        index: usize,
        date: DateTime,
        previous: DateTime,
    },
    #[error(
        "found {found} where {expected} was expected, {step} after the one before; \
         rows may be left out, but most have the next one a step away"
    )]
    Unexpected {
        index: usize,
        found: DateTime,
        expected: DateTime,
        step: CalendarStep,
    },
}

impl IrregularDates {
    /// Which date it is about.
    pub fn index(&self) -> usize {
        match self {
            IrregularDates::Empty => 0,
            IrregularDates::Repeated { index, .. }
            | IrregularDates::Backwards { index, .. }
            | IrregularDates::TooFine { index, .. }
            | IrregularDates::Unexpected { index, .. } => *index,
        }
    }
}

impl std::fmt::Display for CalendarStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            CalendarUnit::Second => "second",
            CalendarUnit::Minute => "minute",
            CalendarUnit::Hour => "hour",
            CalendarUnit::Day => "day",
            CalendarUnit::Week => "week",
            CalendarUnit::Month => "month",
            CalendarUnit::Quarter => "quarter",
            CalendarUnit::Year => "year",
        };
        match self.count {
            1 => write!(f, "1 {unit}"),
            count => write!(f, "{count} {unit}s"),
        }
    }
}

/// What a step is measured in: seconds always last the same, months do not.
pub enum Length {
    Seconds(i64),
    Months(i64),
}

impl CalendarStep {
    fn length(self) -> Length {
        let count = i64::from(self.count);
        match self.unit {
            CalendarUnit::Second => Length::Seconds(count),
            CalendarUnit::Minute => Length::Seconds(60 * count),
            CalendarUnit::Hour => Length::Seconds(HOUR * count),
            CalendarUnit::Day => Length::Seconds(DAY * count),
            CalendarUnit::Week => Length::Seconds(7 * DAY * count),
            CalendarUnit::Month => Length::Months(count),
            CalendarUnit::Quarter => Length::Months(3 * count),
            CalendarUnit::Year => Length::Months(12 * count),
        }
    }

    /// The step of that many seconds or months (> 0), in the largest unit that goes into it.
    pub fn of(length: Length) -> Option<Self> {
        let (amount, units): (i64, &[(i64, CalendarUnit)]) = match length {
            Length::Seconds(seconds) => (
                seconds,
                &[
                    (7 * DAY, CalendarUnit::Week),
                    (DAY, CalendarUnit::Day),
                    (HOUR, CalendarUnit::Hour),
                    (60, CalendarUnit::Minute),
                    (1, CalendarUnit::Second),
                ],
            ),
            Length::Months(months) => (
                months,
                &[
                    (12, CalendarUnit::Year),
                    (3, CalendarUnit::Quarter),
                    (1, CalendarUnit::Month),
                ],
            ),
        };
        let (size, unit) = units.iter().find(|(size, _)| amount % size == 0)?;
        let count = u32::try_from(amount / size)
            .ok()
            .filter(|count| *count > 0)?;
        Some(Self { unit: *unit, count })
    }
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl Calendar {
    /// The date at a position, rounded to a step; `None` beyond the years that a date can have.
    ///
    /// Months are counted from the start, so that 31 January, 29 February is followed by 31 March.
    pub fn date(&self, position: f64) -> Option<DateTime> {
        let position = position.round();
        // More steps than there are seconds in all years.
        if position.is_nan() || position.abs() > 1e12 {
            return None;
        }
        let position = position as i64;
        match self.step.length() {
            Length::Seconds(seconds) => {
                let duration = SignedDuration::from_secs(seconds.checked_mul(position)?);
                self.start.checked_add(duration).ok()
            }
            Length::Months(months) => {
                let span = Span::new().try_months(months.checked_mul(position)?).ok()?;
                let date = self.start.checked_add(span).ok()?;
                if is_last_of_month(self.start) {
                    let last = date.date().last_of_month();
                    return Some(last.to_datetime(date.time()));
                }
                Some(date)
            }
        }
    }

    /// The calendar on whose steps these dates lie, and their positions. Rows may be left out, but
    /// more than half of all neighbours are one step apart: what is further apart is no calendar.
    /// A single date is taken as daily.
    ///
    /// # Errors
    /// The first date that is out of order, or not where the step of the others has it.
    pub fn infer(dates: &[DateTime]) -> Result<(Self, Vec<f64>), IrregularDates> {
        let Some(start) = dates.first().copied() else {
            return Err(IrregularDates::Empty);
        };
        check_order(dates)?;
        let between = |distance: fn(DateTime, DateTime) -> i64| {
            dates
                .windows(2)
                .map(move |pair| distance(pair[0], pair[1]))
                .collect()
        };
        let by_months = commonest(between(months_between)).map(Length::Months);
        let by_seconds = commonest(between(seconds_between)).map(Length::Seconds);
        // Four weeks can be a month: whichever fits all dates, and months first.
        let lengths = [by_months, by_seconds].into_iter().flatten();
        let mut nearest: Option<IrregularDates> = None;
        for step in lengths.filter_map(CalendarStep::of) {
            let calendar = Self { start, step };
            match calendar.positions(dates) {
                Ok(positions) => return Ok((calendar, positions)),
                Err(error) if nearest.as_ref().is_some_and(|n| n.index() >= error.index()) => {}
                Err(error) => nearest = Some(error),
            }
        }
        nearest.map_or_else(
            || {
                let (unit, count) = (CalendarUnit::Day, 1);
                let step = CalendarStep { unit, count };
                Ok((Self { start, step }, vec![0.0]))
            },
            Err,
        )
    }

    /// Where dates that rise lie.
    fn positions(&self, dates: &[DateTime]) -> Result<Vec<f64>, IrregularDates> {
        let mut positions = Vec::with_capacity(dates.len());
        // The first row that does not follow the one before it.
        let (mut jumps, mut jump) = (0, None);
        for (index, found) in dates.iter().enumerate() {
            let next = positions.last().map_or(0.0, |last| last + 1.0);
            let unexpected = || IrregularDates::Unexpected {
                index,
                found: *found,
                expected: self.date(next).unwrap_or(DateTime::MAX),
                step: self.step,
            };
            let position = self.position(*found).ok_or_else(unexpected)?;
            if position != next {
                jumps += 1;
                jump = jump.or_else(|| Some(unexpected()));
            }
            positions.push(position);
        }
        match jump {
            Some(jump) if 2 * jumps >= dates.len() - 1 => Err(jump),
            _ => Ok(positions),
        }
    }

    /// Where a date lies; `None` between the steps.
    fn position(&self, date: DateTime) -> Option<f64> {
        let steps = match self.step.length() {
            Length::Seconds(seconds) => seconds_between(self.start, date) / seconds,
            Length::Months(months) => months_between(self.start, date) / months,
        };
        (self.date(steps as f64)? == date).then_some(steps as f64)
    }
}

/// The commonest of some distances, of equally common ones the smallest; `None` where that is
/// none at all.
pub fn commonest(mut distances: Vec<i64>) -> Option<i64> {
    distances.sort_unstable();
    distances
        .chunk_by(|a, b| a == b)
        .max_by_key(|run| (run.len(), std::cmp::Reverse(run[0])))
        .map(|run| run[0])
        .filter(|distance| *distance > 0)
}

fn check_order(dates: &[DateTime]) -> Result<(), IrregularDates> {
    for (row, pair) in dates.windows(2).enumerate() {
        let (previous, date) = (pair[0], pair[1]);
        let index = row + 1;
        if date == previous {
            return Err(IrregularDates::Repeated { index, date });
        }
        if date < previous {
            return Err(IrregularDates::Backwards {
                index,
                date,
                previous,
            });
        }
        if date.duration_since(previous).as_secs() == 0 {
            return Err(IrregularDates::TooFine {
                index,
                date,
                previous,
            });
        }
    }
    Ok(())
}

fn months_between(earlier: DateTime, later: DateTime) -> i64 {
    let months = |date: DateTime| 12 * i64::from(date.year()) + i64::from(date.month());
    months(later) - months(earlier)
}

fn seconds_between(earlier: DateTime, later: DateTime) -> i64 {
    later.duration_since(earlier).as_secs()
}

fn is_last_of_month(date: DateTime) -> bool {
    date.day() == date.days_in_month()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dates(text: &str) -> Vec<DateTime> {
        text.split(", ").map(|date| date.parse().unwrap()).collect()
    }

    fn inferred(text: &str) -> String {
        Calendar::infer(&dates(text)).unwrap().0.step.to_string()
    }

    #[test]
    fn every_usual_step_is_found() {
        for (text, step) in [
            ("2024-01-01T00:00:00, 2024-01-01T00:00:01", "1 second"),
            (
                "2024-01-01T00:00, 2024-01-01T00:15, 2024-01-01T00:30",
                "15 minutes",
            ),
            ("2024-01-01T23:00, 2024-01-02T00:00", "1 hour"),
            ("2023-12-31, 2024-01-01, 2024-01-02", "1 day"),
            ("2024-01-31, 2024-02-01, 2024-02-02", "1 day"),
            ("2024-01-01, 2024-01-08", "1 week"),
            ("2024-01-01, 2024-02-01, 2024-03-01", "1 month"),
            ("2023-02-01, 2023-03-01, 2023-03-29", "4 weeks"),
            ("2024-01-01, 2024-04-01, 2024-07-01", "1 quarter"),
            ("2024-01-01, 2024-03-01", "2 months"),
            ("2023-03-01, 2024-03-01, 2025-03-01", "1 year"),
            ("2024-03-01", "1 day"),
        ] {
            assert_eq!(inferred(text), step, "{text}");
        }
    }

    #[test]
    fn ends_of_months_stay_ends_of_months() {
        for text in [
            "2024-01-31, 2024-02-29, 2024-03-31, 2024-04-30",
            "2024-02-29, 2024-03-31, 2024-04-30",
            "2024-04-30, 2024-05-31, 2024-06-30",
        ] {
            let (calendar, _) = Calendar::infer(&dates(text)).unwrap();
            assert_eq!(calendar.step.to_string(), "1 month");
        }
        assert_eq!(inferred("2024-06-30, 2024-09-30, 2024-12-31"), "1 quarter");
        // The 30th, but for February.
        assert_eq!(inferred("2024-01-30, 2024-02-29, 2024-03-30"), "1 month");
        assert_eq!(inferred("2023-01-29, 2023-02-28, 2023-03-29"), "1 month");
    }

    #[test]
    fn rows_may_be_left_out() {
        let positions = |text: &str| Calendar::infer(&dates(text)).unwrap().1;
        // From a Friday on, without the weekend.
        let week = "2024-03-01, 2024-03-04, 2024-03-05, 2024-03-06, 2024-03-07, 2024-03-08";
        assert_eq!(positions(week), [0.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        let months = "2023-12-31, 2024-01-31, 2024-02-29, 2024-04-30, 2024-05-31";
        assert_eq!(positions(months), [0.0, 1.0, 2.0, 4.0, 5.0]);
    }

    #[test]
    fn what_is_irregular_is_named() {
        let fails = |text: &str| {
            let error = Calendar::infer(&dates(text)).unwrap_err();
            (error.index(), error.to_string())
        };
        // Off the step of the others, or hardly ever on one.
        let (index, message) =
            fails("2024-01-01, 2024-01-02, 2024-01-03T12:00, 2024-01-04, 2024-01-05");
        assert_eq!(index, 2);
        assert!(
            message.starts_with(
                "found 2024-01-03T12:00:00 where 2024-01-03T00:00:00 was expected, 1 day after"
            ),
            "{message}"
        );
        assert_eq!(fails("2024-01-01, 2024-01-03, 2024-01-08, 2024-01-09").0, 1);
        assert_eq!(fails("2024-01-01, 2024-02-01, 2024-04-15, 2024-05-01").0, 2);
        assert_eq!(
            fails("2024-01-01, 2024-01-01").1,
            "2024-01-01T00:00:00 is given twice"
        );
        assert!(fails("2024-01-02, 2024-01-01").1.contains("sort the rows"));
        assert!(
            fails("2024-01-01T00:00:00, 2024-01-01T00:00:00.5")
                .1
                .contains("less than a second")
        );
        assert_eq!(Calendar::infer(&[]), Err(IrregularDates::Empty));
    }

    #[test]
    fn a_date_that_cannot_be_is_none() {
        let (calendar, _) = Calendar::infer(&dates("2024-01-01, 2025-01-01")).unwrap();
        assert_eq!(calendar.date(10.4).map(|date| date.year()), Some(2034));
        for position in [8000.0, -20_000.0, 1e11, f64::NAN, f64::INFINITY, f64::MAX] {
            assert_eq!(calendar.date(position), None, "{position}");
        }
    }

    proptest! {
        #[test]
        fn a_calendar_is_found_again_from_its_dates(
            unit in prop::sample::select(vec![
                CalendarUnit::Second, CalendarUnit::Minute, CalendarUnit::Hour, CalendarUnit::Day,
                CalendarUnit::Week, CalendarUnit::Month, CalendarUnit::Quarter, CalendarUnit::Year,
            ]),
            count in 1_u32..40,
            start in 0_i64..3_000_000_000,
            n in 2_usize..60,
        ) {
            let start = DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
                .checked_add(SignedDuration::from_secs(start))
                .unwrap();
            let calendar = Calendar { start, step: CalendarStep { unit, count } };
            let dates: Vec<DateTime> =
                (0..n).map(|position| calendar.date(position as f64).unwrap()).collect();
            let (found, positions) = Calendar::infer(&dates).unwrap();
            prop_assert_eq!(positions, (0..n).map(|at| at as f64).collect::<Vec<_>>());
            for (position, date) in dates.iter().enumerate() {
                prop_assert_eq!(found.date(position as f64), Some(*date));
            }
        }

        #[test]
        fn no_step_and_position_is_a_panic(
            count in any::<u32>(),
            position in any::<f64>(),
            unit in prop::sample::select(vec![CalendarUnit::Second, CalendarUnit::Week, CalendarUnit::Year]),
        ) {
            let start = DateTime::constant(2024, 2, 29, 0, 0, 0, 0);
            Calendar { start, step: CalendarStep { unit, count } }.date(position);
        }
    }
}
