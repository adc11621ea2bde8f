//! `/{language}/my/download`: a copy of all that these pages show, in one package that is made when it is asked for and kept nowhere.

use askama::Template;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::receipt_file::attachment;
use crate::cookie;
use crate::frame::{self, Frame};
use crate::public::sign_in::add_cookie;
use crate::session::LINK_LASTS;
use crate::visit::{Answer, Visit, see_other};

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
    fetched: Fetched,
    /// How long a link may wait, in hours.
    hours: i64,
    /// Whether it was asked for by somebody who is to show once more who they are.
    refused: bool,
}

/// A table that the package has.
struct Announced {
    title: String,
    lead: String,
    rows: String,
}

/// How it is fetched.
enum Fetched {
    /// At once, until a time that is told.
    Now(String),
    /// Once the person has signed in once more at the provider, at an address.
    AfterProvider(String),
    /// The same by a new link.
    AfterLink,
}

/// Says what is in the package and what is not, and how it is fetched.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let tables = table::counts(visit, principal)?.map(|(name, rows)| Announced {
        title: words.named("download-table", name),
        lead: words.named("download-lead", name),
        rows: words.count("download-rows", rows),
    });
    let fetched = fetched(visit);
    let comes_by_link = matches!(fetched, Fetched::AfterLink);
    let mut response = frame::page(&DownloadPage {
        frame: Frame::own(visit, words.get("download-title"), "record"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        tables: tables.into(),
        absent: absent(visit),
        refused: visit.query("anew") == Some("1") && !matches!(fetched, Fetched::Now(_)),
        fetched,
        hours: LINK_LASTS.as_hours(),
    })?;
    if comes_by_link {
        // The link knows nothing of this page: the browser keeps that it is wanted.
        let wanted = visit.link("my/download");
        add_cookie(&mut response, &cookie::WANTED.set(&wanted, visit.web.settings.is_secure()))?;
    }
    Ok(response)
}

/// `/{language}/my/download/package.zip`: the package, for whoever has shown a moment ago who they are.
pub(crate) fn package(visit: &Visit, principal: &str) -> Answer {
    if fresh_until(visit).is_none() {
        return Ok(see_other(&visit.link("my/download?anew=1")));
    }
    let (tables, history) = table::all(visit, principal)?;
    let package = package::make(visit, &tables, &history)?;
    attachment(&format!("my-data-{}.zip", visit.dates.civil(&visit.now)), "application/zip", package)
}

fn fetched(visit: &Visit) -> Fetched {
    if let Some(until) = fresh_until(visit) {
        return Fetched::Now(visit.dates.time(&until, &visit.now));
    }
    if visit.web.sign_in.is_none() {
        return Fetched::AfterLink;
    }
    let back = visit.link("my/download");
    let back = utf8_percent_encode(&back, NON_ALPHANUMERIC);
    Fetched::AfterProvider(format!("{}?anew=1&to={back}", visit.link("sign-in/start")))
}

/// Until when whoever is signed in counts as having shown who they are.
fn fresh_until(visit: &Visit) -> Option<Timestamp> {
    visit.whose()?.fresh_until(visit.web.settings.fresh, visit.now)
}

/// What is not in it, and why.
fn absent(visit: &Visit) -> Vec<(String, String)> {
    let words = visit.words;
    let of = |name| (words.named("download-absent", name), words.named("download-why", name));
    ABSENT.map(of).to_vec()
}
