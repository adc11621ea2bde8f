//! What the ledger has in the end, by itself and as it is told: each act that was answered, once, and nothing else.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::book::Kept;
use super::client::{Call, Client};
use super::course::Course;
use crate::nodes::deployment::Deployment;

/// Events read at once, and how long a reader waits where there are no more.
const AT_ONCE: usize = 1_000;
const BETWEEN: Duration = Duration::from_millis(100);

/// An event after the import, as it is told.
type Event = (u64, usize, Kept);

/// Follows the ledger from its beginning until it is over, at one server and the other in turn.
pub(super) fn follow(course: &Course<'_>) -> Vec<Event> {
    let mut clients = course.clients();
    let (mut after, mut events) = (0, Vec::new());
    for turn in 0.. {
        if course.is_over() {
            break;
        }
        let at = turn % clients.len();
        if read_on(course, &mut clients[at], &mut after, &mut events) < AT_ONCE {
            thread::sleep(BETWEEN);
        }
    }
    events
}

/// Reads what comes after a revision, each revision once and in order; tells how many there were.
fn read_on(course: &Course<'_>, client: &mut Client<'_>, after: &mut u64, events: &mut Vec<Event>) -> usize {
    let path = format!("/v1/events?after={after}&limit={AT_ONCE}");
    let Some(answered) = course.call(client, Call::get(&path)) else { return 0 };
    let told = answered.body.as_array().unwrap();
    for event in told {
        assert_eq!(event["id"], (*after + 1).to_string(), "after {after}: {event}");
        *after += 1;
        if *after > course.book.imported() {
            events.push((*after, principal(&event["data"]), kept(&event["data"])));
        }
    }
    told.len()
}

fn principal(event: &Value) -> usize {
    let name = event["principal"].as_str().unwrap_or_else(|| panic!("{event}"));
    name.strip_prefix('p').unwrap().parse().unwrap()
}

fn kept(event: &Value) -> Kept {
    Kept::of(event["event"].as_str().unwrap()).unwrap_or_else(|| panic!("{event}"))
}

/// Holds what was followed, what each server tells from the beginning, and what the ledger has, to what was answered.
pub(super) fn check(course: &Course<'_>, deployment: &Deployment, followed: &[Event]) {
    let right = course.book.everything();
    let mut revisions = right.iter().map(|(revision, ..)| *revision);
    let follows = (course.book.imported() + 1..).zip(revisions.by_ref()).find(|(next, of)| next != of);
    assert_eq!(
        follows, None,
        "the ledger has an event that nobody was told of, or one revision was told twice"
    );
    assert_eq!(followed, &right[..followed.len()], "what was followed");

    for client in &mut course.clients() {
        let (mut after, mut events) = (0, Vec::new());
        while read_on(course, client, &mut after, &mut events) > 0 {}
        assert_eq!(events, right, "what is told from the beginning");
    }

    let exported = deployment.run(&["ledger", "export"]);
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let exported: Vec<Event> = (1..)
        .zip(lines)
        .filter(|(revision, _)| *revision > course.book.imported())
        .map(|(revision, event)| (revision, principal(&event), kept(&event)))
        .collect();
    assert_eq!(exported, right, "what the ledger has");
    let verified = deployment.run(&["ledger", "verify"]);
    assert!(verified.contains("events verified"), "{verified}");
    eprintln!(
        "{} events in the ledger, {} of them written meanwhile, each once",
        verified.trim(),
        right.len()
    );
}
