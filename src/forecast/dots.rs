//! Quantile dotplots: a distribution as a few equally likely values, to be counted. People read
//! probabilities off them more precisely than off densities (Kay, Kola, Hullman and Munson 2016)
//! and decide better with them than with an interval (Fernandes et al. 2018).

use super::step::Step;

/// Dots of a plot.
pub const DOTS: usize = 20;

impl Step {
    /// The distribution as [`DOTS`] equally likely values, ascending: dot `i` is the order
    /// statistic at `(i + 1/2) / DOTS`. Not interpolated, so that as many dots lie above a value
    /// as [`twentieths`](super::twentieths) of the probability to exceed it. NaN of no draws.
    pub fn dots(&self) -> [f64; DOTS] {
        let draws = self.draws.len();
        std::array::from_fn(|i| match draws {
            0 => f64::NAN,
            _ => self.draws.ranked(draws * (2 * i + 1) / (2 * DOTS)),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::arranged::Arranged;
    use super::super::twentieths;
    use super::*;

    fn step(draws: &[f64]) -> Step {
        Step {
            draws: Arranged::new(draws),
            ..Step::default()
        }
    }

    #[test]
    fn dots_are_in_the_middle_of_twentieths() {
        let draws: Vec<f64> = (0..4000).map(f64::from).collect();
        let dots = step(&draws).dots();
        assert_eq!(dots[0], 100.0);
        assert_eq!(dots[10], 2100.0);
        assert_eq!(dots[19], 3900.0);
        assert!(step(&[]).dots().iter().all(|dot| dot.is_nan()));
        assert_eq!(step(&[7.0]).dots(), [7.0; DOTS]);
    }

    proptest! {
        #[test]
        fn as_many_dots_lie_above_a_value_as_words_say(
            draws in prop::collection::vec(-50i32..50, 1..300),
            value in -55.0..55.0f64,
        ) {
            let draws: Vec<f64> = draws.into_iter().map(f64::from).collect();
            let step = step(&draws);
            let dots = step.dots();
            prop_assert!(dots.is_sorted());
            for value in [value, value.round()] {
                let above = dots.iter().filter(|dot| **dot > value).count();
                prop_assert_eq!(above, twentieths(step.probability_above(value)));
            }
        }
    }
}
