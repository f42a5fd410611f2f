//! Checks of what the sampler recorded: divergences, energy, tree depth.

use ndarray::Array2;

use super::energy::bfmi;
use super::verdict::{Check, Status};

pub(super) const TREE_DEPTH: &str = "tree_depth";

const REFIT: &str = "Fit again with a sampler that records it (PyMC, nutpie and Stan do).";

/// Divergent draws (chains × draws): places that the sampler could not follow (Betancourt 2017,
/// arXiv:1701.02434). The value is their share of all draws: below `few` they warn, from it on
/// they fail.
pub(super) fn divergences(diverging: Option<&Array2<bool>>, few: f64) -> Check {
    const NAME: &str = "divergences";
    let Some(diverging) = diverging.filter(|d| !d.is_empty()) else {
        return Check::new(
            NAME,
            Status::Unknown,
            "no record of divergences",
            "The trace has no record of divergences.",
        )
        .advise(REFIT);
    };
    let count = diverging.iter().filter(|d| **d).count();
    let share = count as f64 / diverging.len() as f64;
    let headline = format!("{count} of {} draws diverged", diverging.len());
    if count == 0 {
        return Check::new(NAME, Status::Pass, headline, "No draw diverged.").measured(share, few);
    }
    let stuck = diverging
        .outer_iter()
        .position(|chain| 2 * chain.iter().filter(|d| **d).count() > chain.len());
    let (place, advice) = match stuck {
        Some(chain) => (
            format!(", most of chain {chain}"),
            format!(
                "Chain {chain} is stuck: fit again with another seed or with better starting values."
            ),
        ),
        None => (
            String::new(),
            "Fit again with a higher target acceptance (0.95, then 0.99) or with tighter priors."
                .to_owned(),
        ),
    };
    let status = if share < few {
        Status::Warn
    } else {
        Status::Fail
    };
    let message = format!(
        "{headline}{place}: the sampler could not follow the posterior there and may have missed a part of it."
    );
    Check::new(NAME, status, headline, message)
        .measured(share, few)
        .advise(advice)
}

/// BFMI of the worst chain, from the energies (chains × draws); fails below `least`.
pub(super) fn energy(energy: Option<&Array2<f64>>, least: f64) -> Check {
    const NAME: &str = "energy";
    let figures = energy.map_or_else(Vec::new, |energy| bfmi(energy.view()));
    let worst = figures
        .iter()
        .enumerate()
        .filter(|(_, x)| x.is_finite())
        .min_by(|a, b| a.1.total_cmp(b.1));
    match worst {
        Some((chain, &value)) if value < least => Check::new(
            NAME,
            Status::Fail,
            format!("chain {chain} explores the energy too slowly"),
            format!(
                "Chain {chain} moves through the energy too slowly (BFMI {value:.2}, {least} is the least): \
                 it may not reach the tails."
            ),
        )
        .measured(value, least)
        .advise("Tighten the priors of scale parameters or write the model with standardised parameters, then fit again."),
        Some((_, &value)) if figures.iter().all(|x| x.is_finite()) => Check::new(
            NAME,
            Status::Pass,
            format!("BFMI {value:.2}"),
            format!("Every chain moves through the energy well (smallest BFMI {value:.2}, {least} is the least)."),
        )
        .measured(value, least),
        _ if figures.is_empty() => {
            Check::new(NAME, Status::Unknown, "no record of the energy", "The trace has no record of the energy.")
                .advise(REFIT)
        }
        _ => Check::new(
            NAME,
            Status::Unknown,
            "the energy of a chain never changes",
            "BFMI is undefined for a chain: its energies are constant, too few or not finite.",
        )
        .advise("Fit again, and see whether the sampler moved at all."),
    }
}

/// Draws whose trajectory was cut at the limit of the tree depth (chains × draws). The value is
/// their share; above `most` it warns. Never fails: the draws are right, only dear.
pub(super) fn tree_depth(reached: Option<&Array2<bool>>, most: f64) -> Check {
    let Some(reached) = reached.filter(|r| !r.is_empty()) else {
        return Check::new(
            TREE_DEPTH,
            Status::Unknown,
            "no record of tree depths",
            "The trace does not say which draws reached the tree depth limit.",
        )
        .advise(
            "Nothing to do for correctness; a sampler that records it would show wasted time.",
        );
    };
    let count = reached.iter().filter(|r| **r).count();
    let share = count as f64 / reached.len() as f64;
    let headline = format!(
        "{count} of {} draws hit the tree depth limit",
        reached.len()
    );
    let message = format!(
        "{count} of {} draws reached the tree depth limit.",
        reached.len()
    );
    if share > most {
        return Check::new(TREE_DEPTH, Status::Warn, headline, message)
            .measured(share, most)
            .advise("Fit again with a larger maximum tree depth or with parameters on similar scales: the draws are right but cost too much.");
    }
    Check::new(TREE_DEPTH, Status::Pass, headline, message).measured(share, most)
}
