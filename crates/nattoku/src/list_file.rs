//! A list written to a file as it is made: under its name only once it is whole, so that half a list is never taken for one.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exit::CommandError;
use crate::replace;

/// The file being written.
pub(crate) struct ListFile {
    path: PathBuf,
    /// What is renamed once it is whole; nothing where a device is written to as it is.
    partial: Option<Partial>,
    file: BufWriter<File>,
}

/// The file beside the one that it becomes; taken away where it does not.
struct Partial {
    path: PathBuf,
    target: PathBuf,
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl ListFile {
    /// Begins a file; a policy's source or a ledger is never written over.
    pub(crate) fn create(path: &Path) -> Result<Self, CommandError> {
        replace::keep_sources(path)?;
        replace::keep_off_pipes(path)?;
        let begun = if path.exists() && !path.is_file() {
            File::options().write(true).open(path).map(|file| (None, file))
        } else {
            beside(path).map(|(partial, file)| (Some(partial), file))
        };
        let (partial, file) = begun.map_err(|error| CommandError::cannot_write(path, &error))?;
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
        let written = self.file.flush().and_then(|()| match &self.partial {
            Some(partial) => std::fs::rename(&partial.path, &partial.target),
            None => Ok(()),
        });
        written.map_err(|error| CommandError::cannot_write(&self.path, &error))
    }
}

/// A new file beside the one that is meant, where a link leads, which nobody but its owner reads: it is about people.
fn beside(path: &Path) -> io::Result<(Partial, File)> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let path = target.with_file_name(name);
    let file = options.open(&path)?;
    Ok((Partial { path, target }, file))
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
