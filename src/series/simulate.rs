//! A synthetic series, to try things on: a trend and a cycle of a week, with noise.

use std::f64::consts::TAU;

use jiff::civil::{Date, Time};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

use super::{Calendar, CalendarStep, CalendarUnit, Series, TimeAxis};

/// What [`simulate`] draws from; Normal takes a mean and a standard deviation.
pub const SIMULATED: &str = "y = 10 + 0.05 t + 3 sin(2 pi t / 7) + Normal(0, 1)";

/// As many days of [`SIMULATED`], t = 0, 1, 2, .., with dates where a `start` is given.
///
/// The same seed gives the same series, of which a shorter one is the beginning.
pub fn simulate(days: usize, seed: u64, start: Option<Date>) -> Series {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let value = |day: usize| {
        let t = day as f64;
        let noise: f64 = random.sample(StandardNormal);
        10.0 + 0.05 * t + 3.0 * (TAU * t / 7.0).sin() + noise
    };
    Series {
        name: "y".to_owned(),
        values: (0..days).map(value).collect(),
        axis: TimeAxis {
            calendar: start.map(|start| Calendar {
                start: start.to_datetime(Time::midnight()),
                step: CalendarStep {
                    unit: CalendarUnit::Day,
                    count: 1,
                },
            }),
            ..TimeAxis::regular(days)
        },
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_noise_is_standard_normal_about_the_formula() {
        const DAYS: usize = 20_000;
        let series = simulate(DAYS, 42, None);
        let noise: Vec<f64> = (0..DAYS)
            .map(|day| {
                let t = day as f64;
                let week = [
                    0.0, 2.345_494, 2.924_784, 1.301_651, -1.301_651, -2.924_784, -2.345_494,
                ];
                series.values[day] - (10.0 + 0.05 * t + week[day % 7])
            })
            .collect();
        let moment = |power: i32| noise.iter().map(|e| e.powi(power)).sum::<f64>() / DAYS as f64;
        // Standard errors of the moments: 0.0071, 0.01, 0.027 and 0.069.
        for (power, expected, tolerance) in [
            (1, 0.0, 0.03),
            (2, 1.0, 0.04),
            (3, 0.0, 0.11),
            (4, 3.0, 0.28),
        ] {
            let found = moment(power);
            assert!(
                (found - expected).abs() < tolerance,
                "moment {power}: {found}"
            );
        }
        let lagged: f64 = noise.windows(2).map(|pair| pair[0] * pair[1]).sum();
        assert!((lagged / DAYS as f64).abs() < 0.03, "independent");
    }

    #[test]
    fn a_seed_is_a_series_and_a_shorter_one_its_beginning() {
        let series = simulate(365, 42, None);
        assert_eq!(simulate(365, 42, None), series);
        assert_eq!(simulate(10, 42, None).values, series.values[..10]);
        assert_ne!(simulate(10, 43, None).values, series.values[..10]);
    }

    #[test]
    fn days_have_dates_from_the_start_on() {
        let axis = simulate(3, 7, Some(date(2024, 2, 28))).axis;
        assert_eq!(axis.label(2.0), "2024-03-01");
    }
}
