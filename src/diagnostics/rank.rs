//! Rank normalisation (Vehtari et al. 2021, section 4.1).

use statrs::function::erf::erfc_inv;

/// Values with their places in the array they came from.
pub(super) type Placed = Vec<(f64, usize)>;

/// The values in ascending order, each with its place. NaN sorts to the ends.
pub(super) fn ascending(values: &[f64]) -> Placed {
    let mut placed: Placed = values.iter().copied().zip(0..).collect();
    placed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    placed
}

/// |value - centre| of ascending values, ascending again.
///
/// Folding leaves two runs, a falling and a rising one, which the stable sort of the standard
/// library merges in linear time.
pub(super) fn folded(ascending: &[(f64, usize)], centre: f64) -> Placed {
    let mut placed: Placed = ascending
        .iter()
        .map(|&(x, place)| ((x - centre).abs(), place))
        .collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    placed
}

/// Ranks 1..=n, equal values sharing the average of theirs.
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; values.len()];
    for_each_tie(&ascending(values), |tied, rank| {
        for &(_, place) in tied {
            ranks[place] = rank;
        }
    });
    ranks
}

/// Rank-normalised values, z = Φ⁻¹((r - 3/8)/(n + 1/4)) with r the average ranks (the offset of
/// Blom 1958).
pub fn normal_scores(values: &[f64]) -> Vec<f64> {
    scores(&ascending(values))
}

/// [`normal_scores`] of ascending values, back in their places.
pub(super) fn scores(ascending: &[(f64, usize)]) -> Vec<f64> {
    let n = ascending.len() as f64;
    let mut scores = vec![0.0; ascending.len()];
    for_each_tie(ascending, |tied, rank| {
        let z = inverse_normal((rank - 0.375) / (n + 0.25));
        for &(_, place) in tied {
            scores[place] = z;
        }
    });
    scores
}

/// Calls `visit` with each run of equal values and its average rank.
fn for_each_tie(ascending: &[(f64, usize)], mut visit: impl FnMut(&[(f64, usize)], f64)) {
    let mut before = 0;
    for tied in ascending.chunk_by(|a, b| a.0 == b.0) {
        visit(tied, before as f64 + (tied.len() + 1) as f64 / 2.0);
        before += tied.len();
    }
}

/// Φ⁻¹(p), the quantile of the standard normal distribution.
pub(super) fn inverse_normal(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
}
