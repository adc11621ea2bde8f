//! What the ledger knows of processors: each was assessed and supervised every year.

use nattoku_model::Policy;
use nattoku_model::event::Event;
use nattoku_model::policy::RecipientKind;
use nattoku_store::NewEvent;

use super::named::day;

/// The years in which it was done.
const YEARS: std::ops::RangeInclusive<i16> = 2019..=2026;

/// The events about the policy's processors.
pub(crate) fn events(policy: &Policy) -> Vec<NewEvent> {
    let processors = policy.recipients.iter().filter(|(_, r)| r.kind == RecipientKind::Processor);
    processors
        .flat_map(|(name, _)| {
            YEARS.flat_map(move |year| {
                let assessed = day(year, 4, 1);
                let supervised = day(year, 4, 8);
                [
                    at(assessed, Event::RecipientAssessed { recipient: name.clone() }),
                    at(supervised, Event::RecipientSupervised { recipient: name.clone() }),
                ]
            })
        })
        .collect()
}

fn at(at: jiff::Timestamp, event: Event) -> NewEvent {
    NewEvent { recorded_at: Some(at), ..NewEvent::general(at, event) }
}
