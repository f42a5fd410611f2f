//! The window around a picture with a title.

use ratatui::layout::Size;

use super::Look;
use super::cells::is_text;
use super::paths::append;
use super::text::{baseline, escaped, font_size};

/// Radius of the window's corners in pixels.
const CORNER: f32 = 8.0;

/// Sizes in pixels at scale 1.
pub(super) struct Window {
    pub width: f32,
    pub height: f32,
    /// Where the cells begin.
    left: f32,
    top: f32,
}

impl Window {
    pub(super) fn around(cells: Size, look: &Look) -> Window {
        let width = f32::from(cells.width) * f32::from(look.cell.width);
        let height = f32::from(cells.height) * f32::from(look.cell.height);
        if look.title.is_none() {
            return Window {
                width,
                height,
                left: 0.0,
                top: 0.0,
            };
        }
        // A bar twice as high as a row, and room of a cell's width on the other sides.
        let margin = f32::from(look.cell.width);
        let bar = 2.0 * f32::from(look.cell.height);
        Window {
            width: width + 2.0 * margin,
            height: bar + height + margin,
            left: margin,
            top: bar,
        }
    }

    /// Appends the document's head, the window, and the start of a group that holds the cells.
    pub(super) fn open(&self, svg: &mut String, look: &Look) {
        let (width, height) = (self.width, self.height);
        append(
            svg,
            format_args!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" \
                 width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
                 font-family=\"JetBrains Mono, DejaVu Sans Mono, monospace\" font-size=\"{:.3}\" \
                 style=\"white-space:pre;font-variant-ligatures:none\">\n",
                font_size(look),
            ),
        );
        match &look.title {
            Some(title) => self.frame(svg, look, title),
            None => append(
                svg,
                format_args!(
                    "<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
                    look.background,
                ),
            ),
        }
        append(
            svg,
            format_args!("<g transform=\"translate({} {})\">\n", self.left, self.top),
        );
    }

    pub(super) fn close(&self, svg: &mut String) {
        svg.push_str("</g>\n</svg>\n");
    }

    fn frame(&self, svg: &mut String, look: &Look, title: &str) {
        // As many characters as the bar has room for.
        let room = (self.width / f32::from(look.cell.width)) as usize;
        let title: String = title.chars().filter(|&c| is_text(c)).take(room).collect();
        let title = escaped(&title);
        let edge = look.background.toward(look.foreground, 0.25);
        // Half a pixel in, so that the border covers whole ones.
        append(
            svg,
            format_args!(
                "<title>{title}</title>\n\
                 <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"{CORNER}\" \
                 fill=\"{}\" stroke=\"{edge}\"/>\n\
                 <text x=\"{}\" y=\"{}\" fill=\"{}\" text-anchor=\"middle\">{title}</text>\n",
                self.width - 1.0,
                self.height - 1.0,
                look.background,
                self.width / 2.0,
                // The bar is two rows high: its middle is half a row below the first row's.
                baseline(look) + f32::from(look.cell.height) / 2.0,
                look.foreground.toward(look.background, 0.35),
            ),
        );
    }
}
