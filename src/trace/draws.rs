//! Variables over chains and draws, by the names of their dimensions: files
//! come as chain × draw, as draw × chain, and as one dimension `sample`.

use ndarray::Array2;

use super::decode;
use super::error::Problem;
use super::source::{Source, Variable, join};

/// How the draws of a variable lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub chains: usize,
    pub draws: usize,
    /// The file has draws first.
    transposed: bool,
}

impl Shape {
    /// Chains and draws of a variable, with the dimensions that are neither in
    /// file order; `None` for a variable that does not run over draws.
    pub fn of(variable: &Variable) -> Option<(Self, Vec<(String, usize)>)> {
        let mut chains = None;
        let mut draws = None;
        let mut others = Vec::new();
        for (axis, dimension) in variable.dimensions.iter().enumerate() {
            let place = match dimension.name.as_deref() {
                Some("chain") => &mut chains,
                // A single dimension of samples is one chain.
                Some("draw" | "sample") => &mut draws,
                name => {
                    others.push((name.unwrap_or("?").to_owned(), dimension.length));
                    continue;
                }
            };
            if place.replace((axis, dimension.length)).is_some() {
                return None;
            }
        }
        let (draw_axis, draws) = draws?;
        let (chain_axis, chains) = chains.unwrap_or((0, 1));
        let shape = Self {
            chains,
            draws,
            transposed: chain_axis > draw_axis,
        };
        Some((shape, others))
    }

    /// Whether both run over the same chains and draws.
    pub fn agrees(&self, other: &Self) -> bool {
        (self.chains, self.draws) == (other.chains, other.draws)
    }
}

/// Reads a variable that runs over chains and draws alone, as chains × draws.
pub(super) fn read(
    source: &dyn Source,
    group: &str,
    variable: &Variable,
    shape: Shape,
) -> Result<Array2<f64>, Problem> {
    let values = decode::numbers(source, group, variable)?;
    let rows_columns = if shape.transposed {
        (shape.draws, shape.chains)
    } else {
        (shape.chains, shape.draws)
    };
    let stored = Array2::from_shape_vec(rows_columns, values).map_err(|_| {
        Problem::damaged(&join(group, &variable.name), "its length is not its shape")
    })?;
    Ok(if shape.transposed {
        stored.reversed_axes().as_standard_layout().into_owned()
    } else {
        stored
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::source::{Attributes, Dimension, Kind};

    fn variable(dimensions: &[(&str, usize)]) -> Variable {
        Variable {
            name: "x".into(),
            dimensions: dimensions
                .iter()
                .map(|&(name, length)| Dimension {
                    name: Some(name.into()),
                    length,
                })
                .collect(),
            kind: Kind::Number,
            attributes: Attributes::default(),
        }
    }

    #[test]
    fn chains_and_draws_are_found_in_any_order() {
        let (shape, others) =
            Shape::of(&variable(&[("draw", 50), ("beta_dim_0", 3), ("chain", 2)])).unwrap();
        assert_eq!((shape.chains, shape.draws, shape.transposed), (2, 50, true));
        assert_eq!(others, [("beta_dim_0".to_owned(), 3)]);
    }

    #[test]
    fn one_dimension_of_samples_is_one_chain() {
        let (shape, others) = Shape::of(&variable(&[("sample", 100)])).unwrap();
        assert_eq!((shape.chains, shape.draws, others.len()), (1, 100, 0));
    }

    #[test]
    fn a_variable_without_draws_or_with_two_sets_is_none() {
        assert_eq!(Shape::of(&variable(&[("chain", 2)])), None);
        assert_eq!(Shape::of(&variable(&[("time", 60)])), None);
        assert_eq!(Shape::of(&variable(&[("draw", 5), ("draw", 5)])), None);
    }
}
