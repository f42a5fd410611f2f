//! What a picture shows: the chart of a state, in the frame that its cells have.

use std::sync::Arc;

use ratatui::layout::{Rect, Size};
use ratatui::style::Color;

use super::super::canvas::Ink;
use super::super::figures::Figures;
use super::super::layout::Layout;
use super::super::picture::Rgb;
use super::super::plot::Plot;
use super::super::state::{Document, State, View};
use super::super::theme::{Background, Colors, Theme};
use super::super::views::forecast::chart_area;
use super::super::widgets::chart::{SMOOTHED, mean_at};
use crate::chart::{Cursor, Ground, Inset, Scene, Trust};

/// Units of a chart in the height of a cell: its text is about as large as the terminal's.
const UNITS: f64 = 16.0;

/// A picture's subject. Two that are equal look the same.
#[derive(Debug, Clone)]
pub struct Subject {
    figures: Arc<Figures>,
    document: Arc<Document>,
    look: Look,
}

#[derive(Debug, Clone, PartialEq)]
struct Look {
    /// Cells of the chart, its axes included.
    area: Rect,
    screen: Size,
    /// Width and height of a cell in pixels.
    cell: (u16, u16),
    plot: Plot,
    paths: usize,
    chains: bool,
    cursor: Cursor,
    hatched: bool,
    background: Background,
    around: Option<Rgb>,
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.figures, &other.figures)
            && Arc::ptr_eq(&self.document, &other.document)
            && self.look == other.look
    }
}

impl Subject {
    /// The chart of a state on cells of so many pixels, with `around` behind them; `None` where
    /// the state shows no chart, or something lies over it.
    pub fn of(state: &State, cell: (u16, u16), around: Option<Rgb>) -> Option<Self> {
        let figures = state.figures.clone()?;
        let layout = Layout::of(state.area(), state.view, state.failed());
        // Without a line of their own, prompts cover the chart's last one.
        let covered = state.overlay.is_some() || layout.hints.is_empty();
        if state.view != View::Forecast || covered {
            return None;
        }
        let area = chart_area(&layout);
        let mean = mean_at(&figures, state.cursor_position());
        Some(Self {
            look: Look {
                area,
                screen: state.size,
                cell,
                plot: Plot::of(state, area)?,
                paths: state.controls.paths,
                chains: state.controls.chains,
                cursor: Cursor {
                    at: state.cursor_position(),
                    mean: mean.filter(|_| !state.unread_failure()),
                    line: state.cursor.is_some(),
                },
                hatched: state.unread_failure(),
                background: state.theme.background,
                around,
            },
            document: state.document.clone(),
            figures,
        })
    }

    /// The cells it covers.
    pub fn area(&self) -> Rect {
        self.look.area
    }

    /// Whether both cover the same cells of the same screen.
    pub fn in_place_of(&self, other: &Self) -> bool {
        let place = |subject: &Self| (subject.look.area, subject.look.screen, subject.look.cell);
        place(self) == place(other)
    }

    /// What is drawn.
    pub fn scene(&self) -> Scene {
        let look = &self.look;
        // The banner over the chart says why; here the bands are hatched.
        let trust = if look.hatched {
            Trust::Failed(String::new())
        } else {
            Trust::Sound(String::new())
        };
        let window = look.plot.window();
        self.figures
            .scene(&self.document, window, look.paths, trust)
    }

    /// Where it is drawn: just where the cells have it, so that the pointer finds it.
    pub fn inset(&self) -> Inset {
        let Look { area, plot, .. } = &self.look;
        let across = |columns: u16| u32::from(columns) * u32::from(self.look.cell.0);
        let down = |rows: u16| u32::from(rows) * u32::from(self.look.cell.1);
        let frame = plot.inner;
        // All the colours that there are, whatever the cells have to do with.
        let theme = Theme::new(Colors::True, self.look.background);
        Inset {
            width: across(area.width),
            height: down(area.height),
            left: across(frame.x - area.x),
            top: down(frame.y - area.y),
            right: across(frame.right() - area.x),
            bottom: down(frame.bottom() - area.y),
            values: plot.values(),
            value_ticks: plot.value_ticks.clone(),
            time_ticks: plot.time_ticks.clone(),
            unit: f64::from(self.look.cell.1) / UNITS,
            ground: self.look.around.map(|Rgb(r, g, b)| [r, g, b]),
            bands: solid(theme.forecast_inks(self.figures.forecast.bands.len())),
            backdrop: solid(theme.history_inks(self.figures.history.bands.len())),
            chains: if self.look.chains {
                self.figures.chains.clone()
            } else {
                Vec::new()
            },
            cursor: Some(self.look.cursor),
            smoothed: SMOOTHED,
        }
    }

    pub fn ground(&self) -> Ground {
        match self.look.background {
            Background::Dark => Ground::Dark,
            Background::Light => Ground::Light,
        }
    }
}

/// Red, green and blue of inks.
fn solid(inks: Vec<Ink>) -> Vec<[u8; 3]> {
    let channels = |ink| match ink {
        Ink::Solid(Color::Rgb(r, g, b)) => Some([r, g, b]),
        Ink::Solid(_) | Ink::Texture { .. } => None,
    };
    inks.into_iter().filter_map(channels).collect()
}
