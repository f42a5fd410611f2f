//! A series: values in time, gaps, calendar.

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

// TEMPORARY-STUB
impl TimeAxis {
    pub fn t(&self, position: f64) -> f64 { self.origin + self.step * position }
    pub fn last_position(&self) -> f64 { self.positions.last().copied().unwrap_or(0.0) }
    pub fn date(&self, position: f64) -> Option<DateTime> {
        let calendar = self.calendar.as_ref()?;
        let n = (position.round() as i64).checked_mul(i64::from(calendar.step.count))?;
        let span = jiff::Span::new();
        let span = match calendar.step.unit {
            CalendarUnit::Second => span.try_seconds(n), CalendarUnit::Minute => span.try_minutes(n), CalendarUnit::Hour => span.try_hours(n),
            CalendarUnit::Day => span.try_days(n), CalendarUnit::Week => span.try_weeks(n), CalendarUnit::Month => span.try_months(n),
            CalendarUnit::Quarter => span.try_months(3 * n), CalendarUnit::Year => span.try_years(n),
        }.ok()?;
        calendar.start.checked_add(span).ok()
    }
    pub fn label(&self, position: f64) -> String {
        match self.date(position) { Some(d) => d.date().to_string(), None => format!("{}", self.t(position)) }
    }
}
#[derive(Debug, thiserror::Error)]
#[error("stub")]
pub struct SeriesError;
impl Series { pub fn from_csv_path(_: &std::path::Path) -> Result<Series, SeriesError> { Err(SeriesError) } }
