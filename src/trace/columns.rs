//! Columns of the data beside the observations: at their rows (`constant_data`), and ahead of
//! them as far as they are known (`predictions_constant_data`).

use super::calendar;
use super::decode;
use super::error::Problem;
use super::observed::{Coordinate, coordinate};
use super::source::{Kind, Source, Variable, join};
use super::text::escape;
use crate::series::{Series, Table, TimeAxis};

/// Columns read at the most, as of a CSV file.
const MOST: usize = 64;

/// Of a step: how far the time of a row ahead may lie beside its place.
const TOLERANCE: f64 = 1e-3;

/// Reads the columns with one value a row of `series`; `None` where there are none.
///
/// # Errors
///
/// Damage of the file.
pub(super) fn read(
    source: &dyn Source,
    base: &str,
    series: &Series,
    notes: &mut Vec<String>,
) -> Result<Option<Table>, Problem> {
    let past = join(base, "constant_data");
    let columns = of_length(source, &past, series.values.len())?;
    if columns.is_empty() {
        return Ok(None);
    }
    let mut covariates = Vec::with_capacity(columns.len());
    for column in &columns {
        let values = decode::numbers(source, &past, column)?;
        covariates.push((escape(&column.name), values));
    }
    let mut table = Table {
        series: series.clone(),
        covariates,
    };
    if let Some(ahead) = ahead(source, base, &columns, series, notes)? {
        table.series.axis.positions.extend(&ahead.positions);
        let rows = table.series.axis.len();
        table.series.values.resize(rows, f64::NAN);
        for ((_, values), more) in table.covariates.iter_mut().zip(ahead.values) {
            values.extend(more);
        }
    }
    Ok(Some(table))
}

/// Numbers over one dimension of that length, but for its labels and the model's time.
fn of_length(source: &dyn Source, group: &str, rows: usize) -> Result<Vec<Variable>, Problem> {
    let all = source.variables(group)?.into_iter();
    let is_column = |v: &Variable| {
        let has_rows = matches!(&v.dimensions[..], [d] if d.length == rows);
        v.kind == Kind::Number && has_rows && !v.is_coordinate() && v.name != "t"
    };
    Ok(all.filter(is_column).take(MOST).collect())
}

/// Rows ahead: their places on the series' axis, and the values of each column.
struct Ahead {
    positions: Vec<f64>,
    values: Vec<Vec<f64>>,
}

fn ahead(
    source: &dyn Source,
    base: &str,
    columns: &[Variable],
    series: &Series,
    notes: &mut Vec<String>,
) -> Result<Option<Ahead>, Problem> {
    let group = join(base, "predictions_constant_data");
    let mut found = Vec::new();
    for column in columns {
        found.extend(source.variable(&group, &column.name)?);
    }
    let Some([dimension]) = found.first().map(|first| &first.dimensions[..]) else {
        return Ok(None);
    };
    let rows = dimension.length;
    let is_alike = |v: &Variable| {
        v.kind == Kind::Number && matches!(&v.dimensions[..], [d] if d.length == rows)
    };
    if rows == 0 || found.len() < columns.len() || !found.iter().all(is_alike) {
        return Ok(None);
    }
    let labels = match &dimension.name {
        Some(name) => coordinate(source, &group, name, rows)?,
        None => Coordinate::None,
    };
    let Some(positions) = places(&series.axis, labels, rows) else {
        notes.push(
            "predictions_constant_data is left out: its times do not go on from the observations"
                .into(),
        );
        return Ok(None);
    };
    let values = found
        .iter()
        .map(|variable| decode::numbers(source, &group, variable));
    Ok(Some(Ahead {
        positions,
        values: values.collect::<Result<_, _>>()?,
    }))
}

/// Where rows with these labels lie; `None` where that is not behind the axis.
fn places(axis: &TimeAxis, labels: Coordinate, rows: usize) -> Option<Vec<f64>> {
    let counted = || (0..rows as i64).map(|row| axis.ahead(row));
    let places: Vec<f64> = match labels {
        Coordinate::None => counted().collect(),
        Coordinate::Numbers(t) => {
            let exact = t.iter().map(|t| (t - axis.origin) / axis.step);
            let places = exact.map(|exact| {
                let whole = exact.round();
                ((exact - whole).abs() <= TOLERANCE * (1.0 + whole.abs()).sqrt()).then_some(whole)
            });
            places.collect::<Option<_>>()?
        }
        Coordinate::Dates(dates) => {
            let past = axis.positions.iter().map(|at| axis.date(*at));
            let mut all: Vec<_> = past.collect::<Option<_>>()?;
            all.extend(dates);
            let (calendar, places, is_regular) = calendar::fit(&all)?;
            let (past, ahead) = places.split_at(axis.len());
            let is_same = axis.calendar.as_ref() == Some(&calendar) && past == axis.positions;
            (is_regular && is_same).then(|| ahead.to_vec())?
        }
    };
    let first = axis.ahead(0);
    let rises = places.windows(2).all(|pair| pair[0] < pair[1]);
    (rises && places.first().is_some_and(|place| *place >= first)).then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Calendar, CalendarStep, CalendarUnit};
    use jiff::civil::date;

    #[test]
    fn rows_ahead_lie_where_their_times_say() {
        let mut axis = TimeAxis::regular(3);
        (axis.origin, axis.step) = (10.0, 0.5);
        let numbers = |t: &[f64]| places(&axis, Coordinate::Numbers(t.to_vec()), t.len());
        assert_eq!(numbers(&[11.5, 12.5]), Some(vec![3.0, 5.0]));
        for wrong in [&[11.0][..], &[11.7], &[12.0, 11.5], &[f64::NAN]] {
            assert_eq!(numbers(wrong), None, "{wrong:?}");
        }
        assert_eq!(places(&axis, Coordinate::None, 2), Some(vec![3.0, 4.0]));
    }

    #[test]
    fn dates_ahead_go_on_with_the_calendar() {
        let axis = TimeAxis {
            calendar: Some(Calendar {
                start: date(2024, 1, 31).at(0, 0, 0, 0),
                step: CalendarStep {
                    unit: CalendarUnit::Month,
                    count: 1,
                },
            }),
            ..TimeAxis::regular(3)
        };
        let dates = |days: &[(i16, i8, i8)]| {
            let dates = days.iter().map(|&(y, m, d)| date(y, m, d).at(0, 0, 0, 0));
            places(&axis, Coordinate::Dates(dates.collect()), days.len())
        };
        assert_eq!(dates(&[(2024, 4, 30), (2024, 6, 30)]), Some(vec![3.0, 5.0]));
        assert_eq!(dates(&[(2024, 4, 29)]), None);
        assert_eq!(dates(&[(2024, 3, 31)]), None);
        assert_eq!(
            places(&TimeAxis::regular(3), Coordinate::Dates(vec![]), 0),
            None
        );
    }
}
