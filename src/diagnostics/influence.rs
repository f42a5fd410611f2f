//! Does the fit hang on a few observations?

use super::loo::Loo;
use super::verdict::{Check, Status};

pub(super) const NAME: &str = "influence";

/// Observations that a message names; more is no longer read.
const NAMED: usize = 5;

/// Observations that the figure shows; of more, the most influential of each stretch.
const SHOWN: usize = 2000;

/// The figure of the check: the influence of each observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// Position on the series' axis and Pareto k, in order of time, at most 2000: of more
    /// observations the largest k of each stretch. Infinite where it could not be fitted.
    pub points: Vec<(f64, f64)>,
    /// The largest k that passes.
    pub limit: f64,
}

impl Influence {
    /// `position` is where an observation lies.
    pub(super) fn new(loo: &Loo, position: impl Fn(usize) -> f64, limit: Option<f64>) -> Self {
        let all: Vec<(f64, f64)> = loo
            .pareto_k
            .iter()
            .enumerate()
            .map(|(i, &k)| (position(i), k))
            .collect();
        let stretch = all.len().div_ceil(SHOWN).max(1);
        let most =
            |points: &[(f64, f64)]| points.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
        Self {
            points: all.chunks(stretch).filter_map(most).collect(),
            limit: limit.unwrap_or(loo.good_k),
        }
    }
}

/// Warns where leaving an observation out would change the posterior so much that its Pareto k
/// is over the limit (Vehtari et al. 2024); without one of one's own, what the number of draws
/// allows. Unknown where a k is infinite, that is, where too few different draws are in the tail.
/// `label` says what an observation is called.
pub(super) fn influence(loo: &Loo, label: impl Fn(usize) -> String, limit: Option<f64>) -> Check {
    let limit = limit.unwrap_or(loo.good_k);
    let mut over: Vec<usize> = (0..loo.pareto_k.len())
        .filter(|&i| loo.pareto_k[i] > limit && loo.pareto_k[i].is_finite())
        .collect();
    over.sort_by(|&a, &b| loo.pareto_k[b].total_cmp(&loo.pareto_k[a]));
    let largest = loo
        .pareto_k
        .iter()
        .copied()
        .filter(|k| k.is_finite())
        .fold(f64::NEG_INFINITY, f64::max);
    let unfitted = loo.pareto_k.iter().filter(|k| !k.is_finite()).count();
    if over.is_empty() && unfitted > 0 {
        let message = format!(
            "Not judged: for {unfitted} of {} observations the draws hold too few different values.",
            loo.pareto_k.len()
        );
        return Check::new(NAME, Status::Unknown, "influence not judged", message)
            .advise("Fit again with more draws, and see that every chain moves.");
    }
    if over.is_empty() {
        let message = format!(
            "No observation sways the fit: the largest Pareto k is {largest:.2}, {limit:.2} is the most. \
             Left out one at a time they have log predictive density {:.1} ± {:.1} (elpd_loo).",
            loo.elpd, loo.se
        );
        let headline = format!("largest Pareto k {largest:.2}");
        return Check::new(NAME, Status::Pass, headline, message).measured(largest, limit);
    }
    let named: Vec<String> = over
        .iter()
        .take(NAMED)
        .map(|&i| format!("{} (k {:.2})", label(i), loo.pareto_k[i]))
        .collect();
    let more = match over.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (count, verb) = match over.len() {
        1 => ("one observation".to_owned(), "sways"),
        n => (format!("{n} observations"), "sway"),
    };
    Check::new(
        NAME,
        Status::Warn,
        format!("{count} {verb} the fit: {}", label(over[0])),
        format!(
            "The fit hangs on {count}: {}{more}; a Pareto k over {limit:.2} is too large.",
            named.join(", ")
        ),
    )
    .measured(largest, limit)
    .advise(
        "Look at them: a slip in the data, an event? If such values belong to the data, use a likelihood \
         with room for them (StudentT(nu, mean, sigma)); compare with a fit that leaves them out.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loo(pareto_k: &[f64]) -> Loo {
        Loo {
            elpd: -10.0,
            se: 1.0,
            p: 2.0,
            pointwise: vec![-1.0; pareto_k.len()],
            pareto_k: pareto_k.to_vec(),
            good_k: 0.7,
        }
    }

    #[test]
    fn the_observations_over_the_limit_are_named_the_worst_first() {
        let label = |i: usize| format!("day {i}");
        let check = influence(&loo(&[0.1, 0.8, 0.3, 1.2]), label, None);
        assert_eq!(
            (check.status, check.value, check.threshold),
            (Status::Warn, Some(1.2), Some(0.7))
        );
        assert!(
            check.message.contains("day 3 (k 1.20), day 1 (k 0.80);"),
            "{}",
            check.message
        );
        let check = influence(&loo(&[0.9; 9]), label, None);
        assert!(check.message.contains(" and 4 more;"), "{}", check.message);
    }

    #[test]
    fn a_tail_that_cannot_be_fitted_is_unknown() {
        let of = |k: &[f64]| influence(&loo(k), |i| i.to_string(), None).status;
        assert_eq!(of(&[0.1, f64::INFINITY]), Status::Unknown);
        assert_eq!(of(&[0.9, f64::INFINITY]), Status::Warn);
    }

    #[test]
    fn of_many_observations_the_most_influential_are_shown() {
        let mut k = vec![0.1; 5000];
        k[4321] = 0.9;
        let shown = Influence::new(&loo(&k), |i| i as f64 + 10.0, None);
        assert!(shown.points.len() <= SHOWN && shown.points.contains(&(4331.0, 0.9)));
        assert_eq!(shown.limit, 0.7);
        let all = Influence::new(&loo(&k[..3]), |i| i as f64, Some(0.5));
        assert_eq!((all.points.len(), all.limit), (3, 0.5));
    }

    #[test]
    fn a_limit_of_one_s_own_counts() {
        let k = loo(&[0.1, 0.6]);
        let status = |limit| influence(&k, |i| i.to_string(), limit).status;
        assert_eq!(
            (status(None), status(Some(0.5))),
            (Status::Pass, Status::Warn)
        );
    }
}
