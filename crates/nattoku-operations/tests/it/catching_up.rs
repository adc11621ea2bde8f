//! Whoever asks while a population catches up with the ledger is answered by the state of a revision, and of the one that is told (G2).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use nattoku_model::event::{By, Event};
use nattoku_operations::{Nattoku, Question, Respondents, Telling};
use nattoku_store::NewEvent;

use crate::shop::open;

const PRINCIPALS: usize = 12;
const ROUNDS: usize = 40;

fn name(principal: usize) -> String {
    format!("p{principal}")
}

/// Everybody agrees, or withdraws, in one step of the ledger, whose first revision is given. Every other act comes within the second of
/// the one before, so that it takes all events about the principal to fold it.
fn all_act(shop: &Nattoku, round: usize) -> u64 {
    let agree = round.is_multiple_of(2);
    let (channel, by) = ("web".to_owned(), By::Principal);
    let event = if agree {
        Event::ConsentGranted {
            item: "mail".into(),
            text_version: "1".into(),
            language: nattoku_model::Language::En,
            channel,
            by,
            until: None,
            evidence: None,
        }
    } else {
        Event::ConsentWithdrawn { item: "mail".into(), channel, by }
    };
    let first = shop.revision().unwrap().0 + 1;
    let at = |principal: usize| -> Timestamp {
        if principal.is_multiple_of(2) {
            format!("2020-06-01T11:30:00.5{round:02}Z").parse().unwrap()
        } else {
            format!("2020-06-01T11:30:{round:02}Z").parse().unwrap()
        }
    };
    let events: Vec<NewEvent> = (0..PRINCIPALS)
        .map(|principal| NewEvent::about(name(principal), at(principal), event.clone()))
        .collect();
    shop.record_events(&events, false).unwrap();
    first
}

fn offers(principal: usize) -> Question {
    Question {
        application: "campaigns".to_owned(),
        principal: name(principal),
        action: "use".to_owned(),
        activity: "offers".to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    }
}

#[test]
fn an_answer_is_of_the_state_of_its_revision_while_many_events_are_taken_in() {
    let (shop, _) = open("catching-up", "2020-06-01T12:00:00Z");
    for principal in 0..PRINCIPALS {
        let p = name(principal);
        let lines = format!(
            r#"{{"event":"principal_registered","principal":"{p}","at":"2020-06-01T11:00:00Z"}}
{{"event":"data_acquired","principal":"{p}","at":"2020-06-01T11:00:00Z","category":"purchase","source":"till"}}"#
        );
        shop.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
    }
    let following = shop.clone().follow(&mut |_| ()).unwrap();
    let respondents = Respondents::of(&following);
    let (answers, is_over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let acts: Vec<u64> = std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let principal = n % PRINCIPALS;
                let asked =
                    respondents.ask(&following, |one| one.answer(&offers(principal), Telling::Verdicts));
                let line = asked.unwrap().unwrap();
                assert!(line.by_engine);
                answers.lock().unwrap().push((principal, line.revision.0, line.permits));
            }
        });
        let acts = (0..ROUNDS).map(|round| {
            let first = all_act(&shop, round);
            following.standing().catch_up().unwrap();
            first
        });
        let acts = acts.collect();
        is_over.store(true, Ordering::Relaxed);
        acts
    });
    let answers = answers.into_inner().unwrap();
    for (principal, revision, permits) in &answers {
        let own = |first: &u64| first + u64::try_from(*principal).unwrap();
        let n_acts = acts.iter().filter(|first| own(first) <= *revision).count();
        assert_eq!(*permits, n_acts % 2 == 1, "p{principal} at {revision}");
    }
    let ends: Vec<u64> = acts.iter().map(|first| first - 1).chain([shop.revision().unwrap().0]).collect();
    let within = answers.iter().filter(|(_, revision, _)| !ends.contains(revision));
    assert!(within.count() > 0, "somebody asked while it was catching up, of {} answers", answers.len());
}
