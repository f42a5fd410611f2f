//! Each chain in two halves.

use ndarray::{Array2, ArrayView2, s};

/// Splits every chain into its first and last `draws / 2` draws: chains × draws becomes
/// 2 chains × draws/2, the halves of a chain in neighbouring rows. An odd number of draws
/// drops the middle one.
///
/// A chain that drifts has halves that disagree, which R-hat of whole chains cannot see
/// (Gelman et al. 2013, Bayesian Data Analysis, 11.4).
pub fn split(draws: ArrayView2<'_, f64>) -> Array2<f64> {
    let (chains, n) = draws.dim();
    let half = n / 2;
    let mut halves = Array2::zeros((2 * chains, half));
    for (c, chain) in draws.outer_iter().enumerate() {
        halves.row_mut(2 * c).assign(&chain.slice(s![..half]));
        halves
            .row_mut(2 * c + 1)
            .assign(&chain.slice(s![n - half..]));
    }
    halves
}

/// The middle draw of each chain that [`split`] leaves out: one a chain for an odd number of
/// draws, none for an even one.
pub(super) fn dropped(draws: ArrayView2<'_, f64>) -> Vec<f64> {
    let n = draws.ncols();
    if n.is_multiple_of(2) {
        return Vec::new();
    }
    draws.column(n / 2).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn even_keeps_every_draw() {
        let x = array![[1., 2., 3., 4.], [5., 6., 7., 8.]];
        let halves = array![[1., 2.], [3., 4.], [5., 6.], [7., 8.]];
        assert_eq!(split(x.view()), halves);
        assert!(dropped(x.view()).is_empty());
    }

    #[test]
    fn odd_drops_the_middle() {
        let x = array![[1., 2., 3.], [4., 5., 6.]];
        assert_eq!(split(x.view()), array![[1.], [3.], [4.], [6.]]);
        assert_eq!(dropped(x.view()), [2., 5.]);
    }

    #[test]
    fn nothing_splits_into_nothing() {
        assert_eq!(split(Array2::zeros((0, 7)).view()).dim(), (0, 3));
        assert_eq!(split(Array2::zeros((3, 0)).view()).dim(), (6, 0));
    }
}
