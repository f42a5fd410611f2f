//! Do as many observations fall inside the model's bands as the bands promise?

use rayon::prelude::*;
use statrs::function::beta::checked_beta_reg;

use super::quantile::quantile;
use super::verdict::{Check, Status};
use crate::forecast::Replicates;

pub(super) const NAME: &str = "spread";

/// Bands that are looked at: the middle, the usual one and the tails.
const BANDS: [f64; 3] = [0.5, 0.8, 0.94];
/// Bands of the figure: those and every twentieth between.
const SHOWN: [f64; 20] = [
    0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
    0.9, 0.94, 0.95,
];

/// The figure of the check, a predictive band of one probability: how many observations lie inside
/// their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Probability of the band.
    pub band: f64,
    /// Observations inside, of how many.
    pub inside: usize,
    pub observations: usize,
    /// Share that the model expects inside: that of the band, more for counts, whose bands
    /// cannot be as narrow as they ought to be.
    pub expected: f64,
    /// The fewest and the most inside that do not make the check warn, were it about this band.
    pub range: [usize; 2],
    /// Whether the check is about this band.
    pub judged: bool,
    /// Two-sided probability of so many or so few, by the binomial distribution.
    p: f64,
}

impl Coverage {
    /// Whether the number inside is one that the check lets pass.
    pub fn is_usual(&self) -> bool {
        (self.range[0]..=self.range[1]).contains(&self.inside)
    }
}

/// Warns where the number of observations inside their own 50, 80 or 94 % predictive band is one
/// that a binomial distribution gives in fewer than a share `rarity` of cases, the three bands
/// taken together (Bonferroni's bound: they overlap, so it errs to a pass). With the coverage of
/// these and of more bands.
pub(super) fn spread(replicates: &Replicates, rarity: f64) -> (Check, Vec<Coverage>) {
    let shown = coverages(replicates, rarity);
    let coverages: Vec<Coverage> = shown.iter().filter(|c| c.judged).copied().collect();
    (judge(&coverages, replicates, rarity), shown)
}

fn judge(coverages: &[Coverage], replicates: &Replicates, rarity: f64) -> Check {
    let count = replicates.observed.len() as f64;
    let told: Vec<String> = coverages
        .iter()
        .map(|c| {
            let (got, band) = (100.0 * c.inside as f64 / count, 100.0 * c.band);
            format!("{got:.0} % in the {band:.0} % band")
        })
        .collect();
    let told = told.join(", ");
    let by_p = |&a: &usize, &b: &usize| coverages[a].p.total_cmp(&coverages[b].p);
    let worst = &coverages[(0..BANDS.len()).min_by(by_p).unwrap_or(0)];
    let p = (BANDS.len() as f64 * worst.p).min(1.0);
    if p > rarity {
        let message = format!("The bands hold what they promise: of the observations {told}.");
        return Check::new(
            NAME,
            Status::Pass,
            "the bands hold what they promise",
            message,
        )
        .measured(p, rarity);
    }
    let (got, wanted) = (100.0 * worst.inside as f64 / count, 100.0 * worst.expected);
    let outer = &coverages[BANDS.len() - 1];
    let advice = if (worst.inside as f64) < worst.expected * count {
        "The bands are too narrow: the noise is larger than the model says, or changes over time. Give \
         the noise a wider prior, or a likelihood with heavier tails."
    } else if outer.p > rarity {
        "Most observations lie close to the middle and a few far out: the noise has heavier tails than \
         the model's. Use StudentT(nu, mean, sigma) in place of Normal."
    } else {
        "The bands are too wide: the noise is smaller than the model says. Look at the prior of its \
         scale, and for outliers that draw it up."
    };
    Check::new(
        NAME,
        Status::Warn,
        format!("{got:.0} % of the data are in the {:.0} % band", 100.0 * worst.band),
        format!(
            "{got:.1} % of the observations lie inside their own {:.0} % band, {wanted:.0} % should; in all \
             {told}.",
            100.0 * worst.band
        ),
    )
    .measured(p, rarity)
    .advise(advice)
}

fn coverages(replicates: &Replicates, rarity: f64) -> Vec<Coverage> {
    // Of each observation and band: is it inside, and what share of its replicates is?
    let columns: Vec<_> = replicates.sets.columns().into_iter().collect();
    let each: Vec<[(bool, f64); SHOWN.len()]> = columns
        .into_par_iter()
        .zip(&replicates.observed)
        .map(|(column, &observed)| {
            let mut sorted = column.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            SHOWN.map(|band| {
                let tail = (1.0 - band) / 2.0;
                let (low, high) = (quantile(&sorted, tail), quantile(&sorted, 1.0 - tail));
                let held =
                    sorted.partition_point(|x| *x <= high) - sorted.partition_point(|x| *x < low);
                let inside = low <= observed && observed <= high;
                (inside, held as f64 / sorted.len() as f64)
            })
        })
        .collect();
    let count = each.len();
    let of_band = |(i, &band): (usize, &f64)| {
        let inside = each.iter().filter(|bands| bands[i].0).count();
        let expected = each.iter().map(|bands| bands[i].1).sum::<f64>() / count as f64;
        Coverage {
            band,
            inside,
            observations: count,
            expected,
            range: usual(count, expected, rarity / BANDS.len() as f64),
            judged: BANDS.contains(&band),
            p: two_sided(inside, count, expected),
        }
    };
    SHOWN.iter().enumerate().map(of_band).collect()
}

/// The fewest and the most successes whose two-sided probability is over `rarity`.
fn usual(n: usize, p: f64, rarity: f64) -> [usize; 2] {
    let counts: Vec<usize> = (0..=n).collect();
    let is_usual = |k: usize| two_sided(k, n, p) > rarity;
    // The tails fall away from the middle on either side.
    let middle = ((n as f64 * p).round() as usize).min(n);
    let fewest = counts[..middle].partition_point(|&k| !is_usual(k));
    let beyond = middle + counts[middle..].partition_point(|&k| is_usual(k));
    [fewest, beyond.saturating_sub(1).max(fewest)]
}

/// Twice the smaller tail of the binomial distribution of `n` trials at `k` successes, at most 1.
fn two_sided(k: usize, n: usize, p: f64) -> f64 {
    let beta = |a: usize, b: usize, x| checked_beta_reg(a as f64, b as f64, x).unwrap_or(f64::NAN);
    let at_most = if k >= n {
        1.0
    } else {
        beta(n - k, k + 1, 1.0 - p)
    };
    let at_least = if k == 0 { 1.0 } else { beta(k, n - k + 1, p) };
    (2.0 * at_most.min(at_least)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_range_holds_what_is_not_rare_and_no_more() {
        for (n, p, rarity) in [
            (365, 0.5, 0.01),
            (365, 0.94, 0.01 / 3.0),
            (20, 0.05, 0.1),
            (30, 1.0, 0.01),
        ] {
            let [fewest, most] = usual(n, p, rarity);
            for k in 0..=n {
                let inside = (fewest..=most).contains(&k);
                assert_eq!(inside, two_sided(k, n, p) > rarity, "{k} of {n} at {p}");
            }
        }
    }

    #[test]
    fn binomial_tails_are_exact() {
        // By rational arithmetic.
        for (k, n, p, expected) in [
            (182, 365, 0.5, 1.0),
            (150, 365, 0.5, 0.000_785_601_900_699_181_7),
            (0, 10, 0.5, 0.001_953_125),
            (10, 10, 0.94, 1.0),
            (365, 365, 0.94, 3.109_542_948_202_715_4e-10),
        ] {
            let ours = two_sided(k, n, p);
            assert!(
                (ours - expected).abs() <= 1e-10 * expected,
                "{k} of {n}: {ours}"
            );
        }
    }
}
