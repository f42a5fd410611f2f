//! What is remembered of the last visit to a file: how far, how sure, against what, and which
//! view.
//!
//! One small file for each, named after the path of what was visited, so that a trace that is
//! overwritten by a new fit keeps it and programs that end at the same time do not meet. Each is
//! replaced in one step. What cannot be read is not there, and is replaced at the next end.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::numbers;
use super::state::{Controls, State, View};
use crate::forecast::{Distribution, Horizon, Probability};
use crate::output::{self, OutputError};

/// Most visits that are remembered; beyond, those go that were written longest ago.
const MOST: usize = 200;
/// Bytes of a visit, at most; a path may be long.
const LARGEST: u64 = 64 * 1024;

/// How a visit to a file begins or ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    pub horizon: Horizon,
    pub interval: Probability,
    pub threshold: Option<f64>,
    /// Whether the bands are those of observations or of the mean.
    pub distribution: Distribution,
    pub view: View,
}

impl Visit {
    /// One that begins with this and else as usual.
    pub fn starting(horizon: Horizon, interval: Probability) -> Self {
        Self {
            horizon,
            interval,
            threshold: None,
            distribution: Distribution::Predictive,
            view: View::Forecast,
        }
    }

    /// One that ends like this.
    pub(super) fn of(state: &State) -> Self {
        Self {
            horizon: state.controls.horizon,
            interval: state.controls.interval,
            threshold: state.controls.threshold,
            distribution: state.controls.distribution,
            // A presentation is for one occasion.
            view: match state.view {
                View::Present => state.present.back,
                view => view,
            },
        }
    }

    /// Controls with what is remembered of them.
    pub fn controls(&self, others: Controls) -> Controls {
        Controls {
            horizon: self.horizon,
            interval: self.interval,
            threshold: self.threshold,
            distribution: self.distribution,
            ..others
        }
    }

    /// What is not as in another visit, in words; `None` where all is.
    pub fn unlike(&self, other: &Self) -> Option<String> {
        let mut parts = Vec::new();
        if self.horizon != other.horizon {
            parts.push(format!("horizon {}", self.horizon));
        }
        if self.interval != other.interval {
            parts.push(format!("interval {}", self.interval.percent()));
        }
        if self.threshold != other.threshold {
            parts.push(self.threshold.map_or("no threshold".into(), |value| {
                let digits = numbers::decimals(value.abs() / 500.0);
                format!("threshold {}", numbers::fixed(value, digits))
            }));
        }
        if self.distribution != other.distribution {
            parts.push(format!("bands of {}", bands(self.distribution)));
        }
        if self.view != other.view {
            parts.push(format!("view {}", self.view.name()));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    fn to_toml(self, file: &Path) -> String {
        let mut table = Table::new();
        let mut put = |key: &str, value: Value| table.insert(key.into(), value);
        // For a person who looks; the name of the file is what counts.
        put("file", file.to_string_lossy().into_owned().into());
        put("horizon", (self.horizon.steps() as i64).into());
        put("interval", self.interval.get().into());
        put("bands", bands(self.distribution).into());
        put("view", self.view.name().into());
        if let Some(value) = self.threshold {
            put("threshold", value.into());
        }
        table.to_string()
    }

    fn parse(text: &str) -> Option<Self> {
        let table: Table = text.parse().ok()?;
        let threshold = match table.get("threshold") {
            Some(value) => Some(value.as_float().filter(|value| value.is_finite())?),
            None => None,
        };
        let horizon = u32::try_from(table.get("horizon")?.as_integer()?).ok()?;
        let shown = table.get("bands")?.as_str()?;
        let view = table.get("view")?.as_str()?;
        Some(Self {
            horizon: Horizon::new(horizon)?,
            interval: Probability::new(table.get("interval")?.as_float()?)?,
            threshold,
            distribution: [Distribution::Predictive, Distribution::Mean]
                .into_iter()
                .find(|distribution| bands(*distribution) == shown)?,
            view: View::ALL.into_iter().find(|known| known.name() == view)?,
        })
    }
}

fn bands(distribution: Distribution) -> &'static str {
    match distribution {
        Distribution::Predictive => "observations",
        Distribution::Mean => "the mean",
    }
}

/// The place for what is remembered of one file.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
    /// What was visited, by its canonical path.
    file: PathBuf,
    /// How visits begin of which nothing is remembered.
    usual: Visit,
}

impl Memory {
    /// The place for `file` in the folder that holds them all; `None` for what is no file.
    pub fn of(folder: &Path, file: &Path, usual: Visit) -> Option<Self> {
        Some(Self {
            folder: folder.to_owned(),
            file: fs::canonicalize(file).ok()?,
            usual,
        })
    }

    /// The last visit, if it is remembered.
    pub fn last(&self) -> Option<Visit> {
        let path = self.path();
        let is_small =
            fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
        let text = is_small.then(|| fs::read_to_string(path).ok())?;
        Visit::parse(&text?)
    }

    /// Remembers a visit in place of the last, if it is another.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn keep(&self, visit: &Visit) -> Result<(), OutputError> {
        if self.last().unwrap_or(self.usual) == *visit {
            return Ok(());
        }
        let path = self.path();
        private_folder(&self.folder).map_err(|source| OutputError::Io {
            path: path.clone(),
            source,
        })?;
        output::replace_file(&path, visit.to_toml(&self.file).as_bytes())?;
        forget(&self.folder, MOST);
        Ok(())
    }

    fn path(&self) -> PathBuf {
        let hash = Sha256::digest(self.file.as_os_str().as_encoded_bytes());
        let name: String = hash[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.folder.join(format!("{name}.toml"))
    }
}

/// Makes a folder that others may not look into, as the XDG base directories ask for.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes visits until so many are left, the oldest first. Another program may do the same at
/// the same time.
fn forget(folder: &Path, most: usize) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let visits = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let written = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified());
    let mut visits: Vec<(SystemTime, PathBuf)> = visits
        .filter_map(|path| Some((written(&path).ok()?, path)))
        .collect();
    visits.sort();
    let surplus = visits.len().saturating_sub(most);
    for (_, path) in &visits[..surplus] {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn usual() -> Visit {
        Visit::starting(Horizon::DEFAULT, Probability::DEFAULT)
    }

    fn changed() -> Visit {
        Visit {
            horizon: Horizon::new(60).expect("within the limits"),
            interval: Probability::new(0.9).expect("within the limits"),
            threshold: Some(33.5),
            distribution: Distribution::Mean,
            view: View::Checks,
        }
    }

    /// A folder for visits and a file to visit.
    fn place() -> (tempfile::TempDir, Memory) {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("trace.nc");
        fs::write(&file, "").expect("written");
        let folder = home.path().join("state/fanchart/visits");
        let memory = Memory::of(&folder, &file, usual()).expect("a file");
        (home, memory)
    }

    #[test]
    fn what_was_kept_is_the_last_visit() {
        let (home, memory) = place();
        assert_eq!(memory.last(), None);
        memory.keep(&changed()).expect("kept");
        assert_eq!(memory.last(), Some(changed()));
        // By another way to the same file, and not of another one.
        let again = home.path().join("state/../trace.nc");
        let again = Memory::of(&memory.folder, &again, usual()).expect("a file");
        assert_eq!(again.last(), Some(changed()));
        fs::write(home.path().join("other.nc"), "").expect("written");
        let other = Memory::of(&memory.folder, &home.path().join("other.nc"), usual());
        assert_eq!(other.expect("a file").last(), None);
        assert!(Memory::of(&memory.folder, &home.path().join("gone.nc"), usual()).is_none());
        // Back to how visits begin is a change as well.
        memory.keep(&usual()).expect("kept");
        assert_eq!(memory.last(), Some(usual()));
    }

    #[test]
    fn nothing_is_written_where_nothing_changed() {
        let (_home, memory) = place();
        memory.keep(&usual()).expect("nothing to do");
        assert!(!memory.folder.exists());
        memory.keep(&changed()).expect("kept");
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let file = fs::File::options().write(true).open(memory.path());
        file.expect("there").set_modified(old).expect("set");
        memory.keep(&changed()).expect("nothing to do");
        let modified = fs::metadata(memory.path()).and_then(|data| data.modified());
        assert_eq!(modified.expect("a time"), old);
    }

    #[test]
    fn what_cannot_be_read_is_not_there_and_is_replaced() {
        let (_home, memory) = place();
        fs::create_dir_all(&memory.folder).expect("created");
        let good = changed().to_toml(&memory.file);
        for damaged in [
            String::new(),
            "\0\0\0".into(),
            good[..good.len() / 2].into(),
            good.replace("horizon = 60", "horizon = -1"),
            good.replace("interval = 0.9", "interval = 1.0"),
            good.replace("threshold = 33.5", "threshold = nan"),
            good.replace("checks", "chequers"),
            format!("# {}\n{good}", " ".repeat(LARGEST as usize)),
        ] {
            fs::write(memory.path(), &damaged).expect("written");
            assert_eq!(memory.last(), None, "{damaged:.80}");
        }
        memory.keep(&changed()).expect("kept");
        assert_eq!(memory.last(), Some(changed()));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error_and_no_panic() {
        let (home, memory) = place();
        let folder = home.path().join("trace.nc/visits");
        let memory = Memory { folder, ..memory };
        assert!(memory.keep(&changed()).is_err());
        assert_eq!(memory.last(), None);
    }

    #[test]
    fn programs_that_end_at_the_same_time_leave_a_whole_visit() {
        let (_home, memory) = place();
        memory.keep(&changed()).expect("kept");
        let ending = |visit: Visit| {
            let memory = memory.clone();
            std::thread::spawn(move || (0..20).all(|_| memory.keep(&visit).is_ok()))
        };
        let programs = [ending(changed()), ending(usual())];
        while !programs.iter().all(|program| program.is_finished()) {
            let last = memory.last().expect("always whole");
            assert!(last == changed() || last == usual());
        }
        for program in programs {
            assert!(program.join().expect("no panic"), "every end is kept");
        }
        assert_eq!(fs::read_dir(&memory.folder).expect("there").count(), 1);
    }

    #[test]
    fn the_oldest_visits_are_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        for age in 0..5u64 {
            let path = folder.path().join(format!("{age}.toml"));
            fs::write(&path, "").expect("written");
            let file = fs::File::options().write(true).open(&path).expect("there");
            let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1000 - age);
            file.set_modified(then).expect("set");
        }
        fs::write(folder.path().join("else"), "").expect("written");
        forget(folder.path(), 3);
        let left = |name: &str| folder.path().join(name).exists();
        assert!(left("0.toml") && left("2.toml") && left("else"));
        assert!(!left("3.toml") && !left("4.toml"));
    }

    #[test]
    fn what_is_as_last_time_is_said_in_a_line() {
        assert_eq!(usual().unlike(&usual()), None);
        assert_eq!(
            changed().unlike(&usual()).as_deref(),
            Some("horizon 60, interval 90%, threshold 33.50, bands of the mean, view checks")
        );
        assert_eq!(
            usual()
                .unlike(&Visit {
                    threshold: Some(1.0),
                    ..usual()
                })
                .as_deref(),
            Some("no threshold")
        );
    }

    proptest! {
        #[test]
        fn a_visit_written_is_the_visit_read(
            horizon in 1..=Horizon::MAX,
            interval in 1e-9f64..1.0,
            threshold in prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO),
            mean: bool,
            view in 0..View::ALL.len(),
        ) {
            let visit = Visit {
                horizon: Horizon::new(horizon).expect("within the limits"),
                interval: Probability::new(interval).expect("within the limits"),
                threshold,
                distribution: if mean { Distribution::Mean } else { Distribution::Predictive },
                view: View::ALL[view],
            };
            let text = visit.to_toml(Path::new("a \"b\"\n/c.nc"));
            prop_assert_eq!(Visit::parse(&text), Some(visit));
        }
    }
}
