//! Tables as files, for the programs that people open them with.

use csv::{Terminator, Writer, WriterBuilder};

use crate::refusal::Refusal;

/// What a program for tables takes for the beginning of a formula; the wide ones it may take for the narrow.
const BEGINS_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A table that is being written.
pub(super) struct Sheet {
    writer: Writer<Vec<u8>>,
}

impl Sheet {
    /// A table with its head. The mark before it is how programs know it as UTF-8.
    pub(super) fn new(head: &[String]) -> Self {
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer("\u{feff}".into());
        let mut sheet = Self { writer };
        sheet.add(head);
        sheet
    }

    /// Adds a row.
    pub(super) fn add(&mut self, cells: &[String]) {
        // Writing to memory fails nowhere but for rows of another length, which `finish` then tells.
        if let Err(error) = self.writer.write_record(cells.iter().map(|cell| harmless(cell))) {
            tracing::error!(%error, "a row of a table cannot be written");
        }
    }

    /// The file.
    pub(super) fn finish(self) -> Result<Vec<u8>, Refusal> {
        self.writer.into_inner().map_err(|error| {
            tracing::error!(%error, "a table cannot be written");
            Refusal::Failed
        })
    }
}

/// A cell that no program takes for a formula, whoever wrote what is in it.
fn harmless(cell: &str) -> String {
    if cell.starts_with(BEGINS_FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        let mut sheet = Sheet::new(&["a".to_owned(), "b".to_owned()]);
        for cell in ["=1+1", "+1", "-1", "@a", "\t=1", "＝1", "a=1", "a,\"b\""] {
            sheet.add(&[cell.to_owned(), String::new()]);
        }
        let file = String::from_utf8(sheet.finish().unwrap()).unwrap();
        let cells: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(
            cells,
            [
                "\u{feff}a,b",
                "'=1+1,",
                "'+1,",
                "'-1,",
                "'@a,",
                "'\t=1,",
                "'＝1,",
                "a=1,",
                "\"a,\"\"b\"\"\",",
                ""
            ]
        );
    }
}
