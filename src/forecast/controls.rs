//! What a person asks of a forecast: how far, and how sure.

use std::fmt;
use std::str::FromStr;

/// How many steps ahead; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Horizon(u32);

impl Horizon {
    pub const DEFAULT: Self = Self(30);
    /// What commands and the service accept, and where the explorer's arrows stop.
    pub const USUAL_MAX: u32 = 365;
    /// What the explorer accepts when the number is typed.
    pub const MAX: u32 = 3650;

    /// `None` outside 1 to [`Self::MAX`].
    pub fn new(steps: u32) -> Option<Self> {
        (1..=Self::MAX).contains(&steps).then_some(Self(steps))
    }

    pub fn steps(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Horizon {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Horizon {
    type Err = String;

    /// Whole numbers from 1 to [`Self::USUAL_MAX`].
    fn from_str(text: &str) -> Result<Self, String> {
        let usual = |steps: &u32| (1..=Self::USUAL_MAX).contains(steps);
        let steps = text.trim().parse().ok().filter(usual);
        steps
            .map(Self)
            .ok_or_else(|| format!("a horizon is a whole number from 1 to {}", Self::USUAL_MAX))
    }
}

/// A probability strictly between 0 and 1, such as the mass of a credible interval.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Probability(f64);

impl Probability {
    /// The default credible interval.
    pub const DEFAULT: Self = Self(0.94);

    /// `None` for 0, 1, anything outside them and NaN.
    pub fn new(p: f64) -> Option<Self> {
        (p > 0.0 && p < 1.0).then_some(Self(p))
    }

    pub fn get(self) -> f64 {
        self.0
    }

    /// Probabilities below which the lower and the upper edge of the equal-tailed interval of
    /// this mass lie.
    pub fn tails(self) -> (f64, f64) {
        let tail = (1.0 - self.0) / 2.0;
        (tail, 1.0 - tail)
    }

    /// "94%", "99.5%": as few decimals as say it, at most ten.
    pub fn percent(self) -> String {
        let text = format!("{:.10}", self.0 * 100.0);
        format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.percent())
    }
}

impl FromStr for Probability {
    type Err = String;

    /// `0.94`, `94%` or `94 %`.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let p = match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok().map(|p| p / 100.0),
            None => text.parse().ok(),
        };
        p.and_then(Self::new).ok_or_else(|| {
            let expected =
                "an interval lies strictly between 0 and 1, like 0.94, or 0% and 100%, like 94%";
            match p {
                Some(percent) if percent > 1.0 && percent < 100.0 && !text.ends_with('%') => {
                    format!("{expected}; did you mean {text}%?")
                }
                _ => expected.to_string(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn horizons() {
        assert_eq!("30".parse::<Horizon>().unwrap().steps(), 30);
        for bad in ["0", "366", "-1", "7.5", "", "many", "99999999999"] {
            assert!(bad.parse::<Horizon>().is_err(), "{bad}");
        }
        assert!(Horizon::new(400).is_some() && Horizon::new(4000).is_none());
    }

    #[test]
    fn probabilities() {
        for (text, p) in [
            ("0.94", 0.94),
            ("94%", 0.94),
            (" 94 % ", 0.94),
            ("99.5%", 0.995),
        ] {
            assert!(
                (text.parse::<Probability>().unwrap().get() - p).abs() < 1e-15,
                "{text}"
            );
        }
        for bad in ["0", "1", "100%", "0%", "94", "-0.5", "nan", "inf", "", "%"] {
            assert!(bad.parse::<Probability>().is_err(), "{bad}");
        }
        assert_eq!(Probability::DEFAULT.percent(), "94%");
        assert_eq!(Probability::new(0.995).unwrap().percent(), "99.5%");
    }
}
