//! A whole ledger moves to another store and stays the ledger it is.

use std::sync::Arc;

use nattoku_kek::FileKek;
use nattoku_seal::Key;
use nattoku_store::transfer::{TransferError, export_whole, import_whole};
use nattoku_store::{Kek, NewEvent, OpenMode, Place, SeededRandomness, Store, StoreError};

use super::World;
use crate::support::{Folder, event, every_event, now};

pub(crate) fn erased(principal: &str) -> NewEvent {
    event(&format!(
        r#"{{"event":"data_erased","principal":"{principal}","at":"2020-01-01T00:00:00Z","category":"a"}}"#
    ))
}

/// The lines of a whole ledger.
pub(crate) fn lines(store: &dyn Store) -> String {
    let mut lines = String::new();
    export_whole(store, |line| {
        lines.push_str(line);
        lines.push('\n');
        Ok::<_, StoreError>(())
    })
    .unwrap();
    lines
}

/// Imports lines to a place where they make a ledger with other random bytes than they had.
pub(crate) fn import(place: &Place, kek: &Kek, lines: &str) -> Result<u64, TransferError> {
    let arrived = import_whole(place, lines.as_bytes(), SeededRandomness::new(99), kek, &mut |_| ())?;
    Ok(arrived.events)
}

pub(crate) fn a_whole_ledger_moves_with_its_root_and_its_identity(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    store.append(&["p2", "p3", "p1"].map(erased), now(), false).unwrap();
    let whole = lines(store.as_ref());
    assert_eq!(import(&world.place("other"), &world.kek(), &whole).unwrap(), 25);
    let other = world.open("other", OpenMode::Existing, 5).unwrap();
    assert_eq!(other.verify().unwrap(), store.stats().unwrap());
    assert_eq!(other.ledger_id().unwrap(), store.ledger_id().unwrap());
    assert_eq!(lines(other.as_ref()), whole);
    // Both go on alike, and know what they have.
    for store in [&store, &other] {
        assert!(store.append(&[erased("p3")], now(), false).unwrap()[0].already_there);
        store
            .append(
                &[event(
                    r#"{"event":"data_erased","principal":"p3","at":"2020-01-02T00:00:00Z","category":"b"}"#,
                )],
                now(),
                false,
            )
            .unwrap();
    }
    assert_eq!(store.stats().unwrap().root, other.verify().unwrap().root);
    // Nothing that is there is written over.
    let again = import(&world.place("other"), &world.kek(), &whole);
    assert!(matches!(again, Err(TransferError::Store(StoreError::NotEmpty { .. }))), "{again:?}");
    let empty = world.open("empty", OpenMode::Create, 1).unwrap();
    let whole = lines(empty.as_ref());
    assert_eq!(import(&world.place("still_empty"), &world.kek(), &whole).unwrap(), 0);
}

pub(crate) fn a_move_that_was_broken_off_goes_on_and_is_no_ledger_until_then(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let whole = lines(store.as_ref());
    let all: Vec<&str> = whole.lines().collect();
    let upto = |n: usize| all[..n].join("\n") + "\n";
    let place = world.place("other");
    for n in [1, 2, 10, all.len() - 1] {
        assert!(matches!(import(&place, &world.kek(), &upto(n)), Err(TransferError::CutOff)));
        for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
            let used = world.open("other", mode, 1);
            assert!(matches!(used, Err(StoreError::Arriving)), "{used:?}");
        }
    }
    // An event that is another, however good: the root tells.
    let changed = whole.replace("member_store", "other_store");
    assert_ne!(changed, whole);
    let refused = import(&world.place("changed"), &world.kek(), &changed);
    assert!(matches!(refused, Err(TransferError::OtherRoot { .. })), "{refused:?}");
    assert!(matches!(world.open("changed", OpenMode::Existing, 1), Err(StoreError::Arriving)));
    // Of another ledger nothing goes on.
    let foreign = world.open("foreign", OpenMode::Create, 7).unwrap();
    let refused = import(&place, &world.kek(), &lines(foreign.as_ref()));
    assert!(matches!(refused, Err(TransferError::Store(StoreError::NotEmpty { .. }))), "{refused:?}");
    assert_eq!(import(&place, &world.kek(), &whole).unwrap(), 22);
    assert_eq!(world.open("other", OpenMode::ReadOnly, 1).unwrap().verify().unwrap(), store.stats().unwrap());
    // What is no whole ledger is refused by its line.
    for (lines, line) in [(all[2], 1), ("", 0), ("{}\n", 1), (&*upto(1).repeat(2), 2)] {
        match import(&world.place("bad"), &world.kek(), lines) {
            Err(TransferError::Line(found)) => assert_eq!(found, line, "{lines}"),
            Err(TransferError::CutOff) => assert_eq!(line, 0),
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn what_moves_is_sealed_and_opens_with_its_own_key_alone(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let whole = lines(store.as_ref());
    for personal in ["\"p1\"", "1985-04-01", "g 1", "a-7", "attorney"] {
        assert!(!whole.contains(personal), "{personal}");
    }
    let elsewhere = Folder::new();
    let path = elsewhere.path("other.kek");
    let other = FileKek::create(&path, [1; 16], Key::new([2; 32])).unwrap();
    match import(&world.place("other"), &Kek::Given(Arc::new(other)), &whole) {
        Err(TransferError::Store(StoreError::Keys(error))) => {
            assert!(error.en.contains("do not rest on the key-encryption key"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    // With the right one it goes on.
    assert_eq!(import(&world.place("other"), &world.kek(), &whole).unwrap(), 22);
    let other = world.open("other", OpenMode::ReadOnly, 1).unwrap();
    assert_eq!(other.events_of("p1").unwrap(), store.events_of("p1").unwrap());
}

/// The keys in the lines would not be those that open the rest of them.
pub(crate) fn what_happens_to_keys_while_a_ledger_is_exported_is_told(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let rotate = || store.rotate_keys(false).map(drop);
    let erase = || store.erase("p1", now()).map(drop);
    for change in [&rotate as &dyn Fn() -> Result<(), StoreError>, &erase] {
        let mut n_lines = 0;
        let told = export_whole(store.as_ref(), |_| {
            n_lines += 1;
            if n_lines == 1 { change() } else { Ok(()) }
        });
        assert!(matches!(told, Err(StoreError::KeysChanged)), "{told:?}");
    }
    assert!(!lines(store.as_ref()).is_empty());
}

/// The clock that gave the times of the ledger may have run ahead; the root tells whether they are the same.
pub(crate) fn a_ledger_whose_clock_ran_ahead_moves_too(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), "9000-01-01T00:00:00Z".parse().unwrap(), false).unwrap();
    assert_eq!(import(&world.place("other"), &world.kek(), &lines(store.as_ref())).unwrap(), 22);
    let other = world.open("other", OpenMode::ReadOnly, 1).unwrap();
    assert_eq!(other.verify().unwrap(), store.stats().unwrap());
}

pub(crate) fn an_event_of_a_move_that_is_refused_is_told_by_its_line(world: &dyn World) {
    let store = world.store();
    store.append(&["p1", "p2"].map(erased), now(), false).unwrap();
    let whole = lines(store.as_ref());
    let all: Vec<&str> = whole.lines().collect();
    // The ledger, keys and principals come before the events.
    let n_before = all.iter().position(|line| line.contains("\"leaf\":")).unwrap();
    let first = u64::try_from(n_before).unwrap() + 1;
    let refused = |name: &str, changed: &str| {
        assert_ne!(changed, whole);
        import(&world.place(name), &world.kek(), changed).unwrap_err()
    };
    let no_leaf = refused("no_leaf", &whole.replacen("\"leaf\":\"{", "\"leaf\":\"[", 1));
    assert!(
        matches!(&no_leaf, TransferError::Event { line, error } if *line == first && error.field == "leaf"),
        "{no_leaf:?}"
    );
    // The line before the first event is the second principal, whom the second event is about.
    let stranger = [&all[..n_before - 1], &all[n_before..]].concat().join("\n") + "\n";
    let stranger = refused("stranger", &stranger);
    assert!(matches!(&stranger, TransferError::Event { line, .. } if *line == first), "{stranger:?}");
    let derived = |n: usize| all[n].split_once("\"derived\":\"").unwrap().1.split('"').next().unwrap();
    let twice = refused("twice", &whole.replacen(derived(n_before + 1), derived(n_before), 1));
    let is_second = matches!(&twice, TransferError::Conflict { line, revision: 1, .. } if *line == first + 1);
    assert!(is_second, "{twice:?}");
}

pub(crate) fn two_moves_to_one_place_at_once_are_one(world: &dyn World) {
    let store = world.store();
    let batch: Vec<NewEvent> = (0..3_000).map(|n| erased(&format!("p{n}"))).collect();
    store.append(&batch, now(), false).unwrap();
    let whole = lines(store.as_ref());
    let (place, kek) = (world.place("other"), world.kek());
    let gate = std::sync::Barrier::new(3);
    let arrived = std::thread::scope(|scope| {
        let one = || {
            gate.wait();
            import(&place, &kek, &whole)
        };
        let threads = [scope.spawn(one), scope.spawn(one), scope.spawn(one)];
        threads.map(|thread| thread.join().unwrap())
    });
    assert!(arrived.iter().any(Result::is_ok), "{arrived:?}");
    for told in arrived {
        // Whoever comes when another has ended finds a ledger; and nobody waits for ever for their turn.
        let is_right = matches!(
            told,
            Ok(3_000)
                | Err(TransferError::Store(
                    StoreError::NotEmpty { .. } | StoreError::Locked | StoreError::Held { .. }
                ))
        );
        assert!(is_right, "{told:?}");
    }
    let other = world.open("other", OpenMode::ReadOnly, 1).unwrap();
    assert_eq!(other.verify().unwrap(), store.stats().unwrap());
}

/// Longer than what any database takes in one message.
pub(crate) fn a_batch_of_many_thousand_events_is_one(world: &dyn World) {
    let store = world.store();
    let mut batch: Vec<NewEvent> = (0..10_500).map(|n| erased(&format!("p{n}"))).collect();
    let late = NewEvent { at: "2027-01-01T00:00:00Z".parse().unwrap(), ..erased("late") };
    let with_late: Vec<NewEvent> = batch.iter().cloned().chain([late]).collect();
    assert!(matches!(store.append(&with_late, now(), false), Err(StoreError::Refused { index: 10_500, .. })));
    assert_eq!(store.stats().unwrap().principals, 0);
    store.append(&batch, now(), false).unwrap();
    batch.push(erased("one more"));
    let again = store.append(&batch, now(), false).unwrap();
    assert_eq!(again.iter().filter(|appended| !appended.already_there).count(), 1);
    let stats = store.verify().unwrap();
    assert_eq!((stats.events, stats.principals), (10_501, 10_501));
}
