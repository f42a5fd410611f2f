//! Forecasts against reference values, and what holds of any forecast.

mod support;

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::ops::Range;
use std::sync::LazyLock;

use assert_cmd::Command;
use fanchart::forecast::{Distribution, ForecastTable, Forecaster, Horizon, Probability, Step};
use fanchart::model::Model;
use fanchart::series::TimeAxis;
use ndarray::Array2;
use proptest::prelude::*;
use serde_json::Value;
use support::{CONVERGED, STUCK, fit, repository};

/// The reference is computed in Python to about 1e-9; both are double precision throughout.
const EXACT: f64 = 1e-6;
/// How many standard errors a sampled figure may be off: once in two million figures by chance,
/// where a few thousand are compared, and the seed is fixed.
const STANDARD_ERRORS: f64 = 5.0;

/// A trace with the forecasts that Python makes of it.
const REFERENCES: [(&str, &str); 2] = [
    (CONVERGED, "tests/fixtures/converged/forecast.json"),
    (STUCK, "tests/fixtures/stuck-chain/forecast.json"),
];

fn json(path: &str) -> Value {
    let text = fs::read_to_string(repository(path)).expect("readable");
    serde_json::from_str(&text).expect("JSON")
}

/// The forecasts of a reference file: horizon, interval, rows.
fn forecasts(reference: &Value) -> impl Iterator<Item = (Horizon, Probability, &Vec<Value>)> {
    reference
        .as_array()
        .expect("forecasts")
        .iter()
        .map(|forecast| {
            let horizon = forecast["horizon"].as_u64().expect("a number") as u32;
            let interval = forecast["credible_interval"].as_f64().expect("a number");
            let rows = forecast["forecasts"].as_array().expect("rows");
            assert_eq!(rows.len(), horizon as usize);
            (
                Horizon::new(horizon).expect("valid"),
                probability(interval),
                rows,
            )
        })
}

fn probability(p: f64) -> Probability {
    Probability::new(p).expect("within 0 and 1")
}

fn number(row: &Value, key: &str) -> f64 {
    row[key]
        .as_f64()
        .unwrap_or_else(|| panic!("{key} in {row}"))
}

#[test]
fn exact_figures_are_the_references() {
    for (trace, reference) in REFERENCES {
        let forecaster = fit(trace).forecaster(usize::MAX).expect("a forecaster");
        for (horizon, interval, rows) in forecasts(&json(reference)) {
            let table = ForecastTable::exact(&forecaster, horizon, interval).expect("a forecast");
            assert_eq!(table.rows.len(), rows.len());
            for (ours, theirs) in table.rows.iter().zip(rows) {
                assert_eq!(ours.day, number(theirs, "day"));
                for (figure, key) in [
                    (ours.mean, "exact_mean"),
                    (ours.lower, "exact_lower"),
                    (ours.upper, "exact_upper"),
                ] {
                    let expected = number(theirs, key);
                    let off = (figure - expected).abs();
                    assert!(
                        off < EXACT,
                        "{trace} {interval} day {}: {key} {figure} {expected}",
                        ours.day
                    );
                }
            }
        }
    }
}

/// A quantile at p of n draws has the standard error sqrt(p (1 - p) / n) / f(q), where f(q) is
/// the density at the quantile. Ours is smaller, as each posterior draw gives exactly one of them.
#[test]
fn sampled_figures_are_the_references_up_to_monte_carlo_error() {
    for (trace, reference) in REFERENCES {
        let forecaster = fit(trace).forecaster(usize::MAX).expect("a forecaster");
        let n = forecaster.draws() as f64;
        for (horizon, interval, rows) in forecasts(&json(reference)) {
            let table =
                ForecastTable::sampled(&forecaster, horizon, interval, Distribution::Predictive, 0)
                    .expect("a forecast");
            let (low, high) = interval.tails();
            for (step, (ours, theirs)) in table.rows.iter().zip(rows).enumerate() {
                // The mean over draws of each draw's mean has no sampling noise to begin with.
                assert!((ours.mean - number(theirs, "exact_mean")).abs() < EXACT);
                for (p, figure, key) in [
                    (low, ours.lower, "exact_lower"),
                    (high, ours.upper, "exact_upper"),
                ] {
                    let expected = number(theirs, key);
                    let density = density(&forecaster, step as i64, expected);
                    let bound = STANDARD_ERRORS * (p * (1.0 - p) / n).sqrt() / density;
                    let off = (figure - expected).abs();
                    assert!(
                        off < bound,
                        "{trace} day {} {key}: {figure}, not {expected} ± {bound}",
                        ours.day
                    );
                }
            }
        }
    }
}

/// Density of the predictive distribution, as a difference of its distribution function over a
/// hundredth of the scale of the noise, sigma = 1.
fn density(forecaster: &Forecaster, step: i64, at: f64) -> f64 {
    const H: f64 = 0.005;
    let rise = forecaster.exact(step, |exact| exact.cdf(at + H) - exact.cdf(at - H));
    rise.expect("finite") / (2.0 * H)
}

fn printed(args: &[&str]) -> String {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    let assert = fanchart
        .current_dir(repository(""))
        .envs(nobody::ENVIRONMENT)
        .args(args)
        .arg("--quiet")
        .assert()
        .success()
        .stderr("");
    String::from_utf8(assert.get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn the_program_prints_the_library_s_figures() {
    for (trace, reference) in REFERENCES {
        let forecaster = fit(trace).forecaster(usize::MAX).expect("a forecaster");
        for (horizon, interval, _) in forecasts(&json(reference)) {
            let (days, mass) = (horizon.to_string(), interval.get().to_string());
            let command = [
                "forecast",
                trace,
                "--horizon",
                &days,
                "--interval",
                &mass,
                "--json",
            ];
            let sampled =
                ForecastTable::sampled(&forecaster, horizon, interval, Distribution::Predictive, 0);
            let sampled = sampled.expect("a forecast");
            assert_eq!(printed(&command), format!("{}\n", sampled.to_json()));
            let exact = ForecastTable::exact(&forecaster, horizon, interval).expect("a forecast");
            let command = [&command[..], &["--exact"]].concat();
            assert_eq!(printed(&command), format!("{}\n", exact.to_json()));
        }
    }
}

#[test]
fn json_has_the_service_s_shape() {
    let text = printed(&["forecast", CONVERGED, "--horizon", "7", "--json"]);
    assert_eq!(text.lines().count(), 1);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let keys = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&value), ["horizon", "credible_interval", "forecasts"]);
    assert_eq!(value["horizon"].as_u64(), Some(7));
    assert!(text.starts_with(
        r#"{"horizon":7,"credible_interval":0.94,"forecasts":[{"day":365,"mean":30.8"#
    ));
    let rows = value["forecasts"].as_array().expect("rows");
    assert_eq!(rows.len(), 7);
    for (row, day) in rows.iter().zip(365..) {
        assert_eq!(keys(row), ["day", "mean", "lower", "upper"]);
        assert_eq!(row["day"].as_u64(), Some(day));
        assert!(
            ["mean", "lower", "upper"]
                .iter()
                .all(|key| row[key].is_f64()),
            "{row}"
        );
    }
}

#[test]
fn the_mean_s_band_lies_inside_the_predictive_band() {
    for trace in [CONVERGED, STUCK] {
        let forecaster = fit(trace).forecaster(usize::MAX).expect("a forecaster");
        let of_mean = steps(&forecaster, Distribution::Mean, 0, 0..365);
        let predictive = steps(&forecaster, Distribution::Predictive, 0, 0..365);
        for (day, (inner, outer)) in of_mean.iter().zip(&predictive).enumerate() {
            assert_eq!(inner.mean.to_bits(), outer.mean.to_bits());
            let (inner, outer) = (
                inner.interval(Probability::DEFAULT),
                outer.interval(Probability::DEFAULT),
            );
            assert!(
                outer.0 < inner.0 && inner.1 < outer.1,
                "{trace} step {day}: {inner:?} {outer:?}"
            );
        }
    }
}

/// A made-up posterior of 3 chains × 700 draws for every likelihood that the demo has not:
/// sampled quantiles lie between the exact ones at p ± 5 standard errors of the share of draws
/// below, sqrt(p (1 - p) / n), which holds for counts too.
#[test]
fn every_likelihood_is_sampled_as_it_is_distributed() {
    for likelihood in [
        "StudentT(4, mean, scale)",
        "StudentT(1 + scale, mean, 0.5)",
        "LogNormal(mean / 10, scale)",
        "Poisson(mean)",
        "Poisson(exp(mean))",
        "NegativeBinomial(mean, 2 + scale)",
        "NegativeBinomial(40 * mean, scale)",
    ] {
        let forecaster = made_up(likelihood);
        let n = forecaster.draws() as f64;
        let sampled = steps(&forecaster, Distribution::Predictive, 11, 0..4);
        for (step, sampled) in sampled.iter().enumerate() {
            let check = |exact: &fanchart::forecast::Exact| {
                for p in [0.03, 0.25, 0.5, 0.9, 0.97] {
                    let (error, figure) = ((p * (1.0 - p) / n).sqrt(), sampled.quantile(p));
                    let least = exact.quantile(p - STANDARD_ERRORS * error);
                    let most = exact.quantile(p + STANDARD_ERRORS * error);
                    assert!(
                        (least..=most).contains(&figure),
                        "{likelihood} step {step} p {p}: {figure}, not {least} to {most}"
                    );
                }
                let close = (sampled.mean - exact.mean()).abs() <= 1e-12 * exact.mean().abs();
                assert!(close, "{likelihood}: {} {}", sampled.mean, exact.mean());
            };
            forecaster.exact(step as i64, check).expect("finite");
        }
    }
}

fn made_up(likelihood: &str) -> Forecaster {
    let text = format!("mean = \"level + 0.01 * t\"\nlikelihood = \"{likelihood}\"");
    let model = Model::parse(&text, "made-up.toml").expect("a model");
    let wave = |i: usize, j: usize| ((i * 700 + j) as f64 * 0.37).sin();
    let level = Array2::from_shape_fn((3, 700), |(i, j)| 3.0 + i as f64 / 2.0 + 0.4 * wave(i, j));
    let scale = Array2::from_shape_fn((3, 700), |(i, j)| 0.8 + 0.2 * wave(j, i));
    let axis = TimeAxis {
        origin: 0.0,
        step: 1.0,
        positions: (0..50).map(f64::from).collect(),
        calendar: None,
    };
    // A likelihood without a scale leaves that parameter over, which is no error.
    Forecaster::new(
        &model,
        &[("level", &level), ("scale", &scale)],
        axis,
        usize::MAX,
    )
    .expect("bound")
}

fn steps(forecaster: &Forecaster, of: Distribution, seed: u64, days: Range<i64>) -> Vec<Step> {
    forecaster.steps(of, seed, days).expect("finite")
}

/// All that a step holds, to the last bit.
fn bits(step: &Step) -> Vec<u64> {
    let sorted = step.sorted();
    let figures = sorted
        .iter()
        .chain(&step.paths)
        .chain(&step.chain_means)
        .chain([&step.mean]);
    figures.map(|figure| figure.to_bits()).collect()
}

/// The demo with so few draws that a property can be tried often.
static SMALL: LazyLock<Forecaster> =
    LazyLock::new(|| fit(CONVERGED).forecaster(300).expect("a forecaster"));

fn any_distribution() -> impl Strategy<Value = Distribution> {
    prop_oneof![Just(Distribution::Predictive), Just(Distribution::Mean)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_shorter_horizon_is_a_prefix(
        short in 1i64..60, more in 0i64..60, seed: u64, of in any_distribution(),
    ) {
        let (short, long) = (steps(&SMALL, of, seed, 0..short), steps(&SMALL, of, seed, 0..short + more));
        for (a, b) in short.iter().zip(&long) {
            prop_assert_eq!(bits(a), bits(b));
        }
    }

    #[test]
    fn intervals_nest(a in 0.001..0.999f64, b in 0.001..0.999f64, step in 0i64..365, seed: u64) {
        let step = &steps(&SMALL, Distribution::Predictive, seed, step..step + 1)[0];
        let (inner, outer) = (step.interval(probability(a.min(b))), step.interval(probability(a.max(b))));
        prop_assert!(outer.0 <= inner.0 && inner.0 <= inner.1 && inner.1 <= outer.1);
    }

    #[test]
    fn a_seed_says_which_draws(seed: u64, other: u64, step in 0i64..365) {
        prop_assume!(seed != other);
        let draw = |seed| bits(&steps(&SMALL, Distribution::Predictive, seed, step..step + 1)[0]);
        prop_assert_eq!(draw(seed), draw(seed));
        prop_assert_ne!(draw(seed), draw(other));
    }

    #[test]
    fn neighbouring_days_have_noise_of_their_own(seed: u64, step in 0i64..364) {
        let days = steps(&SMALL, Distribution::Predictive, seed, step..step + 2);
        // The same noise would put the same draw at the same distance from the mean.
        let noise = |step: &Step| step.sorted()[0] - step.mean;
        prop_assert_ne!(noise(&days[0]).to_bits(), noise(&days[1]).to_bits());
    }

    #[test]
    fn fewer_draws_are_of_every_chain(chains in 1usize..6, draws in 1usize..60, most in 1usize..400) {
        let model = Model::parse("mean = \"level\"\nlikelihood = \"Normal(mean, 1)\"", "m.toml").expect("a model");
        let level = Array2::from_shape_fn((chains, draws), |(chain, _)| chain as f64);
        let axis = TimeAxis { origin: 0.0, step: 1.0, positions: vec![0.0], calendar: None };
        let bound = |most| Forecaster::new(&model, &[("level", &level)], axis.clone(), most).expect("bound");
        for thinned in [bound(most), bound(usize::MAX).thinned(most)] {
            prop_assert!(thinned.draws() <= most.max(chains), "{} of {most}", thinned.draws());
            prop_assert_eq!(thinned.draws_in_trace(), chains * draws);
            let step = &steps(&thinned, Distribution::Mean, 0, 0..1)[0];
            let expected: Vec<f64> = (0..chains).map(|chain| chain as f64).collect();
            prop_assert_eq!(&step.chain_means, &expected);
        }
    }

    #[test]
    fn a_higher_threshold_is_passed_less(a in 0.0..60.0f64, b in 0.0..60.0f64, step in 0i64..365) {
        let step = &steps(&SMALL, Distribution::Predictive, 0, step..step + 1)[0];
        let (likelier, rarer) = (step.probability_above(a.min(b)), step.probability_above(a.max(b)));
        prop_assert!(1.0 >= likelier && likelier >= rarer && rarer >= 0.0);
    }

    #[test]
    fn a_probability_and_its_quantile_agree(p in 0.01..0.99f64, step in 0i64..365) {
        let step = &steps(&SMALL, Distribution::Predictive, 0, step..step + 1)[0];
        let above = step.probability_above(step.quantile(p));
        prop_assert!((above - (1.0 - p)).abs() <= 1.0 / step.sorted().len() as f64, "{above}");
    }
}

#[test]
fn noise_does_not_depend_on_the_number_of_threads() {
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        pool.install(|| steps(&SMALL, Distribution::Predictive, 5, -40..120))
    };
    let (one, two) = (with(1), with(2));
    for (a, b) in one.iter().zip(&two) {
        assert_eq!(bits(a), bits(b));
    }
}
