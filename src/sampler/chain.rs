//! One chain: the No-U-Turn sampler, started on a peak and moving in its frame.
//!
//! Hoffman and Gelman, "The No-U-Turn Sampler", JMLR 15 (2014), as `nuts-rs` has it (the sampler
//! behind nutpie), with its mass matrix of low rank adapted to draws and gradients (Seyboldt,
//! Carlson and Carpenter, "Preconditioning Hamiltonian Monte Carlo by Minimizing Fisher
//! Divergence", 2026).

use std::collections::HashMap;

use nuts_rs::{
    Chain, CpuLogpFunc, CpuMath, CpuMathError, HasDims, LogpError, LowRankNutsSettings, Settings,
};
use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};

use super::Options;
use super::frame::Frame;
use super::progress::{Progress, Slate};
use crate::model::{DensityScratch, LogDensity};

/// What the sampler says of one draw.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrawStatistics {
    pub diverging: bool,
    pub energy: f64,
    pub log_density: f64,
    pub tree_depth: u64,
    pub reached_max_tree_depth: bool,
    pub steps: u64,
    pub step_size: f64,
    pub acceptance_rate: f64,
}

/// Where and how a chain begins.
pub(super) struct Start<'a> {
    pub frame: &'a Frame,
    /// In the frame's coordinates.
    pub coordinates: Vec<f64>,
}

/// Runs a chain to its end, or until it is told to stop; the kept draws go to the slate, their
/// statistics are returned.
///
/// # Errors
/// What the sampler gave up over.
pub(super) fn run(
    density: &LogDensity,
    start: &Start<'_>,
    rng: &mut impl Rng,
    options: &Options,
    slate: &Slate,
    progress: &Progress,
) -> Result<Vec<DrawStatistics>, String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let settings = LowRankNutsSettings {
        num_tune: options.tune as u64,
        num_draws: options.draws as u64,
        ..LowRankNutsSettings::default()
    };
    let landscape = Framed::new(density, start.frame);
    let mut chain = settings
        .new_chain(0, CpuMath::new(landscape), rng)
        .map_err(|error| failed(&error))?;
    chain
        .set_position(&start.coordinates)
        .map_err(|error| failed(&error))?;

    let mut statistics = Vec::new();
    let mut position = vec![0.0; density.dimension()];
    let mut parameters = vec![0.0; density.dimension()];
    // That of the next trajectory is told with a draw.
    let mut step_size = f64::NAN;
    for draw in 0..options.tune + options.draws {
        if progress.is_stopped() {
            break;
        }
        let (coordinates, _, said, state) =
            chain.expanded_draw().map_err(|error| failed(&error))?;
        let used = std::mem::replace(&mut step_size, state.step_size);
        if draw < options.tune {
            slate.tuned(used);
            continue;
        }
        start.frame.place(&coordinates, &mut position);
        density.constrain(&position, &mut parameters);
        slate.keep(&parameters, used, state.diverging);
        statistics.push(DrawStatistics {
            diverging: state.diverging,
            // Without the volume of the mass matrix, which belongs to the sampler alone.
            energy: said.point.kinetic_energy - said.point.logp,
            log_density: said.point.logp,
            tree_depth: said.depth,
            reached_max_tree_depth: said.maxdepth_reached,
            steps: state.num_steps,
            step_size: used,
            acceptance_rate: said.adapt.step_size.mean_tree_accept,
        });
    }
    Ok(statistics)
}

/// A stream of random numbers for each seed and chain.
pub(super) fn generator(seed: u64, chain: usize) -> Xoshiro256PlusPlus {
    let mut seeds = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut of_chain = seeds.next_u64();
    for _ in 0..chain {
        of_chain = seeds.next_u64();
    }
    Xoshiro256PlusPlus::seed_from_u64(of_chain)
}

/// A log density seen in the coordinates of a frame.
struct Framed<'a> {
    density: &'a LogDensity,
    frame: &'a Frame,
    position: Vec<f64>,
    gradient: Vec<f64>,
    scratch: DensityScratch,
}

impl<'a> Framed<'a> {
    fn new(density: &'a LogDensity, frame: &'a Frame) -> Self {
        Self {
            density,
            frame,
            position: vec![0.0; density.dimension()],
            gradient: vec![0.0; density.dimension()],
            scratch: DensityScratch::default(),
        }
    }
}

/// The density is zero or undefined at a place; the sampler turns back and calls it a divergence.
#[derive(Debug, thiserror::Error)]
#[error("the log density is not finite")]
struct NotFinite;

impl LogpError for NotFinite {
    fn is_recoverable(&self) -> bool {
        true
    }
}

impl HasDims for Framed<'_> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::new()
    }
}

impl CpuLogpFunc for Framed<'_> {
    type LogpError = NotFinite;
    type FlowParameters = ();
    type ExpandedVector = ();

    fn dim(&self) -> usize {
        self.frame.dimension()
    }

    fn logp(&mut self, coordinates: &[f64], along: &mut [f64]) -> Result<f64, NotFinite> {
        self.frame.place(coordinates, &mut self.position);
        let log_density =
            self.density
                .with_gradient(&self.position, &mut self.gradient, &mut self.scratch);
        self.frame.pull_back(&self.gradient, along);
        if log_density.is_finite() && along.iter().all(|slope| slope.is_finite()) {
            Ok(log_density)
        } else {
            Err(NotFinite)
        }
    }

    fn expand_vector<R: Rng + ?Sized>(&mut self, _: &mut R, _: &[f64]) -> Result<(), CpuMathError> {
        Ok(())
    }
}
