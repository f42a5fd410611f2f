//! Convergence diagnostics and the verdict.
