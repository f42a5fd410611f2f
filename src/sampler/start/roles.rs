//! What each parameter does to the mean.

use super::scales::Scales;
use crate::model::{DensityScratch, LogDensity};

/// The parameters of a model by what they do to its mean; each is in one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Roles {
    /// The mean is jointly linear in them.
    pub linear: Vec<usize>,
    /// They bend it.
    pub nonlinear: Vec<usize>,
    /// The mean does not have them: a noise, say.
    pub beside: Vec<usize>,
}

impl Roles {
    pub fn of(density: &LogDensity, scales: &Scales) -> Self {
        let affine = density.linear_parameters();
        let (of_mean, beside): (Vec<usize>, Vec<usize>) =
            (0..density.dimension()).partition(|k| changes_mean(density, scales, *k));
        let (linear, nonlinear) = of_mean.into_iter().partition(|k| affine.contains(k));
        Self {
            linear,
            nonlinear,
            beside,
        }
    }
}

/// Whether the mean would be another with another value of a parameter.
fn changes_mean(density: &LogDensity, scales: &Scales, parameter: usize) -> bool {
    // Not at the middle of the priors: that is often 0, and a wave of amplitude 0 has no period.
    let beside_the_middle = |k: usize| scales.centres[k] + 0.3 * scales.widths[k];
    let mut parameters: Vec<f64> = (0..density.dimension()).map(beside_the_middle).collect();
    let mut scratch = DensityScratch::default();
    let mut mean = |value: f64| {
        parameters[parameter] = value;
        let mut out = vec![0.0; density.observations().0.len()];
        density.mean(&parameters, &mut out, &mut scratch);
        out.into_iter().map(f64::to_bits).collect::<Vec<u64>>()
    };
    let middle = mean(scales.centres[parameter]);
    let knots = &scales.knots[parameter];
    [1, 3]
        .into_iter()
        .any(|quarter| mean(knots[quarter * (knots.len() - 1) / 4]) != middle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::series::{Series, TimeAxis};

    #[test]
    fn parameters_are_told_apart_by_what_they_do() {
        let model = Model::parse(
            "mean = 'level + rise * t + wave * sin(t / period)'\n\
             likelihood = 'StudentT(nu, mean, noise)'\n\
             [priors]\nnoise = 'HalfNormal(1)'\nlevel = 'Normal(0, 1)'\nperiod = 'Uniform(2, 20)'\n\
             rise = 'Normal(0, 1)'\nwave = 'Normal(0, 2)'\nnu = 'Gamma(2, 0.1)'",
            "model",
        )
        .unwrap();
        let series = Series {
            name: "y".into(),
            values: (0..30).map(f64::from).collect(),
            axis: TimeAxis::regular(30),
        };
        let density = LogDensity::new(&model, &series).unwrap();
        let expected = Roles {
            linear: vec![1, 3, 4],
            nonlinear: vec![2],
            beside: vec![0, 5],
        };
        assert_eq!(Roles::of(&density, &Scales::of(&density)), expected);
    }
}
