//! NetCDF-4 without the C library: groups, variables and dimension names read
//! from HDF5 itself.
//!
//! The file is walked by path only, each object when it is asked for, so a
//! circle of links is never followed and an odd variable nobody needs is never
//! decoded. Nothing outside the file is ever opened: links into other files,
//! external storage and virtual datasets are refused.

mod attributes;
mod bounds;
mod chunks;
mod dimensions;
mod problems;
mod types;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hdf5_reader::group::Group;
use hdf5_reader::messages::HdfMessage;
use hdf5_reader::messages::link::LinkTarget;
use hdf5_reader::storage::DynStorage;
use hdf5_reader::{Dataset, Hdf5File, OpenOptions};

use self::bounds::Budget;
use self::problems::{is_absent, problem};
use self::types::{kind, number_format};
use super::error::Problem;
use super::open::Limits;
use super::source::{Kind, Source, Variable, join};
use super::text::escape;

/// Largest object header; real ones are a few KiB.
const MAX_HEADER_BYTES: usize = 16 << 20;

/// An HDF5 file under bounds.
pub(super) struct Hdf5 {
    file: Hdf5File,
    budget: Budget,
    listed: Mutex<HashMap<String, Arc<Members>>>,
}

/// What a group holds, listed once.
#[derive(Default)]
struct Members {
    groups: Vec<Group>,
    datasets: Vec<Dataset>,
}

impl Hdf5 {
    /// Opens the file in `storage`.
    pub fn open(storage: DynStorage, limits: &Limits) -> Result<Self, Problem> {
        let length = storage.len();
        let budget = Budget::new(length, limits);
        let options = OpenOptions::default()
            // Every variable is read once: a cache would only hold memory.
            .with_chunk_cache_bytes(0)
            .with_max_chunk_bytes(budget.bytes())
            .with_max_read_bytes(budget.bytes())
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
        // Writers of the newest format raise this flag until they close.
        if superblock.version >= 3 && superblock.consistency_flags & 1 != 0 {
            return Err(Problem::OpenForWriting);
        }
        Ok(Self {
            file,
            budget,
            listed: Mutex::default(),
        })
    }

    /// The groups on the way to `path`, root first; `None` where one is absent.
    fn way_to(&self, path: &str) -> Result<Option<Vec<Group>>, Problem> {
        let mut way = Vec::new();
        let mut group = self.file.root_group().map_err(|e| problem("/", e))?;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let inner = match group.group(name) {
                Ok(inner) => inner,
                Err(e) if is_absent(&e) => return Ok(None),
                Err(e) => return Err(problem(path, e)),
            };
            way.push(std::mem::replace(&mut group, inner));
        }
        way.push(group);
        Ok(Some(way))
    }

    fn group(&self, path: &str) -> Result<Option<Group>, Problem> {
        Ok(self.way_to(path)?.and_then(|mut way| way.pop()))
    }

    fn members(&self, path: &str) -> Result<Arc<Members>, Problem> {
        let listed = || self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = listed().get(path) {
            return Ok(members.clone());
        }
        let mut members = Members::default();
        if let Some(group) = self.group(path)? {
            self.refuse_links_elsewhere(path, &group)?;
            (members.groups, members.datasets) = group.members().map_err(|e| problem(path, e))?;
        }
        self.budget
            .list(members.groups.len() + members.datasets.len())?;
        let members = Arc::new(members);
        listed().insert(path.to_owned(), members.clone());
        Ok(members)
    }

    /// The reader passes over links into other files as if they were not
    /// there; a person should know what is missing.
    fn refuse_links_elsewhere(&self, path: &str, group: &Group) -> Result<(), Problem> {
        let header = self
            .file
            .get_or_parse_header(group.address())
            .map_err(|e| problem(path, e))?;
        for message in &header.messages {
            if let HdfMessage::Link(link) = message
                && let LinkTarget::External { .. } = link.target
            {
                return Err(Problem::External {
                    variable: escape(&join(path, &link.name)),
                });
            }
        }
        Ok(())
    }

    fn dataset(&self, group: &str, name: &str) -> Result<Option<Dataset>, Problem> {
        let Some(parent) = self.group(group)? else {
            return Ok(None);
        };
        match parent.dataset(name) {
            Ok(dataset) => Ok(Some(dataset)),
            Err(e) if is_absent(&e) => Ok(None),
            Err(e) => Err(problem(&join(group, name), e)),
        }
    }

    fn offset_size(&self) -> u8 {
        self.file.superblock().offset_size
    }

    /// A variable that was seen before.
    fn known(&self, group: &str, name: &str) -> Result<Dataset, Problem> {
        self.dataset(group, name)?
            .ok_or_else(|| Problem::damaged(&join(group, name), "it is gone"))
    }
}

impl Source for Hdf5 {
    fn has_group(&self, group: &str) -> Result<bool, Problem> {
        Ok(self.group(group)?.is_some())
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
        self.members(group)?
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

    fn group_text(&self, group: &str, name: &str) -> Result<Option<String>, Problem> {
        match self.group(group)? {
            Some(object) => {
                let attributes = object.raw_attributes().map_err(|e| problem(group, e))?;
                self.text(group, &attributes, name)
            }
            None => Ok(None),
        }
    }

    fn numbers(&self, group: &str, name: &str) -> Result<Vec<f64>, Problem> {
        let place = join(group, name);
        let dataset = self.known(group, name)?;
        let format = number_format(dataset.dtype()).ok_or_else(|| Problem::NotNumbers {
            variable: escape(&place),
            kind: match kind(dataset.dtype()) {
                Kind::Text => "text",
                _ => "values of a type of its own",
            },
        })?;
        let layout = self.check(&place, &dataset)?;
        Ok(format.to_f64(&self.stored_bytes(&place, &dataset, &layout)?))
    }

    fn strings(&self, group: &str, name: &str) -> Result<Vec<String>, Problem> {
        let place = join(group, name);
        let dataset = self.known(group, name)?;
        self.check(&place, &dataset)?;
        self.check_strings(&place, &dataset)?;
        dataset.read_strings().map_err(|e| problem(&place, e))
    }
}
