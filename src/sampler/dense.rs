//! Small dense symmetric matrices: as many rows as a model has parameters.

use ndarray::Array2;

/// The lower triangle L of a positive definite matrix `L L'`.
pub(super) struct Cholesky {
    lower: Array2<f64>,
}

impl Cholesky {
    /// Factors a symmetric matrix, of which the lower triangle is read; `None` when it is not
    /// positive definite.
    pub fn new(matrix: &Array2<f64>) -> Option<Self> {
        let n = matrix.nrows();
        let mut lower = Array2::zeros((n, n));
        for row in 0..n {
            for column in 0..=row {
                let known: f64 = (0..column)
                    .map(|k| lower[[row, k]] * lower[[column, k]])
                    .sum();
                let rest = matrix[[row, column]] - known;
                lower[[row, column]] = if row > column {
                    rest / lower[[column, column]]
                } else if rest > 0.0 && rest.is_finite() {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self { lower })
    }

    /// Solves `matrix * x = right`, in place.
    pub fn solve(&self, right: &mut [f64]) {
        let n = right.len();
        for row in 0..n {
            let known: f64 = (0..row).map(|k| self.lower[[row, k]] * right[k]).sum();
            right[row] = (right[row] - known) / self.lower[[row, row]];
        }
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|k| self.lower[[k, row]] * right[k]).sum();
            right[row] = (right[row] - known) / self.lower[[row, row]];
        }
    }
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix, in no order.
///
/// Jacobi's rotations, cyclic (Golub and Van Loan, "Matrix Computations", 8.5): slow for large
/// matrices, and accurate for the small ones there are here.
pub(super) fn eigen(matrix: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    /// A handful is enough for convergence; quadratic in the end.
    const MOST_SWEEPS: usize = 50;
    let n = matrix.nrows();
    let mut a = matrix.clone();
    let mut vectors = Array2::eye(n);
    for _ in 0..MOST_SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let size = (a[[p, p]] * a[[q, q]]).abs().sqrt();
                if a[[p, q]] == 0.0 || a[[p, q]].abs() <= 1e-3 * f64::EPSILON * size {
                    continue;
                }
                rotate(&mut a, &mut vectors, p, q);
                rotated = true;
            }
        }
        if !rotated {
            break;
        }
    }
    (a.diag().to_vec(), vectors)
}

/// Turns the plane of p and q so that the element between them vanishes.
fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    let theta = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..a.nrows() {
        let (kp, kq) = (a[[k, p]], a[[k, q]]);
        a[[k, p]] = c * kp - s * kq;
        a[[k, q]] = s * kp + c * kq;
    }
    for k in 0..a.nrows() {
        let (pk, qk) = (a[[p, k]], a[[q, k]]);
        a[[p, k]] = c * pk - s * qk;
        a[[q, k]] = s * pk + c * qk;
    }
    a[[p, q]] = 0.0;
    a[[q, p]] = 0.0;
    for k in 0..a.nrows() {
        let (kp, kq) = (vectors[[k, p]], vectors[[k, q]]);
        vectors[[k, p]] = c * kp - s * kq;
        vectors[[k, q]] = s * kp + c * kq;
    }
}

/// The sum of products. In several sums at once, as one would wait for each addition.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    #[test]
    fn cholesky_solves_and_refuses_what_is_not_positive_definite() {
        let factor = Cholesky::new(&array![[4.0, 2.0], [2.0, 3.0]]).unwrap();
        let mut x = [10.0, 9.0];
        factor.solve(&mut x);
        assert!((x[0] - 1.5).abs() < 1e-14 && (x[1] - 2.0).abs() < 1e-14);
        assert!(Cholesky::new(&array![[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(Cholesky::new(&array![[f64::NAN]]).is_none());
    }

    #[test]
    fn a_dot_product_takes_every_element() {
        for n in [0, 1, 7, 8, 9, 23] {
            let x: Vec<f64> = (1..=n).map(f64::from).collect();
            let expected = (1..=n).map(|k| f64::from(k * k)).sum::<f64>();
            assert_eq!(dot(&x, &x), expected);
        }
    }

    proptest! {
        #[test]
        fn eigenvectors_put_the_matrix_together_again(
            entries in prop::collection::vec(-5.0..5.0, 36),
            n in 1_usize..=6,
        ) {
            let matrix = Array2::from_shape_fn((n, n), |(i, j)| {
                entries[6 * i.min(j) + i.max(j)] * 10_f64.powi((i + j) as i32 - 5)
            });
            let (values, vectors) = eigen(&matrix);
            let back = &vectors * &ndarray::Array1::from(values) ;
            let back = back.dot(&vectors.t());
            let size = matrix.iter().fold(0.0_f64, |size, x| size.max(x.abs()));
            for (found, expected) in back.iter().zip(&matrix) {
                prop_assert!((found - expected).abs() <= 1e-13 * size);
            }
            for (k, product) in vectors.t().dot(&vectors).indexed_iter() {
                let expected = f64::from(k.0 == k.1);
                prop_assert!((product - expected).abs() < 1e-13);
            }
        }
    }
}
