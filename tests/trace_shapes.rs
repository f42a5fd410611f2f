//! Shapes a trace may come in that no reference file has, written here.

use fanchart::series::{CalendarStep, CalendarUnit, Series};
use fanchart::trace::{Limits, Problem, ReadOptions, Trace, TraceError, Vectors};
use netcdf_writer::{
    DimensionId, NcAttrValue, NcFileBuilder, NcWriteFormat, NcWriteOptions, NcWriteType, VariableId,
};

/// A trace in the making.
struct File(NcFileBuilder);

impl File {
    fn new() -> Self {
        Self(NcFileBuilder::new())
    }

    /// Two chains of three draws: 0, 1, 2 and 10, 11, 12.
    fn with_posterior(group: &str) -> Self {
        let mut file = Self::new();
        file.posterior(group);
        file
    }

    fn posterior(&mut self, group: &str) {
        let dimensions = [
            self.dimension(&format!("{group}/chain"), 2),
            self.dimension(&format!("{group}/draw"), 3),
        ];
        let a = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];
        self.variable(&format!("{group}/a"), &dimensions, &a);
    }

    fn dimension(&mut self, path: &str, length: u64) -> DimensionId {
        self.0.add_dimension_path(path, length).unwrap()
    }

    fn variable<T: NcWriteType>(
        &mut self,
        path: &str,
        dimensions: &[DimensionId],
        values: &[T],
    ) -> VariableId {
        let variable = self.0.add_variable_path::<T>(path, dimensions).unwrap();
        self.0.write_variable(variable, values).unwrap();
        variable
    }

    fn attribute(&mut self, variable: VariableId, name: &str, value: NcAttrValue) {
        self.0
            .add_variable_attribute(variable, name, value)
            .unwrap();
    }

    fn open_with(self, options: &ReadOptions) -> Result<Trace, TraceError> {
        let options_nc4 = NcWriteOptions {
            format: NcWriteFormat::Nc4,
        };
        let (_, bytes) = self.0.to_vec(options_nc4).unwrap();
        Trace::from_bytes(bytes, options)
    }

    fn open(self) -> Trace {
        self.open_with(&ReadOptions::default()).unwrap()
    }
}

fn text(text: &str) -> NcAttrValue {
    NcAttrValue::Strings(vec![text.into()])
}

/// The series of `values` over a coordinate, with its notes.
fn observed(
    values: &[f64],
    coordinate: impl FnOnce(&mut File, DimensionId),
) -> (Option<Series>, String) {
    let mut file = File::with_posterior("posterior");
    let time = file.dimension("observed_data/time", values.len() as u64);
    file.variable("observed_data/y", &[time], values);
    coordinate(&mut file, time);
    let trace = file.open();
    (trace.observed, trace.origin.notes.join("\n"))
}

#[test]
fn one_dimension_of_samples_is_one_chain() {
    let mut file = File::new();
    let sample = file.dimension("posterior/sample", 6);
    file.variable("posterior/a", &[sample], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    // Labels that stacking leaves behind are no parameters.
    file.variable("posterior/chain", &[sample], &[0i64, 0, 0, 1, 1, 1]);
    file.variable("posterior/draw", &[sample], &[0i64, 1, 2, 0, 1, 2]);
    let trace = file.open();
    assert_eq!(
        (trace.chains(), trace.draws(), trace.parameters.len()),
        (1, 6, 1)
    );
}

#[test]
fn draws_come_first_or_last() {
    let mut file = File::new();
    let draw = file.dimension("posterior/draw", 3);
    let chain = file.dimension("posterior/chain", 2);
    file.variable(
        "posterior/a",
        &[draw, chain],
        &[0.0, 10.0, 1.0, 11.0, 2.0, 12.0],
    );
    let trace = file.open();
    let expected = ndarray::arr2(&[[0.0, 1.0, 2.0], [10.0, 11.0, 12.0]]);
    assert_eq!(trace.parameters[0].draws, expected);
}

#[test]
fn a_posterior_below_a_base_group_brings_its_neighbours() {
    let mut file = File::with_posterior("model_a/run1/posterior");
    let time = file.dimension("model_a/run1/observed_data/time", 2);
    file.variable("model_a/run1/observed_data/y", &[time], &[5.0, 6.0]);
    let trace = file.open();
    assert_eq!(trace.origin.base_group.as_deref(), Some("/model_a/run1"));
    assert_eq!(trace.observed.unwrap().values, [5.0, 6.0]);
}

#[test]
fn of_several_posteriors_one_must_be_chosen() {
    let two = || {
        let mut file = File::with_posterior("first/posterior");
        file.posterior("second/posterior");
        file
    };
    let error = two().open_with(&ReadOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "trace: several posteriors; choose one with --group: /first, /second"
    );
    for group in ["second", "/second/", "/second/posterior"] {
        let options = ReadOptions {
            group: Some(group.into()),
            ..ReadOptions::default()
        };
        let trace = two().open_with(&options).unwrap();
        assert_eq!(
            trace.origin.base_group.as_deref(),
            Some("/second"),
            "{group}"
        );
    }
    let options = ReadOptions {
        group: Some("third".into()),
        ..ReadOptions::default()
    };
    let error = two().open_with(&options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "trace: no posterior in group /third; groups that hold one: /first, /second"
    );
}

#[test]
fn packed_integers_are_unpacked_and_their_fill_is_missing() {
    let mut file = File::new();
    let dimensions = [
        file.dimension("posterior/chain", 1),
        file.dimension("posterior/draw", 3),
    ];
    let a = file.variable("posterior/a", &dimensions, &[100i16, -50, -32_768]);
    file.attribute(a, "scale_factor", NcAttrValue::Doubles(vec![0.01]));
    file.attribute(a, "add_offset", NcAttrValue::Doubles(vec![5.0]));
    file.0.set_variable_fill_value(a, -32_768i16).unwrap();
    let trace = file.open();
    let draws: Vec<f64> = trace.parameters[0].draws.iter().copied().collect();
    assert_eq!(draws[..2], [6.0, 4.5]);
    assert!(draws[2].is_nan());
}

#[test]
fn a_posterior_without_draws_is_refused() {
    let mut file = File::new();
    let chain = file.dimension("posterior/chain", 2);
    file.variable("posterior/a", &[chain], &[1.0, 2.0]);
    let error = file.open_with(&ReadOptions::default()).unwrap_err();
    assert!(
        matches!(error.problem, Problem::NoParameters { .. }),
        "{error}"
    );
    assert!(error.to_string().ends_with("its variables: a[chain]"));
}

#[test]
fn statistics_of_another_shape_are_left_out_with_a_note() {
    let mut file = File::with_posterior("posterior");
    let dimensions = [
        file.dimension("sample_stats/chain", 1),
        file.dimension("sample_stats/draw", 3),
    ];
    file.variable("sample_stats/energy", &dimensions, &[1.0, 2.0, 3.0]);
    file.variable("sample_stats/diverging", &dimensions[1..], &[1i8, 0, 1]);
    let trace = file.open();
    assert!(trace.sampler.energy.is_none() && trace.sampler.diverging.is_none());
    assert!(trace.origin.notes.contains(
        &"/sample_stats/energy is left out: it is not one number for each of 2 × 3 draws".into()
    ));
}

#[test]
fn a_model_keeps_its_lines() {
    let mut file = File::with_posterior("posterior");
    let model = "[parameters]\nslope = \"normal(0, 1)\"\n";
    file.0
        .add_group_attribute("posterior", "fanchart_model", text(model))
        .unwrap();
    file.0
        .add_group_attribute("posterior", "inference_library", text("py\nmc"))
        .unwrap();
    let origin = file.open().origin;
    assert_eq!(origin.model.as_deref(), Some(model));
    assert_eq!(origin.inference_library.as_deref(), Some("py\\u{a}mc"));
}

#[test]
fn times_come_from_a_numeric_coordinate() {
    let (series, _) = observed(&[1.0, f64::NAN, 3.0], |file, time| {
        file.variable("observed_data/time", &[time], &[10.0, 10.5, 11.5]);
    });
    let series = series.unwrap();
    assert_eq!((series.axis.origin, series.axis.step), (10.0, 0.5));
    assert_eq!(series.axis.positions, [0.0, 1.0, 3.0]);
    assert!(series.values[1].is_nan(), "a gap stays a gap");
}

#[test]
fn dates_count_steps() {
    let (series, notes) = observed(&[1.0, 2.0, 3.0], |file, time| {
        let dates = file.variable("observed_data/time", &[time], &[0i64, 31, 60]);
        file.attribute(dates, "units", text("days since 2024-01-01 00:00:00"));
        file.attribute(dates, "calendar", text("proleptic_gregorian"));
    });
    let axis = series.unwrap().axis;
    let monthly = CalendarStep {
        unit: CalendarUnit::Month,
        count: 1,
    };
    assert_eq!(axis.calendar.unwrap().step, monthly);
    assert_eq!((axis.origin, axis.step), (0.0, 1.0));
    assert!(!notes.contains("regular"), "{notes}");
}

#[test]
fn dates_may_be_text() {
    let (series, _) = observed(&[1.0, 2.0, 3.0, 4.0], |file, time| {
        let path = "observed_data/time";
        let labels = file.0.add_string_variable_path(path, &[time]).unwrap();
        file.0
            .write_string_variable(
                labels,
                &["2024-01-01", "2024-01-08", "2024-01-22", "2024-01-29"],
            )
            .unwrap();
    });
    let axis = series.unwrap().axis;
    let weekly = CalendarStep {
        unit: CalendarUnit::Week,
        count: 1,
    };
    assert_eq!(axis.calendar.unwrap().step, weekly);
    assert_eq!(axis.positions, [0.0, 1.0, 3.0, 4.0]);
}

#[test]
fn irregular_dates_go_by_row_with_a_note() {
    let (series, notes) = observed(&[1.0, 2.0, 3.0, 4.0], |file, time| {
        let dates = file.variable("observed_data/time", &[time], &[0i64, 3, 6, 7]);
        file.attribute(dates, "units", text("days since 2024-01-01"));
    });
    assert_eq!(series.unwrap().axis.positions, [0.0, 1.0, 2.0, 3.0]);
    assert!(notes.contains("the dates keep no regular step"), "{notes}");
}

#[test]
fn without_a_coordinate_time_is_what_the_model_was_given() {
    let given = |file: &mut File| {
        let t = file.dimension("constant_data/t_dim_0", 3);
        file.variable("constant_data/t", &[t], &[100.0, 101.0, 102.0]);
    };
    let (series, _) = observed(&[1.0, 2.0, 3.0], |file, _| given(file));
    assert_eq!(series.unwrap().axis.origin, 100.0);

    // A coordinate of its own says more than that.
    let (series, _) = observed(&[1.0, 2.0, 3.0], |file, time| {
        given(file);
        file.variable("observed_data/time", &[time], &[7i64, 8, 9]);
    });
    assert_eq!(series.unwrap().axis.origin, 7.0);
}

#[test]
fn times_that_fall_cost_the_series_and_not_the_trace() {
    let (series, notes) = observed(&[1.0, 2.0, 3.0], |file, time| {
        file.variable("observed_data/time", &[time], &[0.0, 2.0, 1.0]);
    });
    assert_eq!(series, None);
    assert!(
        notes.ends_with(
            "observed variable y cannot be used: its times do not rise from row to row; \
             give the series with --data"
        ),
        "{notes}"
    );
}

#[test]
fn of_several_series_one_must_be_chosen() {
    let two = || {
        let mut file = File::with_posterior("posterior");
        let rows = file.dimension("observed_data/obs_dim_0", 2);
        let columns = file.dimension("observed_data/obs_dim_1", 2);
        file.variable("observed_data/y", &[rows], &[1.0, 2.0]);
        file.variable("observed_data/z", &[rows, columns], &[1.0, 2.0, 3.0, 4.0]);
        file
    };
    let choose = |name: &str| {
        let observed = Some(name.to_owned());
        two().open_with(&ReadOptions {
            observed,
            ..ReadOptions::default()
        })
    };
    let trace = two().open();
    assert_eq!(trace.observed, None);
    let note = "several observed series: choose one with --observed: y, z";
    assert!(
        trace.origin.notes.iter().any(|n| n == note),
        "{:?}",
        trace.origin.notes
    );

    assert_eq!(choose("y").unwrap().observed.unwrap().values, [1.0, 2.0]);
    assert_eq!(
        choose("z").unwrap_err().to_string(),
        "trace: observed variable z cannot be used: it has 2 dimensions, not one; \
         give the series with --data"
    );
    assert_eq!(
        choose("x").unwrap_err().to_string(),
        "trace: no observed variable \"x\"; the file has: y, z"
    );
}

#[test]
fn elements_of_vectors_are_read_where_asked_for_in_any_order_of_dimensions() {
    let file = || {
        let mut file = File::new();
        let row = file.dimension("posterior/row", 2);
        let draw = file.dimension("posterior/draw", 3);
        let column = file.dimension("posterior/column", 2);
        let chain = file.dimension("posterior/chain", 2);
        // Its digits: row, draw, column, chain.
        let values: Vec<f64> = (0..24)
            .map(|i| f64::from(i / 12 * 1000 + i / 4 % 3 * 100 + i / 2 % 2 * 10 + i % 2))
            .collect();
        file.variable("posterior/mu", &[row, draw, column, chain], &values);
        file
    };
    let read = |vectors| {
        let options = ReadOptions {
            vectors,
            ..ReadOptions::default()
        };
        file().open_with(&options)
    };
    let trace = read(Vectors::All).unwrap();
    assert_eq!((trace.chains(), trace.draws()), (2, 3));
    let names: Vec<&str> = trace
        .scalars_and_elements()
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(names, ["mu[0,0]", "mu[0,1]", "mu[1,0]", "mu[1,1]"]);
    let expected = ndarray::arr2(&[[1010.0, 1110.0, 1210.0], [1011.0, 1111.0, 1211.0]]);
    assert_eq!(trace.vectors[0].elements[3].draws, expected);

    let one = read(Vectors::Of(vec!["mu[1,0]".into()])).unwrap();
    assert_eq!(one.vectors[0].elements.len(), 1);
    // A posterior of vectors alone cannot be opened without them.
    let error = read(Vectors::Named).unwrap_err();
    assert!(
        matches!(
            error.problem,
            Problem::NoParameters {
                has_vectors: true,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_vector_of_too_many_elements_is_refused_before_it_is_read() {
    let mut file = File::with_posterior("posterior");
    let dimensions = [
        file.dimension("posterior/sample", 2),
        file.dimension("posterior/place", 7),
    ];
    file.variable("posterior/x", &dimensions, &[0.0; 14]);
    let options = ReadOptions {
        vectors: Vectors::All,
        limits: Limits {
            vector_elements: 6,
            ..Limits::default()
        },
        ..ReadOptions::default()
    };
    // Of another number of draws than the rest: left out.
    let trace = file.open_with(&options).unwrap();
    assert!(trace.vectors[0].elements.is_empty());
    assert!(trace.origin.notes[0].contains("left out"));

    let mut file = File::new();
    let dimensions = [
        file.dimension("posterior/sample", 2),
        file.dimension("posterior/place", 7),
    ];
    file.variable("posterior/x", &dimensions, &[0.0; 14]);
    let error = file.open_with(&options).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("/posterior/x has 7 elements, more than the 6"),
        "{error}"
    );
}
