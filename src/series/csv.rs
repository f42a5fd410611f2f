//! A series out of a CSV file.
//!
//! What the columns are is read off the header, or without one off their order: time, value,
//! covariates; a column alone is the value. What separates fields is read off the first line.

mod field;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use ::csv::{ReaderBuilder, StringRecord};
use jiff::civil::DateTime;

use self::field::{NoNumber, is_compact_date, is_title, parse_value};
use super::error::{SeriesError, printable, quoted};
use super::{Calendar, Series, TimeAxis, parse_date};

/// A series and the other columns of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub series: Series,
    /// Name and values of each column that is neither time nor value; one value a row, NaN where
    /// there is none.
    pub covariates: Vec<(String, Vec<f64>)>,
}

impl From<Series> for Table {
    fn from(series: Series) -> Self {
        Self {
            series,
            covariates: Vec::new(),
        }
    }
}

impl Table {
    /// The table as it was after so many rows (at most all).
    pub fn first(&self, rows: usize) -> Self {
        let first = |values: &[f64]| values[..rows.min(values.len())].to_vec();
        let covariates = self.covariates.iter();
        Self {
            series: self.series.first(rows),
            covariates: covariates
                .map(|(name, values)| (name.clone(), first(values)))
                .collect(),
        }
    }
}

const MAX_BYTES: u64 = 256 << 20;
const MAX_ROWS: usize = 5_000_000;
const MAX_COLUMNS: usize = 64;

/// What a column of that name holds, letters of either size.
const TIME_NAMES: [&str; 6] = ["t", "ds", "date", "time", "datetime", "timestamp"];
const VALUE_NAMES: [&str; 2] = ["y", "value"];
/// Of the names of times those under which nobody counts steps.
const DATE_NAMES: [&str; 4] = ["ds", "date", "datetime", "timestamp"];

impl Table {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// When it cannot be read or is no regular file, and those of [`Table::from_csv_reader`].
    pub fn from_csv_path(path: &Path) -> Result<Self, SeriesError> {
        let label = path.display().to_string();
        let fails = |reason: String| SeriesError::File {
            file: label.clone(),
            reason,
        };
        let metadata = path.metadata().map_err(|error| fails(error.to_string()))?;
        if !metadata.is_file() {
            return Err(fails("not a regular file".to_owned()));
        }
        let file = File::open(path).map_err(|error| fails(error.to_string()))?;
        Self::from_csv_reader(file, &label)
    }

    /// Reads CSV; `label` is what errors call it.
    ///
    /// # Errors
    /// With the line and what was found: text where a number belongs, an infinite value, dates
    /// or t that are out of order or irregular, rows of another length; also what is not UTF-8,
    /// has no rows, or is larger than 256 MiB, five million rows or 64 columns.
    pub fn from_csv_reader(reader: impl Read, label: &str) -> Result<Self, SeriesError> {
        let file_error = |reason: String| SeriesError::File {
            file: label.to_owned(),
            reason,
        };
        let mut bytes = Vec::new();
        reader
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| file_error(error.to_string()))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(file_error(format!("larger than {} MiB", MAX_BYTES >> 20)));
        }
        if let Some(reason) = other_kind(&bytes) {
            return Err(file_error(reason.to_owned()));
        }
        let text = std::str::from_utf8(&bytes).map_err(|error| SeriesError::Line {
            file: label.to_owned(),
            line: line_of(&bytes, error.valid_up_to()),
            reason: "not UTF-8 text; save the file as UTF-8".to_owned(),
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        read(text).map_err(|problem| match problem {
            Problem::File(reason) => file_error(reason),
            Problem::Byte(byte, reason) => SeriesError::Line {
                file: label.to_owned(),
                line: line_of(text.as_bytes(), byte),
                reason,
            },
        })
    }
}

/// What a file that is no text is.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'H', b'D', b'F', ..] | [b'C', b'D', b'F', 1 | 2 | 5, ..] => {
            Some("this is a NetCDF file, not a series (CSV); name the data that is to be fitted")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("this is UTF-16 text; save the file as UTF-8"),
        [b'P', b'K', 3, 4, ..] => {
            Some("this is a workbook or a zip archive; export the sheet as CSV")
        }
        _ => bytes
            .contains(&0)
            .then_some("this is not text; a series is a CSV file"),
    }
}

/// What is wrong, before it is known which file and line that is.
enum Problem {
    File(String),
    /// At the row that starts at this byte, or after the empty lines that do.
    Byte(usize, String),
}

/// The line, from 1, of the first thing at or after a byte that is no end of line.
fn line_of(bytes: &[u8], byte: usize) -> usize {
    let empty = bytes[byte..]
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    let before = &bytes[..byte + empty];
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

fn read(text: &str) -> Result<Table, Problem> {
    let text = text.trim_end_matches(['\n', '\r']);
    let first_line = text.lines().find(|line| !line.trim().is_empty());
    let delimiter = [b';', b'\t', b','].into_iter().find(|delimiter| {
        first_line
            .unwrap_or_default()
            .as_bytes()
            .contains(delimiter)
    });
    let mut rows = Rows {
        decimal_comma: delimiter.is_some_and(|delimiter| delimiter != b','),
        ..Rows::default()
    };
    let mut record = StringRecord::new();
    match delimiter {
        Some(delimiter) => {
            let mut reader = ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .from_reader(text.as_bytes());
            loop {
                let start = reader.position().byte() as usize;
                let more = reader
                    .read_record(&mut record)
                    .map_err(|error| Problem::Byte(start, error.to_string()))?;
                if !more {
                    break;
                }
                rows.push(&record, start)?;
            }
        }
        // Of a column alone an empty line is a gap, which the reader would pass over.
        None => {
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                let field = line.trim().trim_matches('"');
                if !(field.is_empty() && rows.is_empty()) {
                    record.clear();
                    record.push_field(field);
                    rows.push(&record, start)?;
                }
                start += line.len();
            }
        }
    }
    rows.into_table()
}

/// Rows as they are read.
#[derive(Default)]
struct Rows {
    /// Whether 3,5 is a number.
    decimal_comma: bool,
    /// Known from the first row on.
    roles: Option<Roles>,
    /// The byte that each row starts at.
    starts: Vec<usize>,
    /// The time column where it holds dates.
    dates: Vec<DateTime>,
    /// The other columns; that of dates stays empty.
    columns: Vec<Vec<f64>>,
}

/// What the columns are.
struct Roles {
    names: Vec<String>,
    time: Option<usize>,
    value: usize,
}

impl Rows {
    fn is_empty(&self) -> bool {
        self.roles.is_none()
    }

    /// Takes a row that starts at that byte: a header or, from the second one on, values.
    fn push(&mut self, record: &StringRecord, start: usize) -> Result<(), Problem> {
        let fault = |reason| Problem::Byte(start, reason);
        let Some(roles) = self.roles.take() else {
            if record.len() > MAX_COLUMNS {
                return Err(fault(format!(
                    "{} columns; at most {MAX_COLUMNS} are read",
                    record.len()
                )));
            }
            self.columns = vec![Vec::new(); record.len()];
            if record.iter().any(is_title) {
                self.roles = Some(Roles::of_header(record).map_err(fault)?);
                return Ok(());
            }
            self.roles = Some(Roles::of_order(record.len()));
            return self.push(record, start);
        };
        self.push_values(&roles, record, start).map_err(fault)?;
        self.roles = Some(roles);
        Ok(())
    }

    fn push_values(
        &mut self,
        roles: &Roles,
        record: &StringRecord,
        start: usize,
    ) -> Result<(), String> {
        if record.len() != roles.names.len() {
            return Err(format!(
                "{} field(s), where the first line has {}",
                record.len(),
                roles.names.len()
            ));
        }
        if self.starts.len() == MAX_ROWS {
            return Err(format!("more than {MAX_ROWS} rows"));
        }
        for (column, field) in record.iter().enumerate() {
            if roles.time == Some(column) {
                self.push_time(column, field, &roles.names[column])
            } else {
                parse_value(field, self.decimal_comma)
                    .map(|value| self.columns[column].push(value))
                    .map_err(|reason| match reason {
                        NoNumber::Text(found) if column != roles.value => {
                            format!("{found} is not a number; leave this column out of the file")
                        }
                        reason => reason.to_string(),
                    })
            }
            .map_err(|reason| format!("{reason} (column {})", quoted(&roles.names[column])))?;
        }
        self.starts.push(start);
        Ok(())
    }

    /// The first row says whether times are dates or numbers.
    fn push_time(&mut self, column: usize, field: &str, name: &str) -> Result<(), String> {
        let is_first = self.starts.is_empty();
        if (is_first || !self.dates.is_empty())
            && let Some(date) = parse_date(field)
        {
            self.dates.push(date);
            return Ok(());
        }
        if is_first && is_one_of(name, &DATE_NAMES) && is_compact_date(field) {
            return Err(format!(
                "{} is a number here; write dates as 2024-05-01",
                quoted(field)
            ));
        }
        match parse_value(field, self.decimal_comma) {
            Ok(t) if self.dates.is_empty() && !t.is_nan() => {
                self.columns[column].push(t);
                Ok(())
            }
            _ if !self.dates.is_empty() => Err(format!(
                "{} is not a date such as 2024-05-01",
                quoted(field)
            )),
            _ if is_first => Err(format!(
                "{} is neither a number nor a date such as 2024-05-01",
                quoted(field)
            )),
            _ => Err(format!("{} is not a number", quoted(field))),
        }
    }

    fn into_table(mut self) -> Result<Table, Problem> {
        let Some(roles) = self.roles.filter(|_| !self.starts.is_empty()) else {
            return Err(Problem::File(
                "no rows; expected lines such as 2024-05-01,12.5".to_owned(),
            ));
        };
        let axis = match roles.time {
            None => TimeAxis::regular(self.starts.len()),
            Some(_) if !self.dates.is_empty() => {
                let (calendar, positions) = Calendar::infer(&self.dates).map_err(|error| {
                    Problem::Byte(self.starts[error.index()], error.to_string())
                })?;
                TimeAxis {
                    calendar: Some(calendar),
                    positions,
                    ..TimeAxis::regular(0)
                }
            }
            Some(column) => {
                let t = &self.columns[column];
                TimeAxis::from_t(t).map_err(|row| {
                    let reason = format!("t is {} here; it must grow by equal steps", t[row]);
                    Problem::Byte(self.starts[row], reason)
                })?
            }
        };
        let series = Series {
            name: roles.names[roles.value].clone(),
            values: std::mem::take(&mut self.columns[roles.value]),
            axis,
        };
        let covariates = roles
            .names
            .into_iter()
            .zip(self.columns)
            .enumerate()
            .filter(|(column, _)| Some(*column) != roles.time && *column != roles.value)
            .map(|(_, covariate)| covariate)
            .collect();
        Ok(Table { series, covariates })
    }
}

impl Roles {
    fn of_header(header: &StringRecord) -> Result<Self, String> {
        let names: Vec<String> = header
            .iter()
            .enumerate()
            .map(|(column, title)| match title.trim() {
                "" => default_name(column),
                title => printable(title),
            })
            .collect();
        for (column, name) in names.iter().enumerate() {
            if names[..column].contains(name) {
                return Err(format!("two columns are called {}", quoted(name)));
            }
        }
        let named_value = names.iter().position(|name| is_one_of(name, &VALUE_NAMES));
        let time = match names.iter().position(|name| is_one_of(name, &TIME_NAMES)) {
            _ if names.len() == 1 => None,
            Some(time) => Some(time),
            // The first column is time whatever its name, unless it is the value.
            None => (named_value != Some(0)).then_some(0),
        };
        Ok(Self {
            value: named_value.unwrap_or(usize::from(time == Some(0))),
            names,
            time,
        })
    }

    fn of_order(columns: usize) -> Self {
        let mut names: Vec<String> = (0..columns).map(default_name).collect();
        let value = usize::from(columns > 1);
        names[value] = "y".to_owned();
        Self {
            names,
            time: (columns > 1).then_some(0),
            value,
        }
    }
}

fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn default_name(column: usize) -> String {
    format!("column_{}", column + 1)
}

#[cfg(test)]
mod tests;
