//! What was passed on by the uses of what is to be stopped: stopping does not take it back, so the page before it says whom to expect
//! it with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nattoku_model::Event;
use nattoku_model::name::{ActivityName, RecipientName};

use super::will::Will;
use crate::refusal::Refusal;
use crate::visit::Visit;

/// Who holds something by it.
pub(crate) struct Passed {
    /// Who, and when last.
    pub(crate) line: String,
    /// What those of its kind do with it.
    pub(crate) kind: String,
}

/// Those who were given something by the uses of some items, the last first.
pub(super) fn passed<'w>(
    visit: &Visit,
    principal: &str,
    wills: impl IntoIterator<Item = &'w Will>,
) -> Result<Vec<Passed>, Refusal> {
    let gives: BTreeSet<&(RecipientName, ActivityName)> =
        wills.into_iter().flat_map(|will| &will.gives).collect();
    if gives.is_empty() {
        return Ok(Vec::new());
    }
    let mut last: BTreeMap<RecipientName, Timestamp> = BTreeMap::new();
    for recorded in visit.nattoku().history(principal).map_err(Refusal::of)? {
        if let Event::DataProvided { recipient, activity, .. } = recorded.event
            && gives.contains(&(recipient.clone(), activity))
        {
            let at = last.entry(recipient).or_insert(recorded.at);
            *at = recorded.at.max(*at);
        }
    }
    let policy = visit.nattoku().versions().current();
    let mut last: Vec<_> = last.into_iter().collect();
    last.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    let views = last.into_iter().map(|(name, at)| {
        let recipient = policy.recipients.get(&name);
        let title = recipient.map_or(name.as_str(), |r| r.title.get(visit.language));
        Passed {
            line: visit.words.fill2("passed-last", title, &visit.dates.day_off(&at, &visit.now)),
            kind: recipient
                .map(|r| visit.words.named("recipient-kind-lead", r.kind.as_str()))
                .unwrap_or_default(),
        }
    });
    Ok(views.collect())
}
