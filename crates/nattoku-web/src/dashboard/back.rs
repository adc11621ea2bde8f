//! The way back: for half an hour after an act its opposite is offered, on the receipt and wherever the act is told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use nattoku_model::{Recorded, Revision};

use super::line::is_will;
use super::present::Present;
use super::will::{Item, Will};
use crate::refusal::Refusal;
use crate::visit::Visit;

/// How long the way back is offered.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(30);

/// The way back from one act.
pub(crate) struct Back {
    /// The page that asks for the opposite act.
    pub(crate) address: String,
    /// Until when, and as what.
    pub(crate) told: String,
    /// What the link says.
    pub(crate) word: String,
    /// Of what, for whoever hears the link alone.
    pub(crate) about: String,
}

impl Back {
    /// The way back from an act, while it is the newest on its item and young enough.
    pub(crate) fn from(
        visit: &Visit,
        will: &Will,
        revision: Revision,
        recorded_at: Timestamp,
    ) -> Option<Self> {
        let words = visit.words;
        let until = ends(recorded_at);
        let newest = will.acts.first().filter(|act| act.revision == revision && visit.now < until)?;
        let last = match (newest.allows, will.can_stop, will.can_resume) {
            (true, true, _) => "stop",
            (false, _, true) => "resume",
            _ => return None,
        };
        // Allowing undoes nothing: it is a new consent, to today's wording (R53), or a first one.
        let (told, word) = match (last, &will.today) {
            ("resume", Some(_)) if newest.refuses => ("undo-declined", "allow"),
            ("resume", Some(_)) => ("undo-anew", "allow"),
            _ => ("undo-until", "undo"),
        };
        let mut told = words.fill(told, &visit.dates.minute(&until));
        // It is no way back to where it was, where somebody else has to do something first.
        if let Some(before) = will.before_it_counts.as_ref().filter(|_| last == "resume") {
            told = words.fill2("undo-but", &told, before);
        }
        Some(Self {
            address: format!("{}/{last}", will.address),
            told,
            word: words.get(word),
            about: words.fill("about-x", &will.title),
        })
    }

    /// The ways back from those of a person's events that have one.
    pub(crate) fn from_all(
        visit: &Visit,
        principal: &str,
        events: &[&Recorded],
    ) -> Result<BTreeMap<Revision, Self>, Refusal> {
        let is_young = |e: &&Recorded| is_will(&e.event) && visit.now < ends(e.recorded_at);
        let young: Vec<&Recorded> = events.iter().copied().filter(is_young).collect();
        if young.is_empty() {
            return Ok(BTreeMap::new());
        }
        let present = Present::read(visit, principal)?;
        let items: BTreeSet<String> =
            young.iter().filter_map(|e| Item::of_event(&e.event)).map(|item| item.path()).collect();
        let is_meant = |item: &Item| items.contains(&item.path());
        let mut wills = Will::consents(visit, &present, |name| is_meant(&Item::Consent(name.clone())));
        wills.extend(Will::choices(visit, &present, |name| is_meant(&Item::Choice(name.clone()))));
        let backs = young.into_iter().filter_map(|e| {
            let item = Item::of_event(&e.event)?;
            let will = wills.iter().find(|will| will.item == item)?;
            Some((e.revision, Self::from(visit, will, e.revision, e.recorded_at)?))
        });
        Ok(backs.collect())
    }
}

fn ends(recorded_at: Timestamp) -> Timestamp {
    recorded_at.saturating_add(OFFERED_FOR).unwrap_or(recorded_at)
}
