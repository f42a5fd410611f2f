//! What may stand on the command line; help, man page and completions are made from it.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use super::{
    check, completions, config, explore, fit, forecast, man, models, plot, report, screenshots,
    serve, simulate, summary,
};
use crate::config::Config;
use crate::forecast::{Horizon, Probability};
use crate::output::Destination;

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "fanchart",
    version,
    about = "A terminal explorer for Bayesian forecasts",
    long_about = "A terminal explorer for Bayesian forecasts: opens a fitted trace (the NetCDF file that PyMC, \
                  nutpie, NumPyro or CmdStanPy leave behind), shows the forecast as a fan chart, and says \
                  whether the fit can be trusted.",
    after_help = "Examples:\n  \
                  fanchart                       explore the built-in demo\n  \
                  fanchart trace.nc              explore a trace\n  \
                  fanchart forecast trace.nc     print its forecast\n  \
                  fanchart plot trace.nc         draw it, as text or with -o as SVG or PNG\n  \
                  fanchart check trace.nc        say whether it can be trusted\n  \
                  fanchart summary trace.nc      print its parameters\n\n\
                  Data goes to standard output, everything else to standard error.\n\
                  Exit status: 0 success, 1 a check that failed, 2 an error or a check that cannot tell.\n\n\
                  `fanchart config --path` names the config file, unless FANCHART_CONFIG names another.",
    disable_help_subcommand = true,
    subcommand_value_name = "COMMAND"
)]
pub struct Cli {
    #[command(flatten)]
    pub explore: explore::Args,
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub screen: ScreenOptions,
}

/// The commands of this version.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print a trace's forecast
    Forecast(forecast::Args),
    /// Draw the forecast as a fan chart: into a file as SVG or PNG, or as text
    Plot(plot::Args),
    /// Tell the forecast in sentences, with the verdict: as text, Markdown or a page with the chart
    Report(report::Args),
    /// Say whether a fit can be trusted: exit status 0 yes, 1 no, 2 cannot tell
    Check(check::Args),
    /// Print the table of a trace's parameters: mean, sd, interval, ESS, r_hat
    Summary(summary::Args),
    /// Fit a model to a series and write the trace
    Fit(fit::Args),
    /// Print a synthetic series to try things on
    Simulate(simulate::Args),
    /// Serve forecasts over HTTP
    Serve(serve::Args),
    /// List the built-in models, or print the file of one
    Models(models::Args),
    /// Print the config: what the explorer and the forecasts start from
    Config(config::Args),
    /// Draw the pictures of the documentation
    #[command(hide = true)]
    Screenshots(screenshots::Args),
    /// Print the completions for a shell
    Completions(completions::Args),
    /// Print the manual page
    Man(man::Args),
}

/// How to speak to the person at the terminal.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct ScreenOptions {
    /// When to use colour; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Say nothing but data and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// What to draw on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// Ask the terminal
    Auto,
    /// Light text on dark
    Dark,
    /// Dark text on light
    Light,
}

/// The ground that colours are chosen for.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct ThemeOptions {
    /// Background to choose colours for; auto: ask the terminal [default: the config's, else auto]
    #[arg(long, value_name = "THEME")]
    pub theme: Option<Theme>,
}

/// What a trace does not say itself.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ModelOptions {
    /// Model to forecast with: a built-in one or a file; else found from the trace
    #[arg(long, value_name = "NAME or FILE.toml")]
    pub model: Option<String>,
    /// Series the model was fitted to; else the trace's own observations
    #[arg(long, value_name = "FILE.csv")]
    pub data: Option<PathBuf>,
    /// Which of the trace's observed variables is the series, where it holds several
    #[arg(long, value_name = "NAME")]
    pub observed: Option<String>,
    /// Which group of the file holds the posterior, where several do
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
}

/// What to forecast, as far as the command line says.
#[derive(Debug, Clone, Copy, PartialEq, Args)]
pub struct ForecastOptions {
    /// Days to forecast, 1 to 365 [default: the config's, else 30]
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    pub horizon: Option<Horizon>,
    /// Probability that the interval holds: 0.94 or 94% [default: the config's, else 0.94]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub interval: Option<Probability>,
    /// Seed of the random draws; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,
}

/// What to forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    pub horizon: Horizon,
    pub interval: Probability,
    pub seed: u64,
}

impl ForecastOptions {
    /// What the command line says, else the config.
    pub fn or(&self, config: &Config) -> Wanted {
        Wanted {
            horizon: self.horizon.unwrap_or(config.horizon),
            interval: self.interval.unwrap_or(config.interval),
            seed: self.seed,
        }
    }
}

/// Shape of printed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns to read
    Table,
    /// Full precision; null for what is undefined
    Json,
    /// Full precision, a header line; empty for what is undefined
    Csv,
}

/// Which shape data is printed in.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct FormatOptions {
    /// Shape of the output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl FormatOptions {
    /// The shape asked for.
    pub fn get(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// Where data goes, and in which shape.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct DataOptions {
    #[command(flatten)]
    shape: FormatOptions,
    #[command(flatten)]
    pub output: OutputOptions,
}

impl DataOptions {
    /// The shape asked for.
    pub fn format(&self) -> Format {
        self.shape.get()
    }
}

/// Where output goes.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct OutputOptions {
    /// Write to this file instead of standard output; an existing file is replaced at once, in
    /// whole, or not at all
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true,
        value_parser = PathBufValueParser::new().map(Destination::from)
    )]
    pub output: Destination,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Every group of options, as a command might take them.
    #[derive(Debug, Parser)]
    struct Everything {
        #[command(flatten)]
        theme: ThemeOptions,
        #[command(flatten)]
        model: ModelOptions,
        #[command(flatten)]
        forecast: ForecastOptions,
        #[command(flatten)]
        data: DataOptions,
    }

    fn parse(line: &str) -> Result<Everything, clap::Error> {
        Everything::try_parse_from(["fanchart"].into_iter().chain(line.split_whitespace()))
    }

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
        Everything::command().debug_assert();
    }

    #[test]
    fn defaults_are_those_of_the_documentation() {
        let all = parse("").expect("nothing is required");
        let wanted = Wanted {
            horizon: Horizon::DEFAULT,
            interval: Probability::DEFAULT,
            seed: 0,
        };
        assert_eq!(all.forecast.or(&Config::default()), wanted);
        assert_eq!(all.data.format(), Format::Table);
        assert_eq!(all.data.output.output, Destination::Stdout);
        assert_eq!(all.theme.theme, None);
        assert_eq!(all.model, ModelOptions::default());
    }

    #[test]
    fn the_command_line_wins_over_the_config() {
        let config = Config {
            horizon: Horizon::new(60).expect("within the limits"),
            interval: Probability::new(0.5).expect("within the limits"),
            ..Config::default()
        };
        let wanted = |line| parse(line).expect("valid").forecast.or(&config);
        let said = wanted("--horizon 30 --interval 94%");
        assert_eq!(
            said,
            parse("").expect("valid").forecast.or(&Config::default())
        );
        assert_eq!(wanted("").horizon, config.horizon);
        assert_eq!(wanted("--horizon 7").interval, config.interval);
    }

    #[test]
    fn json_is_short_for_its_format() {
        assert_eq!(parse("--json").expect("valid").data.format(), Format::Json);
        assert_eq!(
            parse("--format csv").expect("valid").data.format(),
            Format::Csv
        );
        assert!(parse("--json --format csv").is_err());
    }

    #[test]
    fn a_dash_and_the_device_mean_standard_output() {
        for name in ["-", "/dev/stdout"] {
            let all = parse(&format!("-o {name}")).expect("valid");
            assert_eq!(all.data.output.output, Destination::Stdout, "{name}");
        }
        let all = parse("-o a.csv").expect("valid");
        assert_eq!(all.data.output.output, Destination::File("a.csv".into()));
    }
}
