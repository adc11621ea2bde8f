//! The same act sent several times at once is done once.

use nattoku_model::event::Revision;
use nattoku_operations::WillRequest;

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
