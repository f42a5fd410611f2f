//! `fanchart screenshots`: the pictures of this repository, drawn by the program itself.

use std::path::PathBuf;
use std::process::ExitCode;

use ratatui::layout::Size;

use super::cli::ModelOptions;
use super::{CommandError, Io, open};
use crate::explorer::picture::{self, Look};
use crate::explorer::theme::{Background, Colors};
use crate::explorer::{Controls, Headless, Options};
use crate::output;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write the pictures to
    #[arg(value_name = "DIR", default_value = "screenshots")]
    pub folder: PathBuf,
    /// A trace of a fit that failed, for the pictures of one
    #[arg(long, value_name = "TRACE", default_value = "artifacts/stuck-chain.nc")]
    pub failed: PathBuf,
}

/// What a picture shows.
struct Scene {
    name: &'static str,
    size: (u16, u16),
    keys: &'static str,
    failed: bool,
    colors: Colors,
}

const fn scene(name: &'static str, size: (u16, u16), keys: &'static str) -> Scene {
    Scene {
        name,
        size,
        keys,
        failed: false,
        colors: Colors::True,
    }
}

const SCENES: &[Scene] = &[
    scene("forecast", (140, 40), ""),
    scene("threshold", (140, 40), "t33.5<enter>p3"),
    scene("year", (140, 40), "h365<enter>"),
    scene("paths", (140, 40), "h14<enter>p4"),
    scene("mean-band", (140, 40), "b++"),
    scene("diagnostics", (140, 40), "2<down><down>"),
    scene("checks", (140, 40), "3<end>"),
    scene("model", (140, 40), "4<down><down><down><down>"),
    scene("present", (120, 34), "Pt33.5<enter><right><right> "),
    scene("help", (140, 40), "?"),
    scene("terminal-80x24", (80, 24), ""),
    scene("terminal-40x10", (40, 10), ""),
    Scene {
        failed: true,
        ..scene("failed-fit", (140, 40), "")
    },
    Scene {
        failed: true,
        ..scene("failed-fit-seen", (140, 40), "<enter>c")
    },
    Scene {
        failed: true,
        ..scene("failed-diagnostics", (140, 40), "2<down><down>")
    },
    Scene {
        failed: true,
        ..scene("failed-checks", (140, 40), "3")
    },
    Scene {
        colors: Colors::Sixteen,
        ..scene("colors-16", (100, 30), "")
    },
    Scene {
        colors: Colors::None,
        ..scene("colors-none", (100, 30), "")
    },
];

/// Draws every scene, dark and light.
///
/// # Errors
/// [`CommandError`] when a trace cannot be read or a picture not written.
pub fn run(args: &Args, io: &mut Io) -> Result<ExitCode, CommandError> {
    let model = ModelOptions::default();
    let demo = open::fit(None, &model)?;
    let failed = open::fit(Some(&args.failed), &model)?;
    for scene in SCENES {
        for (ground, background, look) in [
            ("dark", Background::Dark, Look::dark()),
            ("light", Background::Light, Look::light()),
        ] {
            let options = Options {
                controls: Controls::default(),
                colors: scene.colors,
                background: Some(background),
            };
            let (fit, name) = if scene.failed {
                (&failed, "stuck-chain.nc")
            } else {
                (&demo, "demo")
            };
            let mut explorer = Headless::new(fit, name, &options, Size::from(scene.size))?;
            explorer.check_against_data(fit);
            explorer.press(scene.keys);
            let look = Look {
                title: Some("fanchart".into()),
                ..look
            };
            let path = args.folder.join(format!("{}-{ground}.png", scene.name));
            output::replace_file(&path, &picture::png(&explorer.draw(), &look, 1.5)?)?;
            io.note(&format!("{}", path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
