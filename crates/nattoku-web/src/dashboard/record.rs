//! `/{language}/my/record`: claims and records: what there is on record about the person, and how a claim is made today.

use askama::Template;

use crate::frame::{self, Frame};
use crate::visit::{Answer, Visit};

/// What there is on record: the key of its title, the name of the words that say what it has, and its address.
const RECORDS: [(&str, &str, &str); 6] = [
    ("download-table-history", "history", "my/history"),
    ("access-title", "access", "my/access"),
    ("receipts-title", "receipts", "my/receipts"),
    ("consents-title", "consents", "my/consents"),
    ("messages-title", "messages", "my/messages"),
    ("download-title", "download", "my/download"),
];

/// What may be claimed, by the names of its words.
const CLAIMS: [&str; 7] =
    ["purpose", "disclose", "provisions", "correct", "erase", "cease", "cease-provision"];

#[derive(Template)]
#[template(path = "my/record.html")]
struct RecordPage<'a> {
    frame: Frame<'a>,
    /// Address, title, what it has.
    records: Vec<(String, String, String)>,
    claims: Vec<String>,
    /// Where a letter goes.
    address: String,
}

/// Shows it.
pub(crate) fn page(visit: &Visit, _principal: &str) -> Answer {
    let words = visit.words;
    let record = |(title, name, address): (&str, &str, &str)| {
        (visit.link(address), words.get(title), words.named("record-has", name))
    };
    frame::page(&RecordPage {
        frame: Frame::own(visit, words.get("nav-record"), "record"),
        records: RECORDS.map(record).to_vec(),
        claims: CLAIMS.map(|name| words.named("claim", name)).to_vec(),
        address: visit.nattoku().policy().controller.address.get(visit.language).to_owned(),
    })
}
