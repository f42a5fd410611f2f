//! The words of a picture: above, on and below its curves.

use super::super::legend::Mark;
use super::super::scene::Trust;
use super::super::text::cut;
use super::super::xml::{append, line, number};
use super::{Anchor, Picture};

impl Picture<'_> {
    pub(super) fn heading(&mut self) {
        let (layout, palette) = (self.layout, self.palette);
        let fonts = layout.fonts;
        let bold = format!("fill=\"{}\" font-weight=\"600\"", palette.text);
        if let Some(title) = &layout.title {
            let at = (layout.margin, title.y);
            self.text(at, Anchor::Start, fonts.title, &bold, &title.text);
        }
        let failed = self.scene.trust.failure().is_some();
        let (indent, style) = if failed {
            let style = format!("fill=\"{}\" font-weight=\"600\"", palette.on_alarm);
            (if layout.roomy { 12.0 } else { 6.0 }, style)
        } else {
            (0.0, format!("fill=\"{}\"", palette.dim))
        };
        if let (true, Some(first)) = (failed, layout.message.first()) {
            let row = layout.message_row();
            let top = first.y + fonts.body * 0.35 - row - 3.0;
            append(
                &mut self.out,
                format_args!(
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{}\"/>\n",
                    number(layout.margin),
                    number(top),
                    number(layout.width - 2.0 * layout.margin),
                    number(row * layout.message.len() as f64 + 6.0),
                    palette.alarm
                ),
            );
        }
        for line in &layout.message {
            self.text(
                (layout.margin + indent, line.y),
                Anchor::Start,
                fonts.body,
                &style,
                &line.text,
            );
        }
    }

    pub(super) fn time_name(&mut self, smoothed: bool) {
        let layout = self.layout;
        if let Some(y) = layout.time_name {
            let mut name = self.scene.time_name();
            if smoothed {
                name += " · cycles are too narrow to draw: bands reach over whole ones and hold at least as many futures";
            }
            let small = layout.fonts.small;
            let name = cut(&name, layout.right - layout.left, small);
            let middle = (layout.left + layout.right) / 2.0;
            let dim = format!("fill=\"{}\"", self.palette.dim);
            self.text((middle, y), Anchor::Middle, small, &dim, &name);
        }
    }

    /// In an inset, which has no name of the time.
    pub(super) fn smoothed(&mut self, words: &str) {
        let layout = self.layout;
        let dim = format!("fill=\"{}\"", self.palette.dim);
        let at = (layout.right - 6.0, layout.bottom - 8.0);
        self.text(at, Anchor::End, layout.fonts.small, &dim, words);
    }

    /// Words on and beside the curves.
    pub(super) fn labels(&mut self) {
        let (layout, palette, scene) = (self.layout, self.palette, self.scene);
        let small = layout.fonts.small;
        let dim = format!("fill=\"{}\"", palette.dim);
        let split = layout.x(scene.split());
        if let Some(y) = layout.names
            && (layout.left..=layout.right).contains(&split)
        {
            if split - layout.left > 160.0 {
                self.text((split - 8.0, y), Anchor::End, small, &dim, "history");
            }
            if layout.right - split > 70.0 {
                self.text((split + 8.0, y), Anchor::Start, small, &dim, "forecast");
            }
        }
        if layout.roomy {
            let style = format!("fill=\"{}\"", palette.text);
            let figures = scene.last_figures();
            let y = |figure: &(f64, String)| layout.y(figure.0);
            let apart = figures
                .windows(2)
                .all(|pair| y(&pair[1]) - y(&pair[0]) >= 1.1 * small);
            for (i, figure) in figures.iter().enumerate() {
                // Where there is no room for all three, the mean stands alone.
                if apart || i == 1 {
                    let at = (layout.right + 6.0, y(figure) + small * 0.35);
                    self.text(at, Anchor::Start, small, &style, &figure.1);
                }
            }
        }
        if let (Some(threshold), Some(words)) = (scene.threshold, scene.exceedance()) {
            let y = layout.y(threshold.value);
            let over = y - layout.top > 1.6 * small;
            let y = if over { y - 6.0 } else { y + small + 5.0 };
            let style = format!(
                "fill=\"{}\" font-weight=\"600\" stroke=\"{}\" stroke-width=\"4\" \
                 stroke-linejoin=\"round\" paint-order=\"stroke\"",
                palette.threshold, self.ground
            );
            let words = cut(&words, layout.right - layout.left - 12.0, small);
            self.text((layout.left + 6.0, y), Anchor::Start, small, &style, &words);
        }
    }

    pub(super) fn legend(&mut self) {
        let (layout, palette) = (self.layout, self.palette);
        let small = layout.fonts.small;
        let style = format!("fill=\"{}\"", palette.text);
        for entry in &layout.legend {
            let baseline = layout.legend_y + entry.row as f64 * layout.legend_row();
            let (x, y) = (layout.margin + entry.x, baseline - small * 0.35);
            let across = line([(x, y), (x + 20.0, y)]);
            match entry.mark {
                Mark::Observation => {
                    append(
                        &mut self.out,
                        format_args!("<g fill=\"{}\">\n", palette.observation),
                    );
                    self.dot(x + 12.0, y, 3.4);
                    self.out.push_str("</g>\n");
                }
                Mark::Mean => self.stroke("key", &across, palette.mean, 2.2, ""),
                Mark::Path => self.stroke("key", &across, palette.path, 1.0, ""),
                Mark::Band(band) => self.swatch(band, x, y),
            }
            let at = (layout.margin + entry.text_x, baseline);
            self.text(at, Anchor::Start, small, &style, &entry.text);
        }
        if let Some(source) = &layout.source {
            let color = match self.scene.trust {
                Trust::Unclear(_) => palette.warn,
                Trust::Sound(_) | Trust::Failed(_) => palette.dim,
            };
            let style = format!("fill=\"{color}\"");
            let at = (layout.margin, source.y);
            self.text(at, Anchor::Start, layout.fonts.tiny, &style, &source.text);
        }
    }

    /// A sample of a band.
    fn swatch(&mut self, band: usize, x: f64, y: f64) {
        let palette = self.palette;
        let corners = [
            (x, y - 6.0),
            (x + 20.0, y - 6.0),
            (x + 20.0, y + 6.0),
            (x, y + 6.0),
        ];
        let shape = line(corners) + "z";
        if self.scene.trust.failure().is_some() {
            let fill = format!("url(#{}-hatch-{})", self.name, band.min(2));
            let edge = format!(" stroke=\"{}\" stroke-width=\"0.8\"", palette.untrusted);
            self.area("key", &shape, &fill, &edge);
        } else {
            let color = self.bands.get(band).cloned().unwrap_or_default();
            self.area("key", &shape, &color, "");
        }
    }
}
