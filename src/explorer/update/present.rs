//! The presentation: opened and left, its futures one after another.

use crate::explorer::state::{Present, State, View};
use crate::explorer::widgets::hints::HINTED;

/// Opens the presentation.
pub fn open(state: &mut State) {
    state.present = Present {
        back: state.view,
        paused: state.present.paused,
        mean: state.present.mean,
        ..Present::default()
    };
    state.view = View::Present;
}

/// The next future by itself, if that is wanted.
pub fn tick(state: &mut State) {
    if state.plays() {
        step(state, 1);
        state.present.shown += 1;
        // What is said in the last line goes away as the hints do; a problem waits for a key.
        if state.present.shown.is_multiple_of(HINTED) {
            state.notice = state.notice.take().filter(|notice| notice.problem);
        }
    }
}

/// Shows the future that many places further on, around the end.
pub fn step(state: &mut State, by: i32) {
    let futures = state.presented().map_or(0, |shown| shown.futures.len());
    if futures == 0 {
        return;
    }
    let present = &mut state.present;
    present.before = Some(present.future);
    present.future = (present.future as i64 + i64::from(by)).rem_euclid(futures as i64) as usize;
}

#[cfg(test)]
mod tests {
    use crate::explorer::Headless;
    use crate::explorer::event::{Effect, Event};
    use crate::explorer::state::{Notice, View};
    use crate::explorer::widgets::hints::HINTED;

    fn presenting() -> Headless {
        let mut explorer = Headless::demo();
        explorer.press("P");
        explorer
    }

    fn ticks(explorer: &mut Headless, count: usize) -> usize {
        for _ in 0..count {
            explorer.handle(Event::Tick);
        }
        explorer.state.present.future
    }

    #[test]
    fn it_leads_back_to_where_it_was_opened_and_never_out_of_the_program() {
        for (opened, view) in [
            ("", View::Forecast),
            ("2", View::Diagnostics),
            ("3", View::Checks),
            ("4", View::Model),
        ] {
            for leaves in ["P", "<esc>", "q"] {
                let mut explorer = Headless::demo();
                explorer.press(opened);
                assert_eq!(explorer.press("P"), [], "{opened}");
                assert_eq!(explorer.state.view, View::Present);
                assert_eq!(explorer.press(leaves), [], "{leaves}");
                assert_eq!(explorer.state.view, view, "{opened} {leaves}");
            }
        }
        assert_eq!(presenting().press("<c-c>"), [Effect::Quit]);
    }

    #[test]
    fn futures_follow_each_other_around_the_end() {
        let mut explorer = presenting();
        let count = explorer.state.presented().expect("futures").futures.len();
        assert_eq!(count, crate::forecast::FUTURES);
        assert_eq!(explorer.state.present.before, None);
        assert_eq!(ticks(&mut explorer, 3), 3);
        assert_eq!(explorer.state.present.before, Some(2));
        assert_eq!(ticks(&mut explorer, count - 2), 1);
        // Opened again it begins again.
        explorer.press("PP");
        assert_eq!(explorer.state.present.future, 0);
        assert_eq!(explorer.state.present.before, None);
    }

    #[test]
    fn space_lets_them_stand_and_arrows_step() {
        let mut explorer = presenting();
        explorer.press(" ");
        assert!(!explorer.state.plays());
        assert_eq!(ticks(&mut explorer, 5), 0);
        explorer.press("<right><right>");
        assert_eq!(explorer.state.present.future, 2);
        explorer.press("<left><left><left>");
        assert_eq!(explorer.state.present.future, crate::forecast::FUTURES - 1);
        explorer.press(" ");
        assert_eq!(ticks(&mut explorer, 1), 0);
        // An arrow is a wish to look closer.
        explorer.press("<right>");
        assert_eq!(ticks(&mut explorer, 5), 1);
        let horizon = explorer.state.controls.horizon;
        assert_eq!(horizon, crate::forecast::Horizon::DEFAULT);
    }

    #[test]
    fn nothing_moves_behind_help_in_another_view_or_of_a_fit_that_failed() {
        let mut explorer = presenting();
        assert!(explorer.state.plays());
        explorer.press("?");
        assert!(!explorer.state.plays());
        explorer.press("<esc>");
        assert!(explorer.state.plays());
        explorer.press("P");
        assert!(!explorer.state.plays());

        let mut failed = Headless::failed();
        failed.press("P");
        assert!(!failed.state.plays());
        assert!(failed.state.presented().is_none());
        failed.press("<enter>");
        assert!(failed.state.plays());
    }

    #[test]
    fn words_in_the_last_line_go_away_but_for_problems() {
        for problem in [false, true] {
            let mut explorer = presenting();
            explorer.state.notice = Some(Notice {
                text: "said".into(),
                problem,
            });
            ticks(&mut explorer, HINTED - 1);
            assert!(explorer.state.notice.is_some());
            ticks(&mut explorer, 1);
            assert_eq!(explorer.state.notice.is_some(), problem);
        }
    }

    #[test]
    fn the_day_is_one_of_the_forecast() {
        let mut explorer = Headless::demo();
        explorer.state.cursor = Some(300.0);
        explorer.press("P");
        assert_eq!(explorer.state.cursor_position(), 365.0);
        explorer.press("..,");
        assert_eq!(explorer.state.cursor_position(), 366.0);
        explorer.press(",,,");
        assert_eq!(explorer.state.cursor_position(), 365.0);
    }

    #[test]
    fn the_same_seed_has_the_same_futures() {
        let futures = |keys: &str| {
            let mut explorer = presenting();
            explorer.press(keys);
            explorer.state.presented().expect("futures").futures.clone()
        };
        let shown = futures("");
        assert_eq!(futures("su"), shown);
        assert_eq!(futures("i50%<enter>"), shown);
        assert_ne!(futures("s"), shown);
        // A longer forecast goes on from them.
        let longer = futures("h60<enter>");
        for (future, longer) in shown.iter().zip(&longer) {
            assert_eq!(future[..], longer[..30]);
        }
    }
}
