//! A file of whom each change concerns: JSON lines, or CSV.

use std::io;
use std::path::Path;

use nattoku_analysis::difference::Change;
use serde_json::{Value, json};

use crate::exit::CommandError;
use crate::list_file::ListFile;

/// The file being written.
pub(super) struct Out {
    file: ListFile,
    is_csv: bool,
}

impl Out {
    /// Begins a file.
    pub(super) fn create(path: &Path) -> Result<Self, CommandError> {
        let mut file = ListFile::create(path)?;
        let is_csv = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
        if is_csv {
            let head = file.csv(&["change", "class", "principal"]);
            head.map_err(|error| CommandError::cannot_write(path, &error))?;
        }
        Ok(Self { file, is_csv })
    }

    /// Writes that a change concerns a principal.
    pub(super) fn write(&mut self, change: &Change, principal: &str) -> io::Result<()> {
        if self.is_csv {
            self.file.csv(&[&change.id(), change.class.as_str(), principal])
        } else {
            self.file.line(&to_json(change, principal).to_string())
        }
    }

    /// Puts the file in its place.
    pub(super) fn finish(self) -> Result<(), CommandError> {
        self.file.finish()
    }
}

/// That a change concerns a principal.
pub(super) fn to_json(change: &Change, principal: &str) -> Value {
    json!({ "change": change.id(), "class": change.class.as_str(), "principal": principal })
}
