//! Ticks at round numbers and at calendar boundaries.

use jiff::ToSpan;
use jiff::civil::DateTime;

use crate::series::TimeAxis;

/// A tick of an axis: where, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub label: String,
}

/// Round values in `[from, to]`, at most `most` of them, a step of 1, 2, 2.5 or 5 times a power
/// of ten apart, labelled with just the decimals the step needs.
pub fn values(from: f64, to: f64, most: usize) -> Vec<Tick> {
    let Some(step) = step(to - from, most, &[1.0, 2.0, 2.5, 5.0]) else {
        return Vec::new();
    };
    let first = (from / step).ceil();
    (0..=most)
        .map(|i| (first + i as f64) * step)
        .filter(|value| (from..=to).contains(value))
        .map(|at| Tick {
            at,
            label: number(at, step),
        })
        .collect()
}

/// The smallest round step that puts at most `most` ticks on `width`.
fn step(width: f64, most: usize, steps: &[f64]) -> Option<f64> {
    if !(width > 0.0 && width.is_finite()) || most == 0 {
        return None;
    }
    let least = width / most as f64;
    let decade = 10f64.powf(least.log10().floor());
    let factor = steps
        .iter()
        .copied()
        .find(|s| s * decade >= least * (1.0 - 1e-9));
    let step = decade * factor.unwrap_or(10.0);
    (step > 0.0 && step.is_finite()).then_some(step)
}

/// A number with the decimals that tell neighbours `step` apart; powers of ten where the plain
/// digits would not fit an axis.
pub fn number(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-6 {
        0.0
    } else {
        value
    };
    let largest = value.abs().max(step);
    if !(1e-4..1e7).contains(&largest) {
        let digits = (largest.log10().floor() - step.log10().floor()).clamp(0.0, 6.0) as usize;
        return format!("{value:.digits$e}");
    }
    let mut decimals = (-step.log10().floor()).max(0.0) as usize;
    // A step of 0.25 needs one digit more than its size says.
    let scaled = step * 10f64.powi(decimals as i32);
    if (scaled - scaled.round()).abs() > 1e-6 {
        decimals += 1;
    }
    format!("{value:.decimals$}")
}

/// Ticks of a time axis between two positions: calendar boundaries where it has dates, round
/// values of t where it has not; as many as `width` columns of text hold.
pub fn time(axis: &TimeAxis, from: f64, to: f64, width: usize) -> Vec<Tick> {
    if to <= from {
        return Vec::new();
    }
    match (axis.date(from.ceil()), axis.date(to.floor())) {
        (Some(first), Some(last)) if axis.calendar.is_some() => {
            calendar(axis, from, to, first, last, width)
        }
        _ => numeric(axis, from, to, width),
    }
}

fn numeric(axis: &TimeAxis, from: f64, to: f64, width: usize) -> Vec<Tick> {
    let (first, last) = (axis.t(from), axis.t(to));
    let widest = number(last, 1.0).len().max(number(first, 1.0).len());
    let most = (width / (widest + 5)).max(1);
    // Whole steps read better than halves of a day.
    let ticks = values(first, last, most);
    let whole = axis.step >= 1.0 && ticks.iter().any(|tick| tick.label.contains('.'));
    let ticks = if whole {
        values(first, last, (last - first).floor() as usize)
    } else {
        ticks
    };
    ticks
        .into_iter()
        .map(|tick| Tick {
            at: (tick.at - axis.origin) / axis.step,
            label: tick.label,
        })
        .collect()
}

/// Distances between calendar ticks, finest first.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Every {
    Seconds(i64),
    Days(i64),
    Months(i64),
    Years(i64),
}

const EVERY: &[Every] = &[
    Every::Seconds(1),
    Every::Seconds(5),
    Every::Seconds(15),
    Every::Seconds(30),
    Every::Seconds(60),
    Every::Seconds(300),
    Every::Seconds(900),
    Every::Seconds(1800),
    Every::Seconds(3600),
    Every::Seconds(3 * 3600),
    Every::Seconds(6 * 3600),
    Every::Seconds(12 * 3600),
    Every::Days(1),
    Every::Days(2),
    Every::Days(7),
    Every::Days(14),
    Every::Months(1),
    Every::Months(2),
    Every::Months(3),
    Every::Months(6),
    Every::Years(1),
    Every::Years(2),
    Every::Years(5),
    Every::Years(10),
    Every::Years(20),
    Every::Years(50),
    Every::Years(100),
    Every::Years(200),
    Every::Years(500),
    Every::Years(1000),
];

impl Every {
    fn seconds(self) -> f64 {
        match self {
            Every::Seconds(n) => n as f64,
            Every::Days(n) => n as f64 * 86_400.0,
            Every::Months(n) => n as f64 * 30.44 * 86_400.0,
            Every::Years(n) => n as f64 * 365.25 * 86_400.0,
        }
    }

    /// Widest label, in columns of text.
    fn label_width(self) -> usize {
        match self {
            Every::Seconds(n) if n < 60 => 8,
            Every::Seconds(_) | Every::Days(_) => 6,
            Every::Months(_) => 8,
            Every::Years(_) => 4,
        }
    }

    /// The boundary at or before a date.
    fn floor(self, date: DateTime) -> Option<DateTime> {
        let midnight = date.date().to_datetime(jiff::civil::Time::midnight());
        match self {
            Every::Seconds(n) => {
                let since = date.time();
                let seconds = i64::from(since.hour()) * 3600
                    + i64::from(since.minute()) * 60
                    + i64::from(since.second());
                midnight.checked_add((seconds - seconds % n).seconds()).ok()
            }
            Every::Days(n) if n % 7 == 0 => {
                let back = i64::from(date.date().weekday().to_monday_zero_offset());
                midnight.checked_sub(back.days()).ok()
            }
            Every::Days(_) => Some(midnight),
            Every::Months(n) => {
                let month = (i64::from(date.month()) - 1) / n * n + 1;
                jiff::civil::Date::new(date.year(), month as i8, 1)
                    .ok()
                    .map(Into::into)
            }
            Every::Years(n) => {
                let year = i64::from(date.year()).div_euclid(n) * n;
                let year = i16::try_from(year).ok()?;
                jiff::civil::Date::new(year, 1, 1).ok().map(Into::into)
            }
        }
    }

    fn next(self, date: DateTime) -> Option<DateTime> {
        match self {
            Every::Seconds(n) => date.checked_add(n.seconds()),
            Every::Days(n) => date.checked_add(n.days()),
            Every::Months(n) => date.checked_add(n.months()),
            Every::Years(n) => date.checked_add(n.years()),
        }
        .ok()
    }

    fn label(self, date: DateTime) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let month = MONTHS[(date.month() as usize).clamp(1, 12) - 1];
        let midnight = date.time() == jiff::civil::Time::midnight();
        match self {
            Every::Seconds(n) if n < 60 => {
                format!(
                    "{:02}:{:02}:{:02}",
                    date.hour(),
                    date.minute(),
                    date.second()
                )
            }
            Every::Seconds(_) if !midnight => format!("{:02}:{:02}", date.hour(), date.minute()),
            Every::Seconds(_) | Every::Days(_) => format!("{} {month}", date.day()),
            Every::Months(_) => format!("{month} {}", date.year()),
            Every::Years(_) => date.year().to_string(),
        }
    }
}

fn calendar(
    axis: &TimeAxis,
    from: f64,
    to: f64,
    first: DateTime,
    last: DateTime,
    width: usize,
) -> Vec<Tick> {
    let span = seconds_between(first, last).max(1.0);
    let a_step = span / (to - from).max(1.0);
    // Room for the label and a gap of three columns.
    let fits = |every: &&Every| {
        let columns_apart = every.seconds() / span * width as f64;
        columns_apart >= (every.label_width() + 3) as f64 && every.seconds() >= 0.9 * a_step
    };
    let Some(every) = EVERY.iter().find(fits) else {
        return Vec::new();
    };
    let mut ticks = Vec::new();
    let mut date = every.floor(first);
    while let Some(at) = date.filter(|date| *date <= last) {
        let position = position_of(axis, at, from.ceil(), to.floor());
        ticks.extend(position.filter(|_| at >= first).map(|at_position| Tick {
            at: at_position,
            label: every.label(at),
        }));
        date = every.next(at);
    }
    ticks
}

/// The first whole position in `[from, to]` whose date is not before `date`.
fn position_of(axis: &TimeAxis, date: DateTime, from: f64, to: f64) -> Option<f64> {
    let (mut low, mut high) = (from as i64, to as i64);
    while low < high {
        let middle = low + (high - low) / 2;
        if axis.date(middle as f64)? < date {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (axis.date(low as f64)? >= date).then_some(low as f64)
}

fn seconds_between(a: DateTime, b: DateTime) -> f64 {
    a.duration_until(b).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Calendar, CalendarStep, CalendarUnit};
    use proptest::prelude::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    fn dated(start: &str, unit: CalendarUnit, n: usize) -> TimeAxis {
        TimeAxis {
            origin: 0.0,
            step: 1.0,
            positions: (0..n).map(|i| i as f64).collect(),
            calendar: Some(Calendar {
                start: start.parse().unwrap(),
                step: CalendarStep { unit, count: 1 },
            }),
        }
    }

    #[test]
    fn round_values() {
        assert_eq!(labels(&values(22.1, 36.4, 5)), ["25", "30", "35"]);
        assert_eq!(
            labels(&values(0.0, 1.0, 4)),
            ["0.00", "0.25", "0.50", "0.75", "1.00"][..]
        );
        assert_eq!(labels(&values(-1.1, 1.1, 3)), ["-1", "0", "1"]);
        assert_eq!(labels(&values(0.0, 3e9, 3)), ["0e0", "1e9", "2e9", "3e9"]);
        assert_eq!(values(1.0, 1.0, 3), []);
        assert_eq!(values(f64::NAN, 1.0, 3), []);
    }

    #[test]
    fn days_months_and_years() {
        let axis = dated("2024-01-01T00:00:00", CalendarUnit::Day, 800);
        assert_eq!(
            labels(&time(&axis, 0.0, 13.0, 60)),
            [
                "1 Jan", "3 Jan", "5 Jan", "7 Jan", "9 Jan", "11 Jan", "13 Jan"
            ]
        );
        let months = time(&axis, 20.0, 140.0, 60);
        assert_eq!(
            labels(&months),
            ["Feb 2024", "Mar 2024", "Apr 2024", "May 2024"]
        );
        assert_eq!(months[0].at, 31.0);
        assert_eq!(
            labels(&time(&axis, 0.0, 799.0, 24)),
            ["2024", "2025", "2026"]
        );
    }

    #[test]
    fn hours_and_monthly_series() {
        let hourly = dated("2024-03-01T20:00:00", CalendarUnit::Hour, 48);
        assert_eq!(
            labels(&time(&hourly, 0.0, 12.0, 60)),
            ["21:00", "2 Mar", "03:00", "06:00"]
        );
        let monthly = dated("2020-01-31T00:00:00", CalendarUnit::Month, 60);
        let ticks = time(&monthly, 0.0, 59.0, 50);
        assert_eq!(labels(&ticks), ["2021", "2022", "2023", "2024"]);
    }

    #[test]
    fn t_without_dates() {
        let axis = TimeAxis {
            origin: 0.0,
            step: 1.0,
            positions: vec![],
            calendar: None,
        };
        assert_eq!(
            labels(&time(&axis, 340.0, 395.0, 60)),
            ["340", "350", "360", "370", "380", "390"]
        );
        assert_eq!(labels(&time(&axis, 0.0, 3.0, 80)), ["0", "1", "2", "3"]);
    }

    proptest! {
        #[test]
        fn ticks_lie_inside_and_do_not_crowd(from in -1e9..1e9f64, width in 1e-6..1e9f64, most in 1usize..20) {
            let ticks = values(from, from + width, most);
            prop_assert!(ticks.len() <= most + 1);
            for tick in &ticks {
                prop_assert!(tick.at >= from && tick.at <= from + width);
            }
        }

        #[test]
        fn any_calendar_range_ends(from in -1e5..1e5f64, width in 0.01..1e6f64, columns in 1usize..300) {
            let axis = dated("2024-02-29T12:30:00", CalendarUnit::Day, 10);
            let ticks = time(&axis, from, from + width, columns);
            prop_assert!(ticks.len() <= columns);
            prop_assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
        }
    }
}
