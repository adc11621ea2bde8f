//! Every customer of the demo, told in the order in which the ledger came to know of things.

use jiff::Timestamp;
use nattoku_model::Policy;
use nattoku_store::NewEvent;

use super::{life, named, processors};

/// The events of `count` customers, the named ones among them, up to `now`: the same for the same count every time.
pub(crate) fn events(policy: &Policy, count: u32, now: Timestamp) -> Vec<NewEvent> {
    let named = named::stories();
    let first = u32::try_from(named.len()).unwrap_or(0);
    let drawn = (first..count).map(life::of);
    let mut events: Vec<NewEvent> =
        named.into_iter().chain(drawn).flat_map(|story| story.told_by(now)).collect();
    events.extend(processors::events(policy).into_iter().filter(|e| e.at <= now));
    events.sort_by_key(|e| e.recorded_at);
    events
}
