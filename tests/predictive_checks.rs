//! What the predictive checks find in simulated data: nothing where the model is right, and each
//! flaw by the check that is for it.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use fanchart::diagnostics::{
    Check, PredictiveEvidence, Status, Thresholds, predictive_checks, predictive_evidence,
};
use fanchart::forecast::Fit;
use fanchart::model::Model;
use fanchart::series::{Series, TimeAxis};
use fanchart::trace::{Origin, Parameter, SamplerStats, Trace};
use ndarray::Array2;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use rand_distr::{ChiSquared, Distribution, StandardNormal, StudentT};

const DAYS: usize = 365;
/// Draws of the simulated posterior, in two chains.
const DRAWS: usize = 400;

fn normal(rng: &mut impl Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// `fanchart simulate`'s series with noise of one's own.
fn series(noise: impl FnMut(usize) -> f64) -> Vec<f64> {
    let mean = |t: f64| 10.0 + 0.05 * t + 3.0 * (2.0 * PI * t / 7.0).sin();
    let values = (0..DAYS).map(|t| mean(t as f64)).zip((0..DAYS).map(noise));
    values.map(|(mean, noise)| mean + noise).collect()
}

/// The sine model fitted by least squares, with draws of the normal approximation around it:
/// for so many days next to the posterior, at a thousandth of the cost.
fn fit(values: Vec<f64>, rng: &mut Xoshiro256PlusPlus) -> Fit {
    let mut at = [10.0, 0.05, 3.0, 7.0];
    let mut system = Normal::default();
    // Gauss-Newton; two steps from the truth are enough.
    for _ in 0..6 {
        system = Normal::default();
        for (t, y) in values.iter().enumerate() {
            let (t, angle) = (t as f64, 2.0 * PI * t as f64 / at[3]);
            let residual = y - at[0] - at[1] * t - at[2] * angle.sin();
            let gradient = [1.0, t, angle.sin(), -at[2] * angle * angle.cos() / at[3]];
            system.add(gradient, residual);
        }
        let step = system.solve();
        (0..4).for_each(|i| at[i] += step[i]);
    }
    let freedom = (values.len() - 4) as f64;
    let columns: Vec<[f64; 5]> = (0..DRAWS)
        .map(|_| {
            let chi: f64 = ChiSquared::new(freedom).expect("positive").sample(rng);
            let sigma = (system.squares / chi).sqrt();
            let z = [(); 4].map(|()| normal(rng));
            let off = system.spread(z);
            [
                at[0] + sigma * off[0],
                at[1] + sigma * off[1],
                at[2] + sigma * off[2],
                at[3] + sigma * off[3],
                sigma,
            ]
        })
        .collect();
    let names = ["intercept", "slope", "amplitude", "period", "sigma"];
    let parameters = (0..5).map(|p| Parameter {
        name: names[p].into(),
        draws: Array2::from_shape_fn((2, DRAWS / 2), |(c, i)| columns[c * DRAWS / 2 + i][p]),
    });
    let trace = Trace {
        parameters: parameters.collect(),
        vectors: Vec::new(),
        sampler: SamplerStats::default(),
        observed: None,
        table: None,
        origin: Origin::default(),
    };
    let series = Series {
        name: "y".into(),
        axis: TimeAxis::regular(values.len()),
        values,
    };
    Fit::assemble(
        trace,
        Some(Model::load("sine").expect("built in")),
        Some(series),
    )
    .expect("a fit")
}

/// Normal equations of four coefficients.
#[derive(Default, Clone, Copy)]
struct Normal {
    matrix: [[f64; 4]; 4],
    right: [f64; 4],
    squares: f64,
}

impl Normal {
    fn add(&mut self, gradient: [f64; 4], residual: f64) {
        for i in 0..4 {
            for j in 0..4 {
                self.matrix[i][j] += gradient[i] * gradient[j];
            }
            self.right[i] += gradient[i] * residual;
        }
        self.squares += residual * residual;
    }

    /// Cholesky factor, lower.
    fn factor(&self) -> [[f64; 4]; 4] {
        let mut l = [[0.0f64; 4]; 4];
        for i in 0..4 {
            for j in 0..=i {
                let sum: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
                let rest = self.matrix[i][j] - sum;
                l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
            }
        }
        l
    }

    fn solve(&self) -> [f64; 4] {
        let l = self.factor();
        let mut y = [0.0; 4];
        for i in 0..4 {
            let sum: f64 = (0..i).map(|k| l[i][k] * y[k]).sum();
            y[i] = (self.right[i] - sum) / l[i][i];
        }
        self.spread(y)
    }

    /// Standard normal numbers turned into ones with the inverse of the matrix as covariance.
    fn spread(&self, z: [f64; 4]) -> [f64; 4] {
        let l = self.factor();
        let mut x = [0.0; 4];
        for i in (0..4).rev() {
            let sum: f64 = (i + 1..4).map(|k| l[k][i] * x[k]).sum();
            x[i] = (z[i] - sum) / l[i][i];
        }
        x
    }
}

/// The checks of a fit to a series with such noise.
fn checks(seed: u64, noise: impl FnOnce(&mut Xoshiro256PlusPlus) -> Vec<f64>) -> Vec<Check> {
    evidence(seed, noise).0
}

fn evidence(
    seed: u64,
    noise: impl FnOnce(&mut Xoshiro256PlusPlus) -> Vec<f64>,
) -> (Vec<Check>, PredictiveEvidence) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let noise = noise(&mut rng);
    let fit = fit(series(|t| noise[t]), &mut rng);
    predictive_evidence(&fit, &Thresholds::default(), seed)
}

fn white(rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    (0..DAYS).map(|_| normal(rng)).collect()
}

/// How many of the checks warned, of so many data sets.
fn warnings(
    sets: u64,
    noise: impl Fn(&mut Xoshiro256PlusPlus) -> Vec<f64>,
) -> BTreeMap<&'static str, u64> {
    let mut warned = BTreeMap::new();
    for seed in 0..sets {
        for check in checks(seed, &noise) {
            *warned.entry(check.name).or_default() += u64::from(check.status == Status::Warn);
        }
    }
    warned
}

#[test]
fn a_model_that_is_right_is_seldom_warned_about() {
    // Measured: residuals 1 and the others 0 of these 200; of 1000 residuals 14, extremes 6,
    // influence 3, spread 1.
    let warned = warnings(200, white);
    assert_eq!(warned.len(), 4);
    // One in a hundred each is what the thresholds promise; eight of 200 would be four standard
    // deviations over it.
    assert!(warned.values().all(|&count| count < 8), "{warned:?}");
}

/// A cycle of 12 days with the amplitude of the noise.
fn second_cycle(rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let noise = white(rng).into_iter().enumerate();
    let cycle = |t: usize| (2.0 * PI * t as f64 / 12.0).sin();
    noise.map(|(t, noise)| noise + cycle(t)).collect()
}

#[test]
fn a_cycle_that_is_missed_shows_as_its_length() {
    assert_eq!(warnings(20, second_cycle)["residuals"], 20);
    let checks = checks(0, second_cycle);
    let found = checks.iter().find(|c| c.name == "residuals");
    let found = found.expect("a check");
    assert_eq!(found.headline, "the model misses structure at lag 12");
    assert!(found.advice.contains("about 12 steps"), "{}", found.advice);
}

fn heavy(rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let heavy = StudentT::new(3.0).expect("positive");
    (0..DAYS).map(|_| heavy.sample(rng)).collect()
}

#[test]
fn heavy_tails_show_in_the_spread_and_the_extremes() {
    let warned = warnings(20, heavy);
    assert!(warned["spread"] >= 19, "{warned:?}");
    assert!(warned["extremes"] >= 16, "{warned:?}");
    assert!(warned["residuals"] <= 2, "{warned:?}");
}

/// The level rises by two standard deviations of the noise on day 200, of which the trend takes
/// up a part.
fn level_shift(rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let noise = white(rng).into_iter().enumerate();
    let level = |t: usize| if t < 200 { 0.0 } else { 2.0 };
    noise.map(|(t, noise)| noise + level(t)).collect()
}

#[test]
fn a_jump_of_the_level_shows_in_residuals_that_are_alike() {
    let warned = warnings(20, level_shift);
    assert!(warned["residuals"] >= 17, "{warned:?}");
    let checks = checks(1, level_shift);
    let found = checks.iter().find(|c| c.name == "residuals");
    let found = found.expect("a check");
    assert!(found.message.contains("are alike"), "{}", found.message);
    assert!(
        found.advice.contains("jump of the level"),
        "{}",
        found.advice
    );
}

#[test]
fn an_outlier_is_named_and_a_slip_in_the_data_too() {
    let checks = checks(3, |rng| {
        let mut noise = white(rng);
        noise[250] = -9.0;
        noise
    });
    let found = checks.iter().find(|c| c.name == "extremes");
    let found = found.expect("a check");
    assert_eq!(found.status, Status::Warn);
    assert!(found.message.starts_with("250 lies -"), "{}", found.message);
}

/// A figure shows something outside of its range where the check warns, and nowhere else.
#[test]
fn the_figures_say_what_the_checks_say() {
    let mut warned = BTreeMap::new();
    let noises: [fn(&mut Xoshiro256PlusPlus) -> Vec<f64>; 4] =
        [white, second_cycle, level_shift, heavy];
    for (seed, noise) in (0..4).flat_map(|seed| noises.map(|noise| (seed, noise))) {
        let (checks, evidence) = evidence(seed, noise);
        let within = |x: f64, [low, high]: [f64; 2]| low <= x && x <= high;
        let residuals = evidence.residuals.expect("judged");
        let lags = residuals.observed.iter().zip(&residuals.range);
        let influence = evidence.influence.expect("judged");
        assert_eq!(influence.points.len(), DAYS);
        let shown = [
            lags.clone().any(|(r, range)| !within(*r, *range)),
            evidence.spread.iter().any(|c| c.judged && !c.is_usual()),
            evidence
                .extremes
                .iter()
                .any(|e| !within(e.observed, e.range)),
            influence.points.iter().any(|(_, k)| *k > influence.limit),
        ];
        for (check, shown) in checks.iter().zip(shown) {
            assert_eq!(check.status == Status::Warn, shown, "{check:?}");
            *warned.entry(check.name).or_insert(0) += u32::from(shown);
        }
        assert_eq!(residuals.telling.is_some(), shown[0]);
        for extreme in &evidence.extremes {
            let sets: usize = extreme.replicated.bars.iter().sum();
            assert_eq!(sets, 1000, "{}", extreme.name);
        }
    }
    assert!(warned["residuals"] >= 8 && warned["spread"] >= 3 && warned["extremes"] >= 3);
}

#[test]
fn a_cycle_is_marked_at_its_length() {
    let (_, evidence) = evidence(0, second_cycle);
    assert_eq!(evidence.residuals.expect("judged").telling, Some(12));
}

#[test]
fn too_few_observations_are_unknown() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
    let mut fit = fit(series(|_| 0.1), &mut rng);
    fit.series.values[19..].fill(f64::NAN);
    for check in predictive_checks(&fit, &Thresholds::default(), 0) {
        assert_eq!(check.status, Status::Unknown);
        assert!(
            check.message.contains("19 observations are too few"),
            "{check:?}"
        );
    }
}
