//! One fit follows another: edits of the model, rows held back, a file read again.

use std::sync::Arc;

use super::{UNDO, say};
use crate::explorer::event::Effect;
use crate::explorer::recipe::Recipe;
use crate::explorer::state::{Document, State};

/// Fits another recipe, in a way that can be taken back.
pub fn refit(state: &mut State, recipe: Recipe) -> Vec<Effect> {
    if recipe == state.recipe {
        return vec![];
    }
    // The training rows that a held key runs through are one step to take back.
    let running = state.fitting.is_some() && recipe.model == state.recipe.model;
    if !(running
        && state
            .recipes
            .last()
            .is_some_and(|r| r.model == recipe.model))
    {
        if state.recipes.len() == UNDO {
            state.recipes.remove(0);
        }
        state.recipes.push(state.recipe.clone());
    }
    begin(state, recipe)
}

/// Starts the fit of a recipe.
pub fn begin(state: &mut State, recipe: Recipe) -> Vec<Effect> {
    state.recipe = recipe.clone();
    state.fitting = Some(Vec::new());
    vec![Effect::Fit(recipe)]
}

/// Shows another fit of the same series. The old figures stay until its own are there.
pub fn show_document(state: &mut State, document: Arc<Document>) {
    state.document = document;
    state.report = None;
    state.portrait = None;
    state.portrayed = None;
    state.asked = None;
    state.cursor = state.cursor.map(|at| at.min(state.last_forecast()));
}

/// Shows a file that was read again, and forgets what was known about the old one.
pub fn on_loaded(state: &mut State, document: Arc<Document>, recipe: Recipe) {
    say(state, format!("{} was read again", document.name));
    state.figures = None;
    state.recipe = recipe;
    state.recipes.clear();
    state.fitting = None;
    state.parameter = 0;
    state.line = 0;
    state.check = None;
    state.failure_seen = false;
    show_document(state, document);
}

#[cfg(test)]
mod tests {
    use crossterm::event::{Event as Input, KeyCode, KeyEvent};

    use super::*;
    use crate::explorer::event::Event;
    use crate::explorer::state::View;
    use crate::explorer::{Headless, update};
    use crate::model::Model;
    use crate::series::Table;

    #[test]
    fn a_prior_is_edited_fitted_and_taken_back() {
        let mut explorer = Headless::demo();
        let opened = explorer.state.recipe.clone();
        let width = |explorer: &Headless| {
            let report = explorer.state.report.as_ref().unwrap();
            let rows = &report.parameters;
            let row = rows.iter().find(|row| row.name == "intercept").unwrap();
            row.summary.sd
        };
        let before = width(&explorer);
        // The third line is the prior of the intercept: Normal(0, 10) becomes a much narrower one.
        explorer.press("4<down><down><enter>");
        assert_eq!(
            explorer.state.prompt.as_ref().unwrap().text,
            "Normal(0, 10)"
        );
        explorer.press("<backspace><backspace><backspace>0.01)<enter>");
        assert_eq!(explorer.state.prompt, None);
        let prior = explorer.state.recipe.model.parameters()[0].prior.clone();
        assert_eq!(prior.unwrap().text(), "Normal(0, 0.01)");
        assert!(width(&explorer) < before / 2.0);
        explorer.press("u");
        assert_eq!(explorer.state.recipe, opened);
        assert_eq!(width(&explorer), before);
        explorer.press("u");
        let notice = explorer.state.notice.as_ref().unwrap();
        assert_eq!(notice.text, "nothing to undo");
    }

    #[test]
    fn what_is_no_model_stays_open_with_the_reason() {
        let mut explorer = Headless::demo();
        let opened = explorer.state.recipe.clone();
        explorer.press("4<down><down><enter>");
        for keys in ["<backspace>", "<home>x", "<end>) + 1"] {
            explorer.press(keys);
            explorer.press("<enter>");
            let prompt = explorer.state.prompt.as_ref().expect("it is still open");
            assert!(prompt.error.is_some(), "{}", prompt.text);
        }
        explorer.press("<esc>");
        assert_eq!(
            (explorer.state.prompt.clone(), &explorer.state.recipe),
            (None, &opened)
        );
    }

    #[test]
    fn rows_held_back_move_the_start_of_the_forecast() {
        let mut explorer = Headless::demo();
        let all = explorer.state.recipe.training;
        explorer.press("4<s-left>");
        assert_eq!(explorer.state.recipe.training, all - 7);
        assert_eq!(explorer.state.document.series.values.len(), all - 7);
        assert_eq!(explorer.state.last_observed(), (all - 8) as f64);
        // What came is still there to be seen.
        let seen = &explorer.state.figures.as_ref().unwrap().observed;
        assert!(seen.iter().any(|(at, _)| *at == (all - 1) as f64));
        explorer.press("u");
        assert_eq!(explorer.state.last_observed(), (all - 1) as f64);
    }

    #[test]
    fn a_column_of_the_data_limits_the_horizon_to_what_is_known() {
        let mut csv = String::from("t,y,heat\n");
        for t in 0..60 {
            let heat = t * 37 % 20;
            csv += &format!("{t},{}.{},{heat}\n", 5 + 2 * heat, t * 53 % 11);
        }
        csv += "60,,3\n61,,10\n";
        let table = Arc::new(Table::from_csv_reader(csv.as_bytes(), "heat.csv").unwrap());
        let model = |mean: &str| {
            let text = format!(
                "mean = '{mean}'\nlikelihood = 'Normal(mean, sigma)'\n[priors]\n\
                 base = 'Normal(0, 10)'\neffect = 'Normal(0, 5)'\nsigma = 'HalfNormal(1)'\n"
            );
            Model::parse(&text, "heat.toml").unwrap()
        };
        let mut explorer = Headless::demo();
        explorer.state.view = View::Model;
        explorer.state.recipe = Recipe::new(model("base + effect * heat"), table.clone());
        assert_eq!(explorer.state.recipe.training, 60);
        explorer.handle(Event::Reread(table));
        assert_eq!(explorer.state.controls.horizon.steps(), 2);
        let mean = explorer
            .state
            .figures
            .as_ref()
            .unwrap()
            .forecast
            .mean
            .clone();
        assert!(
            (mean[0] - 11.5).abs() < 0.5 && (mean[1] - 25.5).abs() < 0.5,
            "{mean:?}"
        );
        // Held back rows are known ahead; what came is compared with what was forecast.
        explorer.press("<s-left>1<right><right>");
        assert_eq!(explorer.state.controls.horizon.steps(), 4);
        assert_eq!(explorer.state.last_observed(), 52.0);
        // A model without the column learns from the empty rows too: they are gaps.
        explorer.press("u");
        let other = explorer.state.recipe.with_model(model("base + effect * t"));
        assert_eq!((explorer.state.recipe.rows(), other.rows()), (60, 62));
    }

    #[test]
    fn a_fit_that_was_overtaken_is_not_shown() {
        let explorer = Headless::demo();
        let (document, recipe) = (
            explorer.state.document.clone(),
            explorer.state.recipe.clone(),
        );
        let mut state = explorer.state.clone();
        state.view = View::Model;
        let shorter = recipe.with_training(300);
        assert_eq!(
            refit(&mut state, shorter.clone()),
            [Effect::Fit(shorter.clone())]
        );
        assert!(state.fitting.is_some());
        let late = Event::Fitted(document.clone(), recipe.clone(), "late".into());
        update(&mut state, late);
        assert!(state.fitting.is_some(), "the other one still runs");
        // Esc stops it and nothing else.
        let esc = Input::Key(KeyEvent::from(KeyCode::Esc));
        assert_eq!(update(&mut state, Event::Terminal(esc)), [Effect::StopFit]);
        update(&mut state, Event::FitFailed("too few draws".into()));
        assert!(state.fitting.is_none() && state.notice.unwrap().problem);
    }

    #[test]
    fn a_series_that_changed_is_fitted_again_with_the_model_at_hand() {
        let mut state = Headless::demo().state;
        let series = Arc::new(state.recipe.table.first(200));
        let effects = update(&mut state, Event::Reread(series));
        let [Effect::Fit(recipe)] = &effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!((recipe.training, &recipe.model), (200, &state.recipe.model));
    }
}
