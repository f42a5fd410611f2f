//! A fan chart as PNG: its SVG, drawn with embedded fonts.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::palette::Ground;
use super::scene::Scene;
use super::size::Size;
use super::svg::svg;

/// The fonts charts are drawn with; none of the machine's is ever loaded.
const FONTS: [&[u8]; 3] = [
    include_bytes!("font/Inter-Regular.otf"),
    include_bytes!("font/Inter-SemiBold.otf"),
    include_bytes!("../explorer/picture/font/DejaVuSansMono.ttf"),
];

static LOADED: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
    }
    Arc::new(fonts)
});

/// Why a chart could not be made into pixels.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    #[error("cannot draw the chart: {0}; write it as SVG instead")]
    Draw(#[from] resvg::usvg::Error),
    #[error("there is no memory for a picture of {width}x{height} pixels; choose a smaller --size")]
    Memory { width: u32, height: u32 },
    #[error("cannot write the chart as PNG: {0}; write it as SVG instead")]
    Encode(String),
}

/// The chart of [`svg`] in just as many pixels as `size` says.
///
/// # Errors
/// [`PngError`] where the machine has too little memory.
pub fn png(scene: &Scene, size: Size, ground: Ground) -> Result<Vec<u8>, PngError> {
    rendered(&svg(scene, size, ground), size.width(), size.height())?
        .encode_png()
        .map_err(|error| PngError::Encode(error.to_string()))
}

/// An SVG document in so many pixels.
pub(super) fn rendered(svg: &str, width: u32, height: u32) -> Result<Pixmap, PngError> {
    let options = Options {
        fontdb: LOADED.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let mut pixels = Pixmap::new(width, height).ok_or(PngError::Memory { width, height })?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    Ok(pixels)
}
