//! What a sampling gives, shows while it runs, and says when it cannot be had.

use std::path::Path;

use fanchart::model::Model;
use fanchart::sampler::{Options, Progress, SampleError, sample};
use fanchart::series::{Series, Table, TimeAxis};

fn demo() -> Series {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/data.csv");
    Table::from_csv_path(&path).unwrap().series
}

fn built_in(name: &str) -> Model {
    Model::built_in(name).unwrap()
}

#[test]
fn a_sampling_is_complete() {
    let options = Options {
        chains: 3,
        tune: 200,
        draws: 150,
        seed: 1,
    };
    let sampled = sample(&built_in("sine"), &demo(), &options, &Progress::default()).unwrap();
    let trace = &sampled.trace;
    assert_eq!((trace.chains(), trace.draws()), (3, 150));
    let names: Vec<&str> = trace.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        ["intercept", "slope", "amplitude", "period", "sigma"]
    );
    assert_eq!(trace.observed, Some(demo()));
    assert_eq!(trace.origin.inference_library.as_deref(), Some("fanchart"));
    assert_eq!(
        trace.origin.model.as_deref(),
        Some(built_in("sine").source())
    );
    assert_eq!((sampled.tuning_steps, sampled.stopped), (200, false));
    assert_eq!(sampled.modes[0].chains, 3);
    assert!((sampled.modes[0].weight - 1.0).abs() < 1e-6);

    let stats = &trace.sampler;
    let depth = stats.tree_depth.as_ref().unwrap();
    let energy = stats.energy.as_ref().unwrap();
    let log_density = stats.log_density.as_ref().unwrap();
    let acceptance = stats.acceptance_rate.as_ref().unwrap();
    for place in ndarray::indices((3, 150)) {
        // A tree of depth d has 2^d points, the first of which costs nothing; the last doubling
        // may be broken off.
        let steps = sampled.n_steps[place];
        assert!((1.0..2.0_f64.powf(depth[place] + 1.0)).contains(&steps));
        assert!((0.05..3.2).contains(&sampled.step_size[place]));
        // Kinetic energy is positive.
        assert!(energy[place] > -log_density[place]);
        assert!((0.0..=1.0).contains(&acceptance[place]));
    }
    assert!((0.7..0.95).contains(&acceptance.mean().unwrap()));
}

#[test]
fn the_same_seed_gives_the_same_draws_on_any_number_of_cores() {
    let options = Options {
        tune: 100,
        draws: 100,
        seed: 7,
        ..Options::default()
    };
    let on_cores = |cores: usize, options: &Options| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores);
        let model = built_in("seasonal");
        let sampled = pool
            .build()
            .unwrap()
            .install(|| sample(&model, &demo(), options, &Progress::default()).unwrap());
        let parameters = sampled.trace.parameters.into_iter();
        let draws: Vec<_> = parameters.map(|parameter| parameter.draws).collect();
        (draws, sampled.modes, sampled.step_size)
    };
    let once = on_cores(1, &options);
    assert_eq!(once, on_cores(3, &options));
    let other = Options { seed: 8, ..options };
    assert_ne!(once.0, on_cores(1, &other).0);
}

#[test]
fn told_to_stop_all_chains_keep_equally_many_draws() {
    let progress = Progress::default();
    let options = Options {
        chains: 3,
        tune: 50,
        draws: 10_000_000,
        seed: 0,
    };
    let sampled = std::thread::scope(|scope| {
        let sampling = scope.spawn(|| sample(&built_in("sine"), &demo(), &options, &progress));
        while progress
            .draws_so_far()
            .first()
            .is_none_or(|p| p.draws.ncols() < 120)
        {
            assert!(!sampling.is_finished());
            std::thread::yield_now();
        }
        progress.stop();
        sampling.join().unwrap().unwrap()
    });
    assert!(sampled.stopped);
    assert!(sampled.trace.draws() >= 120);
    let shape = (3, sampled.trace.draws());
    assert!(
        sampled
            .trace
            .parameters
            .iter()
            .all(|p| p.draws.dim() == shape)
    );
    assert_eq!(sampled.n_steps.dim(), shape);
    let seen = progress.snapshot();
    assert!(
        seen.iter()
            .all(|chain| chain.tuned == 50 && chain.kept >= shape.1)
    );
}

#[test]
fn stopped_too_early_there_is_nothing() {
    let progress = Progress::default();
    progress.stop();
    let stopped = sample(&built_in("sine"), &demo(), &Options::default(), &progress);
    assert_eq!(
        stopped.unwrap_err(),
        SampleError::Stopped {
            kept: 0,
            least: 100
        }
    );
}

#[test]
fn what_cannot_be_sampled_is_an_error_with_a_next_step() {
    let message = |model: &Model, values: Vec<f64>, options: &Options| {
        let series = Series {
            name: "y".into(),
            axis: TimeAxis::regular(values.len()),
            values,
        };
        let sampled = sample(model, &series, options, &Progress::default());
        sampled.unwrap_err().to_string()
    };
    let options = Options::default();
    let none = Options {
        chains: 0,
        ..Options::default()
    };
    let many = Options {
        chains: 100_000,
        ..Options::default()
    };
    let two = || vec![1.0, 2.0];
    assert!(message(&built_in("sine"), two(), &none).contains("number of chains is 0"));
    assert!(message(&built_in("sine"), two(), &many).contains("at most 256"));
    for values in [
        vec![1.0; 50],
        (0..50).map(|t| 2.0 + 0.5 * f64::from(t)).collect(),
    ] {
        let found = message(&built_in("sine"), values, &options);
        assert!(
            found.contains("passes through every observation"),
            "{found}"
        );
    }
    let nowhere = Model::parse(
        "mean = 'log(-1 - a * a)'\nlikelihood = 'Normal(mean, 1)'\n[priors]\na = 'Normal(0, 1)'",
        "nowhere",
    )
    .unwrap();
    let found = message(&nowhere, vec![1.0, 2.0], &options);
    assert!(found.contains("no finite density"), "{found}");
}
