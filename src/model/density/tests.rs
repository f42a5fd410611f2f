mod gradient;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::SmallRng;

use self::gradient::check;
use super::*;
use crate::model::{PriorFamily, Scratch};
use crate::series::TimeAxis;

fn series(values: Vec<f64>) -> Series {
    Series {
        name: "y".to_owned(),
        axis: TimeAxis::regular(values.len()),
        values,
    }
}

/// Counts, so that every family takes them; enough of them for a block and a part of one.
fn counts() -> Series {
    series(
        (0..150)
            .map(|row| f64::from(1 + (row * 7919) % 11))
            .collect(),
    )
}

/// A model by its mean, its likelihood and `name = prior; name = prior; ..`.
fn model(mean: &str, likelihood: &str, priors: &str) -> Model {
    let mut text = format!("mean = '{mean}'\nlikelihood = '{likelihood}'\n[priors]\n");
    for prior in priors.split(';') {
        let (name, prior) = prior.split_once('=').expect("name = prior");
        text.push_str(&format!("{name} = '{}'\n", prior.trim()));
    }
    Model::parse(&text, "test").unwrap()
}

fn value(density: &LogDensity, position: &[f64]) -> f64 {
    let mut gradient = vec![0.0; density.dimension()];
    density.with_gradient(position, &mut gradient, &mut DensityScratch::default())
}

/// A prior of each family; two where the shape makes a difference.
const PRIORS: [&str; 17] = [
    "Normal(1, 2)",
    "HalfNormal(2)",
    "StudentT(3, 1, 2)",
    "HalfStudentT(3, 2)",
    "Cauchy(1, 2)",
    "HalfCauchy(2)",
    "Exponential(0.5)",
    "Gamma(2, 0.5)",
    "Gamma(0.5, 2)",
    "InverseGamma(3, 2)",
    "LogNormal(0.5, 0.8)",
    "Beta(2, 5)",
    "Beta(0.5, 0.7)",
    "Beta(1, 1)",
    "Uniform(-3, 1.5)",
    "Uniform(mean_y, max_y)",
    "Uniform(2, 6)",
];

proptest! {
    #[test]
    fn any_position_has_a_density_below_infinity_or_none(
        position in [any::<f64>(), any::<f64>(), any::<f64>(), any::<f64>()],
    ) {
        for (likelihood, mean) in LIKELIHOODS {
            let density = LogDensity::new(&model(mean, likelihood, HOSTILE), &counts()).unwrap();
            prop_assert!(value(&density, &position) != f64::INFINITY);
        }
    }

    #[test]
    fn constraining_ends_inside_the_support_and_is_undone(u in -30.0..30.0, far in any::<f64>()) {
        for prior in PRIORS {
            let model = model("a", "Normal(mean, 50)", &format!("a = {prior}"));
            let density = LogDensity::new(&model, &counts()).unwrap();
            let (mut parameter, mut found) = ([0.0], [0.0]);
            density.constrain(&[u], &mut parameter);
            density.unconstrain(&parameter, &mut found);
            // Near the upper end of an interval numbers lie too wide apart to say more.
            prop_assert!((found[0] - u).abs() <= 1e-14 * u.abs().exp() + 1e-12, "{prior}: {found:?}");
            density.constrain(&[far], &mut parameter);
            let support = density.priors()[0].support();
            prop_assert!(far.is_nan() || support.contains(parameter[0]), "{prior}: {parameter:?}");
        }
    }
}

const LIKELIHOODS: [(&str, &str); 6] = [
    ("Normal(mean, c)", "a + d * b * t"),
    ("StudentT(c, mean, d)", "a ^ t + b"),
    ("LogNormal(mean, c * d)", "log(a) / b * t"),
    ("Poisson(mean)", "a + b * t + c * d"),
    ("Poisson(exp(mean))", "a * sin(b * t) + c * d"),
    ("NegativeBinomial(exp(mean), c)", "a + b * sqrt(d * t)"),
];
const HOSTILE: &str = "a = Normal(0, 1); b = Beta(0.5, 0.5); c = Gamma(0.5, 1); d = HalfCauchy(1)";

#[test]
fn extreme_positions_are_no_panic_and_no_place_to_stay() {
    for (likelihood, mean) in LIKELIHOODS {
        let density = LogDensity::new(&model(mean, likelihood, HOSTILE), &counts()).unwrap();
        let ordinary = value(&density, &[0.1, -0.2, 0.3, 0.2]);
        for coordinate in 0..4 {
            for far in [1e300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
                let mut position = [0.1, -0.2, 0.3, 0.2];
                position[coordinate] = far;
                let found = value(&density, &position);
                assert!(
                    found < ordinary || found.is_nan(),
                    "{likelihood} at {position:?}: {found}"
                );
            }
        }
    }
}

#[test]
fn the_log_likelihood_is_the_sum_of_the_familys_densities() {
    let mut scratch = DensityScratch::default();
    let series = counts();
    for (likelihood, mean) in LIKELIHOODS {
        let model = model(mean, likelihood, HOSTILE);
        let density = LogDensity::new(&model, &series).unwrap();
        let bound = model.bind(&["a", "b", "c", "d"]).unwrap();
        let parameters = [0.7, 0.02, 0.4, 1.2];
        let columns = parameters.map(|value| [value]);
        let columns: Vec<&[f64]> = columns.iter().map(|column| &column[..]).collect();
        let mut of_row = Scratch::default();
        let expected: f64 = (0..series.values.len())
            .map(|row| {
                let arguments = bound.arguments(&columns, row as f64, &mut of_row).at(0);
                density.family().ln_pdf(arguments, series.values[row])
            })
            .sum();
        let found = density.log_likelihood(&parameters, &mut scratch);
        assert!(
            (found - expected).abs() <= 1e-11 * expected.abs(),
            "{likelihood}: {found}"
        );
    }
}

#[test]
fn arguments_outside_the_domain_have_no_density() {
    let series = series(vec![0.0, 2.0]);
    for likelihood in [
        "Normal(mean, a)",
        "Normal(mean, a * (t + 1))",
        "StudentT(a, mean, 1)",
        "StudentT(3, mean, a)",
        "StudentT(3 + a * t, mean, a)",
        "Poisson(a)",
        "Poisson(a * t)",
        "NegativeBinomial(a, 1)",
        "NegativeBinomial(1, a)",
        "NegativeBinomial(1, a * (t + 1))",
    ] {
        let model = model("a", likelihood, "a = Normal(0, 1)");
        let density = LogDensity::new(&model, &series).unwrap();
        assert!(value(&density, &[-1.0]).is_nan(), "{likelihood}");
    }
}

#[test]
fn gaps_are_left_out_and_time_is_the_axis() {
    let gappy = Series {
        axis: TimeAxis::from_t(&[10.0, 10.5, 11.0, 12.5]).unwrap(),
        ..series(vec![1.0, f64::NAN, 3.0, 4.0])
    };
    let model = model(
        "a + b * t",
        "Normal(mean, 1)",
        "b = Normal(0, 1); a = Normal(0, 1)",
    );
    let density = LogDensity::new(&model, &gappy).unwrap();
    assert_eq!(
        density.observations(),
        (&[10.0, 11.0, 12.5][..], &[1.0, 3.0, 4.0][..])
    );
    assert_eq!(density.parameters(), ["b", "a"]);
    assert_eq!(density.linear_parameters(), [0, 1]);
    let mut mean = [0.0; 3];
    density.mean(&[2.0, 1.0], &mut mean, &mut DensityScratch::default());
    assert_eq!(mean, [21.0, 23.0, 26.0]);
}

#[test]
fn a_mean_without_parameters_or_without_time_fills_every_row() {
    let mut scratch = DensityScratch::default();
    for (text, expected) in [("t", [0.0, 1.0]), ("a", [3.0; 2]), ("7", [7.0; 2])] {
        let model = model(text, "Normal(mean, a)", "a = HalfNormal(1)");
        let density = LogDensity::new(&model, &series(vec![1.0, 2.0])).unwrap();
        let mut mean = [0.0; 2];
        density.mean(&[3.0], &mut mean, &mut scratch);
        assert_eq!(mean, expected, "{text}");
    }
}

#[test]
fn what_cannot_be_fitted_is_explained() {
    let fails = |model: &Model, values: Vec<f64>| {
        let error = LogDensity::new(model, &series(values)).unwrap_err();
        error.to_string()
    };
    let line = Model::parse("mean = 'a + b * t'\nlikelihood = 'Normal(mean, 1)'", "line").unwrap();
    assert_eq!(
        fails(&line, vec![1.0]),
        "model 'line' has no prior for 'a', and a fit needs one for every parameter: add a line \
         under [priors] in the model file, such as a = \"Normal(0, 10)\""
    );
    let of = |likelihood| model("a", likelihood, "a = Normal(0, 1)");
    for (likelihood, value, expected) in [
        (
            "Poisson(exp(mean))",
            2.5,
            "Poisson is no likelihood for y, which is 2.5 at 1: counts are whole and not negative; \
             correct the value or choose Normal or StudentT",
        ),
        (
            "NegativeBinomial(exp(mean), 1)",
            -1.0,
            "which is -1 at 1: counts are whole",
        ),
        (
            "LogNormal(mean, 1)",
            0.0,
            "which is 0 at 1: values must be > 0",
        ),
        (
            "Normal(mean, 1)",
            f64::INFINITY,
            "which is inf at 1: observations are finite",
        ),
    ] {
        let found = fails(&of(likelihood), vec![1.0, value]);
        assert!(found.contains(expected), "{found}");
    }
    let found = fails(&of("Normal(mean, 1)"), vec![f64::NAN; 3]);
    assert_eq!(found, "y has no observation, only gaps; a fit needs values");
    let flat = Model::built_in("seasonal").unwrap();
    let found = fails(&flat, vec![1.0; 9]);
    assert!(found.contains("sigma must be > 0"), "{found}");
}

#[test]
fn draws_follow_their_priors() {
    for prior in PRIORS {
        let model = model("a", "Normal(mean, 50)", &format!("a = {prior}"));
        let density = LogDensity::new(&model, &counts()).unwrap();
        let distribution = density.priors()[0];
        let mut rng = SmallRng::seed_from_u64(3);
        let mut draws: Vec<f64> = (0..20_000)
            .map(|_| density.draw_prior(&mut rng)[0])
            .collect();
        assert!(
            draws
                .iter()
                .all(|draw| density.log_prior(&[*draw]).is_finite()),
            "{prior}"
        );
        draws.sort_by(f64::total_cmp);
        // The probability between two draws, by the density, is that of the draws between them.
        let (lower, upper) = (draws[4_000], draws[14_000]);
        let steps = 20_000;
        let width = (upper - lower) / f64::from(steps);
        let probability: f64 = (0..steps)
            .map(|step| {
                distribution
                    .ln_pdf(lower + (f64::from(step) + 0.5) * width)
                    .exp()
                    * width
            })
            .sum();
        // Five standard errors.
        assert!(
            (probability - 0.5).abs() <= 5.0 * 0.5 / 20_000_f64.sqrt(),
            "{prior}: {probability}"
        );
    }
}

#[test]
fn every_family_of_priors_is_tested() {
    for family in PriorFamily::ALL {
        assert!(
            PRIORS
                .iter()
                .any(|prior| prior.starts_with(&format!("{}(", family.name())))
        );
    }
}

fn table(text: &str) -> Table {
    Table::from_csv_reader(text.as_bytes(), "data.csv").unwrap()
}

/// A model of a covariate, of a name that stands in its text twice.
fn warm() -> Model {
    let priors = "a = Normal(0, n); b = Normal(0, 1); s = HalfNormal(1)";
    model(
        "a + b * warm * t + warm / 7",
        "Normal(mean, s * warm)",
        priors,
    )
}

#[test]
fn a_column_of_the_data_is_a_number_of_each_row() {
    let table = table("t,y,rain,warm\n0,1.5,,2\n1,,3,\n2,2.5,4,5\n3,4,,1\n4,,,9\n");
    let density = LogDensity::with_covariates(&warm(), &table).unwrap();
    check(&density, &[0.3, -0.4, 0.2], "warm");
    assert_eq!(density.observations().0, [0.0, 2.0, 3.0]);
    assert_eq!(density.linear_parameters(), [0, 1]);
    // n is 4: the row after the last observation is not of the series.
    assert_eq!(density.priors()[0].arguments(), [0.0, 4.0]);

    let parameters = [0.3, 0.7, 1.2];
    let rows = [(0.0, 1.5, 2.0), (2.0, 2.5, 5.0), (3.0, 4.0, 1.0)];
    let expected: f64 = rows
        .into_iter()
        .map(|(t, y, warm)| {
            let mean = 0.3 + 0.7 * warm * t + warm / 7.0;
            Family::Normal.ln_pdf([mean, 1.2 * warm, 0.0], y)
        })
        .sum();
    let found = density.log_likelihood(&parameters, &mut DensityScratch::default());
    assert!((found - expected).abs() <= 1e-13 * expected.abs());
}

#[test]
fn a_covariate_that_is_missing_is_named() {
    let fails = |text: &str| {
        let error = LogDensity::with_covariates(&warm(), &table(text)).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        fails("date,y,warm\n2024-05-01,1,2\n2024-05-02,2,\n"),
        "warm has no value at 2024-05-02, where y was observed and the model needs it; fill it \
         in, or leave y empty there"
    );
    let found = fails("date,y,worm\n2024-05-01,1,2\n2024-05-02,2,3\n");
    assert!(
        found.contains("did you mean 'worm'? (priors: a, b, s; columns: worm)"),
        "{found}"
    );
    let found = LogDensity::new(&warm(), &counts()).unwrap_err().to_string();
    assert!(found.starts_with("test:1: 'warm' has no prior"), "{found}");
}
