//! Which chain stands apart, where r_hat says that they disagree.

use ndarray::{ArrayView2, Axis};

use super::chain_checks::Assessed;
use super::moments::mean;
use super::quantile::median;
use super::sample::Sample;
use super::verdict::{Check, Status};

pub const CHAINS_AGREE: &str = "chains_agree";

/// A chain further from the others than this many of its own Monte Carlo errors stands apart.
const APART: f64 = 4.0;
/// Parameters and chains that a message names; more is no longer read.
const NAMED: usize = 3;

/// Where the chains sit in one parameter.
struct Position<'a> {
    name: &'a str,
    /// Mean of each chain.
    means: Vec<f64>,
    /// Distance of each chain's mean from the median of the others' means. The median, so that
    /// one stray chain does not make the good ones look apart.
    distances: Vec<f64>,
    /// The distances in Monte Carlo standard errors of the chain itself.
    scores: Vec<f64>,
    /// The largest distance in standard deviations of all draws.
    separation: f64,
}

impl<'a> Position<'a> {
    fn new(parameter: &Assessed<'a>) -> Self {
        let means = parameter.draws.map_axis(Axis(1), mean).to_vec();
        let distances: Vec<f64> = (0..means.len())
            .map(|c| (means[c] - middle_of_others(&means, c)).abs())
            .collect();
        let scores = parameter
            .draws
            .outer_iter()
            .zip(&distances)
            .map(|(chain, &distance)| {
                let chain: ArrayView2<'_, f64> = chain.insert_axis(Axis(0));
                // A chain that never moves has no error at all.
                if distance == 0.0 {
                    0.0
                } else {
                    distance / Sample::new(chain).mcse_mean()
                }
            });
        let scores = scores.collect();
        let separation =
            distances.iter().fold(0.0, |most: f64, &d| most.max(d)) / parameter.summary.sd;
        Self {
            name: parameter.name,
            means,
            distances,
            scores,
            separation,
        }
    }

    /// Enough decimals to tell the chains apart: two digits of the distance.
    fn text(&self, value: f64) -> String {
        let largest = self.distances.iter().fold(0.0, |most: f64, &d| most.max(d));
        let decimals = 1.0 - largest.log10().floor();
        match decimals {
            _ if decimals > 9.0 => format!("{value:.6e}"),
            _ if value.abs() < 100.0 => format!("{value:.*}", decimals.max(2.0) as usize),
            _ => format!("{value:.*}", decimals.max(0.0) as usize),
        }
    }
}

fn middle_of_others(means: &[f64], chain: usize) -> f64 {
    let mut others = means.to_vec();
    others.remove(chain);
    others.sort_by(f64::total_cmp);
    median(&others)
}

/// Names the chains that sit elsewhere than the others in a parameter whose r_hat fails. The
/// value is the largest distance in Monte Carlo standard errors of the chain itself.
pub(super) fn chains_agree(parameters: &[Assessed<'_>], r_hat: Status) -> Check {
    match r_hat {
        Status::Fail => {}
        Status::Unknown => {
            return Check::new(
                CHAINS_AGREE,
                Status::Unknown,
                "whether the chains agree cannot be judged",
                "Whether the chains agree cannot be judged, because r_hat cannot.",
            )
            .advise("See what r_hat lacks.");
        }
        Status::Pass | Status::Warn => {
            return Check::new(
                CHAINS_AGREE,
                Status::Pass,
                "no chain stands apart",
                "No chain stands apart.",
            );
        }
    }
    let mut positions: Vec<Position<'_>> = parameters
        .iter()
        .filter(|p| p.r_hat_fails())
        .map(Position::new)
        .collect();
    let chains = positions.iter().map(|p| p.means.len()).min().unwrap_or(0);
    let score = |c: usize| positions.iter().map(|p| p.scores[c]).fold(0.0, f64::max);
    let mut apart: Vec<(usize, f64)> = (0..chains)
        .map(|c| (c, score(c)))
        .filter(|(_, score)| *score > APART)
        .collect();
    apart.sort_by(|a, b| b.1.total_cmp(&a.1));
    let Some(&(first, value)) = apart.first() else {
        return Check::new(
            CHAINS_AGREE,
            Status::Pass,
            "no single chain stands apart",
            "No single chain stands apart: they all move too slowly to have met.",
        );
    };

    // The parameters that show it best, in the order of the file.
    let mut separations: Vec<f64> = positions.iter().map(|p| p.separation).collect();
    separations.sort_by(|a, b| b.total_cmp(a));
    let least = separations[separations.len().min(NAMED) - 1];
    positions.retain(|p| p.separation >= least);
    positions.truncate(NAMED);

    let mut listed: Vec<usize> = apart.iter().map(|(chain, _)| *chain).take(NAMED).collect();
    if chains == 2 {
        listed = vec![first, 1 - first];
    }
    let mut message = String::new();
    for (i, &chain) in listed.iter().enumerate() {
        let values = positions.iter().map(|p| {
            let value = p.text(p.means[chain]);
            if i == 0 {
                format!("{} {value}", p.name)
            } else {
                value
            }
        });
        let values = values.collect::<Vec<_>>().join(", ");
        message += &match i {
            0 => format!("Chain {chain} sits at {values}"),
            _ => format!("; chain {chain} at {values}"),
        };
    }
    if chains > listed.len() {
        let values = positions
            .iter()
            .map(|p| p.text(middle_of_others(&p.means, first)));
        message += &format!(
            "; the others around {}",
            values.collect::<Vec<_>>().join(", ")
        );
    }
    message.push('.');
    let clearest = positions
        .iter()
        .max_by(|a, b| a.separation.total_cmp(&b.separation));
    let (name, here, there) = clearest.map_or(("", String::new(), String::new()), |p| {
        (
            p.name,
            p.text(p.means[first]),
            p.text(middle_of_others(&p.means, first)),
        )
    });
    Check::new(CHAINS_AGREE, Status::Fail, format!("chain {first} sits at {name} {here}, not {there}"), message)
        .measured(value, APART)
        .about(name)
        .advise(format!(
            "Fit again with another seed or with better starting values; if chain {first} comes back to the same place, the posterior has several modes: narrow the prior of {name}."
        ))
}
