//! What an event is found again by.

use jiff::Timestamp;
use nattoku_model::Event;

use crate::event_json::NewEvent;
use crate::leaf;

/// Added to the seconds since 1970 that a derived id begins with, so that none is negative.
const SECONDS_BIAS: i64 = 1 << 39;

/// The id its sender gave an event, or one derived from its content; of the erased, one that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum StoredId {
    Given(String),
    Derived([u8; 16]),
    /// The event's revision.
    Erased(u64),
}

impl StoredId {
    /// The id of an event that happened at `at`, which is cut to what the ledger keeps, and has this content
    /// ([`leaf::content`]).
    pub(crate) fn of(key: &[u8; 32], new: &NewEvent, at: Timestamp, content: &str) -> Self {
        match &new.id {
            Some(id) => Self::Given(id.0.clone()),
            None => Self::Derived(derive_id(key, at, content)),
        }
    }
}

/// The id of an event whose sender gave none: the same content gives the same id, and without the ledger's key nobody
/// can tell an id from a guess of the content.
///
/// It begins with the second in which the event happened, in five bytes: events that happen one after the other then come to
/// stand beside each other in the index of ids, and an append touches few of its pages. Events of one second are told apart by
/// 88 bits.
fn derive_id(key: &[u8; 32], at: Timestamp, content: &str) -> [u8; 16] {
    let second = (at.as_second() + SECONDS_BIAS).to_be_bytes();
    let content = leaf::hmac_sha256(key, content.as_bytes());
    let mut id = [0; 16];
    id.iter_mut().zip(second.iter().skip(3).chain(&content)).for_each(|(byte, given)| *byte = *given);
    id
}

/// The derived id of an event that is there already.
pub(crate) fn derive_again(
    key: &[u8; 32],
    event: &Event,
    principal: Option<&str>,
    at: Timestamp,
) -> [u8; 16] {
    derive_id(key, at, &leaf::content_of(event, principal, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_later_events_are_larger() {
        let ids = [
            "-009999-01-02T01:59:59Z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00Z",
            "9999-12-30T22:00:00Z",
        ]
        .map(|at| derive_id(&[7; 32], at.parse().unwrap(), "the content"));
        assert!(ids.is_sorted(), "{ids:02x?}");
        assert!(ids.windows(2).all(|two| two[0][5..] == two[1][5..]), "what follows is of the content alone");
    }
}
