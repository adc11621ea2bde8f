//! The same act sent several times at once is done once.

use nattoku_model::event::Revision;
use nattoku_operations::WillRequest;
use nattoku_store::EventId;

use crate::shop::{by_principal, open};

#[test]
fn a_withdrawal_sent_many_times_at_once_is_one_event() {
    let (shop, _) = open("double-submit", "2020-06-01T12:00:00Z");
    let line = r#"{"event":"principal_registered","principal":"p1","at":"2020-06-01T11:00:00Z"}"#;
    shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
    shop.grant_consent("p1", "mail", &by_principal(), None).unwrap();
    let done = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| shop.withdraw_consent("p1", "mail", &by_principal()).is_ok()))
            .collect();
        sent.into_iter().map(|thread| thread.join().unwrap()).filter(|done| *done).count()
    });
    assert_eq!(done, 1);
    assert_eq!(shop.history("p1").unwrap().len(), 3);
}

/// Each begins while the first is under way, so that some look for it before it is written and at the history after that.
#[test]
fn an_act_that_is_sent_again_under_its_id_while_it_is_under_way_is_answered_as_it_was() {
    let (shop, _) = open("sent-again", "2020-06-01T12:00:00Z");
    for n in 0..150 {
        let principal = format!("p{n}");
        let line = format!(
            r#"{{"event":"principal_registered","principal":"{principal}","at":"2020-06-01T11:00:00Z"}}"#
        );
        shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
        shop.grant_consent(&principal, "mail", &by_principal(), None).unwrap();
        let will = WillRequest { id: Some(EventId(format!("withdraw-{n}"))), ..by_principal() };
        let revisions = std::thread::scope(|scope| {
            let withdraw = || shop.withdraw_consent(&principal, "mail", &will).unwrap().revision;
            let sent: Vec<_> = (0..12).map(|_| scope.spawn(withdraw)).collect();
            sent.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(revisions.iter().all(|revision| *revision == revisions[0]), "{revisions:?}");
    }
}

#[test]
fn an_act_on_a_state_that_is_no_longer_so_is_not_done() {
    let (shop, _) = open("stale", "2020-06-01T12:00:00Z");
    let line = r#"{"event":"principal_registered","principal":"p1","at":"2020-06-01T11:00:00Z"}"#;
    shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
    let granted = shop.grant_consent("p1", "mail", &by_principal(), None).unwrap();
    shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    let stale = |seen| WillRequest { seen: Some(seen), ..by_principal() };
    assert!(shop.grant_consent("p1", "mail", &stale(granted.revision), None).is_err());
    assert!(shop.grant_consent("p1", "mail", &stale(Revision(0)), None).is_err());
    assert!(shop.grant_consent("p1", "mail", &stale(Revision(granted.revision.0 + 1)), None).is_ok());
}
