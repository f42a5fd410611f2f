//! Priors of parameters.

mod quantile;
mod sample;

use std::f64::consts::{LN_2, PI};

use statrs::function::gamma::ln_gamma;

use super::likelihood::student_t_ln_normaliser;

/// A family of priors, in PyMC's parameterisation and argument order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriorFamily {
    Normal,
    HalfNormal,
    StudentT,
    HalfStudentT,
    Cauchy,
    HalfCauchy,
    Exponential,
    Gamma,
    InverseGamma,
    LogNormal,
    Beta,
    Uniform,
}

/// Where a parameter can lie; ends excluded but for zero of a positive one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    Real,
    /// Zero to infinity.
    Positive,
    Interval(f64, f64),
}

/// A prior whose arguments are numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriorDistribution {
    family: PriorFamily,
    arguments: [f64; 3],
    ln_normaliser: f64,
}

impl PriorFamily {
    pub const ALL: [PriorFamily; 12] = [
        PriorFamily::Normal,
        PriorFamily::HalfNormal,
        PriorFamily::StudentT,
        PriorFamily::HalfStudentT,
        PriorFamily::Cauchy,
        PriorFamily::HalfCauchy,
        PriorFamily::Exponential,
        PriorFamily::Gamma,
        PriorFamily::InverseGamma,
        PriorFamily::LogNormal,
        PriorFamily::Beta,
        PriorFamily::Uniform,
    ];

    /// As written in a model file.
    pub fn name(self) -> &'static str {
        match self {
            PriorFamily::Normal => "Normal",
            PriorFamily::HalfNormal => "HalfNormal",
            PriorFamily::StudentT => "StudentT",
            PriorFamily::HalfStudentT => "HalfStudentT",
            PriorFamily::Cauchy => "Cauchy",
            PriorFamily::HalfCauchy => "HalfCauchy",
            PriorFamily::Exponential => "Exponential",
            PriorFamily::Gamma => "Gamma",
            PriorFamily::InverseGamma => "InverseGamma",
            PriorFamily::LogNormal => "LogNormal",
            PriorFamily::Beta => "Beta",
            PriorFamily::Uniform => "Uniform",
        }
    }

    /// Names of the arguments, in order.
    pub fn argument_names(self) -> &'static [&'static str] {
        match self {
            PriorFamily::Normal | PriorFamily::LogNormal => &["mu", "sigma"],
            PriorFamily::HalfNormal => &["sigma"],
            PriorFamily::StudentT => &["nu", "mu", "sigma"],
            PriorFamily::HalfStudentT => &["nu", "sigma"],
            PriorFamily::Cauchy | PriorFamily::Gamma => &["alpha", "beta"],
            PriorFamily::InverseGamma | PriorFamily::Beta => &["alpha", "beta"],
            PriorFamily::HalfCauchy => &["beta"],
            PriorFamily::Exponential => &["lam"],
            PriorFamily::Uniform => &["lower", "upper"],
        }
    }

    /// Whether an argument may be any number; the others are scales and shapes, > 0.
    fn is_location(self, argument: &str) -> bool {
        match self {
            PriorFamily::Cauchy => argument == "alpha",
            _ => matches!(argument, "mu" | "lower" | "upper"),
        }
    }
}

impl PriorDistribution {
    /// A prior of `arguments`, as many as the family has names for; what is wrong otherwise.
    pub(super) fn new(family: PriorFamily, arguments: &[f64]) -> Result<Self, String> {
        let names = family.argument_names();
        for (name, value) in names.iter().zip(arguments) {
            if !value.is_finite() {
                return Err(format!("{name} is {value}"));
            }
            if *value <= 0.0 && !family.is_location(name) {
                return Err(format!("{name} must be > 0 and is {value}"));
            }
        }
        if let (PriorFamily::Uniform, [lower, upper]) = (family, arguments)
            && lower >= upper
        {
            return Err(format!("lower, {lower}, is not below upper, {upper}"));
        }
        let mut filled = [0.0; 3];
        filled[..names.len()].copy_from_slice(&arguments[..names.len()]);
        Ok(Self {
            family,
            arguments: filled,
            ln_normaliser: ln_normaliser(family, filled),
        })
    }

    pub fn family(&self) -> PriorFamily {
        self.family
    }

    /// The arguments, in the order of [`PriorFamily::argument_names`].
    pub fn arguments(&self) -> &[f64] {
        &self.arguments[..self.family.argument_names().len()]
    }

    pub fn support(&self) -> Support {
        match self.family {
            PriorFamily::Normal | PriorFamily::StudentT | PriorFamily::Cauchy => Support::Real,
            PriorFamily::HalfNormal
            | PriorFamily::HalfStudentT
            | PriorFamily::HalfCauchy
            | PriorFamily::Exponential
            | PriorFamily::Gamma
            | PriorFamily::InverseGamma
            | PriorFamily::LogNormal => Support::Positive,
            PriorFamily::Beta => Support::Interval(0.0, 1.0),
            PriorFamily::Uniform => Support::Interval(self.arguments[0], self.arguments[1]),
        }
    }

    /// The logarithm of the density at `x`, normalised; minus infinity outside the support.
    pub fn ln_pdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        if !self.support().contains(x) {
            return f64::NEG_INFINITY;
        }
        let [a, b, c] = self.arguments;
        let kernel = match self.family {
            PriorFamily::Normal => normal_kernel((x - a) / b),
            PriorFamily::HalfNormal => normal_kernel(x / a),
            PriorFamily::StudentT => student_t_kernel(a, (x - b) / c),
            PriorFamily::HalfStudentT => student_t_kernel(a, x / b),
            PriorFamily::Cauchy => cauchy_kernel((x - a) / b),
            PriorFamily::HalfCauchy => cauchy_kernel(x / a),
            PriorFamily::Exponential => -a * x,
            PriorFamily::Gamma => power_ln(x, a - 1.0) - b * x,
            PriorFamily::InverseGamma | PriorFamily::LogNormal if x == 0.0 => f64::NEG_INFINITY,
            PriorFamily::InverseGamma => -(a + 1.0) * x.ln() - b / x,
            PriorFamily::LogNormal => normal_kernel((x.ln() - a) / b) - x.ln(),
            PriorFamily::Beta => power_ln(x, a - 1.0) + power_ln(1.0 - x, b - 1.0),
            PriorFamily::Uniform => 0.0,
        };
        kernel + self.ln_normaliser
    }

    /// The derivative of [`Self::ln_pdf`] inside the support.
    pub fn ln_pdf_derivative(&self, x: f64) -> f64 {
        let [a, b, c] = self.arguments;
        match self.family {
            PriorFamily::Normal => -(x - a) / b / b,
            PriorFamily::HalfNormal => -x / a / a,
            PriorFamily::StudentT => student_t_slope(a, (x - b) / c) / c,
            PriorFamily::HalfStudentT => student_t_slope(a, x / b) / b,
            PriorFamily::Cauchy => student_t_slope(1.0, (x - a) / b) / b,
            PriorFamily::HalfCauchy => student_t_slope(1.0, x / a) / a,
            PriorFamily::Exponential => -a,
            PriorFamily::Gamma => (a - 1.0) / x - b,
            PriorFamily::InverseGamma => (b / x - (a + 1.0)) / x,
            PriorFamily::LogNormal => -((x.ln() - a) / b / b + 1.0) / x,
            PriorFamily::Beta => (a - 1.0) / x - (b - 1.0) / (1.0 - x),
            PriorFamily::Uniform => 0.0,
        }
    }
}

/// What of the logarithm of a density does not depend on x.
fn ln_normaliser(family: PriorFamily, [a, b, c]: [f64; 3]) -> f64 {
    let normal = |sigma: f64| -sigma.ln() - 0.5 * (2.0 * PI).ln();
    let cauchy = |beta: f64| -(PI * beta).ln();
    match family {
        PriorFamily::Normal | PriorFamily::LogNormal => normal(b),
        PriorFamily::HalfNormal => LN_2 + normal(a),
        PriorFamily::StudentT => student_t_ln_normaliser(a, c),
        PriorFamily::HalfStudentT => LN_2 + student_t_ln_normaliser(a, b),
        PriorFamily::Cauchy => cauchy(b),
        PriorFamily::HalfCauchy => LN_2 + cauchy(a),
        PriorFamily::Exponential => a.ln(),
        PriorFamily::Gamma | PriorFamily::InverseGamma => a * b.ln() - ln_gamma(a),
        PriorFamily::Beta => ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b),
        PriorFamily::Uniform => -(b - a).ln(),
    }
}

fn normal_kernel(z: f64) -> f64 {
    -0.5 * z * z
}

fn student_t_kernel(nu: f64, z: f64) -> f64 {
    -(nu + 1.0) / 2.0 * (z * z / nu).ln_1p()
}

/// The derivative of [`student_t_kernel`] by z.
fn student_t_slope(nu: f64, z: f64) -> f64 {
    -(nu + 1.0) * z / (nu + z * z)
}

fn cauchy_kernel(z: f64) -> f64 {
    -(z * z).ln_1p()
}

/// `ln(x^power)`, 0 where the power is 0 whatever x is.
fn power_ln(x: f64, power: f64) -> f64 {
    if power == 0.0 { 0.0 } else { power * x.ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Family, arguments, x, ln_pdf; from SciPy, in PyMC's parameterisation.
    const REFERENCE: &[(PriorFamily, &[f64], f64, f64)] = &[
        (PriorFamily::Normal, &[1.0, 2.0], -1.3, -2.273335713764618),
        (PriorFamily::HalfNormal, &[5.0], 0.0, -1.8352292650788278),
        (PriorFamily::HalfNormal, &[5.0], 3.2, -2.040029265078828),
        (
            PriorFamily::StudentT,
            &[3.0, 1.0, 2.0],
            4.0,
            -2.8132676060543007,
        ),
        (
            PriorFamily::HalfStudentT,
            &[3.0, 2.0],
            0.0,
            -1.0008888496235095,
        ),
        (
            PriorFamily::HalfStudentT,
            &[3.0, 2.0],
            4.0,
            -2.695484570397917,
        ),
        (PriorFamily::Cauchy, &[1.0, 2.0], -3.0, -3.447314978843446),
        (PriorFamily::HalfCauchy, &[2.0], 3.0, -2.3233848821910463),
        (PriorFamily::Exponential, &[0.5], 0.1, -0.7431471805599453),
        (PriorFamily::Exponential, &[0.5], 3.0, -2.1931471805599454),
        (PriorFamily::Gamma, &[2.0, 0.1], 7.0, -3.3592600369327785),
        (PriorFamily::Gamma, &[1.0, 2.0], 0.0, std::f64::consts::LN_2),
        (
            PriorFamily::InverseGamma,
            &[3.0, 2.0],
            0.7,
            -0.04414872026803651,
        ),
        (
            PriorFamily::LogNormal,
            &[0.5, 0.8],
            1.7,
            -1.2271561155800765,
        ),
        (PriorFamily::Beta, &[2.0, 5.0], 0.3, 0.7705248015812898),
        (PriorFamily::Uniform, &[2.0, 6.0], 3.0, -1.3862943611198906),
    ];

    #[test]
    fn densities_agree_with_scipy() {
        for (family, arguments, x, ln_pdf) in REFERENCE {
            let found = PriorDistribution::new(*family, arguments)
                .unwrap()
                .ln_pdf(*x);
            assert!(
                (found - ln_pdf).abs() <= 1e-10,
                "{family:?} {arguments:?} at {x}: {found}"
            );
        }
        for family in PriorFamily::ALL {
            assert!(
                REFERENCE.iter().any(|row| row.0 == family),
                "{family:?} has no reference"
            );
        }
    }

    #[test]
    fn outside_the_support_the_density_is_zero() {
        for (family, arguments, outside) in [
            (PriorFamily::HalfNormal, &[1.0][..], -0.1),
            (PriorFamily::Exponential, &[1.0], -0.1),
            (PriorFamily::InverseGamma, &[1.0, 1.0], 0.0),
            (PriorFamily::LogNormal, &[0.0, 1.0], 0.0),
            (PriorFamily::Beta, &[2.0, 2.0], 1.1),
            (PriorFamily::Uniform, &[2.0, 6.0], 1.9),
        ] {
            let prior = PriorDistribution::new(family, arguments).unwrap();
            assert_eq!(prior.ln_pdf(outside), f64::NEG_INFINITY, "{family:?}");
        }
    }

    #[test]
    fn supports_are_those_of_the_families() {
        let support = |family, arguments: &[f64]| {
            PriorDistribution::new(family, arguments).unwrap().support()
        };
        assert_eq!(support(PriorFamily::Normal, &[0.0, 1.0]), Support::Real);
        assert_eq!(support(PriorFamily::Gamma, &[2.0, 1.0]), Support::Positive);
        assert_eq!(
            support(PriorFamily::Beta, &[2.0, 1.0]),
            Support::Interval(0.0, 1.0)
        );
        assert_eq!(
            support(PriorFamily::Uniform, &[-2.0, 6.0]),
            Support::Interval(-2.0, 6.0)
        );
    }

    #[test]
    fn arguments_outside_their_domain_are_named() {
        for (family, arguments, message) in [
            (
                PriorFamily::Normal,
                &[0.0, 0.0][..],
                "sigma must be > 0 and is 0",
            ),
            (PriorFamily::Normal, &[f64::NAN, 1.0], "mu is NaN"),
            (PriorFamily::Cauchy, &[-1.0, -1.0], "beta must be > 0"),
            (PriorFamily::Gamma, &[-1.0, 1.0], "alpha must be > 0"),
            (PriorFamily::Uniform, &[3.0, 3.0], "not below"),
        ] {
            let found = PriorDistribution::new(family, arguments).unwrap_err();
            assert!(found.contains(message), "{found}");
        }
    }
}
