//! A model bound to the variables of a trace.

use rand::Rng;

use super::error::list;
use super::evaluate::{Column, Scratch};
use super::expression::{LikelihoodSymbol, Variable};
use super::likelihood::{Family, normal};
use super::program::{Meaning, Program};
use super::{Model, ModelError, suggest};

/// What the data say of one row: when it is, and the columns that the model names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment<'a> {
    pub t: f64,
    /// In the order of [`Model::columns`]. One that is not given is NaN, and so is what depends
    /// on it.
    pub covariates: &'a [f64],
}

impl From<f64> for Moment<'_> {
    /// A row of data without covariates.
    fn from(t: f64) -> Self {
        Self { t, covariates: &[] }
    }
}

/// A model that knows which column of draws each parameter is.
#[derive(Debug, Clone)]
pub struct BoundModel {
    family: Family,
    /// Column of each parameter of the model, by the order of the names it was bound to.
    columns: Vec<usize>,
    /// Columns of the data that the model names.
    covariates: usize,
    /// One output; input 0 is t, then the parameters, then the columns of the data.
    mean: Program,
    /// As many outputs as the family has arguments; inputs as those of `mean`.
    arguments: Program,
}

/// The likelihood's arguments of each draw at one t.
#[derive(Debug, Clone, Copy)]
pub struct Arguments<'a> {
    pub family: Family,
    columns: [Column<'a>; 3],
    draws: usize,
}

impl Model {
    /// Finds each parameter among `names`, the variables of a trace; others may be there too.
    ///
    /// # Errors
    /// When a parameter is not among them.
    pub fn bind(&self, names: &[&str]) -> Result<BoundModel, ModelError> {
        let columns = self
            .parameters
            .iter()
            .map(|parameter| {
                names
                    .iter()
                    .position(|name| *name == parameter.name)
                    .ok_or_else(|| ModelError::MissingParameter {
                        model: self.name.clone(),
                        parameter: parameter.name.clone(),
                        variables: list(names),
                        hint: suggest::hint(&parameter.name, names.iter().copied()),
                    })
            })
            .collect::<Result<_, _>>()?;

        Ok(BoundModel {
            family: self.family,
            columns,
            covariates: self.columns.len(),
            mean: self.mean_program(),
            arguments: self.arguments_program(),
        })
    }

    /// The mean: one output. Input 0 is t, then the parameters, then the columns of the data.
    pub(super) fn mean_program(&self) -> Program {
        let mut program = Program::default();
        let result = program.add(&self.mean, |variable| self.input(variable));
        program.outputs.push(result);
        program
    }

    /// The likelihood's arguments: an output each. Inputs as those of the mean.
    pub(super) fn arguments_program(&self) -> Program {
        let mut program = Program::default();
        let mean = program.add(&self.mean, |variable| self.input(variable));
        for argument in &self.arguments {
            let output = program.add(argument, |symbol| match symbol {
                LikelihoodSymbol::Mean => Meaning::Result(mean),
                LikelihoodSymbol::Variable(variable) => self.input(variable),
            });
            program.outputs.push(output);
        }
        program
    }

    fn input(&self, variable: Variable) -> Meaning {
        Meaning::Input(match variable {
            Variable::Time => 0,
            Variable::Parameter(parameter) => 1 + parameter,
            Variable::Column(column) => 1 + self.parameters.len() + column,
        })
    }
}

impl BoundModel {
    pub fn family(&self) -> Family {
        self.family
    }

    /// The mean expression at a moment, such as t, one value a draw, into `out`.
    ///
    /// `columns` are draws, in the order of the names the model was bound to.
    ///
    /// # Panics
    /// When `columns` are fewer than those names, or one has fewer draws than `out`.
    pub fn mean<'m>(
        &self,
        columns: &[&[f64]],
        at: impl Into<Moment<'m>>,
        out: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let inputs = self.inputs(columns, at.into(), out.len());
        self.mean.run(&inputs, out.len(), scratch);
        self.mean.output(0, &inputs, scratch).write(out);
    }

    /// The likelihood's arguments at a moment, such as t, of each draw.
    ///
    /// `columns` are draws, equally many, in the order of the names the model was bound to. An
    /// argument that is a parameter is that column itself.
    ///
    /// # Panics
    /// When `columns` are fewer than those names, or differ in length.
    pub fn arguments<'a, 'm>(
        &self,
        columns: &[&'a [f64]],
        at: impl Into<Moment<'m>>,
        scratch: &'a mut Scratch,
    ) -> Arguments<'a> {
        let draws = self
            .columns
            .first()
            .map_or(0, |column| columns[*column].len());
        let inputs = self.inputs(columns, at.into(), draws);
        self.arguments.run(&inputs, draws, scratch);
        let mut arguments = [Column::Uniform(0.0); 3];
        for (output, argument) in arguments
            .iter_mut()
            .enumerate()
            .take(self.arguments.outputs.len())
        {
            *argument = self.arguments.output(output, &inputs, scratch);
        }
        Arguments {
            family: self.family,
            columns: arguments,
            draws,
        }
    }

    fn inputs<'a>(&self, columns: &[&'a [f64]], at: Moment<'_>, draws: usize) -> Vec<Column<'a>> {
        let parameters = self
            .columns
            .iter()
            .map(|column| Column::Lanes(&columns[*column][..draws]));
        let given = at.covariates.iter().copied();
        let covariates = given.chain(std::iter::repeat(f64::NAN));
        std::iter::once(Column::Uniform(at.t))
            .chain(parameters)
            .chain(covariates.take(self.covariates).map(Column::Uniform))
            .collect()
    }
}

impl<'a> Arguments<'a> {
    /// The expected observation of one draw; its location where it has none (Student's t with
    /// nu <= 1).
    ///
    /// # Panics
    /// When there is no such draw.
    pub fn expectation(&self, draw: usize) -> f64 {
        match (self.family, self.at(draw)) {
            (Family::StudentT, [_, location, _]) => location,
            (family, of_draw) => family.mean(of_draw),
        }
    }

    /// The same of every draw.
    pub fn expected(&self) -> Vec<f64> {
        if let (Family::Normal, Column::Lanes(mean)) = (self.family, self.columns[0]) {
            return mean.to_vec();
        }
        (0..self.draws).map(|draw| self.expectation(draw)).collect()
    }

    /// An observation of each draw, in order of draws; NaN where the arguments are no arguments.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<f64> {
        if let (Family::Normal, Column::Lanes(mean), Column::Lanes(sigma)) =
            (self.family, self.columns[0], self.columns[1])
        {
            // The commonest model by far, in a loop without choices.
            return mean
                .iter()
                .zip(sigma)
                .map(|(mean, sigma)| {
                    if *sigma > 0.0 {
                        mean + sigma * normal(rng)
                    } else {
                        f64::NAN
                    }
                })
                .collect();
        }
        self.each()
            .map(|of_draw| self.family.sample(of_draw, rng))
            .collect()
    }

    /// The arguments of each draw.
    fn each(&self) -> impl Iterator<Item = [f64; 3]> + '_ {
        (0..self.draws).map(|draw| self.at(draw))
    }

    /// The arguments of one draw, to hand to [`Family`]'s methods; 0 for those it has not.
    ///
    /// # Panics
    /// When there is no such draw.
    pub fn at(&self, draw: usize) -> [f64; 3] {
        self.columns.map(|column| column.at(draw))
    }

    /// One argument of all draws; uniform 0 for one that the family has not.
    pub fn column(&self, argument: usize) -> Column<'a> {
        self.columns[argument]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = [
        "sigma",
        "period",
        "extra",
        "intercept",
        "slope",
        "amplitude",
    ];
    const DRAWS: [[f64; 2]; 6] = [
        [1.0, 1.1],
        [7.0, 7.01],
        [-9.0, -9.0],
        [10.0, 10.2],
        [0.05, 0.049],
        [3.0, 2.9],
    ];

    fn columns() -> Vec<&'static [f64]> {
        DRAWS.iter().map(|draws| &draws[..]).collect()
    }

    #[test]
    fn sine_is_the_formula_of_its_file() {
        let bound = Model::built_in("sine").unwrap().bind(&NAMES).unwrap();
        let t = 366.0;
        let mut scratch = Scratch::default();
        let mut means = [0.0; 2];
        bound.mean(&columns(), t, &mut means, &mut scratch);
        for draw in 0..2 {
            let [sigma, period, _, intercept, slope, amplitude] = DRAWS.map(|draws| draws[draw]);
            let expected =
                intercept + slope * t + amplitude * (2.0 * std::f64::consts::PI * t / period).sin();
            assert!((means[draw] - expected).abs() < 1e-14);
            let arguments = bound.arguments(&columns(), t, &mut scratch);
            assert_eq!(arguments.at(draw), [means[draw], sigma, 0.0]);
        }
    }

    #[test]
    fn an_argument_that_is_a_parameter_is_not_copied() {
        let bound = Model::built_in("sine").unwrap().bind(&NAMES).unwrap();
        let mut scratch = Scratch::default();
        let columns = columns();
        let arguments = bound.arguments(&columns, 0.0, &mut scratch);
        let Column::Lanes(sigma) = arguments.column(1) else {
            panic!("sigma differs between draws");
        };
        assert!(std::ptr::eq(sigma, columns[0]));
    }

    #[test]
    fn counts_take_the_exponential_of_the_mean() {
        let model = Model::parse(
            "mean = 'a * t'\nlikelihood = 'NegativeBinomial(exp(mean), 3)'",
            "counts",
        )
        .unwrap();
        let bound = model.bind(&["a"]).unwrap();
        let mut scratch = Scratch::default();
        let arguments = bound.arguments(&[&[0.5, 0.25]], 4.0, &mut scratch);
        assert_eq!(arguments.family, Family::NegativeBinomial);
        assert_eq!(arguments.at(1), [1.0_f64.exp(), 3.0, 0.0]);
        assert_eq!(arguments.column(1), Column::Uniform(3.0));
    }

    #[test]
    fn a_covariate_is_given_with_the_moment() {
        let text = "mean = 'a + t * rain'\nlikelihood = 'Normal(mean, wind)'\n\
            [priors]\na = 'Normal(0, 1)'";
        let bound = Model::parse(text, "m").unwrap().bind(&["a"]).unwrap();
        let mut scratch = Scratch::default();
        let covariates = &[2.0, 5.0];
        let at = Moment { t: 3.0, covariates };
        let found = bound.arguments(&[&[1.0, 4.0]], at, &mut scratch).at(1);
        assert_eq!(found, [10.0, 5.0, 0.0]);
        let found = bound.arguments(&[&[1.0, 4.0]], 3.0, &mut scratch).at(1);
        assert!(found[0].is_nan() && found[1].is_nan());
    }

    #[test]
    fn scratch_can_be_used_by_one_model_after_another() {
        let mut scratch = Scratch::default();
        let sine = Model::built_in("sine").unwrap().bind(&NAMES).unwrap();
        let line = Model::parse("mean = 'slope * t'\nlikelihood = 'Poisson(mean)'", "line")
            .unwrap()
            .bind(&NAMES)
            .unwrap();
        let columns = columns();
        sine.arguments(&columns, 3.0, &mut scratch);
        assert_eq!(
            line.arguments(&columns, 2.0, &mut scratch).at(0),
            [0.1, 0.0, 0.0]
        );
        assert_eq!(
            sine.arguments(&columns, 0.0, &mut scratch).at(1),
            [10.2, 1.1, 0.0]
        );
    }

    #[test]
    fn a_missing_parameter_is_named_with_the_variables_there_are() {
        let error = Model::built_in("sine")
            .unwrap()
            .bind(&["intercept", "slope", "amp", "periods", "sigma"])
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "model 'sine' needs the parameter 'amplitude', which is not among the trace's \
             variables: intercept, slope, amp, periods, sigma"
        );
        let error = Model::parse("mean = 'period'\nlikelihood = 'Poisson(mean)'", "m")
            .unwrap()
            .bind(&["periods"])
            .unwrap_err();
        assert!(
            error.to_string().ends_with("did you mean 'periods'?"),
            "{error}"
        );
    }
}
