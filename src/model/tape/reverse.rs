//! A tape's derivatives, block by block and back to the parameters.

use std::ops::Range;

use super::{BLOCK, Block, Place, RowStep, Step, Tape, TapeScratch, sum};
use crate::model::derivative::{Side, add};
use crate::model::evaluate::Column;

impl Tape {
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
                let (target, derivative) = (&mut adjoints[adjoint][..lanes], &derivative[..lanes]);
                add(target, derivative, derivative, |derivative, _| derivative);
            }
        }
        for (index, step) in self.row_steps.iter().enumerate().rev() {
            let (earlier, rest) = adjoints.split_at_mut(self.shared() + index);
            let weights = &rest[0][..lanes];
            let results = &rows[index][..lanes];
            let column = |place| self.column(place, block, shared, rows);
            match *step {
                RowStep::One(Step::Unary(operator, a)) => {
                    if let (Some(target), Column::Lanes(values)) = (self.adjoint(a), column(a)) {
                        let target = &mut earlier[target][..lanes];
                        operator.pull_back(values, results, weights, target);
                    }
                }
                RowStep::One(Step::Binary(operator, a, b)) => {
                    let operands = [column(a), column(b)];
                    for (place, side) in [(a, Side::Left), (b, Side::Right)] {
                        if let Some(target) = self.adjoint(place) {
                            let target = &mut earlier[target][..lanes];
                            operator.pull_back(side, operands, results, weights, target);
                        }
                    }
                }
                RowStep::Sine(angle) => {
                    let target = &mut earlier[self.shared() + angle][..lanes];
                    let cosines = &rows[index + 1][..lanes];
                    add(target, weights, cosines, |w, cosine| w * cosine);
                }
                RowStep::Cosine(angle) => {
                    let target = &mut earlier[self.shared() + angle][..lanes];
                    let sines = &rows[index - 1][..lanes];
                    add(target, weights, sines, |w, sine| -w * sine);
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
