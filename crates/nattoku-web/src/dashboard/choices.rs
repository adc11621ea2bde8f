//! `/{language}/my/choices`: everything a person allowed or can stop, purpose by purpose, and below it what cannot be stopped.

use askama::Template;

use super::present::Present;
use super::will::Will;
use crate::frame::{self, Frame};
use crate::notice::address::purposes;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/choices.html")]
struct Choices<'a> {
    frame: Frame<'a>,
    as_of: String,
    groups: Vec<Group>,
    /// Whether there is something optional that is not stopped.
    can_stop_all: bool,
}

/// Rows under one heading.
struct Group {
    anchor: String,
    title: String,
    lead: String,
    wills: Vec<Will>,
}

/// Shows the list. A purpose about which nothing can be decided says so. What serves several purposes stands once, after those of one, and its row names them.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let present = Present::read(visit, principal)?;
    let mut consents = Will::consents(visit, &present, |_| true);
    // What the person answered stands before what was never asked.
    consents.sort_by_key(|will| will.acts.is_empty());
    let (locked, choices): (Vec<_>, Vec<_>) =
        Will::choices(visit, &present, |_| true).into_iter().partition(|will| will.is_locked);
    let is_optional = |will: &Will| will.can_stop && !will.is_unanswered;
    let can_stop_all = consents.iter().chain(&choices).any(is_optional);
    let mut rest: Vec<Will> = consents.into_iter().chain(choices).collect();
    let mut groups: Vec<Group> = Vec::new();
    for (name, purpose) in purposes(visit.nattoku().policy()) {
        let serves_it = |will: &Will| will.purposes.len() == 1 && will.purposes.contains(name);
        let (wills, others) = rest.into_iter().partition(serves_it);
        rest = others;
        groups.push(Group {
            anchor: format!("purpose-{name}"),
            title: words.fill2("page-purpose", &purpose.number, purpose.title.get(visit.language)),
            lead: purpose.benefit.get(visit.language).to_owned(),
            wills,
        });
    }
    let (unused, several) = rest.into_iter().partition(|will| will.purposes.is_empty());
    let others = [("several", several), ("unused", unused), ("locked", locked)];
    for (anchor, wills) in others.into_iter().filter(|(_, wills): &(_, Vec<Will>)| !wills.is_empty()) {
        groups.push(Group {
            anchor: anchor.to_owned(),
            title: words.named("group", anchor),
            lead: words.named("group-lead", anchor),
            wills,
        });
    }
    frame::page(&Choices {
        frame: Frame::own(visit, words.get("choices-title"), "choices"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        can_stop_all,
        groups,
    })
}
