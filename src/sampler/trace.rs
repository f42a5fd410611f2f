//! The draws and statistics of all chains as a trace.

use ndarray::Array2;

use super::chain::DrawStatistics;
use super::progress::{Slate, gather};
use crate::model::Model;
use crate::series::Series;
use crate::trace::{Origin, SamplerStats, Trace};

/// The statistics of the draws that all chains have.
pub(super) struct Table<'a> {
    pub chains: &'a [Vec<DrawStatistics>],
    pub draws: usize,
}

impl Table<'_> {
    /// One of the statistics, chains × draws.
    pub fn of<T>(&self, statistic: impl Fn(&DrawStatistics) -> T) -> Array2<T> {
        Array2::from_shape_fn((self.chains.len(), self.draws), |(chain, draw)| {
            statistic(&self.chains[chain][draw])
        })
    }
}

/// The trace as a file would hold it.
pub(super) fn trace(
    model: &Model,
    series: &Series,
    parameters: &[String],
    slates: &[Slate],
    statistics: &Table<'_>,
) -> Trace {
    Trace {
        parameters: gather(parameters, slates),
        vectors: Vec::new(),
        sampler: SamplerStats {
            diverging: Some(statistics.of(|draw| draw.diverging)),
            tree_depth: Some(statistics.of(|draw| draw.tree_depth as f64)),
            reached_max_tree_depth: Some(statistics.of(|draw| draw.reached_max_tree_depth)),
            acceptance_rate: Some(statistics.of(|draw| draw.acceptance_rate)),
            log_density: Some(statistics.of(|draw| draw.log_density)),
            energy: Some(statistics.of(|draw| draw.energy)),
        },
        observed: Some(series.clone()),
        table: None,
        origin: Origin {
            inference_library: Some("fanchart".into()),
            inference_library_version: Some(env!("CARGO_PKG_VERSION").into()),
            model: Some(model.source().to_owned()),
            ..Origin::default()
        },
    }
}
