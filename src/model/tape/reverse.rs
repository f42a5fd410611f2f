//! A tape's derivatives, block by block and back to the parameters.

use std::ops::Range;

use super::{BLOCK, Block, Place, RowStep, Step, Tape, TapeScratch, sum};
use crate::model::derivative::{Side, add};
use crate::model::evaluate::Column;

impl Tape {
    /// Starts a gradient, after [`Tape::start`].
    pub fn start_gradient(&self, scratch: &mut TapeScratch) {
        let rows = self.row_steps.len().max(scratch.adjoints.len());
        scratch.adjoints.resize(rows, [0.0; BLOCK]);
        scratch.shared_adjoints.clear();
        scratch.shared_adjoints.resize(self.shared(), 0.0);
    }

    /// Takes the derivatives by the outputs of the block that was computed last back to the
    /// numbers that rows share.
    pub fn reverse(&self, block: &Range<usize>, derivatives: &[Block], scratch: &mut TapeScratch) {
        let TapeScratch {
            shared,
            rows,
            adjoints,
            shared_adjoints,
        } = scratch;
        let lanes = block.len();
        for adjoint in &mut adjoints[..self.row_steps.len()] {
            adjoint[..lanes].fill(0.0);
        }
        for (output, derivative) in self.outputs.iter().zip(derivatives) {
            let derivative = &derivative[..lanes];
            match *output {
                Place::Shared(index) => shared_adjoints[index] += sum(derivative),
                Place::Row(index) => {
                    let target = &mut adjoints[index][..lanes];
                    add(target, derivative, derivative, |derivative, _| derivative);
                }
                Place::Constant(_) | Place::Data(_) => {}
            }
        }
        for (index, step) in self.row_steps.iter().enumerate().rev() {
            let (earlier, rest) = adjoints.split_at_mut(index);
            let weights = &rest[0][..lanes];
            let results = &rows[index][..lanes];
            let column = |place| self.column(place, block, shared, rows);
            match *step {
                RowStep::One(Step::Unary(operator, a)) => {
                    // Of anything but a row value the result is none either.
                    if let (Place::Row(target), Column::Lanes(values)) = (a, column(a)) {
                        let target = &mut earlier[target][..lanes];
                        operator.pull_back(values, results, weights, target);
                    }
                }
                RowStep::One(Step::Binary(operator, a, b)) => {
                    let operands = [column(a), column(b)];
                    for (place, side) in [(a, Side::Left), (b, Side::Right)] {
                        match place {
                            Place::Row(target) => {
                                let target = &mut earlier[target][..lanes];
                                operator.pull_back(side, operands, results, weights, target);
                            }
                            Place::Shared(target) => {
                                shared_adjoints[target] +=
                                    operator.pull_back_sum(side, operands, results, weights);
                            }
                            Place::Constant(_) | Place::Data(_) => {}
                        }
                    }
                }
                RowStep::Sine(angle) => {
                    let target = &mut earlier[angle][..lanes];
                    let cosines = &rows[index + 1][..lanes];
                    add(target, weights, cosines, |w, cosine| w * cosine);
                }
                RowStep::Cosine(angle) => {
                    let target = &mut earlier[angle][..lanes];
                    let sines = &rows[index - 1][..lanes];
                    add(target, weights, sines, |w, sine| -w * sine);
                }
            }
        }
    }

    /// Ends a gradient: the derivatives by the parameters into `gradient`.
    pub fn finish(&self, gradient: &mut [f64], scratch: &mut TapeScratch) {
        let TapeScratch {
            shared,
            shared_adjoints,
            ..
        } = scratch;
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
