//! The names of dimensions, which HDF5 keeps as references to other datasets
//! (NetCDF-4's use of the HDF5 Dimension Scale specification).

use hdf5_reader::messages::attribute::AttributeMessage;
use hdf5_reader::{Dataset, reference};

use super::Hdf5;
use super::attributes::find;
use super::problems::problem;
use super::types::kind;
use crate::trace::error::Problem;
use crate::trace::source::{Dimension, Variable, join};

/// NetCDF writes a dimension without values as a scale with this for a name.
const NO_VARIABLE: &str = "This is a netCDF dimension but not a netCDF variable";

/// The dimensions of draws, looked for by name first: then a group need not be
/// listed, and an odd variable beside does no harm.
const SAMPLE_DIMENSIONS: [&str; 3] = ["chain", "draw", "sample"];

impl Hdf5 {
    /// What the file says of a variable; `None` for a scale that only stands
    /// for a dimension.
    pub(super) fn describe(
        &self,
        group: &str,
        dataset: &Dataset,
    ) -> Result<Option<Variable>, Problem> {
        let place = join(group, dataset.name());
        let attributes = dataset.raw_attributes().map_err(|e| problem(&place, e))?;
        let text = |name| self.text(&place, &attributes, name);
        let is_scale = text("CLASS")?.as_deref() == Some("DIMENSION_SCALE");
        if is_scale && text("NAME")?.is_some_and(|name| name.starts_with(NO_VARIABLE)) {
            return Ok(None);
        }
        let names = if is_scale && dataset.ndim() == 1 {
            vec![Some(dataset.name().to_owned())]
        } else {
            self.dimension_names(group, dataset, find(&attributes, "DIMENSION_LIST"))?
        };
        let lengths = dataset.shape().iter().map(|&length| {
            usize::try_from(length).map_err(|_| Problem::damaged(&place, "a dimension is too long"))
        });
        let dimensions = names
            .into_iter()
            .zip(lengths)
            .map(|(name, length)| {
                Ok(Dimension {
                    name,
                    length: length?,
                })
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Some(Variable {
            name: dataset.name().to_owned(),
            dimensions,
            kind: kind(dataset.dtype()),
            attributes: self.cf_attributes(&place, &attributes)?,
        }))
    }

    /// `list` holds, for each dimension, references to its scales, of which
    /// NetCDF has one. A variable without it has dimensions without names.
    fn dimension_names(
        &self,
        group: &str,
        dataset: &Dataset,
        list: Option<&AttributeMessage>,
    ) -> Result<Vec<Option<String>>, Problem> {
        let place = join(group, dataset.name());
        let damaged = |detail| Problem::damaged(&place, detail);
        let rank = dataset.ndim();
        let Some(list) = list else {
            return Ok(vec![None; rank]);
        };
        let reference_size = dataset.vlen_reference_size();
        if list.raw_data.len() != rank.saturating_mul(reference_size) {
            return Err(damaged("its list of dimensions has another length"));
        }
        let offset_size = self.offset_size();
        list.raw_data
            .chunks_exact(reference_size)
            .zip(dataset.shape())
            .map(|(reference, &length)| {
                let bytes = dataset
                    .resolve_vlen_reference_bytes(reference, usize::from(offset_size))
                    .map_err(|e| problem(&place, e))?;
                let scales = reference::read_object_references(&bytes, offset_size)
                    .map_err(|e| problem(&place, e))?;
                let &address = scales
                    .first()
                    .ok_or_else(|| damaged("a dimension has no scale"))?;
                let scale = self
                    .scale(group, address)?
                    .ok_or_else(|| damaged("a dimension is not in the file"))?;
                if scale.shape().first() != Some(&length) && !is_unlimited(&scale) {
                    return Err(damaged("it and its dimensions differ in length"));
                }
                Ok(Some(scale.name().to_owned()))
            })
            .collect()
    }

    /// The scale at `address`, looked for in `group` and then upwards.
    fn scale(&self, group: &str, address: u64) -> Result<Option<Dataset>, Problem> {
        let mut group = group;
        loop {
            for name in SAMPLE_DIMENSIONS {
                let scale = self.dataset(group, name)?;
                if let Some(scale) = scale.filter(|d| d.address() == address) {
                    return Ok(Some(scale));
                }
            }
            let members = self.members(group)?;
            if let Some(scale) = members.datasets.iter().find(|d| d.address() == address) {
                return Ok(Some(scale.clone()));
            }
            group = match group.rsplit_once('/') {
                _ if group == "/" => return Ok(None),
                Some((parent, _)) if !parent.is_empty() => parent,
                _ => "/",
            };
        }
    }
}

/// A dimension that may grow may be longer than a variable that uses it.
fn is_unlimited(scale: &Dataset) -> bool {
    scale.max_dims().and_then(<[u64]>::first) == Some(&u64::MAX)
}
