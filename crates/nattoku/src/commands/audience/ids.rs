//! The file of those for whom it is permitted, or who came in or dropped out: CSV, or Parquet where its name says so.

use std::io;
use std::path::Path;

use nattoku_model::Reason;
use nattoku_operations::Listed;

use crate::exit::CommandError;
use crate::list_file::ListFile;
use crate::parquet_file::ParquetFile;

/// The columns; where the audience is compared with another, two more.
const COLUMNS: [&str; 4] = ["principal", "verdict", "change", "reason"];

/// What stands for the reason where the other side had not heard of somebody.
const UNHEARD_OF: &str = "unheard_of";

/// The file being written.
pub(super) enum Ids {
    Csv(ListFile),
    Parquet(Box<ParquetFile>),
}

impl Ids {
    /// Begins a file.
    pub(super) fn create(path: &Path, is_compared: bool) -> Result<Self, CommandError> {
        let [principal, verdict, ..] = COLUMNS;
        let columns: &[&str] = if is_compared { &COLUMNS } else { &[principal, verdict] };
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
            return Ok(Self::Parquet(Box::new(ParquetFile::create(path, columns)?)));
        }
        let mut file = ListFile::create(path)?;
        file.csv(columns).map_err(|error| CommandError::cannot_write(path, &error))?;
        Ok(Self::Csv(file))
    }

    /// Writes a line.
    pub(super) fn put(&mut self, listed: &Listed<'_>) -> io::Result<()> {
        let (principal, verdict) = (listed.principal, listed.verdict.as_str());
        match listed.moved {
            None => self.row(&[principal, verdict]),
            Some((way, reason)) => {
                let reason = reason.map_or(UNHEARD_OF, Reason::code);
                self.row(&[principal, verdict, way.as_str(), reason])
            }
        }
    }

    fn row(&mut self, fields: &[&str]) -> io::Result<()> {
        match self {
            Self::Csv(file) => file.csv(fields),
            Self::Parquet(file) => file.row(fields),
        }
    }

    /// Puts the file in its place; what it is of stands in it where the format has room for it.
    pub(super) fn finish(self, about: Vec<(String, String)>) -> Result<(), CommandError> {
        match self {
            Self::Csv(file) => file.finish(),
            Self::Parquet(file) => file.finish(about),
        }
    }
}
