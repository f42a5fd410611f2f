//! How large a picture is.

use std::fmt;
use std::str::FromStr;

/// Width and height of a picture in pixels, within what can be read and drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// A slide's or a web page's.
    pub const DEFAULT: Self = Self {
        width: 1200,
        height: 675,
    };
    /// Smaller leaves no room for a curve.
    pub const LEAST: Self = Self {
        width: 200,
        height: 120,
    };
    /// Larger takes more than half a gigabyte to draw.
    pub const MOST: Self = Self {
        width: 10_000,
        height: 10_000,
    };

    /// `None` outside [`Self::LEAST`] to [`Self::MOST`].
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let usable = (Self::LEAST.width..=Self::MOST.width).contains(&width)
            && (Self::LEAST.height..=Self::MOST.height).contains(&height);
        usable.then_some(Self { width, height })
    }

    /// Twice as wide and high, for dense screens, as far as that is a size.
    pub fn doubled(self) -> Self {
        Self::new(2 * self.width, 2 * self.height).unwrap_or(self)
    }

    pub fn width(self) -> u32 {
        self.width
    }

    pub fn height(self) -> u32 {
        self.height
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl FromStr for Size {
    type Err = String;

    /// `1200x675`, in pixels.
    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', 'X', '×']);
        let sides = sides.and_then(|(width, height)| {
            Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
        });
        let (width, height) =
            sides.ok_or("a size is a width and a height in pixels, like 1200x675")?;
        Self::new(width, height).ok_or_else(|| {
            format!(
                "a picture is {} to {} pixels large",
                Self::LEAST,
                Self::MOST
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_bounded() {
        assert_eq!("1200x675".parse(), Ok(Size::DEFAULT));
        assert_eq!("200 × 120".parse(), Ok(Size::LEAST));
        for wrong in ["199x120", "200x119", "10001x500", "500x10001"] {
            let error = wrong.parse::<Size>().expect_err(wrong);
            assert!(error.contains("200x120 to 10000x10000"), "{error}");
        }
        for wrong in ["", "1200", "x", "-1x5", "1200x", "1e3x500"] {
            let error = wrong.parse::<Size>().expect_err(wrong);
            assert!(error.contains("like 1200x675"), "{error}");
        }
    }
}
