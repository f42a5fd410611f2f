//! The best candidates, one a peak, however many parameters bend the mean.

use super::projection::{Candidate, Projection};
use super::scan;
use crate::model::{DensityScratch, Family};

/// Candidates that are climbed from.
pub(super) const MOST: usize = 16;

/// A candidate whose score is this much below the best is not climbed from where scores are log
/// densities: its peak would have a share of 1e-13.
const HOPELESS: f64 = 30.0;

/// The best candidates for a target, best first.
pub(super) fn candidates(projection: &Projection<'_>) -> Vec<Candidate> {
    let centres = &projection.scales.centres;
    let mut best = match projection.roles.nonlinear[..] {
        [] => {
            let shape = projection.shape(centres, &mut DensityScratch::default());
            projection.fit(centres, &shape).into_iter().collect()
        }
        [one] => scan::peaks(projection, centres, one, MOST),
        _ => distinct(projection, by_turns(projection)),
    };
    // With several parameters to search, a score knows the best of one of them alone.
    let is_log_density = matches!(
        projection.density.family(),
        Family::Normal | Family::LogNormal
    ) && projection.roles.nonlinear.len() < 2;
    if let Some(first) = best.first().filter(|_| is_log_density) {
        let least = first.score - HOPELESS;
        best.retain(|candidate| candidate.score > least);
    }
    best
}

/// With several parameters to search, one at a time, the others held where they are best so far,
/// from a few places of the prior; as long as it helps.
///
/// Cycles hardly get in each other's way, so that each finds its period with the others still
/// wrong, the strongest first.
fn by_turns(projection: &Projection<'_>) -> Vec<Candidate> {
    const ROUNDS: usize = 4;
    /// Less is not worth another round.
    const BETTER: f64 = 0.1;
    let mut pool = Vec::new();
    for start in beginnings(projection) {
        let mut best = start;
        for _ in 0..ROUNDS {
            let before = best.score;
            for parameter in &projection.roles.nonlinear {
                let found = scan::peaks(projection, &best.parameters, *parameter, MOST);
                if let Some(first) = found.first()
                    && first.score > best.score
                {
                    best = first.clone();
                }
                pool.extend(found);
            }
            if best.score < before + BETTER {
                break;
            }
        }
    }
    pool
}

/// The best of many places spread evenly over the priors of the nonlinear parameters.
fn beginnings(projection: &Projection<'_>) -> Vec<Candidate> {
    const PLACES: usize = 256;
    const KEPT: usize = 3;
    let mut scratch = DensityScratch::default();
    let mut found: Vec<Candidate> = (0..PLACES)
        .filter_map(|place| {
            let mut parameters = projection.scales.centres.clone();
            let spot = spot(place, projection.roles.nonlinear.len());
            for (k, p) in projection.roles.nonlinear.iter().zip(spot) {
                let knots = &projection.scales.knots[*k];
                let at = p * (knots.len() - 1) as f64;
                let (low, part) = (at as usize, at.fract());
                parameters[*k] = knots[low] + part * (knots[low + 1] - knots[low]);
            }
            let shape = projection.shape(&parameters, &mut scratch);
            projection.fit(&parameters, &shape)
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found.truncate(KEPT);
    found
}

/// A point of a sequence that fills the unit cube evenly: multiples of the powers of the inverse
/// of the root of `x^(d + 1) = x + 1` (Roberts, "The Unreasonable Effectiveness of Quasirandom
/// Sequences", 2018).
fn spot(place: usize, dimensions: usize) -> impl Iterator<Item = f64> {
    let mut root = 1.5_f64;
    for _ in 0..50 {
        root = (1.0 + root).powf(1.0 / (dimensions + 1) as f64);
    }
    (1..=dimensions as i32).map(move |k| (0.5 + place as f64 * root.powi(-k)).fract())
}

/// Each peak once, by its best candidate: two are on one peak when the likelihood could not tell
/// their means apart, nor that half-way between them. The same at both alone says nothing: of
/// `abs(m)` there are two peaks.
fn distinct(projection: &Projection<'_>, mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut scratch = DensityScratch::default();
    let least = 0.5 * projection.variance();
    let close = |a: &[f64], b: &[f64]| {
        let apart: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
        apart < least
    };
    let mut kept: Vec<(Candidate, Vec<f64>)> = Vec::new();
    for candidate in found {
        if kept.len() == MOST {
            break;
        }
        let mean = projection.mean(&candidate.parameters, &mut scratch);
        let mut same = |(known, at_known): &(Candidate, Vec<f64>)| {
            close(at_known, &mean) && {
                let middle: Vec<f64> = (known.parameters.iter().zip(&candidate.parameters))
                    .map(|(a, b)| 0.5 * (a + b))
                    .collect();
                close(at_known, &projection.mean(&middle, &mut scratch))
            }
        };
        if !kept.iter().any(&mut same) {
            kept.push((candidate, mean));
        }
    }
    kept.into_iter().map(|(candidate, _)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spots_fill_the_square_evenly() {
        let mut seen = [[0; 4]; 4];
        for place in 0..160 {
            let [x, y] = spot(place, 2).collect::<Vec<_>>()[..] else {
                panic!("two dimensions");
            };
            seen[(4.0 * x) as usize][(4.0 * y) as usize] += 1;
        }
        for count in seen.as_flattened() {
            assert!((6..=14).contains(count), "{seen:?}");
        }
    }
}
