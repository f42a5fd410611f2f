//! Where things go, at any size.
//!
//! Every view has the title, the hints and what lies between, its body; the forecast divides
//! its body:
//!
//! ```text
//! wide enough for two columns            80 × 24                40 × 10       smaller
//! ┌ title ───────────────── badge ┐      title ······ badge     chart         one line
//! │ banner of a failed fit        │      banner                               of text
//! │ chart               │ panel   │      chart
//! │                     │         │      one line of figures
//! │ controls                      │      controls
//! └ hints, prompt, notice ────────┘      hints
//! ```
//!
//! A presentation has the whole screen, with margins where there is room for them:
//!
//! ```text
//!   title                                            40 × 10
//!   chart                        │ names │ dots      chart
//!                                │       │           words
//!   words
//!   hints, while they are needed
//! ```

use ratatui::layout::Rect;

use super::state::View;

/// Rectangles of a screen; empty where there is no room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    pub title: Rect,
    /// Shown over everything else when the fit failed.
    pub banner: Rect,
    /// Everything between title and hints, for a view to divide.
    pub body: Rect,
    pub chart: Rect,
    pub panel: Rect,
    /// One line of figures in place of the panel.
    pub figures: Rect,
    pub controls: Rect,
    /// Of a presentation: how often each band holds, the dots of the day, the sentences.
    pub names: Rect,
    pub dots: Rect,
    pub words: Rect,
    pub hints: Rect,
    /// The only line there is.
    pub line: Rect,
}

impl Layout {
    pub fn of(area: Rect, view: View, failed: bool) -> Self {
        if area.width < 24 || area.height < 6 {
            return Self {
                line: Rect {
                    height: area.height.min(1),
                    ..area
                },
                ..Self::default()
            };
        }
        if view == View::Present {
            return Self::of_presentation(area, failed);
        }
        let mut rest = area;
        let mut out = Self::default();
        let roomy = area.width >= 60 && area.height >= 14;
        if roomy {
            out.title = top(&mut rest, 1);
        }
        // Elsewhere than over the bands the badge says it, where there is one.
        if failed && (view == View::Forecast || !roomy) {
            out.banner = top(&mut rest, if area.height >= 20 { 2 } else { 1 });
        }
        if roomy {
            out.hints = bottom(&mut rest, 1);
        }
        out.body = rest;
        if view != View::Forecast {
            return out;
        }
        if roomy {
            out.controls = bottom(&mut rest, 1);
        }
        if area.width >= 100 && area.height >= 20 {
            let width = if area.width >= 150 { 62 } else { 48 };
            out.panel = Rect {
                x: rest.right() - width,
                width,
                ..rest
            };
            rest.width -= width;
        } else if roomy {
            out.figures = bottom(&mut rest, 1);
        }
        out.chart = rest;
        out
    }

    fn of_presentation(area: Rect, failed: bool) -> Self {
        let mut rest = area;
        let mut out = Self::default();
        let roomy = area.width >= 60 && area.height >= 14;
        let tall = area.height >= 20;
        if failed {
            out.banner = top(&mut rest, if tall { 2 } else { 1 });
        }
        let margin = match area.width {
            100.. => 4,
            60.. => 2,
            _ => 0,
        };
        rest.x += margin;
        rest.width -= 2 * margin;
        if roomy {
            out.hints = bottom(&mut rest, 1);
        }
        if area.height >= 30 {
            top(&mut rest, 1);
            bottom(&mut rest, 1);
        }
        if roomy {
            out.title = top(&mut rest, 1);
        }
        out.words = bottom(&mut rest, 3);
        if roomy && tall {
            top(&mut rest, 1);
            bottom(&mut rest, 1);
        }
        if roomy {
            let width = match area.width {
                150.. => 32,
                100.. => 26,
                _ => 22,
            };
            out.dots = right(&mut rest, width);
            out.names = right(&mut rest, 13);
        }
        out.body = rest;
        out.chart = rest;
        out
    }

    /// Whether the chart and the panel have frames around them.
    pub fn framed(&self) -> bool {
        !self.panel.is_empty()
    }
}

fn top(rest: &mut Rect, height: u16) -> Rect {
    let height = height.min(rest.height);
    let taken = Rect { height, ..*rest };
    rest.y += height;
    rest.height -= height;
    taken
}

fn bottom(rest: &mut Rect, height: u16) -> Rect {
    let height = height.min(rest.height);
    rest.height -= height;
    Rect {
        y: rest.bottom(),
        height,
        ..*rest
    }
}

fn right(rest: &mut Rect, width: u16) -> Rect {
    let width = width.min(rest.width);
    rest.width -= width;
    Rect {
        x: rest.right(),
        width,
        ..*rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn a_view() -> impl Strategy<Value = View> {
        let views: Vec<View> = View::ALL.into_iter().chain([View::Present]).collect();
        prop::sample::select(views)
    }

    proptest! {
        #[test]
        fn parts_lie_inside_and_apart(width in 0u16..400, height in 0u16..200, view in a_view(), failed: bool) {
            let area = Rect::new(0, 0, width, height);
            let l = Layout::of(area, view, failed);
            let of_body = [l.chart, l.panel, l.figures, l.controls];
            let around = vec![l.title, l.banner, l.body, l.names, l.dots, l.words, l.hints, l.line];
            for parts in [around, of_body.to_vec()] {
                let used: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                for (i, part) in used.iter().enumerate() {
                    prop_assert_eq!(area.intersection(*part), *part);
                    prop_assert!(used[i + 1..].iter().all(|other| !part.intersects(*other)));
                }
            }
            prop_assert!(of_body.iter().all(|part| l.body.union(*part) == l.body || part.is_empty()));
        }

        #[test]
        fn a_failed_fit_is_said_at_any_size(width in 1u16..400, height in 1u16..200, view in a_view()) {
            let l = Layout::of(Rect::new(0, 0, width, height), view, true);
            prop_assert!(!l.banner.is_empty() || !l.line.is_empty() || !l.title.is_empty());
        }
    }
}
