//! A series: values in time, gaps, calendar.

mod axis;
mod calendar;
mod csv;
mod date;
mod error;
mod simulate;

pub(crate) use axis::commonest_distance;
pub(crate) use calendar::commonest;
pub use calendar::{IrregularDates, Length};
pub use csv::Table;
pub use date::parse_date;
pub use error::SeriesError;
pub use simulate::{SIMULATED, simulate};

use jiff::civil::DateTime;

/// Observations at regular steps. Index `i` runs over rows; [`TimeAxis`] says where a row lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the observed variable (a column or a NetCDF variable).
    pub name: String,
    /// One value a row; NaN is a gap: on the axis, out of the likelihood.
    pub values: Vec<f64>,
    pub axis: TimeAxis,
}

impl Series {
    /// The series as it was after so many rows (at most all).
    pub fn first(&self, rows: usize) -> Self {
        let rows = rows.min(self.values.len());
        Self {
            name: self.name.clone(),
            values: self.values[..rows].to_vec(),
            axis: TimeAxis {
                positions: self.axis.positions[..rows].to_vec(),
                ..self.axis.clone()
            },
        }
    }
}

/// Where rows lie in time. Three measures of the same thing:
///
/// * **position**: steps since the first row, `0.0` there. What charts draw on.
/// * **t**: the model's time, `origin + step * position`.
/// * **label**: what a person reads, a date where there is a calendar, else t.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeAxis {
    /// t at position 0.
    pub origin: f64,
    /// t per step, > 0.
    pub step: f64,
    /// Position of each row, strictly increasing; 0, 1, 2, .. unless rows were left out.
    pub positions: Vec<f64>,
    pub calendar: Option<Calendar>,
}

/// Dates of the positions.
///
/// A calendar of months, quarters or years that starts on the last day of a month stays on last
/// days: 2024-02-29 is followed by 2024-03-31.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    pub start: DateTime,
    pub step: CalendarStep,
}

/// The distance between neighbouring positions: `count` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarStep {
    pub unit: CalendarUnit,
    pub count: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}
