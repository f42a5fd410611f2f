//! Are the extremes of the data such as the model would give?

use ndarray::ArrayView1;
use rayon::prelude::*;

use super::histogram::Histogram;
use super::moments::variance;
use super::surprise::Surprise;
use super::verdict::{Check, Status};
use crate::forecast::Replicates;
use crate::series::TimeAxis;

pub(super) const NAME: &str = "extremes";

/// What is compared, all of the residuals: observations less the model's mean, so that a trend
/// does not hide what stands out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statistic {
    Smallest,
    Largest,
    /// Standard deviation.
    Scatter,
    /// Most observations in a row on one side of the mean.
    Run,
}

use Statistic::*;

impl Statistic {
    fn name(self) -> &'static str {
        match self {
            Smallest => "smallest residual",
            Largest => "largest residual",
            Scatter => "standard deviation",
            Run => "longest run on one side",
        }
    }
}

const STATISTICS: [Statistic; 4] = [Smallest, Largest, Scatter, Run];

/// The figure of the check, a statistic of the residuals: what it is for the data, and for data
/// replicated from the posterior.
#[derive(Debug, Clone, PartialEq)]
pub struct Extreme {
    /// In words for a heading.
    pub name: &'static str,
    pub observed: f64,
    pub replicated: Histogram,
    /// What a share 1 - threshold of replicated data keep to, all statistics together.
    pub range: [f64; 2],
}

/// Warns where the smallest or largest residual, their standard deviation or the longest run on
/// one side of the mean is such as fewer than a share `rarity` of replicated data have, the four
/// taken together (Gelman, Meng & Stern 1996, Statistica Sinica 6).
pub(super) fn extremes(
    replicates: &Replicates,
    axis: &TimeAxis,
    rarity: f64,
) -> (Check, Vec<Extreme>) {
    let residuals: Vec<f64> = replicates
        .observed
        .iter()
        .zip(&replicates.expected)
        .map(|(y, mean)| y - mean)
        .collect();
    let ours = statistics(ArrayView1::from(&residuals));
    let noise: Vec<_> = replicates.noise.rows().into_iter().collect();
    let replicated: Vec<Vec<f64>> = noise.into_par_iter().map(statistics).collect();
    let surprise = Surprise::new(&ours, &replicated);

    let evidence = STATISTICS
        .iter()
        .enumerate()
        .map(|(i, statistic)| Extreme {
            name: statistic.name(),
            observed: ours[i],
            replicated: Histogram::of(replicated.iter().map(|set| set[i]), *statistic == Run),
            range: surprise.range(i, rarity),
        })
        .collect();

    let worst = surprise.most_unusual().map(|i| (i, STATISTICS[i]));
    let Some((i, statistic)) = worst.filter(|_| surprise.p <= rarity) else {
        let message = format!(
            "The extremes are such as replicated data have: residuals from {} to {}, at most {} in a row \
             on one side of the mean.",
            short(ours[0]),
            short(ours[1]),
            ours[3]
        );
        let check = Check::new(NAME, Status::Pass, "extremes as expected", message)
            .measured(surprise.p, rarity);
        return (check, evidence);
    };
    let (value, range) = (ours[i], surprise.range(i, rarity));
    let label = |observation: usize| axis.label(axis.positions[replicates.rows[observation]]);
    let finding = Finding {
        value,
        range,
        residuals: &residuals,
        label: &label,
    };
    let (headline, message, advice) = finding.words(statistic);
    let check = Check::new(NAME, Status::Warn, headline, message)
        .measured(surprise.p, rarity)
        .advise(advice);
    (check, evidence)
}

fn statistics(residuals: ArrayView1<'_, f64>) -> Vec<f64> {
    let of = |statistic: &Statistic| match statistic {
        Smallest => residuals.fold(f64::INFINITY, |least, &x| least.min(x)),
        Largest => residuals.fold(f64::NEG_INFINITY, |most, &x| most.max(x)),
        Scatter => variance(residuals, 1).sqrt(),
        Run => longest_run(residuals.iter().copied()).1 as f64,
    };
    STATISTICS.iter().map(of).collect()
}

/// Where the longest run of values on one side of 0 starts, and how many they are; the first of
/// equals.
fn longest_run(values: impl Iterator<Item = f64>) -> (usize, usize) {
    let mut longest = (0, 0);
    let (mut start, mut above) = (0, None);
    for (i, value) in values.enumerate() {
        if above != Some(value > 0.0) {
            (start, above) = (i, Some(value > 0.0));
        }
        if i + 1 - start > longest.1 {
            longest = (start, i + 1 - start);
        }
    }
    longest
}

/// A statistic that is out of its range.
struct Finding<'a> {
    value: f64,
    range: [f64; 2],
    residuals: &'a [f64],
    label: &'a dyn Fn(usize) -> String,
}

impl Finding<'_> {
    /// Headline, message and advice.
    fn words(&self, statistic: Statistic) -> (String, String, &'static str) {
        let &Self {
            value,
            range: [low, high],
            residuals,
            label,
        } = self;
        let date = || label(residuals.iter().position(|r| *r == value).unwrap_or(0));
        match statistic {
            Smallest | Largest => {
                let is_outlier = (value < low && statistic == Smallest)
                    || (value > high && statistic == Largest);
                let end = if statistic == Smallest { low } else { high };
                if is_outlier {
                    (
                        format!("{} lies further out than the model allows", date()),
                        format!(
                            "{} lies {} off the model's mean; replicated data reach {}.",
                            date(),
                            short(value),
                            short(end)
                        ),
                        OUTLIER,
                    )
                } else {
                    (
                        "the data lack the extremes that the model has".into(),
                        format!(
                            "No residual lies further out than {}; replicated data have {} to {}.",
                            short(value),
                            short(low),
                            short(high)
                        ),
                        TOO_WIDE,
                    )
                }
            }
            Scatter => (
                format!(
                    "residuals scatter by {}, {} to {} expected",
                    short(value),
                    short(low),
                    short(high)
                ),
                format!(
                    "The residuals have standard deviation {}; replicated data have {} to {}.",
                    short(value),
                    short(low),
                    short(high)
                ),
                if value > high { TOO_NARROW } else { TOO_WIDE },
            ),
            Run => {
                let (start, count) = longest_run(residuals.iter().copied());
                let side = if residuals[start] > 0.0 {
                    "above"
                } else {
                    "below"
                };
                let (from, to) = (label(start), label(start + count - 1));
                if value > high {
                    (
                        format!("{count} observations in a row lie {side} the mean"),
                        format!(
                            "{count} observations in a row, {from} to {to}, lie {side} the model's mean; \
                             replicated data have at most {high:.0}."
                        ),
                        LONG_RUN,
                    )
                } else {
                    (
                        format!("never more than {count} in a row on one side of the mean"),
                        format!(
                            "Never more than {count} observations in a row lie on one side of the model's \
                             mean; replicated data have at least {low:.0}."
                        ),
                        "Neighbouring observations are opposed: see whether something is counted in the wrong \
                         period.",
                    )
                }
            }
        }
    }
}

const OUTLIER: &str = "Look at that observation: a slip in the data, an event? If such values belong to \
    the data, use StudentT(nu, mean, sigma) in place of Normal.";
const TOO_WIDE: &str = "The noise is smaller or has lighter tails than the model says: look at the prior of its scale.";
const TOO_NARROW: &str = "The noise is larger than the model says: give it a free scale or a likelihood with heavier tails.";
const LONG_RUN: &str =
    "Look there for a change of the level or the slope, and give the model a term for it.";

/// Three significant digits.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor();
    if (-4.0..7.0).contains(&magnitude) {
        format!("{value:.*}", (2.0 - magnitude).max(0.0) as usize)
    } else {
        format!("{value:.2e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_is_found_where_it_starts() {
        let run = |values: &[f64]| longest_run(values.iter().copied());
        assert_eq!(run(&[1.0, -1.0, -2.0, -0.5, 3.0, 4.0]), (1, 3));
        assert_eq!(run(&[1.0, -1.0, 1.0]), (0, 1));
        assert_eq!(run(&[2.0, 1.0]), (0, 2));
        assert_eq!(run(&[]), (0, 0));
    }

    #[test]
    fn figures_are_short() {
        for (value, text) in [
            (9.1234, "9.12"),
            (-0.012_345, "-0.0123"),
            (1234.5, "1234"),
            (0.0, "0"),
            (1.5e9, "1.50e9"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
