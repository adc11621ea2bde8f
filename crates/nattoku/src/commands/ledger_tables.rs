//! `nattoku ledger tables`: what is known of everybody, as tables for the filters of `nattoku filter`.

use std::path::Path;

use nattoku_engine::{Dialect, TABLES, Table, load};
use nattoku_model::Language;
use nattoku_operations::{FilterError, grouped};
use nattoku_store::OpenMode;
use serde_json::json;

use super::filter::told;
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::list_file::ListFile;
use crate::new_folder::Filling;
use crate::progress::{Work, bar};
use crate::{open, output};

/// Writes a file of CSV for each table and one of statements for each dialect; the folder stands under its name once it is whole.
pub(crate) fn run(
    out: &Path,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let nattoku = open::nattoku(place, OpenMode::ReadOnly, language)?;
    let folder = Filling::begin(out)?;
    let failed = |error: &std::io::Error| CommandError::cannot_write(out, error);
    let mut files: Vec<(&str, ListFile)> = Vec::new();
    for table in &TABLES {
        let mut file = ListFile::create(&folder.path().join(format!("{}.csv", table.name)))?;
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        file.csv(&columns).map_err(|error| failed(&error))?;
        files.push((table.name, file));
    }
    let mut put = |table: &'static Table, fields: &[&str]| {
        let file = files.iter_mut().find(|(name, _)| *name == table.name);
        file.map_or(Ok(()), |(_, file)| file.csv(fields))
    };
    let bar = bar(Work::Principals, language);
    bar.set_length(nattoku.principals()?);
    let taken = nattoku.tables(&mut put, &mut |n| bar.set_position(n));
    bar.finish_and_clear();
    let taken = taken.map_err(|error| match error {
        FilterError::Write(error) => failed(&error),
        error => told(error),
    })?;
    for (_, file) in files {
        file.finish()?;
    }
    for dialect in Dialect::ALL {
        let path = folder.path().join(format!("{}.sql", dialect.as_str()));
        let mut file = ListFile::create(&path)?;
        file.line(load(dialect).trim_end()).map_err(|error| failed(&error))?;
        file.finish()?;
    }
    folder.finish()?;
    let (principals, revision, out) = (taken.principals, taken.revision, out.display());
    match format {
        Format::Json => output::line(
            &json!({ "folder": out.to_string(), "principals": principals, "revision": revision.0 })
                .to_string(),
        ),
        Format::Concise => output::line(&format!("{principals} principals, revision {revision}")),
        Format::Text => output::line(&match language {
            Language::Ja => format!("{out}: 本人 {} 人、台帳の版番号 {revision}", grouped(principals)),
            Language::En => format!("{out}: {} principals, at revision {revision}", grouped(principals)),
        }),
    }
    Ok(Exit::Done)
}
