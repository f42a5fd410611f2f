//! What is written is read back: by this program's own reader, number for number.

use std::path::Path;

use fanchart::model::Model;
use fanchart::output::OutputError;
use fanchart::series::{Calendar, CalendarStep, CalendarUnit, Series, Table, TimeAxis};
use fanchart::trace::{
    Parameter, ReadOptions, Run, SamplerStats, Trace, WriteError, to_bytes, write,
};
use hdf5_reader::Hdf5File;
use jiff::Timestamp;
use jiff::civil::datetime;
use ndarray::Array2;
use proptest::prelude::*;

fn run(shape: (usize, usize)) -> Run {
    Run {
        n_steps: Array2::from_shape_fn(shape, |(chain, draw)| (1 + chain + draw) as f64),
        step_size: Array2::from_elem(shape, 0.25),
        sampling_time: 1.5,
        tuning_steps: 1000,
        created_at: Timestamp::UNIX_EPOCH,
        log_likelihood: None,
    }
}

/// Two chains of three draws of one parameter, for a series of these values.
fn small(name: &str, values: &[f64], axis: TimeAxis) -> Trace {
    Trace {
        parameters: vec![Parameter {
            name: "b".into(),
            draws: ndarray::arr2(&[[0.1, 0.2, 0.3], [-1e300, f64::MIN_POSITIVE, 0.6]]),
        }],
        vectors: Vec::new(),
        sampler: SamplerStats::default(),
        observed: Some(Series {
            name: name.into(),
            values: values.to_vec(),
            axis,
        }),
        table: None,
        origin: Default::default(),
    }
}

fn read(bytes: Vec<u8>) -> Trace {
    Trace::from_bytes(bytes, &ReadOptions::default()).expect("a trace")
}

fn written(trace: &Trace, run: &Run) -> Trace {
    read(to_bytes(trace, run).expect("written"))
}

fn read_back(axis: TimeAxis) -> TimeAxis {
    let trace = small("y", &vec![1.0; axis.len()], axis);
    let observed = written(&trace, &run((2, 3))).observed;
    observed.expect("a series").axis
}

#[test]
fn a_trace_comes_back_as_it_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/stuck-chain.nc");
    let mut trace = Trace::open(&path, &ReadOptions::default()).expect("a trace");
    let model = Model::built_in("sine").expect("built in");
    trace.origin.model = Some(model.source().to_owned());
    // Written in the order they are in here, which is not that of the alphabet.
    trace.parameters.reverse();

    let back = written(&trace, &run((trace.chains(), trace.draws())));
    assert_eq!(back.parameters.len(), trace.parameters.len());
    for (back, parameter) in back.parameters.iter().zip(&trace.parameters) {
        assert_eq!(back.name, parameter.name);
        assert_eq!(back.draws, parameter.draws);
    }
    assert!(trace.sampler.energy.is_some() && trace.n_divergences() > Some(0));
    assert_eq!(back.sampler.diverging, trace.sampler.diverging);
    assert_eq!(back.sampler.tree_depth, trace.sampler.tree_depth);
    assert_eq!(
        back.sampler.reached_max_tree_depth,
        trace.sampler.reached_max_tree_depth
    );
    assert_eq!(back.sampler.acceptance_rate, trace.sampler.acceptance_rate);
    assert_eq!(back.sampler.log_density, trace.sampler.log_density);
    assert_eq!(back.sampler.energy, trace.sampler.energy);
    assert_eq!(back.observed, trace.observed);
    assert_eq!(back.origin.model.as_deref(), Some(model.source()));
    assert_eq!(back.origin.inference_library.as_deref(), Some("fanchart"));
    assert_eq!(
        back.origin.created_at.as_deref(),
        Some("1970-01-01T00:00:00Z")
    );
    assert!(back.origin.notes.is_empty(), "{:?}", back.origin.notes);
}

#[test]
fn gaps_stay_gaps_and_have_no_likelihood() {
    let values = [1.0, f64::NAN, 3.0];
    let trace = small("y", &values, TimeAxis::regular(3));
    let log_likelihood = Array2::from_shape_fn((6, 2), |(draw, row)| (10 * draw + row) as f64);
    let run = Run {
        log_likelihood: Some(log_likelihood),
        ..run((2, 3))
    };
    let bytes = to_bytes(&trace, &run).expect("written");

    let file = Hdf5File::from_bytes(&bytes).expect("HDF5");
    let group = file.root_group().expect("a root").group("log_likelihood");
    let group = group.expect("a group");
    let numbers = |name: &str| {
        let dataset = group.dataset(name).expect("there");
        let values = dataset.read_array::<f64>().expect("numbers");
        (
            dataset.shape().to_vec(),
            values.iter().copied().collect::<Vec<f64>>(),
        )
    };
    let (shape, likelihood) = numbers("y");
    assert_eq!(shape, [2, 3, 2]);
    let expected: Vec<f64> = (0..6)
        .flat_map(|d| [10.0 * f64::from(d), 10.0 * f64::from(d) + 1.0])
        .collect();
    assert_eq!(likelihood, expected);
    let rows = group
        .dataset("t")
        .expect("there")
        .read_array::<i64>()
        .expect("numbers");
    assert_eq!(rows.iter().copied().collect::<Vec<i64>>(), [0, 2]);

    let observed = read(bytes).observed.expect("a series");
    assert_eq!(observed.values[0], 1.0);
    assert!(observed.values[1].is_nan());
    assert_eq!(observed.axis, TimeAxis::regular(3));
}

#[test]
fn every_row_may_be_a_gap() {
    let trace = small("y", &[f64::NAN; 2], TimeAxis::regular(2));
    let run = Run {
        log_likelihood: Some(Array2::zeros((6, 0))),
        ..run((2, 3))
    };
    let observed = written(&trace, &run).observed.expect("a series");
    assert!(observed.values.iter().all(|value| value.is_nan()));
}

#[test]
fn columns_of_any_name_are_kept_apart() {
    let mut trace = small("t", &[1.0, 2.0], TimeAxis::regular(2));
    trace.table = Some(Table {
        series: trace.observed.clone().expect("a series"),
        covariates: vec![
            ("wind (m/s)".to_owned(), vec![3.0, f64::NAN]),
            ("日".to_owned(), vec![5.0, 6.0]),
        ],
    });
    let bytes = to_bytes(&trace, &run((2, 3))).expect("written");
    let file = Hdf5File::from_bytes(&bytes).expect("HDF5");
    let group = file.root_group().expect("a root").group("constant_data");
    let names: Vec<String> = group
        .and_then(|group| group.datasets())
        .expect("a group")
        .iter()
        .map(|dataset| dataset.name().to_owned())
        .collect();
    assert_eq!(names, ["t_", "wind (m_s)", "日"]);
    let observed = read(bytes).observed.expect("a series");
    assert_eq!((&*observed.name, observed.values), ("t", vec![1.0, 2.0]));
}

#[test]
fn columns_come_back_with_the_rows_ahead() {
    for calendar in [
        None,
        Some(Calendar {
            start: datetime(2024, 1, 31, 0, 0, 0, 0),
            step: CalendarStep {
                unit: CalendarUnit::Month,
                count: 1,
            },
        }),
    ] {
        let axis = TimeAxis {
            calendar,
            ..TimeAxis::regular(3)
        };
        let mut trace = small("y", &[1.0, f64::NAN, 3.0], axis);
        let mut series = trace.observed.clone().expect("a series");
        series.axis.positions.extend([3.0, 5.0]);
        series.values.extend([f64::NAN; 2]);
        let warm = vec![20.0, 21.0, 22.0, 23.0, 25.0];
        trace.table = Some(Table {
            series,
            covariates: vec![("warm".to_owned(), warm.clone())],
        });
        let back = written(&trace, &run((2, 3)));
        assert!(back.origin.notes.is_empty(), "{:?}", back.origin.notes);
        let table = back.table.expect("columns");
        assert_eq!(table.covariates, [("warm".to_owned(), warm)]);
        assert_eq!(table.series.axis.positions, [0.0, 1.0, 2.0, 3.0, 5.0]);
        let observed = back.observed.expect("a series");
        assert_eq!(observed.axis.positions, [0.0, 1.0, 2.0]);
    }
}

#[test]
fn names_that_readers_keep_for_themselves_are_refused() {
    for name in ["chain", "draw", "sample", "sigma_log__"] {
        let mut trace = small("y", &[1.0], TimeAxis::regular(1));
        trace.parameters[0].name = name.into();
        let error = to_bytes(&trace, &run((2, 3))).expect_err("refused");
        assert!(matches!(&error, WriteError::ReservedName(found) if found == name));
    }
}

#[test]
fn arrays_that_do_not_belong_together_are_an_error() {
    let trace = small("y", &[1.0], TimeAxis::regular(1));
    let error = to_bytes(&trace, &run((2, 4))).expect_err("refused");
    assert!(matches!(error, WriteError::Format(_)), "{error}");
    let mut nothing = trace;
    nothing.parameters.clear();
    let error = to_bytes(&nothing, &run((0, 0))).expect_err("refused");
    assert!(matches!(error, WriteError::NoDraws { .. }), "{error}");
}

#[test]
fn a_file_is_replaced_in_one_step_or_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.nc");
    let trace = small("y", &[1.0], TimeAxis::regular(1));
    for _ in 0..2 {
        write(&trace, &run((2, 3)), &path).expect("written");
        Trace::open(&path, &ReadOptions::default()).expect("a trace");
    }
    let before = std::fs::read(&path).expect("readable");
    write(&trace, &run((2, 4)), &path).expect_err("shapes differ");
    assert_eq!(std::fs::read(&path).expect("readable"), before);
    let entries = std::fs::read_dir(folder.path()).expect("a folder");
    assert_eq!(entries.count(), 1, "no part is left");

    let missing = folder.path().join("no/trace.nc");
    let error = write(&trace, &run((2, 3)), &missing).expect_err("no folder");
    assert!(matches!(
        error,
        WriteError::Output(OutputError::NoFolder { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn dates_come_back(
        unit in prop::sample::select(vec![
            CalendarUnit::Second, CalendarUnit::Minute, CalendarUnit::Hour, CalendarUnit::Day,
            CalendarUnit::Week, CalendarUnit::Month, CalendarUnit::Quarter, CalendarUnit::Year,
        ]),
        count in 1_u32..9,
        seconds in 0_i64..3_000_000_000,
        whole_days in any::<bool>(),
        n in 2_usize..40,
    ) {
        let start = datetime(1970, 1, 1, 0, 0, 0, 0)
            .checked_add(jiff::SignedDuration::from_secs(if whole_days { seconds / 86_400 * 86_400 } else { seconds }))
            .expect("a date");
        let calendar = Calendar { start, step: CalendarStep { unit, count } };
        let dates: Vec<_> = (0..n).map(|i| calendar.date(i as f64).expect("a date")).collect();
        // As a series of these dates has it: 12 months are a year.
        let (calendar, _) = Calendar::infer(&dates).expect("regular");
        let axis = TimeAxis { calendar: Some(calendar), ..TimeAxis::regular(n) };
        prop_assert_eq!(read_back(axis.clone()), axis);
    }

    #[test]
    fn times_come_back(
        origin in -1000_i32..1000,
        step in prop::sample::select(vec![1.0, 7.0, 0.25, 0.1, 1.0 / 12.0, 86_400.0]),
        left_out in prop::collection::btree_set(1_u32..59, 0..10),
    ) {
        let t: Vec<f64> = (0..60)
            .filter(|position| !left_out.contains(position))
            .map(|position| f64::from(origin) + step * f64::from(position))
            .collect();
        let axis = TimeAxis::from_t(&t).expect("a grid");
        let back = read_back(axis.clone());
        prop_assert_eq!(&back.positions, &axis.positions);
        for &position in &axis.positions {
            let (t, back) = (axis.t(position), back.t(position));
            prop_assert!((t - back).abs() <= 1e-12 * (1.0 + t.abs()), "{} is not {}", back, t);
        }
    }
}
