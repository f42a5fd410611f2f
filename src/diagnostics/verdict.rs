//! Can this fit be trusted? The verdict, and the checks it rests on.

use ndarray::ArrayView2;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::chain_checks::{self, Assessed};
use super::chains_agree::{CHAINS_AGREE, chains_agree};
use super::predictive;
use super::summary::ParameterSummary;
use super::{Convention, Thresholds, sampler_checks, summarise};
use crate::trace::{SamplerStats, Trace};

/// Columns that a headline may take.
const HEADLINE_WIDTH: usize = 60;

/// The answer to "can this fit be trusted?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    /// Nothing fails, but something that could fail cannot be judged.
    Unknown,
}

/// How one check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Pass,
    Warn,
    Fail,
    /// The figure is undefined or the file lacks what it is made of; never a pass.
    Unknown,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// One of [`Thresholds::NAMES`].
    pub name: &'static str,
    pub status: Status,
    /// The figure judged, of the worst parameter or chain; may be infinite.
    pub value: Option<f64>,
    /// What the figure is held against.
    pub threshold: Option<f64>,
    /// The worst parameter, where the check is about parameters.
    pub parameter: Option<String>,
    /// What was found, in one sentence for a person who has not read the papers.
    pub message: String,
    /// What to do next; empty where there is nothing to do.
    pub advice: String,
    /// The finding in a few words, for a badge.
    pub headline: String,
}

impl Check {
    pub(super) fn new(
        name: &'static str,
        status: Status,
        headline: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            name,
            status,
            value: None,
            threshold: None,
            parameter: None,
            message: message.into(),
            advice: String::new(),
            headline: headline.into(),
        }
    }

    pub(super) fn measured(mut self, value: f64, threshold: f64) -> Self {
        self.value = Some(value);
        self.threshold = Some(threshold);
        self
    }

    pub(super) fn about(mut self, parameter: &str) -> Self {
        self.parameter = Some(parameter.to_owned());
        self
    }

    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }

    /// Whether this one can fail. The tree depth costs time, not correctness, and whether a model
    /// is good enough is for a person to say: these only warn.
    fn can_fail(&self) -> bool {
        self.name != sampler_checks::TREE_DEPTH && !predictive::NAMES.contains(&self.name)
    }
}

/// The verdict with everything it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckReport {
    pub verdict: Verdict,
    /// In the order of the report.
    pub checks: Vec<Check>,
    /// Each parameter's name and figures.
    pub summaries: Vec<(String, ParameterSummary)>,
    /// How many draws diverged; `None`: the trace does not say.
    pub divergences: Option<usize>,
    /// Chains that sit elsewhere than the others, the furthest first.
    pub apart: Vec<usize>,
    pub chains: usize,
    /// Draws a chain.
    pub draws: usize,
}

impl CheckReport {
    /// The core checks of a trace's scalar parameters, as ArviZ 0.23 defines the figures.
    pub fn of(trace: &Trace) -> Self {
        let parameters: Vec<_> = trace
            .parameters
            .iter()
            .map(|parameter| (parameter.name.as_str(), parameter.draws.view()))
            .collect();
        core_checks(&parameters, &trace.sampler, Convention::default())
    }

    /// The report with more checks at its end, and the verdict over all of them.
    pub fn and(mut self, more: Vec<Check>) -> Self {
        self.checks.extend(more);
        self.verdict = verdict(&self.checks);
        self
    }

    /// The verdict's main reason in at most 60 columns.
    pub fn headline(&self) -> String {
        let of = |status| {
            // Which chain went where says more than that some did.
            let chains = self.checks.iter().rev().find(|c| c.name == CHAINS_AGREE);
            chains
                .into_iter()
                .chain(&self.checks)
                .find(|check| check.status == status)
        };
        let reason = match self.verdict {
            Verdict::Fail => of(Status::Fail),
            Verdict::Unknown => self
                .checks
                .iter()
                .find(|c| c.status == Status::Unknown && c.can_fail()),
            Verdict::Pass => of(Status::Warn),
        };
        let text = reason.map_or_else(
            || {
                format!(
                    "converged: {} parameters, {} chains agree",
                    self.summaries.len(),
                    self.chains
                )
            },
            |check| check.headline.clone(),
        );
        shortened(&text, HEADLINE_WIDTH)
    }
}

/// The checks that need no predictions: do the chains agree, are there enough draws, did the
/// sampler do its work? `parameters` are names with chains × draws, all of one shape.
pub fn core_checks(
    parameters: &[(&str, ArrayView2<'_, f64>)],
    sampler: &SamplerStats,
    convention: Convention,
) -> CheckReport {
    core_checks_with(parameters, sampler, convention, &Thresholds::default())
}

/// [`core_checks`] with a bar of one's own.
pub fn core_checks_with(
    parameters: &[(&str, ArrayView2<'_, f64>)],
    sampler: &SamplerStats,
    convention: Convention,
    thresholds: &Thresholds,
) -> CheckReport {
    let views: Vec<_> = parameters.iter().map(|(_, draws)| *draws).collect();
    let summaries = summarise(&views, convention);
    let assessed: Vec<_> = parameters
        .iter()
        .zip(&summaries)
        .map(|(&(name, draws), summary)| Assessed::new(name, draws, summary, thresholds.r_hat))
        .collect();
    let r_hat = chain_checks::r_hat(&assessed, thresholds.r_hat);
    let (chains_agree, apart) = chains_agree(&assessed, r_hat.status, thresholds.chains_agree);
    let checks = vec![
        r_hat,
        chain_checks::ess(&assessed, thresholds.ess),
        sampler_checks::divergences(sampler.diverging.as_ref(), thresholds.divergences),
        sampler_checks::energy(sampler.energy.as_ref(), thresholds.energy),
        sampler_checks::tree_depth(
            sampler.reached_max_tree_depth.as_ref(),
            thresholds.tree_depth,
        ),
        chains_agree,
    ];
    let (chains, draws) = views.first().map_or((0, 0), |view| view.dim());
    CheckReport {
        verdict: verdict(&checks),
        checks,
        divergences: sampler
            .diverging
            .as_ref()
            .filter(|d| !d.is_empty())
            .map(|diverging| diverging.iter().filter(|d| **d).count()),
        summaries: parameters
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .zip(summaries)
            .collect(),
        apart,
        chains,
        draws,
    }
}

/// Fail if anything fails; else unknown if anything that could fail is unknown; else pass.
fn verdict(checks: &[Check]) -> Verdict {
    if checks.iter().any(|check| check.status == Status::Fail) {
        Verdict::Fail
    } else if checks
        .iter()
        .any(|check| check.status == Status::Unknown && check.can_fail())
    {
        Verdict::Unknown
    } else {
        Verdict::Pass
    }
}

/// `text`, cut with an ellipsis to at most `width` columns.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let mut short: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= width
        })
        .collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, s};
    use proptest::prelude::*;

    /// Draws without any order in time, the sums of two uniform ones between 0 and 2.
    fn mixed(chains: usize, draws: usize) -> Array2<f64> {
        let mut state = 1u64;
        let mut uniform = || {
            // The constants of Knuth's MMIX generator.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        Array2::from_shape_simple_fn((chains, draws), || uniform() + uniform())
    }

    fn complete(chains: usize, draws: usize) -> SamplerStats {
        SamplerStats {
            diverging: Some(Array2::from_elem((chains, draws), false)),
            reached_max_tree_depth: Some(Array2::from_elem((chains, draws), false)),
            energy: Some(mixed(chains, draws)),
            ..SamplerStats::default()
        }
    }

    fn check(x: &Array2<f64>, sampler: &SamplerStats) -> CheckReport {
        core_checks(&[("x", x.view())], sampler, Convention::Arviz023)
    }

    fn find<'a>(report: &'a CheckReport, name: &str) -> &'a Check {
        report
            .checks
            .iter()
            .find(|check| check.name == name)
            .expect("every report has every check")
    }

    fn with_divergences(count: usize) -> CheckReport {
        let mut sampler = complete(4, 1000);
        let mut diverging = Array2::from_elem((4, 1000), false);
        diverging
            .iter_mut()
            .step_by(900)
            .take(count)
            .for_each(|d| *d = true);
        sampler.diverging = Some(diverging);
        check(&mixed(4, 1000), &sampler)
    }

    #[test]
    fn good_draws_pass() {
        let report = check(&mixed(4, 1000), &complete(4, 1000));
        assert_eq!(report.verdict, Verdict::Pass, "{report:#?}");
        assert!(report.checks.iter().all(|check| check.advice.is_empty()));
    }

    #[test]
    fn divergences_warn_below_one_in_a_thousand_and_fail_from_there() {
        for (count, status, verdict) in [
            (0, Status::Pass, Verdict::Pass),
            (1, Status::Warn, Verdict::Pass),
            (3, Status::Warn, Verdict::Pass),
            (4, Status::Fail, Verdict::Fail),
        ] {
            let report = with_divergences(count);
            assert_eq!(report.divergences, Some(count));
            assert_eq!(
                (find(&report, "divergences").status, report.verdict),
                (status, verdict),
                "{count}"
            );
        }
        assert_eq!(with_divergences(4).headline(), "4 of 4000 draws diverged");
        assert!(
            find(&with_divergences(4), "divergences")
                .advice
                .contains("target acceptance")
        );
    }

    #[test]
    fn one_chain_is_unknown() {
        let report = check(&mixed(1, 1000), &complete(1, 1000));
        assert_eq!(report.verdict, Verdict::Unknown);
        assert_eq!(find(&report, "chains_agree").status, Status::Unknown);
        assert_eq!(report.headline(), "one chain: agreement cannot be judged");
    }

    #[test]
    fn what_the_file_does_not_say_is_unknown() {
        let report = check(&mixed(4, 1000), &SamplerStats::default());
        assert_eq!(report.verdict, Verdict::Unknown);
        assert_eq!(report.divergences, None);
        assert_eq!(report.headline(), "no record of divergences");
    }

    #[test]
    fn an_unknown_tree_depth_alone_does_not_hold_the_verdict_back() {
        let sampler = SamplerStats {
            reached_max_tree_depth: None,
            ..complete(4, 1000)
        };
        let report = check(&mixed(4, 1000), &sampler);
        assert_eq!(find(&report, "tree_depth").status, Status::Unknown);
        assert_eq!(report.verdict, Verdict::Pass);
    }

    #[test]
    fn deep_trees_warn() {
        let mut sampler = complete(4, 1000);
        let mut reached = Array2::from_elem((4, 1000), false);
        reached.slice_mut(s![0, ..41]).fill(true);
        sampler.reached_max_tree_depth = Some(reached);
        let report = check(&mixed(4, 1000), &sampler);
        assert_eq!(
            (find(&report, "tree_depth").status, report.verdict),
            (Status::Warn, Verdict::Pass)
        );
        assert_eq!(
            report.headline(),
            "41 of 4000 draws hit the tree depth limit"
        );
    }

    #[test]
    fn a_slow_energy_fails_and_a_constant_one_is_unknown() {
        let mut sampler = complete(4, 1000);
        sampler.energy = Some(Array2::from_shape_fn((4, 1000), |(_, i)| i as f64));
        assert_eq!(
            find(&check(&mixed(4, 1000), &sampler), "energy").status,
            Status::Fail
        );
        sampler.energy = Some(Array2::zeros((4, 1000)));
        assert_eq!(
            find(&check(&mixed(4, 1000), &sampler), "energy").status,
            Status::Unknown
        );
    }

    #[test]
    fn constants_and_draws_that_are_no_numbers_are_unknown() {
        let sampler = complete(4, 1000);
        let constant = check(&Array2::from_elem((4, 1000), 3.25), &sampler);
        assert_eq!(
            (constant.verdict, constant.headline().as_str()),
            (Verdict::Unknown, "x never changes")
        );

        let mut x = mixed(4, 1000);
        x[(2, 17)] = f64::NAN;
        let report = check(&x, &sampler);
        assert_eq!(report.verdict, Verdict::Unknown);
        assert_eq!(
            find(&report, "r_hat").message,
            "Draw 17 of chain 2 of x is NaN, not a finite number."
        );

        // Ranks hide one infinite draw; the verdict does not.
        x[(2, 17)] = f64::INFINITY;
        assert_eq!(check(&x, &sampler).verdict, Verdict::Unknown);
    }

    #[test]
    fn the_stray_one_of_four_chains_is_named() {
        let mut x = mixed(4, 1000);
        x.row_mut(2).mapv_inplace(|v| v + 5.0);
        let report = check(&x, &complete(4, 1000));
        let apart = find(&report, "chains_agree");
        assert_eq!(
            (apart.status, apart.parameter.as_deref()),
            (Status::Fail, Some("x"))
        );
        assert!(
            apart.message.starts_with("Chain 2 sits at x "),
            "{}",
            apart.message
        );
        assert!(
            apart.message.contains("; the others at "),
            "{}",
            apart.message
        );
        assert!(!apart.message.contains("; chain"), "{}", apart.message);
    }

    #[test]
    fn few_draws_fail_with_a_number_to_draw() {
        let report = check(&mixed(4, 50), &complete(4, 50));
        let ess = find(&report, "ess");
        assert_eq!((ess.status, ess.threshold), (Status::Fail, Some(400.0)));
        assert!(ess.advice.contains("--draws"), "{}", ess.advice);
    }

    #[test]
    fn a_headline_fits_whatever_the_names() {
        let x = mixed(4, 1000) + Array2::from_shape_fn((4, 1), |(c, _)| 9.0 * c as f64);
        let name = "季節性の振幅".repeat(20);
        let report = core_checks(
            &[(&name, x.view())],
            &complete(4, 1000),
            Convention::Arviz023,
        );
        let headline = report.headline();
        assert!(
            headline.width() <= HEADLINE_WIDTH && headline.ends_with('…'),
            "{headline}"
        );
    }

    proptest! {
        #[test]
        fn any_input_gets_a_report(
            c in 0usize..4, n in 0usize..9, values in prop::collection::vec(any::<f64>(), 27), coarse in any::<bool>(),
        ) {
            let x = Array2::from_shape_fn((c, n), |(i, j)| if coarse { values[i] } else { values[i * n + j] });
            let sampler = SamplerStats { energy: Some(x.clone()), ..complete(c, n) };
            let report = check(&x, &sampler);
            prop_assert_eq!(report.checks.len(), 6);
            prop_assert!(report.headline().width() <= HEADLINE_WIDTH);
            // So few draws are never enough.
            prop_assert_ne!(report.verdict, Verdict::Pass);
        }
    }
}
