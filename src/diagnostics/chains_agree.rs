//! Which chain stands apart, where r_hat says that they disagree.

use ndarray::{ArrayView2, Axis};

use super::chain_checks::Assessed;
use super::moments::mean;
use super::quantile::median;
use super::sample::Sample;
use super::verdict::{Check, Status};

pub const CHAINS_AGREE: &str = "chains_agree";

/// Chains that a message names; more is no longer read.
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
    r_hat: f64,
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
            r_hat: parameter.summary.r_hat,
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
/// value is the largest distance in Monte Carlo standard errors of the chain itself. With these
/// chains, the furthest first.
pub(super) fn chains_agree(
    parameters: &[Assessed<'_>],
    r_hat: Status,
    apart: f64,
) -> (Check, Vec<usize>) {
    let check = match r_hat {
        Status::Fail => return disagreement(parameters, apart),
        Status::Unknown => Check::new(
            CHAINS_AGREE,
            Status::Unknown,
            "whether the chains agree cannot be judged",
            "Whether the chains agree cannot be judged, because r_hat cannot.",
        )
        .advise("See what r_hat lacks."),
        Status::Pass | Status::Warn => Check::new(
            CHAINS_AGREE,
            Status::Pass,
            "no chain stands apart",
            "No chain stands apart.",
        ),
    };
    (check, Vec::new())
}

/// A chain further from the others than `limit` of its own Monte Carlo errors stands apart.
fn disagreement(parameters: &[Assessed<'_>], limit: f64) -> (Check, Vec<usize>) {
    let positions: Vec<_> = parameters
        .iter()
        .filter(|p| p.r_hat_fails())
        .map(Position::new)
        .collect();
    let chains = positions.iter().map(|p| p.means.len()).min().unwrap_or(0);
    let score = |c: usize| positions.iter().map(|p| p.scores[c]).fold(0.0, f64::max);
    let mut apart: Vec<usize> = (0..chains).filter(|&c| score(c) > limit).collect();
    apart.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
    let worst = positions.iter().max_by(|a, b| a.r_hat.total_cmp(&b.r_hat));
    let clearest = positions
        .iter()
        .max_by(|a, b| a.separation.total_cmp(&b.separation));
    let (Some(&first), Some(worst), Some(clearest)) = (apart.first(), worst, clearest) else {
        let check = Check::new(
            CHAINS_AGREE,
            Status::Pass,
            "no single chain stands apart",
            "No single chain stands apart: they all move too slowly to have met.",
        );
        return (check, Vec::new());
    };
    let told: Vec<_> = positions
        .iter()
        .filter(|p| p.name == worst.name || p.name == clearest.name)
        .collect();
    let (name, here) = (clearest.name, clearest.text(clearest.means[first]));
    let there = clearest.text(middle_of_others(&clearest.means, first));
    let check = Check::new(
        CHAINS_AGREE,
        Status::Fail,
        format!("chain {first} sits at {name} {here}, not {there}"),
        sentence(&told, &apart, chains),
    )
    .measured(score(first), limit)
    .about(name)
    .advise(format!(
        "Fit again with another seed or with better starting values; if chain {first} comes back \
         to the same place, the posterior has several modes: narrow the priors."
    ));
    (check, apart)
}

/// "Chain 0 sits at period 7.0001, sigma 2.20; chain 1 at 6.9989, 0.94."
fn sentence(told: &[&Position<'_>], apart: &[usize], chains: usize) -> String {
    let listed = |text: &dyn Fn(&Position<'_>) -> String| {
        told.iter().map(|p| text(p)).collect::<Vec<_>>().join(", ")
    };
    let first = apart[0];
    let mut sentence = format!(
        "Chain {first} sits at {}",
        listed(&|p| format!("{} {}", p.name, p.text(p.means[first])))
    );
    for &chain in apart.iter().take(NAMED).skip(1) {
        sentence += &format!("; chain {chain} at {}", listed(&|p| p.text(p.means[chain])));
    }
    let rest = chains - apart.len().min(NAMED);
    if rest > 0 {
        let who = if rest == 1 { "the other" } else { "the others" };
        sentence += &format!(
            "; {who} at {}",
            listed(&|p| p.text(middle_of_others(&p.means, first)))
        );
    }
    sentence + "."
}
