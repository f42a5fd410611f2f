//! What the draws of one parameter look like, chain by chain: the figures behind the pictures
//! of a trace, worked out once and small whatever the number of draws.

use ndarray::{Array2, ArrayView1, ArrayView2, s};
use rayon::prelude::*;

use super::autocovariance::autocorrelation;
use super::moments::variance;
use super::quantile::quantile;
use super::{Convention, Sample, average_ranks};

/// Points of a density.
const POINTS: usize = 256;
/// Stretches that a chain is cut into, at most: more than a terminal has columns.
const STRETCHES: usize = 400;
/// Draws of a stretch, at least: fewer have no middle half.
const DRAWS_OF_STRETCH: usize = 8;
/// Bars of a rank histogram.
pub const RANK_BARS: usize = 20;
/// Longest lags shown, the shortest that reaches uncorrelated draws is taken.
const LAGS: [usize; 5] = [20, 50, 100, 250, 500];
/// Below this an autocorrelation is taken for none.
const UNCORRELATED: f64 = 0.1;
/// Values that the running figures are worked out from, in all: what a person waits for.
const RUNNING_BUDGET: usize = 4_000_000;

/// Pictures of the draws of a parameter. Draws that are not finite are left out of densities and
/// stretches; figures they make undefined are NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// Draws a chain.
    pub draws: usize,
    /// Lowest and highest draw.
    pub range: [f64; 2],
    pub density: Densities,
    /// Of each chain, cut into at most 400 stretches; single draws where there are no more.
    pub stretches: Vec<Vec<Stretch>>,
    /// Draws that diverged, by chain; empty where the trace does not say.
    pub divergent: Vec<Vec<usize>>,
    /// Of each chain, how often its draws fall into each of [`RANK_BARS`] equal parts of the ranks
    /// of all draws, where 1 is as often as it should (Vehtari et al. 2021, section 5).
    pub ranks: Vec<Vec<f64>>,
    /// Of each chain, at lags 0, 1, ..
    pub autocorrelation: Vec<Vec<f64>>,
    /// Figures of the first part of the draws, longer and longer, to all of them.
    pub running: Vec<Running>,
}

/// Densities at common points, by a Gaussian kernel with Silverman's bandwidth (Silverman 1986,
/// equation 3.31).
#[derive(Debug, Clone, PartialEq)]
pub struct Densities {
    pub at: Vec<f64>,
    pub pooled: Vec<f64>,
    pub chains: Vec<Vec<f64>>,
}

/// A stretch of a chain: its lowest and highest draw and the middle half between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub low: f64,
    pub lower_quartile: f64,
    pub upper_quartile: f64,
    pub high: f64,
}

/// Figures of the first `draws` draws of every chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Running {
    pub draws: usize,
    pub r_hat: f64,
    pub ess_bulk: f64,
    pub ess_tail: f64,
}

impl Portrait {
    /// From chains × draws, and which of them diverged (of the same shape).
    pub fn new(
        draws: ArrayView2<'_, f64>,
        diverging: Option<&Array2<bool>>,
        convention: Convention,
    ) -> Self {
        let finite = || draws.iter().copied().filter(|draw| draw.is_finite());
        let range = [
            finite().fold(f64::INFINITY, f64::min),
            finite().fold(f64::NEG_INFINITY, f64::max),
        ];
        let chains: Vec<ArrayView1<f64>> = draws.rows().into_iter().collect();
        let divergent = |chain: ArrayView1<bool>| {
            let numbered = chain.iter().enumerate();
            numbered.filter(|(_, d)| **d).map(|(i, _)| i).collect()
        };
        let ((density, stretches), (ranks, running)) = rayon::join(
            || {
                let stretches = chains.par_iter().map(|chain| stretches(*chain));
                (densities(&chains), stretches.collect())
            },
            || (rank_bars(draws), running(draws, convention)),
        );
        Self {
            draws: draws.ncols(),
            range,
            density,
            stretches,
            divergent: diverging.map_or(Vec::new(), |diverging| {
                diverging.rows().into_iter().map(divergent).collect()
            }),
            ranks,
            autocorrelation: autocorrelations(&chains),
            running,
        }
    }

    /// At most so many chains, in order: those whose ranks are least level.
    pub fn least_level(&self, most: usize) -> Vec<usize> {
        let unevenness = |chain: usize| -> f64 {
            let bars = self.ranks.get(chain).into_iter().flatten();
            bars.map(|bar| (bar - 1.0).powi(2)).sum()
        };
        let mut chains: Vec<usize> = (0..self.stretches.len()).collect();
        if chains.len() > most {
            chains.sort_by(|&a, &b| unevenness(b).total_cmp(&unevenness(a)));
            chains.truncate(most);
            chains.sort_unstable();
        }
        chains
    }

    /// One of so many equal parts of a chain. Of several stretches together the middle half is the
    /// mean of theirs; where there are fewer stretches than parts, it is the nearest one.
    pub fn envelope(&self, chain: usize, part: usize, parts: usize) -> Stretch {
        let stretches = &self.stretches[chain];
        let edge = |part: usize| part * stretches.len() / parts;
        let of = &stretches[edge(part)..edge(part + 1).max(edge(part) + 1)];
        let quartile = |p: f64, figure: fn(&Stretch) -> f64| {
            let mut figures: Vec<f64> = of.iter().map(figure).collect();
            if self.draws == stretches.len() {
                // Single draws: the part's own.
                figures.sort_unstable_by(f64::total_cmp);
                quantile(&figures, p)
            } else {
                figures.iter().sum::<f64>() / figures.len() as f64
            }
        };
        let highest = of.iter().map(|s| s.high).fold(f64::NEG_INFINITY, f64::max);
        Stretch {
            low: of.iter().map(|s| s.low).fold(f64::INFINITY, f64::min),
            lower_quartile: quartile(0.25, |s| s.lower_quartile),
            upper_quartile: quartile(0.75, |s| s.upper_quartile),
            high: highest,
        }
    }
}

fn densities(chains: &[ArrayView1<f64>]) -> Densities {
    let mut all: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| chain.iter().copied().filter(|x| x.is_finite()).collect())
        .collect();
    all.par_iter_mut()
        .for_each(|chain| chain.sort_unstable_by(f64::total_cmp));
    let mut pooled: Vec<f64> = all.iter().flatten().copied().collect();
    // Runs that are sorted already: linear.
    pooled.sort_by(f64::total_cmp);
    if pooled.is_empty() {
        return Densities {
            at: Vec::new(),
            pooled: Vec::new(),
            chains: vec![Vec::new(); chains.len()],
        };
    }
    // Single draws far out would leave no room for the rest.
    let (low, high) = (quantile(&pooled, 0.001), quantile(&pooled, 0.999));
    let margin = match 0.08 * (high - low) {
        margin if margin > 0.0 => margin,
        _ => low.abs().max(1.0) * 1e-3,
    };
    let (low, step) = (
        low - margin,
        (high - low + 2.0 * margin) / (POINTS - 1) as f64,
    );
    let density = |sorted: &Vec<f64>| kernel_density(sorted, low, step);
    Densities {
        at: (0..POINTS).map(|i| low + step * i as f64).collect(),
        pooled: density(&pooled),
        chains: all.par_iter().map(density).collect(),
    }
}

/// At [`POINTS`] points `step` apart from `low` on: values are shared out between their two
/// neighbours among the points, the shares smoothed.
fn kernel_density(sorted: &[f64], low: f64, step: f64) -> Vec<f64> {
    let mut shares = vec![0.0; POINTS];
    for value in sorted {
        let place = (value - low) / step;
        let below = place.floor();
        for (point, share) in [(below, 1.0 - (place - below)), (below + 1.0, place - below)] {
            if (0.0..POINTS as f64).contains(&point) {
                shares[point as usize] += share;
            }
        }
    }
    let sd = variance(ArrayView1::from(sorted), 1).sqrt();
    let middle = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.349;
    let spread = if middle > 0.0 { sd.min(middle) } else { sd };
    // A chain that does not move is a peak as narrow as can be shown.
    let bandwidth = match 0.9 * spread * (sorted.len() as f64).powf(-0.2) {
        bandwidth if bandwidth > step => bandwidth,
        _ => step,
    };
    let reach = ((4.0 * bandwidth / step).ceil() as usize).min(POINTS);
    let kernel: Vec<f64> = (0..=reach)
        .map(|i| (-0.5 * (i as f64 * step / bandwidth).powi(2)).exp())
        .collect();
    let scale =
        1.0 / (sorted.len().max(1) as f64 * bandwidth * (2.0 * std::f64::consts::PI).sqrt());
    (0..POINTS)
        .map(|i| {
            let near = i.saturating_sub(reach)..(i + reach + 1).min(POINTS);
            scale * near.map(|j| shares[j] * kernel[i.abs_diff(j)]).sum::<f64>()
        })
        .collect()
}

fn stretches(chain: ArrayView1<f64>) -> Vec<Stretch> {
    let count = if chain.len() <= STRETCHES {
        chain.len()
    } else {
        (chain.len() / DRAWS_OF_STRETCH).min(STRETCHES)
    };
    (0..count)
        .map(|i| {
            let part = chain.slice(s![i * chain.len() / count..(i + 1) * chain.len() / count]);
            let mut sorted: Vec<f64> = part.iter().copied().filter(|x| x.is_finite()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let at = |p| quantile(&sorted, p);
            Stretch {
                low: at(0.0),
                lower_quartile: at(0.25),
                upper_quartile: at(0.75),
                high: at(1.0),
            }
        })
        .collect()
}

fn rank_bars(draws: ArrayView2<f64>) -> Vec<Vec<f64>> {
    let values: Vec<f64> = draws.iter().copied().collect();
    let ranks = average_ranks(&values);
    let total = ranks.len() as f64;
    let expected = draws.ncols() as f64 / RANK_BARS as f64;
    ranks
        .chunks(draws.ncols().max(1))
        .map(|chain| {
            let mut bars = [0.0; RANK_BARS];
            for rank in chain.iter().filter(|rank| rank.is_finite()) {
                let bar = ((rank - 0.5) / total * RANK_BARS as f64) as usize;
                bars[bar.min(RANK_BARS - 1)] += 1.0;
            }
            bars.iter().map(|count| count / expected).collect()
        })
        .collect()
}

fn autocorrelations(chains: &[ArrayView1<f64>]) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = chains
        .par_iter()
        .map(|chain| {
            let mut values = autocorrelation(*chain);
            values.truncate(LAGS[LAGS.len() - 1] + 1);
            values
        })
        .collect();
    let settled = |lags: usize| {
        let near = |values: &Vec<f64>| match values.get(lags / 2..) {
            // A chain that does not move has no correlation: NaN.
            Some(rest) => !rest.iter().take(lags / 2).any(|r| r.abs() >= UNCORRELATED),
            None => true,
        };
        all.iter().all(near)
    };
    let lags = LAGS.into_iter().find(|lags| settled(*lags));
    let lags = lags.unwrap_or(LAGS[LAGS.len() - 1]);
    all.iter_mut().for_each(|values| values.truncate(lags + 1));
    all
}

fn running(draws: ArrayView2<f64>, convention: Convention) -> Vec<Running> {
    let steps = (RUNNING_BUDGET / draws.len().max(1)).clamp(6, 40);
    let lengths: Vec<usize> = (1..=steps)
        .map(|i| i * draws.ncols() / steps)
        .filter(|length| *length >= 4)
        .collect();
    lengths
        .into_par_iter()
        .map(|length| {
            let sample = Sample::new(draws.slice(s![.., ..length]));
            Running {
                draws: length,
                r_hat: sample.r_hat(convention),
                ess_bulk: sample.ess_bulk(),
                ess_tail: sample.ess_tail(convention),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    fn wave(chains: usize, draws: usize) -> Array2<f64> {
        Array2::from_shape_fn((chains, draws), |(c, d)| {
            let n = (c * draws + d) as f64;
            (n * 12.9898).sin() + (n * 78.233).cos()
        })
    }

    fn portrait(draws: &Array2<f64>) -> Portrait {
        Portrait::new(draws.view(), None, Convention::default())
    }

    #[test]
    fn a_density_holds_all_the_mass() {
        let density = portrait(&wave(2, 500)).density;
        let step = density.at[1] - density.at[0];
        for curve in density.chains.iter().chain([&density.pooled]) {
            let mass = curve.iter().sum::<f64>() * step;
            // What the kernel carries over the edges is missing.
            assert!((0.98..=1.0 + 1e-9).contains(&mass), "{mass}");
        }
    }

    #[test]
    fn a_density_is_where_the_chain_is() {
        let mut draws = wave(2, 500);
        draws.row_mut(1).mapv_inplace(|x| x + 100.0);
        let density = portrait(&draws).density;
        let peak = |curve: &Vec<f64>| {
            let top = (0..POINTS).max_by(|&a, &b| curve[a].total_cmp(&curve[b]));
            density.at[top.unwrap()]
        };
        assert!(peak(&density.chains[0]).abs() < 3.0);
        assert!((peak(&density.chains[1]) - 100.0).abs() < 3.0);
    }

    #[test]
    fn an_envelope_holds_its_part_of_the_chain() {
        // Single draws: 40 in 10 parts of four.
        let few = portrait(&Array2::from_shape_fn((1, 40), |(_, draw)| draw as f64));
        let part = few.envelope(0, 2, 10);
        assert_eq!((part.low, part.high), (8.0, 11.0));
        assert_eq!((part.lower_quartile, part.upper_quartile), (8.75, 10.25));
        // Fewer draws than parts: the nearest.
        assert_eq!(few.envelope(0, 79, 80).low, 39.0);
        let many = portrait(&wave(2, 5000));
        for part in 0..50 {
            let whole = many.envelope(1, part, 50);
            assert!(whole.low <= whole.lower_quartile && whole.upper_quartile <= whole.high);
            assert!(many.range[0] <= whole.low && whole.high <= many.range[1]);
        }
    }

    #[test]
    fn the_least_level_chains_are_shown_where_not_all_can_be() {
        let mut draws = wave(5, 1000);
        draws.row_mut(3).fill(9.0);
        let portrait = portrait(&draws);
        assert_eq!(portrait.least_level(5), [0, 1, 2, 3, 4]);
        assert!(portrait.least_level(2).contains(&3));
    }

    #[test]
    fn chains_that_agree_have_level_ranks_and_one_that_sits_apart_has_not() {
        let level = portrait(&wave(2, 1000)).ranks;
        assert!(level.iter().flatten().all(|bar| (bar - 1.0).abs() < 0.4));
        let mut draws = wave(2, 1000);
        draws.row_mut(1).mapv_inplace(|x| x + 100.0);
        let apart = portrait(&draws).ranks;
        assert_eq!((apart[0][0], apart[0][RANK_BARS - 1]), (2.0, 0.0));
        assert_eq!((apart[1][0], apart[1][RANK_BARS - 1]), (0.0, 2.0));
    }

    #[test]
    fn the_running_figures_end_with_those_of_all_draws() {
        let draws = wave(4, 300);
        let last = *portrait(&draws).running.last().unwrap();
        let sample = Sample::new(draws.view());
        assert_eq!(
            (last.draws, last.r_hat, last.ess_bulk),
            (300, sample.r_hat(Convention::default()), sample.ess_bulk())
        );
    }

    #[test]
    fn stretches_of_a_long_chain_are_envelopes() {
        let draws = Array2::from_shape_fn((1, 100_000), |(_, d)| (d % 7) as f64);
        let stretches = &portrait(&draws).stretches[0];
        assert_eq!(stretches.len(), STRETCHES);
        assert!(stretches.iter().all(|s| (s.low, s.high) == (0.0, 6.0)));
    }

    #[test]
    fn divergences_are_placed() {
        let diverging = array![[false, true, false, true], [false; 4]];
        let portrait = Portrait::new(wave(2, 4).view(), Some(&diverging), Convention::default());
        assert_eq!(portrait.divergent, [vec![1, 3], vec![]]);
    }

    proptest! {
        /// No shape and no value is too odd.
        #[test]
        fn any_draws_have_a_portrait(
            chains in 0usize..4,
            draws in 0usize..40,
            odd in prop::collection::vec(prop_oneof![
                Just(f64::NAN), Just(f64::INFINITY), Just(-1e308), Just(1e308), Just(0.0), -1.0..1.0f64
            ], 160),
        ) {
            let draws = Array2::from_shape_fn((chains, draws), |(c, d)| odd[c * 40 + d]);
            let portrait = portrait(&draws);
            prop_assert_eq!(portrait.stretches.len(), chains);
            prop_assert_eq!(portrait.autocorrelation.len(), chains);
        }
    }
}
