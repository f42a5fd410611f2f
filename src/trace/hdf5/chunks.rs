//! The stored bytes of a variable, none of them made up.
//!
//! HDF5 fills what was never written with a fill value, and a damaged index of
//! chunks looks just like that: a posterior of a file without its middle would
//! read as NaN, or as zeros. So the chunks are put together here, and each must
//! be there.

use std::collections::HashSet;

use hdf5_reader::Dataset;
use hdf5_reader::messages::layout::DataLayout;

use super::Hdf5;
use super::problems::problem;
use crate::trace::error::Problem;
use crate::trace::text::escape;

impl Hdf5 {
    /// All elements, last dimension fastest, in the byte order of the file.
    pub(super) fn stored_bytes(
        &self,
        place: &str,
        dataset: &Dataset,
        layout: &DataLayout,
    ) -> Result<Vec<u8>, Problem> {
        let unwritten = || Problem::Unwritten {
            variable: escape(place),
        };
        match layout {
            DataLayout::Chunked { .. } => chunked(place, dataset)?.ok_or_else(unwritten),
            DataLayout::Contiguous { address, size } => {
                let elements = dataset.num_elements().map_err(|e| problem(place, e))?;
                let undefined = u64::MAX >> (64 - 8 * u32::from(self.offset_size()).clamp(1, 8));
                if elements > 0 && (*address == undefined || *size == 0) {
                    return Err(unwritten());
                }
                dataset.read_raw_bytes().map_err(|e| problem(place, e))
            }
            DataLayout::Compact { .. } => dataset.read_raw_bytes().map_err(|e| problem(place, e)),
        }
    }
}

/// `None` where a chunk is missing.
fn chunked(place: &str, dataset: &Dataset) -> Result<Option<Vec<u8>>, Problem> {
    let damaged = |detail| Problem::damaged(place, detail);
    let size = dataset.raw_element_size().map_err(|e| problem(place, e))?;
    let length = dataset.raw_byte_len().map_err(|e| problem(place, e))?;
    let shape = lengths(dataset.shape()).ok_or_else(|| damaged("it is too long"))?;

    let mut bytes = vec![0; length];
    let mut copied = 0;
    let mut seen = HashSet::new();
    for chunk in dataset.iter_chunks().map_err(|e| problem(place, e))? {
        let chunk = chunk.map_err(|e| problem(place, e))?;
        let (Some(offsets), Some(extent)) = (lengths(chunk.offsets()), lengths(chunk.shape()))
        else {
            return Err(damaged("a chunk is too long"));
        };
        copied += copy(chunk.bytes(), &extent, &offsets, &mut bytes, &shape, size)
            .ok_or_else(|| damaged("a chunk lies outside"))?;
        if !seen.insert(offsets) {
            return Err(damaged("a chunk is there twice"));
        }
    }
    Ok((copied == length).then_some(bytes))
}

fn lengths(sizes: &[u64]) -> Option<Vec<usize>> {
    sizes.iter().map(|&n| usize::try_from(n).ok()).collect()
}

/// Copies the part of a chunk that lies inside the whole, run by run along the
/// last dimension; returns its length in bytes. `None`: the chunk is not at one
/// of the places chunks have, or shorter than its extent.
fn copy(
    chunk: &[u8],
    extent: &[usize],
    offsets: &[usize],
    whole: &mut [u8],
    shape: &[usize],
    size: usize,
) -> Option<usize> {
    let rank = shape.len();
    if extent.len() != rank || offsets.len() != rank || rank == 0 {
        return None;
    }
    let mut inside = Vec::with_capacity(rank);
    for ((&offset, &extent), &length) in offsets.iter().zip(extent).zip(shape) {
        if offset >= length || offset.checked_rem(extent)? != 0 {
            return None;
        }
        inside.push(extent.min(length - offset));
    }
    let last = rank - 1;
    let run = inside[last] * size;
    let runs: usize = inside[..last].iter().product();
    let mut index = vec![0; last];
    for _ in 0..runs {
        let (mut from, mut to) = (0, 0);
        for axis in 0..last {
            from = from * extent[axis] + index[axis];
            to = to * shape[axis] + offsets[axis] + index[axis];
        }
        let from = from * extent[last] * size;
        let to = (to * shape[last] + offsets[last]) * size;
        whole
            .get_mut(to..to + run)?
            .copy_from_slice(chunk.get(from..from + run)?);
        // The next index, last axis fastest.
        for axis in (0..last).rev() {
            index[axis] += 1;
            if index[axis] < inside[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    Some(runs * run)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_chunk_at_the_edge_is_clipped() {
        let mut whole = [0; 6]; // 2 × 3
        let chunk = [1, 2, 3, 4]; // 2 × 2, of which one column is inside
        assert_eq!(
            copy(&chunk, &[2, 2], &[0, 2], &mut whole, &[2, 3], 1),
            Some(2)
        );
        assert_eq!(whole, [0, 0, 1, 0, 0, 3]);
    }

    #[test]
    fn a_chunk_out_of_place_or_too_short_is_refused() {
        let mut whole = [0; 6];
        let mut at =
            |offsets: &[usize], chunk: &[u8]| copy(chunk, &[2, 2], offsets, &mut whole, &[2, 3], 1);
        assert_eq!(at(&[0, 1], &[0; 4]), None);
        assert_eq!(at(&[2, 0], &[0; 4]), None);
        assert_eq!(at(&[0], &[0; 4]), None);
        assert_eq!(at(&[0, 0], &[0; 3]), None);
    }

    proptest! {
        #[test]
        fn chunks_put_together_are_the_whole(
            shape in prop::collection::vec(1usize..6, 1..4),
            extent in prop::collection::vec(1usize..4, 3),
        ) {
            let extent = &extent[..shape.len()];
            let n: usize = shape.iter().product();
            let mut whole = vec![u8::MAX; n];
            let mut copied = 0;
            // Every offset of the grid, odometer-wise; chunks hold the number
            // that the element has in the whole.
            let grid: Vec<usize> = shape.iter().zip(extent).map(|(n, e)| n.div_ceil(*e)).collect();
            for cell in 0..grid.iter().product::<usize>() {
                let place = |mut number: usize, lengths: &[usize]| {
                    let mut index = vec![0; lengths.len()];
                    for axis in (0..lengths.len()).rev() {
                        index[axis] = number % lengths[axis];
                        number /= lengths[axis];
                    }
                    index
                };
                let offsets: Vec<usize> =
                    place(cell, &grid).iter().zip(extent).map(|(i, e)| i * e).collect();
                let chunk: Vec<u8> = (0..extent.iter().product())
                    .map(|element| {
                        place(element, extent)
                            .iter()
                            .zip(&offsets)
                            .zip(&shape)
                            .fold(0, |at, ((i, offset), length)| at * length + offset + i) as u8
                    })
                    .collect();
                copied += copy(&chunk, extent, &offsets, &mut whole, &shape, 1).unwrap();
            }
            prop_assert_eq!(copied, n);
            prop_assert_eq!(whole, (0..n).map(|i| i as u8).collect::<Vec<_>>());
        }
    }
}
