//! Posterior draws and sampler statistics, read from a stranger's file within bounds.

use std::path::PathBuf;

use ndarray::Array2;

use crate::series::Series;

/// A fitted model's trace: what fanchart needs of an InferenceData file.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Scalar variables of the posterior, in file order; every one has the same shape.
    pub parameters: Vec<Parameter>,
    /// Variables of the posterior with more dimensions than chain and draw; named, not read.
    pub vectors: Vec<VectorVariable>,
    pub sampler: SamplerStats,
    /// The observations the model was fitted to, where the file has them.
    pub observed: Option<Series>,
    pub origin: Origin,
}

/// The draws of one scalar parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// As in the file, with control, bidirectional and zero-width characters escaped.
    pub name: String,
    /// chains × draws, all finite.
    pub draws: Array2<f64>,
}

/// A posterior variable that is not a scalar.
#[derive(Debug, Clone)]
pub struct VectorVariable {
    pub name: String,
    /// Dimensions other than chain and draw, in file order.
    pub dimensions: Vec<(String, usize)>,
}

/// Sampler statistics under one set of names, whichever sampler wrote them (chains × draws).
/// `None`: the file does not have it.
#[derive(Debug, Clone, Default)]
pub struct SamplerStats {
    pub diverging: Option<Array2<bool>>,
    pub tree_depth: Option<Array2<f64>>,
    pub reached_max_tree_depth: Option<Array2<bool>>,
    pub acceptance_rate: Option<Array2<f64>>,
    pub log_density: Option<Array2<f64>>,
    pub energy: Option<Array2<f64>>,
}

/// Where a trace came from, as its file says. Text is escaped like names.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The file; `None` for the built-in demo.
    pub path: Option<PathBuf>,
    /// Group that held `posterior`, where it is not the root ("/model_a/run1").
    pub base_group: Option<String>,
    pub inference_library: Option<String>,
    pub inference_library_version: Option<String>,
    pub created_at: Option<String>,
    /// TOML of the model, where our own `fit` wrote it (attribute `fanchart_model`).
    pub model: Option<String>,
    /// What was passed over or assumed while reading, a line each, for the person.
    pub notes: Vec<String>,
}
