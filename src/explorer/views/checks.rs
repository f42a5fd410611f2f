//! Can this fit be trusted? The verdict, the checks, and the chosen one in full.
//!
//! ```text
//! wide                                       80 × 24                    smaller
//! ┌ can this fit … ─┐┌ r_hat ─────────┐     ┌ can this fit … ──┐       the verdict
//! │ ✖ do not trust  ││ what was found │     │ verdict, checks  │       and the chosen
//! │ …               ││ what to do     │     └──────────────────┘       check in words
//! │ ✖ r_hat 2.23    ││ ▁▂▅ its figure │     ┌ r_hat ───────────┐
//! │ ✔ energy 0.67   ││ what it means  │     │ words and figure │
//! └─────────────────┘└────────────────┘     └──────────────────┘
//! ```

mod detail;
mod list;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::explorer::report::Report;
use crate::explorer::state::State;
use crate::explorer::widgets::{text, title};

/// Columns of the list beside the chosen check.
const LIST: u16 = 46;

/// Where the parts are; empty where there is no room.
struct Parts {
    list: Rect,
    detail: Rect,
}

impl Parts {
    fn of(state: &State, area: Rect) -> Self {
        let mut parts = Self {
            list: Rect::default(),
            detail: area,
        };
        if area.width >= 100 && area.height >= 14 {
            parts.list = Rect {
                width: LIST,
                ..area
            };
            parts.detail.x += LIST;
            parts.detail.width -= LIST;
        } else if area.width >= 50 && area.height >= 12 {
            let checks = state
                .report
                .as_ref()
                .map_or(0, |report| report.by_gravity().len());
            // Frame and verdict; a few checks at least, and not more than their share.
            let wanted = checks.min(20) as u16 + 4;
            let height = wanted.min((area.height * 2 / 5).max(6));
            parts.list = Rect { height, ..area };
            parts.detail.y += height;
            parts.detail.height -= height;
        }
        parts
    }
}

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let parts = Parts::of(state, area);
    let Some(report) = &state.report else {
        text(
            buffer,
            area,
            area.x + 1,
            area.y,
            "checking …",
            state.theme.dim,
        );
        return;
    };
    if parts.list.is_empty() {
        detail::in_words(state, report, parts.detail, buffer);
    } else {
        list::draw(state, report, parts.list, buffer);
        detail::draw(state, report, parts.detail, buffer);
    }
}

/// The view in one line.
pub(super) fn line(state: &State) -> String {
    let (badge, _) = title::badge(state, false);
    match &state.report {
        Some(report) => format!("{badge} · {}", report.checks.headline()),
        None => badge,
    }
}

/// The check under a point of the view drawn in `area`.
pub fn check_at(state: &State, area: Rect, at: Position) -> Option<&'static str> {
    let report: &Report = state.report.as_ref()?;
    let list = Parts::of(state, area).list;
    if list.is_empty() {
        return None;
    }
    list::check_at(state, report, list, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::Headless;
    use crate::explorer::layout::Layout;

    /// Names of the checks at each row of the list, in a window of some size.
    fn rows(explorer: &mut Headless, width: u16, height: u16) -> Vec<Option<&'static str>> {
        explorer.resize(width, height);
        let state = &explorer.state;
        let body = Layout::of(state.area(), state.view, state.failed()).body;
        let at = |y| check_at(state, body, Position::new(body.x + 4, y));
        (body.top()..body.bottom()).map(at).collect()
    }

    #[test]
    fn the_pointer_finds_the_check_that_is_drawn_there() {
        let mut explorer = Headless::failed();
        explorer.press("3");
        for (width, height) in [(140, 40), (100, 30), (80, 24)] {
            let found = rows(&mut explorer, width, height);
            let screen = explorer.draw();
            let top = usize::from(explorer.state.area().height) - found.len() - 1;
            assert!(found.iter().flatten().count() >= 3, "{width}x{height}");
            for (row, name) in found.iter().enumerate() {
                let line = (0..46).map(|x| screen[(x, (top + row) as u16)].symbol());
                let line: String = line.collect();
                if let Some(name) = name {
                    assert!(line.contains(name), "{width}x{height} {name}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_short_list_shows_the_chosen_check() {
        let mut explorer = Headless::failed();
        explorer.press("3");
        let count = explorer
            .state
            .report
            .as_ref()
            .map_or(0, |r| r.by_gravity().len());
        for _ in 0..count {
            let found = rows(&mut explorer, 80, 24);
            let chosen = explorer.state.chosen_check().map(|check| check.name);
            assert!(found.contains(&chosen), "{chosen:?} {found:?}");
            explorer.press("<down>");
        }
    }

    #[test]
    fn a_click_on_nothing_chooses_nothing() {
        let explorer = Headless::failed();
        let area = Rect::new(0, 0, 120, 30);
        for (x, y) in [(0, 0), (60, 10), (5, 29), (200, 200)] {
            assert_eq!(check_at(&explorer.state, area, Position::new(x, y)), None);
        }
        assert_eq!(
            check_at(&explorer.state, Rect::new(0, 0, 30, 8), Position::new(3, 3)),
            None
        );
    }
}
