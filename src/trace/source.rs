//! What the rest of the room asks of a container of groups and variables. Two
//! readers stand behind it: the pure-Rust one ([`super::hdf5`]) and, for the
//! tests that hold it to the reference, the NetCDF C library.

use super::error::Problem;

/// A container of named groups that hold named variables. Groups are given by
/// their full path, `/` for the root.
pub(super) trait Source: Sync {
    /// Whether the group exists.
    fn has_group(&self, group: &str) -> bool;

    /// Names of the groups directly inside, in file order. A group that is its
    /// own ancestor (links may run in circles) is left out.
    fn groups(&self, group: &str) -> Result<Vec<String>, Problem>;

    /// The variables directly inside, in file order; empty for an absent group.
    fn variables(&self, group: &str) -> Result<Vec<Variable>, Problem>;

    /// One variable, `None` where the group has none of that name. Other
    /// variables of the group are not looked at.
    fn variable(&self, group: &str, name: &str) -> Result<Option<Variable>, Problem>;

    /// An attribute that holds one text; `None` where it is absent or anything else.
    fn text_attribute(&self, object: Object, name: &str) -> Option<String>;

    /// An attribute that holds one number; `None` where it is absent or anything else.
    fn number_attribute(&self, object: Object, name: &str) -> Option<f64>;

    /// Every element of a numeric variable as stored, last dimension fastest.
    fn numbers(&self, group: &str, name: &str) -> Result<Vec<f64>, Problem>;

    /// Every element of a text variable.
    fn strings(&self, group: &str, name: &str) -> Result<Vec<String>, Problem>;
}

/// What an attribute belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Object<'a> {
    Group(&'a str),
    Variable(&'a str, &'a str),
}

/// A variable, not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// As in the file, not escaped.
    pub name: String,
    /// Name and length, in file order. The name is `None` where the file gives none.
    pub dimensions: Vec<Dimension>,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dimension {
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
