//! The file of those for whom it is permitted: CSV, or Parquet where its name says so.

use std::io;
use std::path::Path;

use crate::exit::CommandError;
use crate::list_file::ListFile;
use crate::parquet_file::ParquetFile;

/// The file being written.
pub(super) enum Ids {
    Csv(ListFile),
    Parquet(Box<ParquetFile>),
}

impl Ids {
    /// Begins a file with these columns.
    pub(super) fn create(path: &Path, columns: &[&str]) -> Result<Self, CommandError> {
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
            return Ok(Self::Parquet(Box::new(ParquetFile::create(path, columns)?)));
        }
        let mut file = ListFile::create(path)?;
        file.csv(columns).map_err(|error| CommandError::cannot_write(path, &error))?;
        Ok(Self::Csv(file))
    }

    /// Writes a line.
    pub(super) fn row(&mut self, fields: &[&str]) -> io::Result<()> {
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
