//! What a forecast says, in words: natural frequencies, moments in time, the digits that count.

use super::ticks;
use crate::series::{CalendarUnit, TimeAxis};

/// Futures inside and outside a band, of a round number of futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    pub inside: u32,
    pub outside: u32,
    pub of: u32,
}

impl Shares {
    /// A probability as a count out of the smallest of 20, 100, 1000 and 10,000 that says it; what
    /// takes more digits is rounded, though never to all or none.
    pub fn of(level: f64) -> Self {
        let says_it = |of: &u32| {
            let count = level * f64::from(*of);
            let some = (1.0..f64::from(*of)).contains(&count.round());
            some && (count - count.round()).abs() < 1e-6
        };
        let of = [20, 100, 1000].into_iter().find(says_it);
        Self::out_of(of.unwrap_or(10_000), level)
    }

    /// The same for a band inside another one, out of as many futures where that says it.
    pub fn within(widest: f64, level: f64) -> Self {
        let (own, of) = (Self::of(level).of, Self::of(widest).of);
        Self::out_of(own.max(of), level)
    }

    fn out_of(of: u32, level: f64) -> Self {
        let inside = (level * f64::from(of))
            .round()
            .clamp(1.0, f64::from(of) - 1.0) as u32;
        Self {
            inside,
            outside: of - inside,
            of,
        }
    }

    /// A name for what happens so often: "94 of 100", "half".
    pub fn name(self) -> String {
        if self.inside == self.outside {
            return "half".into();
        }
        format!("{} of {}", self.inside, self.of)
    }
}

/// A value with the digits that a band as wide as `spread` leaves meaningful: the edges of a band
/// from 30.27 to 33.81 are told to a tenth.
pub fn value(value: f64, spread: f64) -> String {
    let step = 10f64.powf((spread.abs() / 20.0).log10().floor());
    let usable = step.is_finite() && step > 0.0;
    ticks::number(value, if usable { step } else { 1e-3 })
}

/// A value that somebody typed, as they typed it.
pub fn typed(value: f64) -> String {
    let plain = value == 0.0 || (1e-4..1e9).contains(&value.abs());
    if plain {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// When: "on day 394", "on 2024-03-30", "in 2024-03", "at 2024-03-30 13:00".
pub fn when(axis: &TimeAxis, position: f64) -> String {
    use CalendarUnit::*;
    let label = axis.label(position);
    let dated = axis.date(position).and(axis.calendar.as_ref());
    match dated.map(|calendar| calendar.step.unit) {
        None => format!("on day {label}"),
        Some(Second | Minute | Hour) => format!("at {label}"),
        Some(Day | Week) => format!("on {label}"),
        Some(Month | Quarter | Year) => format!("in {label}"),
    }
}

/// What is forecast: "y: the next 30 days".
pub fn title(series: &str, axis: &TimeAxis, steps: usize) -> String {
    let length = length(axis, steps);
    format!("{series}: the next {}", length.trim_start_matches("1 "))
}

/// A length of time: "1 day", "30 days", "12 months"; "steps" where one is several units long.
pub fn length(axis: &TimeAxis, steps: usize) -> String {
    let name = axis.step_name();
    let plural = if steps == 1 { "" } else { "s" };
    format!("{steps} {name}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Calendar, CalendarStep};

    fn shares(level: f64) -> (u32, u32, u32) {
        let Shares {
            inside,
            outside,
            of,
        } = Shares::of(level);
        (inside, outside, of)
    }

    #[test]
    fn shares_are_counts_of_round_numbers() {
        assert_eq!(shares(0.94), (94, 6, 100));
        assert_eq!(shares(0.95), (19, 1, 20));
        assert_eq!(shares(0.5), (10, 10, 20));
        assert_eq!(shares(0.995), (995, 5, 1000));
        assert_eq!(shares(0.1234), (1234, 8766, 10_000));
    }

    #[test]
    fn bands_inside_another_are_counted_as_it_is() {
        let names = |widest, levels: [f64; 3]| levels.map(|l| Shares::within(widest, l).name());
        let (usual, rounder) = ([0.94, 0.8, 0.5], [0.95, 0.8, 0.5]);
        assert_eq!(names(0.94, usual), ["94 of 100", "80 of 100", "half"]);
        assert_eq!(names(0.95, rounder), ["19 of 20", "16 of 20", "half"]);
        // Nothing is rounded to fit.
        assert_eq!(Shares::within(0.95, 0.33).name(), "33 of 100");
    }

    #[test]
    fn shares_never_say_all_or_none() {
        assert_eq!(shares(0.999_999), (9999, 1, 10_000));
        assert_eq!(shares(1e-9), (1, 9999, 10_000));
    }

    #[test]
    fn values_have_the_digits_that_count() {
        assert_eq!(value(30.274, 3.5), "30.3");
        assert_eq!(value(1234.5, 400.0), "1234");
        assert_eq!(value(0.012_345, 0.002), "0.0123");
        assert_eq!(value(5.0, 0.0), "5.000");
    }

    #[test]
    fn typed_values_stay_as_they_were() {
        assert_eq!(
            [33.0, -0.5, 1e-9, 0.0].map(typed),
            ["33", "-0.5", "1e-9", "0"]
        );
    }

    #[test]
    fn moments_have_their_preposition() {
        let axis = |unit| TimeAxis {
            calendar: Some(Calendar {
                start: "2024-05-01T13:00:00".parse().expect("a date"),
                step: CalendarStep { unit, count: 1 },
            }),
            ..TimeAxis::regular(3)
        };
        assert_eq!(when(&TimeAxis::regular(3), 394.0), "on day 394");
        assert_eq!(when(&axis(CalendarUnit::Day), 1.0), "on 2024-05-02");
        assert_eq!(when(&axis(CalendarUnit::Month), 1.0), "in 2024-06");
        assert_eq!(when(&axis(CalendarUnit::Hour), 1.0), "at 2024-05-01 14:00");
        assert_eq!(length(&axis(CalendarUnit::Month), 12), "12 months");
        assert_eq!(length(&TimeAxis::regular(3), 1), "1 day");
        assert_eq!(title("y", &TimeAxis::regular(3), 1), "y: the next day");
        assert_eq!(title("y", &TimeAxis::regular(3), 21), "y: the next 21 days");
    }
}
