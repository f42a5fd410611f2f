use super::*;
use crate::model::DataSummary;
use proptest::prelude::*;

const LINE: &str = "mean = 'a + b * t'\nlikelihood = 'Normal(mean, s)'\n";

fn fails(text: &str) -> String {
    Model::parse(text, "m.toml").unwrap_err().to_string()
}

fn names(model: &Model) -> Vec<&str> {
    model
        .parameters()
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect()
}

#[test]
fn parameters_come_in_the_order_of_their_priors() {
    let text = format!(
        "name = 'line'\n{LINE}[priors]\ns = 'HalfNormal(1)'\nb = 'Normal(0, 1)'\na = 'Normal(mean_y, 2 * sd_y)'"
    );
    let model = Model::parse(&text, "m.toml").unwrap();
    assert_eq!(names(&model), ["s", "b", "a"]);
    assert_eq!(model.name(), "line");
    assert_eq!(model.family(), Family::Normal);
    let prior = model.parameters()[2].prior.as_ref().unwrap();
    assert_eq!(prior.text(), "Normal(mean_y, 2 * sd_y)");
    let given = prior.given(&DataSummary::of(&[1.0, 3.0])).unwrap();
    assert_eq!(given.arguments(), [2.0, 2.0]);
}

#[test]
fn without_priors_every_free_name_is_a_parameter() {
    let model = Model::parse(LINE, "m.toml").unwrap();
    assert_eq!(names(&model), ["a", "b", "s"]);
    assert_eq!(model.name(), "m.toml");
    assert!(
        model
            .parameters()
            .iter()
            .all(|parameter| parameter.prior.is_none())
    );
}

#[test]
fn an_unknown_name_is_shown_with_a_caret_and_the_nearest_one() {
    let text = "mean = 'intercept + slop * t'\nlikelihood = 'Normal(mean, 1)'\n\
                    [priors]\nintercept = 'Normal(0, 1)'\nslope = 'Normal(0, 1)'\n";
    let expected = "\
m.toml:1: 'slop' has no prior; did you mean 'slope'? (priors: intercept, slope)
  mean = 'intercept + slop * t'
                      ^^^^";
    assert_eq!(fails(text), expected);
}

#[test]
fn mistakes_are_explained_at_their_line() {
    let priors =
        |last: &str| format!("{LINE}[priors]\na = 'Normal(0, 1)'\nb = 'Normal(0, 1)'\n{last}");
    let mean =
        |mean: &str, likelihood: &str| format!("mean = '{mean}'\nlikelihood = '{likelihood}'");
    for (text, expected) in [
        ("mean = ".to_owned(), "m.toml:1: not TOML"),
        (String::new(), "m.toml: the model has no 'mean'"),
        ("mean = 't'".to_owned(), "has no 'likelihood'"),
        (
            "mean = 3".to_owned(),
            "'mean' must be text in quotes, not integer",
        ),
        (
            format!("{LINE}maen = 't'"),
            "m.toml:3: a model has no 'maen'",
        ),
        (
            format!("priors = 3\n{LINE}"),
            "m.toml:1: 'priors' must be a table",
        ),
        (
            priors("s = 'HalfNormal(0)'"),
            "m.toml:6: HalfNormal: sigma must be > 0",
        ),
        (
            priors("s = 'HalfNormal(1, 2)'"),
            "takes 1 argument, HalfNormal(sigma); found 2",
        ),
        (priors("s = 'HalfNormel(1)'"), "did you mean 'HalfNormal'?"),
        (
            priors("s = 'HalfNormal(a)'"),
            "arguments are constants, and 'a' is none",
        ),
        (priors("s = 'HalfNormal(sd_x)'"), "did you mean 'sd_y'?"),
        (priors("s = 1"), "'s' must be text in quotes"),
        (
            priors("s = 'Normal(0, 1)'\nc = 'Normal(0, 1)'"),
            "m.toml:7: neither mean nor",
        ),
        (priors("t = 'Normal(0, 1)'"), "'t' has its own meaning"),
        (priors("'1x' = 'Normal(0, 1)'"), "'1x' is no name"),
        (
            mean("mean", "Normal(mean, 1)"),
            "only the likelihood can use it",
        ),
        (mean("t", "Norm(mean, 1)"), "there is no likelihood 'Norm'"),
        (
            mean("t", "Normal(mean)"),
            "m.toml:2: Normal takes 2 arguments",
        ),
    ] {
        let found = fails(&text);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn a_place_is_found_in_every_kind_of_string() {
    let under_the_caret = |text: &str| {
        let found = fails(text);
        let lines: Vec<&str> = found.lines().collect();
        let column = lines[2].find('^').unwrap();
        lines[1][column..].chars().next().unwrap()
    };
    assert_eq!(under_the_caret("mean = 'a $ b'\nlikelihood = ''"), '$');
    let lines = "mean = \"\"\"\na +\n  b $ c\"\"\"\nlikelihood = ''";
    assert_eq!(under_the_caret(lines), '$');
    // Written with escapes: the whole string is the place.
    let escaped = "mean = \"a \\u0024 b\"\nlikelihood = ''";
    assert_eq!(under_the_caret(escaped), '"');
}

#[test]
fn sizes_are_bounded() {
    let many: Vec<String> = (0..=MAX_PARAMETERS).map(|i| format!("p{i}")).collect();
    let text = format!(
        "mean = '{}'\nlikelihood = 'Normal(mean, 1)'",
        many.join("+")
    );
    assert!(fails(&text).contains("at most 64"));
    let long = format!("{LINE}#{}", " ".repeat(MAX_SOURCE));
    assert!(fails(&long).contains("at most 65536"));
}

proptest! {
    #[test]
    fn any_text_is_a_model_or_an_error(text in ".{0,200}") {
        for text in [
            text.clone(),
            format!("mean = '''{text}'''\nlikelihood = 'Normal(mean, 1)'"),
            format!("{LINE}[priors]\n{text} = '{text}'"),
        ] {
            if let Err(error) = Model::parse(&text, "m") {
                prop_assert!(error.to_string().starts_with("m:"));
            }
        }
    }

    #[test]
    fn any_tokens_are_a_model_or_an_error(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "a", "t", "pi", "mean", "(", ")", "+", "-", "*", "/", "^", ",", "sin", "max",
                "1", ".5", "1e", "é", "\\", "\"", "\n",
            ]),
            0..200,
        ),
    ) {
        let text = tokens.concat();
        let text = format!("mean = '''{text}'''\nlikelihood = '''Normal({text}, 1)'''");
        if let Err(error) = Model::parse(&text, "m") {
            prop_assert!(error.to_string().starts_with("m:"));
        }
    }

    #[test]
    fn terms_and_operators_are_a_model_that_evaluates(
        terms in prop::collection::vec(
            prop::sample::select(vec!["a", "t", "2", "sin(t)", "max(a, 0)", "(a - t)", "-a"]),
            1..60,
        ),
        operators in prop::collection::vec(
            prop::sample::select(vec!["+", "-", "*", "/"]),
            60,
        ),
    ) {
        let mut text = "a".to_owned();
        for (term, operator) in terms.iter().zip(&operators) {
            text.push_str(operator);
            text.push_str(term);
        }
        let text = format!("mean = '{text}'\nlikelihood = 'Normal(mean, 1)'");
        let bound = Model::parse(&text, "m").unwrap().bind(&["a"]).unwrap();
        // Each draw is what it is alone.
        let mut scratch = Default::default();
        let (mut together, mut alone) = ([0.0; 2], [0.0; 1]);
        bound.mean(&[&[0.5, -3.0]], 4.0, &mut together, &mut scratch);
        bound.mean(&[&[-3.0]], 4.0, &mut alone, &mut scratch);
        prop_assert!(together[1] == alone[0] || together[1].is_nan() && alone[0].is_nan());
    }
}
