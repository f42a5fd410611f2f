//! One line of a parameter table.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::Convention;
use super::interval::{Interval, IntervalKind};
use super::sample::Sample;

/// The figures of one parameter. NaN where undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterSummary {
    pub mean: f64,
    pub sd: f64,
    pub interval: Interval,
    pub mcse_mean: f64,
    pub mcse_sd: f64,
    pub ess_bulk: f64,
    pub ess_tail: f64,
    pub r_hat: f64,
}

impl ParameterSummary {
    /// Of chains × draws, with an interval of `kind` that holds `prob` of the draws.
    pub fn new(
        draws: ArrayView2<'_, f64>,
        convention: Convention,
        kind: IntervalKind,
        prob: f64,
    ) -> Self {
        let sample = Sample::new(draws);
        Self {
            mean: sample.mean(),
            sd: sample.sd(),
            interval: Interval::of(sample.sorted(), kind, prob),
            mcse_mean: sample.mcse_mean(),
            mcse_sd: sample.mcse_sd(),
            ess_bulk: sample.ess_bulk(),
            ess_tail: sample.ess_tail(convention),
            r_hat: sample.r_hat(convention),
        }
    }
}

/// A summary of each parameter's chains × draws, in parallel, with the interval of the
/// convention.
pub fn summarise(
    parameters: &[ArrayView2<'_, f64>],
    convention: Convention,
) -> Vec<ParameterSummary> {
    let (kind, prob) = convention.interval();
    parameters
        .par_iter()
        .map(|draws| ParameterSummary::new(*draws, convention, kind, prob))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn of(draws: &Array2<f64>) -> ParameterSummary {
        summarise(&[draws.view()], Convention::Arviz023)[0]
    }

    /// Chains × draws of moderate size. Whole numbers, so that moving and stretching by whole
    /// numbers keeps every tie: the two middle draws are always as far from the median as each
    /// other, and one rounding there shows in the ranks.
    fn chains() -> impl Strategy<Value = Array2<f64>> {
        (2usize..5, 4usize..40).prop_flat_map(|(c, n)| {
            prop::collection::vec(-300i16..300, c * n)
                .prop_map(move |x| Array2::from_shape_fn((c, n), |(i, j)| f64::from(x[i * n + j])))
        })
    }

    fn close(a: f64, b: f64) -> bool {
        (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
    }

    #[test]
    fn an_odd_number_of_draws_folds_as_arviz_0_23_does() {
        // `az.summary(az.from_dict({"x": x}), round_to="none")` of ArviZ 0.23.4.
        let x = Array2::from_shape_fn((3, 11), |(c, i)| {
            let lift = if c == 1 { i % 3 } else { 0 };
            (7 * i % 11) as f64 + 0.1 * (i * (c + 1)) as f64 + lift as f64
        });
        let s = of(&x);
        assert!(close(s.mean, 6.303030303030303), "{s:?}");
        assert!(close(s.sd, 3.287617378939196), "{s:?}");
        assert!(close(s.ess_bulk, 44.31363764158987), "{s:?}");
        assert!(close(s.ess_tail, 40.58823529411766), "{s:?}");
        assert!(close(s.mcse_mean, 0.49386990974525163), "{s:?}");
        assert!(close(s.mcse_sd, 0.2683775741477778), "{s:?}");
        assert!(close(s.r_hat, 0.9340770851339132), "{s:?}");
    }

    proptest! {
        #[test]
        fn moving_and_stretching_changes_no_diagnostic(x in chains(), scale in 1u8..9, shift in -900i16..900) {
            let (scale, shift) = (f64::from(scale), f64::from(shift));
            let (a, b) = (of(&x), of(&x.mapv(|v| shift - scale * v)));
            prop_assert!(close(a.r_hat, b.r_hat), "{} {}", a.r_hat, b.r_hat);
            prop_assert!(close(a.ess_bulk, b.ess_bulk));
            prop_assert!(close(scale * a.sd, b.sd));
            prop_assert!(close(scale * a.mcse_mean, b.mcse_mean));
            prop_assert!(close(scale * a.mcse_sd, b.mcse_sd));
        }

        #[test]
        fn ess_bulk_sees_ranks_only(x in chains()) {
            prop_assert!(close(of(&x).ess_bulk, of(&x.mapv(|v| (v / 30.0).exp())).ess_bulk));
        }

        #[test]
        fn the_order_of_chains_does_not_matter(x in chains()) {
            let mut reversed = x.clone();
            reversed.invert_axis(ndarray::Axis(0));
            let (a, b) = (of(&x), of(&reversed));
            prop_assert!(close(a.r_hat, b.r_hat));
            prop_assert!(close(a.ess_bulk, b.ess_bulk));
            prop_assert!(close(a.ess_tail, b.ess_tail));
            prop_assert!(close(a.mcse_mean, b.mcse_mean));
        }

        #[test]
        fn any_shape_and_any_value_is_answered(
            c in 0usize..4, n in 0usize..12, values in prop::collection::vec(any::<f64>(), 48), odd in any::<bool>(),
        ) {
            let awkward = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0, 0.0];
            let pick = |i: usize| if odd && i.is_multiple_of(3) { awkward[i % awkward.len()] } else { values[i] };
            let x = Array2::from_shape_fn((c, n), |(i, j)| pick(i * n + j));
            for convention in [Convention::Arviz023, Convention::Arviz1] {
                let s = summarise(&[x.view()], convention)[0];
                let undefined = c < 2 || n < 4 || x.iter().any(|v| v.is_nan());
                prop_assert!(!undefined || s.r_hat.is_nan());
                prop_assert!(s.ess_bulk.is_nan() || s.ess_bulk >= 0.0);
            }
        }
    }
}
