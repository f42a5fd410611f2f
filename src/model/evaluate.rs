//! Programs run over columns, a block of lanes at a time.
//!
//! A lane is whatever a program is repeated over: a posterior draw when forecasting, a row of the
//! data when fitting. An operation runs over a block before the next one starts, so that each is a
//! tight loop over memory that stays in the nearest cache. What is the same in all lanes (t of one
//! day, `2 * pi`) is computed once.

use std::ops::Range;

use super::expression::{BinaryOperator, UnaryOperator};
use super::fastmath;
use super::program::{Operation, Program};
use super::wide::each;

/// Lanes a block.
const BLOCK: usize = 256;

/// One number a lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Column<'a> {
    /// The same number in every lane.
    Uniform(f64),
    Lanes(&'a [f64]),
}

impl Column<'_> {
    /// The number of one lane.
    ///
    /// # Panics
    /// When a column of lanes has no such lane.
    pub fn at(&self, lane: usize) -> f64 {
        match self {
            Column::Uniform(value) => *value,
            Column::Lanes(values) => values[lane],
        }
    }

    /// The number of each lane into `out`, of as many lanes.
    pub(super) fn write(self, out: &mut [f64]) {
        match self {
            Column::Uniform(value) => out.fill(value),
            Column::Lanes(values) => out.copy_from_slice(values),
        }
    }
}

impl<'a> Column<'a> {
    pub(super) fn part(self, lanes: &Range<usize>) -> Column<'a> {
        match self {
            Column::Uniform(value) => Column::Uniform(value),
            Column::Lanes(values) => Column::Lanes(&values[lanes.clone()]),
        }
    }
}

/// Memory that evaluations reuse; any program can use any scratch.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    cells: Vec<Cell>,
    blocks: Vec<[f64; BLOCK]>,
    outputs: Vec<Vec<f64>>,
}

/// Where the result of an operation is.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Uniform(f64),
    Input(usize),
    Block(usize),
}

impl Program {
    /// Computes the outputs over `lanes` lanes into the scratch; read them with [`Program::output`].
    ///
    /// # Panics
    /// When `inputs` are fewer than the program has, or one has fewer lanes.
    pub(super) fn run(&self, inputs: &[Column<'_>], lanes: usize, scratch: &mut Scratch) {
        let Scratch {
            cells,
            blocks,
            outputs,
        } = scratch;
        self.lay_out(inputs, cells, blocks);
        outputs.resize_with(self.outputs.len().max(outputs.len()), Vec::new);
        for output in outputs.iter_mut() {
            output.resize(lanes, 0.0);
        }

        for start in (0..lanes).step_by(BLOCK) {
            let range = start..(start + BLOCK).min(lanes);
            self.run_block(inputs, &range, cells, blocks);
            for (output, result) in outputs.iter_mut().zip(&self.outputs) {
                if let Cell::Block(block) = cells[*result] {
                    output[range.clone()].copy_from_slice(&blocks[block][..range.len()]);
                }
            }
        }
    }

    /// An output of the last [`Program::run`] with these inputs and this scratch.
    pub(super) fn output<'a>(
        &self,
        output: usize,
        inputs: &[Column<'a>],
        scratch: &'a Scratch,
    ) -> Column<'a> {
        match scratch.cells[self.outputs[output]] {
            Cell::Uniform(value) => Column::Uniform(value),
            Cell::Input(input) => inputs[input],
            Cell::Block(_) => Column::Lanes(&scratch.outputs[output]),
        }
    }

    /// Computes what is uniform, and gives a block to each operation that is not.
    fn lay_out(
        &self,
        inputs: &[Column<'_>],
        cells: &mut Vec<Cell>,
        blocks: &mut Vec<[f64; BLOCK]>,
    ) {
        cells.clear();
        let mut used = 0;
        for operation in &self.operations {
            let uniform = |result: usize| match cells[result] {
                Cell::Uniform(value) => Some(value),
                Cell::Input(_) | Cell::Block(_) => None,
            };
            let value = match *operation {
                Operation::Constant(value) => Some(value),
                Operation::Input(input) => match inputs[input] {
                    Column::Uniform(value) => Some(value),
                    Column::Lanes(_) => {
                        cells.push(Cell::Input(input));
                        continue;
                    }
                },
                Operation::Unary(operator, a) => uniform(a).map(|a| operator.apply(a)),
                Operation::Binary(operator, a, b) => uniform(a)
                    .zip(uniform(b))
                    .map(|(a, b)| operator.apply(a, b)),
            };
            cells.push(match value {
                Some(value) => Cell::Uniform(value),
                None => {
                    used += 1;
                    Cell::Block(used - 1)
                }
            });
        }
        if blocks.len() < used {
            blocks.resize(used, [0.0; BLOCK]);
        }
    }

    fn run_block(
        &self,
        inputs: &[Column<'_>],
        lanes: &Range<usize>,
        cells: &[Cell],
        blocks: &mut [[f64; BLOCK]],
    ) {
        for (operation, cell) in self.operations.iter().zip(cells) {
            let Cell::Block(block) = *cell else { continue };
            let (earlier, rest) = blocks.split_at_mut(block);
            let out = &mut rest[0][..lanes.len()];
            let operand = |result: usize| match cells[result] {
                Cell::Uniform(value) => Column::Uniform(value),
                Cell::Input(input) => inputs[input].part(lanes),
                Cell::Block(block) => Column::Lanes(&earlier[block][..lanes.len()]),
            };
            match *operation {
                Operation::Unary(operator, a) => {
                    // Of a uniform operand the result is uniform too, and has no block.
                    if let Column::Lanes(a) = operand(a) {
                        operator.apply_all(a, out);
                    }
                }
                Operation::Binary(operator, a, b) => {
                    operator.apply_all(operand(a), operand(b), out);
                }
                Operation::Constant(_) | Operation::Input(_) => {}
            }
        }
    }
}

impl UnaryOperator {
    /// The operation on one number; outside its domain the result is NaN.
    pub fn apply(self, a: f64) -> f64 {
        match self {
            Self::Negate => -a,
            Self::Sin => fastmath::sin(a),
            Self::Cos => fastmath::cos(a),
            Self::Tan => a.tan(),
            Self::Exp => a.exp(),
            Self::Log => a.ln(),
            Self::Sqrt => a.sqrt(),
            Self::Abs => a.abs(),
            Self::Tanh => a.tanh(),
            Self::Sigmoid => sigmoid(a),
        }
    }

    /// The operation on each number.
    pub(super) fn apply_all(self, a: &[f64], out: &mut [f64]) {
        match self {
            Self::Negate => map(a, out, |a| -a),
            Self::Sin => fastmath::sin_all(a, out),
            Self::Cos => fastmath::cos_all(a, out),
            Self::Tan => map(a, out, f64::tan),
            Self::Exp => map(a, out, f64::exp),
            Self::Log => map(a, out, f64::ln),
            Self::Sqrt => map(a, out, f64::sqrt),
            Self::Abs => map(a, out, f64::abs),
            Self::Tanh => map(a, out, f64::tanh),
            Self::Sigmoid => map(a, out, sigmoid),
        }
    }
}

impl BinaryOperator {
    /// The operation on two numbers; NaN in, NaN out.
    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => a.powf(b),
            Self::Min => min(a, b),
            Self::Max => max(a, b),
        }
    }

    /// The operation on each pair of numbers.
    pub(super) fn apply_all(self, a: Column<'_>, b: Column<'_>, out: &mut [f64]) {
        match self {
            Self::Add => zip(a, b, out, |a, b| a + b),
            Self::Subtract => zip(a, b, out, |a, b| a - b),
            Self::Multiply => zip(a, b, out, |a, b| a * b),
            Self::Divide => zip(a, b, out, |a, b| a / b),
            Self::Power => zip(a, b, out, f64::powf),
            Self::Min => zip(a, b, out, min),
            Self::Max => zip(a, b, out, max),
        }
    }
}

pub(super) fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}

// Unlike f64::min and f64::max, NaN goes through, as in NumPy's minimum and maximum.
fn min(a: f64, b: f64) -> f64 {
    if a < b || a.is_nan() { a } else { b }
}

fn max(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

fn map(a: &[f64], out: &mut [f64], f: impl Fn(f64) -> f64) {
    each(out, a, a, |_, a, _| f(a));
}

/// `out[i] = f(a[i], b[i])`
pub(super) fn zip(a: Column<'_>, b: Column<'_>, out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Column::Lanes(a), Column::Uniform(b)) => map(a, out, |a| f(a, b)),
        (Column::Uniform(a), Column::Lanes(b)) => map(b, out, |b| f(a, b)),
        (Column::Lanes(a), Column::Lanes(b)) => each(out, a, b, |_, a, b| f(a, b)),
        (Column::Uniform(a), Column::Uniform(b)) => out.fill(f(a, b)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parser::parse;
    use super::super::program::Meaning;
    use super::*;

    fn program(text: &str) -> Program {
        let mut program = Program::default();
        let mut resolve = |name: &str| {
            ["t", "x", "y"]
                .iter()
                .position(|n| *n == name)
                .ok_or_else(|| name.to_owned())
        };
        let expression = parse(text, &mut resolve).unwrap();
        let result = program.add(&expression, Meaning::Input);
        program.outputs.push(result);
        program
    }

    /// Value of an expression of t = 2, x = 3, y = -0.5, in a lane of one and as a uniform.
    fn value(text: &str) -> f64 {
        let program = program(text);
        let mut scratch = Scratch::default();
        let uniform = [2.0, 3.0, -0.5].map(Column::Uniform);
        program.run(&uniform, 1, &mut scratch);
        let once = program.output(0, &uniform, &scratch).at(0);
        let lanes = [
            Column::Lanes(&[2.0]),
            Column::Lanes(&[3.0]),
            Column::Lanes(&[-0.5]),
        ];
        program.run(&lanes, 1, &mut scratch);
        let each = program.output(0, &lanes, &scratch).at(0);
        assert_eq!(once.to_bits(), each.to_bits(), "{text}: {once} and {each}");
        once
    }

    #[test]
    fn every_operation_means_what_mathematics_says() {
        for (text, expected) in [
            ("t + x", 5.0),
            ("t - x", -1.0),
            ("t * x", 6.0),
            ("t / x", 2.0 / 3.0),
            ("t ^ x", 8.0),
            ("-t ^ 2", -4.0),
            ("2 ^ x ^ t", 512.0),
            ("min(t, x)", 2.0),
            ("max(t, x)", 3.0),
            ("abs(y)", 0.5),
            ("sqrt(t)", std::f64::consts::SQRT_2),
            ("log(t)", std::f64::consts::LN_2),
            ("exp(y)", 0.6065306597126334),
            ("sin(x)", 0.1411200080598672),
            ("cos(x)", -0.9899924966004454),
            ("tan(x)", -0.1425465430742778),
            ("tanh(y)", -0.46211715726000976),
            ("sigmoid(y)", 0.3775406687981454),
            ("cos(pi)", -1.0),
        ] {
            let found = value(text);
            assert!(
                (found - expected).abs() <= 1e-15 * expected.abs().max(1.0),
                "{text} = {found}"
            );
        }
    }

    #[test]
    fn outside_its_domain_an_operation_gives_nan_and_nan_goes_through() {
        for text in [
            "log(y)",
            "sqrt(y)",
            "y ^ 0.5",
            "max(log(y), 1)",
            "min(1, log(y))",
        ] {
            assert!(value(text).is_nan(), "{text}");
        }
        assert_eq!(value("1 / 0"), f64::INFINITY);
        assert_eq!(value("1 / -0"), f64::NEG_INFINITY);
        assert_eq!(value("sigmoid(-1000)"), 0.0);
    }

    #[test]
    fn constants_fold_and_equal_parts_are_one() {
        let folded = program("2 * 3 + 1");
        assert_eq!(
            folded.operations[folded.outputs[0]],
            Operation::Constant(7.0)
        );
        let shared = program("sin(x / t) + sin(x / t)");
        assert_eq!(shared.operations.len(), 5); // x, t, x / t, sin, +
    }

    #[test]
    fn blocks_cover_every_lane() {
        let program = program("x * t + y");
        let mut scratch = Scratch::default();
        for lanes in [0, 1, 255, 256, 257, 1000] {
            let x: Vec<f64> = (0..lanes).map(|i| i as f64).collect();
            let inputs = [
                Column::Uniform(2.0),
                Column::Lanes(&x),
                Column::Uniform(1.0),
            ];
            program.run(&inputs, lanes, &mut scratch);
            for lane in 0..lanes {
                let found = program.output(0, &inputs, &scratch).at(lane);
                assert_eq!(found, 2.0 * lane as f64 + 1.0);
            }
        }
    }
}
