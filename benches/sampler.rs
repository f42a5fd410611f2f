//! The search for a start, and a whole sampling of the reference series.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use fanchart::model::Model;
use fanchart::sampler::{Options, Progress, sample};
use fanchart::series::Table;

fn sampling(c: &mut Criterion) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/data.csv");
    let series = Table::from_csv_path(&data)
        .expect("the demo's series")
        .series;
    for built_in in Model::built_ins() {
        let model = Model::built_in(built_in.name).expect("a built-in model parses");
        for (what, tune, draws) in [("start", 0, 1), ("2 x (1000 + 2000)", 1000, 2000)] {
            let options = Options {
                chains: 2,
                tune,
                draws,
                seed: 0,
            };
            c.bench_function(&format!("{}/{what}", built_in.name), |b| {
                b.iter(|| {
                    black_box(sample(&model, &series, &options, &Progress::default()))
                        .expect("the reference series is sampled")
                });
            });
        }
    }
}

criterion_group!(benches, sampling);
criterion_main!(benches);
