//! `/{language}/my/download`: a copy of all that these pages show, in one package that is made when it is asked for and kept nowhere.

use askama::Template;

use super::receipt_file::attachment;
use crate::frame::{self, Frame};
use crate::visit::{Answer, Visit};

mod package;
mod table;

/// What the package does not have, by the names of the words that say why.
const ABSENT: [&str; 6] = ["contents", "views", "claims", "others", "erased", "company"];

#[derive(Template)]
#[template(path = "my/download.html")]
struct DownloadPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    tables: Vec<Announced>,
    absent: Vec<(String, String)>,
}

/// A table that the package has.
struct Announced {
    title: String,
    lead: String,
    rows: String,
}

/// Says what is in the package and what is not.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let tables = table::counts(visit, principal)?.map(|(name, rows)| Announced {
        title: words.named("download-table", name),
        lead: words.named("download-lead", name),
        rows: words.count("download-rows", rows),
    });
    frame::page(&DownloadPage {
        frame: Frame::own(visit, words.get("download-title"), "record"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        tables: tables.into(),
        absent: absent(visit),
    })
}

/// `/{language}/my/download/package.zip`: the package.
pub(crate) fn package(visit: &Visit, principal: &str) -> Answer {
    let (tables, history) = table::all(visit, principal)?;
    let package = package::make(visit, &tables, &history)?;
    attachment(&format!("my-data-{}.zip", visit.dates.civil(&visit.now)), "application/zip", package)
}

/// What is not in it, and why.
fn absent(visit: &Visit) -> Vec<(String, String)> {
    let words = visit.words;
    let of = |name| (words.named("download-absent", name), words.named("download-why", name));
    ABSENT.map(of).to_vec()
}
