//! `/{language}/my/consents`: the register of all that was ever allowed and refused, with the texts that were shown.

use askama::Template;
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded, Revision};
use nattoku_operations::{ReceiptView, refusals};

use super::line::said_by;
use super::will::Item;
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/consents.html")]
struct ConsentsPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    total: String,
    /// The items that stand in the register: address, title, and whether it is the one shown.
    items: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    /// When the oldest of all was said.
    since: Option<String>,
}

/// An answer.
struct Row {
    machine: String,
    when: String,
    /// The item: its page and its title.
    item: (String, String),
    answer: String,
    wording: Option<Wording>,
    said: String,
    /// The receipt: its page and its number.
    receipt: (String, String),
}

/// What was shown to whoever agreed.
struct Wording {
    version: String,
    language: &'static str,
    /// Its text; none where that version's text was not kept.
    text: Option<String>,
}

/// Shows it, or one item's part of it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let receipts = visit.nattoku().receipts(principal).map_err(Refusal::of)?;
    let refusals = refusals(receipts.iter().map(|view| &view.recorded));
    let wanted = visit.query("item").filter(|item| !item.is_empty());
    let mut items: Vec<(String, String, bool)> = Vec::new();
    let mut rows = Vec::new();
    for view in &receipts {
        let Some(item) = Item::of_event(&view.recorded.event) else { continue };
        let name = item_name(&item);
        if items.iter().all(|(known, ..)| *known != name) {
            items.push((name.clone(), item_title(visit, &item), wanted == Some(&name)));
        }
        if wanted.is_none_or(|wanted| wanted == name) {
            rows.push(row(visit, &item, view, refusals.contains(&view.recorded.revision)));
        }
    }
    // Nothing of that name was ever answered here.
    if wanted.is_some() && rows.is_empty() {
        return Err(Refusal::NotFound);
    }
    items.sort_by(|a, b| a.1.cmp(&b.1));
    let oldest = receipts.iter().map(|view| view.recorded.at).min();
    frame::page(&ConsentsPage {
        frame: Frame::own(visit, words.get("consents-title"), "choices"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        total: words.count("consents-total", rows.len()),
        items,
        rows,
        since: oldest.map(|at| words.fill("consents-since", &visit.dates.day_off(&at, &visit.now))),
    })
}

fn row(visit: &Visit, item: &Item, view: &ReceiptView, refuses: bool) -> Row {
    let Recorded { revision, at, event, .. } = &view.recorded;
    let policy = visit.nattoku().versions().current();
    let said = match event {
        Event::ConsentGranted { channel, by, .. }
        | Event::ConsentWithdrawn { channel, by, .. }
        | Event::ChoiceDeclined { channel, by, .. }
        | Event::ChoiceRestored { channel, by, .. } => said_by(visit, channel, by),
        _ => String::new(),
    };
    Row {
        machine: visit.dates.machine(at),
        when: visit.dates.minute_off(at, &visit.now),
        item: (visit.link(&item.path()), item_title(visit, item)),
        answer: if refuses {
            visit.words.get("happening-consent-declined")
        } else {
            visit.words.named("happening", event.name())
        },
        wording: wording(policy, event),
        said,
        receipt: (receipt_address(visit, *revision), view.receipt.number()),
    }
}

fn wording(policy: &Policy, event: &Event) -> Option<Wording> {
    let Event::ConsentGranted { item, text_version, language, .. } = event else { return None };
    let text = policy.consents.get(item).and_then(|consent| consent.wordings.get(text_version));
    Some(Wording {
        version: text_version.to_string(),
        language: language.tag(),
        text: text.map(|text| text.get(*language).to_owned()),
    })
}

fn receipt_address(visit: &Visit, revision: Revision) -> String {
    visit.link(&format!("my/receipts/{revision}"))
}

/// What an address calls it: `consent:partner_sharing`.
fn item_name(item: &Item) -> String {
    match item {
        Item::Consent(name) => format!("consent:{name}"),
        Item::Choice(name) => format!("choice:{name}"),
    }
}

/// Its title today, or its name where the policy has it no more.
fn item_title(visit: &Visit, item: &Item) -> String {
    let policy = visit.nattoku().versions().current();
    let title = match item {
        Item::Consent(name) => policy.consents.get(name).map(|consent| consent.title.get(visit.language)),
        Item::Choice(name) => policy.choices.get(name).map(|choice| choice.title.get(visit.language)),
    };
    let name = match item {
        Item::Consent(name) => name.as_str(),
        Item::Choice(name) => name.as_str(),
    };
    title.unwrap_or(name).to_owned()
}
