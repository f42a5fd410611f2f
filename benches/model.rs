//! The mean of a year of days for 4000 posterior draws; the density of a year, for a fit.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fanchart::model::{DensityScratch, Family, LogDensity, Model, Scratch};
use fanchart::series::{Series, TimeAxis};

const DRAWS: usize = 4000;
const DAYS: usize = 365;

/// Draws around the built-in demo's posterior.
fn columns(model: &Model) -> Vec<Vec<f64>> {
    (0..model.parameters().len())
        .map(|parameter| {
            (0..DRAWS)
                .map(|draw| 3.0 + parameter as f64 + 1e-4 * ((draw * 7919) % DRAWS) as f64)
                .collect()
        })
        .collect()
}

fn evaluate(c: &mut Criterion) {
    for built_in in Model::built_ins() {
        let model = Model::built_in(built_in.name).expect("a built-in model parses");
        let names: Vec<&str> = model.parameters().iter().map(|p| p.name.as_str()).collect();
        let bound = model.bind(&names).expect("its own names");
        let columns = columns(&model);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut scratch = Scratch::default();
        c.bench_function(&format!("arguments/{}", built_in.name), |b| {
            b.iter(|| {
                for day in 0..DAYS {
                    black_box(bound.arguments(&columns, (DAYS + day) as f64, &mut scratch));
                }
            });
        });
    }
}

fn distribution_functions(c: &mut Criterion) {
    let families = [
        (Family::Normal, [30.0, 1.0, 0.0]),
        (Family::StudentT, [4.0, 30.0, 1.0]),
        (Family::Poisson, [30.0, 0.0, 0.0]),
        (Family::NegativeBinomial, [30.0, 5.0, 0.0]),
    ];
    for (family, arguments) in families {
        c.bench_function(&format!("cdf/{}", family.name()), |b| {
            b.iter(|| {
                (0..DRAWS)
                    .map(|draw| family.cdf(arguments, 27.0 + draw as f64 * 1.5e-3))
                    .sum::<f64>()
            });
        });
    }
}

/// A model of each likelihood beside the built-in ones.
const LIKELIHOODS: [(&str, &str); 4] = [
    ("Normal", "Normal(mean, s)"),
    ("StudentT", "StudentT(4, mean, s)"),
    ("Poisson", "Poisson(exp(mean / 10))"),
    ("NegativeBinomial", "NegativeBinomial(exp(mean / 10), s)"),
];

fn density_and_gradient(c: &mut Criterion) {
    let built_in = Model::built_ins().iter().map(|built_in| {
        let model = Model::built_in(built_in.name).expect("a built-in model parses");
        (built_in.name, model)
    });
    let others = LIKELIHOODS.iter().map(|(name, likelihood)| {
        let text = format!(
            "mean = 'a + b * t + 0 * s'\nlikelihood = '{likelihood}'\n[priors]\n\
             a = 'Normal(10, 1)'\nb = 'Normal(0, 0.1)'\ns = 'HalfNormal(1)'"
        );
        (*name, Model::parse(&text, name).expect("a model"))
    });
    let values: Vec<f64> = (0..DAYS)
        .map(|day| (10.0 + 0.05 * day as f64 + 3.0 * (day as f64 * 0.9).sin()).round())
        .collect();
    let series = Series {
        name: "y".to_owned(),
        axis: TimeAxis::regular(DAYS),
        values,
    };
    for (name, model) in built_in.chain(others) {
        let density = LogDensity::new(&model, &series).expect("a density");
        let mut scratch = DensityScratch::default();
        let position = vec![0.3; density.dimension()];
        let mut gradient = vec![0.0; density.dimension()];
        c.bench_function(&format!("density/{name}"), |b| {
            b.iter(|| density.with_gradient(black_box(&position), &mut gradient, &mut scratch));
        });
    }
}

criterion_group!(
    benches,
    evaluate,
    density_and_gradient,
    distribution_functions
);
criterion_main!(benches);
