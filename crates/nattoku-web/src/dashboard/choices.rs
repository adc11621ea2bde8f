//! `/{language}/my/choices`: everything a person allowed, can stop, or cannot stop, in one list.

use askama::Template;

use super::present::Present;
use super::will::Will;
use crate::frame::{self, Frame};
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/choices.html")]
struct Choices<'a> {
    frame: Frame<'a>,
    groups: Vec<Group>,
    /// Whether there is something optional that is not stopped.
    can_stop_all: bool,
}

/// Rows under one heading.
struct Group {
    anchor: &'static str,
    title: String,
    lead: String,
    wills: Vec<Will>,
}

/// Shows the list.
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
    let group = |anchor: &'static str, wills| Group {
        anchor,
        title: words.named("group", anchor),
        lead: words.named("group-lead", anchor),
        wills,
    };
    let groups = vec![group("consents", consents), group("choices", choices), group("locked", locked)];
    frame::page(&Choices {
        frame: Frame::own(visit, words.get("choices-title"), "choices"),
        can_stop_all,
        groups: groups.into_iter().filter(|group| !group.wills.is_empty()).collect(),
    })
}
