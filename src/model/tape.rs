//! A program over the rows of one data set, again and again for other parameters, with its
//! derivatives by them.
//!
//! What depends on the data alone is computed once, here; on parameters alone, once an
//! evaluation; on both, a block of rows at a time. Derivatives go the same way back (reverse
//! mode): a block right after it was computed, while it is in the nearest cache, then what is
//! computed once. What the rows say of a number that all of them share is added up lane by lane
//! first, and over the lanes at the end.

use std::ops::Range;

use ndarray::ArrayView1;

use super::derivative::Side;
use super::evaluate::Column;
use super::expression::{BinaryOperator, UnaryOperator};
use super::program::{Operation, Program};

/// Rows a block: the values and adjoints of a short program fit the nearest cache.
pub(super) const BLOCK: usize = 128;

/// One number a row of a block.
pub(super) type Block = [f64; BLOCK];

/// What an input of a program is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// One number a row.
    Data(&'a [f64]),
    /// A parameter, by its number.
    Parameter(usize),
}

/// A program for one data set.
#[derive(Debug, Clone)]
pub(super) struct Tape {
    parameters: usize,
    rows: usize,
    /// Columns of the data and what depends on them alone.
    data: Vec<Vec<f64>>,
    /// What depends on parameters alone: step `i` computes shared number `parameters + i`.
    shared_steps: Vec<Step>,
    /// What depends on both: step `i` computes row value `i`.
    row_steps: Vec<Step>,
    outputs: Vec<Place>,
}

/// Where a result is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Constant(f64),
    Data(usize),
    /// The same in all rows; the parameters come first.
    Shared(usize),
    Row(usize),
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Unary(UnaryOperator, Place),
    Binary(BinaryOperator, Place, Place),
}

/// Memory that evaluations reuse; any tape can use any scratch.
#[derive(Debug, Clone, Default)]
pub(super) struct TapeScratch {
    shared: Vec<f64>,
    shared_adjoints: Vec<f64>,
    rows: Vec<Block>,
    /// Of the shared numbers, then of the row values.
    adjoints: Vec<Block>,
}

impl Tape {
    /// A program whose inputs are `sources`, over so many rows.
    ///
    /// # Panics
    /// When the program has more inputs than there are sources, or a column of data is not as
    /// long as there are rows.
    pub fn new(program: &Program, sources: &[Source<'_>], parameters: usize, rows: usize) -> Self {
        let mut tape = Self {
            parameters,
            rows,
            data: Vec::new(),
            shared_steps: Vec::new(),
            row_steps: Vec::new(),
            outputs: Vec::new(),
        };
        let mut places: Vec<Place> = Vec::with_capacity(program.operations.len());
        for operation in &program.operations {
            places.push(match *operation {
                Operation::Constant(value) => Place::Constant(value),
                Operation::Input(input) => match sources[input] {
                    Source::Parameter(parameter) => Place::Shared(parameter),
                    Source::Data(column) => {
                        assert_eq!(column.len(), rows, "a number for each row");
                        tape.keep(column.to_vec())
                    }
                },
                Operation::Unary(operator, a) => tape.unary(operator, places[a]),
                Operation::Binary(operator, a, b) => tape.binary(operator, places[a], places[b]),
            });
        }
        tape.outputs = program
            .outputs
            .iter()
            .map(|output| places[*output])
            .collect();
        tape.forget_unused();
        tape
    }

    fn keep(&mut self, column: Vec<f64>) -> Place {
        self.data.push(column);
        Place::Data(self.data.len() - 1)
    }

    fn unary(&mut self, operator: UnaryOperator, a: Place) -> Place {
        match a {
            Place::Constant(a) => Place::Constant(operator.apply(a)),
            Place::Data(a) => {
                let mut column = vec![0.0; self.rows];
                operator.apply_all(&self.data[a], &mut column);
                self.keep(column)
            }
            Place::Shared(_) => self.share(Step::Unary(operator, a)),
            Place::Row(_) => self.repeat(Step::Unary(operator, a)),
        }
    }

    fn binary(&mut self, operator: BinaryOperator, a: Place, b: Place) -> Place {
        use Place::{Constant, Data, Row, Shared};
        let step = Step::Binary(operator, a, b);
        match (a, b) {
            (Row(_), _) | (_, Row(_)) | (Data(_), Shared(_)) | (Shared(_), Data(_)) => {
                self.repeat(step)
            }
            (Shared(_), _) | (_, Shared(_)) => self.share(step),
            (Data(_), _) | (_, Data(_)) => {
                let mut column = vec![0.0; self.rows];
                let all = 0..self.rows;
                let [a, b] = [a, b].map(|place| self.column(place, &all, &[], &[]));
                operator.apply_all(a, b, &mut column);
                self.keep(column)
            }
            (Constant(a), Constant(b)) => Constant(operator.apply(a, b)),
        }
    }

    fn share(&mut self, step: Step) -> Place {
        self.shared_steps.push(step);
        Place::Shared(self.shared() - 1)
    }

    fn repeat(&mut self, step: Step) -> Place {
        self.row_steps.push(step);
        Place::Row(self.row_steps.len() - 1)
    }

    /// Frees columns that only led to other columns.
    fn forget_unused(&mut self) {
        let mut used = vec![false; self.data.len()];
        let mut mark = |place: Place| {
            if let Place::Data(column) = place {
                used[column] = true;
            }
        };
        self.outputs.iter().copied().for_each(&mut mark);
        for step in &self.row_steps {
            match *step {
                Step::Unary(_, a) => mark(a),
                Step::Binary(_, a, b) => [a, b].into_iter().for_each(&mut mark),
            }
        }
        for (column, used) in self.data.iter_mut().zip(used) {
            if !used {
                *column = Vec::new();
            }
        }
    }

    /// Numbers that all rows share: parameters, and what depends on them alone.
    fn shared(&self) -> usize {
        self.parameters + self.shared_steps.len()
    }

    /// The blocks of rows, one after another.
    pub fn blocks(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = self.rows;
        (0..rows)
            .step_by(BLOCK)
            .map(move |start| start..(start + BLOCK).min(rows))
    }

    /// Starts an evaluation: computes what depends on parameters alone.
    ///
    /// # Panics
    /// When there are fewer parameters than the tape was made for.
    pub fn start(&self, parameters: &[f64], scratch: &mut TapeScratch) {
        let TapeScratch { shared, rows, .. } = scratch;
        shared.clear();
        shared.extend_from_slice(&parameters[..self.parameters]);
        for step in &self.shared_steps {
            let number = |place| match place {
                Place::Constant(value) => value,
                Place::Shared(index) => shared[index],
                Place::Data(_) | Place::Row(_) => f64::NAN,
            };
            let value = match *step {
                Step::Unary(operator, a) => operator.apply(number(a)),
                Step::Binary(operator, a, b) => operator.apply(number(a), number(b)),
            };
            shared.push(value);
        }
        rows.resize(self.row_steps.len().max(rows.len()), [0.0; BLOCK]);
    }

    /// Computes the outputs of a block of rows; read them with [`Tape::output`].
    pub fn forward(&self, block: &Range<usize>, scratch: &mut TapeScratch) {
        let TapeScratch { shared, rows, .. } = scratch;
        for (index, step) in self.row_steps.iter().enumerate() {
            let (earlier, rest) = rows.split_at_mut(index);
            let out = &mut rest[0][..block.len()];
            match *step {
                Step::Unary(operator, a) => {
                    // Of anything but a row value the result is none either.
                    if let Column::Lanes(a) = self.column(a, block, shared, earlier) {
                        operator.apply_all(a, out);
                    }
                }
                Step::Binary(operator, a, b) => {
                    let [a, b] = [a, b].map(|place| self.column(place, block, shared, earlier));
                    operator.apply_all(a, b, out);
                }
            }
        }
    }

    /// The outputs of the block that was computed last; uniform 0 for those it has not.
    pub fn outputs<'a>(
        &'a self,
        block: &Range<usize>,
        scratch: &'a TapeScratch,
    ) -> [Column<'a>; 3] {
        let mut outputs = [Column::Uniform(0.0); 3];
        for (output, place) in outputs.iter_mut().zip(&self.outputs) {
            *output = self.column(*place, block, &scratch.shared, &scratch.rows);
        }
        outputs
    }

    fn column<'a>(
        &'a self,
        place: Place,
        block: &Range<usize>,
        shared: &[f64],
        rows: &'a [Block],
    ) -> Column<'a> {
        match place {
            Place::Constant(value) => Column::Uniform(value),
            Place::Shared(index) => Column::Uniform(shared[index]),
            Place::Data(column) => Column::Lanes(&self.data[column][block.clone()]),
            Place::Row(index) => Column::Lanes(&rows[index][..block.len()]),
        }
    }

    /// Starts a gradient, after [`Tape::start`].
    pub fn start_gradient(&self, scratch: &mut TapeScratch) {
        let adjoints = self.shared() + self.row_steps.len();
        if scratch.adjoints.len() < adjoints {
            scratch.adjoints.resize(adjoints, [0.0; BLOCK]);
        }
        scratch.adjoints[..self.shared()].fill([0.0; BLOCK]);
    }

    /// Takes the derivatives by the outputs of the block that was computed last back to the
    /// numbers that rows share.
    pub fn reverse(&self, block: &Range<usize>, derivatives: &[Block], scratch: &mut TapeScratch) {
        let TapeScratch {
            shared,
            rows,
            adjoints,
            ..
        } = scratch;
        let lanes = block.len();
        for adjoint in &mut adjoints[self.shared()..self.shared() + self.row_steps.len()] {
            adjoint[..lanes].fill(0.0);
        }
        for (output, derivative) in self.outputs.iter().zip(derivatives) {
            if let Some(adjoint) = self.adjoint(*output) {
                let sums = adjoints[adjoint].iter_mut();
                for (sum, derivative) in sums.zip(&derivative[..lanes]) {
                    *sum += derivative;
                }
            }
        }
        for (index, step) in self.row_steps.iter().enumerate().rev() {
            let (earlier, rest) = adjoints.split_at_mut(self.shared() + index);
            let weights = &rest[0][..lanes];
            let results = &rows[index][..lanes];
            let column = |place| self.column(place, block, shared, rows);
            match *step {
                Step::Unary(operator, a) => {
                    if let (Some(target), Column::Lanes(values)) = (self.adjoint(a), column(a)) {
                        let target = &mut earlier[target][..lanes];
                        operator.pull_back(values, results, weights, target);
                    }
                }
                Step::Binary(operator, a, b) => {
                    let operands = [column(a), column(b)];
                    for (place, side) in [(a, Side::Left), (b, Side::Right)] {
                        if let Some(target) = self.adjoint(place) {
                            let target = &mut earlier[target][..lanes];
                            operator.pull_back(side, operands, results, weights, target);
                        }
                    }
                }
            }
        }
    }

    /// Which adjoint is that of a place; constants and data have none.
    fn adjoint(&self, place: Place) -> Option<usize> {
        match place {
            Place::Constant(_) | Place::Data(_) => None,
            Place::Shared(index) => Some(index),
            Place::Row(index) => Some(self.shared() + index),
        }
    }

    /// Ends a gradient: the derivatives by the parameters into `gradient`.
    pub fn finish(&self, gradient: &mut [f64], scratch: &mut TapeScratch) {
        let TapeScratch {
            shared,
            shared_adjoints,
            adjoints,
            ..
        } = scratch;
        shared_adjoints.clear();
        shared_adjoints.extend(adjoints[..self.shared()].iter().map(|lanes| sum(lanes)));
        for (index, step) in self.shared_steps.iter().enumerate().rev() {
            let index = self.parameters + index;
            let (earlier, rest) = shared_adjoints.split_at_mut(index);
            let (weights, results) = (&rest[..1], &shared[index..=index]);
            let operand = |place| match place {
                Place::Shared(index) => Column::Uniform(shared[index]),
                other => self.column(other, &(0..0), shared, &[]),
            };
            match *step {
                Step::Unary(operator, Place::Shared(a)) => {
                    let target = &mut earlier[a..=a];
                    operator.pull_back(&shared[a..=a], results, weights, target);
                }
                Step::Unary(..) => {}
                Step::Binary(operator, a, b) => {
                    let operands = [operand(a), operand(b)];
                    for (place, side) in [(a, Side::Left), (b, Side::Right)] {
                        if let Place::Shared(target) = place {
                            let target = &mut earlier[target..=target];
                            operator.pull_back(side, operands, results, weights, target);
                        }
                    }
                }
            }
        }
        gradient[..self.parameters].copy_from_slice(&shared_adjoints[..self.parameters]);
    }
}

/// The sum in several lanes, where a plain loop would wait for each addition.
pub(super) fn sum(values: &[f64]) -> f64 {
    ArrayView1::from(values).sum()
}
