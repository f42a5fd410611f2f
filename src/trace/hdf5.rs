//! NetCDF-4 without the C library: groups, variables and dimension names read
//! from HDF5 itself.
//!
//! The file is walked by path only, each object when it is asked for, so a
//! circle of links is never followed and an odd variable nobody needs is never
//! decoded. Nothing outside the file is ever opened: external links are not
//! resolved, external storage and virtual datasets are refused.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hdf5_reader::error::Error;
use hdf5_reader::group::Group;
use hdf5_reader::messages::HdfMessage;
use hdf5_reader::messages::attribute::AttributeMessage;
use hdf5_reader::messages::layout::DataLayout;
use hdf5_reader::storage::DynStorage;
use hdf5_reader::{Attribute, Dataset, Datatype, Hdf5File, OpenOptions, RawAttribute, StringSize};

use super::error::{Problem, bytes};
use super::numbers;
use super::open::Limits;
use super::source::{Dimension, Kind, Object, Source, Variable, join};
use super::text::escape;

/// Decoded bytes any file may ask for, however small it is: one variable of
/// 4 × 250,000 draws that are all alike compresses a thousandfold.
const DECODED_FLOOR: u64 = 64 << 20;
/// Decoded bytes a file may ask for, per byte of the file.
const DECODED_PER_BYTE: u64 = 32;
/// Largest object header; real ones are a few KiB.
const MAX_HEADER_BYTES: usize = 16 << 20;

/// NetCDF writes a dimension without values as a scale with this for a name.
const NO_VARIABLE: &str = "This is a netCDF dimension but not a netCDF variable";

/// An HDF5 file under bounds.
pub(super) struct Hdf5 {
    file: Hdf5File,
    limits: Limits,
    /// Decoded bytes the file may still ask for.
    bytes_left: AtomicU64,
    /// Objects the file may still list.
    objects_left: AtomicU64,
    listed: Mutex<HashMap<String, Arc<Members>>>,
}

/// What a group holds, listed once.
struct Members {
    groups: Vec<Group>,
    datasets: Vec<Dataset>,
}

impl Hdf5 {
    /// Opens the file in `storage`.
    pub fn open(storage: DynStorage, limits: &Limits) -> Result<Self, Problem> {
        let length = storage.len();
        let budget = DECODED_FLOOR.saturating_add(length.saturating_mul(DECODED_PER_BYTE));
        let budget_usize = usize::try_from(budget).unwrap_or(usize::MAX);
        let options = OpenOptions::default()
            // Every variable is read once: a cache would only hold memory.
            .with_chunk_cache_bytes(0)
            .with_max_chunk_bytes(budget_usize)
            .with_max_read_bytes(budget_usize)
            .with_max_object_header_bytes(MAX_HEADER_BYTES);
        let file = Hdf5File::from_storage_with_options(storage, options)
            .map_err(|e| problem("the start of the file", e))?;

        // An end beyond the file's own: its writer is at work or died. Behind
        // a user block writers disagree on where this address counts from.
        let superblock = file.superblock();
        if superblock.base_address == 0 && superblock.eof_address > length {
            return Err(Problem::Incomplete {
                expected: superblock.eof_address,
                found: length,
            });
        }
        Ok(Self {
            file,
            limits: limits.clone(),
            bytes_left: AtomicU64::new(budget),
            objects_left: AtomicU64::new(limits.objects),
            listed: Mutex::default(),
        })
    }

    /// The groups on the way to `path`, root first; `None` where one is absent.
    fn way_to(&self, path: &str) -> Result<Option<Vec<Group>>, Problem> {
        let mut way = vec![self.file.root_group().map_err(|e| problem("/", e))?];
        for name in path.split('/').filter(|name| !name.is_empty()) {
            match way[way.len() - 1].group(name) {
                Ok(group) => way.push(group),
                Err(e) if is_absent(&e) => return Ok(None),
                Err(e) => return Err(problem(path, e)),
            }
        }
        Ok(Some(way))
    }

    fn members(&self, path: &str) -> Result<Arc<Members>, Problem> {
        let listed = || self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = listed().get(path) {
            return Ok(members.clone());
        }
        let (groups, datasets) = match self.way_to(path)? {
            Some(way) => way[way.len() - 1].members().map_err(|e| problem(path, e))?,
            None => (Vec::new(), Vec::new()),
        };
        let count = (groups.len() + datasets.len()) as u64;
        spend(&self.objects_left, count).map_err(|()| Problem::TooMuch {
            what: format!("more than {} groups and variables", self.limits.objects),
        })?;
        let members = Arc::new(Members { groups, datasets });
        listed().insert(path.to_owned(), members.clone());
        Ok(members)
    }

    fn dataset(&self, group: &str, name: &str) -> Result<Option<Dataset>, Problem> {
        let Some(way) = self.way_to(group)? else {
            return Ok(None);
        };
        match way[way.len() - 1].dataset(name) {
            Ok(dataset) => Ok(Some(dataset)),
            Err(e) if is_absent(&e) => Ok(None),
            Err(e) => Err(problem(&join(group, name), e)),
        }
    }

    fn needed_dataset(&self, group: &str, name: &str) -> Result<Dataset, Problem> {
        self.dataset(group, name)?
            .ok_or_else(|| Problem::damaged(&join(group, name), "it is gone"))
    }

    /// `None` for a scale that only stands for a dimension.
    fn describe(&self, group: &str, dataset: &Dataset) -> Result<Option<Variable>, Problem> {
        let place = join(group, dataset.name());
        let attributes = dataset.raw_attributes().map_err(|e| problem(&place, e))?;
        let text = |name| self.text(find(&attributes, name)?);
        let is_scale = text("CLASS").as_deref() == Some("DIMENSION_SCALE");
        if is_scale && text("NAME").is_some_and(|name| name.starts_with(NO_VARIABLE)) {
            return Ok(None);
        }
        let names = if is_scale && dataset.ndim() == 1 {
            vec![Some(dataset.name().to_owned())]
        } else {
            self.dimension_names(group, dataset, find(&attributes, "DIMENSION_LIST"))?
        };
        let dimensions = names
            .into_iter()
            .zip(dataset.shape())
            .map(|(name, &length)| {
                let length = usize::try_from(length)
                    .map_err(|_| Problem::damaged(&place, "a dimension is too long"))?;
                Ok(Dimension { name, length })
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Some(Variable {
            name: dataset.name().to_owned(),
            dimensions,
            kind: kind(dataset.dtype()),
        }))
    }

    /// The attribute `DIMENSION_LIST` holds, for each dimension, references to
    /// its scales: variables of this group or of one above it. A variable
    /// without the attribute has dimensions without names.
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
        let entry = dataset.vlen_reference_size();
        if list.raw_data.len() != rank.saturating_mul(entry) {
            return Err(damaged("its list of dimensions has another length"));
        }
        let offset_size = self.file.superblock().offset_size;
        list.raw_data
            .chunks_exact(entry)
            .map(|reference| {
                let bytes = dataset
                    .resolve_vlen_reference_bytes(reference, usize::from(offset_size))
                    .map_err(|e| problem(&place, e))?;
                let scales = hdf5_reader::reference::read_object_references(&bytes, offset_size)
                    .map_err(|e| problem(&place, e))?;
                let &scale = scales
                    .first()
                    .ok_or_else(|| damaged("a dimension has no scale"))?;
                self.scale_name(group, scale)?
                    .map(Some)
                    .ok_or_else(|| damaged("a dimension is not in the file"))
            })
            .collect()
    }

    /// Name of the scale at `address`, looked for in `group` and then upwards.
    fn scale_name(&self, group: &str, address: u64) -> Result<Option<String>, Problem> {
        let mut group = group;
        loop {
            let members = self.members(group)?;
            let scale = members.datasets.iter().find(|d| d.address() == address);
            if let Some(scale) = scale {
                return Ok(Some(scale.name().to_owned()));
            }
            group = match group.rsplit_once('/') {
                _ if group == "/" => return Ok(None),
                Some((parent, _)) if !parent.is_empty() => parent,
                _ => "/",
            };
        }
    }

    /// Refuses what cannot or must not be read, before anything is allocated.
    fn check(&self, place: &str, dataset: &Dataset) -> Result<(), Problem> {
        let header = self
            .file
            .get_or_parse_header(dataset.address())
            .map_err(|e| problem(place, e))?;
        let mut stored: u64 = dataset.num_elements().map_err(|e| problem(place, e))?;
        let elements = stored;
        for message in &header.messages {
            match message {
                HdfMessage::ExternalFiles(_) => {
                    return Err(Problem::External {
                        variable: escape(place),
                    });
                }
                HdfMessage::FilterPipeline(pipeline) => {
                    if let Some(f) = pipeline.filters.iter().find(|f| !is_decodable(f.id)) {
                        return Err(Problem::Filter {
                            variable: escape(place),
                            filter: filter_name(f.id),
                        });
                    }
                }
                // Chunks at the edge are stored whole, and may be far larger
                // than what they hold of the variable.
                HdfMessage::DataLayout(layout) => {
                    if let DataLayout::Chunked { dims, .. } = &layout.layout {
                        stored = dims.iter().zip(dataset.shape()).fold(1u64, |n, (&c, &d)| {
                            let chunk = u64::from(c).max(1);
                            n.saturating_mul(d.div_ceil(chunk).saturating_mul(chunk))
                        });
                    }
                }
                _ => {}
            }
        }
        if elements > self.limits.elements {
            return Err(Problem::TooMuch {
                what: format!("{} has {elements} elements", escape(place)),
            });
        }
        let size = dataset.raw_element_size().map_err(|e| problem(place, e))? as u64;
        // What is decoded becomes f64 afterwards, whatever it was.
        let asked = stored.max(elements).saturating_mul(size.max(8));
        self.spend_bytes(place, asked)
    }
}

impl Source for Hdf5 {
    fn has_group(&self, group: &str) -> bool {
        matches!(self.way_to(group), Ok(Some(_)))
    }

    fn groups(&self, group: &str) -> Result<Vec<String>, Problem> {
        let Some(way) = self.way_to(group)? else {
            return Ok(Vec::new());
        };
        Ok(self
            .members(group)?
            .groups
            .iter()
            .filter(|child| way.iter().all(|above| above.address() != child.address()))
            .map(|child| child.name().to_owned())
            .collect())
    }

    fn variables(&self, group: &str) -> Result<Vec<Variable>, Problem> {
        let members = self.members(group)?;
        members
            .datasets
            .iter()
            .filter_map(|dataset| self.describe(group, dataset).transpose())
            .collect()
    }

    fn variable(&self, group: &str, name: &str) -> Result<Option<Variable>, Problem> {
        match self.dataset(group, name)? {
            Some(dataset) => self.describe(group, &dataset),
            None => Ok(None),
        }
    }

    fn text_attribute(&self, object: Object, name: &str) -> Option<String> {
        let attributes = self.attributes(object)?;
        self.text(find(&attributes, name)?)
    }

    fn number_attribute(&self, object: Object, name: &str) -> Option<f64> {
        let attributes = self.attributes(object)?;
        let attribute = find(&attributes, name)?;
        if attribute.dataspace.num_elements().ok()? != 1 {
            return None;
        }
        Attribute::from_message(attribute.clone())
            .read_as_f64()
            .ok()
    }

    fn numbers(&self, group: &str, name: &str) -> Result<Vec<f64>, Problem> {
        let place = join(group, name);
        let dataset = self.needed_dataset(group, name)?;
        let Some(format) = number_format(dataset.dtype()) else {
            return Err(Problem::NotNumbers {
                variable: escape(&place),
                kind: match kind(dataset.dtype()) {
                    Kind::Text => "text",
                    _ => "values of a type of its own",
                },
            });
        };
        self.check(&place, &dataset)?;
        let raw = dataset
            .read_native_bytes()
            .map_err(|e| problem(&place, e))?;
        Ok(format.to_f64(&raw))
    }

    fn strings(&self, group: &str, name: &str) -> Result<Vec<String>, Problem> {
        let place = join(group, name);
        let dataset = self.needed_dataset(group, name)?;
        self.check(&place, &dataset)?;
        self.check_strings(&place, &dataset)?;
        dataset.read_strings().map_err(|e| problem(&place, e))
    }
}

impl Hdf5 {
    fn attributes(&self, object: Object) -> Option<Vec<RawAttribute>> {
        match object {
            Object::Group(group) => self.way_to(group).ok()??.pop()?.raw_attributes().ok(),
            Object::Variable(group, name) => self.dataset(group, name).ok()??.raw_attributes().ok(),
        }
    }

    /// The text of an attribute that holds exactly one.
    fn text(&self, attribute: &AttributeMessage) -> Option<String> {
        if attribute.dataspace.num_elements().ok()? != 1 {
            return None;
        }
        match &attribute.datatype {
            Datatype::String {
                size: StringSize::Fixed(_),
                ..
            } => Attribute::from_message(attribute.clone())
                .read_string()
                .ok(),
            datatype if kind(datatype) == Kind::Text => {
                let root = self.file.root_group().ok()?;
                let bytes = root
                    .resolve_vlen_reference_bytes(&attribute.raw_data, 1)
                    .ok()?;
                let text = String::from_utf8(bytes).ok()?;
                Some(text.trim_end_matches('\0').to_owned())
            }
            _ => None,
        }
    }

    /// Strings of any length lie elsewhere in the file, and many elements may
    /// share one: their sum is bounded before any is copied.
    fn check_strings(&self, place: &str, dataset: &Dataset) -> Result<(), Problem> {
        if matches!(
            dataset.dtype(),
            Datatype::String {
                size: StringSize::Fixed(_),
                ..
            }
        ) {
            return Ok(());
        }
        let references = dataset.read_raw_bytes().map_err(|e| problem(place, e))?;
        let asked = references
            .chunks_exact(dataset.vlen_reference_size())
            .map(|r| u64::from(u32::from_le_bytes([r[0], r[1], r[2], r[3]])))
            .fold(0u64, u64::saturating_add);
        self.spend_bytes(place, asked)
    }

    fn spend_bytes(&self, place: &str, asked: u64) -> Result<(), Problem> {
        spend(&self.bytes_left, asked).map_err(|()| Problem::TooMuch {
            what: format!("{} asks for {}", escape(place), bytes(asked)),
        })
    }
}

fn find<'a>(attributes: &'a [RawAttribute], name: &str) -> Option<&'a AttributeMessage> {
    attributes
        .iter()
        .find(|a| a.name() == name)
        .map(RawAttribute::message)
}

/// Takes `amount` from what is left, if it is there.
fn spend(left: &AtomicU64, amount: u64) -> Result<(), ()> {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| {
        n.checked_sub(amount)
    })
    .map(|_| ())
    .map_err(|_| ())
}

fn kind(datatype: &Datatype) -> Kind {
    match datatype {
        Datatype::String { .. } => Kind::Text,
        Datatype::VarLen { base, .. } if base.is_vlen_string_base() => Kind::Text,
        _ if number_format(datatype).is_some() => Kind::Number,
        _ => Kind::Other,
    }
}

fn number_format(datatype: &Datatype) -> Option<numbers::Format> {
    use numbers::Format;
    Some(match datatype {
        Datatype::FloatingPoint { size: 4, .. } => Format::F32,
        Datatype::FloatingPoint { size: 8, .. } => Format::F64,
        Datatype::FixedPoint { size, signed, .. } => match (size, signed) {
            (1, true) => Format::I8,
            (1, false) => Format::U8,
            (2, true) => Format::I16,
            (2, false) => Format::U16,
            (4, true) => Format::I32,
            (4, false) => Format::U32,
            (8, true) => Format::I64,
            (8, false) => Format::U64,
            _ => return None,
        },
        // HDF5's own bool is an enumeration of a one-byte integer.
        Datatype::Enum { base, .. } => number_format(base)?,
        _ => return None,
    })
}

fn is_decodable(filter: u16) -> bool {
    // deflate, shuffle, fletcher32, szip, nbit, scale-offset; LZ4
    matches!(filter, 1..=6 | 32004)
}

/// Names of the HDF Group's list of registered filters.
fn filter_name(id: u16) -> String {
    let name = match id {
        305 => "LZO",
        307 => "bzip2",
        32000 => "LZF",
        32001 => "Blosc",
        32008 => "bitshuffle",
        32013 => "ZFP",
        32015 => "Zstandard",
        32017 => "SZ",
        32024 => "SZ3",
        32026 => "Blosc2",
        _ => return format!("filter {id}"),
    };
    format!("{name} (filter {id})")
}

fn root_cause(error: &Error) -> &Error {
    match error {
        Error::Context { source, .. } => root_cause(source),
        other => other,
    }
}

fn is_absent(error: &Error) -> bool {
    matches!(
        root_cause(error),
        Error::GroupNotFound(_) | Error::DatasetNotFound(_)
    )
}

fn problem(place: &str, error: Error) -> Problem {
    match root_cause(&error) {
        Error::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
            Problem::Unreadable(std::io::Error::new(e.kind(), e.to_string()))
        }
        // Class 3 of a data layout is a virtual dataset.
        Error::UnsupportedLayoutClass(3) => Problem::Virtual {
            variable: escape(place),
        },
        Error::ResourceLimit(what) => Problem::TooMuch {
            what: format!("{}: {}", escape(place), escape(what)),
        },
        cause => Problem::damaged(place, &cause.to_string()),
    }
}
