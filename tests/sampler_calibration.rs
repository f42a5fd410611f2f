//! Simulation-based calibration: for parameters drawn from the prior and data drawn from the
//! parameters, the rank of the parameter among its posterior draws is uniform.
//!
//! Talts, Betancourt, Simpson, Vehtari and Gelman, "Validating Bayesian Inference Algorithms with
//! Simulation-Based Calibration" (2018). Ignored by default; in release it takes minutes:
//! `cargo test --release --test sampler_calibration -- --ignored --nocapture`.

use fanchart::model::{LogDensity, Model, Scratch};
use fanchart::sampler::{Options, Progress, sample};
use fanchart::series::{Series, TimeAxis};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use rayon::prelude::*;
use statrs::function::gamma::gamma_ur;

const DATA_SETS: u64 = 1000;
const ROWS: usize = 120;

/// Ranks are among 99 draws, each ten apart in its chain.
const KEPT: usize = 99;
const THIN: usize = 10;
const BINS: usize = 20;

#[test]
#[ignore = "minutes; cargo test --release --test sampler_calibration -- --ignored, figures in src/sampler/mod.rs"]
fn sine_is_calibrated() {
    check("sine", Model::built_in("sine").unwrap().source());
}

#[test]
#[ignore = "minutes; cargo test --release --test sampler_calibration -- --ignored, figures in src/sampler/mod.rs"]
fn seasonal_is_calibrated() {
    // What the priors know of the data is fixed: else they are no priors.
    let source = Model::built_in("seasonal").unwrap().source().to_owned();
    let source = source.replace("mean_y", "10").replace("sd_y", "2");
    check("seasonal", &source);
}

#[test]
#[ignore = "minutes; cargo test --release --test sampler_calibration -- --ignored, figures in src/sampler/mod.rs"]
fn counts_are_calibrated() {
    check(
        "counts",
        "mean = 'level + rise * t + wave * sin(2 * pi * t / period)'\n\
         likelihood = 'NegativeBinomial(exp(mean), alpha)'\n[priors]\nlevel = 'Normal(2, 0.5)'\n\
         rise = 'Normal(0, 0.005)'\nwave = 'HalfNormal(0.5)'\nperiod = 'Normal(7, 0.5)'\n\
         alpha = 'Gamma(3, 0.3)'",
    );
}

fn check(name: &str, source: &str) {
    let model = Model::parse(source, name).unwrap();
    let ranks: Vec<Vec<usize>> = (0..DATA_SETS)
        .into_par_iter()
        .map(|seed| ranks(&model, seed))
        .collect();
    let names: Vec<&str> = model.parameters().iter().map(|p| p.name.as_str()).collect();
    let mut least = 1.0_f64;
    for (parameter, known_as) in names.iter().enumerate() {
        let mut bins = [0.0; BINS];
        for ranks in &ranks {
            bins[ranks[parameter] * BINS / (KEPT + 1)] += 1.0;
        }
        let expected = DATA_SETS as f64 / BINS as f64;
        let distance: f64 = bins.iter().map(|n| (n - expected).powi(2) / expected).sum();
        let p = gamma_ur(0.5 * (BINS - 1) as f64, 0.5 * distance);
        println!(
            "{name}, {known_as}: chi-square {distance:.1} on {} df, p {p:.3}",
            BINS - 1
        );
        least = least.min(p);
    }
    // Bonferroni's correction of a level of 1 %.
    assert!(least > 0.01 / names.len() as f64, "{name}: p {least}");
}

/// The rank of each parameter that a data set was made from.
fn ranks(model: &Model, seed: u64) -> Vec<usize> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let names: Vec<&str> = model.parameters().iter().map(|p| p.name.as_str()).collect();
    let axis = TimeAxis::regular(ROWS);
    let series = |values| Series {
        name: "y".into(),
        values,
        axis: axis.clone(),
    };
    let of_prior = LogDensity::new(model, &series(vec![1.0; ROWS])).unwrap();
    let truth = of_prior.draw_prior(&mut rng);
    let columns: Vec<&[f64]> = truth.iter().map(std::slice::from_ref).collect();
    let bound = model.bind(&names).unwrap();
    let mut scratch = Scratch::default();
    let values = (0..ROWS).map(|t| {
        let arguments = bound.arguments(&columns, t as f64, &mut scratch);
        arguments.sample(&mut rng)[0]
    });
    let series = series(values.collect());

    let options = Options {
        chains: 3,
        tune: 500,
        draws: KEPT / 3 * THIN,
        seed,
    };
    let sampled = sample(model, &series, &options, &Progress::default()).unwrap();
    let below = |(parameter, truth): (&fanchart::trace::Parameter, &f64)| {
        let thinned = parameter.draws.columns().into_iter().step_by(THIN);
        thinned.flatten().filter(|draw| *draw < truth).count()
    };
    sampled
        .trace
        .parameters
        .iter()
        .zip(&truth)
        .map(below)
        .collect()
}
