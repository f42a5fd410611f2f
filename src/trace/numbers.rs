//! Numbers of every stored type, as `f64`.

/// How a number is stored, in the byte order of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    F32,
    F64,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
}

impl Format {
    /// Reads numbers until the bytes end; a rest too short for one is left.
    /// 64-bit integers beyond 2^53 are rounded to the nearest `f64`.
    pub fn to_f64(self, raw: &[u8]) -> Vec<f64> {
        macro_rules! read {
            ($t:ty) => {
                raw.as_chunks()
                    .0
                    .iter()
                    .map(|&b| <$t>::from_ne_bytes(b) as f64)
                    .collect()
            };
        }
        match self {
            Self::F32 => read!(f32),
            Self::F64 => read!(f64),
            Self::I8 => read!(i8),
            Self::U8 => read!(u8),
            Self::I16 => read!(i16),
            Self::U16 => read!(u16),
            Self::I32 => read!(i32),
            Self::U32 => read!(u32),
            Self::I64 => read!(i64),
            Self::U64 => read!(u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_keeps_sign_and_size() {
        assert_eq!(Format::I8.to_f64(&[0xff, 1]), [-1.0, 1.0]);
        assert_eq!(Format::U8.to_f64(&[0xff, 1]), [255.0, 1.0]);
        assert_eq!(Format::I16.to_f64(&(-300i16).to_ne_bytes()), [-300.0]);
        assert_eq!(
            Format::U64.to_f64(&u64::MAX.to_ne_bytes()),
            [18446744073709551615.0]
        );
        assert_eq!(
            Format::F32.to_f64(&0.1f32.to_ne_bytes()),
            [f64::from(0.1f32)]
        );
        assert_eq!(Format::F64.to_f64(&0.1f64.to_ne_bytes()), [0.1]);
    }

    #[test]
    fn a_rest_too_short_for_a_number_is_left() {
        assert_eq!(Format::I32.to_f64(&[1, 0, 0, 0, 9]).len(), 1);
    }
}
