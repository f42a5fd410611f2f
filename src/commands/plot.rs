//! `fanchart plot`: the fan chart as SVG or PNG, or as text.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use clap::builder::{PathBufValueParser, TypedValueParser};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size as Columns;
use ratatui::style::Color;

use super::cli::{ForecastOptions, ModelOptions, Wanted};
use super::{CommandError, Io, open};
use crate::chart::{self, Ground, Scene, Size, Trust};
use crate::config::Config;
use crate::diagnostics::CheckReport;
use crate::explorer::engine::Engine;
use crate::explorer::figures::Query;
use crate::explorer::theme::{Background, Colors};
use crate::explorer::{Controls, Document, Headless, Options, widgets};
use crate::forecast::{Distribution, Fit, PATHS};
use crate::output::{self, Destination};

/// Size of the text chart.
const TEXT: Columns = Columns::new(100, 30);

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart plot trace.nc\n  \
    fanchart plot trace.nc -o chart.svg --threshold 33\n  \
    fanchart plot trace.nc -o slide.png --size 1920x1080 --theme dark\n  \
    fanchart plot trace.nc -o year.png --horizon 365\n\n\
    The chart of a fit that failed its checks is hatched and says so.")]
pub struct Args {
    /// Trace to draw the forecast of (.nc), or series to fit first (.csv); the built-in demo
    /// without one
    #[arg(value_name = "TRACE")]
    pub trace: Option<PathBuf>,
    /// Write a picture to this file, in the format that its name ends in: .svg or .png; without
    /// it the chart is printed as text
    #[arg(
        long,
        short,
        value_name = "FILE",
        value_parser = PathBufValueParser::new().try_map(Picture::new)
    )]
    pub output: Option<Picture>,
    #[command(flatten)]
    pub forecast: ForecastOptions,
    /// Draw a line at this value and say how often the last day exceeds it
    #[arg(
        long,
        value_name = "VALUE",
        value_parser = finite,
        allow_negative_numbers = true
    )]
    pub threshold: Option<f64>,
    /// Draw so many single futures over the bands, 0 to 9
    #[arg(
        long,
        value_name = "N",
        default_value = "0",
        value_parser = clap::value_parser!(u8).range(0..=PATHS as i64)
    )]
    pub paths: u8,
    /// Size of the picture in pixels, 200x120 to 10000x10000; larger pictures have larger text
    #[arg(long, value_name = "SIZE", default_value_t = Size::DEFAULT, requires = "output")]
    pub size: Size,
    /// Ground of the chart; a picture's is light where nothing is said, a terminal's that of the
    /// config, else dark
    #[arg(long, value_name = "THEME")]
    pub theme: Option<Theme>,
    #[command(flatten)]
    pub model: ModelOptions,
}

/// The ground of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// Dark on white, for print
    Light,
    /// Light on near black, for screens
    Dark,
}

/// A file for a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    path: PathBuf,
    format: PictureFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PictureFormat {
    Svg,
    Png,
}

impl Picture {
    fn new(path: PathBuf) -> Result<Self, String> {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let format = match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("svg") => PictureFormat::Svg,
            Some("png") => PictureFormat::Png,
            _ => return Err("a picture's name ends in .svg or .png".into()),
        };
        Ok(Self { path, format })
    }
}

/// A number that a chart can show.
pub(super) fn finite(text: &str) -> Result<f64, String> {
    let value = text.trim().parse().ok();
    let value = value.filter(|value: &f64| value.is_finite());
    value.ok_or_else(|| "a threshold is a number, like 33".to_owned())
}

/// Draws the chart.
///
/// # Errors
/// [`CommandError`] when the trace cannot be read or used, or the output not written.
pub fn run(args: &Args, config: &Config, io: &mut Io) -> Result<ExitCode, CommandError> {
    let fit = open::fit(args.trace.as_deref(), &args.model)?;
    for note in &fit.trace.origin.notes {
        io.note(note);
    }
    let name = open::name(args.trace.as_ref());
    let Some(picture) = &args.output else {
        let text = text(&fit, &name, args, config, io.color)?;
        io.deliver(&Destination::Stdout, text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let checks = CheckReport::of(&fit.trace);
    let paths = usize::from(args.paths);
    let scene = scene(
        &fit,
        &name,
        args.forecast.or(config),
        args.threshold,
        paths,
        &checks,
    )?;
    if let Some(reason) = scene.trust.failure() {
        io.note(&format!("do not trust this forecast: {reason}"));
    }
    let ground = match args.theme {
        Some(Theme::Dark) => Ground::Dark,
        Some(Theme::Light) | None => Ground::Light,
    };
    let bytes = match picture.format {
        PictureFormat::Svg => chart::svg(&scene, args.size, ground).into_bytes(),
        PictureFormat::Png => chart::png(&scene, args.size, ground)?,
    };
    output::replace_file(&picture.path, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

/// The chart of a fit from all its draws: the figures are those of `fanchart forecast`.
///
/// # Errors
/// When the model does not fit the trace, or gives a value that is not finite.
pub(super) fn scene(
    fit: &Fit,
    name: &str,
    wanted: Wanted,
    threshold: Option<f64>,
    paths: usize,
    checks: &CheckReport,
) -> Result<Scene, CommandError> {
    let last_observed = fit.series.axis.ahead(-1);
    let query = Query {
        horizon: wanted.horizon,
        interval: wanted.interval,
        distribution: Distribution::Predictive,
        seed: wanted.seed,
        threshold,
        presented: false,
        window: chart::window(last_observed, wanted.horizon.steps()),
    };
    let document = Document::of(fit, &fit.table, name);
    let figures = Engine::new(fit.forecaster(usize::MAX)?, fit.table.clone()).answer(&query)?;
    Ok(figures.scene(&document, query.window, paths, Trust::of(checks)))
}

/// The chart as the explorer prints it where there is no terminal, with colours where they show.
fn text(
    fit: &Fit,
    name: &str,
    args: &Args,
    config: &Config,
    color: bool,
) -> Result<String, CommandError> {
    let wanted = args.forecast.or(config);
    let options = Options {
        controls: Controls {
            horizon: wanted.horizon,
            interval: wanted.interval,
            seed: wanted.seed,
            threshold: args.threshold,
            paths: usize::from(args.paths),
            ..Controls::default()
        },
        colors: if color { colors(config) } else { Colors::None },
        background: Some(match args.theme {
            Some(Theme::Light) => Background::Light,
            Some(Theme::Dark) => Background::Dark,
            None => config.theme.unwrap_or(Background::Dark),
        }),
    };
    let explorer = Headless::new(fit, name, &options, TEXT)?;
    if !color {
        return Ok(explorer.text());
    }
    let mut buffer = Buffer::empty(explorer.state.area());
    widgets::chart::draw(&explorer.state, buffer.area, &mut buffer);
    let heading = widgets::title::line(&explorer.state);
    let figures = widgets::panel::line(&explorer.state);
    Ok(format!("{heading}\n\n{}{figures}\n", colored(&buffer)))
}

/// The colours of the config, else of the terminal; at least the sixteen that every one has.
fn colors(config: &Config) -> Colors {
    if let Some(colors) = config.colors {
        return colors.max(Colors::Sixteen);
    }
    match supports_color::on_cached(supports_color::Stream::Stdout) {
        Some(level) if level.has_16m => Colors::True,
        Some(level) if level.has_256 => Colors::TwoHundredFiftySix,
        _ => Colors::Sixteen,
    }
}

/// Rows of cells as text with the escape sequences of their colours (ECMA-48, SGR).
fn colored(buffer: &Buffer) -> String {
    let mut out = String::new();
    let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
    for row in rows {
        let is_blank = |cell: &&Cell| cell.symbol() == " " && cell.bg == Color::Reset;
        let blank = row.iter().rev().take_while(is_blank).count();
        for run in row[..row.len() - blank].chunk_by(|a, b| (a.fg, a.bg) == (b.fg, b.bg)) {
            let symbols: String = run.iter().map(Cell::symbol).collect();
            let (text, ground) = (sgr(run[0].fg, 30), sgr(run[0].bg, 40));
            // Writing to a String cannot fail.
            let _ = write!(out, "\x1b[{text};{ground}m{symbols}");
        }
        out.push_str("\x1b[0m\n");
    }
    out
}

/// The parameter that sets a colour: of text from 30 on, of the ground from 40 on.
fn sgr(color: Color, from: u8) -> String {
    let bright = from + 60;
    let code = match color {
        Color::Reset => from + 9,
        Color::Black => from,
        Color::Red => from + 1,
        Color::Green => from + 2,
        Color::Yellow => from + 3,
        Color::Blue => from + 4,
        Color::Magenta => from + 5,
        Color::Cyan => from + 6,
        Color::Gray => from + 7,
        Color::DarkGray => bright,
        Color::LightRed => bright + 1,
        Color::LightGreen => bright + 2,
        Color::LightYellow => bright + 3,
        Color::LightBlue => bright + 4,
        Color::LightMagenta => bright + 5,
        Color::LightCyan => bright + 6,
        Color::White => bright + 7,
        Color::Indexed(index) => return format!("{};5;{index}", from + 8),
        Color::Rgb(r, g, b) => return format!("{};2;{r};{g};{b}", from + 8),
    };
    code.to_string()
}
