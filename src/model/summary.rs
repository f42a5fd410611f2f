//! What priors may know of the data.

/// Numbers of the training data that a prior's arguments can use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataSummary {
    pub mean_y: f64,
    /// Standard deviation, divided by the count (NumPy's `std`).
    pub sd_y: f64,
    pub min_y: f64,
    pub max_y: f64,
    /// Rows, gaps included: how long the series is.
    pub n: f64,
}

/// One number of a [`DataSummary`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Mean,
    Sd,
    Min,
    Max,
    Count,
}

impl Quantity {
    pub const NAMES: [(&str, Quantity); 5] = [
        ("mean_y", Quantity::Mean),
        ("sd_y", Quantity::Sd),
        ("min_y", Quantity::Min),
        ("max_y", Quantity::Max),
        ("n", Quantity::Count),
    ];
}

impl DataSummary {
    /// Summarises observations; NaN is a gap. All NaN but `n` when there is nothing but gaps.
    pub fn of(values: &[f64]) -> Self {
        let known = || values.iter().copied().filter(|value| !value.is_nan());
        let count = known().count() as f64;
        let mean_y = known().sum::<f64>() / count;
        let variance = known().map(|y| (y - mean_y) * (y - mean_y)).sum::<f64>() / count;
        Self {
            mean_y,
            sd_y: variance.sqrt(),
            min_y: known().fold(f64::NAN, f64::min),
            max_y: known().fold(f64::NAN, f64::max),
            n: values.len() as f64,
        }
    }

    pub(super) fn get(&self, quantity: Quantity) -> f64 {
        match quantity {
            Quantity::Mean => self.mean_y,
            Quantity::Sd => self.sd_y,
            Quantity::Min => self.min_y,
            Quantity::Max => self.max_y,
            Quantity::Count => self.n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_count_as_rows_and_nothing_else() {
        let summary = DataSummary::of(&[1.0, f64::NAN, 3.0]);
        assert_eq!(
            summary,
            DataSummary {
                mean_y: 2.0,
                sd_y: 1.0,
                min_y: 1.0,
                max_y: 3.0,
                n: 3.0
            }
        );
        assert!(DataSummary::of(&[f64::NAN]).mean_y.is_nan());
    }
}
