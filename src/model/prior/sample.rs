//! Numbers drawn from priors.

use rand::Rng;
use rand_distr::{Beta, Cauchy, Distribution, Exp, Gamma, StandardUniform, StudentT};

use super::{PriorDistribution, PriorFamily};
use crate::model::likelihood::normal;

impl PriorDistribution {
    /// A number from the prior, inside its support. NaN for arguments that are too small or large
    /// to draw with.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let [a, b, c] = self.arguments;
        let drawn = match self.family {
            PriorFamily::Normal => a + b * normal(rng),
            PriorFamily::HalfNormal => (a * normal(rng)).abs(),
            PriorFamily::StudentT => b + c * draw(StudentT::new(a), rng),
            PriorFamily::HalfStudentT => (b * draw(StudentT::new(a), rng)).abs(),
            PriorFamily::Cauchy => draw(Cauchy::new(a, b), rng),
            PriorFamily::HalfCauchy => draw(Cauchy::new(0.0, a), rng).abs(),
            PriorFamily::Exponential => draw(Exp::new(a), rng),
            PriorFamily::Gamma => draw(Gamma::new(a, 1.0), rng) / b,
            PriorFamily::InverseGamma => b / draw(Gamma::new(a, 1.0), rng),
            PriorFamily::LogNormal => (a + b * normal(rng)).exp(),
            PriorFamily::Beta => draw(Beta::new(a, b), rng),
            PriorFamily::Uniform => {
                let unit: f64 = StandardUniform.sample(rng);
                a + (b - a) * unit
            }
        };
        self.support().inside(drawn)
    }
}

fn draw<D: Distribution<f64>, E, R: Rng + ?Sized>(distribution: Result<D, E>, rng: &mut R) -> f64 {
    distribution.map_or(f64::NAN, |distribution| distribution.sample(rng))
}
