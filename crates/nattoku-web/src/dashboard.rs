//! Pages about the person signed in.

pub(crate) mod access;
pub(crate) mod act;
pub(crate) mod category;
pub(crate) mod choice;
pub(crate) mod choices;
pub(crate) mod consents;
pub(crate) mod data;
pub(crate) mod download;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod messages;
pub(crate) mod purposes;
pub(crate) mod receipt;
pub(crate) mod receipt_file;
pub(crate) mod receipts;
pub(crate) mod recipient;
pub(crate) mod recipients;
pub(crate) mod record;
pub(crate) mod settings;
pub(crate) mod stop_all;
pub(crate) mod versions;

mod back;
mod changes;
mod csv;
mod governing;
mod line;
mod others;
mod part;
mod passed;
mod present;
mod uses;
mod will;

use nattoku_model::Recorded;

use crate::visit::Visit;

/// Since when anything is recorded about a person, as a sentence; their events stand oldest first.
fn since(visit: &Visit, history: &[Recorded]) -> Option<String> {
    let first = history.first()?;
    Some(visit.words.fill("recorded-since", &visit.dates.day_off(&first.at, &visit.now)))
}
