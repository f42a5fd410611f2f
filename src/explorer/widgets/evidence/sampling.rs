//! The figures of the checks of the sampling, all of them rows: parameters, the worst first, or
//! chains.

use super::UNUSUAL;
use super::rows::{Picture, Row, Rows};
use crate::diagnostics::{Check, ParameterSummary};
use crate::explorer::numbers::{count, decimals, fixed};
use crate::explorer::report::Report;

pub(super) fn rows(report: &Report, check: &Check) -> Option<Rows> {
    let evidence = &report.evidence;
    let rows = match check.name {
        "r_hat" => r_hat(report, check.threshold),
        "ess" => ess(report, check.threshold),
        "chains_agree" => chains_agree(report)?,
        "divergences" => divergences(&evidence.divergent, report.checks.draws),
        "energy" => energy(&evidence.energy, check.threshold),
        "tree_depth" => tree_depth(&evidence.tree_depth, check.threshold),
        _ => return None,
    };
    (!rows.rows.is_empty()).then_some(rows)
}

/// Parameters by a figure, the worst first; those where it is undefined come last.
fn parameters(
    report: &Report,
    worse: impl Fn(&ParameterSummary) -> f64,
) -> Vec<(&str, &ParameterSummary)> {
    let mut rows: Vec<_> = report
        .parameters
        .iter()
        .map(|row| (row.name.as_str(), &row.summary))
        .collect();
    let badness = |summary: &ParameterSummary| Some(worse(summary)).filter(|x| !x.is_nan());
    rows.sort_by(|(_, a), (_, b)| {
        let (a, b) = (badness(a), badness(b));
        b.partial_cmp(&a).unwrap_or(std::cmp::Ordering::Equal)
    });
    rows
}

fn sign(bad: bool) -> char {
    if bad { UNUSUAL } else { '●' }
}

/// The largest of the finite values.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|x| x.is_finite()).fold(0.0, f64::max)
}

fn r_hat(report: &Report, threshold: Option<f64>) -> Rows {
    let parameters = parameters(report, |summary| summary.r_hat);
    let most = threshold.unwrap_or(crate::diagnostics::MOST_R_HAT);
    let top = largest(parameters.iter().map(|(_, s)| s.r_hat)).max(2.0 * most - 1.0);
    let row = |(name, summary): &(&str, &ParameterSummary)| {
        let bad = summary.r_hat > most;
        let digits = if summary.r_hat < 1.1 { 4 } else { 2 };
        Row {
            name: (*name).to_owned(),
            picture: Picture::Span {
                from: 1.0,
                to: summary.r_hat.clamp(1.0, top),
                signs: vec![(summary.r_hat, sign(bad))],
            },
            figure: if summary.r_hat.is_infinite() {
                "∞".into()
            } else {
                fixed(summary.r_hat, digits)
            },
            bad,
        }
    };
    Rows {
        caption: "r_hat of each parameter".into(),
        signs: Vec::new(),
        rows: parameters.iter().map(row).collect(),
        from: 1.0,
        to: 1.0 + 1.05 * (top - 1.0),
        shares: false,
        threshold: Some((most, format!("≤ {most}"))),
    }
}

fn ess(report: &Report, threshold: Option<f64>) -> Rows {
    let smaller = |summary: &ParameterSummary| summary.ess_bulk.min(summary.ess_tail);
    let parameters = parameters(report, |summary| -smaller(summary));
    let least = crate::diagnostics::LEAST_ESS_A_CHAIN * report.checks.chains as f64;
    let least = threshold.unwrap_or(least);
    let both = parameters
        .iter()
        .flat_map(|(_, s)| [s.ess_bulk, s.ess_tail]);
    let top = largest(both).max(2.0 * least);
    let row = |(name, summary): &(&str, &ParameterSummary)| Row {
        name: (*name).to_owned(),
        picture: Picture::Span {
            from: 0.0,
            to: summary.ess_bulk.max(summary.ess_tail),
            signs: vec![(summary.ess_tail, '○'), (summary.ess_bulk, '●')],
        },
        figure: format!(
            "{} · {}",
            fixed(summary.ess_bulk, 0),
            fixed(summary.ess_tail, 0)
        ),
        bad: smaller(summary) < least,
    };
    Rows {
        caption: "effective draws of each parameter".into(),
        signs: vec![('●', false, "in the bulk"), ('○', false, "in the tails")],
        rows: parameters.iter().map(row).collect(),
        from: 0.0,
        to: 1.05 * top,
        shares: false,
        threshold: Some((least, format!("≥ {least}"))),
    }
}

fn chains_agree(report: &Report) -> Option<Rows> {
    let (name, chains) = report.evidence.chains.as_ref()?;
    let finite = || {
        chains
            .iter()
            .filter(|c| c.low.is_finite() && c.high.is_finite())
    };
    let low = finite().map(|c| c.low).fold(f64::INFINITY, f64::min);
    let high = finite().map(|c| c.high).fold(f64::NEG_INFINITY, f64::max);
    let narrowest = finite()
        .map(|c| c.high - c.low)
        .fold(f64::INFINITY, f64::min);
    let digits = decimals(narrowest.max((high - low) * 1e-3) / 10.0);
    let margin = 0.05 * (high - low);
    let row = |(i, chain): (usize, &crate::diagnostics::ChainRange)| Row {
        name: format!("chain {i}"),
        picture: Picture::Span {
            from: chain.low,
            to: chain.high,
            signs: vec![(chain.mean, if chain.apart { UNUSUAL } else { '●' })],
        },
        figure: fixed(chain.mean, digits),
        bad: chain.apart,
    };
    let mut signs = vec![('●', false, "mean"), ('━', false, "90 % of the draws")];
    if chains.iter().any(|chain| chain.apart) {
        signs.push((UNUSUAL, true, "mean of a chain that stands apart"));
    }
    Some(Rows {
        caption: format!("where each chain puts {name}"),
        signs,
        rows: chains.iter().enumerate().map(row).collect(),
        from: low - margin,
        to: high + margin,
        shares: false,
        threshold: None,
    })
}

fn divergences(divergent: &[Vec<f64>], draws: usize) -> Rows {
    let row = |(i, shares): (usize, &Vec<f64>)| {
        // The last stretch may be shorter than the others.
        let stretch = draws.div_ceil(shares.len().max(1));
        let sizes = (0..shares.len()).map(|s| stretch.min(draws.saturating_sub(s * stretch)));
        let diverged = shares
            .iter()
            .zip(sizes)
            .map(|(share, size)| share * size as f64);
        let diverged = diverged.sum::<f64>().round() as usize;
        Row {
            name: format!("chain {i}"),
            picture: Picture::Strip(shares.clone()),
            figure: if diverged == 0 {
                "none".into()
            } else {
                count(diverged)
            },
            bad: diverged > 0,
        }
    };
    Rows {
        caption: "share of the draws that diverged, along the run of each chain".into(),
        signs: Vec::new(),
        rows: divergent.iter().enumerate().map(row).collect(),
        from: 0.0,
        to: draws.max(1) as f64,
        shares: false,
        threshold: None,
    }
}

fn energy(figures: &[f64], threshold: Option<f64>) -> Rows {
    let top = largest(figures.iter().copied().chain(threshold)).max(1.0);
    let row = |(i, &bfmi): (usize, &f64)| {
        let bad = threshold.is_some_and(|least| bfmi < least);
        Row {
            name: format!("chain {i}"),
            picture: Picture::Span {
                from: 0.0,
                to: bfmi,
                signs: vec![(bfmi, sign(bad))],
            },
            figure: fixed(bfmi, 2),
            bad,
        }
    };
    Rows {
        caption: "BFMI of each chain".into(),
        signs: Vec::new(),
        rows: figures.iter().enumerate().map(row).collect(),
        from: 0.0,
        to: 1.05 * top,
        shares: false,
        threshold: threshold.map(|least| (least, format!("≥ {least}"))),
    }
}

fn tree_depth(shares: &[f64], threshold: Option<f64>) -> Rows {
    let most = threshold.unwrap_or(0.0);
    let top = largest(shares.iter().copied()).max(4.0 * most).max(0.01);
    let row = |(i, &share): (usize, &f64)| {
        let bad = share > most;
        Row {
            name: format!("chain {i}"),
            picture: Picture::Span {
                from: 0.0,
                to: share,
                signs: vec![(share, sign(bad))],
            },
            figure: format!("{} %", fixed(100.0 * share, 1)),
            bad,
        }
    };
    Rows {
        caption: "share of the draws at the limit of the tree depth".into(),
        signs: Vec::new(),
        rows: shares.iter().enumerate().map(row).collect(),
        from: 0.0,
        to: 1.05 * top,
        shares: true,
        threshold: threshold.map(|most| (most, format!("≤ {} %", fixed(100.0 * most, 1)))),
    }
}
