//! What becomes permitted and what stops for one principal, on the data that are held: the decision is asked under both
//! versions about the acts that come out otherwise for anybody.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_analysis::difference::{Difference, Effect, Seen, Shift};
use nattoku_model::history::History;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::Versions;
use nattoku_model::{Recorded, Request, Revision};

/// Whether something shifts for a principal.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shifts {
    pub(super) permitted: bool,
    pub(super) stopped: bool,
}

/// An act that comes out otherwise for somebody, with the changes that it is told of.
struct Asked {
    /// What is done; of its categories, only the sum of all such acts.
    act: Effect,
    /// By change, the categories that shift.
    by_change: Vec<(usize, Vec<CategoryName>)>,
}

/// Every act to ask about.
pub(super) struct Acts {
    asked: Vec<Asked>,
    n_changes: usize,
}

impl Acts {
    /// The acts that a difference tells of.
    pub(super) fn of(difference: &Difference) -> Self {
        let mut asked: Vec<Asked> = Vec::new();
        for (number, change) in difference.changes.iter().enumerate() {
            for effect in change.effects.iter().filter(|e| e.shift != Shift::Conditions) {
                let is_same = |a: &Asked| {
                    (&a.act.action, &a.act.activity, &a.act.purpose, &a.act.recipient)
                        == (&effect.action, &effect.activity, &effect.purpose, &effect.recipient)
                };
                if !asked.iter().any(is_same) {
                    asked.push(Asked { act: effect.clone(), by_change: Vec::new() });
                }
                let Some(found) = asked.iter_mut().find(|a| is_same(a)) else { continue };
                found.act.categories.extend(effect.categories.iter().cloned());
                found.by_change.push((number, effect.categories.clone()));
            }
        }
        Self { asked, n_changes: difference.changes.len() }
    }

    /// What shifts for a principal, by change.
    pub(super) fn shifts(
        &self,
        events: &[Recorded],
        seen: &Seen<'_>,
        old: &Versions,
        known_at: Timestamp,
    ) -> Vec<Shifts> {
        let mut shifts = vec![Shifts::default(); self.n_changes];
        let held = held(seen);
        for asked in &self.asked {
            let concerned: Vec<CategoryName> =
                held.iter().filter(|h| asked.act.categories.iter().any(|c| c.covers(h))).cloned().collect();
            if concerned.is_empty() {
                continue;
            }
            let [before, after] = [old, seen.new]
                .map(|versions| permitted(versions, events, seen.history, &asked.act, &concerned, known_at));
            for (number, categories) in &asked.by_change {
                let Some(shift) = shifts.get_mut(*number) else { continue };
                for category in concerned.iter().filter(|h| categories.iter().any(|c| c.covers(h))) {
                    let (was, is) = (before.contains(category), after.contains(category));
                    shift.permitted |= is && !was;
                    shift.stopped |= was && !is;
                }
            }
        }
        shifts
    }
}

/// The categories that are held.
fn held(seen: &Seen<'_>) -> BTreeSet<CategoryName> {
    let declared = [seen.old, seen.new.current()].into_iter().flat_map(|p| p.categories.keys());
    let roots: BTreeSet<&CategoryName> = declared.filter(|c| c.parent().is_none()).collect();
    roots.into_iter().flat_map(|root| seen.history.holdings(root)).map(|h| h.category).collect()
}

/// The categories with which the act is permitted, for some of what is held of them.
fn permitted(
    versions: &Versions,
    events: &[Recorded],
    history: &History<'_>,
    act: &Effect,
    categories: &[CategoryName],
    known_at: Timestamp,
) -> BTreeSet<CategoryName> {
    let policy = versions.current();
    let knows_recipient = act.recipient.as_ref().is_none_or(|r| policy.recipients.contains_key(r));
    let application = policy.activities.get(&act.activity).and_then(|a| a.by.first());
    let categories: Vec<CategoryName> =
        categories.iter().filter(|c| policy.categories.contains_key(*c)).cloned().collect();
    let Some(application) = application.filter(|_| knows_recipient && !categories.is_empty()) else {
        return BTreeSet::new();
    };
    let request = Request {
        application: application.clone(),
        action: act.action,
        activity: act.activity.clone(),
        purpose: Some(act.purpose.clone()),
        categories,
        recipient: act.recipient.clone(),
        at: history.at,
        known_at: Some(known_at),
        exception: None,
    };
    let decision = nattoku_spec::decide(versions, events, &request, Revision::default());
    decision.answers.into_iter().filter(|a| a.verdict.is_permitted()).map(|a| a.category).collect()
}
