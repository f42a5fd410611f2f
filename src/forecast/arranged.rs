//! A sample arranged so that its quantiles are at hand, for a third of the price of sorting it.
//!
//! Recomputing a forecast is mostly putting draws in order, and of that order only a few places
//! are ever looked at. So values are only grouped: equal slices of the range, ascending, each with
//! a handful of values in no order. An order statistic is looked for in its group alone.

/// Values a group has on average.
const PER_GROUP: usize = 8;
/// A group larger than this (a sample with far outliers has its bulk in one) is sorted.
const UNSORTED: usize = 64;

/// A sample of finite values, grouped by size.
#[derive(Debug, Clone, Default)]
pub(super) struct Arranged {
    values: Vec<f64>,
    /// Where each group starts, and the end of the last.
    starts: Vec<u32>,
    lowest: f64,
    /// Groups a unit.
    scale: f64,
}

impl Arranged {
    /// Arranges finite values.
    #[cfg(test)]
    pub fn new(sample: &[f64]) -> Self {
        let mut arranged = Self::default();
        arranged.arrange(sample);
        arranged
    }

    /// Arranges finite values in the place of those it has. A year of draws is twelve megabytes:
    /// asking the system for them anew takes longer than filling them.
    pub fn arrange(&mut self, sample: &[f64]) {
        let groups = (sample.len() / PER_GROUP).clamp(1, 1 << 20);
        let (lowest, highest) = range(sample);
        // The highest value still falls into the last group. All values equal: one group.
        let scale = (groups as f64 - 0.5) / (highest - lowest);
        let scale = if scale.is_finite() { scale } else { 0.0 };
        (self.lowest, self.scale) = (lowest, scale);

        // A counting sort by group; through 32 bits, which processors convert to in one step.
        let of: Vec<u32> = sample
            .iter()
            .map(|value| ((value - lowest) * scale) as i32 as u32)
            .collect();
        let Self { values, starts, .. } = self;
        starts.clear();
        starts.resize(groups + 1, 0);
        for group in &of {
            starts[*group as usize + 1] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        values.resize(sample.len(), 0.0);
        for (value, group) in sample.iter().zip(of) {
            let place = &mut next[group as usize];
            values[*place as usize] = *value;
            *place += 1;
        }
        for bounds in starts.windows(2) {
            let group = &mut values[bounds[0] as usize..bounds[1] as usize];
            if group.len() > UNSORTED {
                group.sort_unstable_by(f64::total_cmp);
            }
        }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan
    /// 1996, NumPy's default); NaN of an empty sample.
    pub fn quantile(&self, p: f64) -> f64 {
        let Some(last) = self.len().checked_sub(1) else {
            return f64::NAN;
        };
        let at = p.clamp(0.0, 1.0) * last as f64;
        let below = at.floor() as usize;
        let (low, high) = (self.ranked(below), self.ranked((below + 1).min(last)));
        low + (at - below as f64) * (high - low)
    }

    /// How many values are at most `x`.
    pub fn count_to(&self, x: f64) -> usize {
        if x.is_nan() || x < self.lowest {
            return 0;
        }
        let range = self.range(self.group(x));
        range.start
            + self.values[range]
                .iter()
                .filter(|value| **value <= x)
                .count()
    }

    /// All values, ascending.
    pub fn sorted(&self) -> Vec<f64> {
        let mut values = self.values.clone();
        values.sort_unstable_by(f64::total_cmp);
        values
    }

    /// The order statistic of a rank less than the number of values, 0 the lowest.
    pub fn ranked(&self, rank: usize) -> f64 {
        let group = self.starts.partition_point(|start| *start as usize <= rank) - 1;
        let range = self.range(group);
        let within = rank - range.start;
        let values = &self.values[range];
        if values.len() > UNSORTED {
            return values[within];
        }
        let mut copy = [0.0; UNSORTED];
        let copy = &mut copy[..values.len()];
        copy.copy_from_slice(values);
        *copy.select_nth_unstable_by(within, f64::total_cmp).1
    }

    fn group(&self, value: f64) -> usize {
        (((value - self.lowest) * self.scale) as usize).min(self.starts.len() - 2)
    }

    fn range(&self, group: usize) -> std::ops::Range<usize> {
        self.starts[group] as usize..self.starts[group + 1] as usize
    }
}

/// Lowest and highest value. Four minima and maxima at a time: one alone would wait for itself.
fn range(sample: &[f64]) -> (f64, f64) {
    let mut lowest = [f64::INFINITY; 4];
    let mut highest = [f64::NEG_INFINITY; 4];
    let chunks = sample.chunks_exact(4);
    let rest = chunks.remainder().iter().map(|value| [*value; 4]);
    for four in chunks
        .map(|four| [four[0], four[1], four[2], four[3]])
        .chain(rest)
    {
        for (i, value) in four.into_iter().enumerate() {
            lowest[i] = if value < lowest[i] { value } else { lowest[i] };
            highest[i] = if value > highest[i] {
                value
            } else {
                highest[i]
            };
        }
    }
    let low = lowest.into_iter().fold(f64::INFINITY, f64::min);
    (low, highest.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_numpys() {
        // numpy.quantile([3, 1, 4, 1, 5], [0, .1, .25, .5, .9, 1])
        let sample = Arranged::new(&[3.0, 1.0, 4.0, 1.0, 5.0]);
        for (p, expected) in [
            (0.0, 1.0),
            (0.1, 1.0),
            (0.25, 1.0),
            (0.5, 3.0),
            (0.9, 4.6),
            (1.0, 5.0),
        ] {
            assert!((sample.quantile(p) - expected).abs() < 1e-12, "{p}");
        }
        assert!(Arranged::new(&[]).quantile(0.5).is_nan());
    }

    fn sample() -> impl Strategy<Value = Vec<f64>> {
        // Ordinary values, many equal ones, and outliers that crowd the rest into one group.
        let value = prop_oneof![4 => -10.0..10.0f64, 2 => Just(1.5), 1 => -1e300..1e300f64, 1 => Just(-0.0)];
        prop::collection::vec(value, 1..900)
    }

    proptest! {
        #[test]
        fn agrees_with_sorting(values in sample(), p in 0.0..=1.0f64, x in -12.0..12.0f64) {
            let arranged = Arranged::new(&values);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            for (rank, expected) in sorted.iter().enumerate() {
                prop_assert_eq!(arranged.ranked(rank), *expected);
            }
            prop_assert_eq!(arranged.sorted(), sorted.clone());
            for x in [x, 1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                prop_assert_eq!(arranged.count_to(x), sorted.iter().filter(|value| **value <= x).count());
            }
            let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
            prop_assert!((low..=high).contains(&arranged.quantile(p)));
        }
    }
}
