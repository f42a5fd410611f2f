//! What the rest of the room asks of a container of groups and variables. Two
//! readers stand behind it: the pure-Rust one ([`super::hdf5`]) and, for the
//! tests that hold it to the reference, the NetCDF C library.

use super::error::Problem;

/// A container of named groups that hold named variables. Groups are given by
/// their full path, `/` for the root. Nothing is read before it is asked for.
pub(super) trait Source: Sync {
    /// Whether the group exists.
    fn has_group(&self, group: &str) -> Result<bool, Problem>;

    /// Names of the groups directly inside, in file order. A group that is its
    /// own ancestor (links may run in circles) is left out.
    fn groups(&self, group: &str) -> Result<Vec<String>, Problem>;

    /// The variables directly inside, in file order; none for an absent group.
    fn variables(&self, group: &str) -> Result<Vec<Variable>, Problem>;

    /// One variable, `None` where the group has none of that name. Other
    /// variables of the group are not looked at.
    fn variable(&self, group: &str, name: &str) -> Result<Option<Variable>, Problem>;

    /// An attribute of a group that holds one text; `None` where it is absent
    /// or holds anything else.
    fn group_text(&self, group: &str, name: &str) -> Result<Option<String>, Problem>;

    /// Every element of a numeric variable as stored, last dimension fastest.
    fn numbers(&self, group: &str, name: &str) -> Result<Vec<f64>, Problem>;

    /// Every element of a text variable.
    fn strings(&self, group: &str, name: &str) -> Result<Vec<String>, Problem>;
}

/// A variable and what its attributes say of its values, which are not read yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    /// As in the file, not escaped.
    pub name: String,
    /// In file order.
    pub dimensions: Vec<Dimension>,
    pub kind: Kind,
    pub attributes: Attributes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dimension {
    /// `None` where the file gives it no name.
    pub name: Option<String>,
    pub length: usize,
}

/// What the elements of a variable are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    /// Compound, opaque, reference: nothing a trace needs.
    Other,
}

/// The attributes of the CF conventions that change what values mean; those
/// that hold anything but one number or one text are taken for absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Attributes {
    /// `_FillValue` and `missing_value`.
    pub fills: Vec<f64>,
    pub scale_factor: Option<f64>,
    pub add_offset: Option<f64>,
    pub units: Option<String>,
    pub calendar: Option<String>,
}

impl Variable {
    /// Whether this variable labels the positions of its own dimension.
    pub fn is_coordinate(&self) -> bool {
        matches!(&self.dimensions[..], [d] if d.name.as_deref() == Some(&self.name))
    }
}

/// The path of something inside a group.
pub(super) fn join(group: &str, name: &str) -> String {
    if group == "/" {
        format!("/{name}")
    } else {
        format!("{group}/{name}")
    }
}
