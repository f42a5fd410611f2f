//! Which part of the time is on screen.

use crate::explorer::state::{State, Viewport};

/// Steps the view shows at the least.
const NARROWEST: f64 = 4.0;

/// Magnifies around a position that stays where it is on screen.
pub fn zoom(state: &mut State, by: i32, around: f64) {
    let (from, to) = state.window();
    let around = around.clamp(from, to);
    let factor = 0.8f64.powi(by);
    let widest = state.last_forecast() + 2.0 + 0.1 * state.last_forecast();
    let width = ((to - from) * factor).clamp(NARROWEST, widest.max(NARROWEST));
    let share = (around - from) / (to - from);
    let from = around - share * width;
    pan(state, from, from + width, 0.0);
}

/// Shows a window moved by some steps, kept to where there is something to see.
pub fn pan(state: &mut State, from: f64, to: f64, by: f64) {
    let width = to - from;
    let (first, last) = (
        -0.05 * width - 0.5,
        state.last_forecast() + 0.05 * width + 0.5,
    );
    let from = (from + by).min(last - width).max(first);
    state.viewport = Viewport::Fixed {
        from,
        to: from + width,
    };
}

/// Moves a fixed window so that the read-out is inside.
pub fn show_cursor(state: &mut State) {
    let (from, to) = state.window();
    let at = state.cursor_position();
    if at < from {
        pan(state, from, to, at - from - 1.0);
    } else if at > to {
        pan(state, from, to, at - to + 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::Headless;

    #[test]
    fn zoom_keeps_its_middle_and_zero_shows_everything_again() {
        let mut explorer = Headless::demo();
        let (from, to) = explorer.state.window();
        explorer.press("+");
        let (closer_from, closer_to) = explorer.state.window();
        assert!(((closer_to - closer_from) / (to - from) - 0.8).abs() < 1e-12);
        let share = |at: f64, (from, to): (f64, f64)| (at - from) / (to - from);
        let middle = explorer.state.last_observed();
        assert!(
            (share(middle, (from, to)) - share(middle, (closer_from, closer_to))).abs() < 1e-12
        );
        explorer.press(&"+".repeat(30));
        let (from, to) = explorer.state.window();
        assert!((to - from - NARROWEST).abs() < 1e-9);
        explorer.press(&"-".repeat(60));
        let (from, to) = explorer.state.window();
        assert!(
            from < 0.0 && to > explorer.state.last_forecast(),
            "{from} {to}"
        );
        explorer.press("0");
        assert_eq!(explorer.state.viewport, Viewport::Follow);
    }

    #[test]
    fn brackets_move_the_view_by_a_tenth_as_far_as_there_is_something() {
        let mut explorer = Headless::demo();
        let (from, to) = explorer.state.window();
        explorer.press("[");
        let moved = explorer.state.window();
        let tenth = (to - from) / 10.0;
        assert!((from - moved.0 - tenth).abs() < 1e-9 && (to - moved.1 - tenth).abs() < 1e-9);
        explorer.press(&"[".repeat(100));
        let (from, to) = explorer.state.window();
        assert!(from < 0.0 && to > 0.0, "{from} {to}");
        explorer.press(&"]".repeat(100));
        let (from, to) = explorer.state.window();
        let last = explorer.state.last_forecast();
        assert!(from < last && last < to, "{from} {to}");
    }

    #[test]
    fn the_read_out_moves_by_days_and_the_view_with_it() {
        let mut explorer = Headless::demo();
        assert_eq!(explorer.state.cursor_position(), 394.0);
        explorer.press(",,");
        assert_eq!(explorer.state.cursor_position(), 392.0);
        explorer.press(".....");
        assert_eq!(explorer.state.cursor_position(), 394.0);
        // Zoomed in on the last observation, the end of the forecast is out of sight.
        explorer.press(",++++++++<end>");
        let (from, to) = explorer.state.window();
        assert_eq!(explorer.state.cursor, None);
        assert!((from..=to).contains(&explorer.state.cursor_position()));
        // A shorter forecast takes it along.
        explorer.press(".<s-left>");
        assert_eq!(explorer.state.cursor_position(), 387.0);
    }
}
