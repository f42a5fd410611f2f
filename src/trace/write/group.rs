//! A group of the file in the making: attributes, dimensions with their coordinates, variables.

use netcdf_writer::{DimensionId, NcAttrValue, NcFileBuilder, NcWriteType, VariableId};

use super::WriteError;

/// Level of zlib. Draws hardly compress: level 4 takes half as long again for 2 % less.
const DEFLATE: u8 = 1;

/// Elements of a chunk, at most: 8 MiB of numbers, which a reader decodes at once.
const CHUNK: usize = 1 << 20;

pub(super) struct Group<'a> {
    file: &'a mut NcFileBuilder,
    path: &'static str,
}

/// A dimension of a group.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    id: DimensionId,
    length: usize,
    is_chain: bool,
}

impl<'a> Group<'a> {
    pub fn new(file: &'a mut NcFileBuilder, path: &'static str) -> Self {
        Self { file, path }
    }

    pub fn text(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        self.attribute(name, text(value))
    }

    pub fn number(&mut self, name: &str, value: f64) -> Result<(), WriteError> {
        self.attribute(name, NcAttrValue::Doubles(vec![value]))
    }

    pub fn integer(&mut self, name: &str, value: i64) -> Result<(), WriteError> {
        self.attribute(name, NcAttrValue::Int64s(vec![value]))
    }

    fn attribute(&mut self, name: &str, value: NcAttrValue) -> Result<(), WriteError> {
        Ok(self.file.add_group_attribute(self.path, name, value)?)
    }

    /// A dimension with a coordinate along it.
    pub fn axis<T: NcWriteType>(&mut self, name: &str, values: &[T]) -> Result<Axis, WriteError> {
        self.labelled_axis(name, values, &[])
    }

    /// A dimension whose coordinate has attributes.
    pub fn labelled_axis<T: NcWriteType>(
        &mut self,
        name: &str,
        values: &[T],
        attributes: &[(&str, &str)],
    ) -> Result<Axis, WriteError> {
        let path = format!("{}/{name}", self.path);
        let axis = Axis {
            id: self.file.add_dimension_path(path, values.len() as u64)?,
            length: values.len(),
            is_chain: name == "chain",
        };
        let coordinate = self.variable(name, &[axis], values)?;
        for &(name, value) in attributes {
            self.file
                .add_variable_attribute(coordinate, name, text(value))?;
        }
        Ok(axis)
    }

    /// A variable of numbers, the last axis fastest.
    pub fn numbers(
        &mut self,
        name: &str,
        axes: &[Axis],
        values: impl Iterator<Item = f64>,
    ) -> Result<(), WriteError> {
        let values: Vec<f64> = values.collect();
        self.variable(name, axes, &values).map(drop)
    }

    /// Whole numbers as integers. What is none of them, such as NaN, keeps all of them numbers.
    pub fn counts(
        &mut self,
        name: &str,
        axes: &[Axis],
        values: impl Iterator<Item = f64> + Clone,
    ) -> Result<(), WriteError> {
        let whole: Option<Vec<i64>> = values.clone().map(whole).collect();
        match whole {
            Some(counts) => self.variable(name, axes, &counts).map(drop),
            None => self.numbers(name, axes, values),
        }
    }

    /// Flags in the way of xarray: bytes that say they are `bool`.
    pub fn flags(
        &mut self,
        name: &str,
        axes: &[Axis],
        values: impl Iterator<Item = bool>,
    ) -> Result<(), WriteError> {
        let bytes: Vec<i8> = values.map(i8::from).collect();
        let variable = self.variable(name, axes, &bytes)?;
        Ok(self
            .file
            .add_variable_attribute(variable, "dtype", text("bool"))?)
    }

    fn variable<T: NcWriteType>(
        &mut self,
        name: &str,
        axes: &[Axis],
        values: &[T],
    ) -> Result<VariableId, WriteError> {
        let ids: Vec<DimensionId> = axes.iter().map(|axis| axis.id).collect();
        let path = format!("{}/{name}", self.path);
        let variable = self.file.add_variable_path::<T>(path, &ids)?;
        self.file.set_variable_chunking(variable, chunk(axes))?;
        self.file
            .set_variable_deflate(variable, Some(DEFLATE), size_of::<T>() > 1)?;
        self.file.write_variable(variable, values)?;
        Ok(variable)
    }
}

fn text(text: &str) -> NcAttrValue {
    NcAttrValue::Strings(vec![text.to_owned()])
}

/// Exactly representable as an integer: see [`Group::counts`].
pub(super) fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = (1u64 << 53) as f64;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

/// One chain, and of what is long a part of it.
fn chunk(axes: &[Axis]) -> Vec<u64> {
    let mut room = CHUNK;
    axes.iter()
        .map(|axis| {
            let length = if axis.is_chain {
                1
            } else {
                axis.length.min(room)
            };
            room = (room / length.max(1)).max(1);
            length as u64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_a_chain_or_a_part_of_one() {
        let mut file = NcFileBuilder::new();
        let mut axis = |name: &str, length: usize| Axis {
            id: file.add_dimension(name, length as u64).expect("valid"),
            length,
            is_chain: name == "chain",
        };
        let axes = [axis("chain", 4), axis("draw", 1000), axis("time", 365)];
        assert_eq!(chunk(&axes[..2]), [1, 1000]);
        assert_eq!(chunk(&axes), [1, 1000, 365]);
        assert_eq!(
            chunk(&[axes[0], axes[1], axis("long", 5000)]),
            [1, 1000, 1048]
        );
        assert_eq!(chunk(&[axis("longer", 3 << 20)]), [1 << 20]);
    }

    #[test]
    fn whole_numbers_are_those_that_an_integer_can_be() {
        assert_eq!(whole(-3.0), Some(-3));
        assert_eq!(whole(9_007_199_254_740_992.0), Some(1 << 53));
        for value in [0.5, f64::NAN, f64::INFINITY, 1e17] {
            assert_eq!(whole(value), None, "{value}");
        }
    }
}
