//! A file of whom each change concerns: JSON lines, or CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use nattoku_analysis::difference::Change;
use serde_json::{Value, json};

use crate::exit::CommandError;
use crate::replace;

/// The file being written. It stands under its name when it is whole, so that half a list is never taken for one.
pub(super) struct Out {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
    is_csv: bool,
}

impl Out {
    /// Begins a file.
    pub(super) fn create(path: &Path) -> Result<Self, CommandError> {
        replace::keep_sources(path)?;
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let failed = |error: io::Error| CommandError::cannot_write(path, &error);
        let mut file = BufWriter::new(File::create(&partial).map_err(failed)?);
        let is_csv = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
        if is_csv {
            file.write_all(b"change,class,principal\r\n").map_err(failed)?;
        }
        Ok(Self { path: path.to_owned(), partial, file, is_csv })
    }

    /// Writes that a change concerns a principal.
    pub(super) fn write(&mut self, change: &Change, principal: &str) -> io::Result<()> {
        if self.is_csv {
            let fields = [change.id(), change.class.to_string(), principal.to_owned()].map(|f| quoted(&f));
            write!(self.file, "{}\r\n", fields.join(","))
        } else {
            writeln!(self.file, "{}", to_json(change, principal))
        }
    }

    /// Puts the file in its place.
    pub(super) fn finish(mut self) -> Result<(), CommandError> {
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

/// That a change concerns a principal.
pub(super) fn to_json(change: &Change, principal: &str) -> Value {
    json!({ "change": change.id(), "class": change.class.as_str(), "principal": principal })
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
