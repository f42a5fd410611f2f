//! The forecast written to a file: figures as CSV or JSON, the chart as SVG or PNG.

use std::path::{Path, PathBuf};

use super::event::ExportFormat;
use super::figures::Figures;
use super::numbers::count;
use super::state::{Document, State};
use super::theme::Background;
use crate::chart::{self, Ground, Scene, Size, Trust};
use crate::output;

/// Something to write, finished but for the writing.
pub(super) struct Export {
    stem: String,
    format: ExportFormat,
    content: Content,
}

enum Content {
    Text(String),
    Chart(Box<Scene>, Ground),
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
                let ground = match state.theme.background {
                    Background::Dark => Ground::Dark,
                    Background::Light => Ground::Light,
                };
                chart_of(state).map(|scene| Content::Chart(Box::new(scene), ground))
            }
        };
        let name = stem(&state.document.name);
        Self {
            stem: format!(
                "{name}-{}-{}",
                state.controls.horizon,
                state.document.series.axis.step_name()
            ),
            format,
            content: content.unwrap_or(Content::Nothing),
        }
    }

    /// Writes into the current folder under a name that is free.
    pub fn write(self) -> Result<PathBuf, String> {
        let bytes = match self.content {
            Content::Text(text) => text.into_bytes(),
            Content::Chart(scene, ground) if self.format == ExportFormat::Svg => {
                chart::svg(&scene, Size::DEFAULT, ground).into_bytes()
            }
            Content::Chart(scene, ground) => {
                let size = Size::DEFAULT.doubled();
                chart::png(&scene, size, ground).map_err(|error| error.to_string())?
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

/// The chart on screen, once there is one.
fn chart_of(state: &State) -> Option<Scene> {
    let trust = match &state.report {
        Some(report) => Trust::of(&report.checks),
        None => Trust::Unclear("the checks have not been made yet".into()),
    };
    let figures = state.figures.as_ref()?;
    let paths = state.controls.paths;
    Some(figures.scene(&state.document, state.window(), paths, trust))
}

impl Figures {
    /// The figures as a chart of the positions in `window`, with so many single draws.
    pub fn scene(
        &self,
        document: &Document,
        window: (f64, f64),
        paths: usize,
        trust: Trust,
    ) -> Scene {
        let axis = document.series.axis.clone();
        let plural = if document.chains == 1 { "" } else { "s" };
        let source = [
            document.name.clone(),
            document.model.clone(),
            format!(
                "{} chain{plural} × {} draws",
                document.chains,
                count(document.draws)
            ),
        ];
        Scene {
            series: crate::trace::escape(&document.series.name),
            source: source.join(" · "),
            table: self.table(&axis),
            axis,
            window,
            history: self.history.clone(),
            forecast: self.forecast.clone(),
            distribution: self.query.distribution,
            observed: self.observed.clone(),
            paths: self.paths.iter().take(paths).cloned().collect(),
            threshold: self.threshold(self.forecast.len().saturating_sub(1)),
            trust,
        }
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
