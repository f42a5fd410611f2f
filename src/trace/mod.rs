//! Posterior draws and sampler statistics, read from a stranger's file within bounds.
//!
//! [`Trace::open`] reads a NetCDF-4 file of ArviZ's InferenceData schema
//! (<https://python.arviz.org/en/stable/schema/schema.html>) as PyMC, nutpie,
//! NumPyro and CmdStanPy leave it behind. Everything is found by its name, and
//! only what is needed is read: the scalar parameters, the sampler statistics
//! that checks use, the observed series, and vector parameters where they are
//! asked for. [`write()`] leaves such a file behind.

mod calendar;
mod columns;
mod contain;
mod decode;
mod draws;
mod elements;
mod error;
mod hdf5;
#[cfg(feature = "netcdf-c")]
mod netcdf_c;
mod observed;
mod open;
mod posterior;
mod source;
mod stats;
mod text;
mod write;

use std::path::{Path, PathBuf};

use hdf5_reader::storage::DynStorage;
use ndarray::Array2;

use crate::series::{Series, Table};

use self::contain::contained;
pub use self::contain::panic_is_contained;
pub use self::error::{Problem, TraceError};
pub use self::observed::NO_SERIES;
pub use self::open::Limits;
use self::source::Source;
pub use self::text::{escape, list};
pub use self::write::{Run, WriteError, check_parameter_names, to_bytes, write};

/// A fitted model's trace: what fanchart needs of an InferenceData file.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Scalar variables of the posterior, in file order; every one has the same
    /// shape, with at least one chain and one draw. There is at least one,
    /// unless a vector was read ([`ReadOptions::vectors`]).
    pub parameters: Vec<Parameter>,
    /// Variables of the posterior with more dimensions than chain and draw.
    pub vectors: Vec<VectorVariable>,
    pub sampler: SamplerStats,
    /// The observations the model was fitted to, where the file has them.
    pub observed: Option<Series>,
    /// The same rows with the columns of the data beside them, where the file has such columns;
    /// behind them those rows ahead of which the columns are known.
    pub table: Option<Table>,
    pub origin: Origin,
}

/// The draws of one scalar parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// As in the file, with control, bidirectional and zero-width characters escaped.
    pub name: String,
    /// chains × draws, as the file has them: a parameter that nobody needs may
    /// hold NaN or an infinity. [`Trace::require_finite`] asks for those that
    /// are needed.
    pub draws: Array2<f64>,
}

/// A posterior variable that is not a scalar.
#[derive(Debug, Clone)]
pub struct VectorVariable {
    pub name: String,
    /// Dimensions other than chain and draw, in file order.
    pub dimensions: Vec<(String, usize)>,
    /// The elements that were asked for, `beta[0]`, `mu[0,3]` (counted from 0),
    /// the last dimension fastest; shaped as every parameter.
    pub elements: Vec<Parameter>,
}

/// Which elements of vector variables to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Vectors {
    /// None: vectors are named, not read.
    #[default]
    Named,
    /// Of these: variables (`mu`) and single elements (`mu[0,3]`).
    Of(Vec<String>),
    All,
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

/// Where a trace came from, as its file says. Text is escaped like names, but
/// for `model`, which is a text of many lines to be parsed.
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
    /// How many of the notes, from the first on, are about the posterior alone.
    pub posterior_notes: usize,
}

/// What to read of a trace, and how much it may ask for.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Which observed variable, where there are several.
    pub observed: Option<String>,
    /// Which group holds the posterior, where there are several ("/model_a/run1").
    pub group: Option<String>,
    pub vectors: Vectors,
    pub limits: Limits,
}

impl Trace {
    /// Reads the trace in the file at `path`.
    ///
    /// # Errors
    ///
    /// [`TraceError`] names the file, what is wrong with it and what to do:
    /// it is absent, of another kind, unfinished or damaged; it asks for more
    /// than `options.limits`; it holds no posterior, or several and
    /// `options.group` names none; `options.observed` cannot be used.
    /// What is odd but not needed is a note in [`Origin::notes`] instead.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, TraceError> {
        let named = |problem| TraceError {
            file: escape(&path.display().to_string()),
            problem,
        };
        let opened = open::file(path, &options.limits).map_err(named)?;
        let mut trace = Self::read(opened.storage.clone(), options);
        if opened.has_changed() {
            trace = Err(Problem::Changed);
        }
        let mut trace = trace.map_err(named)?;
        trace.origin.path = Some(path.to_owned());
        Ok(trace)
    }

    /// Reads the trace in a file's content.
    ///
    /// # Errors
    ///
    /// As [`Trace::open`].
    pub fn from_bytes<B>(content: B, options: &ReadOptions) -> Result<Self, TraceError>
    where
        B: AsRef<[u8]> + Send + Sync + 'static,
    {
        open::memory(content, &options.limits)
            .and_then(|storage| Self::read(storage, options))
            .map_err(|problem| TraceError {
                file: "trace".into(),
                problem,
            })
    }

    /// Reads the trace at `path` with the NetCDF C library: the reference for
    /// [`Trace::open`], for files that are known to be sound.
    ///
    /// # Errors
    ///
    /// As [`Trace::open`], in fewer words.
    #[cfg(feature = "netcdf-c")]
    pub fn open_with_netcdf_c(path: &Path, options: &ReadOptions) -> Result<Self, TraceError> {
        netcdf_c::NetCdfC::open(path)
            .and_then(|source| Self::resolve(&source, options))
            .map(|mut trace| {
                trace.origin.path = Some(path.to_owned());
                trace
            })
            .map_err(|problem| TraceError {
                file: escape(&path.display().to_string()),
                problem,
            })
    }

    fn read(storage: DynStorage, options: &ReadOptions) -> Result<Self, Problem> {
        contained(|| {
            let source = hdf5::Hdf5::open(storage, &options.limits)?;
            Self::resolve(&source, options)
        })
    }

    fn resolve(source: &dyn Source, options: &ReadOptions) -> Result<Self, Problem> {
        let mut notes = Vec::new();
        let place = posterior::find(source, options.group.as_deref(), &options.limits)?;
        let posterior = posterior::read(source, &place.posterior, options, &mut notes)?;
        let posterior_notes = notes.len();
        let sampler = stats::read(source, &place.base, &posterior.shape, &mut notes)?;
        let observed =
            observed::read(source, &place.base, options.observed.as_deref(), &mut notes)?;
        let table = match &observed {
            Some(series) => columns::read(source, &place.base, series, &mut notes)?,
            None => None,
        };
        let text = |name| source.group_text(&place.posterior, name);
        let shown = |name| text(name).map(|text| text.as_deref().map(escape));
        Ok(Self {
            parameters: posterior.parameters,
            vectors: posterior.vectors,
            sampler,
            observed,
            table,
            origin: Origin {
                path: None,
                base_group: (place.base != "/").then(|| escape(&place.base)),
                inference_library: shown("inference_library")?,
                inference_library_version: shown("inference_library_version")?,
                created_at: shown("created_at")?,
                model: text("fanchart_model")?,
                notes,
                posterior_notes,
            },
        })
    }

    /// Number of chains, at least 1.
    pub fn chains(&self) -> usize {
        self.scalars_and_elements()
            .next()
            .map_or(0, |p| p.draws.nrows())
    }

    /// Number of draws in each chain, at least 1.
    pub fn draws(&self) -> usize {
        self.scalars_and_elements()
            .next()
            .map_or(0, |p| p.draws.ncols())
    }

    /// Everything that was read: the scalar parameters, then the elements of vectors.
    pub fn scalars_and_elements(&self) -> impl Iterator<Item = &Parameter> {
        let elements = self.vectors.iter().flat_map(|vector| &vector.elements);
        self.parameters.iter().chain(elements)
    }

    /// The scalar parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    /// Draws that diverged, over all chains; `None` where the file does not say.
    pub fn n_divergences(&self) -> Option<usize> {
        let diverging = self.sampler.diverging.as_ref()?;
        Some(diverging.iter().filter(|&&diverged| diverged).count())
    }

    /// Checks that the parameters that are needed can be used.
    ///
    /// # Errors
    ///
    /// [`Problem::NoSuchParameter`] for one that is absent, and
    /// [`Problem::NonFinite`] with the place of the first draw that is NaN or
    /// infinite.
    pub fn require_finite(&self, names: &[&str]) -> Result<(), TraceError> {
        let named = |problem| TraceError {
            file: match &self.origin.path {
                Some(path) => escape(&path.display().to_string()),
                None => "trace".into(),
            },
            problem,
        };
        for name in names {
            let parameter = self.parameter(name).ok_or_else(|| {
                let found: Vec<&str> = self.parameters.iter().map(|p| p.name.as_str()).collect();
                named(Problem::NoSuchParameter {
                    name: escape(name),
                    found: text::list(&found, 12),
                })
            })?;
            let bad = parameter
                .draws
                .indexed_iter()
                .find(|(_, value)| !value.is_finite());
            if let Some(((chain, draw), &value)) = bad {
                return Err(named(Problem::NonFinite {
                    parameter: parameter.name.clone(),
                    value,
                    chain,
                    draw,
                }));
            }
        }
        Ok(())
    }
}
