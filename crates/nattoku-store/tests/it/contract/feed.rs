//! What is remembered of sending events: who subscribed, what was given up, and which program sends.

use std::time::Duration;

use nattoku_model::Revision;
use nattoku_store::{DeadLetter, ExportLine, SigningSecret, Subscription};

use super::World;
use super::state::state;
use crate::support::{every_event, instant, now};

const LONG: Duration = Duration::from_hours(1);

fn subscription(name: &str) -> Subscription {
    Subscription {
        name: name.to_owned(),
        url: "https://crm.example.jp/hooks".to_owned(),
        events: Vec::new(),
        secret: SigningSecret::new(vec![7; 32]),
        created: now(),
        created_by: String::new(),
        cursor: Revision(0),
        paused: None,
    }
}

fn letter(subscription: &str, revision: u64) -> DeadLetter {
    DeadLetter {
        subscription: subscription.to_owned(),
        revision: Revision(revision),
        died: now(),
        attempts: 20,
        why: "status 500".to_owned(),
        again: false,
    }
}

pub(crate) fn lines_are_what_an_export_gives(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let mut exported: Vec<ExportLine> = Vec::new();
    let mut keep = |line| {
        exported.push(line);
        std::ops::ControlFlow::Continue(())
    };
    store.each_event(&mut keep).unwrap();
    let until = store.revision().unwrap();
    let lines = |after, until| store.lines_between(Revision(after), Revision(until)).unwrap();
    assert_eq!(lines(0, until.0), exported);
    assert_eq!(lines(3, 5), exported[3..5]);
    assert_eq!(lines(until.0, until.0 + 10), []);
    assert_eq!(lines(5, 3), []);
}

pub(crate) fn a_subscription_is_kept_as_it_was_given(world: &dyn World) {
    let state = state(world);
    assert_eq!(state.subscriptions().unwrap(), []);
    let whole = Subscription {
        events: ["consent_withdrawn", "\"x\", 店"].map(str::to_owned).to_vec(),
        secret: SigningSecret::new((0..=255).collect()),
        created: instant("2026-04-01T00:00:00.123456Z"),
        created_by: "お客さま窓口; drop table subscriptions".to_owned(),
        cursor: Revision(4_404),
        paused: Some((instant("2026-05-01T00:00:00Z"), "by hand".to_owned())),
        ..subscription("whole")
    };
    assert!(state.add_subscription(&whole).unwrap());
    assert!(!state.add_subscription(&subscription("whole")).unwrap(), "there is one of that name");
    assert!(state.add_subscription(&subscription("a")).unwrap());
    assert_eq!(state.subscriptions().unwrap(), [subscription("a"), whole.clone()]);
    assert!(!format!("{whole:?}").contains("255"), "a secret is shown by nothing");
    assert!(state.remove_subscription("whole").unwrap());
    assert!(!state.remove_subscription("whole").unwrap());
    assert_eq!(state.subscriptions().unwrap(), [subscription("a")]);
}

pub(crate) fn a_cursor_moves_from_where_it_was_seen(world: &dyn World) {
    let state = state(world);
    state.add_subscription(&subscription("crm")).unwrap();
    let cursor = || state.subscriptions().unwrap()[0].cursor.0;
    assert!(state.move_cursor("crm", Some(Revision(0)), Revision(3)).unwrap());
    assert!(!state.move_cursor("crm", Some(Revision(0)), Revision(9)).unwrap(), "somebody was there before");
    assert_eq!(cursor(), 3);
    assert!(state.move_cursor("crm", None, Revision(1)).unwrap());
    assert_eq!(cursor(), 1);
    assert!(!state.move_cursor("nobody", None, Revision(1)).unwrap());
    let paused = (now(), "410".to_owned());
    assert!(state.pause_subscription("crm", Some(&paused)).unwrap());
    assert_eq!(state.subscriptions().unwrap()[0].paused, Some(paused));
    assert!(state.pause_subscription("crm", None).unwrap());
    assert_eq!(state.subscriptions().unwrap()[0].paused, None);
    assert!(!state.pause_subscription("nobody", None).unwrap());
}

pub(crate) fn a_dead_letter_is_kept_until_it_is_taken(world: &dyn World) {
    let state = state(world);
    state.add_subscription(&subscription("crm")).unwrap();
    state.add_subscription(&subscription("b")).unwrap();
    for (name, revision) in [("crm", 10), ("crm", 9), ("b", 11), ("nobody", 1)] {
        state.bury(&letter(name, revision)).unwrap();
    }
    assert_eq!(state.dead_letters().unwrap(), [letter("b", 11), letter("crm", 9), letter("crm", 10)]);
    assert_eq!(state.revive_dead_letters("crm").unwrap(), 2);
    assert_eq!(state.revive_dead_letters("nobody").unwrap(), 0);
    let again = |letters: &[DeadLetter]| letters.iter().map(|letter| letter.again).collect::<Vec<_>>();
    assert_eq!(again(&state.dead_letters().unwrap()), [false, true, true]);
    let anew = DeadLetter { attempts: 21, why: "no answer in time".to_owned(), ..letter("crm", 9) };
    state.bury(&anew).unwrap();
    state.forget_dead_letter("crm", Revision(10)).unwrap();
    assert_eq!(state.dead_letters().unwrap(), [letter("b", 11), anew]);
    state.remove_subscription("crm").unwrap();
    assert_eq!(state.dead_letters().unwrap(), [letter("b", 11)]);
}

pub(crate) fn one_program_has_a_turn(world: &dyn World) {
    let (here, there) = (state(world), state(world));
    let (one, two) = ([1; 16], [2; 16]);
    assert!(here.take_turn("webhooks", &one, LONG).unwrap());
    assert!(here.take_turn("webhooks", &one, LONG).unwrap(), "it is renewed");
    assert!(!there.take_turn("webhooks", &two, LONG).unwrap());
    assert!(there.take_turn("something else", &two, LONG).unwrap());
    there.end_turn("webhooks", &two).unwrap();
    assert!(!there.take_turn("webhooks", &two, LONG).unwrap(), "only its holder ends it");
    here.end_turn("webhooks", &one).unwrap();
    assert!(there.take_turn("webhooks", &two, Duration::ZERO).unwrap());
    while !here.take_turn("webhooks", &one, LONG).unwrap() {}
    assert!(!there.take_turn("webhooks", &two, LONG).unwrap(), "it ran out, and another has it");
}
