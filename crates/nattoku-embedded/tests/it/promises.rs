//! G1 to G3: what is withdrawn at a server is respected here, and waited for there; without the ledger nothing is permitted.

use std::time::Duration;

use nattoku_client::{Act, Level, Question};
use nattoku_embedded::{Embedded, Settings, Told};

use crate::deployment::{Deployment, carrier, until};

fn offers() -> Question {
    Question::provide("hana", "partner_offers", "purchase", "store_partners")
}

fn reason(embedded: &Embedded) -> String {
    let decision = embedded.decide(&offers()).unwrap();
    assert!(!decision.is_permitted(), "{}", decision.json);
    decision.reason.unwrap().code
}

#[test]
fn a_withdrawal_that_a_server_has_answered_is_respected() {
    for deployment in Deployment::each("embedded-withdrawn") {
        let (embedded, client) = (deployment.embedded(), deployment.client());
        assert_eq!(deployment.leases_of_others().len(), 1, "it holds a lease like any node");
        for round in 0..4 {
            assert!(embedded.decide(&offers()).unwrap().is_permitted(), "round {round}");
            let receipt = client.withdraw(Act::on("hana", "partner_sharing", "app")).unwrap();
            // The server has waited for what it reads here: this node has told that it took the withdrawal in.
            let [lease] = deployment.leases_of_others().try_into().unwrap();
            assert!(lease.applied.0 >= receipt.revision, "{lease:?} {receipt:?}");
            assert_eq!(reason(&embedded), "withdrawn");
            assert!(embedded.freshness().revision >= receipt.revision);
            let granted = client.grant(Act::on("hana", "partner_sharing", "app").language("ja")).unwrap();
            // Durable, and no more: whoever needs it asks with its revision.
            let asked = offers().min_revision(granted.revision);
            assert!(embedded.decide(&asked).unwrap().revision >= granted.revision);
        }
    }
}

#[test]
fn without_the_ledger_it_denies_as_stale_and_recovers_by_itself() {
    let Some(deployment) = Deployment::in_database("embedded-stale") else { return };
    let database = deployment.database.as_ref().unwrap();
    let (embedded, tells) = deployment.telling();
    for _ in 0..2 {
        until(|| embedded.decide(&offers()).is_ok_and(|decision| decision.is_permitted()));
        tells.lock().unwrap().clear();
        database.stop();
        until(|| embedded.freshness().remaining.is_zero());
        assert_eq!(reason(&embedded), "stale");
        let batch = embedded.decide_batch(&[offers(), offers()]).unwrap();
        assert!(batch.into_iter().all(|answer| answer.unwrap().reason.unwrap().code == "stale"));
        // What only the ledger answers is an error, and no permit.
        assert!(embedded.decide(&offers().at("2026-05-01T14:00:00+09:00")).is_err());
        assert!(embedded.wait_for(1 << 40, Duration::ZERO).is_err());
        database.start_again();
        until(|| tells.lock().unwrap().contains(&Told::FollowsAgain));
        let tells = tells.lock().unwrap();
        let cannot = tells.iter().filter(|told| matches!(told, Told::CannotFollow(_))).count();
        assert_eq!(cannot, 1, "told once: {tells:?}");
    }
    until(|| embedded.decide(&offers()).is_ok_and(|decision| decision.is_permitted()));
    until(|| deployment.leases_of_others().len() == 1);
}

/// A role that may read the ledger and hold a lease, and nothing else.
const ROLE: &str = "
create role reader login;
grant usage on schema nattoku, nattoku_keys, nattoku_state to reader;
grant select on all tables in schema nattoku, nattoku_keys to reader;
grant select on nattoku_state.formats, nattoku_state.meta to reader;
grant select, insert, update, delete on nattoku_state.leases, nattoku_state.ready to reader;
grant select on nattoku_state.policies, nattoku_state.policy_files to reader";

/// A node of that role.
fn of_reader(deployment: &Deployment) -> Embedded {
    deployment.database.as_ref().unwrap().ask("ledger", ROLE);
    let store = deployment.store.replace("postgres://postgres@", "postgres://reader@");
    let kek = format!("file:{}", deployment.folder.join("nattoku.kek").display());
    Embedded::open(Settings::new(carrier(), store, "campaign_platform").key_encryption_key(kek)).unwrap()
}

#[test]
fn it_needs_no_right_but_to_read_the_ledger_and_to_hold_a_lease() {
    let Some(deployment) = Deployment::in_database("embedded-role") else { return };
    let embedded = of_reader(&deployment);
    assert!(embedded.decide(&offers()).unwrap().is_permitted());
    deployment.client().withdraw(Act::on("hana", "partner_sharing", "app")).unwrap();
    assert_eq!(reason(&embedded), "withdrawn");
    drop(embedded);
    assert_eq!(deployment.leases_of_others(), []);
}

/// It goes on to ask for its lease and takes nothing in: whoever withdraws is kept waiting until it may not permit any more.
#[test]
fn a_withdrawal_is_enforced_once_a_node_that_cannot_read_permits_nothing() {
    let Some(deployment) = Deployment::in_database("embedded-stuck") else { return };
    let database = deployment.database.as_ref().unwrap();
    let embedded = of_reader(&deployment);
    assert!(embedded.decide(&offers()).unwrap().is_permitted());
    let before = embedded.freshness().revision;
    database.ask("ledger", "revoke select on all tables in schema nattoku from reader");
    let receipt = deployment.client().withdraw(Act::on("hana", "partner_sharing", "app")).unwrap();
    assert_eq!(receipt.acknowledged, Level::Enforced);
    assert_eq!(reason(&embedded), "stale");
    assert_eq!(embedded.freshness().revision, before, "it has taken nothing in");
    database.ask("ledger", "grant select on all tables in schema nattoku to reader");
    assert!(embedded.wait_for(receipt.revision, Duration::from_mins(1)).unwrap() >= receipt.revision);
    until(|| !embedded.freshness().remaining.is_zero());
    assert_eq!(reason(&embedded), "withdrawn");
}
