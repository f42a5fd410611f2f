//! What a forecast says of one of its steps, in sentences: those of every output.

use super::scene::Threshold;
use super::words::{self, Shares};
use crate::forecast::{Distribution, Probability, frequency};

/// A step of a forecast, to be told.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its moment: "on day 394".
    pub when: String,
    pub mean: f64,
    /// Ends of the interval.
    pub lower: f64,
    pub upper: f64,
    /// Probability between the ends.
    pub interval: Probability,
    /// What the ends are quantiles of.
    pub distribution: Distribution,
    /// With the probability that this step exceeds it.
    pub threshold: Option<Threshold>,
}

impl Statement {
    /// A value with the digits that the width of the interval supports.
    pub fn value(&self, value: f64) -> String {
        words::value(value, self.upper - self.lower)
    }

    /// "We expect about 32.0 on day 394."
    pub fn expectation(&self) -> String {
        format!("We expect about {} {}.", self.value(self.mean), self.when)
    }

    /// "In 94 of 100 futures like this it lies between 30.3 and 33.8."
    pub fn range(&self) -> String {
        let shares = Shares::of(self.interval.get());
        let what = match self.distribution {
            Distribution::Predictive => "futures like this it",
            Distribution::Mean => "draws of the posterior its mean",
        };
        format!(
            "In {} of {} {what} lies between {} and {}.",
            shares.inside,
            shares.of,
            self.value(self.lower),
            self.value(self.upper)
        )
    }

    /// "In the other 6 it lies outside.": the ends of an interval are easily taken for limits.
    pub fn outside(&self) -> String {
        match Shares::of(self.interval.get()).outside {
            1 => "In the other one it lies outside.".into(),
            outside => format!("In the other {outside} it lies outside."),
        }
    }

    /// "In about 2 of 20 it is above 33.", where there is a threshold.
    pub fn exceedance(&self) -> Option<String> {
        let Threshold { value, above } = self.threshold?;
        let often = frequency(above).replacen(" in ", " of ", 1);
        Some(format!("In {often} it is above {}.", words::typed(value)))
    }
}
