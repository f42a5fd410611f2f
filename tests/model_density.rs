//! Log posterior densities against SciPy's (`tests/fixtures/model/log_density.py`).

use fanchart::model::{DensityScratch, LogDensity, Model};
use fanchart::series::{Series, TimeAxis};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter()
        .map(|number| number.as_f64().unwrap_or(f64::NAN))
        .collect()
}

#[test]
fn densities_agree_with_scipy() {
    let text = include_str!("fixtures/model/log_density.json");
    let cases: Vec<Value> = serde_json::from_str(text).expect("JSON");
    // One scratch for all: nothing of one model may reach the next.
    let mut scratch = DensityScratch::default();
    for case in &cases {
        let toml = case["toml"].as_str().expect("text");
        let model = Model::parse(toml, "reference").expect("a model");
        let values = numbers(&case["y"]);
        let series = Series {
            name: "y".to_owned(),
            axis: TimeAxis::regular(values.len()),
            values,
        };
        let density = LogDensity::new(&model, &series).expect("a density");
        for point in case["points"].as_array().expect("a list") {
            let position = numbers(&point["position"]);
            let parameters = numbers(&point["parameters"]);
            let agrees = |what: &str, found: f64| {
                let expected = point[what].as_f64().expect("a number");
                assert!(
                    (found - expected).abs() <= 1e-10 * expected.abs().max(1.0),
                    "{what} of {} at {position:?}: {found}, not {expected}",
                    model.name()
                );
            };
            let mut gradient = vec![0.0; position.len()];
            let found = density.with_gradient(&position, &mut gradient, &mut scratch);
            agrees("log_density", found);
            agrees(
                "log_likelihood",
                density.log_likelihood(&parameters, &mut scratch),
            );
            agrees("log_prior", density.log_prior(&parameters));

            let mut found = vec![0.0; position.len()];
            density.constrain(&position, &mut found);
            for (found, expected) in found.iter().zip(&parameters) {
                assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0));
            }
            density.unconstrain(&parameters, &mut found);
            for (found, expected) in found.iter().zip(&position) {
                assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0));
            }
        }
    }
}
