//! All that the pages show of a person, as tables: for the eye, for spreadsheets, and as the interface for programs tells it.

use jiff::Timestamp;
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded};
use nattoku_operations::{HeldCategory, Nattoku, refusals};
use serde_json::{Value, json};

use crate::api::{choices, consents, holdings, paging::event_json, receipts};
use crate::dashboard::data::kept;
use crate::dashboard::history::{kind_of, receipt_number};
use crate::dashboard::line::line;
use crate::dashboard::present::Present;
use crate::dashboard::will::Will;
use crate::notice::category_title;
use crate::refusal::Refusal;
use crate::visit::Visit;

/// One of them.
pub(super) struct Table {
    /// What its files are called, without what they end in.
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) lead: String,
    /// What is said where it has no rows.
    pub(super) none: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// The answer of the interface for programs.
    pub(super) json: Value,
}

/// A cell, as people read it and as programs do.
pub(super) struct Cell {
    pub(super) read: String,
    pub(super) written: String,
}

/// Every table.
pub(super) fn all(visit: &Visit, principal: &str) -> Result<Vec<Table>, Refusal> {
    let nattoku = visit.nattoku();
    // Before anything is read: what is told is no older.
    let revision = visit.revision();
    let present = Present::read(visit, principal)?;
    let mut history = nattoku.history(principal).map_err(Refusal::of)?;
    history.sort_by_key(|recorded| std::cmp::Reverse(recorded.revision));
    Ok(vec![
        held(visit, principal, revision)?,
        allowed(visit, &present, revision),
        stopped(visit, &present, revision),
        passed_on(visit, principal, &history, revision),
        record(visit, principal, &history, revision)?,
        listed(visit, principal, nattoku, revision)?,
    ])
}

fn table(visit: &Visit, name: &'static str, head: &[&str], rows: Vec<Vec<Cell>>, json: Value) -> Table {
    let words = visit.words;
    Table {
        name,
        title: words.named("download-table", name),
        lead: words.named("download-lead", name),
        none: words.named("download-none", name),
        head: head.iter().map(|key| words.get(key)).collect(),
        rows,
        json,
    }
}

fn text(text: impl Into<String>) -> Cell {
    let read = text.into();
    Cell { written: read.clone(), read }
}

fn moment(visit: &Visit, at: &Timestamp) -> Cell {
    Cell { read: visit.dates.minute(at), written: visit.dates.machine(at) }
}

fn held(visit: &Visit, principal: &str, revision: u64) -> Result<Table, Refusal> {
    let policy = visit.nattoku().policy();
    let held = visit.nattoku().holdings(principal).map_err(Refusal::of)?;
    let rows = held.iter().flat_map(|HeldCategory { category, lines, .. }| {
        lines.iter().map(move |line| {
            let source = line.source.as_ref().and_then(|name| policy.sources.get(name));
            vec![
                text(category_title(policy, category, visit.language)),
                moment(visit, &line.acquired),
                text(source.map_or("", |source| source.title.get(visit.language))),
                text(line.governing.version.to_string()),
                text(kept(visit, line, |at| visit.dates.day(at))),
            ]
        })
    });
    let head = ["download-category", "acquired", "where-from", "governing-version", "kept"];
    let json = held.iter().map(holdings::category_json).collect::<Vec<_>>();
    Ok(table(visit, "holdings", &head, rows.collect(), json!({ "holdings": json, "revision": revision })))
}

fn allowed(visit: &Visit, present: &Present<'_>, revision: u64) -> Table {
    let rows = Will::consents(visit, present, |_| true).into_iter().map(|will| will_row(will, true));
    let json: Vec<Value> = present.consents.iter().map(consents::state_json).collect();
    let head = ["consents-item", "download-state", "last-change", "receipt-way", "wording-version"];
    table(visit, "consents", &head, rows.collect(), json!({ "consents": json, "revision": revision }))
}

fn stopped(visit: &Visit, present: &Present<'_>, revision: u64) -> Table {
    let rows = Will::choices(visit, present, |_| true).into_iter().map(|will| will_row(will, false));
    let json: Vec<Value> = present.choices.iter().map(choices::state_json).collect();
    let head = ["consents-item", "download-state", "last-change", "receipt-way"];
    table(visit, "choices", &head, rows.collect(), json!({ "choices": json, "revision": revision }))
}

fn will_row(will: Will, has_wording: bool) -> Vec<Cell> {
    let (written, read) = will.since.unwrap_or_default();
    let mut row = vec![text(will.title), text(will.state.word), Cell { read, written }, text(will.said)];
    if has_wording {
        row.push(text(will.agreed.map(|agreed| agreed.version).unwrap_or_default()));
    }
    row
}

fn passed_on(visit: &Visit, principal: &str, history: &[Recorded], revision: u64) -> Table {
    let policy = visit.nattoku().policy();
    let passed: Vec<&Recorded> =
        history.iter().filter(|recorded| matches!(recorded.event, Event::DataProvided { .. })).collect();
    let rows = passed.iter().filter_map(|recorded| passed_row(visit, policy, recorded));
    let head = ["receipt-when", "download-recipient", "download-data", "download-use"];
    let json: Vec<Value> = passed.iter().map(|recorded| event_json(principal, recorded)).collect();
    table(visit, "passed-on", &head, rows.collect(), json!({ "events": json, "revision": revision }))
}

fn passed_row(visit: &Visit, policy: &Policy, recorded: &Recorded) -> Option<Vec<Cell>> {
    let Event::DataProvided { recipient, activity, categories, .. } = &recorded.event else { return None };
    let titles: Vec<String> =
        categories.iter().map(|category| category_title(policy, category, visit.language)).collect();
    let to = policy.recipients.get(recipient).map(|recipient| recipient.title.get(visit.language));
    let used = policy.activities.get(activity).map(|activity| activity.title.get(visit.language));
    Some(vec![
        moment(visit, &recorded.at),
        text(to.unwrap_or(recipient.as_str())),
        text(titles.join(&visit.words.get("list-separator"))),
        text(used.unwrap_or(activity.as_str())),
    ])
}

fn record(visit: &Visit, principal: &str, history: &[Recorded], revision: u64) -> Result<Table, Refusal> {
    let refusals = refusals(history);
    let rows = history.iter().map(|recorded| {
        let shown = line(visit, recorded, &refusals);
        vec![
            moment(visit, &recorded.at),
            text(visit.words.named("history-kind", kind_of(&recorded.event))),
            text(shown.text),
            text(shown.remark),
            text(receipt_number(recorded).unwrap_or_default()),
        ]
    });
    let head = ["receipt-when", "csv-kind", "receipt-what", "csv-remark", "receipt"];
    let json: Vec<Value> = history.iter().map(|recorded| event_json(principal, recorded)).collect();
    let json = json!({ "events": json, "next": null, "revision": revision });
    Ok(table(visit, "history", &head, rows.collect(), json))
}

fn listed(visit: &Visit, principal: &str, nattoku: &Nattoku, revision: u64) -> Result<Table, Refusal> {
    let all = nattoku.receipts(principal).map_err(Refusal::of)?;
    let refusals = refusals(all.iter().map(|view| &view.recorded));
    let rows = all.iter().map(|view| {
        let shown = line(visit, &view.recorded, &refusals);
        vec![
            text(view.receipt.number()),
            moment(visit, &view.recorded.at),
            text(shown.text),
            text(shown.remark),
        ]
    });
    let head = ["receipt-number", "receipt-when", "receipt-what", "receipt-way"];
    let json: Vec<Value> = all.iter().map(|view| receipts::view_json(principal, view)).collect();
    let json = json!({ "receipts": json, "revision": revision });
    Ok(table(visit, "receipts", &head, rows.collect(), json))
}
