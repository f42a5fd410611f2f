//! The distribution of an observation around the mean.

mod observations;

pub(super) use observations::Observations;

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use rand::Rng;
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal, StudentT};
use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::erfc;
use statrs::function::gamma::{checked_gamma_ur, ln_gamma};

/// A family of distributions for observations, in PyMC's parameterisation.
///
/// Methods take the arguments in the family's order; a family of fewer than three ignores the
/// rest. Arguments outside the domain (a scale that is not positive, a negative rate, anything
/// that is not finite) give NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `Normal(mean, sigma)`
    Normal,
    /// `StudentT(nu, mean, sigma)`: like a normal, with room for outliers.
    StudentT,
    /// `LogNormal(mean, sigma)`: the mean and standard deviation of the logarithm.
    LogNormal,
    /// `Poisson(rate)`
    Poisson,
    /// `NegativeBinomial(mu, alpha)`: counts of mean mu and variance `mu + mu^2 / alpha`.
    NegativeBinomial,
}

impl Family {
    pub const ALL: [Family; 5] = [
        Family::Normal,
        Family::StudentT,
        Family::LogNormal,
        Family::Poisson,
        Family::NegativeBinomial,
    ];

    /// As written in a model file.
    pub fn name(self) -> &'static str {
        match self {
            Family::Normal => "Normal",
            Family::StudentT => "StudentT",
            Family::LogNormal => "LogNormal",
            Family::Poisson => "Poisson",
            Family::NegativeBinomial => "NegativeBinomial",
        }
    }

    /// Names of the arguments, in order.
    pub fn argument_names(self) -> &'static [&'static str] {
        match self {
            Family::Normal | Family::LogNormal => &["mean", "sigma"],
            Family::StudentT => &["nu", "mean", "sigma"],
            Family::Poisson => &["rate"],
            Family::NegativeBinomial => &["mu", "alpha"],
        }
    }

    /// Whether observations are counts: 0, 1, 2, ..
    pub fn is_discrete(self) -> bool {
        matches!(self, Family::Poisson | Family::NegativeBinomial)
    }

    /// Why no observation can have this value, and what to do; `None` where one can.
    pub(super) fn objection(self, value: f64) -> Option<&'static str> {
        let is_count = value >= 0.0 && value.fract() == 0.0;
        if !value.is_finite() {
            Some("observations are finite; leave the value empty if it is not known")
        } else if self.is_discrete() && !is_count {
            Some(
                "counts are whole and not negative; correct the value or choose Normal or StudentT",
            )
        } else if self == Family::LogNormal && value <= 0.0 {
            Some("values must be > 0; correct the value or choose Normal or StudentT")
        } else {
            None
        }
    }

    fn accepts(self, [a, b, c]: [f64; 3]) -> bool {
        match self {
            Family::Normal | Family::LogNormal => a.is_finite() && is_positive(b),
            Family::StudentT => is_positive(a) && b.is_finite() && is_positive(c),
            Family::Poisson => is_rate(a),
            Family::NegativeBinomial => is_rate(a) && is_positive(b),
        }
    }

    /// One observation.
    pub fn sample<R: Rng + ?Sized>(self, arguments: [f64; 3], rng: &mut R) -> f64 {
        if !self.accepts(arguments) {
            return f64::NAN;
        }
        let [a, b, c] = arguments;
        match self {
            Family::Normal => a + b * normal(rng),
            Family::StudentT => StudentT::new(a).map_or(f64::NAN, |t| b + c * t.sample(rng)),
            Family::LogNormal => (a + b * normal(rng)).exp(),
            Family::Poisson => poisson(a, rng),
            Family::NegativeBinomial => {
                // A Poisson whose rate is gamma distributed.
                let rate = Gamma::new(b, 1.0).map_or(f64::NAN, |gamma| gamma.sample(rng) * (a / b));
                poisson(rate, rng)
            }
        }
    }

    /// The expected observation; NaN where there is none (Student's t with nu <= 1).
    pub fn mean(self, arguments: [f64; 3]) -> f64 {
        if !self.accepts(arguments) {
            return f64::NAN;
        }
        let [a, b, _] = arguments;
        match self {
            Family::Normal | Family::Poisson | Family::NegativeBinomial => a,
            Family::StudentT if a > 1.0 => b,
            Family::StudentT => f64::NAN,
            Family::LogNormal => (a + b * b / 2.0).exp(),
        }
    }

    /// The probability of an observation at most `x`.
    pub fn cdf(self, arguments: [f64; 3], x: f64) -> f64 {
        if !self.accepts(arguments) || x.is_nan() {
            return f64::NAN;
        }
        let [a, b, c] = arguments;
        match self {
            Family::Normal => standard_normal_cdf((x - a) / b),
            Family::StudentT => student_t_cdf(a, (x - b) / c),
            Family::LogNormal if x <= 0.0 => 0.0,
            Family::LogNormal => standard_normal_cdf((x.ln() - a) / b),
            Family::Poisson => poisson_cdf(a, x),
            Family::NegativeBinomial => negative_binomial_cdf(a, b, x),
        }
    }

    /// The logarithm of the density at `x`, or of the probability of `x` for counts; minus
    /// infinity outside the support.
    pub fn ln_pdf(self, arguments: [f64; 3], x: f64) -> f64 {
        if !self.accepts(arguments) || x.is_nan() {
            return f64::NAN;
        }
        let [a, b, c] = arguments;
        match self {
            Family::Normal => normal_ln_pdf(a, b, x),
            Family::StudentT => student_t_ln_pdf(a, b, c, x),
            Family::LogNormal if x <= 0.0 => f64::NEG_INFINITY,
            Family::LogNormal => normal_ln_pdf(a, b, x.ln()) - x.ln(),
            Family::Poisson | Family::NegativeBinomial if x < 0.0 || x.fract() != 0.0 => {
                f64::NEG_INFINITY
            }
            Family::Poisson => times_ln(x, a) - a - ln_gamma(x + 1.0),
            Family::NegativeBinomial => {
                ln_gamma(x + b) - ln_gamma(b) - ln_gamma(x + 1.0) - b * (a / b).ln_1p()
                    + times_ln(x, a / (a + b))
            }
        }
    }
}

fn is_positive(x: f64) -> bool {
    x.is_finite() && x > 0.0
}

fn is_rate(x: f64) -> bool {
    x.is_finite() && x >= 0.0
}

#[inline]
pub(super) fn normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    StandardNormal.sample(rng)
}

/// A Poisson count; NaN for a rate that is none.
fn poisson<R: Rng + ?Sized>(rate: f64, rng: &mut R) -> f64 {
    if rate == 0.0 {
        0.0
    } else if rate > Poisson::<f64>::MAX_LAMBDA && rate.is_finite() {
        rate + rate.sqrt() * normal(rng)
    } else {
        Poisson::new(rate).map_or(f64::NAN, |poisson| poisson.sample(rng))
    }
}

/// `x ln y`, 0 where x is 0.
fn times_ln(x: f64, y: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * y.ln() }
}

/// The standard normal distribution function.
pub fn standard_normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

fn normal_ln_pdf(mean: f64, sigma: f64, x: f64) -> f64 {
    let z = (x - mean) / sigma;
    -0.5 * z * z - sigma.ln() - 0.5 * (2.0 * PI).ln()
}

fn student_t_ln_pdf(nu: f64, mean: f64, sigma: f64, x: f64) -> f64 {
    let z = (x - mean) / sigma;
    student_t_ln_normaliser(nu, sigma) - (nu + 1.0) / 2.0 * (z * z / nu).ln_1p()
}

/// What of the logarithm of a Student's t density does not depend on x.
pub(super) fn student_t_ln_normaliser(nu: f64, sigma: f64) -> f64 {
    ln_gamma((nu + 1.0) / 2.0) - ln_gamma(nu / 2.0) - 0.5 * (nu * PI).ln() - sigma.ln()
}

fn student_t_cdf(nu: f64, z: f64) -> f64 {
    let tail = 0.5 * beta_reg(nu / 2.0, 0.5, nu / (nu + z * z));
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// From here on a Poisson's distribution function is taken from an expansion, right to 2e-8: the
/// incomplete gamma function takes thousands of steps there.
const LARGE_RATE: f64 = 1e6;

fn poisson_cdf(rate: f64, x: f64) -> f64 {
    if x < 0.0 {
        0.0
    } else if rate == 0.0 || x == f64::INFINITY {
        1.0
    } else if rate > LARGE_RATE {
        // Edgeworth's expansion to the skewness.
        let z = (x.floor() + 0.5 - rate) / rate.sqrt();
        let correction = (1.0 - z * z) / (6.0 * rate.sqrt()) * normal_ln_pdf(0.0, 1.0, z).exp();
        (standard_normal_cdf(z) + correction).clamp(0.0, 1.0)
    } else {
        checked_gamma_ur(x.floor() + 1.0, rate)
            .unwrap_or(f64::NAN)
            .clamp(0.0, 1.0)
    }
}

fn negative_binomial_cdf(mu: f64, alpha: f64, x: f64) -> f64 {
    if x < 0.0 {
        0.0
    } else if x == f64::INFINITY {
        1.0
    } else {
        beta_reg(alpha, x.floor() + 1.0, alpha / (alpha + mu))
    }
}

/// The regularised incomplete beta function, whose rounding may not leave `[0, 1]`.
fn beta_reg(a: f64, b: f64, x: f64) -> f64 {
    checked_beta_reg(a, b, x)
        .unwrap_or(f64::NAN)
        .clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;
