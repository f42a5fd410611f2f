//! The parameters in which an expression is a weighted sum.

use super::expression::{BinaryOperator, Expression, Node, UnaryOperator, Variable};

/// Parameters of `mean` in which it is jointly affine: with the others held, it is
/// `c(t) + sum of x_j(t) * theta_j`. In ascending order; those that it does not name are not
/// among them.
///
/// Of `a * b` either will do, not both. From each parameter in turn others are added while the
/// mean stays affine, in their order, and the largest set is taken, the first of several.
pub(super) fn linear_parameters(mean: &Expression<Variable>, parameters: usize) -> Vec<usize> {
    let is_named = |p: &usize| mean.symbols().any(|s| s == Variable::Parameter(*p));
    let named: Vec<usize> = (0..parameters).filter(is_named).collect();
    let mut largest: Vec<usize> = Vec::new();
    for &first in &named {
        let mut chosen = vec![false; parameters];
        for &parameter in std::iter::once(&first).chain(&named) {
            let already = std::mem::replace(&mut chosen[parameter], true);
            chosen[parameter] = already || degree(mean, &chosen) <= Degree::Affine;
        }
        let set: Vec<usize> = (0..parameters).filter(|p| chosen[*p]).collect();
        if set.len() > largest.len() {
            largest = set;
        }
    }
    largest
}

/// How an expression depends on the chosen parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Degree {
    Free,
    Affine,
    Other,
}

fn degree(expression: &Expression<Variable>, chosen: &[bool]) -> Degree {
    let mut degrees: Vec<Degree> = Vec::with_capacity(expression.nodes.len());
    for node in &expression.nodes {
        degrees.push(match *node {
            Node::Symbol(Variable::Parameter(parameter)) if chosen[parameter] => Degree::Affine,
            Node::Symbol(_) | Node::Number(_) => Degree::Free,
            Node::Unary(UnaryOperator::Negate, a) => degrees[a],
            Node::Unary(_, a) => unless_free(degrees[a]),
            Node::Binary(operator, a, b) => match (operator, degrees[a], degrees[b]) {
                (BinaryOperator::Add | BinaryOperator::Subtract, a, b) => a.max(b),
                (BinaryOperator::Multiply, Degree::Free, x)
                | (BinaryOperator::Multiply | BinaryOperator::Divide, x, Degree::Free) => x,
                (_, a, b) => unless_free(a.max(b)),
            },
        });
    }
    degrees[degrees.len() - 1]
}

fn unless_free(operand: Degree) -> Degree {
    match operand {
        Degree::Free => Degree::Free,
        Degree::Affine | Degree::Other => Degree::Other,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Model;

    fn linear(mean: &str) -> Vec<String> {
        let text = format!("mean = '{mean}'\nlikelihood = 'Normal(mean, sigma)'");
        let model = Model::parse(&text, "m").unwrap();
        super::linear_parameters(&model.mean, model.parameters.len())
            .into_iter()
            .map(|index| model.parameters[index].name.clone())
            .collect()
    }

    #[test]
    fn weighted_sums_are_found_in_the_expression() {
        for (mean, expected) in [
            (
                "a + b * t + c * sin(2 * pi * t / period)",
                &["a", "b", "c"][..],
            ),
            ("-(a - t / 3) * exp(k * t) / (1 + k)", &["a"]),
            ("a * (b + c * t)", &["b", "c"]),
            ("a * b", &["a"]),
            ("a * a + b", &["b"]),
            ("t / a + exp(b) + abs(c) + d ^ 2 + max(e, 0)", &[]),
            ("log(t + 1) * a ^ 1", &[]),
            ("a - a * t", &["a"]),
            ("t", &[]),
        ] {
            assert_eq!(linear(mean), expected, "{mean}");
        }
    }
}
