//! The environment of somebody who has set nothing: tests depend on nobody's config and leave
//! nothing behind.

/// Variables for every program that a test starts.
pub const ENVIRONMENT: [(&str, &str); 5] = [
    ("FANCHART_CONFIG", ""),
    ("XDG_CONFIG_HOME", NO_FOLDER),
    ("APPDATA", NO_FOLDER),
    ("XDG_STATE_HOME", FILE),
    ("LOCALAPPDATA", FILE),
];

/// There is no config.
const NO_FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/nobody");
/// No folder can be made in a file, so nothing is remembered.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
