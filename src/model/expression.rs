//! An expression as a person wrote it.

/// A parsed expression: its nodes, each after the nodes it is made of, the whole one last.
///
/// A list and not a tree of boxes, so that whatever walks it is a loop, whose depth no file decides.
/// `S` is what the names of this expression can stand for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression<S> {
    pub nodes: Vec<Node<S>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Node<S> {
    Number(f64),
    Symbol(S),
    /// The operand is an index into the nodes, as are those of `Binary`.
    Unary(UnaryOperator, usize),
    Binary(BinaryOperator, usize, usize),
}

/// What varies in the expression of the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    /// `t`
    Time,
    /// A parameter, by its place in the model.
    Parameter(usize),
    /// A column of the data, by its place among those the model names.
    Column(usize),
}

/// What a likelihood's arguments are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LikelihoodSymbol {
    /// `mean`, the value of the mean expression.
    Mean,
    Variable(Variable),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnaryOperator {
    Negate,
    Sin,
    Cos,
    Tan,
    Exp,
    Log,
    Sqrt,
    Abs,
    Tanh,
    Sigmoid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Min,
    Max,
}

/// What a name followed by parentheses stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Unary(UnaryOperator),
    Binary(BinaryOperator),
}

/// The functions of the language.
pub(super) const FUNCTIONS: [(&str, Function); 11] = [
    ("sin", Function::Unary(UnaryOperator::Sin)),
    ("cos", Function::Unary(UnaryOperator::Cos)),
    ("tan", Function::Unary(UnaryOperator::Tan)),
    ("exp", Function::Unary(UnaryOperator::Exp)),
    ("log", Function::Unary(UnaryOperator::Log)),
    ("sqrt", Function::Unary(UnaryOperator::Sqrt)),
    ("abs", Function::Unary(UnaryOperator::Abs)),
    ("tanh", Function::Unary(UnaryOperator::Tanh)),
    ("sigmoid", Function::Unary(UnaryOperator::Sigmoid)),
    ("min", Function::Binary(BinaryOperator::Min)),
    ("max", Function::Binary(BinaryOperator::Max)),
];

/// The function of that name.
pub(super) fn function(name: &str) -> Option<Function> {
    FUNCTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

/// Names that no parameter can have.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(name, "t" | "pi" | "mean") || function(name).is_some()
}

impl<S: Copy> Expression<S> {
    /// The value, given that of each symbol.
    pub fn evaluate(&self, value: impl Fn(S) -> f64) -> f64 {
        let mut values: Vec<f64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            values.push(match *node {
                Node::Number(number) => number,
                Node::Symbol(symbol) => value(symbol),
                Node::Unary(operator, a) => operator.apply(values[a]),
                Node::Binary(operator, a, b) => operator.apply(values[a], values[b]),
            });
        }
        values[values.len() - 1]
    }

    /// The symbols in it, in the order they are written.
    pub fn symbols(&self) -> impl Iterator<Item = S> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Symbol(symbol) => Some(*symbol),
            _ => None,
        })
    }
}
