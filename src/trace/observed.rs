//! The observations a model was fitted to, and where they lie in time.

use jiff::civil::DateTime;

use crate::series::{Series, TimeAxis, commonest_distance};

use super::calendar;
use super::decode;
use super::error::Problem;
use super::source::{Attributes, Kind, Source, Variable, join};
use super::text::{escape, list};

/// How a note begins that says why the trace has no series.
pub const NO_SERIES: &str = "no observed series";

/// Names shown of a list in a message.
const SHOWN: usize = 12;

/// Why there is no series: the file is broken, or what it has cannot be used.
enum Failure {
    Broken(Problem),
    Unusable(String),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        if problem.is_damage() {
            Self::Broken(problem)
        } else {
            Self::Unusable(problem.to_string())
        }
    }
}

/// Reads the observed series: the variable `wanted`, or the only one there is.
///
/// A trace without a series that can be used still opens: `None`, with a note
/// that says why.
///
/// # Errors
///
/// Damage of the file, and a variable asked for by name that cannot be used.
pub(super) fn read(
    source: &dyn Source,
    base: &str,
    wanted: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<Option<Series>, Problem> {
    let group = join(base, "observed_data");
    let variables: Vec<Variable> = match source.variables(&group) {
        Ok(all) => all
            .into_iter()
            .filter(|v| v.kind == Kind::Number && !v.is_coordinate())
            .collect(),
        Err(problem) if wanted.is_some() || problem.is_damage() => return Err(problem),
        Err(problem) => {
            notes.push(format!("{NO_SERIES}: {problem}"));
            return Ok(None);
        }
    };
    let names: Vec<&str> = variables.iter().map(|v| v.name.as_str()).collect();
    let variable =
        match (wanted, &variables[..]) {
            (Some(name), _) => variables.iter().find(|v| v.name == name).ok_or_else(|| {
                Problem::NoSuchObserved {
                    name: escape(name),
                    found: list(&names, SHOWN),
                }
            })?,
            (None, [only]) => only,
            (None, []) => {
                notes.push(format!("{NO_SERIES} in the trace: give it with --data"));
                return Ok(None);
            }
            (None, _) => {
                notes.push(format!(
                    "several observed series: choose one with --observed: {}",
                    list(&names, SHOWN)
                ));
                return Ok(None);
            }
        };
    match series(source, base, &group, variable, notes) {
        Ok(series) => Ok(Some(series)),
        Err(Failure::Broken(problem)) => Err(problem),
        Err(Failure::Unusable(reason)) => {
            let problem = Problem::UnusableObserved {
                name: escape(&variable.name),
                reason,
            };
            if wanted.is_some() {
                return Err(problem);
            }
            notes.push(problem.to_string());
            Ok(None)
        }
    }
}

fn series(
    source: &dyn Source,
    base: &str,
    group: &str,
    variable: &Variable,
    notes: &mut Vec<String>,
) -> Result<Series, Failure> {
    let [dimension] = &variable.dimensions[..] else {
        let rank = variable.dimensions.len();
        return Err(Failure::Unusable(format!(
            "it has {rank} dimensions, not one"
        )));
    };
    let rows = dimension.length;
    if rows == 0 {
        return Err(Failure::Unusable("it is empty".into()));
    }
    let values = decode::numbers(source, group, variable)?;
    if let Some(row) = values.iter().position(|value| value.is_infinite()) {
        return Err(Failure::Unusable(format!(
            "its value {row} (counted from 0) is infinite"
        )));
    }
    let coordinate = match &dimension.name {
        Some(name) => match coordinate(source, group, name, rows) {
            Ok(coordinate) => coordinate,
            Err(problem) if problem.is_damage() => return Err(Failure::Broken(problem)),
            // An odd coordinate costs its labels, not the series.
            Err(problem) => {
                notes.push(format!("rows without labels: {problem}"));
                Coordinate::None
            }
        },
        None => Coordinate::None,
    };
    let given_t = constant_t(source, base, rows)?;
    let axis = axis(coordinate, given_t, rows, notes).map_err(Failure::Unusable)?;
    Ok(Series {
        name: escape(&variable.name),
        values,
        axis,
    })
}

/// What labels the rows.
pub(super) enum Coordinate {
    Numbers(Vec<f64>),
    Dates(Vec<DateTime>),
    /// None, or labels that count nothing: row numbers that xarray fills in,
    /// names, dates of a calendar that is not the civil one.
    None,
}

/// What the file says of the rows of a dimension.
pub(super) fn coordinate(
    source: &dyn Source,
    group: &str,
    name: &str,
    rows: usize,
) -> Result<Coordinate, Problem> {
    let Some(variable) = source.variable(group, name)? else {
        return Ok(Coordinate::None);
    };
    if !variable.is_coordinate() || variable.dimensions[0].length != rows {
        return Ok(Coordinate::None);
    }
    match variable.kind {
        Kind::Number => {
            let values = decode::numbers(source, group, &variable)?;
            let Attributes {
                units, calendar, ..
            } = &variable.attributes;
            Ok(
                match units.as_ref().filter(|units| units.contains(" since ")) {
                    Some(units) => decode::dates(&values, units, calendar.as_deref())
                        .map_or(Coordinate::None, Coordinate::Dates),
                    None if is_filled_in(name, &values) => Coordinate::None,
                    None => Coordinate::Numbers(values),
                },
            )
        }
        Kind::Text => {
            let labels = source.strings(group, name)?;
            let dates: Option<Vec<DateTime>> =
                labels.iter().map(|label| decode::date(label)).collect();
            Ok(dates.map_or(Coordinate::None, Coordinate::Dates))
        }
        Kind::Other => Ok(Coordinate::None),
    }
}

/// ArviZ numbers a dimension without a name of its own, `obs_dim_0`, from 0:
/// such a number is no time, and the one the model was given says more.
fn is_filled_in(name: &str, values: &[f64]) -> bool {
    name.contains("_dim_") && values.iter().enumerate().all(|(row, &v)| v == row as f64)
}

/// `constant_data/t`, the time the model was given, where there is one a row.
fn constant_t(source: &dyn Source, base: &str, rows: usize) -> Result<Option<Vec<f64>>, Problem> {
    let group = join(base, "constant_data");
    match source.variable(&group, "t")? {
        Some(variable)
            if variable.kind == Kind::Number
                && matches!(&variable.dimensions[..], [d] if d.length == rows) =>
        {
            decode::numbers(source, &group, &variable).map(Some)
        }
        _ => Ok(None),
    }
}

/// t comes from the coordinate where that is numeric; with dates it counts
/// steps; else it is the time the model was given; else it counts rows.
fn axis(
    coordinate: Coordinate,
    given_t: Option<Vec<f64>>,
    rows: usize,
    notes: &mut Vec<String>,
) -> Result<TimeAxis, String> {
    let row_numbers = || (0..rows).map(|row| row as f64).collect::<Vec<_>>();
    match coordinate {
        Coordinate::Numbers(t) => numeric_axis(&t),
        Coordinate::Dates(dates) => {
            let (calendar, positions, is_regular) =
                calendar::fit(&dates).ok_or("its dates do not rise from row to row")?;
            if !is_regular {
                notes.push("the dates keep no regular step: rows are taken one step apart".into());
            }
            Ok(TimeAxis {
                origin: 0.0,
                step: 1.0,
                positions,
                calendar: Some(calendar),
            })
        }
        Coordinate::None => numeric_axis(&given_t.unwrap_or_else(row_numbers)),
    }
}

/// Relative width of a step: times computed in `f32` still keep one.
const STEP_TOLERANCE: f64 = 1e-3;

/// The axis of times: the commonest difference is the step. Times on whole
/// steps, up to rounding, get whole positions; others keep fractions.
fn numeric_axis(t: &[f64]) -> Result<TimeAxis, String> {
    let reason = "its times do not rise from row to row";
    let (&origin, &last) = t.first().zip(t.last()).ok_or("it is empty")?;
    if t.iter().any(|t| !t.is_finite()) {
        return Err("a time is missing or infinite".into());
    }
    let differences: Vec<f64> = t.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if differences.iter().any(|d| !(*d > 0.0 && d.is_finite())) {
        return Err(reason.into());
    }
    let Some(step) = commonest_distance(differences, STEP_TOLERANCE) else {
        return Ok(TimeAxis {
            origin,
            step: 1.0,
            positions: vec![0.0],
            calendar: None,
        });
    };

    let exact: Vec<f64> = t.iter().map(|t| (t - origin) / step).collect();
    let whole: Vec<f64> = exact.iter().map(|p| p.round()).collect();
    let rises = |positions: &[f64]| positions.windows(2).all(|pair| pair[0] < pair[1]);
    let is_whole = exact
        .iter()
        .zip(&whole)
        .all(|(e, w)| (e - w).abs() <= STEP_TOLERANCE * (1.0 + w).sqrt().min(100.0));
    if is_whole && rises(&whole) {
        // The step that meets the last time exactly is the sharper one.
        let steps = whole[whole.len() - 1];
        let step = (last - origin) / steps;
        return Ok(TimeAxis {
            origin,
            step,
            positions: whole,
            calendar: None,
        });
    }
    if !rises(&exact) {
        return Err(reason.into());
    }
    Ok(TimeAxis {
        origin,
        step,
        positions: exact,
        calendar: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps(t: &[f64]) -> (f64, f64, Vec<f64>) {
        let axis = numeric_axis(t).unwrap();
        (axis.origin, axis.step, axis.positions)
    }

    #[test]
    fn regular_times_have_whole_positions() {
        assert_eq!(steps(&[0.0, 1.0, 2.0]), (0.0, 1.0, vec![0.0, 1.0, 2.0]));
        assert_eq!(steps(&[10.0, 10.5, 11.5]), (10.0, 0.5, vec![0.0, 1.0, 3.0]));
        assert_eq!(steps(&[7.0]), (7.0, 1.0, vec![0.0]));
    }

    #[test]
    fn irregular_times_keep_fractions_of_the_commonest_step() {
        assert_eq!(
            steps(&[0.0, 2.0, 4.0, 5.0]),
            (0.0, 2.0, vec![0.0, 1.0, 2.0, 2.5])
        );
    }

    #[test]
    fn times_that_fall_or_repeat_are_refused() {
        assert!(numeric_axis(&[0.0, 2.0, 1.0]).is_err());
        assert!(numeric_axis(&[0.0, 1.0, 1.0]).is_err());
        assert!(numeric_axis(&[0.0, f64::NAN]).is_err());
        assert!(numeric_axis(&[-1e308, 1e308]).is_err());
    }

    #[test]
    fn only_row_numbers_of_an_unnamed_dimension_are_filled_in() {
        assert!(is_filled_in("obs_dim_0", &[0.0, 1.0, 2.0]));
        assert!(!is_filled_in("obs_dim_0", &[1.0, 2.0, 3.0]));
        assert!(!is_filled_in("time", &[0.0, 1.0, 2.0]));
    }

    proptest! {
        #[test]
        fn evenly_spaced_times_come_back(
            origin in -1e4f64..1e4, step in 1e-3f64..1e3, n in 2usize..500, single in any::<bool>(),
        ) {
            let t: Vec<f64> = (0..n)
                .map(|i| i as f64 / n as f64)
                .map(|t| if single { f64::from(t as f32) } else { origin + step * t })
                .collect();
            let axis = numeric_axis(&t).unwrap();
            prop_assert_eq!(axis.positions, (0..n).map(|i| i as f64).collect::<Vec<_>>());
        }

        #[test]
        fn times_are_where_the_axis_says(
            mut t in prop::collection::vec(-1e6f64..1e6, 1..60),
        ) {
            t.sort_unstable_by(f64::total_cmp);
            t.dedup();
            let axis = numeric_axis(&t).unwrap();
            for (t, position) in t.iter().zip(&axis.positions) {
                let at = axis.origin + axis.step * position;
                prop_assert!((at - t).abs() <= 1e-2 * axis.step + 1e-9, "{at} is not {t}");
            }
        }
    }
}
