//! A signal of a browser is taken once, and never against what the principal said.

use nattoku_model::Language;
use nattoku_model::policy::SignalKind;
use nattoku_operations::{Nattoku, Publication};
use nattoku_policy::check;
use nattoku_policy::source::Source;

use crate::shop::{POLICY, by_principal, open};

const CHOICES: &str = r#"
choice offers_off refusability=refusable { en "Offers"; consequence { en "No offers." }; covers offers }
choice all_off refusability=refusable { en "Everything"; consequence { en "Nothing." }; covers offers }
choice other refusability=refusable { en "Something else"; consequence { en "Nothing." }; covers offers }
signal gpc { declines offers_off all_off }
"#;

/// A shop that heeds the signal, with somebody who never said anything.
fn heeding(name: &str) -> Nattoku {
    let (shop, _) = open(name, "2020-06-01T12:00:00Z");
    let sources = [Source::new("policy.kdl", format!("{POLICY}{CHOICES}"))];
    let shop = shop.under(Publication::of(&check(&sources)).unwrap());
    let line = r#"{"event":"principal_registered","principal":"p1","at":"2020-06-01T11:00:00Z"}"#;
    shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
    shop
}

fn take(shop: &Nattoku) -> usize {
    shop.take_signal("p1", SignalKind::GlobalPrivacyControl, Language::En).unwrap().len()
}

fn declined(shop: &Nattoku, choice: &str) -> bool {
    shop.choice("p1", choice).unwrap().declined
}

#[test]
fn it_declines_what_was_never_answered_by_a_channel_of_its_own() {
    let shop = heeding("signal");
    assert_eq!(take(&shop), 2);
    assert!(declined(&shop, "offers_off") && declined(&shop, "all_off") && !declined(&shop, "other"));
    let state = shop.choice("p1", "offers_off").unwrap();
    assert_eq!(state.last.map(|act| act.channel).as_deref(), Some("gpc"));
    assert_eq!(take(&shop), 0, "once");
}

#[test]
fn it_leaves_alone_what_the_principal_answered_before_or_since() {
    let shop = heeding("signal-answered");
    shop.decline_choice("p1", "all_off", &by_principal()).unwrap();
    shop.restore_choice("p1", "all_off", &by_principal()).unwrap();
    assert_eq!(take(&shop), 1);
    assert!(!declined(&shop, "all_off"));
    shop.restore_choice("p1", "offers_off", &by_principal()).unwrap();
    assert_eq!(take(&shop), 0);
    assert!(!declined(&shop, "offers_off"));
}

#[test]
fn sent_many_times_at_once_it_is_one_event_a_choice() {
    let shop = heeding("signal-at-once");
    std::thread::scope(|scope| {
        let sent: Vec<_> = (0..12).map(|_| scope.spawn(|| take(&shop))).collect();
        let taken: usize = sent.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(taken, 2);
    });
    assert_eq!(shop.history("p1").unwrap().len(), 3);
}

#[test]
fn where_the_policy_does_not_speak_of_it_nothing_is_done() {
    let (shop, _) = open("signal-unheeded", "2020-06-01T12:00:00Z");
    assert_eq!(take(&shop), 0);
}
