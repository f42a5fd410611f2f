//! Forecasts from a posterior: predictive draws, bands, exact quantiles, probabilities.
//!
//! A [`Forecaster`] is a model bound to the draws of a trace. Every posterior draw gives one
//! predictive draw a step, so a step of the forecast is a sample of the posterior predictive
//! distribution, which [`Step`] answers from. The distribution itself is a
//! mixture over draws, and [`Forecaster::exact`] answers from that, without sampling noise.

mod arranged;
mod controls;
mod covariates;
mod dots;
mod exact;
mod fit;
mod forecaster;
mod in_sample;
mod step;
mod table;
mod words;

pub use controls::{Horizon, Probability};
pub use covariates::Covariates;
pub use dots::DOTS;
pub use exact::Exact;
pub use fit::{Fit, FitError};
pub use forecaster::{Distribution, ForecastError, Forecaster};
pub use in_sample::Replicates;
pub use step::{FUTURES, PATHS, Step};
pub use table::{ForecastTable, Row};
pub use words::{frequency, twentieths};
