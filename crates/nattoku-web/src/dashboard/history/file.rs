//! `/{language}/my/history.csv` and `.json`: what the page shows, all its pages at once, as a file.

use std::collections::BTreeSet;

use nattoku_model::{Recorded, Revision};
use nattoku_operations::refusals;
use serde_json::{Value, json};

use super::newest_first;
use super::search::{Search, Typed, kind_of};
use crate::api::paging::event_json;
use crate::dashboard::csv::Sheet;
use crate::dashboard::line::{is_will, line};
use crate::dashboard::others::without_others;
use crate::dashboard::receipt_file::attachment;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit, see_other};

/// What is shown, as a table.
pub(crate) fn csv(visit: &Visit, principal: &str) -> Answer {
    let Some(Found { events, refusals, .. }) = found(visit, principal)? else { return Ok(to_page(visit)) };
    attachment(&name(visit, "csv"), "text/csv; charset=utf-8", sheet(visit, &events, &refusals)?)
}

/// What is shown, for programs.
pub(crate) fn json(visit: &Visit, principal: &str) -> Answer {
    let Some(Found { typed, events, refusals }) = found(visit, principal)? else {
        return Ok(to_page(visit));
    };
    let asked = json!({ "kind": typed.kind, "from": typed.from, "to": typed.to, "words": typed.words });
    let file = json!({
        "as_of": visit.dates.machine(&visit.now),
        "language": visit.language.tag(),
        "asked": asked,
        "entries": events.iter().map(|recorded| entry(visit, principal, recorded, &refusals)).collect::<Vec<_>>(),
    });
    attachment(&name(visit, "json"), "application/json", format!("{file:#}\n"))
}

/// What is shown.
struct Found {
    typed: Typed,
    events: Vec<Recorded>,
    /// Those of all events that decline what had never been allowed.
    refusals: BTreeSet<Revision>,
}

/// It; none where what is asked for cannot be looked for.
fn found(visit: &Visit, principal: &str) -> Result<Option<Found>, Refusal> {
    let typed = Typed::of(visit);
    let Ok(search) = Search::of(visit, &typed) else { return Ok(None) };
    let mut events = newest_first(visit, principal)?;
    let refusals = refusals(&events);
    events.retain(|recorded| search.finds(visit, recorded, &refusals));
    Ok(Some(Found { typed, events, refusals }))
}

/// The page says what is wrong.
fn to_page(visit: &Visit) -> axum::response::Response {
    let query = visit.address.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    see_other(&visit.link(&format!("my/history{query}")))
}

fn name(visit: &Visit, kind: &str) -> String {
    format!("history-{}.{kind}", visit.dates.civil(&visit.now))
}

/// Entries as a table, in the words of the page.
fn sheet(visit: &Visit, events: &[Recorded], refusals: &BTreeSet<Revision>) -> Result<Vec<u8>, Refusal> {
    let words = visit.words;
    let head =
        ["receipt-when", "csv-kind", "receipt-what", "csv-remark", "verify-recorded", "csv-entry", "receipt"];
    let mut sheet = Sheet::new(&head.map(|key| words.get(key)));
    for recorded in events {
        let shown = line(visit, recorded, refusals);
        sheet.add(&[
            visit.dates.machine(&recorded.at),
            words.named("history-kind", kind_of(&recorded.event)),
            shown.text,
            shown.remark,
            visit.dates.machine(&recorded.recorded_at),
            recorded.revision.to_string(),
            receipt_number(recorded).unwrap_or_default(),
        ]);
    }
    sheet.finish()
}

/// An entry in the words of the page, with the event as the interface for programs tells it, without what is of others.
fn entry(visit: &Visit, principal: &str, recorded: &Recorded, refusals: &BTreeSet<Revision>) -> Value {
    let shown = line(visit, recorded, refusals);
    json!({
        "kind": kind_of(&recorded.event),
        "text": shown.text,
        "remark": shown.remark,
        "receipt": receipt_number(recorded),
        "event": without_others(event_json(principal, recorded)),
    })
}

/// The number of an entry's receipt, where it has one.
pub(crate) fn receipt_number(recorded: &Recorded) -> Option<String> {
    is_will(&recorded.event).then(|| nattoku_ledger::receipt::number(recorded.revision.0))
}
