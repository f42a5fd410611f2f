//! `fanchart report`: the forecast in sentences that stand on their own, with the verdict.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::cli::{ForecastOptions, ModelOptions, OutputOptions};
use super::{CommandError, Io, open, plot};
use crate::chart::{self, Ground, Scene, Size, escaped, words};
use crate::config::Config;
use crate::diagnostics::{Check, CheckReport, Status, Thresholds, Verdict, predictive_checks};
use crate::explorer::numbers::{count, fixed};
use crate::output::Destination;

/// Steps of the forecast that are told one by one, at most.
const TOLD: usize = 7;
/// Columns of the text.
const WIDTH: usize = 80;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fanchart report trace.nc\n  \
    fanchart report trace.nc --threshold 33 --format markdown\n  \
    fanchart report trace.nc --horizon 90 -o report.html\n\n\
    The report of a fit that failed its checks says so first.")]
pub struct Args {
    /// Trace to report on (.nc), or series to fit first (.csv); the built-in demo without one
    #[arg(value_name = "TRACE")]
    pub trace: Option<PathBuf>,
    /// Shape of the report; else what the name of the file ends in (.md, .html), else text
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ReportFormat>,
    #[command(flatten)]
    pub forecast: ForecastOptions,
    /// Say how often the last day exceeds this value
    #[arg(
        long,
        value_name = "VALUE",
        value_parser = plot::finite,
        allow_negative_numbers = true
    )]
    pub threshold: Option<f64>,
    #[command(flatten)]
    pub model: ModelOptions,
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Shape of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Plain sentences
    Text,
    /// With headings and lists
    Markdown,
    /// One page with the chart in it, which needs no other file
    Html,
}

impl ReportFormat {
    /// The shape that a file's name asks for.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// A part of a report.
enum Part {
    Title(String),
    Heading(&'static str),
    Paragraph(String),
    List(Vec<String>),
    /// Where the chart goes, if the shape has one.
    Chart,
}

/// Writes the report.
///
/// # Errors
/// [`CommandError`] when the trace cannot be read or used, or the output not written.
pub fn run(args: &Args, config: &Config, io: &mut Io) -> Result<ExitCode, CommandError> {
    let fit = open::fit(args.trace.as_deref(), &args.model)?;
    for note in &fit.trace.origin.notes {
        io.note(note);
    }
    let name = open::name(args.trace.as_ref());
    let checks = CheckReport::of(&fit.trace);
    let wanted = args.forecast.or(config);
    let scene = plot::scene(&fit, &name, wanted, args.threshold, 0, &checks)?;
    let predictive = predictive_checks(&fit, &Thresholds::default(), wanted.seed);
    let parts = parts(&scene, &checks, &predictive, wanted.seed);
    let named = match &args.output.output {
        Destination::File(path) => ReportFormat::of(path),
        Destination::Stdout => None,
    };
    let text = match args.format.or(named).unwrap_or(ReportFormat::Text) {
        ReportFormat::Text => text(&parts),
        ReportFormat::Markdown => markdown(&parts),
        ReportFormat::Html => html(&parts, &scene),
    };
    io.deliver(&args.output.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The report; of a fit that failed, the reasons first.
fn parts(scene: &Scene, checks: &CheckReport, predictive: &[Check], seed: u64) -> Vec<Part> {
    let forecast = [
        Part::Title(scene.title()),
        Part::Paragraph(statement(scene)),
        Part::Chart,
        Part::List(days(scene)),
    ];
    let fit = verdict(checks);
    let mut parts: Vec<Part> = match checks.verdict {
        Verdict::Fail => fit.into_iter().chain(forecast).collect(),
        Verdict::Pass | Verdict::Unknown => forecast.into_iter().chain(fit).collect(),
    };
    parts.extend(model(predictive));
    parts.push(Part::Paragraph(format!(
        "From {}. A future is one draw of the posterior predictive distribution; seed {seed}.",
        scene.source
    )));
    parts
}

/// What the forecast says of its last step.
fn statement(scene: &Scene) -> String {
    let Some(statement) = scene.statement() else {
        return String::new();
    };
    let told = [
        statement.expectation(),
        statement.range(),
        statement.outside(),
    ];
    let told = told.into_iter().chain(statement.exceedance());
    told.collect::<Vec<_>>().join(" ")
}

/// Some steps from the first to the last, a sentence each.
fn days(scene: &Scene) -> Vec<String> {
    let rows = &scene.table.rows;
    let told = TOLD.min(rows.len());
    let step = |i: usize| i * (rows.len() - 1) / (told - 1).max(1);
    let day = |i: usize| {
        let (row, position) = (&rows[i], scene.forecast.position(i));
        let value = |value| words::value(value, row.upper - row.lower);
        format!(
            "{}: about {}, between {} and {}",
            words::when(&scene.axis, position),
            value(row.mean),
            value(row.lower),
            value(row.upper)
        )
    };
    (0..told).map(|i| day(step(i))).collect()
}

/// Whether the fit can be trusted, and why.
fn verdict(checks: &CheckReport) -> Vec<Part> {
    match checks.verdict {
        Verdict::Fail => {
            let because = format!("The fit failed its checks: {}.", checks.headline());
            vec![
                Part::Title("Do not trust this forecast".into()),
                Part::Paragraph(because),
                Part::List(findings(&checks.checks, Status::Fail)),
            ]
        }
        Verdict::Unknown => {
            let because = format!(
                "Whether the fit is sound cannot be told: {}.",
                checks.headline()
            );
            vec![
                Part::Heading("The fit"),
                Part::Paragraph(because),
                Part::List(findings(&checks.checks, Status::Unknown)),
            ]
        }
        Verdict::Pass => {
            let mut parts = vec![Part::Heading("The fit"), Part::Paragraph(sound(checks))];
            let warnings = findings(&checks.checks, Status::Warn);
            if !warnings.is_empty() {
                parts.push(Part::List(warnings));
            }
            parts
        }
    }
}

/// "The fit is sound: 2 chains agree (r_hat at most 1.00), ..."
fn sound(checks: &CheckReport) -> String {
    let figures = |of: fn(&crate::diagnostics::ParameterSummary) -> f64| {
        let figures = checks.summaries.iter().map(move |(_, summary)| of(summary));
        figures.filter(|figure| figure.is_finite())
    };
    let r_hat = figures(|s| s.r_hat).fold(f64::NAN, f64::max);
    let ess = figures(|s| s.ess_bulk.min(s.ess_tail)).fold(f64::NAN, f64::min);
    let divergences = match checks.divergences {
        Some(0) => "no draw diverged".to_owned(),
        Some(1) => "1 draw diverged".to_owned(),
        Some(n) => format!("{} draws diverged", count(n)),
        None => "the trace has no record of divergences".to_owned(),
    };
    format!(
        "The fit is sound: {} chains agree (r_hat at most {}), every parameter rests on at least \
         {} independent draws' worth of information, and {divergences}.",
        checks.chains,
        fixed(r_hat, 2),
        count(ess.max(0.0) as usize),
    )
}

/// What checks of a status found, with what to do about it.
fn findings(checks: &[Check], status: Status) -> Vec<String> {
    let found = checks.iter().filter(|check| check.status == status);
    found
        .map(|check| {
            format!("{} {}", check.message, check.advice)
                .trim_end()
                .to_owned()
        })
        .collect()
}

/// What comparing the model with its data says.
fn model(checks: &[Check]) -> Vec<Part> {
    let warnings = findings(checks, Status::Warn);
    let unknown = findings(checks, Status::Unknown);
    let mut parts = vec![Part::Heading("The model and its data")];
    if warnings.is_empty() && unknown.is_empty() {
        parts.push(Part::Paragraph(
            "Data drawn from the model look like those it was fitted to: it leaves no pattern \
             behind, its bands hold as many observations as they should, its extremes are as far \
             out, and no single observation decides the fit."
                .into(),
        ));
    }
    if !warnings.is_empty() {
        let warned = "The model does not describe its data in every way:";
        parts.extend([Part::Paragraph(warned.into()), Part::List(warnings)]);
    }
    if !unknown.is_empty() {
        let unjudged = "What could not be compared:";
        parts.extend([Part::Paragraph(unjudged.into()), Part::List(unknown)]);
    }
    parts
}

fn text(parts: &[Part]) -> String {
    let blocks = parts.iter().filter_map(|part| match part {
        Part::Title(title) => Some(wrapped(title, "")),
        Part::Heading(heading) => Some((*heading).to_owned()),
        Part::Paragraph(words) => Some(wrapped(words, "")),
        Part::List(items) => {
            let items = items
                .iter()
                .map(|item| format!("- {}", wrapped(item, "  ")));
            Some(items.collect::<Vec<_>>().join("\n"))
        }
        Part::Chart => None,
    });
    blocks.collect::<Vec<_>>().join("\n\n") + "\n"
}

/// Words in lines of at most [`WIDTH`] columns, those after the first behind an indent.
fn wrapped(words: &str, indent: &str) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut out = String::new();
    let mut used = indent.len();
    for (i, word) in words.split_whitespace().enumerate() {
        if i > 0 && used + 1 + word.width() > WIDTH {
            out.push('\n');
            out.push_str(indent);
            used = indent.len();
        } else if i > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += word.width();
    }
    out
}

fn markdown(parts: &[Part]) -> String {
    let blocks = parts.iter().filter_map(|part| match part {
        Part::Title(title) => Some(format!("# {}", marked(title))),
        Part::Heading(heading) => Some(format!("## {heading}")),
        Part::Paragraph(words) => Some(marked(words)),
        Part::List(items) => {
            let items = items.iter().map(|item| format!("- {}", marked(item)));
            Some(items.collect::<Vec<_>>().join("\n"))
        }
        Part::Chart => None,
    });
    blocks.collect::<Vec<_>>().join("\n\n") + "\n"
}

/// Words with the signs that Markdown and HTML give a meaning made plain; what stands between
/// backticks is ours.
fn marked(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '*' | '[' | ']' | '_' | '#' | '|' | '~' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// The look of the page: the chart for the ground that the reader's screen has.
const STYLE: &str = "\
:root { color-scheme: light dark }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.55;
  font-family: Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif;
  color: #16202c; background: #ffffff }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
h1.alarm { color: #ffffff; background: #b3161b; padding: .4em .6em; border-radius: .25em }
svg { width: 100%; height: auto } .dark { display: none }
footer { color: #586270; font-size: .85rem; margin-top: 2rem }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117 }
  footer { color: #98a2ae } .light { display: none } .dark { display: block }
}
@media print { body { margin: 0 } }
";

fn html(parts: &[Part], scene: &Scene) -> String {
    let failed = scene.trust.failure().is_some();
    let mut body = String::new();
    for (i, part) in parts.iter().enumerate() {
        body += &match part {
            Part::Title(title) if failed && i == 0 => {
                format!("<h1 class=\"alarm\">{}</h1>\n", escaped(title))
            }
            Part::Title(title) => format!("<h1>{}</h1>\n", escaped(title)),
            Part::Heading(heading) => format!("<h2>{heading}</h2>\n"),
            Part::Paragraph(words) if i + 1 == parts.len() => {
                format!("<footer>{}</footer>\n", escaped(words))
            }
            Part::Paragraph(words) => format!("<p>{}</p>\n", escaped(words)),
            Part::List(items) => {
                let items = items
                    .iter()
                    .map(|item| format!("<li>{}</li>\n", escaped(item)));
                format!("<ul>\n{}</ul>\n", items.collect::<String>())
            }
            Part::Chart => {
                let charts = [Ground::Light, Ground::Dark].map(|ground| {
                    let svg = chart::svg(scene, Size::DEFAULT, ground);
                    format!("<div class=\"{}\">\n{svg}</div>\n", ground.name())
                });
                charts.concat()
            }
        };
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(&scene.title())
    )
}
