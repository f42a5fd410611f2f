//! Where the chains begin: the peaks of the posterior, found before any sampling.
//!
//! The posterior of a period has a peak for every wave more or less that fits between the first
//! row and the last: many, narrow, and far apart in height. A chain that begins on the wrong one
//! stays there. So the peaks are looked for first:
//!
//! 1. Candidates: for the parameters that bend the mean (a period), values so dense that no peak
//!    lies between them ([`scan`], [`candidates`]); for those in which it is linear, least squares
//!    ([`projection`]).
//! 2. From the best candidates, one a peak, the true log density is climbed to the top
//!    ([`climb`](super::climb)).
//! 3. The peaks are compared by Laplace's approximation ([`frame`](super::frame)).

mod candidates;
mod projection;
mod roles;
mod scales;
mod scan;

use ndarray::Array2;
use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use rayon::prelude::*;

use self::candidates::candidates;
use self::projection::Projection;
use self::roles::Roles;
use self::scales::Scales;
use super::climb::{Peak, climb};
use super::frame::Frame;
use crate::model::{DensityScratch, Family, LogDensity};

/// A peak of the posterior.
#[derive(Debug, Clone)]
pub(super) struct Summit {
    /// On the unconstrained scale.
    pub position: Vec<f64>,
    pub height: f64,
    pub frame: Frame,
    /// Its share of the posterior, by Laplace's approximation; all shares together are 1.
    pub weight: f64,
}

/// Closer than this many standard deviations, two peaks are one found twice.
const SAME: f64 = 0.3;

/// Why there is nowhere to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nowhere {
    /// The density is finite nowhere.
    Undefined,
    /// The mean passes through every observation, and the density grows without bounds as the
    /// noise goes to nothing.
    NoNoise,
}

/// The peaks of the posterior, the one of greatest weight first; at least one.
///
/// # Errors
/// When there is none to start from.
pub(super) fn summits(density: &LogDensity) -> Result<Vec<Summit>, Nowhere> {
    let scales = Scales::of(density);
    let roles = Roles::of(density, &scales);
    let mut starts: Vec<Vec<f64>> = targets(density)
        .into_iter()
        .flat_map(|target| {
            candidates(&Projection {
                density,
                scales: &scales,
                roles: &roles,
                target,
            })
        })
        .map(|candidate| candidate.parameters)
        .collect();
    if starts.is_empty() {
        starts = likeliest_of_prior(density);
    }
    let climbs: Vec<Result<Peak, Vec<f64>>> = starts
        .par_iter()
        .map(|start| ascend(density, start, &roles.beside, &scales))
        .collect();
    let (peaks, lost): (Vec<_>, Vec<_>) = climbs.into_iter().partition(Result::is_ok);
    let found = distinct(peaks.into_iter().flatten().collect(), &scales);
    if !found.is_empty() {
        return Ok(weighed(found));
    }
    let mut lost = lost.into_iter().filter_map(Result::err);
    if lost.any(|position| leaves_nothing(density, &position)) {
        return Err(Nowhere::NoNoise);
    }
    somewhere(density, &starts, &scales)
        .map(|summit| vec![summit])
        .ok_or(Nowhere::Undefined)
}

/// Whether the mean at a position passes through every observation, or they are all the same.
fn leaves_nothing(density: &LogDensity, position: &[f64]) -> bool {
    /// Of the squares of the observations around their mean.
    const NOTHING: f64 = 1e-6;
    let mut parameters = vec![0.0; position.len()];
    density.constrain(position, &mut parameters);
    targets(density).into_iter().any(|target| {
        let mut mean = vec![0.0; target.len()];
        density.mean(&parameters, &mut mean, &mut DensityScratch::default());
        let level = target.iter().sum::<f64>() / target.len() as f64;
        let spread: f64 = target.iter().map(|y| (y - level).powi(2)).sum();
        let left: f64 = target.iter().zip(&mean).map(|(y, m)| (y - m).powi(2)).sum();
        left <= NOTHING * spread || target.iter().all(|y| *y == target[0])
    })
}

/// What the mean is fitted to by least squares: the observations on the scale of the mean. Counts
/// mostly have the exponential of the mean as their rate, and may have the mean itself.
fn targets(density: &LogDensity) -> Vec<Vec<f64>> {
    let (_, y) = density.observations();
    match density.family() {
        Family::Normal => vec![y.to_vec()],
        Family::StudentT => vec![y.to_vec(), clipped(y)],
        Family::LogNormal => vec![y.iter().map(|y| y.ln()).collect()],
        Family::Poisson | Family::NegativeBinomial => {
            vec![y.iter().map(|y| (y + 0.5).ln()).collect(), y.to_vec()]
        }
    }
}

/// Values with the outermost 5 % moved inwards: least squares follows outliers.
fn clipped(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted.len() / 40;
    let (least, most) = (sorted[cut], sorted[sorted.len() - 1 - cut]);
    values
        .iter()
        .map(|value| value.clamp(least, most))
        .collect()
}

/// From parameters to the top of the peak they lie on.
///
/// First along the parameters that least squares does not know, such as a noise: far off, they
/// would bend the way of all others.
fn ascend(
    density: &LogDensity,
    start: &[f64],
    beside: &[usize],
    scales: &Scales,
) -> Result<Peak, Vec<f64>> {
    let mut position = vec![0.0; start.len()];
    density.unconstrain(start, &mut position);
    let mut scratch = DensityScratch::default();
    let mut landscape = |position: &[f64], gradient: &mut [f64]| {
        density.with_gradient(position, gradient, &mut scratch)
    };
    let all: Vec<usize> = (0..start.len()).collect();
    if let Ok(peak) = climb(&mut landscape, &position, beside, &scales.free_widths) {
        position = peak.position;
    }
    climb(&mut landscape, &position, &all, &scales.free_widths)
}

/// Each peak once, with its frame.
fn distinct(mut peaks: Vec<Peak>, scales: &Scales) -> Vec<(Peak, Frame)> {
    peaks.sort_by(|a, b| b.height.total_cmp(&a.height));
    let mut found: Vec<(Peak, Frame)> = Vec::new();
    for peak in peaks {
        let known = found.iter().any(|(known, frame)| {
            frame.squared_distance(&peak.position, &known.curvature) < SAME * SAME
        });
        if !known {
            let frame = Frame::new(&peak, &scales.free_widths);
            found.push((peak, frame));
        }
    }
    found
}

fn weighed(found: Vec<(Peak, Frame)>) -> Vec<Summit> {
    let weight = |(peak, frame): &(Peak, Frame)| frame.ln_weight(peak.height);
    let most = found.iter().map(weight).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = found.iter().map(|found| (weight(found) - most).exp()).sum();
    let mut summits: Vec<Summit> = found
        .into_iter()
        .map(|found| Summit {
            weight: (weight(&found) - most).exp() / total,
            position: found.0.position,
            height: found.0.height,
            frame: found.1,
        })
        .collect();
    summits.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    summits
}

/// Draws of the prior with the greatest likelihood: starts where least squares finds none.
fn likeliest_of_prior(density: &LogDensity) -> Vec<Vec<f64>> {
    const DRAWS: usize = 1000;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut scratch = DensityScratch::default();
    let mut draws: Vec<(f64, Vec<f64>)> = (0..DRAWS)
        .map(|_| density.draw_prior(&mut rng))
        .map(|draw| (density.log_likelihood(&draw, &mut scratch), draw))
        .filter(|(height, _)| height.is_finite())
        .collect();
    draws.sort_by(|a, b| b.0.total_cmp(&a.0));
    draws.truncate(candidates::MOST);
    draws.into_iter().map(|(_, draw)| draw).collect()
}

/// Where no top was found: the highest of the starts, with the priors' widths around it.
fn somewhere(density: &LogDensity, starts: &[Vec<f64>], scales: &Scales) -> Option<Summit> {
    let n = density.dimension();
    let mut scratch = DensityScratch::default();
    let mut gradient = vec![0.0; n];
    let mut peaks: Vec<Peak> = starts
        .iter()
        .map(|start| {
            let mut position = vec![0.0; n];
            density.unconstrain(start, &mut position);
            Peak {
                height: density.with_gradient(&position, &mut gradient, &mut scratch),
                position,
                curvature: Array2::zeros((n, n)),
            }
        })
        .filter(|peak| peak.height.is_finite())
        .collect();
    peaks.sort_by(|a, b| b.height.total_cmp(&a.height));
    let highest = peaks.into_iter().next()?;
    Some(Summit {
        frame: Frame::new(&highest, &scales.free_widths),
        position: highest.position,
        height: highest.height,
        weight: 1.0,
    })
}
