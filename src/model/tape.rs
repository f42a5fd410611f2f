//! A program over the rows of one data set, again and again for other parameters, with its
//! derivatives by them.
//!
//! What depends on the data alone is computed once, here; on parameters alone, once an
//! evaluation; on both, a block of rows at a time. Derivatives go the same way back (reverse
//! mode): a block right after it was computed, while it is in the nearest cache, then what is
//! computed once. What the rows say of a number that all of them share is added up at once.

mod reverse;

use std::ops::Range;

use ndarray::ArrayView1;

use super::evaluate::Column;
use super::expression::{BinaryOperator, UnaryOperator};
use super::fastmath;
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
    row_steps: Vec<RowStep>,
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

#[derive(Debug, Clone, Copy)]
enum RowStep {
    One(Step),
    /// The sine of row values. Sine and cosine are each other's derivatives: [`RowStep::Cosine`]
    /// of the same always comes next, and this step computes both.
    Sine(usize),
    Cosine(usize),
}

/// Memory that evaluations reuse; any tape can use any scratch.
#[derive(Debug, Clone, Default)]
pub(super) struct TapeScratch {
    shared: Vec<f64>,
    shared_adjoints: Vec<f64>,
    rows: Vec<Block>,
    /// Of the row values.
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
            Place::Row(angle) => match operator {
                UnaryOperator::Sin => Place::Row(self.sine(angle)),
                UnaryOperator::Cos => Place::Row(self.sine(angle) + 1),
                _ => self.repeat(Step::Unary(operator, a)),
            },
        }
    }

    /// Which row value is the sine of another; the next one is its cosine.
    fn sine(&mut self, angle: usize) -> usize {
        let is_known = |step: &RowStep| matches!(step, RowStep::Sine(known) if *known == angle);
        self.row_steps.iter().position(is_known).unwrap_or_else(|| {
            self.row_steps.push(RowStep::Sine(angle));
            self.row_steps.push(RowStep::Cosine(angle));
            self.row_steps.len() - 2
        })
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
        self.row_steps.push(RowStep::One(step));
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
                RowStep::One(Step::Unary(_, a)) => mark(a),
                RowStep::One(Step::Binary(_, a, b)) => [a, b].into_iter().for_each(&mut mark),
                RowStep::Sine(_) | RowStep::Cosine(_) => {}
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
        let lanes = block.len();
        for (index, step) in self.row_steps.iter().enumerate() {
            let (earlier, rest) = rows.split_at_mut(index);
            let out = &mut rest[0][..lanes];
            match *step {
                RowStep::One(Step::Unary(operator, a)) => {
                    // Of anything but a row value the result is none either.
                    if let Column::Lanes(a) = self.column(a, block, shared, earlier) {
                        operator.apply_all(a, out);
                    }
                }
                RowStep::One(Step::Binary(operator, a, b)) => {
                    let [a, b] = [a, b].map(|place| self.column(place, block, shared, earlier));
                    operator.apply_all(a, b, out);
                }
                RowStep::Sine(angle) => {
                    let (sines, cosines) = rest.split_at_mut(1);
                    let [sines, cosines] = [&mut sines[0], &mut cosines[0]];
                    let angle = &earlier[angle][..lanes];
                    fastmath::sin_cos_all(angle, &mut sines[..lanes], &mut cosines[..lanes]);
                }
                RowStep::Cosine(_) => {}
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
}

/// The sum in several lanes, where a plain loop would wait for each addition.
pub(super) fn sum(values: &[f64]) -> f64 {
    ArrayView1::from(values).sum()
}
