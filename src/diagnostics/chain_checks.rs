//! Checks of the draws: r_hat and the effective sample size.

use ndarray::ArrayView2;

use super::summary::ParameterSummary;
use super::verdict::{Check, Status};

/// Vehtari et al. 2021.
pub const MOST_R_HAT: f64 = 1.01;
/// In the bulk and in the tails (Vehtari et al. 2021).
pub const LEAST_ESS_A_CHAIN: f64 = 100.0;
/// Beyond this many times the draws, more of them is no remedy.
const WORTH_EXTENDING: f64 = 20.0;

/// A parameter with its figures.
pub(super) struct Assessed<'a> {
    pub name: &'a str,
    /// chains × draws.
    pub draws: ArrayView2<'a, f64>,
    pub summary: &'a ParameterSummary,
    /// The first draw that is not a number one can count with, as (chain, draw).
    not_finite: Option<(usize, usize)>,
    /// The largest r_hat that passes.
    most_r_hat: f64,
}

impl<'a> Assessed<'a> {
    pub fn new(
        name: &'a str,
        draws: ArrayView2<'a, f64>,
        summary: &'a ParameterSummary,
        most_r_hat: f64,
    ) -> Self {
        let mut indexed = draws.indexed_iter();
        let not_finite = indexed
            .find(|(_, x)| !x.is_finite())
            .map(|(place, _)| place);
        Self {
            name,
            draws,
            summary,
            not_finite,
            most_r_hat,
        }
    }

    pub fn r_hat_fails(&self) -> bool {
        self.r_hat().is_some_and(|r_hat| r_hat > self.most_r_hat)
    }

    /// `None` where undefined. An infinite draw hides in the ranks: it undoes the figure too.
    fn r_hat(&self) -> Option<f64> {
        Some(self.summary.r_hat).filter(|r_hat| !r_hat.is_nan() && self.not_finite.is_none())
    }

    /// The smaller one, with its name.
    fn ess(&self) -> Option<(f64, &'static str)> {
        let ParameterSummary {
            ess_bulk, ess_tail, ..
        } = *self.summary;
        let smaller = if ess_tail < ess_bulk {
            (ess_tail, "tails")
        } else {
            (ess_bulk, "bulk")
        };
        (!ess_bulk.is_nan() && !ess_tail.is_nan() && self.not_finite.is_none()).then_some(smaller)
    }

    /// Why a figure of this parameter is undefined: in a few words, in a sentence, and what to do.
    fn undefined(&self) -> (String, String, &'static str) {
        let name = self.name;
        let (chains, draws) = self.draws.dim();
        if chains == 0 || draws == 0 {
            (
                "no draws".into(),
                "The trace has no draws.".into(),
                "Fit the model, or check that the right file was given.",
            )
        } else if let Some((chain, draw)) = self.not_finite {
            let value = self.draws[(chain, draw)];
            (
                format!("{name} has a draw that is {value}"),
                format!("Draw {draw} of chain {chain} of {name} is {value}, not a finite number."),
                "Find out where it comes from and fit again.",
            )
        } else if draws < 4 {
            (
                format!("only {draws} draws a chain"),
                format!("{draws} draws a chain are too few to judge anything."),
                "Fit again with at least 1000 draws a chain.",
            )
        } else if chains == 1 {
            (
                "one chain: agreement cannot be judged".into(),
                "There is one chain only, so nothing shows whether another would agree with it."
                    .into(),
                "Fit again with four chains (`--chains 4`).",
            )
        } else {
            (
                format!("{name} never changes"),
                format!(
                    "Every draw of {name} is {}: it is fixed, or the sampler never moved.",
                    self.draws[(0, 0)]
                ),
                "Leave a fixed quantity out of the posterior; if it is not meant to be fixed, fit again.",
            )
        }
    }

    fn unknown(&self, check: &'static str) -> Check {
        let (headline, message, advice) = self.undefined();
        Check::new(check, Status::Unknown, headline, message)
            .about(self.name)
            .advise(advice)
    }
}

/// A parameter whose figure is undefined; one with a draw that is no number before one that is
/// merely fixed.
fn undefined<'p, 'a>(
    parameters: &'p [Assessed<'a>],
    is_undefined: impl Fn(&Assessed<'a>) -> bool,
) -> Option<&'p Assessed<'a>> {
    let found = parameters.iter().filter(|p| is_undefined(p));
    found.min_by_key(|p| p.not_finite.is_none())
}

/// Nothing to check is no pass.
fn no_parameters(check: &'static str) -> Check {
    Check::new(
        check,
        Status::Unknown,
        "no parameters to judge",
        "The posterior has no scalar parameter to judge.",
    )
    .advise("Open a trace that keeps the model's parameters, not only derived quantities.")
}

/// Fails where any parameter's r_hat is over the limit.
pub(super) fn r_hat(parameters: &[Assessed<'_>], most: f64) -> Check {
    const NAME: &str = "r_hat";
    let judged = parameters.iter().filter_map(|p| Some((p, p.r_hat()?)));
    let worst = judged.max_by(|a, b| a.1.total_cmp(&b.1));
    let over = parameters.iter().filter(|p| p.r_hat_fails()).count();
    match (worst, undefined(parameters, |p| p.r_hat().is_none())) {
        (Some((p, value)), _) if over > 0 => {
            let figure = r_hat_text(value);
            let message = format!(
                "r_hat of {} is {figure}, {most} is the most; {over} of {} parameters are over it: \
                 the chains have not settled on one distribution.",
                p.name,
                parameters.len()
            );
            Check::new(NAME, Status::Fail, format!("r_hat {figure} for {}: the chains disagree", p.name), message)
                .measured(value, most)
                .about(p.name)
                .advise("Do not read the forecast. Fit again with more tuning draws and another seed, or start the chains near the best fit.")
        }
        (_, Some(p)) => p.unknown(NAME),
        (Some((p, value)), None) => {
            let figure = r_hat_text(value);
            let message = format!(
                "The chains agree: the largest r_hat is {figure} ({}), {most} is the most.",
                p.name
            );
            Check::new(
                NAME,
                Status::Pass,
                format!("largest r_hat {figure}"),
                message,
            )
            .measured(value, most)
            .about(p.name)
        }
        (None, None) => no_parameters(NAME),
    }
}

/// Enough digits to see on which side of the limit it is.
fn r_hat_text(value: f64) -> String {
    match value {
        _ if value.is_infinite() => "infinite".into(),
        _ if value < 1.1 => format!("{value:.4}"),
        _ => format!("{value:.2}"),
    }
}

/// Fails where any parameter's bulk or tail draws are worth too few independent ones.
pub(super) fn ess(parameters: &[Assessed<'_>], least_a_chain: f64) -> Check {
    const NAME: &str = "ess";
    let judged = parameters.iter().filter_map(|p| Some((p, p.ess()?)));
    let worst = judged.min_by(|a, b| a.1.0.total_cmp(&b.1.0));
    let wanted = |p: &Assessed<'_>| least_a_chain * p.draws.nrows() as f64;
    match (worst, undefined(parameters, |p| p.ess().is_none())) {
        (Some((p, (value, part))), _) if value < wanted(p) => {
            let wanted = wanted(p);
            let message = format!(
                "In the {part} of {} the {} draws are worth {value:.0} independent ones; {wanted} are wanted, \
                 {least_a_chain} a chain.",
                p.name,
                p.draws.len()
            );
            let times = wanted / value;
            let advice = if times > WORTH_EXTENDING {
                "More draws will not help: the chains barely move. Look at r_hat and the divergences first.".to_owned()
            } else {
                let draws = (times * 1.2 * p.draws.ncols() as f64 / 100.0).ceil() * 100.0;
                format!("Fit again with about {draws} draws a chain (`--draws {draws}`).")
            };
            Check::new(
                NAME,
                Status::Fail,
                format!("{value:.0} effective draws of {}, {wanted} wanted", p.name),
                message,
            )
            .measured(value, wanted)
            .about(p.name)
            .advise(advice)
        }
        (_, Some(p)) => p.unknown(NAME),
        (Some((p, (value, part))), None) => {
            let message = format!(
                "Enough draws: at least {value:.0} independent ones ({} of {}), {} are wanted.",
                part,
                p.name,
                wanted(p)
            );
            Check::new(
                NAME,
                Status::Pass,
                format!("{value:.0} effective draws"),
                message,
            )
            .measured(value, wanted(p))
            .about(p.name)
        }
        (None, None) => no_parameters(NAME),
    }
}
