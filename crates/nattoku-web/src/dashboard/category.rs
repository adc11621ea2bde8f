//! `/{language}/my/data/{category}`: all that is known of one kind of data about one person.

use askama::Template;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded};

use super::data::{ClassView, Held, WILL_RECORD, class_views, held};
use super::governing::Why;
use super::line::is_will;
use super::{recipient, since};
use crate::frame::{self, Frame};
use crate::notice::category_title;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/category.html")]
struct CategoryPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    description: String,
    classes: Vec<ClassView>,
    /// From what it is worked out, where it is.
    derived: Option<String>,
    held: Vec<Held>,
    /// How many acts of will there are, where this is the record of them.
    will_record: Option<String>,
    given: Vec<Given>,
    erased: Vec<Erased>,
    /// Since when anything is recorded.
    since: Option<String>,
}

/// Something that was passed on.
struct Given {
    machine: String,
    when: String,
    who: String,
    /// The recipient's page.
    address: String,
    what: String,
    why: String,
}

/// Something that was erased.
struct Erased {
    machine: String,
    when: String,
    what: String,
}

/// The page of a kind of data.
pub(super) fn address(visit: &Visit, category: &CategoryName) -> String {
    visit.link(&format!("my/data/{category}"))
}

/// Shows it, held or not.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let policy = visit.nattoku().policy();
    let name = CategoryName::from(visit.parameter("category"));
    let (nattoku, words) = (visit.nattoku(), visit.words);
    let holdings = nattoku.holdings(principal).map_err(Refusal::of)?;
    let concerned: Vec<_> = holdings.iter().filter(|h| touches(&name, &h.category)).collect();
    let declared = policy.categories.get(&name);
    if declared.is_none() && !concerned.iter().any(|h| h.category == name) {
        return Err(Refusal::NotFound);
    }
    let uses = nattoku.snapshot(principal).map_err(Refusal::of)?.uses();
    let why = Why::now(visit, principal)?;
    let history = nattoku.history(principal).map_err(Refusal::of)?;
    let acts = history.iter().filter(|e| is_will(&e.event)).count();
    let derived = declared.map(|c| &c.derived_from).filter(|from| !from.is_empty());
    frame::page(&CategoryPage {
        frame: Frame::own(visit, category_title(policy, &name, visit.language), "data"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        description: declared.map(|c| c.description.get(visit.language).to_owned()).unwrap_or_default(),
        classes: class_views(visit, &policy.classes_of(&name)),
        derived: derived.map(|from| words.fill("category-derived", &titles(visit, policy, from))),
        held: concerned.into_iter().map(|h| held(visit, policy, h, &uses, &why)).collect(),
        will_record: (name.as_str() == WILL_RECORD && acts > 0).then(|| words.count("history-total", acts)),
        given: history.iter().rev().filter_map(|e| given(visit, policy, &name, e)).collect(),
        erased: history.iter().rev().filter_map(|e| erased(visit, policy, &name, e)).collect(),
        since: since(visit, &history),
    })
}

/// Whether something about the one is something about the other.
fn touches(one: &CategoryName, other: &CategoryName) -> bool {
    one.covers(other) || other.covers(one)
}

fn given(visit: &Visit, policy: &Policy, name: &CategoryName, recorded: &Recorded) -> Option<Given> {
    let Event::DataProvided { recipient, activity, categories, .. } = &recorded.event else { return None };
    let concerned: Vec<&CategoryName> = categories.iter().filter(|c| touches(name, c)).collect();
    let who = policy.recipients.get(recipient).map_or(recipient.as_str(), |r| r.title.get(visit.language));
    let why = policy.activities.get(activity).map_or(activity.as_str(), |a| a.title.get(visit.language));
    (!concerned.is_empty()).then(|| Given {
        machine: visit.dates.machine(&recorded.at),
        when: visit.dates.day_off(&recorded.at, &visit.now),
        who: who.to_owned(),
        address: recipient::address(visit, recipient),
        what: titles(visit, policy, concerned),
        why: visit.words.fill("for-activity", why),
    })
}

fn erased(visit: &Visit, policy: &Policy, name: &CategoryName, recorded: &Recorded) -> Option<Erased> {
    let Event::DataErased { category } = &recorded.event else { return None };
    touches(name, category).then(|| Erased {
        machine: visit.dates.machine(&recorded.at),
        when: visit.dates.day_off(&recorded.at, &visit.now),
        what: category_title(policy, category, visit.language),
    })
}

fn titles<'c>(visit: &Visit, policy: &Policy, names: impl IntoIterator<Item = &'c CategoryName>) -> String {
    let titles = names.into_iter().map(|name| category_title(policy, name, visit.language));
    super::uses::list(visit, titles)
}
