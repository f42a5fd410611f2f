//! Quantiles of priors.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::{erf_inv, erfc_inv};
use statrs::function::gamma::checked_gamma_lr;

use super::{PriorDistribution, PriorFamily};
use crate::model::evaluate::sigmoid;

impl PriorDistribution {
    /// The number that the prior stays below with probability `p`, inside the support even for 0
    /// and 1 where that ends somewhere. NaN for what is no probability. Good to nine digits.
    pub fn quantile(&self, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let [a, b, c] = self.arguments;
        self.support().inside(match self.family {
            PriorFamily::Normal => a + b * normal(p),
            PriorFamily::HalfNormal => a * SQRT_2 * erf_inv(p),
            PriorFamily::StudentT if p < 0.5 => b - c * student_t_above(a, p),
            PriorFamily::StudentT => b + c * student_t_above(a, 1.0 - p),
            PriorFamily::HalfStudentT => b * student_t_above(a, 0.5 * (1.0 - p)),
            PriorFamily::Cauchy => a + b * (PI * (p - 0.5)).tan(),
            PriorFamily::HalfCauchy => a * (0.5 * PI * p).tan(),
            PriorFamily::Exponential => -(-p).ln_1p() / a,
            PriorFamily::Gamma => gamma(a, p) / b,
            PriorFamily::InverseGamma => b / gamma(a, 1.0 - p),
            PriorFamily::LogNormal => (a + b * normal(p)).exp(),
            PriorFamily::Beta => sigmoid(beta_log_odds(a, b, p)),
            PriorFamily::Uniform => a + (b - a) * p,
        })
    }
}

/// Of the standard normal distribution.
fn normal(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

/// What a Student's t lies above with probability `p`, at most 1/2.
fn student_t_above(nu: f64, p: f64) -> f64 {
    // t^2 / nu is the odds of a number that is beta distributed, looked for from the nearer end.
    let log_odds = if p < 0.25 {
        -beta_log_odds(0.5 * nu, 0.5, 2.0 * p)
    } else {
        beta_log_odds(0.5, 0.5 * nu, 1.0 - 2.0 * p)
    };
    (0.5 * log_odds).exp() * nu.sqrt()
}

/// Of the gamma distribution of rate 1.
fn gamma(shape: f64, p: f64) -> f64 {
    root(|u| checked_gamma_lr(shape, u.exp()).map_or(f64::NAN, |found| found - p)).exp()
}

/// The log-odds of a quantile of the beta distribution.
fn beta_log_odds(a: f64, b: f64, p: f64) -> f64 {
    root(|u| checked_beta_reg(a, b, sigmoid(u)).map_or(f64::NAN, |found| found - p))
}

/// Where a function that grows becomes positive, by halving the numbers that have an exponential.
fn root(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-745.0, 709.0);
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if f(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Family, arguments, and the quantiles of 0.001, 0.3, 0.5 and 0.975 by SciPy.
    const REFERENCE: &[(PriorFamily, &[f64], [f64; 4])] = &[
        (
            PriorFamily::Normal,
            &[1.0, 2.0],
            [
                -5.180464612335626,
                -0.04880102541608178,
                1.0,
                4.919927969080108,
            ],
        ),
        (
            PriorFamily::HalfNormal,
            &[5.0],
            [
                0.006266572327162083,
                1.9266023320378387,
                3.3724487509804084,
                11.207013638024733,
            ],
        ),
        (
            PriorFamily::StudentT,
            &[3.0, 1.0, 2.0],
            [
                -19.42906370481477,
                -0.16877945487963752,
                1.0,
                7.3648926105674155,
            ],
        ),
        (
            PriorFamily::HalfStudentT,
            &[3.0, 2.0],
            [
                0.0027207001651942233,
                0.8484032448398323,
                1.5297846568086888,
                8.353069692209006,
            ],
        ),
        (
            PriorFamily::Cauchy,
            &[1.0, 2.0],
            [
                -635.6176779711009,
                -0.453085056010722,
                1.0,
                26.41240947234939,
            ],
        ),
        (
            PriorFamily::HalfCauchy,
            &[2.0],
            [
                0.0031415952374487335,
                1.0190508989888576,
                1.9999999999999998,
                50.90339915871408,
            ],
        ),
        (
            PriorFamily::Exponential,
            &[0.5],
            [
                0.002001000667167067,
                0.7133498878774649,
                1.3862943611198906,
                7.377758908227871,
            ],
        ),
        (
            PriorFamily::Gamma,
            &[2.0, 0.1],
            [
                0.45402017769489544,
                10.973492107034916,
                16.78346990016661,
                55.71643390938898,
            ],
        ),
        (
            PriorFamily::Gamma,
            &[0.3, 2.0],
            [
                3.486349548391672e-11,
                0.006363328884974349,
                0.03656556793347599,
                0.9501318214194129,
            ],
        ),
        (
            PriorFamily::InverseGamma,
            &[3.0, 2.0],
            [
                0.17811227671161706,
                0.5531634821501716,
                0.7479262863802246,
                3.23273011015803,
            ],
        ),
        (
            PriorFamily::LogNormal,
            &[0.5, 0.8],
            [
                0.13915235806645346,
                1.0838067257408526,
                1.6487212707001282,
                7.908761437271492,
            ],
        ),
        (
            PriorFamily::Beta,
            &[2.0, 5.0],
            [
                0.008255492787746678,
                0.18180347131894917,
                0.26444998329566005,
                0.6412345789976748,
            ],
        ),
        (
            PriorFamily::Beta,
            &[0.5, 0.5],
            [
                2.4673990709169446e-06,
                0.2061073738537634,
                0.4999999999999999,
                0.9984586668665639,
            ],
        ),
        (PriorFamily::Uniform, &[2.0, 6.0], [2.004, 3.2, 4.0, 5.9]),
    ];

    #[test]
    fn quantiles_agree_with_scipy() {
        for (family, arguments, quantiles) in REFERENCE {
            let prior = PriorDistribution::new(*family, arguments).unwrap();
            for (p, expected) in [0.001, 0.3, 0.5, 0.975].into_iter().zip(quantiles) {
                let found = prior.quantile(p);
                assert!(
                    (found - expected).abs() <= 1e-9 * expected.abs(),
                    "{family:?} {arguments:?} at {p}: {found}, not {expected}"
                );
            }
        }
        for family in PriorFamily::ALL {
            assert!(REFERENCE.iter().any(|row| row.0 == family), "{family:?}");
        }
    }

    #[test]
    fn quantiles_of_certainty_lie_inside_the_support() {
        for (family, arguments, _) in REFERENCE {
            let prior = PriorDistribution::new(*family, arguments).unwrap();
            for p in [0.0, 1.0] {
                let found = prior.quantile(p);
                assert!(
                    prior.support().contains(found),
                    "{family:?} at {p}: {found}"
                );
            }
            assert!(prior.quantile(1.1).is_nan() && prior.quantile(f64::NAN).is_nan());
        }
    }
}
