//! A terminal buffer as PNG.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::{Look, svg};

/// More pixels than any screen has; beyond, a wrong scale is likelier than a wish.
const MAX_PIXELS: f32 = 100e6;

/// The fonts pictures are drawn with; none of the machine's is ever loaded.
const FONTS: [&[u8]; 4] = [
    include_bytes!("font/JetBrainsMono-Regular.ttf"),
    include_bytes!("font/JetBrainsMono-Bold.ttf"),
    include_bytes!("font/JetBrainsMono-Italic.ttf"),
    include_bytes!("font/DejaVuSansMono.ttf"),
];

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The picture would be empty or beyond all measure.
    #[error(
        "a picture of {columns}×{rows} cells at scale {scale} has no usable size; \
         take a scale near 1, and at least one cell"
    )]
    Size { columns: u16, rows: u16, scale: f32 },
    /// The SVG did not parse.
    #[error("cannot draw the picture: {0}; export it as SVG instead")]
    Draw(#[from] resvg::usvg::Error),
    /// The pixels could not be packed.
    #[error("cannot write the picture as PNG: {0}; export it as SVG instead")]
    Encode(String),
}

/// The picture of [`svg()`] in pixels, `scale` of them for each of the look's; 2 suits dense
/// screens. The embedded fonts cover Latin, Greek, arrows and mathematics; other characters show
/// as an empty box.
///
/// # Errors
///
/// [`PictureError::Size`] when the picture would have no pixels or more than a hundred million.
pub fn png(buffer: &Buffer, look: &Look, scale: f32) -> Result<Vec<u8>, PictureError> {
    let size_error = || PictureError::Size {
        columns: buffer.area.width,
        rows: buffer.area.height,
        scale,
    };
    let window = super::window::Window::around(buffer.area.as_size(), look);
    let (width, height) = (
        (window.width * scale).round(),
        (window.height * scale).round(),
    );
    // Written so that a scale that is no number fails too.
    if !(width >= 1.0 && height >= 1.0 && width * height <= MAX_PIXELS) {
        return Err(size_error());
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(size_error)?;

    let tree = Tree::from_str(&svg(buffer, look), &options())?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| PictureError::Encode(error.to_string()))
}

fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
    }
    Options {
        fontdb: Arc::new(fonts),
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};
    use resvg::tiny_skia::PremultipliedColorU8;

    use super::*;
    use crate::explorer::picture::Rgb;

    fn picture(text: &str, scale: f32) -> Pixmap {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 2));
        let style = Style::new().fg(Color::Rgb(255, 0, 0));
        buffer.set_string(0, 0, text, style);
        buffer.set_string(0, 1, text, style);
        let png = png(&buffer, &Look::dark(), scale).expect("a picture");
        Pixmap::decode_png(&png).expect("a PNG")
    }

    fn is(pixel: &PremultipliedColorU8, Rgb(r, g, b): Rgb) -> bool {
        (pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()) == (r, g, b, 255)
    }

    #[test]
    fn has_the_size_of_its_cells_times_the_scale() {
        for (scale, size) in [(1.0, (32, 32)), (2.0, (64, 64)), (1.25, (40, 40))] {
            let pixels = picture("abcd", scale);
            assert_eq!((pixels.width(), pixels.height()), size, "scale {scale}");
        }
    }

    #[test]
    fn blocks_meet_without_seams_at_any_scale() {
        for scale in [1.0, 1.3, 1.5, 2.0] {
            let pixels = picture("████", scale);
            let others = pixels.pixels().iter().filter(|p| !is(p, Rgb(255, 0, 0)));
            assert_eq!(others.count(), 0, "scale {scale}");
        }
    }

    #[test]
    fn eighths_cover_whole_pixels() {
        let pixels = picture("▃▃▃▃", 1.0);
        let inked = pixels.pixels().iter().filter(|p| is(p, Rgb(255, 0, 0)));
        assert_eq!(inked.count(), 32 * 32 * 3 / 8);
        let ground = Look::dark().background;
        let bare = pixels.pixels().iter().filter(|p| is(p, ground));
        assert_eq!(bare.count(), 32 * 32 * 5 / 8);
    }

    #[test]
    fn dots_of_braille_are_drawn() {
        let pixels = picture("⣿", 2.0);
        assert!(is(&pixels.pixel(4, 4).expect("inside"), Rgb(255, 0, 0)));
        assert!(is(
            &pixels.pixel(8, 8).expect("inside"),
            Look::dark().background
        ));
    }

    #[test]
    fn the_embedded_fonts_have_the_signs_of_a_statistics_program() {
        let unknown = picture("\u{10ffff}", 1.0);
        for sign in "✔ ✖ ⚠ ● • · ◂ ▸ ◀ ▶ ▲ ▼ … − × ± ≥ ≤ ≈ ← → ↑ ↓ ⏎ µ σ α é ß ő ² ∞ √ ∑ ═ ╬ r\u{302} y\u{302}"
            .split(' ')
        {
            let drawn = picture(sign, 1.0);
            let ground = Look::dark().background;
            assert!(!drawn.pixels().iter().all(|p| is(p, ground)), "{sign} is blank");
            assert_ne!(drawn.data(), unknown.data(), "{sign} is missing");
        }
        // An accent is drawn over its letter, not lost.
        assert_ne!(picture("r\u{302}", 1.0).data(), picture("r", 1.0).data());
    }

    #[test]
    fn sizes_without_sense_are_errors() {
        let buffer = Buffer::empty(Rect::new(0, 0, 4, 2));
        let empty = Buffer::empty(Rect::new(0, 0, 0, 2));
        for (buffer, scale) in [
            (&buffer, 0.0),
            (&buffer, -1.0),
            (&buffer, f32::NAN),
            (&buffer, f32::INFINITY),
            (&buffer, 1e6),
            (&empty, 1.0),
        ] {
            let result = png(buffer, &Look::dark(), scale);
            assert!(matches!(result, Err(PictureError::Size { .. })), "{scale}");
        }
    }
}
