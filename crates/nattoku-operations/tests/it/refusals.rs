//! Which withdrawals refuse what had never been given: told from the events alone as the state of the item tells it.

use std::collections::BTreeSet;

use nattoku_operations::refusals;

use crate::shop::open;

/// An act on the item, at a minute.
fn act(minute: usize, grants: bool) -> String {
    let at = format!("2020-01-01T12:{minute:02}:00Z");
    if grants {
        format!(
            r#"{{"event":"consent_granted","principal":"p1","at":"{at}","item":"mail","text_version":"1","language":"en","channel":"web","by":"principal"}}"#
        )
    } else {
        format!(
            r#"{{"event":"consent_withdrawn","principal":"p1","at":"{at}","item":"mail","channel":"web","by":"principal"}}"#
        )
    }
}

/// Every course of five acts, recorded in order and the other way round: what happened earlier may be heard of later.
#[test]
fn the_events_alone_tell_it_as_the_state_does() {
    for course in 0_u32..32 {
        for is_late in [false, true] {
            let (shop, _) = open("refusals", "2020-06-01T12:00:00Z");
            let mut lines: Vec<String> = (0..5).map(|n| act(n, course >> n & 1 == 1)).collect();
            if is_late {
                lines.reverse();
            }
            shop.import_events(lines.join("\n").as_bytes(), false, &mut |_| {}).unwrap();
            let acts = shop.consent("p1", "mail").unwrap().acts;
            let by_state: BTreeSet<_> =
                acts.iter().filter(|act| act.refuses(&acts)).map(|act| act.revision).collect();
            let mut events = shop.history("p1").unwrap();
            assert_eq!(refusals(&events), by_state, "{course:05b}, {is_late}");
            events.reverse();
            assert_eq!(refusals(&events), by_state, "{course:05b}, {is_late}");
        }
    }
}
