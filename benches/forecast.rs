//! What a person waits for: a file that opens, a forecast that is drawn anew, a key that shows.
//!
//! The demo has 2 chains of 2000 draws; targets on 2 cores are 10 ms for a recomputed year,
//! 1 ms for another interval and 4 ms for a frame.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use fanchart::explorer::engine::Engine;
use fanchart::explorer::figures::Query;
use fanchart::explorer::theme::{Background, Colors};
use fanchart::explorer::{Controls, Headless, Options};
use fanchart::forecast::{Distribution, Fit, Horizon, Probability};
use fanchart::trace::{ReadOptions, Trace};
use ratatui::layout::Size;

const TRACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/trace.nc");
const YEAR: u32 = 365;
/// A large window: what a frame costs grows with it.
const SCREEN: Size = Size::new(200, 60);

fn demo() -> Fit {
    let trace = Trace::open(Path::new(TRACE), &ReadOptions::default()).expect("the demo opens");
    Fit::assemble(trace, None, None).expect("the demo's model is built in")
}

/// A year ahead, without bands over the training data.
fn year() -> Query {
    Query {
        horizon: Horizon::new(YEAR).expect("a horizon"),
        interval: Probability::DEFAULT,
        distribution: Distribution::Predictive,
        seed: 0,
        threshold: None,
        presented: false,
        window: (f64::from(YEAR), 2.0 * f64::from(YEAR)),
    }
}

fn open(c: &mut Criterion) {
    c.bench_function("open the demo", |b| {
        b.iter(|| Trace::open(Path::new(TRACE), &ReadOptions::default()));
    });
}

fn engine(c: &mut Criterion) {
    let fit = demo();
    let forecaster = fit.forecaster(usize::MAX).expect("a model that fits");
    let mut engine = Engine::new(forecaster, fit.table.clone());
    let mut query = year();
    c.bench_function("recompute 4000 x 365", |b| {
        b.iter(|| {
            query.seed += 1;
            black_box(engine.answer(&query))
        });
    });

    // Between two intervals back and forth, so that each answer is another one.
    let intervals = [0.9, 0.94].map(|p| Probability::new(p).expect("a probability"));
    let mut next = intervals.into_iter().cycle();
    c.bench_function("another interval, 4000 x 365", |b| {
        b.iter(|| {
            query.interval = next.next().unwrap_or(Probability::DEFAULT);
            black_box(engine.answer(&query))
        });
    });
}

fn screen(c: &mut Criterion) {
    let options = Options {
        controls: Controls::default(),
        colors: Colors::True,
        background: Some(Background::Dark),
    };
    let mut explorer = Headless::new(&demo(), "demo", &options, SCREEN).expect("the demo opens");
    c.bench_function("frame 200 x 60", |b| b.iter(|| black_box(explorer.draw())));

    // There and back, so that the forecast never runs out of horizon.
    let mut keys = ["<right>", "<left>"].into_iter().cycle();
    c.bench_function("key to frame 200 x 60", |b| {
        b.iter(|| {
            explorer.press(keys.next().unwrap_or_default());
            black_box(explorer.draw())
        });
    });

    // A year with every layer on.
    explorer.press("h365<enter>p9c");
    c.bench_function("frame 200 x 60 of a year", |b| {
        b.iter(|| black_box(explorer.draw()))
    });
}

criterion_group!(benches, open, engine, screen);
criterion_main!(benches);
