//! A ledger is verified by several threads, while it is in use.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::World;
use super::log::fill;
use super::transfer::erased;
use crate::support::{event, every_event, instant, now};

pub(crate) fn verifying_tells_how_far_it_is(world: &dyn World) {
    let store = world.store();
    fill(store.as_ref(), 3_000);
    let mut told = Vec::new();
    let stats = store.verify_telling(&mut |done| told.push(done)).unwrap();
    assert_eq!(stats, store.stats().unwrap());
    assert!(told.len() > 2 && told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&3_000));
}

/// As long as events may be: 200 names of 120 bytes each.
pub(crate) fn of_large_events_no_more_are_held_at_once_than_fit(world: &dyn World) {
    let store = world.store();
    let names: Vec<_> = (0..200).map(|n| format!("\"{n:a>120}\"").replace(char::is_numeric, "b")).collect();
    let categories = names.join(",");
    let events = (0..400).map(|n| {
        event(&format!(
            r#"{{"event":"data_used","principal":"p{n}","at":"2020-01-01T00:00:00Z","application":"campaign","activity":"a","categories":[{categories}]}}"#
        ))
    });
    store.append(&events.collect::<Vec<_>>(), now(), false).unwrap();
    let mut told = Vec::new();
    store.verify_telling(&mut |done| told.push(done)).unwrap();
    // 4 MiB at once, and the row with which they are passed.
    let n_at_once = (4 << 20) / (200 * 120) + 1;
    let mut before = 0;
    for done in &told {
        assert!(done - before <= n_at_once, "{told:?}");
        before = *done;
    }
    assert_eq!(told.last(), Some(&400));
}

pub(crate) fn a_ledger_holds_while_it_is_appended_to_and_people_are_erased(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    fill(store.as_ref(), 1_500);
    let is_done = AtomicBool::new(false);
    let mut n_verified = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..20 {
                let of = format!(r#""principal":"new {n}","at":"2020-01-01T00:00:00Z","born":"1985-04-01""#);
                let line = event(&format!(r#"{{"event":"principal_registered",{of}}}"#));
                store.append(&[line, erased(&format!("p{n}"))], now(), false).unwrap();
                for whom in [format!("p{}", n * 70), format!("new {n}")] {
                    store.erase(&whom, instant("2026-05-01T00:00:00Z")).unwrap().unwrap();
                }
            }
            store.erase("p1", instant("2026-05-01T00:00:00Z")).unwrap().unwrap();
            is_done.store(true, Ordering::Release);
        });
        while !is_done.load(Ordering::Acquire) {
            store.verify().unwrap();
            n_verified += 1;
        }
    });
    assert!(n_verified > 0);
    assert_eq!(store.verify().unwrap(), store.stats().unwrap());
}
