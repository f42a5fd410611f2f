//! Gradients against differences.

use super::*;

/// Central differences of the fourth order.
fn differences(density: &LogDensity, position: &[f64], h: f64) -> Vec<f64> {
    (0..position.len())
        .map(|coordinate| {
            let moved = |steps: f64| {
                let mut position = position.to_vec();
                position[coordinate] += steps * h;
                value(density, &position)
            };
            (8.0 * (moved(1.0) - moved(-1.0)) - (moved(2.0) - moved(-2.0))) / (12.0 * h)
        })
        .collect()
}

/// Holds the gradient to differences, within a millionth of the largest part (at least of 1).
pub(super) fn check(density: &LogDensity, position: &[f64], label: &str) {
    let mut gradient = vec![0.0; density.dimension()];
    let mut scratch = DensityScratch::default();
    let found = density.with_gradient(position, &mut gradient, &mut scratch);
    assert!(found.is_finite(), "{label} at {position:?}: {found}");
    let differences = differences(density, position, 1e-3);
    let scale = differences
        .iter()
        .fold(1.0, |most: f64, d| most.max(d.abs()));
    for (found, expected) in gradient.iter().zip(&differences) {
        assert!(
            (found - expected).abs() <= 1e-6 * scale,
            "{label} at {position:?}: {gradient:?}, not {differences:?}"
        );
    }
}

const OPERATIONS: [&str; 31] = [
    "-A",
    "sin(A)",
    "cos(A)",
    "tan(A)",
    "exp(A)",
    "log(A)",
    "sqrt(A)",
    "abs(A)",
    "abs(-A)",
    "tanh(A)",
    "sigmoid(A)",
    "A + B",
    "A - B",
    "A * B",
    "A / B",
    "A ^ B",
    "B ^ A",
    "A ^ 3",
    "2 ^ A",
    "min(A, B)",
    "max(A, B)",
    "min(B, A)",
    "max(B, A)",
    "A * A",
    "A - A",
    "A / A",
    "3 - A",
    "3 / A",
    "min(A, 0.5)",
    "max(0.5, A)",
    "sin(A) + cos(B) * A",
];

#[test]
fn every_operation_is_differentiated() {
    // By what rows share, by what differs between them, and beside the data alone.
    for operation in OPERATIONS {
        for a in ["a", "(a + t / 200)", "(a * (t + 1) / 200)"] {
            for b in ["b", "(b + t / 150)", "(0.7 + t / 150)"] {
                let mean = operation.replace('A', a).replace('B', b) + " + 0 * (a + b)";
                let priors = "a = Normal(0, 1); b = Normal(0, 1)";
                let model = model(&mean, "Normal(mean, 3)", priors);
                let density = LogDensity::new(&model, &counts()).unwrap();
                check(&density, &[0.613, 0.871], &mean);
            }
        }
    }
}

#[test]
fn every_likelihood_is_differentiated_by_every_argument() {
    let priors = "a = Normal(1, 1); b = Normal(0, 1); c = HalfNormal(2)";
    for (family, arguments) in [
        ("Normal", ["mean", "S", ""]),
        ("StudentT", ["N", "mean", "S"]),
        ("LogNormal", ["mean", "S", ""]),
        ("Poisson", ["exp(mean)", "", ""]),
        ("NegativeBinomial", ["exp(mean)", "S", ""]),
    ] {
        // The scale and the degrees of freedom: numbers, parameters, or of each row.
        for scale in ["2", "c", "c * 2", "(c * exp(b * t / 300))"] {
            for nu in ["3", "c + 1", "(c + t / 50)"] {
                let arguments: Vec<String> = arguments
                    .iter()
                    .filter(|argument| !argument.is_empty())
                    .map(|argument| argument.replace('S', scale).replace('N', nu))
                    .collect();
                let likelihood = format!("{family}({})", arguments.join(", "));
                for mean in ["a + b * t / 200 + 0 * c", "a + 0 * (b + c)"] {
                    let model = model(mean, &likelihood, priors);
                    let density = LogDensity::new(&model, &counts()).unwrap();
                    check(&density, &[1.3, 0.4, 0.7], &likelihood);
                }
            }
        }
    }
}

#[test]
fn every_prior_is_differentiated_through_its_transform() {
    for prior in PRIORS {
        let model = model("a", "Normal(mean, 50)", &format!("a = {prior}"));
        let density = LogDensity::new(&model, &counts()).unwrap();
        for u in [-3.0, -0.4, 0.9, 2.5] {
            check(&density, &[u], prior);
        }
    }
}

/// Expressions of parameters a and b and of t, of at most a few dozen operations.
fn expressions() -> impl Strategy<Value = String> {
    let leaf =
        prop::sample::select(vec!["a", "b", "(t + 1) / 100", "0.8", "pi"]).prop_map(str::to_owned);
    leaf.prop_recursive(5, 24, 2, |inner| {
        let operations = prop::sample::select(OPERATIONS.to_vec());
        (operations, inner.clone(), inner).prop_map(|(operation, a, b)| {
            let operation = operation.replace('A', "#").replace('B', &format!("({b})"));
            operation.replace('#', &format!("({a})"))
        })
    })
}

proptest! {
    #[test]
    fn whatever_the_expression_the_gradient_is_that_of_differences(
        mean in expressions(),
        position in [-1.0..1.0, -1.0..1.0],
    ) {
        let model = model(
            &format!("{mean} + 0 * (a + b)"),
            "StudentT(4, mean, 5)",
            "a = HalfNormal(1); b = Uniform(0, 2)",
        );
        let density = LogDensity::new(&model, &counts()).unwrap();
        let mut gradient = [0.0; 2];
        let found = density.with_gradient(&position, &mut gradient, &mut DensityScratch::default());
        // Where two step lengths disagree there is a corner or a pole, or the density is too
        // steep for differences.
        let [wide, narrow] = [2e-4, 1e-4].map(|h| differences(&density, &position, h));
        let scale = narrow.iter().fold(1.0, |most: f64, d| most.max(d.abs()));
        let smooth = wide.iter().zip(&narrow).all(|(a, b)| (a - b).abs() <= 1e-6 * scale);
        // And what is infinite on the way, 1 / (a - a), has no derivative though the whole is finite.
        let differentiable = found.is_finite() && gradient.iter().all(|d| d.is_finite());
        prop_assume!(smooth && differentiable);
        for (found, expected) in gradient.iter().zip(&narrow) {
            prop_assert!((found - expected).abs() <= 1e-5 * scale, "{gradient:?}, not {narrow:?}");
        }
    }
}
