//! Positions, t and labels.

use jiff::civil::DateTime;

use super::{CalendarUnit, TimeAxis};

impl TimeAxis {
    /// `n` rows at t = 0, 1, 2, .. without dates.
    pub fn regular(n: usize) -> Self {
        Self {
            origin: 0.0,
            step: 1.0,
            positions: (0..n).map(|row| row as f64).collect(),
            calendar: None,
        }
    }

    /// The name of one step, for sentences: "day" without dates, and "step" where one is several
    /// units of the calendar long.
    pub fn step_name(&self) -> &'static str {
        use CalendarUnit::*;
        match self.calendar.as_ref().map(|calendar| calendar.step) {
            None => "day",
            Some(step) if step.count != 1 => "step",
            Some(step) => match step.unit {
                Second => "second",
                Minute => "minute",
                Hour => "hour",
                Day => "day",
                Week => "week",
                Month => "month",
                Quarter => "quarter",
                Year => "year",
            },
        }
    }

    /// Rows at the given values of t, which lie on a grid as wide as their commonest distance;
    /// places of the grid may be left out.
    ///
    /// # Errors
    /// The first row that is not finite, not after the one before it, or not on the grid.
    pub fn from_t(t: &[f64]) -> Result<Self, usize> {
        if let Some(row) = t.iter().position(|t| !t.is_finite()) {
            return Err(row);
        }
        let distances = || t.windows(2).map(|pair| pair[1] - pair[0]);
        if let Some(row) =
            distances().position(|distance| distance <= 0.0 || distance.is_infinite())
        {
            return Err(row + 1);
        }
        let step = commonest_distance(distances().collect(), GRID_TOLERANCE).unwrap_or(1.0);
        let mut positions: Vec<f64> = t.first().map(|_| 0.0).into_iter().collect();
        for (row, distance) in distances().enumerate() {
            let exact = distance / step;
            let steps = exact.round();
            if !(1.0..=LARGEST_GAP).contains(&steps) || (exact - steps).abs() > GRID_TOLERANCE {
                return Err(row + 1);
            }
            positions.push(positions[row] + steps);
        }
        // Taken over the whole length, so that the rounding of one distance does not add up.
        let (origin, step) = match (t, positions.last()) {
            ([first, .., last], Some(steps)) => (*first, (last - first) / steps),
            _ => (t.first().copied().unwrap_or(0.0), 1.0),
        };
        Ok(Self {
            origin,
            step,
            positions,
            calendar: None,
        })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The position of the last row; forecasts start one after it.
    pub fn last_position(&self) -> Option<f64> {
        self.positions.last().copied()
    }

    /// The position of a step of the forecast: 0 is the first after the last row, negative ones
    /// lie before it.
    pub fn ahead(&self, step: i64) -> f64 {
        self.last_position().unwrap_or(-1.0) + 1.0 + step as f64
    }

    /// The model's time at a position.
    pub fn t(&self, position: f64) -> f64 {
        self.origin + self.step * position
    }

    /// The date at a position, rounded to a step; `None` without a calendar and beyond the years
    /// that a date can have (-9999 to 9999).
    pub fn date(&self, position: f64) -> Option<DateTime> {
        self.calendar.as_ref()?.date(position)
    }

    /// What a person calls a position: the date as far as the calendar's unit goes, else t.
    pub fn label(&self, position: f64) -> String {
        let dated = self
            .calendar
            .as_ref()
            .and_then(|calendar| Some((calendar.date(position)?, calendar.step.unit)));
        let Some((date, unit)) = dated else {
            // Adding 0 turns -0 into 0.
            return format!("{}", (self.t(position) * 1e4).round() / 1e4 + 0.0);
        };
        let format = match unit {
            CalendarUnit::Second => "%Y-%m-%d %H:%M:%S",
            CalendarUnit::Minute | CalendarUnit::Hour => "%Y-%m-%d %H:%M",
            CalendarUnit::Day | CalendarUnit::Week => "%Y-%m-%d",
            CalendarUnit::Month | CalendarUnit::Quarter => "%Y-%m",
            CalendarUnit::Year => "%Y",
        };
        date.strftime(format).to_string()
    }
}

/// The commonest of some distances: the middle of the longest run of them that agree to a
/// relative tolerance, of equally long ones of the smallest. `None` where there are none.
pub fn commonest_distance(mut distances: Vec<f64>, tolerance: f64) -> Option<f64> {
    distances.sort_unstable_by(f64::total_cmp);
    let (mut start, mut best) = (0, 0..0);
    for end in 0..distances.len() {
        while distances[end] - distances[start] > tolerance * distances[start] {
            start += 1;
        }
        if end + 1 - start > best.len() {
            best = start..end + 1;
        }
    }
    distances.get((best.start + best.end) / 2).copied()
}

/// How far a distance may be from whole steps: months written as 0.083, 0.167, 0.25 of a year are
/// 0.012 off, months counted in days 0.03.
const GRID_TOLERANCE: f64 = 0.02;

/// Steps between neighbouring rows; more are a mistake in the data.
const LARGEST_GAP: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::super::{Calendar, CalendarStep};
    use super::*;
    use jiff::civil::date;

    fn dated(unit: CalendarUnit) -> TimeAxis {
        TimeAxis {
            calendar: Some(Calendar {
                start: date(2024, 5, 1).at(13, 0, 0, 0),
                step: CalendarStep { unit, count: 1 },
            }),
            ..TimeAxis::regular(10)
        }
    }

    #[test]
    fn a_regular_axis_counts_from_zero() {
        let axis = TimeAxis::regular(3);
        assert_eq!(axis.positions, [0.0, 1.0, 2.0]);
        assert_eq!((axis.len(), axis.last_position()), (3, Some(2.0)));
        assert_eq!(axis.t(365.0), 365.0);
        assert_eq!(axis.date(0.0), None);
        assert!(TimeAxis::regular(0).is_empty());
    }

    #[test]
    fn t_makes_a_grid_with_places_left_out() {
        let axis = TimeAxis::from_t(&[10.0, 10.5, 12.0]).unwrap();
        assert_eq!((axis.origin, axis.step), (10.0, 0.5));
        assert_eq!(axis.positions, [0.0, 1.0, 4.0]);
        assert_eq!(axis.t(5.0), 12.5);
        // Months as fractions of a year, written with three digits.
        let axis = TimeAxis::from_t(&[0.0, 0.083, 0.167, 0.25]).unwrap();
        assert_eq!((axis.step, axis.last_position()), (0.25 / 3.0, Some(3.0)));
        let tenths: Vec<f64> = (0..1000).map(|i| f64::from(i) / 10.0).collect();
        assert_eq!(
            TimeAxis::from_t(&tenths).unwrap().last_position(),
            Some(999.0)
        );
        assert_eq!(TimeAxis::from_t(&[7.0]).unwrap().t(1.0), 8.0);
    }

    #[test]
    fn t_off_the_grid_is_named_by_its_row() {
        assert_eq!(TimeAxis::from_t(&[0.0, 1.0, 2.4, 3.4]), Err(2));
        // One that is out of place does not make the step of all others a finer one.
        assert_eq!(TimeAxis::from_t(&[0.0, 1.0, 2.0, 2.5, 3.0, 4.0]), Err(3));
        assert_eq!(TimeAxis::from_t(&[0.0, 1.0, 1.0]), Err(2));
        assert_eq!(TimeAxis::from_t(&[0.0, f64::NAN]), Err(1));
        assert_eq!(TimeAxis::from_t(&[0.0, 1.0, 1e9]), Err(2));
        assert_eq!(TimeAxis::from_t(&[-1e308, 1e308]), Err(1));
    }

    #[test]
    fn labels_go_as_far_as_the_unit() {
        for (unit, label) in [
            (CalendarUnit::Second, "2024-05-01 13:00:01"),
            (CalendarUnit::Minute, "2024-05-01 13:01"),
            (CalendarUnit::Hour, "2024-05-01 14:00"),
            (CalendarUnit::Day, "2024-05-02"),
            (CalendarUnit::Week, "2024-05-08"),
            (CalendarUnit::Month, "2024-06"),
            (CalendarUnit::Quarter, "2024-08"),
            (CalendarUnit::Year, "2025"),
        ] {
            assert_eq!(dated(unit).label(1.2), label);
        }
    }

    #[test]
    fn without_a_date_the_label_is_t_in_few_digits() {
        assert_eq!(TimeAxis::regular(3).label(365.0), "365");
        assert_eq!(TimeAxis::regular(3).label(-0.00001), "0");
        let axis = TimeAxis::from_t(&[0.0, 1.0 / 3.0]).unwrap();
        assert_eq!(axis.label(1.0), "0.3333");
        assert_eq!(dated(CalendarUnit::Year).label(1e6), "1000000");
    }
}
