//! Data as aligned columns, to read.

use unicode_width::UnicodeWidthStr;

/// Which edge of its column a cell stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Names.
    Left,
    /// Numbers.
    Right,
}

/// What stands in a row of a column.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub text: String,
    /// Something is wrong here: red, where there is colour.
    pub wrong: bool,
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell { text, wrong: false }
    }
}

/// Columns with a heading, two spaces apart.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table of these columns, without rows.
    pub fn new(columns: &[(&str, Align)]) -> Table {
        let columns = columns.iter();
        Table {
            columns: columns
                .map(|&(name, align)| (name.to_owned(), align))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, a cell a column.
    pub fn push<C: Into<Cell>, const N: usize>(&mut self, cells: [C; N]) {
        debug_assert_eq!(N, self.columns.len(), "a cell a column");
        self.rows.push(cells.map(Into::into).into());
    }

    /// The table as lines; `color` sets the heading bold and what is wrong red.
    pub fn text(&self, color: bool) -> String {
        let names = self.columns.iter().map(|(name, _)| name.clone().into());
        let heading: Vec<Cell> = names.collect();
        let widths = self.widths();
        let mut text = String::new();
        let (start, end) = if color {
            ("\x1b[1m", "\x1b[0m")
        } else {
            ("", "")
        };
        text.push_str(start);
        text.push_str(&self.line(&heading, &widths, false));
        text.push_str(end);
        text.push('\n');
        for row in &self.rows {
            text.push_str(&self.line(row, &widths, color));
            text.push('\n');
        }
        text
    }

    /// Width of each column in terminal cells.
    fn widths(&self) -> Vec<usize> {
        let widest = |(i, (name, _)): (usize, &(String, Align))| {
            let cells = self.rows.iter().filter_map(|row| row.get(i));
            cells
                .map(|cell| cell.text.width())
                .fold(name.width(), usize::max)
        };
        self.columns.iter().enumerate().map(widest).collect()
    }

    fn line(&self, cells: &[Cell], widths: &[usize], color: bool) -> String {
        let mut fields = Vec::new();
        for ((cell, (_, align)), width) in cells.iter().zip(&self.columns).zip(widths) {
            let blanks = " ".repeat(width - cell.text.width());
            let text = if cell.wrong && color {
                format!("\x1b[31m{}\x1b[0m", cell.text)
            } else {
                cell.text.clone()
            };
            fields.push(match align {
                Align::Left => format!("{text}{blanks}"),
                Align::Right => format!("{blanks}{text}"),
            });
        }
        fields.join("  ").trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parameters() -> Table {
        let mut table = Table::new(&[
            ("parameter", Align::Left),
            ("mean", Align::Right),
            ("r\u{302}", Align::Right),
        ]);
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        table.push(row(["slope", "0.05", "1.00"]));
        table.push(row(["σ², 日本", "-10.25", ""]));
        table
    }

    #[test]
    fn names_stand_left_and_numbers_right() {
        let expected = "\
parameter    mean     r\u{302}
slope        0.05  1.00
σ², 日本   -10.25
";
        assert_eq!(parameters().text(false), expected);
    }

    #[test]
    fn only_the_heading_is_styled() {
        let plain = parameters().text(false);
        let styled = parameters().text(true);
        let (heading, rows) = plain.split_once('\n').expect("a heading");
        assert_eq!(styled, format!("\x1b[1m{heading}\x1b[0m\n{rows}"));
    }

    #[test]
    fn what_is_wrong_is_red_and_stays_in_its_column() {
        let mut table = parameters();
        let cell = |text: &str, wrong| Cell {
            text: text.into(),
            wrong,
        };
        table.push([cell("tau", false), cell("3.1", false), cell("2.23", true)]);
        let styled = table.text(true);
        assert!(styled.ends_with("  \x1b[31m2.23\x1b[0m\n"), "{styled}");
        let plain = styled
            .replace("\x1b[31m", "")
            .replace("\x1b[1m", "")
            .replace("\x1b[0m", "");
        assert_eq!(plain, table.text(false));
    }

    proptest! {
        #[test]
        fn right_edges_line_up(cells in prop::collection::vec("[a-zé日]{1,9}", 1..6)) {
            let mut table = Table::new(&[("n", Align::Right)]);
            for cell in &cells {
                table.push([cell.clone()]);
            }
            let widest = cells.iter().map(|cell| cell.width()).max();
            for line in table.text(false).lines() {
                prop_assert_eq!(Some(line.width()), widest);
            }
        }
    }
}
