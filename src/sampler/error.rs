//! Why a model could not be sampled.

use crate::model::ModelError;

/// What a person reads when sampling failed: what is wrong, and what to do next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SampleError {
    #[error(transparent)]
    Model(#[from] ModelError),

    #[error("{what} is 0; ask for at least 1")]
    Nothing { what: &'static str },

    #[error("{chains} chains are more than can run at once; ask for at most {most}")]
    TooManyChains { chains: usize, most: usize },

    /// No start was found.
    #[error(
        "model '{model}' has no finite density anywhere in its priors for this series; check that its priors and its likelihood fit the data (signs, units, logarithms of negative numbers)"
    )]
    NowhereDefined { model: String },

    #[error(
        "the mean of model '{model}' passes through every observation, so there is no noise to be found; check that the series is measured and not constant or computed, or write a fixed noise into the likelihood"
    )]
    NoNoise { model: String },

    #[error(
        "chain {chain} could not go on: {reason}; try another seed, or narrower priors for the parameters of the mean"
    )]
    Chain { chain: usize, reason: String },

    #[error(
        "stopped after {kept} draws a chain, too few to be used (at least {least} are needed); nothing was kept"
    )]
    Stopped { kept: usize, least: usize },
}
