//! Linear maps between data and screen.

/// Maps `[from, to]` linearly onto `[0, length]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
    pub length: f64,
}

impl Scale {
    /// A scale of a domain that may be empty or reversed: it is widened to something drawable.
    pub fn new(from: f64, to: f64, length: f64) -> Self {
        let (from, to) = match (from.is_finite(), to.is_finite()) {
            (true, true) if to > from => (from, to),
            (true, true) => {
                let half = from.abs().max(1.0) * 0.5;
                (from - half, from + half)
            }
            _ => (0.0, 1.0),
        };
        Self { from, to, length }
    }

    /// Data to screen; values outside the domain land outside `[0, length]`.
    pub fn at(&self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from) * self.length
    }

    /// Screen to data.
    pub fn invert(&self, screen: f64) -> f64 {
        self.from + screen / self.length * (self.to - self.from)
    }

    /// Data units per unit of screen.
    pub fn unit(&self) -> f64 {
        (self.to - self.from) / self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn inverts_itself(from in -1e6..1e6f64, width in 1e-3..1e6f64, length in 1.0..1e4f64, x in 0.0..1.0f64) {
            let scale = Scale::new(from, from + width, length);
            let screen = x * length;
            prop_assert!((scale.at(scale.invert(screen)) - screen).abs() < 1e-6 * length.max(1.0));
        }
    }

    #[test]
    fn an_empty_domain_is_widened() {
        let scale = Scale::new(5.0, 5.0, 10.0);
        assert_eq!(scale.at(5.0), 5.0);
        assert_eq!(Scale::new(f64::NAN, 1.0, 10.0).at(0.5), 5.0);
    }
}
