//! `/{language}/my/data`: what is held, where it came from, by which version it is governed, how long it is kept.

use std::collections::BTreeSet;

use askama::Template;
use jiff::Timestamp;
use nattoku_model::policy::{Channel, Class, Policy};

use super::category;
use super::governing::Why;
use super::line::is_will;
use super::uses::{self, UseView};
use super::versions;
use crate::frame::{self, Frame};
use crate::notice::category_title;
use crate::notice::page::glossary;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};
use nattoku_model::name::CategoryName;
use nattoku_operations::{HeldCategory, HeldLine, Outcome, Use};

/// The category that the ledger itself is: what a person agreed to and stopped. Acts of will are its acquisitions.
pub(super) const WILL_RECORD: &str = "will_record";

#[derive(Template)]
#[template(path = "my/data.html")]
struct Data<'a> {
    frame: Frame<'a>,
    as_of: String,
    /// What the person might not expect among it: address, name, why.
    unexpected: Vec<(String, String, String)>,
    held: Vec<Held>,
    /// The record of consents and stops: its name, and how many acts stand in it.
    will_record: Option<(String, String)>,
    /// Kinds of data that are not held: address, name.
    absent: Vec<(String, String)>,
}

/// A kind of data that is held.
pub(super) struct Held {
    pub(super) anchor: String,
    pub(super) title: String,
    /// The page of it.
    pub(super) address: String,
    pub(super) description: String,
    pub(super) classes: Vec<ClassView>,
    pub(super) count: String,
    /// How many uses are permitted now, in words.
    pub(super) used_for: String,
    pub(super) permitted: Vec<UseView>,
    /// The uses that are not, with what stands in the way.
    pub(super) others: Vec<UseView>,
    pub(super) lines: Vec<Row>,
    /// Which version applies to which of them, and why.
    pub(super) why: Vec<String>,
}

/// A class of data: its plain name, and where the law's word for it is explained, if it has one.
pub(super) struct ClassView {
    pub(super) name: String,
    pub(super) term: Option<String>,
}

/// The classes of a kind of data.
pub(super) fn class_views<'c>(visit: &Visit, classes: impl IntoIterator<Item = &'c Class>) -> Vec<ClassView> {
    let view = |class: &Class| ClassView {
        name: visit.words.named("class", class.as_str()),
        term: glossary::of_class(*class).map(|term| visit.link(&glossary::path(term))),
    };
    classes.into_iter().map(view).collect()
}

/// One acquisition.
pub(super) struct Row {
    pub(super) machine: String,
    pub(super) when: String,
    pub(super) way: String,
    pub(super) source: String,
    pub(super) governing: String,
    /// The page on what that version changes.
    pub(super) version: String,
    pub(super) kept: String,
}

/// Shows what is held.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let policy = visit.nattoku().versions().current();
    let holdings = visit.nattoku().holdings(principal).map_err(Refusal::of)?;
    let uses = visit.nattoku().snapshot(principal).map_err(Refusal::of)?.uses();
    let why = Why::now(visit, principal)?;
    let acts = visit.nattoku().history(principal).map_err(Refusal::of)?;
    let acts = acts.iter().filter(|e| is_will(&e.event)).count();
    let is_record = |name: &CategoryName| acts > 0 && name.as_str() == WILL_RECORD;
    let will_record = policy.categories.iter().find(|(name, _)| is_record(name));
    let will_record = will_record.map(|(_, category)| {
        (category.title.get(visit.language).to_owned(), visit.words.count("history-total", acts))
    });
    let is_held = |name: &CategoryName| {
        holdings.iter().any(|h| name.covers(&h.category) || h.category.covers(name)) || is_record(name)
    };
    let absent = policy.categories.iter().filter(|(name, _)| !is_held(name));
    let absent =
        absent.map(|(name, c)| (category::address(visit, name), c.title.get(visit.language).to_owned()));
    let absent = absent.collect();
    frame::page(&Data {
        frame: Frame::own(visit, visit.words.get("data-title"), "data"),
        as_of: visit.words.fill("as-of", &visit.dates.minute(&visit.now)),
        unexpected: holdings.iter().filter_map(|h| unexpected(visit, policy, h)).collect(),
        held: holdings.iter().map(|h| held(visit, policy, h, &uses, &why)).collect(),
        will_record,
        absent,
    })
}

/// Why somebody might not expect that it is held: it is protected more than the rest, worked out, or came from others.
fn unexpected(visit: &Visit, policy: &Policy, held: &HeldCategory) -> Option<(String, String, String)> {
    let words = visit.words;
    let is_protected = |class: &&Class| !matches!(class, Class::Identifier | Class::Referral);
    let mut why: Vec<String> =
        held.classes.iter().filter(is_protected).map(|class| words.named("class", class.as_str())).collect();
    if policy.categories.get(&held.category).is_some_and(|category| !category.derived_from.is_empty()) {
        why.push(words.get("unexpected-derived"));
    }
    let sources = held.lines.iter().filter_map(|line| policy.sources.get(line.source.as_ref()?));
    if sources.into_iter().any(|source| source.channel == Channel::Indirect) {
        why.push(words.get("origin-indirect"));
    }
    let title = category_title(policy, &held.category, visit.language);
    (!why.is_empty()).then(|| (category::address(visit, &held.category), title, uses::list(visit, why)))
}

/// One kind of data, with its uses as decided.
pub(super) fn held(visit: &Visit, policy: &Policy, held: &HeldCategory, uses: &[Use], why: &Why<'_>) -> Held {
    let words = visit.words;
    let permitted =
        uses::views(visit, &of_category(uses, &held.category, |outcome| outcome == Outcome::InUse));
    let others = of_category(uses, &held.category, |outcome| {
        // What is past retention the table says; what is closed to these data is no use of them.
        !matches!(outcome, Outcome::InUse | Outcome::Gone | Outcome::Closed)
    });
    let category = policy.categories.get(&held.category);
    Held {
        anchor: held.category.as_str().replace('.', "-"),
        title: category_title(policy, &held.category, visit.language),
        address: category::address(visit, &held.category),
        description: category.map(|c| c.description.get(visit.language).to_owned()).unwrap_or_default(),
        classes: class_views(visit, &held.classes),
        count: words.count("acquisitions", held.lines.len()),
        used_for: words.count("used-for", permitted.len()),
        permitted,
        others: uses::views(visit, &others),
        why: why.sentences(held.lines.iter().map(|line| &line.governing).collect::<BTreeSet<_>>()),
        lines: held.lines.iter().map(|line| row(visit, policy, line)).collect(),
    }
}

/// The uses of one category, with those of its lines whose outcome is wanted.
fn of_category(uses: &[Use], category: &CategoryName, wanted: impl Fn(Outcome) -> bool) -> Vec<Use> {
    let narrowed = uses.iter().map(|u| {
        let lines = u.lines.iter().filter(|line| line.category == *category && wanted(line.outcome()));
        Use { lines: lines.cloned().collect(), ..u.clone() }
    });
    narrowed.filter(|u| !u.lines.is_empty()).collect()
}

fn row(visit: &Visit, policy: &Policy, line: &HeldLine) -> Row {
    let words = visit.words;
    let entruster = line.entrusted_from.as_ref().and_then(|name| policy.entrusters.get(name));
    let origin = line.source.as_ref().and_then(|name| policy.sources.get(name));
    let mut source = origin.map(|s| s.title.get(visit.language).to_owned()).unwrap_or_default();
    if let Some(entruster) = entruster {
        source.push_str(&words.fill("entrusted-by", entruster.title.get(visit.language)));
    }
    Row {
        machine: visit.dates.machine(&line.acquired),
        when: visit.dates.day_off(&line.acquired, &visit.now),
        way: origin.map(|s| words.named("origin", s.channel.as_str())).unwrap_or_default(),
        source,
        governing: line.governing.version.to_string(),
        version: visit.link(&versions::path(&line.governing.version)),
        kept: kept(visit, line, |at| visit.dates.day_off(at, &visit.now)),
    }
}

/// Until when an acquisition is kept, in words, by days as `day` tells them.
pub(super) fn kept(visit: &Visit, line: &HeldLine, day: impl Fn(&Timestamp) -> String) -> String {
    let words = visit.words;
    match (&line.kept_until, &line.retention) {
        (Some(until), _) if *until <= visit.now => words.fill("kept-ended", &day(until)),
        (Some(until), _) => words.fill("kept-until", &day(until)),
        (None, Some(period)) => words.fill("kept-after-end", &visit.dates.period(*period)),
        (None, None) => words.get("kept-no-rule"),
    }
}
