//! All that the pages show of a person, as tables: for the eye, for spreadsheets, and as the interface for programs tells it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded, Revision};
use nattoku_operations::{HeldCategory, ReceiptView, refusals};
use serde_json::{Value, json};

use crate::api::{choices, consents, holdings, paging::event_json, receipts};
use crate::dashboard::access::seen;
use crate::dashboard::data::kept;
use crate::dashboard::history::{kind_of, receipt_number};
use crate::dashboard::line::{is_will, line};
use crate::dashboard::others::without_others;
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
    /// The answer of the interface for programs, without what is of others.
    pub(super) json: Value,
}

/// A cell, as people read it and as programs do.
pub(super) struct Cell {
    pub(super) read: String,
    pub(super) written: String,
}

/// Every table, with the events out of which they were made, newest first.
pub(super) fn all(visit: &Visit, principal: &str) -> Result<(Vec<Table>, Vec<Recorded>), Refusal> {
    // Before anything is read: what is told is no older.
    let revision = visit.revision();
    let present = Present::read(visit, principal)?;
    let history = newest_first(visit, principal)?;
    let refusals = refusals(&history);
    let tables = vec![
        held(visit, principal, revision)?,
        allowed(visit, &present, revision),
        stopped(visit, &present, revision),
        passed_on(visit, principal, &history, revision),
        views(visit, principal, &history, revision),
        record(visit, principal, (&history, &refusals), revision),
        listed(visit, principal, (&history, &refusals), revision),
    ];
    Ok((tables, history))
}

/// How many rows each of them has, without its being made.
pub(super) fn counts(visit: &Visit, principal: &str) -> Result<[(&'static str, usize); 7], Refusal> {
    let nattoku = visit.nattoku();
    let held = nattoku.holdings(principal).map_err(Refusal::of)?;
    let history = newest_first(visit, principal)?;
    Ok([
        ("holdings", held.iter().map(|category| category.lines.len()).sum()),
        ("consents", nattoku.policy().consents.len()),
        ("choices", nattoku.policy().choices.len()),
        ("passed-on", history.iter().filter(|recorded| is_passing_on(&recorded.event)).count()),
        ("views", history.iter().filter(|recorded| seen(visit, &recorded.event).is_some()).count()),
        ("history", history.len()),
        ("receipts", history.iter().filter(|recorded| is_will(&recorded.event)).count()),
    ])
}

fn newest_first(visit: &Visit, principal: &str) -> Result<Vec<Recorded>, Refusal> {
    let mut history = visit.nattoku().history(principal).map_err(Refusal::of)?;
    history.sort_by_key(|recorded| std::cmp::Reverse(recorded.revision));
    Ok(history)
}

const fn is_passing_on(event: &Event) -> bool {
    matches!(event, Event::DataProvided { .. })
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
        json: without_others(json),
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
    let passed: Vec<&Recorded> = history.iter().filter(|recorded| is_passing_on(&recorded.event)).collect();
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

fn views(visit: &Visit, principal: &str, history: &[Recorded], revision: u64) -> Table {
    let looks = || history.iter().filter_map(|recorded| Some((recorded, seen(visit, &recorded.event)?)));
    let rows = looks().map(|(recorded, seen)| {
        vec![moment(visit, &recorded.at), text(seen.who), text(seen.why), text(seen.data), text(seen.system)]
    });
    let head = ["receipt-when", "access-who", "access-why", "access-data", "access-system"];
    let json: Vec<Value> = looks().map(|(recorded, _)| event_json(principal, recorded)).collect();
    table(visit, "views", &head, rows.collect(), json!({ "events": json, "revision": revision }))
}

/// Events, with those that decline what had never been allowed.
type Told<'a> = (&'a [Recorded], &'a BTreeSet<Revision>);

fn record(visit: &Visit, principal: &str, (history, refusals): Told<'_>, revision: u64) -> Table {
    let rows = history.iter().map(|recorded| {
        let shown = line(visit, recorded, refusals);
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
    table(visit, "history", &head, rows.collect(), json)
}

fn listed(visit: &Visit, principal: &str, (history, refusals): Told<'_>, revision: u64) -> Table {
    let all: Vec<ReceiptView> = history.iter().filter_map(ReceiptView::of).collect();
    let rows = all.iter().map(|view| {
        let shown = line(visit, &view.recorded, refusals);
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
    table(visit, "receipts", &head, rows.collect(), json)
}
