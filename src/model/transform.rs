//! From a parameter's support to the whole real line and back, as PyMC does: the logarithm for
//! positive numbers, the log-odds for an interval, nothing for the real line.

use super::evaluate::sigmoid;
use super::prior::Support;

/// A parameter as seen from its unconstrained coordinate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Constrained {
    /// The parameter, inside its support.
    pub value: f64,
    /// The derivative of the parameter by the coordinate.
    pub slope: f64,
    /// The logarithm of `slope`, right also where that is too small for a number.
    pub ln_slope: f64,
    /// The derivative of `ln_slope` by the coordinate.
    pub ln_slope_slope: f64,
}

impl Support {
    /// Whether a prior has a density there; that of some is 0 or infinite at an end.
    pub fn contains(self, x: f64) -> bool {
        match self {
            Support::Real => !x.is_nan(),
            Support::Positive => x >= 0.0,
            Support::Interval(lower, upper) => (lower..=upper).contains(&x),
        }
    }

    /// `x`, or the nearest number inside: the logarithm and the log-odds of ends are infinite.
    pub(super) fn inside(self, x: f64) -> f64 {
        match self {
            Support::Real => x,
            Support::Positive if x < f64::MIN_POSITIVE => f64::MIN_POSITIVE,
            Support::Positive => x,
            Support::Interval(lower, upper) => {
                let least = lower.next_up().max(lower + f64::MIN_POSITIVE);
                let most = upper.next_down().min(upper - f64::MIN_POSITIVE);
                if x < least {
                    least
                } else if x > most {
                    most
                } else {
                    x
                }
            }
        }
    }

    /// The parameter at an unconstrained coordinate.
    pub(super) fn constrain(self, u: f64) -> f64 {
        self.inside(match self {
            Support::Real => u,
            Support::Positive => u.exp(),
            // From the nearer end, so that little of a number close to either is lost.
            Support::Interval(lower, upper) if u < 0.0 => lower + (upper - lower) * sigmoid(u),
            Support::Interval(lower, upper) => upper - (upper - lower) * sigmoid(-u),
        })
    }

    /// The same with what a density on the unconstrained scale needs.
    pub(super) fn at(self, u: f64) -> Constrained {
        let value = self.constrain(u);
        match self {
            Support::Real => Constrained {
                value,
                slope: 1.0,
                ln_slope: 0.0,
                ln_slope_slope: 0.0,
            },
            Support::Positive => Constrained {
                value,
                slope: value,
                ln_slope: u,
                ln_slope_slope: 1.0,
            },
            Support::Interval(lower, upper) => {
                let (below, above) = (sigmoid(u), sigmoid(-u));
                Constrained {
                    value,
                    slope: (upper - lower) * below * above,
                    ln_slope: (upper - lower).ln() - u.abs() - 2.0 * (-u.abs()).exp().ln_1p(),
                    ln_slope_slope: above - below,
                }
            }
        }
    }

    /// The coordinate of a parameter; not finite at the ends of the support, NaN outside.
    pub(super) fn unconstrain(self, x: f64) -> f64 {
        match self {
            Support::Real => x,
            Support::Positive => x.ln(),
            Support::Interval(lower, upper) => (x - lower).ln() - (upper - x).ln(),
        }
    }
}
