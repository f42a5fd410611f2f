//! Names for what comes from a person's columns: NetCDF allows no `/` in a name, and a variable
//! called like its dimension would be taken for its coordinate.

use crate::series::Series;

/// Names of the variables that run over rows, no two the same.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub observed: String,
    pub covariates: Vec<String>,
    /// The dimension of rows, and its coordinate.
    pub time: String,
}

pub(super) fn of(series: &Series, covariates: &[(String, Vec<f64>)]) -> Names {
    let mut taken = Vec::new();
    let observed = unused(&series.name, &mut taken);
    let covariates = covariates
        .iter()
        .map(|(name, _)| unused(name, &mut taken))
        .collect();
    let time = match series.axis.calendar {
        Some(_) => "time",
        None => "t",
    };
    Names {
        time: unused(time, &mut taken),
        observed,
        covariates,
    }
}

/// The name as NetCDF allows it, with `_` behind it while it is taken.
fn unused(name: &str, taken: &mut Vec<String>) -> String {
    let mut name = name.trim().replace(['/', '\0'], "_");
    while name.is_empty() || taken.contains(&name) {
        name.push('_');
    }
    taken.push(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::TimeAxis;

    fn names(observed: &str, covariates: &[&str]) -> (String, Vec<String>, String) {
        let series = Series {
            name: observed.into(),
            values: vec![1.0],
            axis: TimeAxis::regular(1),
        };
        let columns: Vec<_> = covariates
            .iter()
            .map(|&c| (c.to_owned(), vec![1.0]))
            .collect();
        let Names {
            observed,
            covariates,
            time,
        } = of(&series, &columns);
        (observed, covariates, time)
    }

    #[test]
    fn columns_keep_their_names_where_netcdf_can_have_them() {
        let expected = ("y".into(), vec!["température".into()], "t".into());
        assert_eq!(names("y", &["température"]), expected);
        let expected = (
            "wind (m_s)".into(),
            vec!["a_b".into(), "a_b_".into()],
            "t".into(),
        );
        assert_eq!(names("wind (m/s)", &["a/b", "a_b"]), expected);
    }

    #[test]
    fn the_dimension_gives_way_to_columns() {
        let expected = ("t".into(), vec!["t_".into()], "t__".into());
        assert_eq!(names("t", &["t_"]), expected);
    }
}
