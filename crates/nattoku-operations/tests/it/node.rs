//! A decision node: what it waits for, and what it holds others to.

use std::time::Duration;

use nattoku_lease::Terms;
use nattoku_model::Revision;
use nattoku_operations::{Nattoku, Node, OperationError, Question, Telling};
use nattoku_store::{OpenMode, PageMark, Place, SeededRandomness, Settings, SqliteStore, State};

use crate::shop::{by_principal, open};

const OTHER: [u8; 16] = [8; 16];

/// A shop in which p1 and p2 have bought and agreed, and a node over it that has not asked for a lease yet.
fn node_over(name: &str, length: Duration) -> (Nattoku, Node, Box<dyn State>) {
    let (shop, _) = open(name, "2020-06-01T12:00:00Z");
    for p in ["p1", "p2"] {
        let lines = format!(
            r#"{{"event":"principal_registered","principal":"{p}","at":"2020-06-01T11:00:00Z"}}
{{"event":"data_acquired","principal":"{p}","at":"2020-06-01T11:00:00Z","category":"purchase","source":"till"}}"#
        );
        shop.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
        shop.grant_consent(p, "mail", &by_principal(), None).unwrap();
    }
    let place =
        Place::Sqlite(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.sqlite")));
    let state = || place.open_state(shop.ledger_id().unwrap(), Settings::default()).unwrap();
    let terms = Terms::new(length, length / 20).unwrap();
    let node = Node::new(shop.clone().follow(&mut |_| ()).unwrap(), state(), [9; 16], terms);
    (shop.clone(), node, state())
}

fn offers() -> Question {
    Question {
        application: "campaigns".to_owned(),
        principal: "p1".to_owned(),
        action: "use".to_owned(),
        activity: "offers".to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    }
}

fn is_permitted(node: &Node) -> bool {
    node.answer(&offers(), Telling::Verdicts).unwrap().verdict.is_permitted()
}

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn nothing_is_permitted_before_there_is_a_lease_and_after_it() {
    let (_, node, _) = node_over("node-lease", HOUR);
    let line = node.answer(&offers(), Telling::Gates).unwrap();
    assert!(!line.verdict.is_permitted() && line.text.contains(r#""reason":"stale""#), "{}", line.text);
    assert!(node.freshness().remaining.is_zero() && node.freshness().staleness.is_none());
    node.renew().unwrap();
    assert!(is_permitted(&node));
    let fresh = node.freshness();
    assert!(fresh.remaining > HOUR / 2 && fresh.staleness.is_some());

    let (_, node, _) = node_over("node-short", Duration::from_micros(50));
    node.renew().unwrap();
    while !node.freshness().remaining.is_zero() {
        std::thread::yield_now();
    }
    assert!(!is_permitted(&node));
    let page = || node.permitted(&offers(), PageMark::default(), 10, 10).unwrap();
    assert_eq!(page(), None, "nobody is told that it is permitted for them");
}

/// In the ledger it is not enough: it has to be taken in.
#[test]
fn what_was_taken_in_is_told() {
    let (shop, node, _) = node_over("node-wait", HOUR);
    let before = node.freshness().revision;
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert_eq!(node.freshness().revision, before);
    node.take_in().unwrap();
    assert_eq!(node.freshness().revision, withdrawn.revision);
}

/// Whoever has written is told at once where another has taken it in with theirs: the ledger is not asked once more.
#[test]
fn what_was_written_is_taken_in_once() {
    let (shop, node, _) = node_over("node-written", HOUR);
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    let granted = shop.grant_consent("p2", "mail", &by_principal(), None).unwrap();
    node.take_in_to(withdrawn.revision).unwrap();
    assert_eq!((node.freshness().revision, node.taken_in()), (granted.revision, granted.revision));
    // The ledger is moved away, which whoever asks it sees.
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("node-written.sqlite");
    std::fs::rename(&path, path.with_extension("moved")).unwrap();
    node.take_in_to(granted.revision).unwrap();
    assert!(node.take_in_to(Revision(granted.revision.0 + 1)).is_err());
    assert!(node.take_in().is_err());
}

/// Whether every node respects a revision by now, looked at once.
fn is_enforced(node: &Node, revision: Revision) -> bool {
    node.is_enforced(&mut node.enforcing(revision).unwrap()).unwrap()
}

/// G3: with no other node, what this one has taken in is enforced at once.
#[test]
fn what_only_this_node_answers_is_enforced_at_once() {
    let (shop, node, _) = node_over("node-alone", HOUR);
    node.renew().unwrap();
    assert!(is_permitted(&node));
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert!(is_enforced(&node, withdrawn.revision));
    assert!(!is_permitted(&node), "it has taken it in itself");
}

/// Another node holds a lease and has not applied it: no more is known than that it is durable.
#[test]
fn what_another_node_has_not_applied_is_durable_and_no_more() {
    let (shop, node, state) = node_over("node-lags", HOUR);
    node.renew().unwrap();
    state.register_lease(&OTHER, HOUR, shop.revision().unwrap()).unwrap();
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert!(!is_enforced(&node, withdrawn.revision));
    // Once it has told that it has, it is enforced.
    std::thread::scope(|scope| {
        let enforced = scope.spawn(|| node.enforce(withdrawn.revision));
        state.applied(&OTHER, withdrawn.revision).unwrap();
        assert!(enforced.join().unwrap().unwrap());
    });
    assert!(is_enforced(&node, withdrawn.revision));
}

/// Another node that is dead holds nobody up for longer than its lease, and one that has ended not at all.
#[test]
fn a_node_that_is_gone_is_not_waited_for() {
    let (shop, node, state) = node_over("node-dead", HOUR);
    node.renew().unwrap();
    state.register_lease(&OTHER, Duration::from_millis(60), shop.revision().unwrap()).unwrap();
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert!(node.enforce(withdrawn.revision).unwrap());
    state.register_lease(&OTHER, HOUR, Revision(1)).unwrap();
    state.end_lease(&OTHER).unwrap();
    assert!(is_enforced(&node, withdrawn.revision));
    // This one, too.
    node.end().unwrap();
    assert_eq!(state.leases().unwrap(), []);
}

/// A node that renews for ever and applies nothing holds nobody up either: whoever renews is answered a head that has it.
#[test]
fn a_node_that_renews_and_applies_nothing_is_not_waited_for() {
    let length = Duration::from_millis(200);
    let (shop, node, state) = node_over("node-renews", length);
    let before = shop.revision().unwrap();
    node.renew().unwrap();
    state.register_lease(&OTHER, length, before).unwrap();
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let relaxed = std::sync::atomic::Ordering::Relaxed;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(relaxed) {
                state.register_lease(&OTHER, length, before).unwrap();
                // Others have something to write as well.
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let enforced = node.enforce(withdrawn.revision);
        is_done.store(true, relaxed);
        assert!(enforced.unwrap());
    });
}

/// Whoever is erased is asked about no more, by whatever is remembered of them; known anew, they are somebody else.
#[test]
fn who_was_erased_is_unknown_and_somebody_else_when_known_anew() {
    let (shop, node, _) = node_over("node-erased", HOUR);
    node.renew().unwrap();
    assert!(is_permitted(&node), "and the identifier is remembered");
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("node-erased.sqlite");
    let store = SqliteStore::open(&path, OpenMode::Existing, SeededRandomness::new(2)).unwrap();
    nattoku_operations::erase(&store, "p1", shop.now()).unwrap();
    node.take_in().unwrap();
    // Another policy comes to stand over the same people.
    let publication = node.following().standing().nattoku().publication().clone();
    node.following().renew(publication).unwrap();
    for _ in 0..2 {
        let asked = node.answer(&offers(), Telling::Verdicts);
        assert!(matches!(asked, Err(OperationError::UnknownPrincipal(_))), "{asked:?}");
        let line = r#"{"event":"principal_registered","principal":"p2","at":"2020-06-01T11:30:00Z"}"#;
        shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
        node.take_in().unwrap();
    }
    let line = r#"{"event":"principal_registered","principal":"p1","at":"2020-06-01T11:30:00Z"}"#;
    shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
    node.take_in().unwrap();
    let line = node.answer(&offers(), Telling::Verdicts).unwrap();
    assert!(line.by_engine && !line.verdict.is_permitted(), "{}", line.text);
}

/// A list is of one revision, and the node says of which.
#[test]
fn a_list_is_told_under_the_lease() {
    let (shop, node, _) = node_over("node-list", HOUR);
    let page = || node.permitted(&offers(), PageMark::default(), 10, 10).unwrap();
    assert_eq!(page(), None);
    node.renew().unwrap();
    let names = |page: nattoku_operations::PermittedPage| {
        page.principals.into_iter().map(|(p, _)| p).collect::<Vec<_>>()
    };
    assert_eq!(names(page().unwrap()), ["p1", "p2"]);
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert!(is_enforced(&node, withdrawn.revision));
    let page = page().unwrap();
    assert_eq!(page.revision, withdrawn.revision);
    assert_eq!(names(page), ["p2"]);
}
