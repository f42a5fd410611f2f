//! Reading a million rows.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fanchart::series::Table;
use jiff::ToSpan;
use jiff::civil::date;

const ROWS: u32 = 1_000_000;

fn csv(c: &mut Criterion) {
    let mut numbered = String::from("t,y\n");
    let mut dated = String::from("date,value\n");
    let mut day = date(1970, 1, 1).at(0, 0, 0, 0);
    for t in 0..ROWS {
        let y = f64::from(t).sqrt();
        // Writing to a string cannot fail.
        let _ = writeln!(numbered, "{t},{y}");
        let _ = writeln!(dated, "{day},{y}");
        day += 1.hour();
    }
    let mut group = c.benchmark_group("csv/million_rows");
    group.sample_size(10);
    for (name, text) in [("numbered", numbered), ("dated", dated)] {
        group.bench_function(name, |b| {
            b.iter(|| black_box(Table::from_csv_reader(text.as_bytes(), "data.csv")));
        });
    }
    group.finish();
}

criterion_group!(benches, csv);
criterion_main!(benches);
