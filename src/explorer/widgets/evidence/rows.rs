//! A figure with a row for each chain or parameter on a common scale.
//!
//! ```text
//! r_hat of each parameter
//!            ≤ 1.01
//!   period ┤━━┊━━━━━━━━━━━━━━━━━◆  2.2341
//!    sigma ┤━━┊━━━━━━━━━━◆         1.8012
//!          ╰┬───────────┬───────
//!           1.0        2.0
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Sign, bars, caption};
use crate::chart::ticks::{self, Tick};
use crate::explorer::plot::Plot;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::{axes, text};

/// Columns of a name; a longer one is cut.
const NAME: usize = 18;
/// Screen rows of a row, where there is room.
const PITCH: u16 = 3;

pub struct Rows {
    pub caption: String,
    /// Signs and what they mean; the second says whether it is the sign of what is bad.
    pub signs: Vec<(char, bool, &'static str)>,
    pub rows: Vec<Row>,
    /// The ends of the scale.
    pub from: f64,
    pub to: f64,
    /// The scale is one of shares, told in percent.
    pub shares: bool,
    /// What the figures are held against, and how it is said.
    pub threshold: Option<(f64, String)>,
}

pub struct Row {
    pub name: String,
    pub picture: Picture,
    /// Behind the row.
    pub figure: String,
    /// Not as it should be.
    pub bad: bool,
}

pub enum Picture {
    /// A line between two values and signs on it.
    Span {
        from: f64,
        to: f64,
        signs: Vec<(f64, char)>,
    },
    /// Shares along the scale, as bars.
    Strip(Vec<f64>),
}

impl Rows {
    /// The caption, the threshold's label, the rows and the axis.
    pub(super) fn most_height(&self) -> u16 {
        let rows = (self.rows.len().min(1000) as u16) * PITCH;
        rows + 4 + u16::from(!self.signs.is_empty())
    }

    pub(super) fn draw(&self, theme: &Theme, area: Rect, buffer: &mut Buffer) {
        let signs: Vec<Sign> = self
            .signs
            .iter()
            .map(|&(sign, bad, words)| (sign.to_string(), style(theme, bad), words))
            .collect();
        let mut rest = caption(theme, &self.caption, &signs, area, buffer);
        if self.threshold.is_some() && rest.height > 4 {
            rest.y += 1;
            rest.height -= 1;
        }
        let room = rest.height.saturating_sub(2);
        let count = self.rows.len();
        let shown = if count > usize::from(room) {
            usize::from(room.saturating_sub(1))
        } else {
            count
        };
        if shown == 0 {
            return;
        }
        let pitch = (room / shown as u16).clamp(1, PITCH);
        let figures = self.rows.iter().map(|row| row.figure.width()).max();
        let figures = figures.unwrap_or(0) as u16 + 2;
        let height = pitch * shown as u16;
        let picture = Rect {
            width: rest.width.saturating_sub(figures),
            height: height + 2,
            ..rest
        };
        let Some(plot) = self.plot(picture, shown) else {
            return;
        };
        axes::draw(theme, &plot, buffer);
        self.draw_threshold(theme, &plot, area, buffer);
        for (i, row) in self.rows.iter().enumerate().take(shown) {
            let y = plot.inner.y + i as u16 * pitch;
            self.draw_row(
                theme,
                &plot,
                row,
                Rect {
                    y,
                    height: pitch,
                    ..plot.inner
                },
                buffer,
            );
            let x = plot.inner.right() + 2;
            let style = if row.bad { theme.bad } else { theme.text };
            text(buffer, area, x, y + (pitch - 1) / 2, &row.figure, style);
        }
        if shown < count {
            let y = plot.time_axis.bottom();
            let more = format!("… and {} more", count - shown);
            text(buffer, area, plot.inner.x, y, &more, theme.dim);
        }
    }

    fn plot(&self, area: Rect, shown: usize) -> Option<Plot> {
        let names = |height: usize| {
            let pitch = height / shown;
            let row_of = |i: usize| (i * pitch + (pitch - 1) / 2) as f64 + 0.5;
            let names = self.rows.iter().take(shown).enumerate();
            names
                .map(|(i, row)| Tick {
                    at: height as f64 - row_of(i),
                    label: cut(&row.name),
                })
                .collect()
        };
        let height = f64::from(area.height.saturating_sub(2));
        let across = |width: usize| {
            let most = (width / 9).clamp(2, 10);
            if self.shares {
                super::percents(self.from, self.to, most)
            } else {
                ticks::values(self.from, self.to, most)
            }
        };
        Plot::new(area, (self.from, self.to), (0.0, height), across, names)
    }

    fn draw_threshold(&self, theme: &Theme, plot: &Plot, area: Rect, buffer: &mut Buffer) {
        let Some((value, words)) = &self.threshold else {
            return;
        };
        let column = plot.column(*value);
        if !(column >= 0.0 && column < f64::from(plot.inner.width)) {
            return;
        }
        let style = Style::new().fg(theme.threshold);
        let x = plot.inner.x + column as u16;
        for y in plot.inner.top()..plot.inner.bottom() {
            text(buffer, plot.inner, x, y, "┊", style);
        }
        let above = Rect {
            x: plot.inner.x,
            ..area
        };
        let last = area.right().saturating_sub(words.width() as u16);
        if plot.inner.y > area.y + 1 {
            text(buffer, above, x.min(last), plot.inner.y - 1, words, style);
        }
    }

    fn draw_row(&self, theme: &Theme, plot: &Plot, row: &Row, area: Rect, buffer: &mut Buffer) {
        let color = style(theme, row.bad);
        match &row.picture {
            Picture::Span { from, to, signs } => {
                let y = area.y + (area.height - 1) / 2;
                let last = area.width.saturating_sub(1);
                let column = |value: f64| area.x + (plot.column(value).max(0.0) as u16).min(last);
                if from.is_finite() && to.is_finite() {
                    for x in column(*from)..=column(*to) {
                        text(buffer, area, x, y, "━", color);
                    }
                }
                for (at, sign) in signs.iter().filter(|(at, _)| !at.is_nan()) {
                    text(buffer, area, column(*at), y, &sign.to_string(), color);
                }
            }
            Picture::Strip(shares) => {
                // A blank row apart, where there is room.
                let height = area.height.saturating_sub(1).max(1);
                let per_column = shares.len() as f64 / f64::from(area.width.max(1));
                let share = |column: u16| {
                    let from = (f64::from(column) * per_column) as usize;
                    let to = (f64::from(column + 1) * per_column).ceil() as usize;
                    let part = shares.get(from..to.min(shares.len())).unwrap_or_default();
                    part.iter().copied().fold(0.0, f64::max)
                };
                bars(buffer, Rect { height, ..area }, share, color);
            }
        }
    }
}

fn style(theme: &Theme, bad: bool) -> Style {
    if bad {
        theme.bad
    } else {
        Style::new().fg(theme.histogram)
    }
}

/// A name in at most [`NAME`] columns.
fn cut(name: &str) -> String {
    if name.width() <= NAME {
        return name.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= NAME
    };
    name.chars().take_while(fits).chain(['…']).collect()
}
