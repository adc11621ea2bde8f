//! What can be seen only from inside.

use nattoku_testkit::postgresql::Postgresql;

use super::append::{FIND, Writing};
use super::session::Session;
use super::verify::ROWS;
use super::{Address, PostgresStore};
use crate::append::Writer;
use crate::append::faulty::Faulty;
use crate::error::StoreError;
use crate::event_json::NewEvent;
use crate::opening::{OpenMode, Settings};
use crate::random::SeededRandomness;
use crate::store::Store as _;
use crate::worlds::kek_in;

fn erased(category: &str) -> NewEvent {
    let line = format!(
        r#"{{"event":"data_erased","principal":"p","at":"2020-01-01T00:00:00Z","category":"{category}"}}"#
    );
    NewEvent::from_line(line.as_bytes()).unwrap()
}

fn ledger(server: &Postgresql) -> PostgresStore {
    server.make_database("ledger");
    let address = Address::read(&server.address("ledger")).unwrap();
    let kek = kek_in(server.folder());
    let randomness = SeededRandomness::new(1);
    PostgresStore::open(&address, OpenMode::Create, randomness, Settings::default(), &kek).unwrap()
}

#[test]
fn what_is_answered_after_a_panic_in_a_transaction_is_there() {
    let Some(server) = Postgresql::start("panics") else { return };
    let store = ledger(&server);
    let medium =
        Faulty::new(Box::new(store.second_writer().unwrap())).first_commit(|medium: &mut Writing, _| {
            medium.session()?.run("begin")?;
            panic!("a test has it fail");
        });
    let randomness = Box::new(SeededRandomness::new(2));
    let rests_after = Settings::default().rests_after;
    let writer = Writer::start(Box::new(medium), randomness, store.keys.event_id_key(), rests_after).unwrap();
    let now = "2026-04-01T00:00:00Z".parse().unwrap();
    let told = writer.append(&[erased("a")], now, false);
    assert!(matches!(told, Err(StoreError::Uncertain { .. })), "{told:?}");
    writer.append(&[erased("b")], now, false).unwrap();
    assert_eq!(store.revision().unwrap().0, 1, "others see it");
    drop(writer);
    assert_eq!(store.verify().unwrap().events, 1);
}

#[test]
fn a_commit_is_answered_when_it_is_durable_whatever_the_server_says() {
    for (says, wanted) in [("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")] {
        let options = format!("-c fsync=off -c synchronous_commit={says}");
        let Some(server) = Postgresql::start_with("durable", &options) else { return };
        let store = ledger(&server);
        let wait_max = Settings::default().wait_for_lock_max;
        let mut session = super::lease::connect(&store.address, wait_max).unwrap();
        let rows = session.query("select current_setting('synchronous_commit')", &[]).unwrap();
        assert_eq!(rows[0].get::<_, String>(0), wanted);
    }
}

/// How the server does a statement that was prepared while the ledger was new.
fn plan_of(session: &mut Session, prepare: &str, explain: &'static str) -> Vec<String> {
    session.run("set plan_cache_mode = force_generic_plan").unwrap();
    session.run(prepare).unwrap();
    session.query(explain, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// What is prepared while a ledger is new is done in the same way when it has millions of events.
#[test]
fn what_is_looked_up_in_an_empty_ledger_is_looked_up_by_an_index() {
    let Some(server) = Postgresql::start("plans") else { return };
    let mut session = ledger(&server).address.connect().unwrap();
    let plan = plan_of(
        &mut session,
        &format!("prepare find (bytea[], bigint[]) as {FIND}"),
        "explain execute find ('{}', '{}')",
    );
    assert!(plan.iter().any(|line| line.contains("Index Scan")), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Seq Scan")), "{plan:#?}");
    // A batch is read and counted in the order of the index: nothing is read beyond it.
    let prepare = format!("prepare rows (bigint, bigint, bigint) as {ROWS}");
    let plan = plan_of(&mut session, &prepare, "explain execute rows (0, 9, 9)");
    assert!(plan.iter().any(|line| line.contains("WindowAgg")), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Sort") || line.contains("Seq Scan")), "{plan:#?}");
}
