//! What is chosen in the lists of the other views.

use super::say;
use crate::explorer::state::{State, View};

/// Chooses the parameter, check or line of the model that many places further down the list.
pub fn choose(state: &mut State, by: i32) {
    let moved = |at: usize, count: usize| {
        let last = count.saturating_sub(1) as i64;
        (at as i64 + i64::from(by)).clamp(0, last) as usize
    };
    match state.view {
        View::Forecast | View::Present => {}
        View::Model => state.line = moved(state.line, state.recipe.lines().len()),
        View::Diagnostics => {
            let parameters = state.report.as_ref().map_or(0, |r| r.parameters.len());
            state.parameter = moved(state.parameter, parameters);
        }
        View::Checks => {
            let Some(report) = &state.report else {
                return;
            };
            let checks = report.by_gravity();
            let chosen = state.chosen_check().map(|check| check.name);
            let at = checks.iter().position(|check| Some(check.name) == chosen);
            let check = checks.get(moved(at.unwrap_or(0), checks.len()));
            state.check = check.map(|check| check.name);
        }
    }
}

/// From a check to the draws of the parameter it is about.
pub fn open_parameter(state: &mut State) {
    if state.view != View::Checks {
        return;
    }
    let about = state
        .chosen_check()
        .and_then(|check| check.parameter.clone());
    let place = state.report.as_ref().and_then(|report| {
        let mut rows = report.parameters.iter();
        rows.position(|row| Some(&row.name) == about.as_ref())
    });
    match place {
        Some(place) => {
            state.parameter = place;
            state.view = View::Diagnostics;
        }
        None => say(
            state,
            "this check is not about one parameter: 2 shows them all".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::Headless;

    #[test]
    fn arrows_choose_what_is_in_the_list_and_leave_the_forecast_alone() {
        let mut explorer = Headless::failed();
        let controls = explorer.state.controls;
        for (keys, parameter) in [
            ("2", 0),
            ("<up>", 0),
            ("<down><down>", 2),
            ("<end><down>", 4),
            ("k", 3),
            ("<home>", 0),
        ] {
            explorer.press(keys);
            assert_eq!(explorer.state.parameter, parameter, "{keys}");
            let portrait = explorer.state.portrait.as_ref();
            assert_eq!(portrait.map(|(of, _)| *of), Some(parameter));
        }
        let gravest = explorer.state.report.as_ref().unwrap().by_gravity()[0].name;
        explorer.press("3");
        assert_eq!(explorer.state.chosen_check().unwrap().name, gravest);
        explorer.press("<down>");
        assert_ne!(explorer.state.chosen_check().unwrap().name, gravest);
        explorer.press("<up>");
        assert_eq!(explorer.state.chosen_check().unwrap().name, gravest);
        assert_eq!(explorer.state.controls, controls);
    }

    #[test]
    fn enter_on_a_check_shows_the_draws_of_its_parameter() {
        let mut explorer = Headless::failed();
        explorer.press("3");
        explorer.state.check = Some("r_hat");
        let about = explorer.state.chosen_check().unwrap().parameter.clone();
        explorer.press("<enter>");
        assert_eq!(explorer.state.view, View::Diagnostics);
        let report = explorer.state.report.clone().unwrap();
        let chosen = &report.parameters[explorer.state.parameter].name;
        assert_eq!(Some(chosen), about.as_ref());
        explorer.press("3");
        explorer.state.check = Some("energy");
        explorer.press("<enter>");
        assert_eq!(explorer.state.view, View::Checks);
        assert!(explorer.state.notice.is_some());
    }
}
