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
