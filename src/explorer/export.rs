//! The forecast written to a file: figures as CSV or JSON, the screen as SVG or PNG.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;

use super::event::ExportFormat;
use super::picture::{self, Look};
use super::state::State;
use super::theme::Background;
use super::views;
use crate::output;

/// Something to write, finished but for the writing.
pub(super) struct Export {
    stem: String,
    format: ExportFormat,
    content: Content,
}

enum Content {
    Text(String),
    Screen(Buffer, Look),
    Nothing,
}

impl Export {
    pub fn of(state: &State, format: ExportFormat) -> Self {
        let table = || {
            state
                .figures
                .as_ref()
                .map(|figures| figures.table(&state.document.series.axis))
        };
        let content = match format {
            ExportFormat::Csv => table().map(|table| Content::Text(table.to_csv())),
            ExportFormat::Json => {
                table().map(|table| Content::Text(format!("{}\n", table.to_json())))
            }
            ExportFormat::Svg | ExportFormat::Png => {
                let mut buffer = Buffer::empty(state.area());
                views::draw(state, state.area(), &mut buffer);
                let look = match state.theme.background {
                    Background::Dark => Look::dark(),
                    Background::Light => Look::light(),
                };
                Some(Content::Screen(buffer, look))
            }
        };
        let name = stem(&state.document.name);
        Self {
            stem: format!("{name}-{}-{}", state.controls.horizon, state.step_name()),
            format,
            content: content.unwrap_or(Content::Nothing),
        }
    }

    /// Writes into the current folder under a name that is free.
    pub fn write(self) -> Result<PathBuf, String> {
        let bytes = match self.content {
            Content::Text(text) => text.into_bytes(),
            Content::Screen(buffer, look) if self.format == ExportFormat::Svg => {
                picture::svg(&buffer, &look).into_bytes()
            }
            Content::Screen(buffer, look) => {
                picture::png(&buffer, &look, 2.0).map_err(|error| error.to_string())?
            }
            Content::Nothing => return Err("there is no forecast to export yet".into()),
        };
        let extension = match self.format {
            ExportFormat::Csv => "csv",
            ExportFormat::Json => "json",
            ExportFormat::Svg => "svg",
            ExportFormat::Png => "png",
        };
        let path = free_name(&self.stem, extension);
        output::replace_file(&path, &bytes).map_err(|error| error.to_string())?;
        Ok(path)
    }
}

/// A document's name without its ending, for files made of it.
pub(super) fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem();
    stem.map_or("demo".into(), |stem| file_name(&stem.to_string_lossy()))
}

/// A name that is a file's on any system, of letters, digits and a few signs.
pub(super) fn file_name(name: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_alphanumeric() || "._".contains(c) => c,
        _ => '-',
    };
    name.chars().map(plain).take(80).collect()
}

/// A file of that name in the current folder, with a number where there is one already.
pub(super) fn free_name(stem: &str, extension: &str) -> PathBuf {
    let names = std::iter::once(format!("{stem}.{extension}"))
        .chain((2..).map(|n| format!("{stem}-{n}.{extension}")));
    let free = names.map(PathBuf::from).find(|path| !path.exists());
    free.unwrap_or_else(|| PathBuf::from(stem))
}
