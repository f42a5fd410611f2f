//! HDF5 datatypes as kinds of values, and numbers of every type as `f64`.

use hdf5_reader::{ByteOrder, Datatype};

use crate::trace::source::Kind;

/// How a number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    number: Number,
    order: ByteOrder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
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
            ($t:ty) => {{
                let (numbers, _) = raw.as_chunks();
                let numbers = numbers.iter().copied();
                match self.order {
                    ByteOrder::LittleEndian => {
                        numbers.map(|b| <$t>::from_le_bytes(b) as f64).collect()
                    }
                    ByteOrder::BigEndian => {
                        numbers.map(|b| <$t>::from_be_bytes(b) as f64).collect()
                    }
                }
            }};
        }
        match self.number {
            Number::F32 => read!(f32),
            Number::F64 => read!(f64),
            Number::I8 => read!(i8),
            Number::U8 => read!(u8),
            Number::I16 => read!(i16),
            Number::U16 => read!(u16),
            Number::I32 => read!(i32),
            Number::U32 => read!(u32),
            Number::I64 => read!(i64),
            Number::U64 => read!(u64),
        }
    }
}

pub(super) fn kind(datatype: &Datatype) -> Kind {
    match datatype {
        Datatype::String { .. } => Kind::Text,
        Datatype::VarLen { base, .. } if base.is_vlen_string_base() => Kind::Text,
        _ if number_format(datatype).is_some() => Kind::Number,
        _ => Kind::Other,
    }
}

pub(super) fn number_format(datatype: &Datatype) -> Option<Format> {
    let (number, order) = match datatype {
        Datatype::FloatingPoint { size, byte_order } => match size {
            4 => (Number::F32, byte_order),
            8 => (Number::F64, byte_order),
            _ => return None,
        },
        Datatype::FixedPoint {
            size,
            signed,
            byte_order,
        } => {
            let number = match (size, signed) {
                (1, true) => Number::I8,
                (1, false) => Number::U8,
                (2, true) => Number::I16,
                (2, false) => Number::U16,
                (4, true) => Number::I32,
                (4, false) => Number::U32,
                (8, true) => Number::I64,
                (8, false) => Number::U64,
                _ => return None,
            };
            (number, byte_order)
        }
        // HDF5's own bool is an enumeration of a one-byte integer.
        Datatype::Enum { base, .. } => match &**base {
            integer @ Datatype::FixedPoint { .. } => return number_format(integer),
            _ => return None,
        },
        _ => return None,
    };
    Some(Format {
        number,
        order: *order,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(number: Number, raw: &[u8]) -> Vec<f64> {
        let order = ByteOrder::LittleEndian;
        Format { number, order }.to_f64(raw)
    }

    #[test]
    fn each_type_keeps_sign_and_size() {
        use Number::*;
        assert_eq!(read(I8, &[0xff, 1]), [-1.0, 1.0]);
        assert_eq!(read(U8, &[0xff, 1]), [255.0, 1.0]);
        assert_eq!(read(I16, &(-300i16).to_le_bytes()), [-300.0]);
        assert_eq!(read(U16, &65_000u16.to_le_bytes()), [65_000.0]);
        assert_eq!(read(I32, &(-70_000i32).to_le_bytes()), [-70_000.0]);
        assert_eq!(read(U32, &u32::MAX.to_le_bytes()), [4_294_967_295.0]);
        assert_eq!(read(I64, &i64::MIN.to_le_bytes()), [-(2f64.powi(63))]);
        assert_eq!(read(U64, &u64::MAX.to_le_bytes()), [2f64.powi(64)]);
        assert_eq!(read(F32, &0.1f32.to_le_bytes()), [f64::from(0.1f32)]);
        assert_eq!(read(F64, &0.1f64.to_le_bytes()), [0.1]);
    }

    #[test]
    fn the_files_byte_order_holds() {
        let big = Format {
            number: Number::I16,
            order: ByteOrder::BigEndian,
        };
        assert_eq!(big.to_f64(&[0x01, 0x00]), [256.0]);
    }

    #[test]
    fn a_rest_too_short_for_a_number_is_left() {
        assert_eq!(read(Number::I32, &[1, 0, 0, 0, 9]), [1.0]);
    }
}
