//! What every figure means, in words for a person who has not read the papers.

/// An entry of the glossary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// As it is written on screen.
    pub term: &'static str,
    pub words: &'static str,
}

/// Entries under one heading.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    pub heading: &'static str,
    pub entries: &'static [Entry],
}

const fn entry(term: &'static str, words: &'static str) -> Entry {
    Entry { term, words }
}

/// The glossary.
pub const GLOSSARY: &[Section] = &[
    Section {
        heading: "The forecast",
        entries: &[
            entry(
                "draw",
                "One set of parameter values from the posterior. All draws together say what the model \
                 has learnt and what it has not.",
            ),
            entry(
                "mean",
                "The value expected of a day, the mean over all draws. Observations scatter around it.",
            ),
            entry(
                "interval",
                "A credible interval: the day's value lies inside with this probability, if the model \
                 is right; half of the rest lies above, half below. Its edges are no limits.",
            ),
            entry(
                "predictive",
                "Bands for observations: uncertain parameters and the scatter of the data together.",
            ),
            entry(
                "mean band",
                "Bands for the mean alone, without the scatter. They get narrower with more data; \
                 observations lie outside them most of the time.",
            ),
            entry(
                "path",
                "One future as the model sees it: one draw with its scatter from day to day.",
            ),
            entry(
                "2 in 20",
                "A probability as a frequency: of 20 futures like these, 2 lie above the threshold.",
            ),
        ],
    },
    Section {
        heading: "The parameters",
        entries: &[
            entry(
                "mean, sd",
                "Mean and standard deviation of a parameter's draws.",
            ),
            entry(
                "HDI",
                "Highest density interval: the narrowest that holds this share of the draws.",
            ),
            entry(
                "ETI",
                "Equal-tailed interval: as many draws lie below it as above it.",
            ),
            entry(
                "MCSE",
                "Monte Carlo standard error: how far a figure would move if the sampler ran again. \
                 Digits beyond it mean nothing.",
            ),
            entry(
                "chain",
                "One run of the sampler from a start of its own. All chains should tell the same.",
            ),
            entry(
                "trace",
                "The draws of a chain in the order they were made: pale all of a stretch, strong its \
                 middle half. It should look the same from left to right and from chain to chain.",
            ),
            entry(
                "ranks",
                "How often a chain's draws fall into each twentieth of all draws. Level bars: the \
                 chains agree. A slope or a hump: one sits elsewhere or is narrower.",
            ),
            entry(
                "autocorrelation",
                "How alike draws of a chain are that lie so many steps apart. It should drop to \
                 nothing quickly; where it does not, many draws tell little.",
            ),
            entry(
                "running",
                "A figure of the first part of the draws, longer and longer. r_hat should settle \
                 below its bar, ESS should keep growing.",
            ),
        ],
    },
    Section {
        heading: "The checks",
        entries: &[
            entry(
                "r_hat",
                "Compares the spread between chains with that within them; 1 where they agree, above \
                 1.01 they have not found the same answer.",
            ),
            entry(
                "ess",
                "Effective sample size: as many independent draws would tell as much. Bulk is for the \
                 middle of a posterior, tail for its ends, on which intervals rest. At least 100 a chain.",
            ),
            entry(
                "divergences",
                "Draws where the sampler's path left the posterior's surface. Some region was not \
                 explored as it should; figures may be biased.",
            ),
            entry(
                "energy",
                "BFMI: how well the sampler moves between levels of energy, of each chain. Below 0.3 \
                 it explores the tails too slowly.",
            ),
            entry(
                "tree_depth",
                "Share of the draws whose path was cut off at the longest allowed. It costs time, not \
                 correctness.",
            ),
            entry(
                "chains_agree",
                "How far a chain's mean is from the others', in its own Monte Carlo errors. Beyond 4 \
                 it sits elsewhere, and the forecast mixes two answers.",
            ),
            entry(
                "residuals",
                "Autocorrelation of what the model leaves over, beside that of data replicated from \
                 the posterior. Outside the band the model misses structure: a cycle, a jump, a bend.",
            ),
            entry(
                "spread",
                "Share of the observations inside their own predictive bands: half should lie in the \
                 50 % band. Fewer: the bands are too narrow; more: too wide.",
            ),
            entry(
                "extremes",
                "Smallest, largest and scatter of the residuals and the longest run on one side of \
                 the mean, among those of replicated data.",
            ),
            entry(
                "influence",
                "Pareto k of each observation: how much the fit would change without it. Above 0.7 \
                 the fit hangs on that observation.",
            ),
            entry(
                "elpd_loo",
                "Log predictive density of the observations, each left out in turn: a score to \
                 compare models of the same data with, the higher the better.",
            ),
            entry(
                "p",
                "How many replicated data sets are at least as unusual as the data. A small share: \
                 the model does not give such data.",
            ),
        ],
    },
];

/// The entry of that term.
pub fn entry_of(term: &str) -> Option<&'static Entry> {
    let mut entries = GLOSSARY.iter().flat_map(|section| section.entries);
    entries.find(|entry| entry.term == term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Thresholds;

    #[test]
    fn every_check_is_explained() {
        for name in Thresholds::NAMES {
            assert!(entry_of(name).is_some(), "{name}");
        }
    }

    #[test]
    fn no_term_is_explained_twice() {
        let terms: Vec<_> = GLOSSARY
            .iter()
            .flat_map(|section| section.entries)
            .map(|entry| entry.term)
            .collect();
        for (i, term) in terms.iter().enumerate() {
            assert!(!terms[i + 1..].contains(term), "{term}");
        }
    }
}
