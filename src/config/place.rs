//! Where the config file is, and where the platform keeps what programs remember.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

use super::parse::parse;
use super::{Config, ConfigError};

/// The environment variable that names another config file.
pub const VARIABLE: &str = "FANCHART_CONFIG";
/// Bytes of a config file, at most.
const LARGEST: u64 = 64 * 1024;

/// The file that is read, whether it is there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    path: PathBuf,
    /// Whether the person named it, so that it must be there.
    named: bool,
}

impl ConfigFile {
    /// What [`VARIABLE`] names, else `fanchart/config.toml` where the platform keeps configs:
    /// `$XDG_CONFIG_HOME` or `~/.config` (on macOS too), `%APPDATA%` on Windows. `None` without a
    /// home folder.
    pub fn find() -> Option<Self> {
        let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty());
        if let Some(name) = named {
            return Some(Self {
                path: name.into(),
                named: true,
            });
        }
        let folder = choose_base_strategy().ok()?.config_dir();
        Some(Self {
            path: folder.join("fanchart").join("config.toml"),
            named: false,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file says; `None` when it is not there and nobody named it.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn read(&self) -> Result<Option<Config>, ConfigError> {
        let failed = |reason: String| ConfigError::file(&self.path, reason);
        let unreadable =
            |error: io::Error| failed(format!("{error}; {VARIABLE}=FILE names another config"));
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && !self.named => return Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(failed(format!("no such file; check {VARIABLE}")));
            }
            Err(error) => return Err(unreadable(error)),
        };
        let mut bytes = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST {
            return Err(failed(format!(
                "larger than {LARGEST} bytes; a config is small"
            )));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| failed("not UTF-8 text; save the file as UTF-8".into()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let config = parse(text).map_err(|fault| fault.of(text, &self.path))?;
        Ok(Some(config))
    }
}

/// The folder for what the explorer remembers of visits: `fanchart/visits` in `$XDG_STATE_HOME`
/// or `~/.local/state` (on macOS too), in `%LOCALAPPDATA%` on Windows. `None` without a home
/// folder.
pub fn visits() -> Option<PathBuf> {
    let platform = choose_base_strategy().ok()?;
    let folder = platform.state_dir().unwrap_or_else(|| platform.cache_dir());
    Some(folder.join("fanchart").join("visits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], named: bool) -> Result<Option<Config>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).expect("written");
        ConfigFile { path, named }.read().map_err(|error| {
            let folder = folder.path().display().to_string();
            error.to_string().replace(&folder, "")
        })
    }

    #[test]
    fn a_file_that_is_not_there_is_missed_where_it_was_named() {
        let path = PathBuf::from("no/such/config.toml");
        let file = |named| ConfigFile {
            path: path.clone(),
            named,
        };
        assert_eq!(file(false).read(), Ok(None));
        let error = file(true).read().expect_err("it was named");
        assert_eq!(
            error.to_string(),
            "no/such/config.toml: no such file; check FANCHART_CONFIG"
        );
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(read(b"", true), Ok(Some(Config::default())));
        assert_eq!(
            read("\u{feff}# nothing\r\n".as_bytes(), false),
            Ok(Some(Config::default()))
        );
    }

    #[test]
    fn what_is_no_text_or_too_much_of_it_is_an_error() {
        let error = read(b"\xff\xfe", false).expect_err("not UTF-8");
        assert_eq!(
            error,
            "/config.toml: not UTF-8 text; save the file as UTF-8"
        );
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let error = ConfigFile { path, named: true }.read();
        let error = error.expect_err("a folder").to_string();
        assert!(
            error.ends_with("; FANCHART_CONFIG=FILE names another config"),
            "{error}"
        );
        let error = read(&vec![b'#'; LARGEST as usize + 1], false).expect_err("too large");
        assert!(error.contains("larger than 65536 bytes"), "{error}");
    }

    #[test]
    fn a_mistake_is_told_with_file_line_and_column() {
        let error = read(b"horizon = 7\n\n  theme = 'drak'\n", false).expect_err("a slip");
        assert_eq!(
            error,
            "/config.toml:3:11: theme is \"auto\", \"dark\" or \"light\"; did you mean 'dark'?"
        );
    }
}
