//! The coordinate of rows: dates the way xarray writes them (CF 1.11, section 4.4), else t.

use jiff::civil::DateTime;

use super::WriteError;
use super::group::{Axis, Group, whole};
use crate::series::TimeAxis;

/// A dimension for these rows of a series, with their dates or t as its coordinate.
pub(super) fn axis(
    group: &mut Group<'_>,
    name: &str,
    axis: &TimeAxis,
    rows: &[usize],
) -> Result<Axis, WriteError> {
    let positions = || rows.iter().map(|&row| axis.positions[row]);
    let dates: Option<Vec<DateTime>> = positions().map(|position| axis.date(position)).collect();
    if let Some((units, counts)) = dates.as_deref().and_then(since) {
        let attributes = [("units", &*units), ("calendar", "proleptic_gregorian")];
        return group.labelled_axis(name, &counts, &attributes);
    }
    let t: Vec<f64> = positions().map(|position| axis.t(position)).collect();
    match t.iter().map(|&t| whole(t)).collect::<Option<Vec<i64>>>() {
        Some(t) => group.axis(name, &t),
        None => group.axis(name, &t),
    }
}

/// Dates as whole numbers of the largest unit that counts them all, from the first of them on.
/// `None` where there are no dates, or fractions of a second between them.
fn since(dates: &[DateTime]) -> Option<(String, Vec<i64>)> {
    let first = *dates.first()?;
    let seconds: Vec<i64> = dates
        .iter()
        .map(|date| {
            let since = date.duration_since(first);
            (since.subsec_nanos() == 0).then_some(since.as_secs())
        })
        .collect::<Option<_>>()?;
    let units = [
        ("days", 86_400),
        ("hours", 3_600),
        ("minutes", 60),
        ("seconds", 1),
    ];
    let counts_all = |size: i64| seconds.iter().all(|seconds| seconds % size == 0);
    let (unit, size) = units.into_iter().find(|&(_, size)| counts_all(size))?;
    let start = first.strftime("%Y-%m-%d %H:%M:%S%.f");
    Some((
        format!("{unit} since {start}"),
        seconds.iter().map(|seconds| seconds / size).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(dates: &[&str]) -> (String, Vec<i64>) {
        let dates: Vec<DateTime> = dates.iter().map(|d| d.parse().expect("a date")).collect();
        since(&dates).expect("whole seconds")
    }

    #[test]
    fn dates_are_counted_in_the_largest_unit() {
        assert_eq!(
            coded(&["2024-01-31", "2024-02-29", "2024-03-31"]),
            ("days since 2024-01-31 00:00:00".into(), vec![0, 29, 60])
        );
        assert_eq!(
            coded(&["2024-01-01T06:00", "2024-01-02T06:00"]),
            ("days since 2024-01-01 06:00:00".into(), vec![0, 1])
        );
        assert_eq!(
            coded(&["2024-01-01T00:00", "2024-01-01T06:00"]),
            ("hours since 2024-01-01 00:00:00".into(), vec![0, 6])
        );
        assert_eq!(
            coded(&["2024-01-01T00:00:00.5", "2024-01-01T00:00:15.5"]),
            ("seconds since 2024-01-01 00:00:00.5".into(), vec![0, 15])
        );
        assert_eq!(coded(&["0800-01-01"]).0, "days since 0800-01-01 00:00:00");
    }

    #[test]
    fn fractions_of_a_second_are_not_counted() {
        let dates: Vec<DateTime> = ["2024-01-01T00:00:00", "2024-01-01T00:00:00.5"]
            .map(|d| d.parse().expect("a date"))
            .into();
        assert_eq!(since(&dates), None);
    }
}
