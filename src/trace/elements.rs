//! Vector variables read element by element: `beta[0]`, `mu[0,3]`.

use std::iter;

use ndarray::{ArrayD, ArrayViewD, Axis, Dimension, Ix2, indices};

use super::decode;
use super::draws::Shape;
use super::error::Problem;
use super::open::Limits;
use super::source::{Source, Variable, join};
use super::text::escape;
use super::{Parameter, Vectors};

impl Vectors {
    /// Whether anything of the variable is wanted.
    pub(super) fn wants(&self, variable: &str) -> bool {
        match self {
            Vectors::Named => false,
            Vectors::Of(names) => names.iter().any(|name| {
                name == variable
                    || name
                        .strip_prefix(variable)
                        .is_some_and(|rest| rest.starts_with('['))
            }),
            Vectors::All => true,
        }
    }

    /// Whether this element of a variable that is wanted is meant.
    fn wants_element(&self, variable: &str, element: &str) -> bool {
        match self {
            Vectors::Of(names) => names.iter().any(|name| name == variable || name == element),
            _ => true,
        }
    }
}

/// The wanted elements of a variable, the last dimension fastest.
///
/// # Errors
///
/// [`Problem::ManyElements`] for more than `limits.vector_elements`, before anything is read; what
/// keeps the variable from being read.
pub(super) fn read(
    source: &dyn Source,
    group: &str,
    variable: &Variable,
    wanted: &Vectors,
    limits: &Limits,
) -> Result<Vec<Parameter>, Problem> {
    let place = join(group, &variable.name);
    let axes =
        Axes::of(variable).ok_or_else(|| Problem::damaged(&place, "it does not run over draws"))?;
    let lengths: Vec<usize> = axes.others.iter().map(|&axis| axes.lengths[axis]).collect();
    let elements = lengths.iter().fold(1, |n: usize, &l| n.saturating_mul(l));
    if elements > limits.vector_elements {
        return Err(Problem::ManyElements {
            variable: escape(&place),
            elements,
            limit: limits.vector_elements,
        });
    }

    let values = decode::numbers(source, group, variable)?;
    let stored = ArrayD::from_shape_vec(axes.lengths.clone(), values)
        .map_err(|_| Problem::damaged(&place, "its length is not its shape"))?;
    let by_element = stored.view().permuted_axes(axes.order());
    let base = escape(&variable.name);
    let mut found = Vec::new();
    for index in indices(&lengths[..]) {
        let name = format!("{base}[{}]", list(index.slice()));
        if wanted.wants_element(&base, &name) {
            let draws = element(&by_element, index.slice(), axes.chain.is_some())
                .ok_or_else(|| Problem::damaged(&place, "its length is not its shape"))?;
            found.push(Parameter { name, draws });
        }
    }
    Ok(found)
}

fn list(index: &[usize]) -> String {
    let numbers: Vec<String> = index.iter().map(usize::to_string).collect();
    numbers.join(",")
}

/// chains × draws of one element; one dimension of samples is one chain.
fn element(
    by_element: &ArrayViewD<'_, f64>,
    index: &[usize],
    has_chains: bool,
) -> Option<ndarray::Array2<f64>> {
    let mut view = by_element.view();
    for &i in index {
        view = view.index_axis_move(Axis(0), i);
    }
    if !has_chains {
        view = view.insert_axis(Axis(0));
    }
    let draws = view.into_dimensionality::<Ix2>().ok()?;
    Some(draws.as_standard_layout().into_owned())
}

/// Which axis of a variable is which.
struct Axes {
    lengths: Vec<usize>,
    chain: Option<usize>,
    draw: usize,
    others: Vec<usize>,
}

impl Axes {
    /// `None` for a variable that does not run over draws.
    fn of(variable: &Variable) -> Option<Self> {
        Shape::of(variable)?;
        let names = || variable.dimensions.iter().map(|d| d.name.as_deref());
        let is_draw = |name: Option<&str>| matches!(name, Some("draw" | "sample"));
        Some(Self {
            lengths: variable.dimensions.iter().map(|d| d.length).collect(),
            chain: names().position(|name| name == Some("chain")),
            draw: names().position(is_draw)?,
            others: names()
                .enumerate()
                .filter(|(_, name)| !is_draw(*name) && *name != Some("chain"))
                .map(|(axis, _)| axis)
                .collect(),
        })
    }

    /// Elements first, then chains, then draws.
    fn order(&self) -> Vec<usize> {
        let others = self.others.iter().copied();
        others
            .chain(self.chain)
            .chain(iter::once(self.draw))
            .collect()
    }
}
