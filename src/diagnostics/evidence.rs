//! The figures behind the checks of the sampling, small whatever the number of draws.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::energy::bfmi;
use super::moments::mean;
use super::quantile::quantile;
use super::verdict::CheckReport;
use crate::trace::Trace;

/// Stretches that a run is cut into.
const STRETCHES: usize = 100;

/// What the core checks looked at; r_hat and ESS of each parameter are in
/// [`CheckReport::summaries`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// The parameter in which the chains are furthest apart, or have the largest r_hat; with where
    /// each of its chains lies. `None` where no r_hat is defined.
    pub chains: Option<(String, Vec<ChainRange>)>,
    /// Of each chain, the share of draws that diverged in each stretch of the run, at most 100;
    /// empty where the trace does not say. So are the others.
    pub divergent: Vec<Vec<f64>>,
    /// BFMI of each chain; NaN where undefined.
    pub energy: Vec<f64>,
    /// Of each chain, the share of draws whose path was cut at the limit of the tree depth.
    pub tree_depth: Vec<f64>,
}

/// Where the draws of a chain lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChainRange {
    pub mean: f64,
    /// Quantiles at 5 and 95 %.
    pub low: f64,
    pub high: f64,
    /// Whether the chain sits elsewhere than the others, by the check of that name; of two chains
    /// the one that the check names first.
    pub apart: bool,
}

impl Evidence {
    /// Of a trace and the report made of it.
    pub fn of(trace: &Trace, report: &CheckReport) -> Self {
        let sampler = &trace.sampler;
        let stretch = report.draws.div_ceil(STRETCHES).max(1);
        Self {
            chains: worst(trace, report),
            divergent: each_chain(sampler.diverging.as_ref(), |chain| {
                let chain = chain.to_vec();
                chain
                    .chunks(stretch)
                    .map(|part| share(part.iter()))
                    .collect()
            }),
            energy: sampler
                .energy
                .as_ref()
                .map_or_else(Vec::new, |energy| bfmi(energy.view())),
            tree_depth: each_chain(sampler.reached_max_tree_depth.as_ref(), |chain| {
                share(chain.iter())
            }),
        }
    }
}

fn each_chain<T>(flags: Option<&Array2<bool>>, of: impl Fn(ArrayView1<'_, bool>) -> T) -> Vec<T> {
    let flags = flags.filter(|flags| !flags.is_empty());
    flags.map_or_else(Vec::new, |flags| flags.outer_iter().map(of).collect())
}

/// Share of those that are true.
fn share<'a>(flags: impl ExactSizeIterator<Item = &'a bool>) -> f64 {
    let count = flags.len();
    flags.filter(|flag| **flag).count() as f64 / count as f64
}

/// The chains of the parameter that the checks name, or of that with the largest r_hat.
fn worst(trace: &Trace, report: &CheckReport) -> Option<(String, Vec<ChainRange>)> {
    let named = report
        .checks
        .iter()
        .find(|check| check.name == super::CHAINS_AGREE);
    let named = named.and_then(|check| check.parameter.as_ref());
    let judged = report
        .summaries
        .iter()
        .filter(|(_, summary)| !summary.r_hat.is_nan());
    let worst = judged.max_by(|a, b| a.1.r_hat.total_cmp(&b.1.r_hat));
    let name = named.or(worst.map(|(name, _)| name))?;
    let parameter = trace
        .parameters
        .iter()
        .find(|parameter| parameter.name == *name)?;
    Some((name.clone(), ranges(parameter.draws.view(), &report.apart)))
}

fn ranges(draws: ArrayView2<'_, f64>, apart: &[usize]) -> Vec<ChainRange> {
    let apart = if draws.nrows() == 2 {
        &apart[..apart.len().min(1)]
    } else {
        apart
    };
    let of_chain = |(i, chain): (usize, ArrayView1<'_, f64>)| {
        let mut sorted = chain.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        ChainRange {
            mean: mean(chain),
            low: quantile(&sorted, 0.05),
            high: quantile(&sorted, 0.95),
            apart: apart.contains(&i),
        }
    };
    draws.outer_iter().enumerate().map(of_chain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::ReadOptions;

    fn evidence(file: &str) -> (CheckReport, Evidence) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("artifacts")
            .join(file);
        let trace = Trace::open(&path, &ReadOptions::default()).expect("a trace");
        let report = CheckReport::of(&trace);
        let evidence = Evidence::of(&trace, &report);
        (report, evidence)
    }

    fn value(report: &CheckReport, name: &str) -> f64 {
        let check = report.checks.iter().find(|check| check.name == name);
        check.and_then(|check| check.value).expect("a figure")
    }

    #[test]
    fn the_figures_are_those_that_were_judged() {
        for file in ["trace.nc", "stuck-chain.nc"] {
            let (report, evidence) = evidence(file);
            let least = evidence
                .energy
                .iter()
                .copied()
                .fold(f64::INFINITY, f64::min);
            assert_eq!(least, value(&report, "energy"), "{file}");
            let mean_of = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
            let divergent: Vec<f64> = evidence.divergent.iter().map(|run| mean_of(run)).collect();
            // 2000 draws are 100 stretches of 20.
            assert!(
                (mean_of(&divergent) - value(&report, "divergences")).abs() < 1e-12,
                "{file}"
            );
            assert_eq!(
                mean_of(&evidence.tree_depth),
                value(&report, "tree_depth"),
                "{file}"
            );
        }
    }

    #[test]
    fn the_chain_that_sits_elsewhere_is_marked() {
        let (report, failed) = evidence("stuck-chain.nc");
        let (name, chains) = failed.chains.expect("chains");
        let check = report
            .checks
            .iter()
            .find(|check| check.name == "chains_agree");
        assert_eq!(
            check.and_then(|check| check.parameter.as_ref()),
            Some(&name)
        );
        let apart: Vec<usize> = (0..chains.len()).filter(|&c| chains[c].apart).collect();
        assert_eq!((apart, report.apart[0]), (vec![0], 0));

        let (_, good) = evidence("trace.nc");
        let (_, chains) = good.chains.expect("chains");
        assert!(
            chains
                .iter()
                .all(|chain| !chain.apart && chain.low < chain.mean)
        );
        assert!(chains.iter().all(|chain| chain.mean < chain.high));
    }

    #[test]
    fn what_the_trace_does_not_say_is_empty() {
        let trace = Trace {
            parameters: Vec::new(),
            vectors: Vec::new(),
            sampler: Default::default(),
            observed: None,
            table: None,
            origin: Default::default(),
        };
        let report = CheckReport::of(&trace);
        assert_eq!(Evidence::of(&trace, &report), Evidence::default());
    }
}
