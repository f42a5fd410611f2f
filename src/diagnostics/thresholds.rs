//! Where the checks draw their lines.

use super::chain_checks::{LEAST_ESS_A_CHAIN, MOST_R_HAT};

/// What each check holds its figure against. The default is that of the literature; a team may
/// set its own bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The largest r_hat that passes (Vehtari et al. 2021).
    pub r_hat: f64,
    /// The fewest effective draws a chain, in the bulk and in the tails (Vehtari et al. 2021).
    pub ess: f64,
    /// Below this share of the draws divergences warn, from it on they fail.
    pub divergences: f64,
    /// The smallest BFMI that passes (Betancourt 2016).
    pub energy: f64,
    /// Share of the draws that may reach the limit of the tree depth.
    pub tree_depth: f64,
    /// A chain further from the others than this many of its own Monte Carlo errors stands apart.
    pub chains_agree: f64,
    /// A warning is given when fewer than this share of replicated data are as unusual as the
    /// data: how often a model that is right is warned about.
    pub residuals: f64,
    /// As `residuals`.
    pub spread: f64,
    /// As `residuals`.
    pub extremes: f64,
    /// The largest Pareto k that passes; `None`: what the number of draws allows (Vehtari et al.
    /// 2024).
    pub influence: Option<f64>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            r_hat: MOST_R_HAT,
            ess: LEAST_ESS_A_CHAIN,
            divergences: 0.001,
            energy: 0.3,
            tree_depth: 0.01,
            chains_agree: 4.0,
            residuals: 0.01,
            spread: 0.01,
            extremes: 0.01,
            influence: None,
        }
    }
}

/// Why a threshold was not set.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ThresholdError {
    #[error("no check is called {0:?}; there are {names}", names = Thresholds::NAMES.join(", "))]
    NoSuchCheck(String),
    #[error("{value} is no threshold of {name}; give {expected}")]
    OutOfRange {
        name: String,
        value: f64,
        expected: &'static str,
    },
}

impl Thresholds {
    /// The checks, in the order of the report.
    pub const NAMES: [&str; 10] = [
        "r_hat",
        "ess",
        "divergences",
        "energy",
        "tree_depth",
        "chains_agree",
        "residuals",
        "spread",
        "extremes",
        "influence",
    ];

    /// Sets the threshold of the check of that name.
    ///
    /// # Errors
    /// When there is no such check, or the value makes no sense for it.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), ThresholdError> {
        let positive = (value > 0.0 && value.is_finite(), "a number over 0");
        let share = ((0.0..=1.0).contains(&value), "a share from 0 to 1");
        // Of a thousand replicated data sets none can be told to be rarer.
        let rarity = (
            (0.001..1.0).contains(&value),
            "a share from 0.001 to less than 1",
        );
        let mut next = *self;
        let (slot, (fits, expected)) = match name {
            "r_hat" => (
                &mut next.r_hat,
                (value >= 1.0 && value.is_finite(), "a number from 1 on"),
            ),
            "ess" => (&mut next.ess, positive),
            "divergences" => (&mut next.divergences, share),
            "energy" => (&mut next.energy, positive),
            "tree_depth" => (&mut next.tree_depth, share),
            "chains_agree" => (&mut next.chains_agree, positive),
            "residuals" => (&mut next.residuals, rarity),
            "spread" => (&mut next.spread, rarity),
            "extremes" => (&mut next.extremes, rarity),
            "influence" => (next.influence.get_or_insert(value), positive),
            _ => return Err(ThresholdError::NoSuchCheck(name.to_owned())),
        };
        if !fits {
            return Err(ThresholdError::OutOfRange {
                name: name.to_owned(),
                value,
                expected,
            });
        }
        *slot = value;
        *self = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_threshold_that_can_be_set() {
        for name in Thresholds::NAMES {
            let mut thresholds = Thresholds::default();
            // 1 is a threshold for all but the rarities, 0.5 for all but r_hat.
            let set = thresholds
                .set(name, 0.5)
                .or_else(|_| thresholds.set(name, 1.0));
            assert_eq!(set, Ok(()), "{name}");
            assert_ne!(thresholds, Thresholds::default(), "{name}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let mut thresholds = Thresholds::default();
        for (name, value) in [
            ("r_hat", 0.9),
            ("r_hat", f64::INFINITY),
            ("ess", f64::NAN),
            ("divergences", 1.5),
            ("spread", 0.0),
            ("influence", -1.0),
        ] {
            assert!(thresholds.set(name, value).is_err(), "{name} {value}");
        }
        let error = thresholds.set("rhat", 1.05).expect_err("a typo");
        assert!(
            error.to_string().contains("there are r_hat, ess"),
            "{error}"
        );
    }
}
