//! What a person has set once for always: the config file.
//!
//! It is TOML and says what the explorer and the forecasts start from; flags on the command line
//! win over it. A file that is not there says nothing, and one that is wrong is an error with its
//! line and column.

mod error;
mod parse;
mod place;
mod print;

use crate::explorer::keymap::Keymap;
use crate::explorer::theme::{Background, Colors};
use crate::forecast::{Horizon, Probability};
pub use error::ConfigError;
pub use place::{ConfigFile, VARIABLE, visits};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Ground that the explorer's colours are chosen for; `None`: ask the terminal.
    pub theme: Option<Background>,
    /// How many colours to draw with; `None`: as many as the terminal says it has.
    pub colors: Option<Colors>,
    /// Steps that the explorer, `forecast`, `plot` and `report` forecast.
    pub horizon: Horizon,
    /// Mass of the interval that the same commands give.
    pub interval: Probability,
    /// Keys of the explorer.
    pub keymap: Keymap,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            theme: None,
            colors: None,
            horizon: Horizon::DEFAULT,
            interval: Probability::DEFAULT,
            keymap: Keymap::default(),
        }
    }
}

impl Config {
    /// The config of the person who runs the program.
    ///
    /// # Errors
    /// When the file is there and cannot be read or understood.
    pub fn load() -> Result<Self, ConfigError> {
        match ConfigFile::find() {
            Some(file) => Ok(file.read()?.unwrap_or_default()),
            None => Ok(Self::default()),
        }
    }
}

/// Names of the grounds in the file.
const THEMES: [(&str, Option<Background>); 3] = [
    ("auto", None),
    ("dark", Some(Background::Dark)),
    ("light", Some(Background::Light)),
];

/// Names of the numbers of colours in the file.
const COLORS: [(&str, Option<Colors>); 5] = [
    ("auto", None),
    ("none", Some(Colors::None)),
    ("16", Some(Colors::Sixteen)),
    ("256", Some(Colors::TwoHundredFiftySix)),
    ("true", Some(Colors::True)),
];
