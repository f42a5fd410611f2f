//! Leave-one-out cross-validation without refitting.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::moments::variance;
use super::psis::{log_sum_exp, smooth};

/// Expected log predictive density for each observation left out in turn (Vehtari, Gelman,
/// Gabry 2017, Statistics and Computing 27(5)).
#[derive(Debug, Clone, PartialEq)]
pub struct Loo {
    /// Sum over the observations; larger is better.
    pub elpd: f64,
    /// Standard error of `elpd`.
    pub se: f64,
    /// Effective number of parameters.
    pub p: f64,
    /// `elpd` of each observation.
    pub pointwise: Vec<f64>,
    /// Pareto k of each observation: above [`good_k`](Self::good_k) the observation has so much
    /// influence that its figure cannot be relied on.
    pub pareto_k: Vec<f64>,
    /// min(1 - 1/log10(draws), 0.7) (Vehtari et al. 2024).
    pub good_k: f64,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LooError {
    #[error(
        "the log-likelihood has {draws} draws of {observations} observations: give at least one of each"
    )]
    Empty { draws: usize, observations: usize },
    #[error(
        "the log-likelihood of observation {observation} at draw {draw} is {value}: leave gaps out and fit again if the model gave it"
    )]
    NotFinite {
        draw: usize,
        observation: usize,
        value: f64,
    },
    #[error(
        "the relative effective sample size is {0}: give a positive number, 1 for independent draws"
    )]
    RelativeEss(f64),
}

/// PSIS-LOO from the log-likelihood of every observation at every draw (draws × observations,
/// chains one after the other). `relative_ess` is the mean of `ess_mean` over the parameters,
/// divided by the number of draws; 1 for one chain.
///
/// # Errors
///
/// For no draws or observations, for a log-likelihood that is not finite and for a
/// `relative_ess` that is not positive.
pub fn loo(log_likelihood: ArrayView2<'_, f64>, relative_ess: f64) -> Result<Loo, LooError> {
    let (draws, observations) = log_likelihood.dim();
    if draws == 0 || observations == 0 {
        return Err(LooError::Empty {
            draws,
            observations,
        });
    }
    if !relative_ess.is_finite() || relative_ess <= 0.0 {
        return Err(LooError::RelativeEss(relative_ess));
    }
    let points: Vec<Point> = (0..observations)
        .into_par_iter()
        .map(|i| Point::new(&log_likelihood.column(i).to_vec(), relative_ess, i))
        .collect::<Vec<_>>()
        .into_iter()
        .collect::<Result<_, _>>()?;
    let pointwise: Vec<f64> = points.iter().map(|point| point.elpd).collect();
    Ok(Loo {
        elpd: pointwise.iter().sum(),
        se: (observations as f64 * variance(ndarray::ArrayView1::from(&pointwise), 0)).sqrt(),
        p: points.iter().map(|point| point.lppd - point.elpd).sum(),
        pareto_k: points.iter().map(|point| point.pareto_k).collect(),
        pointwise,
        good_k: (1.0 - 1.0 / (draws as f64).log10()).min(0.7),
    })
}

/// One observation.
struct Point {
    /// Log predictive density with the observation left out.
    elpd: f64,
    /// And with it in.
    lppd: f64,
    pareto_k: f64,
}

impl Point {
    fn new(
        log_likelihood: &[f64],
        relative_ess: f64,
        observation: usize,
    ) -> Result<Self, LooError> {
        if let Some(draw) = log_likelihood.iter().position(|x| !x.is_finite()) {
            return Err(LooError::NotFinite {
                draw,
                observation,
                value: log_likelihood[draw],
            });
        }
        let log_ratios: Vec<f64> = log_likelihood.iter().map(|x| -x).collect();
        let smoothed = smooth(&log_ratios, relative_ess);
        let weighted: Vec<f64> = smoothed
            .log_weights
            .iter()
            .zip(log_likelihood)
            .map(|(w, l)| w + l)
            .collect();
        Ok(Self {
            elpd: log_sum_exp(&weighted),
            lppd: log_sum_exp(log_likelihood) - (log_likelihood.len() as f64).ln(),
            pareto_k: smoothed.pareto_k,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    #[test]
    fn draws_that_all_agree_have_nothing_to_leave_out() {
        let loo = loo(Array2::from_elem((100, 3), -1.5).view(), 1.0).expect("finite");
        assert!((loo.elpd + 4.5).abs() < 1e-12);
        assert!(loo.p.abs() < 1e-12 && loo.se.abs() < 1e-6);
        assert_eq!(loo.pareto_k, [f64::INFINITY; 3]);
        assert_eq!(loo.good_k, 0.5);
    }

    #[test]
    fn what_cannot_be_computed_is_an_error() {
        let nothing = Array2::<f64>::zeros((0, 3));
        assert_eq!(
            loo(nothing.view(), 1.0),
            Err(LooError::Empty {
                draws: 0,
                observations: 3
            })
        );
        let mut ll = Array2::zeros((5, 2));
        assert_eq!(loo(ll.view(), 0.0), Err(LooError::RelativeEss(0.0)));
        ll[(3, 1)] = f64::NEG_INFINITY;
        let error = loo(ll.view(), 1.0);
        assert_eq!(
            error,
            Err(LooError::NotFinite {
                draw: 3,
                observation: 1,
                value: f64::NEG_INFINITY
            })
        );
    }

    proptest! {
        /// Weights are a distribution over the draws, so that the figure lies among theirs.
        #[test]
        fn a_figure_lies_between_the_draws(ll in prop::collection::vec(-30.0..5.0f64, 1..200)) {
            let matrix = Array2::from_shape_vec((ll.len(), 1), ll.clone()).expect("one column");
            let loo = loo(matrix.view(), 1.0).expect("finite");
            let least = ll.iter().copied().fold(f64::INFINITY, f64::min);
            let most = ll.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(loo.elpd >= least - 1e-9 && loo.elpd <= most + 1e-9, "{} not in {least}..{most}", loo.elpd);
            prop_assert!(loo.p >= -1e-9 || loo.pareto_k[0] > loo.good_k);
        }
    }
}
