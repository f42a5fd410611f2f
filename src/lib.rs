//! fanchart: a terminal explorer for Bayesian forecasts.
//!
//! Data flows one way, and a room imports only rooms above it in this list:
//!
//! | room | holds |
//! |---|---|
//! | [`series`] | a series: values, gaps, calendar; CSV in |
//! | [`model`] | the model file: parse, evaluate; distributions; built-in models |
//! | [`trace`] | posterior draws and sampler statistics, read within bounds |
//! | [`sampler`] | start, NUTS, progress |
//! | [`forecast`] | predictive draws, bands, exact quantiles, probabilities |
//! | [`diagnostics`] | r_hat, ess, mcse, hdi; the verdict |
//! | [`chart`] | what a fan chart is, without a terminal: scales, ticks, envelopes, bands; to SVG and PNG |
//! | [`explorer`] | the terminal program: events, actions, state, update, worker, views |
//! | [`config`] | the config file: settings and keys; where the platform keeps it |
//! | [`service`] | forecasts over HTTP: routes, validation, reload, metrics |
//! | [`commands`] | one file a subcommand; output as table, JSON, CSV |

pub mod chart;
pub mod commands;
pub mod config;
pub mod diagnostics;
pub mod explorer;
pub mod forecast;
pub mod model;
pub mod output;
pub mod sampler;
pub mod series;
pub mod service;
pub mod trace;
