//! A fan resampled to the columns of a screen.
//!
//! Zoomed in, a column lies between two steps and the edges are interpolated. Zoomed out, many
//! steps share a column: picking one of them would turn a weekly cycle into a moiré, so a column
//! shows the envelope (lowest lower to highest upper edge) of its steps, and once a whole cycle
//! no longer has room to be seen, of a whole cycle, with the mean smoothed over it.

use super::Fan;

/// A cycle narrower than this many columns of text is shown as its envelope.
const COLUMNS_PER_CYCLE: f64 = 4.0;

/// A fan, one entry a screen column; NaN where the fan does not reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    pub mean: Vec<f64>,
    /// Edges of each band, widest band first.
    pub bands: Vec<(Vec<f64>, Vec<f64>)>,
    /// Whether a column stands for more than its own share of the steps.
    pub smoothed: bool,
}

/// Resamples `fan` to `count` columns between the positions `from` and `to`. `per_cell` is how
/// many of these columns make up one column of text.
pub fn columns(fan: &Fan, from: f64, to: f64, count: usize, per_cell: usize) -> Columns {
    let width = (to - from) / count as f64;
    let cycle = cycle(&fan.mean).map(|steps| steps * fan.spacing);
    let hidden = cycle.filter(|cycle| *cycle < COLUMNS_PER_CYCLE * width * per_cell as f64);
    let window = hidden.unwrap_or(0.0).max(width) / fan.spacing;
    let smoothed = hidden.is_some();
    let mean = if smoothed {
        smooth(&fan.mean, window)
    } else {
        fan.mean.clone()
    };

    let mut out = Columns {
        mean: vec![f64::NAN; count],
        bands: vec![(vec![f64::NAN; count], vec![f64::NAN; count]); fan.bands.len()],
        smoothed,
    };
    let last = fan.len() as f64 - 1.0;
    let reach = reach(fan, from, width, if smoothed { per_cell } else { 1 });
    for column in 0..count {
        let centre = (from + width * (column as f64 + 0.5) - fan.start) / fan.spacing;
        if !reach.contains(&column) {
            continue;
        }
        let centre = centre.clamp(0.0, last);
        out.mean[column] = interpolate(&mean, centre);
        for (band, (lower, upper)) in fan.bands.iter().zip(&mut out.bands) {
            if window <= 1.0 {
                lower[column] = interpolate(&band.lower, centre);
                upper[column] = interpolate(&band.upper, centre);
            } else {
                let steps = window_at(centre, window, fan.len());
                lower[column] = band.lower[steps.clone()]
                    .iter()
                    .copied()
                    .fold(f64::INFINITY, f64::min);
                upper[column] = band.upper[steps]
                    .iter()
                    .copied()
                    .fold(f64::NEG_INFINITY, f64::max);
            }
        }
    }
    for (lower, upper) in &mut out.bands {
        connect(lower, upper);
    }
    out
}

/// Columns from the one that holds the first step to the one that holds the last; where columns
/// are envelopes, whole columns of text, `grain` columns each.
fn reach(fan: &Fan, from: f64, width: f64, grain: usize) -> std::ops::Range<usize> {
    if fan.is_empty() {
        return 0..0;
    }
    let cell = |position: f64| ((position - from) / (width * grain as f64)).floor();
    let (first, last) = (cell(fan.start).max(0.0), cell(fan.end()));
    if last < first {
        return 0..0;
    }
    first as usize * grain..(last as usize).saturating_add(1).saturating_mul(grain)
}

/// Makes neighbouring columns touch where a band so thin and steep that they do not would fall
/// apart.
fn connect(lower: &mut [f64], upper: &mut [f64]) {
    for column in 1..lower.len() {
        let before = column - 1;
        if lower[column] > upper[before] {
            let between = 0.5 * (lower[column] + upper[before]);
            (lower[column], upper[before]) = (between, between);
        } else if upper[column] < lower[before] {
            let between = 0.5 * (upper[column] + lower[before]);
            (upper[column], lower[before]) = (between, between);
        }
    }
}

/// Steps in a window of `width` steps around `centre`, shifted rather than cut at the ends.
fn window_at(centre: f64, width: f64, len: usize) -> std::ops::Range<usize> {
    let count = (width.round() as usize).clamp(1, len);
    let first = (centre - (count as f64 - 1.0) / 2.0).round().max(0.0) as usize;
    let first = first.min(len - count);
    first..first + count
}

fn interpolate(values: &[f64], at: f64) -> f64 {
    let i = at.floor() as usize;
    match (values.get(i), values.get(i + 1)) {
        (Some(a), Some(b)) => a + (b - a) * (at - i as f64),
        (Some(a), None) => *a,
        _ => f64::NAN,
    }
}

/// Mean distance in steps between neighbouring peaks of a curve, where it has at least three.
pub fn cycle(curve: &[f64]) -> Option<f64> {
    let peaks: Vec<usize> = (1..curve.len().saturating_sub(1))
        .filter(|&i| curve[i] > curve[i - 1] && curve[i] >= curve[i + 1])
        .collect();
    let (first, last) = (peaks.first()?, peaks.last()?);
    (peaks.len() >= 3).then(|| (last - first) as f64 / (peaks.len() - 1) as f64)
}

/// Running mean over `width` steps, with fractional weights at its ends so that a cycle of that
/// width cancels whole; where the window would pass the ends, the line goes on as it went.
fn smooth(curve: &[f64], width: f64) -> Vec<f64> {
    let reach = (width / 2.0).ceil() as usize;
    if curve.len() < 4 * reach + 2 {
        let mean = curve.iter().sum::<f64>() / curve.len() as f64;
        return vec![mean; curve.len()];
    }
    let whole = |i: usize| {
        let mut sum = 0.0;
        for (k, value) in curve[i - reach..=i + reach].iter().enumerate() {
            let distance = (k as f64 - reach as f64).abs();
            sum += value * (width / 2.0 + 0.5 - distance).clamp(0.0, 1.0);
        }
        sum / width
    };
    let (first, last) = (reach, curve.len() - 1 - reach);
    let mut out: Vec<f64> = vec![0.0; curve.len()];
    for (i, mean) in out.iter_mut().enumerate().take(last + 1).skip(first) {
        *mean = whole(i);
    }
    let slope_in = (out[last] - out[first]) / (last - first) as f64;
    let near = (width.ceil() as usize).min(last - first);
    let at_start = (out[first + near] - out[first]) / near as f64;
    let at_end = (out[last] - out[last - near]) / near as f64;
    for i in 0..first {
        out[i] = out[first] - 0.5 * (at_start + slope_in) * (first - i) as f64;
    }
    for i in last + 1..curve.len() {
        out[i] = out[last] + 0.5 * (at_end + slope_in) * (i - last) as f64;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Band;
    use proptest::prelude::*;

    fn weekly(n: usize) -> Fan {
        let mean: Vec<f64> = (0..n)
            .map(|i| 10.0 + 0.05 * i as f64 + 3.0 * (i as f64 * std::f64::consts::TAU / 7.0).sin())
            .collect();
        let shift = |by: f64| mean.iter().map(|m| m + by).collect();
        Fan {
            start: 100.0,
            spacing: 1.0,
            bands: vec![Band {
                level: 0.94,
                lower: shift(-2.0),
                upper: shift(2.0),
            }],
            mean,
        }
    }

    #[test]
    fn finds_the_cycle() {
        assert!((cycle(&weekly(365).mean).unwrap() - 7.0).abs() < 0.05);
        assert_eq!(cycle(&[1.0, 2.0, 3.0, 4.0]), None);
        assert_eq!(cycle(&[]), None);
    }

    #[test]
    fn zoomed_in_goes_through_the_steps() {
        let fan = weekly(14);
        // 13 steps over 26 columns, centred so that every second column lies on a step.
        let got = columns(&fan, 99.75, 113.25, 27, 4);
        for i in 0..14 {
            assert!((got.mean[2 * i] - fan.mean[i]).abs() < 1e-9, "step {i}");
        }
        assert!(!got.smoothed);
    }

    #[test]
    fn zoomed_out_is_the_envelope_and_the_trend() {
        let fan = weekly(700);
        let got = columns(&fan, 100.0, 800.0, 100, 1);
        assert!(got.smoothed);
        for column in 0..100 {
            let trend = 10.0 + 0.05 * (7.0 * (column as f64 + 0.5));
            assert!(
                (got.mean[column] - trend).abs() < 0.2,
                "{column}: {} {trend}",
                got.mean[column]
            );
            let (lower, upper) = &got.bands[0];
            assert!(
                (upper[column] - trend - 5.0).abs() < 0.5,
                "{column}: {}",
                upper[column] - trend
            );
            assert!(
                (trend - lower[column] - 5.0).abs() < 0.5,
                "{column}: {}",
                trend - lower[column]
            );
        }
    }

    #[test]
    fn nothing_is_drawn_where_the_fan_does_not_reach() {
        let got = columns(&weekly(10), 0.0, 220.0, 220, 1);
        assert!(got.mean[98].is_nan() && got.mean[112].is_nan());
        assert!(got.mean[100].is_finite() && got.mean[108].is_finite());
    }

    proptest! {
        #[test]
        fn bands_hold_the_mean(n in 1usize..400, from in -50.0..450.0f64, width in 0.1..900.0f64, count in 1usize..300) {
            let got = columns(&weekly(n), from, from + width, count, 4);
            for i in 0..count {
                let (lower, upper) = (&got.bands[0].0[i], &got.bands[0].1[i]);
                prop_assert_eq!(got.mean[i].is_nan(), lower.is_nan());
                if !got.smoothed && got.mean[i].is_finite() {
                    prop_assert!(*lower <= got.mean[i] && got.mean[i] <= *upper);
                }
            }
        }
    }
}
