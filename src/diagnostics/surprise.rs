//! Are the data unusual among replicated data?

use super::moments::{mean, variance};
use ndarray::ArrayView1;

/// How unusual some statistics of the data are among those of replicated data, taken together:
/// of many statistics one is always a little unusual.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Surprise {
    /// Of each statistic its distance from the replicated mean, in replicated standard
    /// deviations. NaN where it is undefined.
    pub scores: Vec<f64>,
    /// Share of replicated data whose largest score, in size, is at least that of the data,
    /// the data counted in: (1 + b)/(1 + R) (Davison & Hinkley 1997, section 4.2). At most a
    /// share p of data from a model that is right get a p that small, however the statistics
    /// depend on each other.
    pub p: f64,
    /// Largest scores, in size, of the replicated data, ascending.
    largest: Vec<f64>,
    /// Mean and standard deviation of each replicated statistic.
    moments: Vec<(f64, f64)>,
}

impl Surprise {
    /// Of the statistics of the data, and those of each replicated set in the same order.
    pub fn new(observed: &[f64], replicated: &[Vec<f64>]) -> Self {
        let moments: Vec<(f64, f64)> = (0..observed.len())
            .map(|i| {
                let values: Vec<f64> = replicated.iter().map(|set| set[i]).collect();
                let values = ArrayView1::from(&values);
                (mean(values), variance(values, 1).sqrt())
            })
            .collect();
        let scores = |set: &[f64]| -> Vec<f64> {
            let scored = set.iter().zip(&moments);
            scored.map(|(&x, &moments)| score(x, moments)).collect()
        };
        let largest_of = |scores: &[f64]| scores.iter().fold(0.0, |most: f64, s| most.max(s.abs()));
        let mut largest: Vec<f64> = replicated
            .iter()
            .map(|set| largest_of(&scores(set)))
            .collect();
        largest.sort_by(f64::total_cmp);
        let scores = scores(observed);
        let ours = largest_of(&scores);
        let beyond = largest.len() - largest.partition_point(|l| *l < ours);
        Self {
            p: (1 + beyond) as f64 / (1 + largest.len()) as f64,
            scores,
            largest,
            moments,
        }
    }

    /// The statistic with the largest score in size; `None` where none is defined.
    pub fn most_unusual(&self) -> Option<usize> {
        let defined = (0..self.scores.len()).filter(|&i| !self.scores[i].is_nan());
        defined.max_by(|&a, &b| self.scores[a].abs().total_cmp(&self.scores[b].abs()))
    }

    /// Score that all statistics of a share 1 - `rarity` of replicated data keep below.
    pub fn limit(&self, rarity: f64) -> f64 {
        super::quantile(&self.largest, 1.0 - rarity)
    }

    /// The range that the statistic keeps to in a share 1 - `rarity` of replicated data, all
    /// statistics together.
    pub fn range(&self, statistic: usize, rarity: f64) -> [f64; 2] {
        let (mean, sd) = self.moments[statistic];
        let reach = self.limit(rarity) * sd;
        [mean - reach, mean + reach]
    }
}

fn score(x: f64, (mean, sd): (f64, f64)) -> f64 {
    // What never varies is either met or missed without measure.
    if x == mean { 0.0 } else { (x - mean) / sd }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sets() -> Vec<Vec<f64>> {
        (0..99)
            .map(|i| vec![f64::from(i), f64::from(i * 37 % 99), 5.0])
            .collect()
    }

    #[test]
    fn what_lies_in_the_middle_is_usual_and_what_lies_far_off_is_not() {
        let usual = Surprise::new(&[49.0, 49.0, 5.0], &sets());
        assert_eq!((usual.p, &usual.scores[..]), (1.0, &[0.0, 0.0, 0.0][..]));
        let unusual = Surprise::new(&[49.0, -400.0, 5.0], &sets());
        assert_eq!((unusual.p, unusual.most_unusual()), (0.01, Some(1)));
        let [low, high] = unusual.range(1, 0.1);
        // Two even spreads over 0 to 98: the larger of two scores is below 0.95 of the way to the
        // ends in 90 of 100.
        assert!((low - 2.5).abs() < 1.5 && (high - 95.5).abs() < 1.5);
    }

    #[test]
    fn what_never_varies_is_met_or_missed() {
        let missed = Surprise::new(&[49.0, 49.0, 6.0], &sets());
        assert_eq!((missed.p, missed.most_unusual()), (0.01, Some(2)));
        assert!(missed.scores[2].is_infinite());
    }

    proptest! {
        /// One set among its like: each is as often the most unusual one as any other.
        #[test]
        fn a_small_p_is_as_rare_as_it_says(values in prop::collection::vec(-1e3..1e3f64, 60)) {
            let sets: Vec<Vec<f64>> = values.chunks(2).map(<[f64]>::to_vec).collect();
            let small = sets.iter().filter(|set| Surprise::new(set, &sets).p < 0.2);
            // The set itself is among the replicated ones here, which adds 1/(1 + R) to its p.
            prop_assert!(small.count() <= 6);
        }
    }
}
