//! Expressions compiled to a flat list of operations.

use super::expression::{BinaryOperator, Expression, Node, UnaryOperator};

/// Operations in the order they are computed, each on results of earlier ones.
///
/// Static single assignment: an operation's result is named by its index. Equal operations are
/// one, and operations on constants are done when compiling. One program can hold several
/// expressions, which then share what they have in common.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Program {
    pub operations: Vec<Operation>,
    /// Results that are wanted.
    pub outputs: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operation {
    Constant(f64),
    /// An input of the program, by its number.
    Input(usize),
    Unary(UnaryOperator, usize),
    Binary(BinaryOperator, usize, usize),
}

/// What a symbol of an expression becomes in a program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Input(usize),
    /// The result of an operation that the program already has.
    Result(usize),
}

impl Program {
    /// Adds an expression and returns the index of its result.
    pub fn add<S: Copy>(
        &mut self,
        expression: &Expression<S>,
        meaning: impl Fn(S) -> Meaning,
    ) -> usize {
        // Result of each node.
        let mut results: Vec<usize> = Vec::with_capacity(expression.nodes.len());
        for node in &expression.nodes {
            let operation = match *node {
                Node::Number(value) => Operation::Constant(value),
                Node::Symbol(symbol) => match meaning(symbol) {
                    Meaning::Input(input) => Operation::Input(input),
                    Meaning::Result(result) => {
                        results.push(result);
                        continue;
                    }
                },
                Node::Unary(operator, a) => Operation::Unary(operator, results[a]),
                Node::Binary(operator, a, b) => Operation::Binary(operator, results[a], results[b]),
            };
            results.push(self.push(operation));
        }
        results[results.len() - 1]
    }

    fn constant(&self, result: usize) -> Option<f64> {
        match self.operations[result] {
            Operation::Constant(value) => Some(value),
            _ => None,
        }
    }

    fn push(&mut self, operation: Operation) -> usize {
        let operation = self.fold(operation);
        // Expressions are short (a few thousand operations at most), so a search will do.
        if let Some(known) = self.operations.iter().position(|o| same(o, &operation)) {
            return known;
        }
        self.operations.push(operation);
        self.operations.len() - 1
    }

    fn fold(&self, operation: Operation) -> Operation {
        let folded = match operation {
            Operation::Unary(operator, a) => self.constant(a).map(|a| operator.apply(a)),
            Operation::Binary(operator, a, b) => self
                .constant(a)
                .zip(self.constant(b))
                .map(|(a, b)| operator.apply(a, b)),
            Operation::Constant(_) | Operation::Input(_) => None,
        };
        folded.map_or(operation, Operation::Constant)
    }
}

/// Equal, where 0 and -0 are two constants.
fn same(a: &Operation, b: &Operation) -> bool {
    match (a, b) {
        (Operation::Constant(a), Operation::Constant(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}
