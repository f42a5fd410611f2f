//! The mean of a year of days for 4000 posterior draws.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fanchart::model::{Family, Model, Scratch};

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

criterion_group!(benches, evaluate, distribution_functions);
criterion_main!(benches);
