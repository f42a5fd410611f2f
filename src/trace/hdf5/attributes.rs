//! Attributes, each decoded only when its name is asked for.

use hdf5_reader::messages::attribute::AttributeMessage;
use hdf5_reader::{Attribute, Datatype, RawAttribute, StringSize};

use super::Hdf5;
use super::problems::problem;
use super::types::{kind, number_format};
use crate::trace::error::Problem;
use crate::trace::source::{Attributes, Kind};

impl Hdf5 {
    /// The CF attributes of the variable at `place`.
    pub(super) fn cf_attributes(
        &self,
        place: &str,
        attributes: &[RawAttribute],
    ) -> Result<Attributes, Problem> {
        let fills = [
            number(place, attributes, "_FillValue")?,
            number(place, attributes, "missing_value")?,
        ];
        Ok(Attributes {
            fills: fills.into_iter().flatten().collect(),
            scale_factor: number(place, attributes, "scale_factor")?,
            add_offset: number(place, attributes, "add_offset")?,
            units: self.text(place, attributes, "units")?,
            calendar: self.text(place, attributes, "calendar")?,
        })
    }

    /// The attribute's text where it holds exactly one. A text of any length
    /// lies elsewhere in the file; only the one asked for is copied.
    pub(super) fn text(
        &self,
        place: &str,
        attributes: &[RawAttribute],
        name: &str,
    ) -> Result<Option<String>, Problem> {
        let Some(attribute) = find_single(place, attributes, name)? else {
            return Ok(None);
        };
        let text = match &attribute.datatype {
            Datatype::String {
                size: StringSize::Fixed(_),
                ..
            } => Attribute::from_message(attribute.clone()).read_string(),
            datatype if kind(datatype) == Kind::Text => self
                .file
                .root_group()
                .and_then(|root| root.resolve_vlen_reference_bytes(&attribute.raw_data, 1))
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            _ => return Ok(None),
        };
        let text = text.map_err(|e| problem(&format!("{place}, attribute {name}"), e))?;
        Ok(Some(text.trim_end_matches('\0').to_owned()))
    }
}

/// The attribute's number where it holds exactly one.
fn number(place: &str, attributes: &[RawAttribute], name: &str) -> Result<Option<f64>, Problem> {
    match find_single(place, attributes, name)? {
        Some(attribute) if number_format(&attribute.datatype).is_some() => {
            Attribute::from_message(attribute.clone())
                .read_as_f64()
                .map(Some)
                .map_err(|e| problem(&format!("{place}, attribute {name}"), e))
        }
        _ => Ok(None),
    }
}

pub(super) fn find<'a>(attributes: &'a [RawAttribute], name: &str) -> Option<&'a AttributeMessage> {
    attributes
        .iter()
        .find(|attribute| attribute.name() == name)
        .map(RawAttribute::message)
}

fn find_single<'a>(
    place: &str,
    attributes: &'a [RawAttribute],
    name: &str,
) -> Result<Option<&'a AttributeMessage>, Problem> {
    let Some(attribute) = find(attributes, name) else {
        return Ok(None);
    };
    let elements = attribute
        .dataspace
        .num_elements()
        .map_err(|e| Problem::damaged(&format!("{place}, attribute {name}"), &e.to_string()))?;
    Ok((elements == 1).then_some(attribute))
}
