//! Predictive draws, bands, exact quantiles, probabilities.
