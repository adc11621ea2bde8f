//! A list written to a file of text as it is made.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use crate::exit::CommandError;
use crate::whole_file::WholeFile;

/// The file being written.
pub(crate) struct ListFile {
    file: BufWriter<WholeFile>,
}

impl ListFile {
    /// Begins a file, which stands under its name once it is finished.
    pub(crate) fn create(path: &Path) -> Result<Self, CommandError> {
        Ok(Self { file: BufWriter::new(WholeFile::create(path)?) })
    }

    /// Writes a line of CSV.
    pub(crate) fn csv(&mut self, fields: &[&str]) -> io::Result<()> {
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        write!(self.file, "{}\r\n", fields.join(","))
    }

    /// Writes a line as it is.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.file, "{text}")
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), CommandError> {
        let path = self.file.get_ref().path().to_owned();
        let file = self.file.into_inner();
        file.map_err(|error| CommandError::cannot_write(&path, error.error()))?.finish()
    }
}

/// A field as RFC 4180 has it.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_field_that_needs_quotes_gets_them() {
        assert_eq!(quoted("hana"), "hana");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
