//! Pareto smoothed importance sampling.
//!
//! Vehtari, Simpson, Gelman, Yao, Gabry (2024), "Pareto smoothed importance sampling", JMLR 25;
//! Zhang & Stephens (2009), "A new and efficient estimation method for the generalized Pareto
//! distribution", Technometrics 51(3).

/// A tail needs more draws than this to fit a distribution to.
const FEWEST_IN_TAIL: usize = 4;
/// Strength of the weak prior that pulls the shape towards 1/2, in draws.
const PRIOR_DRAWS: f64 = 10.0;
/// Shape and number of the candidate scales (Zhang & Stephens 2009).
const PRIOR_SCALE: f64 = 3.0;
const LEAST_CANDIDATES: usize = 30;

/// Smoothed importance weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Smoothed {
    /// Logarithms of the weights, in the order given; the weights sum to one.
    pub log_weights: Vec<f64>,
    /// Shape of the generalised Pareto distribution fitted to the largest ratios: the heavier
    /// the tail, the less the weights can be relied on. Infinite where the tail is too short
    /// to fit.
    pub pareto_k: f64,
}

/// Smooths importance ratios, given as logarithms: the largest are replaced by the quantiles of
/// a generalised Pareto distribution fitted to them. `relative_ess` is the effective share of
/// the draws (1 for independent ones).
pub fn smooth(log_ratios: &[f64], relative_ess: f64) -> Smoothed {
    let s = log_ratios.len();
    let largest = log_ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut weights: Vec<f64> = log_ratios.iter().map(|x| x - largest).collect();
    let mut pareto_k = f64::INFINITY;
    let tail_length = tail_length(s, relative_ess);
    if tail_length < s {
        // Only the tail has to be in order: sorting all would take most of the time.
        let ascending = |a: &usize, b: &usize| weights[*a].total_cmp(&weights[*b]);
        let mut order: Vec<usize> = (0..s).collect();
        let (_, &mut last, largest) = order.select_nth_unstable_by(s - tail_length - 1, ascending);
        let cutoff = weights[last].max(f64::MIN_POSITIVE.ln());
        // Draws as large as the cutoff are not beyond it.
        let beyond = largest.iter().copied().filter(|&i| weights[i] > cutoff);
        let mut tail: Vec<usize> = beyond.collect();
        tail.sort_unstable_by(ascending);
        if tail.len() > FEWEST_IN_TAIL {
            let excess: Vec<f64> = tail
                .iter()
                .map(|&i| weights[i].exp() - cutoff.exp())
                .collect();
            let fit = GeneralisedPareto::fit(&excess);
            pareto_k = fit.shape;
            if fit.shape.is_finite() && fit.scale > 0.0 {
                for (j, &i) in tail.iter().enumerate() {
                    let p = (j as f64 + 0.5) / tail.len() as f64;
                    let smoothed = (fit.quantile(p) + cutoff.exp()).ln();
                    weights[i] = smoothed.min(0.0);
                }
            }
        }
    }
    let total = log_sum_exp(&weights);
    weights.iter_mut().for_each(|x| *x -= total);
    Smoothed {
        log_weights: weights,
        pareto_k,
    }
}

/// How many of the largest ratios are the tail: ceil(min(s/5, 3 sqrt(s / relative_ess))).
fn tail_length(s: usize, relative_ess: f64) -> usize {
    let s = s as f64;
    (s / 5.0).min(3.0 * (s / relative_ess).sqrt()).ceil() as usize
}

/// ln(sum(exp(x))) without overflow.
pub(super) fn log_sum_exp(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return largest;
    }
    largest + x.iter().map(|x| (x - largest).exp()).sum::<f64>().ln()
}

/// Generalised Pareto distribution with location 0.
struct GeneralisedPareto {
    shape: f64,
    scale: f64,
}

impl GeneralisedPareto {
    /// From ascending positive values: the mean of the profile posterior of b = -shape/scale
    /// over a grid (Zhang & Stephens 2009), the shape then pulled towards 1/2 as by ten draws
    /// (Vehtari et al. 2024, appendix G).
    fn fit(ascending: &[f64]) -> Self {
        let n = ascending.len();
        let candidates = LEAST_CANDIDATES + (n as f64).sqrt() as usize;
        let quartile = ascending[(n as f64 / 4.0 + 0.5) as usize - 1];
        let shape_at = |b: f64| ascending.iter().map(|x| (-b * x).ln_1p()).sum::<f64>() / n as f64;
        let (b, log_likelihood): (Vec<f64>, Vec<f64>) = (1..=candidates)
            .map(|j| {
                let spread = 1.0 - (candidates as f64 / (j as f64 - 0.5)).sqrt();
                let b = spread / (PRIOR_SCALE * quartile) + 1.0 / ascending[n - 1];
                let k = shape_at(b);
                (b, n as f64 * ((-b / k).ln() - k - 1.0))
            })
            .unzip();
        let total = log_sum_exp(&log_likelihood);
        let weights = log_likelihood.iter().map(|l| (l - total).exp());
        // Negligible ones would only add rounding.
        let kept: Vec<(f64, f64)> = b
            .into_iter()
            .zip(weights)
            .filter(|(_, w)| *w >= 10.0 * f64::EPSILON)
            .collect();
        let total: f64 = kept.iter().map(|(_, w)| w).sum();
        let b = kept.iter().map(|(b, w)| b * w).sum::<f64>() / total;
        let k = shape_at(b);
        let n = n as f64;
        Self {
            shape: (n * k + PRIOR_DRAWS * 0.5) / (n + PRIOR_DRAWS),
            scale: -k / b,
        }
    }

    /// Quantile at `p` in (0, 1).
    fn quantile(&self, p: f64) -> f64 {
        let exponential = -(-p).ln_1p();
        if self.shape.abs() < f64::EPSILON {
            return self.scale * exponential;
        }
        self.scale * (self.shape * exponential).exp_m1() / self.shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fit_finds_the_shape_and_scale_of_its_own_quantiles() {
        for (shape, scale) in [(-0.3, 1.0), (0.2, 2.0), (0.5, 0.1), (0.9, 5.0)] {
            let truth = GeneralisedPareto { shape, scale };
            let x: Vec<f64> = (0..2000)
                .map(|i| truth.quantile((f64::from(i) + 0.5) / 2000.0))
                .collect();
            let fit = GeneralisedPareto::fit(&x);
            assert!(
                (fit.shape - shape).abs() < 0.02,
                "shape {}, not {shape}",
                fit.shape
            );
            assert!(
                (fit.scale / scale - 1.0).abs() < 0.02,
                "scale {}, not {scale}",
                fit.scale
            );
        }
    }

    #[test]
    fn shape_zero_is_the_exponential_distribution() {
        let at = |shape| GeneralisedPareto { shape, scale: 2.0 }.quantile(0.75);
        assert!((at(0.0) - 2.0 * 4f64.ln()).abs() < 1e-15);
        assert!((at(1e-9) - at(0.0)).abs() < 1e-8);
    }

    #[test]
    fn smoothing_keeps_the_order_and_sums_to_one() {
        let ratios: Vec<f64> = (0..500).map(|i| f64::from(i * 37 % 500) / 60.0).collect();
        let smoothed = smooth(&ratios, 1.0);
        assert!(log_sum_exp(&smoothed.log_weights).abs() < 1e-12);
        let mut order: Vec<usize> = (0..500).collect();
        order.sort_by(|&a, &b| ratios[a].total_cmp(&ratios[b]));
        assert!(order.is_sorted_by(|&a, &b| smoothed.log_weights[a] <= smoothed.log_weights[b]));
        assert!(smoothed.pareto_k.is_finite());
    }

    #[test]
    fn the_tail_is_a_fifth_of_few_draws_and_a_root_of_many() {
        assert_eq!(tail_length(100, 1.0), 20);
        assert_eq!(tail_length(4000, 1.0), 190);
        assert_eq!(tail_length(4000, 0.25), 380);
    }

    #[test]
    fn a_tail_of_equals_is_too_short_to_fit() {
        let smoothed = smooth(&[0.0; 50], 1.0);
        assert_eq!(smoothed.pareto_k, f64::INFINITY);
        assert!(
            smoothed
                .log_weights
                .iter()
                .all(|w| (w + 50f64.ln()).abs() < 1e-12)
        );
    }
}
