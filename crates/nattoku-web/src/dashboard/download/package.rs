//! The package: a page that reads without a server, and every table for programs and for spreadsheets.

use std::fmt::Display;
use std::io::{Cursor, Write as _};

use askama::Template;
use nattoku_ledger::receipt;
use nattoku_model::{Event, Recorded};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::absent;
use super::table::Table;
use crate::assets::STYLESHEET;
use crate::dashboard::csv::Sheet;
use crate::dashboard::others::is_by_another;
use crate::desk::DeskView;
use crate::refusal::Refusal;
use crate::visit::Visit;
use crate::words::Words;

#[derive(Template)]
#[template(path = "my/package.html")]
struct Index<'a> {
    words: &'static Words,
    language: &'static str,
    title: String,
    controller: &'a str,
    as_of: String,
    tables: &'a [Table],
    receipts: &'a [String],
    absent: Vec<(String, String)>,
    desks: Vec<DeskView>,
}

/// Makes it, out of the tables and the events at hand. File by file goes into the archive as it is written: besides the person's record,
/// as every page of it is read, only what is compressed is kept in memory.
pub(super) fn make(visit: &Visit, tables: &[Table], history: &[Recorded]) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut add = |name: &str, bytes: &[u8]| {
        archive.start_file(name, options).map_err(failed)?;
        archive.write_all(bytes).map_err(failed)
    };
    let mut receipts = Vec::new();
    // What is not signed yet, or not signed here, is in the tables all the same.
    let is_own = |event: &Event| !is_by_another(event);
    let issued = visit.nattoku().issue_receipts(history, visit.language, is_own);
    for receipt in issued.map_err(Refusal::of)? {
        let receipt = receipt.map_err(Refusal::of)?;
        let name = format!("receipts/{}.json", receipt::number(receipt.proof.index.saturating_add(1)));
        add(&name, receipt.to_json().as_bytes())?;
        receipts.push(name);
    }
    let reading = visit.reading();
    let policy = visit.nattoku().policy();
    let index = Index {
        words: visit.words,
        language: visit.language.tag(),
        title: visit.words.get("download-title"),
        controller: policy.controller.name.get(visit.language),
        as_of: visit.words.fill("as-of", &visit.dates.minute(&visit.now)),
        tables,
        receipts: &receipts,
        absent: absent(visit),
        desks: crate::desk::desks(&reading, policy),
    };
    add("index.html", index.render().map_err(failed)?.as_bytes())?;
    add("style.css", STYLESHEET.as_bytes())?;
    for table in tables {
        add(&format!("{}.json", table.name), format!("{:#}\n", table.json).as_bytes())?;
        let mut sheet = Sheet::new(&table.head);
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.written.clone()).collect();
            sheet.add(&cells);
        }
        add(&format!("{}.csv", table.name), &sheet.finish()?)?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}

fn failed(error: impl Display) -> Refusal {
    tracing::error!(%error, "a package cannot be made");
    Refusal::Failed
}
