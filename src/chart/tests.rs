//! Pictures of any scene at any size are documents that open.

use proptest::prelude::*;
use resvg::usvg::{Options, Tree};

use super::*;
use crate::forecast::{Distribution, ForecastTable, Horizon, Probability};
use crate::series::TimeAxis;

/// A forecast of so many steps after ten rows, `scale` the size of its values.
pub(super) fn scene(steps: u32, scale: f64, trust: Trust) -> Scene {
    let axis = TimeAxis::regular(10);
    let mean: Vec<f64> = (0..steps).map(|i| scale * f64::from(i).sin()).collect();
    let band = |level: f64| Band {
        level,
        lower: mean.iter().map(|mean| mean - level * scale).collect(),
        upper: mean.iter().map(|mean| mean + level * scale).collect(),
    };
    let horizon = Horizon::new(steps).expect("a horizon");
    let rows = mean.iter().map(|mean| (*mean, mean - scale, mean + scale));
    Scene {
        series: "<y> & \"z\"".into(),
        source: "a.nc".into(),
        table: ForecastTable::new(&axis, horizon, Probability::DEFAULT, rows),
        window: window(9.0, steps as usize),
        history: Fan::default(),
        forecast: Fan {
            start: 10.0,
            spacing: 1.0,
            bands: [0.94, 0.8, 0.5].map(band).to_vec(),
            mean,
        },
        distribution: Distribution::Predictive,
        observed: (0..10).map(|i| (f64::from(i), scale)).collect(),
        paths: vec![vec![scale; steps as usize]],
        threshold: Some(Threshold {
            value: scale,
            above: 0.1,
        }),
        axis,
        trust,
    }
}

#[test]
fn history_and_forecast_meet_between_their_steps() {
    let mut scene = scene(3, 1.0, Trust::Sound("converged".into()));
    scene.history = Fan {
        start: 8.0,
        spacing: 1.0,
        mean: vec![1.0, 2.0],
        bands: scene
            .forecast
            .bands
            .iter()
            .map(|band| Band {
                level: band.level,
                lower: vec![0.0, 1.0],
                upper: vec![2.0, 3.0],
            })
            .collect(),
    };
    let (history, forecast) = scene.joined();
    assert_eq!(history.positions, [8.0, 9.0, 9.5]);
    assert_eq!(forecast.positions, [9.5, 10.0, 11.0, 12.0]);
    // Halfway between 2, the last of history, and 0, the first of the forecast.
    assert_eq!((history.mean[2], forecast.mean[0]), (1.0, 1.0));
    assert_eq!(history.bands[0].upper[2], forecast.bands[0].upper[0]);
}

#[test]
fn a_scene_speaks_in_natural_frequencies() {
    let scene = scene(1, 2.0, Trust::Sound("converged".into()));
    assert_eq!(scene.title(), "<y> & \"z\": the next day");
    let statement = scene.statement().expect("a day");
    let said = [statement.expectation(), statement.range()];
    assert_eq!(
        said,
        [
            "We expect about 0.0 on day 10.",
            "In 94 of 100 futures like this it lies between -2.0 and 2.0.",
        ]
    );
    assert_eq!(scene.said(), said.join(" "));
    assert_eq!(statement.outside(), "In the other 6 it lies outside.");
    let above = statement.exceedance();
    assert_eq!(above.as_deref(), Some("In about 2 of 20 it is above 2."));
    let rounder = Statement {
        interval: Probability::new(0.95).expect("a probability"),
        distribution: Distribution::Mean,
        ..statement
    };
    assert_eq!(
        rounder.range(),
        "In 19 of 20 draws of the posterior its mean lies between -2.0 and 2.0."
    );
    assert_eq!(rounder.outside(), "In the other one it lies outside.");
    let exceedance = scene.exceedance();
    assert_eq!(
        exceedance.as_deref(),
        Some("about 2 in 20 above 2 on day 10")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_picture_opens(
        steps in 1u32..400,
        exponent in -300.0..300.0f64,
        width in 200u32..=10_000,
        height in 120u32..=10_000,
        failed: bool,
    ) {
        let trust = if failed {
            Trust::Failed("chain 0 < chain 1".into())
        } else {
            Trust::Sound("converged".into())
        };
        let scene = scene(steps, 10f64.powf(exponent), trust);
        let size = Size::new(width, height).expect("a size");
        let svg = svg(&scene, size, Ground::Dark);
        let tree = Tree::from_str(&svg, &Options::default());
        prop_assert!(tree.is_ok(), "{tree:?}");
        prop_assert!(!svg.contains("NaN") && !svg.contains("\"inf"));
        prop_assert_eq!(svg.contains("do not trust"), failed);
    }
}
