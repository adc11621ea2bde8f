//! `/{language}/my/recipients`: who can get data, by the class of the flow, and what each has been given.

use std::collections::BTreeSet;

use askama::Template;
use nattoku_model::name::RecipientName;
use nattoku_model::policy::Act;
use nattoku_model::policy::{Policy, Recipient, RecipientKind};
use nattoku_model::{Event, Recorded};

use super::{recipient, since, uses};
use crate::frame::{self, Frame};
use crate::notice::category_title;
use crate::notice::page::glossary;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/recipients.html")]
struct Recipients<'a> {
    frame: Frame<'a>,
    as_of: String,
    /// Since when anything is recorded.
    since: Option<String>,
    groups: Vec<Group>,
}

/// What a reader would least expect stands first.
const KINDS: [RecipientKind; 5] = [
    RecipientKind::ThirdParty,
    RecipientKind::JointUser,
    RecipientKind::Processor,
    RecipientKind::Successor,
    RecipientKind::Authority,
];

/// Recipients of one class.
struct Group {
    anchor: &'static str,
    title: String,
    lead: String,
    /// What the law's word for it means: address, words.
    term: Option<(String, String)>,
    recipients: Vec<Row>,
}

/// One recipient.
struct Row {
    title: String,
    /// The page of it.
    address: String,
    country: String,
    abroad: bool,
    example: String,
    /// The consents without which it gets nothing, those of a transfer abroad included.
    consents: Vec<String>,
    /// What was given, if anything was: last time, how often, which data.
    given: Option<(String, String, String)>,
}

/// Shows them, those who got something first.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let policy = visit.nattoku().versions().current();
    let history = visit.nattoku().history(principal).map_err(Refusal::of)?;
    let acts = visit.nattoku().acts();
    let groups = KINDS.into_iter().map(|kind| {
        let of_kind = policy.recipients.iter().filter(|(_, r)| r.kind == kind);
        let mut recipients: Vec<Row> =
            of_kind.map(|(name, r)| row(visit, policy, name, r, (&history, &acts))).collect();
        recipients.sort_by_key(|row| row.given.is_none());
        Group {
            anchor: kind.as_str(),
            title: words.named("recipient-kind", kind.as_str()),
            lead: words.named("recipient-kind-lead", kind.as_str()),
            term: glossary::of_recipients(kind).map(|term| {
                let named = words.fill("means-what", &words.named("term", term));
                (visit.link(&glossary::path(term)), named)
            }),
            recipients,
        }
    });
    frame::page(&Recipients {
        frame: Frame::own(visit, words.get("recipients-title"), "recipients"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        since: since(visit, &history),
        groups: groups.collect(),
    })
}

fn row(
    visit: &Visit,
    policy: &Policy,
    name: &RecipientName,
    recipient: &Recipient,
    (history, acts): (&[Recorded], &[Act]),
) -> Row {
    let words = visit.words;
    let mut times = 0_usize;
    let mut last = None;
    let mut categories = BTreeSet::new();
    for recorded in history {
        if let Event::DataProvided { recipient, categories: given, .. } = &recorded.event
            && recipient == name
        {
            times += 1;
            last = last.max(Some(recorded.at));
            categories.extend(given);
        }
    }
    let titles: Vec<String> =
        categories.into_iter().map(|category| category_title(policy, category, visit.language)).collect();
    let separator = words.get("list-separator");
    Row {
        title: recipient.title.get(visit.language).to_owned(),
        address: recipient::address(visit, name),
        country: words.named("country", &recipient.country.to_ascii_lowercase()),
        abroad: policy.is_abroad(recipient),
        example: example(visit, policy, recipient),
        consents: uses::consents_needed(visit, acts, name),
        given: last.map(|at| {
            (visit.dates.day_off(&at, &visit.now), words.count("times", times), titles.join(&separator))
        }),
    }
}

/// What it gets data for, by example; where there is none, the kinds of its work.
pub(super) fn example(visit: &Visit, policy: &Policy, recipient: &Recipient) -> String {
    let example = recipient.example.get(visit.language);
    if !example.is_empty() {
        return example.to_owned();
    }
    let works = recipient.works.iter().filter_map(|work| policy.works.get(work));
    uses::list(visit, works.map(|work| work.title.get(visit.language).to_owned()))
}
