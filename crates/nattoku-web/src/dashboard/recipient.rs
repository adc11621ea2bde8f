//! `/{language}/my/recipients/{recipient}`: what somebody may receive about one person, what they got, and how to stop it.

use std::collections::BTreeSet;

use askama::Template;
use nattoku_model::name::{ChoiceName, ConsentName, RecipientName};
use nattoku_model::policy::{Policy, RecipientKind, Refusability};
use nattoku_model::{Event, Recorded};

use super::uses::{self, UseView};
use super::{recipients, since};
use crate::citation::citation;
use crate::frame::{self, Frame};
use crate::notice::{Tables, category_title};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};
use nattoku_operations::{Outcome, Use};

#[derive(Template)]
#[template(path = "my/recipient.html")]
struct RecipientPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    kind: String,
    kind_lead: String,
    example: String,
    country: String,
    /// Whether it is abroad, and on what giving data there rests.
    abroad: Option<String>,
    /// The data that it may receive now.
    data: String,
    open: Vec<UseView>,
    others: Vec<UseView>,
    given: Vec<Given>,
    /// Since when anything is recorded.
    since: Option<String>,
    /// What stops it: address, words.
    stops: Vec<(String, String)>,
    /// What cannot be stopped of it: address, words.
    locked: Vec<(String, String)>,
}

/// Something that was passed on.
struct Given {
    machine: String,
    when: String,
    what: String,
    why: String,
    ground: String,
}

/// The page of a recipient.
pub(super) fn address(visit: &Visit, name: &RecipientName) -> String {
    visit.link(&format!("my/recipients/{name}"))
}

/// Shows it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let (nattoku, words) = (visit.nattoku(), visit.words);
    let policy = nattoku.policy();
    let name = RecipientName::from(visit.parameter("recipient"));
    let recipient = policy.recipients.get(&name).ok_or(Refusal::NotFound)?;
    let uses = nattoku.snapshot(principal).map_err(Refusal::of)?.given_to(&name);
    let history = nattoku.history(principal).map_err(Refusal::of)?;
    let (open, others): (Vec<&Use>, Vec<&Use>) = uses.iter().partition(|u| u.outcome() == Outcome::InUse);
    let reading = visit.reading();
    let tables = Tables::new(&reading, policy);
    let (stops, locked) = ways_to_stop(visit, policy, &uses.iter().collect::<Vec<_>>());
    frame::page(&RecipientPage {
        frame: Frame::own(visit, recipient.title.get(visit.language).to_owned(), "recipients"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        kind: words.named("recipient-kind", recipient.kind.as_str()),
        kind_lead: words.named("recipient-kind-lead", recipient.kind.as_str()),
        example: recipients::example(visit, policy, recipient),
        country: tables.country(recipient),
        abroad: policy
            .is_abroad(recipient)
            .then(|| tables.transfer(recipient))
            .map(Option::unwrap_or_default),
        data: uses::data_now(visit, open.iter().copied()),
        open: uses::views(visit, open),
        others: uses::views(visit, others),
        given: history.iter().rev().filter_map(|e| given(visit, policy, &name, e)).collect(),
        since: since(visit, &history),
        stops,
        locked: if recipient.kind == RecipientKind::Authority { Vec::new() } else { locked },
    })
}

fn given(visit: &Visit, policy: &Policy, name: &RecipientName, recorded: &Recorded) -> Option<Given> {
    let Event::DataProvided { recipient, activity, categories, basis } = &recorded.event else { return None };
    let why = policy.activities.get(activity).map_or(activity.as_str(), |a| a.title.get(visit.language));
    let what = categories.iter().map(|c| category_title(policy, c, visit.language));
    (recipient == name).then(|| Given {
        machine: visit.dates.machine(&recorded.at),
        when: visit.dates.day_off(&recorded.at, &visit.now),
        what: uses::list(visit, what),
        why: visit.words.fill("for-activity", why),
        ground: ground(visit, policy, basis),
    })
}

/// On what it was passed on: `consent:partner_sharing` in words, or else as it was recorded.
fn ground(visit: &Visit, policy: &Policy, basis: &str) -> String {
    let words = visit.words;
    let (kind, name) = basis.split_once(':').unwrap_or((basis, ""));
    let named = match kind {
        "consent" => policy.consents.get(&ConsentName::from(name)).map(|c| c.title.get(visit.language)),
        "opt_out" => policy.choices.get(&ChoiceName::from(name)).map(|c| c.title.get(visit.language)),
        _ => None,
    };
    let kind_word = words.named("ground", kind);
    let text = match named {
        Some(title) => words.fill2("ground-named", &kind_word, title),
        None if name.is_empty() => kind_word,
        None if kind == "law" => words.fill2("ground-named", &kind_word, &citation(name, visit.language)),
        None => words.fill2("ground-named", &kind_word, name),
    };
    words.fill("ground", &text)
}

/// The consents to withdraw and the choices to decline, and the choices that cannot be declined.
#[expect(clippy::type_complexity, reason = "two lists of links")]
pub(super) fn ways_to_stop(
    visit: &Visit,
    policy: &Policy,
    uses: &[&Use],
) -> (Vec<(String, String)>, Vec<(String, String)>) {
    let consents: BTreeSet<&ConsentName> = uses.iter().flat_map(|u| &u.act.consents).collect();
    let consents = consents.into_iter().filter_map(|name| Some((name, policy.consents.get(name)?)));
    let mut stops: Vec<(String, String)> = consents
        .map(|(name, item)| {
            (visit.link(&format!("my/choices/consent/{name}")), item.title.get(visit.language).to_owned())
        })
        .collect();
    let mut locked = Vec::new();
    for (name, choice) in &policy.choices {
        if !uses.iter().any(|u| u.act.is_covered_by(policy, name)) {
            continue;
        }
        let link = visit.link(&format!("my/choices/choice/{name}"));
        let is_locked = choice.refusability == Refusability::NotRefusable;
        let list = if is_locked { &mut locked } else { &mut stops };
        list.push((link, choice.title.get(visit.language).to_owned()));
    }
    (stops, locked)
}
