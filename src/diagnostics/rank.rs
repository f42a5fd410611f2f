//! Rank normalisation (Vehtari et al. 2021, section 4.1).

use rayon::prelude::*;
use statrs::function::erf::erfc_inv;

/// Values with their places in the array they came from.
pub(super) type Placed = Vec<(f64, usize)>;

/// The values in ascending order, each with its place. NaN sorts to the ends.
pub(super) fn ascending(values: &[f64]) -> Placed {
    let mut placed: Placed = values.iter().copied().zip(0..).collect();
    placed.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_values_share_the_average_rank() {
        assert_eq!(
            average_ranks(&[30., 10., 20., 20., 40.]),
            [4., 1., 2.5, 2.5, 5.]
        );
        assert_eq!(average_ranks(&[0.0, -0.0, 0.0]), [2., 2., 2.]);
        assert!(average_ranks(&[]).is_empty());
    }

    #[test]
    fn infinities_rank_at_the_ends() {
        let x = [f64::INFINITY, 0.0, f64::NEG_INFINITY];
        assert_eq!(average_ranks(&x), [3., 2., 1.]);
    }

    #[test]
    fn scores_of_three() {
        // Φ⁻¹(0.625/3.25), 0, Φ⁻¹(2.625/3.25).
        let z = normal_scores(&[2.0, 3.0, 1.0]);
        assert_eq!(z[0], 0.0);
        assert!((z[1] - 0.8694237732888861).abs() < 1e-15);
        assert!((z[2] + z[1]).abs() < 1e-15);
    }

    /// Reference values: SciPy 1.17, `scipy.special.ndtri`.
    #[test]
    fn inverse_normal_agrees_with_scipy() {
        let reference = [
            (1e-300, -37.0470962993612),
            (1e-12, -7.034483825301131),
            (6.25e-7, -4.847542911544654),
            (1e-4, -3.7190164854556804),
            (0.02, -2.053748910631823),
            (0.1, -1.2815515655446004),
            (0.25, -0.6744897501960817),
            (0.4999999, -2.506628274703107e-7),
            (0.5, 0.0),
            (0.5000006, 1.5039769648224152e-6),
            (0.6, 0.2533471031357997),
            (0.9, 1.2815515655446004),
            (0.999, 3.090232306167813),
            (1.0 - 2f64.powi(-20), 4.763001034267814),
        ];
        for (p, z) in reference {
            let ours = inverse_normal(p);
            assert!(
                (ours - z).abs() <= 1e-13 * z.abs(),
                "{p}: {ours}, SciPy {z}"
            );
        }
    }

    proptest! {
        #[test]
        fn folding_keeps_places_and_ascends(x in prop::collection::vec(-9i8..9, 0..40), centre in -9i8..9) {
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let folded = folded(&ascending(&x), f64::from(centre));
            prop_assert_eq!(folded.len(), x.len());
            prop_assert!(folded.is_sorted_by(|a, b| a.0 <= b.0));
            prop_assert!(folded.iter().all(|&(d, place)| d == (x[place] - f64::from(centre)).abs()));
        }

        /// The sum of 1..=n, however the values tie.
        #[test]
        fn ranks_sum_to_a_triangle(x in prop::collection::vec(-5i8..5, 0..40)) {
            let n = x.len() as f64;
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            prop_assert_eq!(average_ranks(&x).iter().sum::<f64>(), n * (n + 1.0) / 2.0);
        }
    }
}
