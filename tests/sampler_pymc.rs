//! Posteriors agree with PyMC's, one model a likelihood (`fixtures/sampler/posteriors.py`).

use std::path::Path;

use fanchart::diagnostics::Sample;
use fanchart::model::Model;
use fanchart::sampler::{Options, Progress, sample};
use fanchart::series::{Series, TimeAxis};
use serde_json::Value;

/// Standard errors that two figures may be apart: one in a hundred thousand is farther.
const FARTHEST: f64 = 4.5;

#[test]
fn posteriors_agree_with_pymc() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sampler/posteriors.json");
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = reference["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let likelihood = case["likelihood"].as_str().unwrap();
        let priors: String = case["priors"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, prior)| format!("{name} = {prior}\n"))
            .collect();
        let text = format!(
            "mean = 'level + rise * t + wave * sin(2 * pi * t / period)'\n\
             likelihood = '{likelihood}'\n[priors]\n{priors}"
        );
        let model = Model::parse(&text, likelihood).unwrap();
        let values: Vec<f64> = serde_json::from_value(case["y"].clone()).unwrap();
        let series = Series {
            name: "y".into(),
            axis: TimeAxis::regular(values.len()),
            values,
        };
        let options = Options {
            draws: 4000,
            seed: 1,
            ..Options::default()
        };
        let sampled = sample(&model, &series, &options, &Progress::default()).unwrap();
        for parameter in &sampled.trace.parameters {
            let expected = &case["posterior"][&parameter.name];
            let of = |figure: &str| expected[figure].as_f64().unwrap();
            let ours = Sample::new(parameter.draws.view());
            for (figure, found, error) in [
                ("mean", ours.mean(), ours.mcse_mean()),
                ("sd", ours.sd(), ours.mcse_sd()),
            ] {
                let error = error.hypot(of(&format!("mcse_{figure}")));
                let apart = (found - of(figure)).abs() / error;
                assert!(
                    apart < FARTHEST,
                    "{likelihood}, {figure} of {}: {found}, PyMC has {}, {apart:.1} standard errors apart",
                    parameter.name,
                    of(figure)
                );
            }
        }
    }
}
