//! What a file may ask for, checked before anything is allocated for it.

use std::sync::atomic::{AtomicU64, Ordering};

use hdf5_reader::messages::HdfMessage;
use hdf5_reader::messages::layout::DataLayout;
use hdf5_reader::{Dataset, Datatype, StringSize};

use super::Hdf5;
use super::problems::{filter_name, is_decodable, problem};
use crate::trace::error::{Problem, bytes};
use crate::trace::open::Limits;
use crate::trace::text::escape;

/// Decoded bytes any file may ask for, however small it is: one variable of
/// 4 × 250,000 draws that are all alike compresses a thousandfold.
const DECODED_FLOOR: u64 = 64 << 20;
/// Decoded bytes a file may ask for, per byte of the file.
const DECODED_PER_BYTE: u64 = 32;

/// What a file may still ask for, over everything that is read of it: a
/// thousand variables may share the same bytes.
pub(super) struct Budget {
    limits: Limits,
    total: u64,
    bytes_left: AtomicU64,
    objects_left: AtomicU64,
}

impl Budget {
    /// For a file of `length` bytes.
    pub fn new(length: u64, limits: &Limits) -> Self {
        let total = DECODED_FLOOR
            .saturating_add(length.saturating_mul(DECODED_PER_BYTE))
            .min(limits.elements.saturating_mul(8));
        Self {
            limits: limits.clone(),
            total,
            bytes_left: AtomicU64::new(total),
            objects_left: AtomicU64::new(limits.objects),
        }
    }

    /// Decoded bytes the file may ask for in all.
    pub fn bytes(&self) -> usize {
        usize::try_from(self.total).unwrap_or(usize::MAX)
    }

    /// Counts groups and variables that were listed.
    pub fn list(&self, objects: usize) -> Result<(), Problem> {
        spend(&self.objects_left, objects as u64).map_err(|()| Problem::TooMuch {
            what: format!(
                "it has more than {} groups and variables",
                self.limits.objects
            ),
        })
    }

    fn decode(&self, place: &str, asked: u64) -> Result<(), Problem> {
        spend(&self.bytes_left, asked).map_err(|()| Problem::TooMuch {
            what: format!("{} asks for {}", escape(place), bytes(asked)),
        })
    }
}

/// Takes `amount` from what is left, if it is there.
fn spend(left: &AtomicU64, amount: u64) -> Result<(), ()> {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| {
        n.checked_sub(amount)
    })
    .map(|_| ())
    .map_err(|_| ())
}

impl Hdf5 {
    /// Refuses a variable that cannot or must not be read, and counts its size;
    /// returns how it is stored.
    pub(super) fn check(&self, place: &str, dataset: &Dataset) -> Result<DataLayout, Problem> {
        let header = self
            .file
            .get_or_parse_header(dataset.address())
            .map_err(|e| problem(place, e))?;
        let elements = dataset.num_elements().map_err(|e| problem(place, e))?;
        let mut stored = elements;
        let mut found = None;
        for message in &header.messages {
            match message {
                HdfMessage::ExternalFiles(_) => {
                    return Err(Problem::External {
                        variable: escape(place),
                    });
                }
                HdfMessage::FilterPipeline(pipeline) => {
                    if let Some(filter) = pipeline.filters.iter().find(|f| !is_decodable(f.id)) {
                        return Err(Problem::Filter {
                            variable: escape(place),
                            filter: filter_name(filter.id),
                        });
                    }
                }
                HdfMessage::DataLayout(layout) => {
                    found = Some(&layout.layout);
                    if let DataLayout::Chunked { dims, .. } = &layout.layout {
                        stored = elements_in_chunks(dataset.shape(), dims);
                    }
                }
                _ => {}
            }
        }
        if elements > self.budget.limits.elements {
            return Err(Problem::TooMuch {
                what: format!("{} has {elements} elements", escape(place)),
            });
        }
        let size = dataset.raw_element_size().map_err(|e| problem(place, e))? as u64;
        // What is decoded becomes f64 afterwards, whatever it was.
        let asked = stored.max(elements).saturating_mul(size.max(8));
        self.budget.decode(place, asked)?;
        found
            .cloned()
            .ok_or_else(|| Problem::damaged(place, "it does not say where its values are"))
    }

    /// Strings of any length lie elsewhere in the file, and many elements may
    /// share one: their sum is bounded before any is copied.
    pub(super) fn check_strings(&self, place: &str, dataset: &Dataset) -> Result<(), Problem> {
        let is_fixed = matches!(
            dataset.dtype(),
            Datatype::String {
                size: StringSize::Fixed(_),
                ..
            }
        );
        if is_fixed {
            return Ok(());
        }
        let references = dataset.read_raw_bytes().map_err(|e| problem(place, e))?;
        let asked = references
            .chunks_exact(dataset.vlen_reference_size())
            .map(|r| u64::from(u32::from_le_bytes([r[0], r[1], r[2], r[3]])))
            .fold(0u64, u64::saturating_add);
        self.budget.decode(place, asked)
    }
}

/// Chunks are decoded whole, and one may be far larger than the variable.
fn elements_in_chunks(shape: &[u64], chunk: &[u32]) -> u64 {
    shape.iter().zip(chunk).fold(1, |n, (&length, &chunk)| {
        let chunk = u64::from(chunk).max(1);
        n.saturating_mul(length.div_ceil(chunk).saturating_mul(chunk))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_count_whole() {
        assert_eq!(elements_in_chunks(&[4, 1000], &[1, 1000]), 4000);
        assert_eq!(elements_in_chunks(&[4, 1001], &[1, 1000]), 8000);
        assert_eq!(elements_in_chunks(&[2, 5], &[2, 1 << 25]), 1 << 26);
        assert_eq!(elements_in_chunks(&[0, 5], &[2, 5]), 0);
        assert_eq!(elements_in_chunks(&[u64::MAX, 2], &[0, 1]), u64::MAX);
    }

    #[test]
    fn what_is_spent_is_gone_and_a_refusal_takes_nothing() {
        let limits = Limits {
            objects: 10,
            ..Limits::default()
        };
        let budget = Budget::new(100, &limits);
        assert!(budget.list(8).is_ok());
        assert!(budget.list(3).is_err());
        assert!(budget.list(2).is_ok());
        assert!(budget.decode("x", DECODED_FLOOR + 3200).is_ok());
        assert!(budget.decode("x", 1).is_err());
    }

    #[test]
    fn a_large_file_may_not_ask_for_more_than_the_limit() {
        let limits = Limits {
            elements: 1000,
            ..Limits::default()
        };
        let budget = Budget::new(1 << 40, &limits);
        assert!(budget.decode("x", 8001).is_err());
        assert!(budget.decode("x", 8000).is_ok());
    }
}
