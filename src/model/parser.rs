//! Tokens to expressions.
//!
//! ```text
//! sum     = product (("+" | "-") product)*
//! product = signed (("*" | "/") signed)*
//! signed  = "-" signed | power
//! power   = atom ("^" signed)?              right-associative, tighter than the sign before it
//! atom    = number | name | name "(" sum ("," sum)* ")" | "(" sum ")"
//! ```

use std::f64::consts::PI;
use std::ops::Range;

use super::error::Fault;
use super::expression::{
    BinaryOperator, Expression, FUNCTIONS, Function, Node, UnaryOperator, function,
};
use super::lexer::{Token, TokenKind, tokens};
use super::suggest;

/// Bytes of one expression.
const MAX_LENGTH: usize = 4096;
/// Parentheses, signs and powers inside each other.
const MAX_DEPTH: usize = 64;

/// A name applied to arguments, as in `Normal(mean, sigma)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call<S> {
    pub name: String,
    pub name_at: Range<usize>,
    pub arguments: Vec<Expression<S>>,
}

/// Says what a name stands for, or what is wrong with it.
pub(super) type Resolve<'r, S> = &'r mut dyn FnMut(&str) -> Result<S, String>;

/// Parses one expression, all of `text`.
pub(super) fn parse<S>(text: &str, resolve: Resolve<'_, S>) -> Result<Expression<S>, Fault> {
    let mut parser = Parser::new(text, resolve)?;
    let expression = parser.expression()?;
    parser.expect_end()?;
    Ok(expression)
}

/// Parses a distribution, all of `text`: a name and arguments in parentheses.
pub(super) fn parse_call<S>(text: &str, resolve: Resolve<'_, S>) -> Result<Call<S>, Fault> {
    let mut parser = Parser::new(text, resolve)?;
    let token = parser.next();
    let TokenKind::Name(name) = token.kind else {
        return Err(Fault::new(
            0..text.len(),
            "expected a distribution, as in \"Normal(0, 1)\"",
        ));
    };
    parser.expect_open(name)?;
    let mut arguments = vec![parser.expression()?];
    while parser.take(TokenKind::Comma) {
        arguments.push(parser.expression()?);
    }
    parser.expect_close()?;
    parser.expect_end()?;
    Ok(Call {
        name: name.to_owned(),
        name_at: token.at,
        arguments,
    })
}

struct Parser<'a, 'r, S> {
    resolve: Resolve<'r, S>,
    tokens: Vec<Token<'a>>,
    /// Index of the next token; the last one, the end, is never passed.
    position: usize,
    /// Nodes of the expression being read.
    nodes: Vec<Node<S>>,
    depth: usize,
}

impl<'a, 'r, S> Parser<'a, 'r, S> {
    fn new(text: &'a str, resolve: Resolve<'r, S>) -> Result<Self, Fault> {
        if text.len() > MAX_LENGTH {
            return Err(Fault::new(
                0..1,
                format!(
                    "the expression has {} bytes; at most {MAX_LENGTH} are read",
                    text.len()
                ),
            ));
        }
        Ok(Self {
            resolve,
            tokens: tokens(text)?,
            position: 0,
            nodes: Vec::new(),
            depth: 0,
        })
    }

    fn expression(&mut self) -> Result<Expression<S>, Fault> {
        self.nodes.clear();
        self.sum()?;
        Ok(Expression {
            nodes: std::mem::take(&mut self.nodes),
        })
    }

    fn sum(&mut self) -> Result<usize, Fault> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek().kind {
                TokenKind::Plus => BinaryOperator::Add,
                TokenKind::Minus => BinaryOperator::Subtract,
                _ => return Ok(left),
            };
            self.next();
            let right = self.product()?;
            left = self.push(Node::Binary(operator, left, right));
        }
    }

    fn product(&mut self) -> Result<usize, Fault> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek().kind {
                TokenKind::Star => BinaryOperator::Multiply,
                TokenKind::Slash => BinaryOperator::Divide,
                _ => return Ok(left),
            };
            self.next();
            let right = self.signed()?;
            left = self.push(Node::Binary(operator, left, right));
        }
    }

    /// Every way to nest passes through here, so here the depth is counted.
    fn signed(&mut self) -> Result<usize, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::new(
                self.peek().at.clone(),
                format!("the expression is nested deeper than {MAX_DEPTH}"),
            ));
        }
        self.depth += 1;
        let node = if self.take(TokenKind::Minus) {
            let operand = self.signed()?;
            self.push(Node::Unary(UnaryOperator::Negate, operand))
        } else {
            self.power()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn power(&mut self) -> Result<usize, Fault> {
        let base = self.atom()?;
        if !self.take(TokenKind::Caret) {
            return Ok(base);
        }
        let exponent = self.signed()?;
        Ok(self.push(Node::Binary(BinaryOperator::Power, base, exponent)))
    }

    fn atom(&mut self) -> Result<usize, Fault> {
        let token = self.next();
        match token.kind {
            TokenKind::Number(value) => Ok(self.push(Node::Number(value))),
            TokenKind::Name(name) => self.name(name, token.at),
            TokenKind::Open => {
                let inner = self.sum()?;
                self.expect_close()?;
                Ok(inner)
            }
            TokenKind::End => Err(Fault::new(token.at, "the expression ends too early")),
            _ => Err(Fault::new(
                token.at,
                "expected a number, a name or a parenthesis",
            )),
        }
    }

    fn name(&mut self, name: &str, at: Range<usize>) -> Result<usize, Fault> {
        let called = self.peek().kind == TokenKind::Open;
        match (function(name), called) {
            (Some(function), true) => self.call(name, at, function),
            (Some(_), false) => Err(Fault::new(
                at,
                format!("'{name}' is a function: write {name}(...)"),
            )),
            (None, true) => {
                let names = FUNCTIONS.map(|(name, _)| name);
                Err(Fault::new(
                    at,
                    format!(
                        "there is no function '{name}'{} (functions: {})",
                        suggest::hint(name, names),
                        names.join(" ")
                    ),
                ))
            }
            (None, false) if name == "pi" => Ok(self.push(Node::Number(PI))),
            (None, false) => {
                let symbol = (self.resolve)(name).map_err(|message| Fault::new(at, message))?;
                Ok(self.push(Node::Symbol(symbol)))
            }
        }
    }

    fn call(&mut self, name: &str, at: Range<usize>, function: Function) -> Result<usize, Fault> {
        self.expect_open(name)?;
        let first = self.sum()?;
        let node = match function {
            Function::Unary(operator) => Node::Unary(operator, first),
            Function::Binary(operator) => {
                if !self.take(TokenKind::Comma) {
                    return Err(Fault::new(at, format!("'{name}' takes two arguments")));
                }
                Node::Binary(operator, first, self.sum()?)
            }
        };
        if self.peek().kind == TokenKind::Comma {
            let count = match function {
                Function::Unary(_) => "one argument",
                Function::Binary(_) => "two arguments",
            };
            return Err(Fault::new(
                self.peek().at.clone(),
                format!("'{name}' takes {count}"),
            ));
        }
        self.expect_close()?;
        Ok(self.push(node))
    }

    fn push(&mut self, node: Node<S>) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.position]
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.peek().clone();
        if token.kind != TokenKind::End {
            self.position += 1;
        }
        token
    }

    fn take(&mut self, kind: TokenKind<'_>) -> bool {
        let found = self.peek().kind == kind;
        if found {
            self.next();
        }
        found
    }

    fn expect_open(&mut self, name: &str) -> Result<(), Fault> {
        if self.take(TokenKind::Open) {
            return Ok(());
        }
        Err(Fault::new(
            self.peek().at.clone(),
            format!("expected ( after '{name}'"),
        ))
    }

    fn expect_close(&mut self) -> Result<(), Fault> {
        if self.take(TokenKind::Close) {
            return Ok(());
        }
        Err(Fault::new(
            self.peek().at.clone(),
            "expected ) or an operator",
        ))
    }

    fn expect_end(&mut self) -> Result<(), Fault> {
        let token = self.peek();
        match token.kind {
            TokenKind::End => Ok(()),
            TokenKind::Close => Err(Fault::new(token.at.clone(), "this ) closes nothing")),
            _ => Err(Fault::new(
                token.at.clone(),
                "expected an operator before this",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses with the names `t`, `a`, `b` and `x`.
    fn read(text: &str) -> Result<Expression<char>, Fault> {
        parse(text, &mut letter)
    }

    fn letter(name: &str) -> Result<char, String> {
        match name {
            "t" | "a" | "b" | "x" => Ok(name.chars().next().unwrap()),
            _ => Err(format!("unknown name '{name}'")),
        }
    }

    /// The expression fully parenthesised.
    fn shape(text: &str) -> String {
        let expression = read(text).unwrap();
        let mut shown: Vec<String> = Vec::new();
        for node in &expression.nodes {
            let text = match node {
                Node::Number(value) => value.to_string(),
                Node::Symbol(name) => name.to_string(),
                Node::Unary(operator, a) => format!("{operator:?}({})", shown[*a]),
                Node::Binary(operator, a, b) => {
                    format!("{operator:?}({}, {})", shown[*a], shown[*b])
                }
            };
            shown.push(text);
        }
        shown.pop().unwrap()
    }

    #[test]
    fn operators_bind_as_in_mathematics() {
        for (text, expected) in [
            ("1 - 2 - 3", "Subtract(Subtract(1, 2), 3)"),
            ("8 / 4 * 2", "Multiply(Divide(8, 4), 2)"),
            ("1 + 2 * 3", "Add(1, Multiply(2, 3))"),
            ("(1 + 2) * 3", "Multiply(Add(1, 2), 3)"),
            ("2 ^ 3 ^ 2", "Power(2, Power(3, 2))"),
            ("-2 ^ 2", "Negate(Power(2, 2))"),
            ("2 ^ -1", "Power(2, Negate(1))"),
            ("2 * -x", "Multiply(2, Negate(x))"),
            ("min(a, max(b, 1))", "Min(a, Max(b, 1))"),
            ("sigmoid(x)", "Sigmoid(x)"),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn faults_point_at_the_place() {
        for (text, at, message) in [
            ("", 0..0, "ends too early"),
            ("a +", 3..3, "ends too early"),
            ("2 pi", 2..4, "expected an operator"),
            ("a)", 1..2, "closes nothing"),
            ("(a", 2..2, "expected )"),
            ("a + * b", 4..5, "expected a number"),
            ("sni(t)", 0..3, "did you mean 'sin'"),
            ("1 + sin", 4..7, "is a function"),
            ("sin(a, b)", 5..6, "takes one argument"),
            ("max(a)", 0..3, "takes two arguments"),
            ("a $ b", 2..3, "'$'"),
            ("a * q", 4..5, "unknown name 'q'"),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.at, at, "{text}");
            assert!(fault.message.contains(message), "{text}: {}", fault.message);
        }
    }

    #[test]
    fn a_call_has_a_name_and_arguments() {
        let call = parse_call("StudentT(4, a, 2 * b)", &mut letter).unwrap();
        assert_eq!(call.name, "StudentT");
        assert_eq!(call.arguments.len(), 3);
        for text in [
            "",
            "Normal",
            "Normal()",
            "Normal(0",
            "Normal(0,)",
            "3",
            "Normal(0) + 1",
        ] {
            assert!(parse_call(text, &mut letter).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        for text in [
            format!("{}x{}", "(".repeat(65), ")".repeat(65)),
            format!("{}x", "-".repeat(65)),
            format!("x{}", "^x".repeat(65)),
            format!("{}x{}", "sin(".repeat(65), ")".repeat(65)),
        ] {
            assert!(
                read(&text).unwrap_err().message.contains("deeper"),
                "{text}"
            );
        }
        assert!(read(&format!("{}x{}", "(".repeat(60), ")".repeat(60))).is_ok());
        assert!(read(&format!("x{}", " ".repeat(MAX_LENGTH))).is_err());
        // A long sum is no deep one.
        assert!(read(&format!("x{}", "+x".repeat(2000))).is_ok());
    }
}
