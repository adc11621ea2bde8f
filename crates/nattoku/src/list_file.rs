//! A list written to a file as it is made: under its name only once it is whole, so that half a list is never taken for one.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exit::CommandError;
use crate::replace;

/// The file being written.
pub(crate) struct ListFile {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
}

impl ListFile {
    /// Begins a file; a policy's source or a ledger is never written over.
    pub(crate) fn create(path: &Path) -> Result<Self, CommandError> {
        replace::keep_sources(path)?;
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(|error| CommandError::cannot_write(path, &error))?;
        Ok(Self { path: path.to_owned(), partial, file: BufWriter::new(file) })
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
    pub(crate) fn finish(mut self) -> Result<(), CommandError> {
        let written = self.file.flush().and_then(|()| std::fs::rename(&self.partial, &self.path));
        written.map_err(|error| CommandError::cannot_write(&self.path, &error))
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
