//! How often values fall where.

/// Bars at the most.
const BARS: usize = 40;

/// Counts of values in bars of one width, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Where the first bar begins.
    pub from: f64,
    /// Of one bar.
    pub width: f64,
    /// Values in each bar, at most 40 bars; none where no value is finite.
    pub bars: Vec<usize>,
}

impl Histogram {
    /// From the lowest to the highest of the finite values. Bars of whole numbers are whole numbers
    /// wide and lie around them, so that none is empty for want of a number in it.
    pub(super) fn of(values: impl Iterator<Item = f64>, whole: bool) -> Self {
        let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (from, width, count) = match high - low {
            _ if values.is_empty() => (0.0, 1.0, 0),
            span if whole => {
                let width = ((span + 1.0) / BARS as f64).ceil();
                (low - 0.5, width, ((span + 1.0) / width).ceil() as usize)
            }
            span if span > 0.0 && span.is_finite() => (low, span / BARS as f64, BARS),
            _ => (low - 0.5, 1.0, 1),
        };
        let mut bars = vec![0; count];
        for value in &values {
            let bar = ((value - from) / width) as usize;
            bars[bar.min(count - 1)] += 1;
        }
        Self { from, width, bars }
    }

    /// Where the last bar ends.
    pub fn to(&self) -> f64 {
        self.from + self.width * self.bars.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_numbers_get_whole_bars() {
        let short = Histogram::of([7.0, 9.0, 9.0, 10.0].into_iter(), true);
        assert_eq!(
            (short.from, short.width, &short.bars[..]),
            (6.5, 1.0, &[1, 0, 2, 1][..])
        );
        let long = Histogram::of((0..100).map(f64::from), true);
        assert_eq!((long.width, long.bars.len()), (3.0, 34));
        assert_eq!(long.bars[..33], [3; 33]);
    }

    #[test]
    fn what_is_not_finite_is_left_out_and_what_is_alike_has_one_bar() {
        assert!(
            Histogram::of([f64::NAN, f64::INFINITY].into_iter(), false)
                .bars
                .is_empty()
        );
        let alike = Histogram::of([2.0, 2.0, f64::NAN].into_iter(), false);
        assert_eq!(
            (alike.from, alike.to(), &alike.bars[..]),
            (1.5, 2.5, &[2][..])
        );
    }

    proptest! {
        #[test]
        fn every_value_is_in_a_bar(values in prop::collection::vec(-1e308..1e308f64, 1..60), whole: bool) {
            let whole_of = |x: &f64| if whole { (x / 1e306).round() } else { *x };
            let values: Vec<f64> = values.iter().map(whole_of).collect();
            let histogram = Histogram::of(values.iter().copied(), whole);
            prop_assert_eq!(histogram.bars.iter().sum::<usize>(), values.len());
            prop_assert!(histogram.bars.len() <= BARS);
        }
    }
}
