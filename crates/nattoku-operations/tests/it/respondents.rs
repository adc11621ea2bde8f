//! Many threads ask at once, and each is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use nattoku_model::Verdict;
use nattoku_model::event::Event;
use nattoku_operations::{Following, Question, Respondent, Respondents, Telling};
use nattoku_store::NewEvent;
use serde_json::Value;

use crate::shop::{by_principal, open};

fn following(name: &str) -> Following {
    open(name, "2020-06-01T12:00:00Z").0.follow(&mut |_| ()).unwrap()
}

/// Which of them it is.
fn place(one: &mut Respondent) -> usize {
    std::ptr::from_ref(one).addr()
}

#[test]
fn a_thread_comes_back_to_its_own() {
    let following = following("respondents-own");
    let respondents = Respondents::of(&following);
    let first = respondents.ask(&following, place);
    for _ in 0..5 {
        assert_eq!(respondents.ask(&following, place), first);
    }
}

/// Where more ask than can be answered at once, the others are told so, and may ask again.
#[test]
fn those_who_ask_at_once_are_answered_or_told_that_nobody_is_free() {
    let following = following("respondents-many");
    let respondents = Respondents::of(&following);
    let answered = AtomicUsize::new(0);
    let many = 4 * available_parallelism().unwrap().get();
    std::thread::scope(|scope| {
        for _ in 0..many {
            scope.spawn(|| {
                for _ in 0..50 {
                    while respondents.ask(&following, |_| answered.fetch_add(1, Ordering::Relaxed)).is_none()
                    {
                        std::thread::yield_now();
                    }
                }
            });
        }
    });
    assert_eq!(answered.into_inner(), 50 * many);
}

#[test]
fn who_is_being_asked_is_passed_over() {
    let following = following("respondents-busy");
    let respondents = Respondents::of(&following);
    if available_parallelism().unwrap().get() == 1 {
        return;
    }
    let asked = respondents.ask(&following, |one| (place(one), respondents.ask(&following, place)));
    let (outer, inner) = asked.unwrap();
    assert_ne!(Some(outer), inner);
}

#[test]
fn a_panic_leaves_nobody_without_an_answer() {
    let following = following("respondents-panic");
    let respondents = Respondents::of(&following);
    for _ in 0..2 * available_parallelism().unwrap().get() {
        let asked = || respondents.ask(&following, |_| std::panic::resume_unwind(Box::new(())));
        let asked: Result<Option<()>, _> = std::panic::catch_unwind(std::panic::AssertUnwindSafe(asked));
        assert!(asked.is_err());
    }
    assert_eq!(respondents.ask(&following, |_| 7), Some(7));
}

#[test]
fn each_answers_under_the_policy_that_stands() {
    let following = following("respondents-policy");
    let respondents = Respondents::of(&following);
    let before = following.standing();
    respondents.ask(&following, |one| assert!(Arc::ptr_eq(one.standing(), &before)));
    following.renew(before.nattoku().publication().clone()).unwrap();
    let now = following.standing();
    assert!(!Arc::ptr_eq(&before, &now));
    respondents.ask(&following, |one| assert!(Arc::ptr_eq(one.standing(), &now)));
}

/// Three members of the shop, of whom the first and the last have agreed to mail.
fn members(name: &str) -> Following {
    let (nattoku, _) = open(name, "2020-06-01T12:00:00Z");
    let at = "2020-05-01T12:00:00Z".parse().unwrap();
    for member in ["agrees", "says nothing", "agrees \"too\""] {
        let event = Event::DataAcquired {
            category: "purchase".into(),
            source: "till".into(),
            entrusted_from: None,
            policy_version: None,
        };
        nattoku.record_events(&[NewEvent::about(member, at, event)], false).unwrap();
        if member != "says nothing" {
            nattoku.grant_consent(member, "mail", &by_principal(), None).unwrap();
        }
    }
    nattoku.follow(&mut |_| ()).unwrap()
}

fn offers(principal: &str, activity: &str) -> Question {
    Question {
        application: "campaigns".to_owned(),
        principal: principal.to_owned(),
        action: "use".to_owned(),
        activity: activity.to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    }
}

/// What is told of one is told of the next of whom the same is so; it names whom it is about, when, and as of which revision.
#[test]
fn the_same_is_told_of_whoever_it_is_so_of() {
    let following = members("respondents-forms");
    let standing = following.standing();
    let members = ["agrees", "says nothing", "agrees \"too\""];
    for telling in [Telling::Gates, Telling::Verdicts] {
        let mut one = Respondent::new(Arc::clone(&standing));
        for principal in members.into_iter().chain(members) {
            let told = one.answer(&offers(principal, "offers"), telling).unwrap();
            // Whoever has told nothing yet tells it from the answer itself.
            let first =
                Respondent::new(Arc::clone(&standing)).answer(&offers(principal, "offers"), telling).unwrap();
            assert!(told.by_engine);
            assert_eq!(told, first);
            let json: Value = serde_json::from_str(&told.text).unwrap();
            assert_eq!(json["principal"], principal);
            assert_eq!(json["revision"], told.revision.0);
            // The last of what the ledger has, though the clock stands still.
            assert_eq!(json["at"], "2020-06-01T12:00:00.000002Z");
            let verdict = if principal == "says nothing" { Verdict::NeedsConsent } else { Verdict::Permit };
            assert_eq!(told.verdict, verdict);
            assert_eq!(json["permitted"], told.verdict.is_permitted());
            assert_eq!(json["categories"][0].get("gates").is_some(), telling == Telling::Gates);
        }
        assert_eq!(one.n_plans(), 1);
    }
}

#[test]
fn of_more_requests_than_are_kept_each_is_answered() {
    let following = members("respondents-requests");
    let mut one = Respondent::new(following.standing());
    let mut ask = |activity: &str| {
        let line = one.answer(&offers("agrees", activity), Telling::Verdicts).unwrap();
        (line.text, one.n_plans())
    };
    let (first, n) = ask("offers");
    assert_eq!(n, 1);
    assert_eq!(ask("offers"), (first.clone(), 1));
    // An activity may be called anything: those that were asked for longest ago are forgotten.
    for n in 0..1_100 {
        assert_eq!(ask(&format!("a{n}")).1, n + 2);
    }
    assert_eq!(ask("offers"), (first, 1_102));
}

#[test]
fn whatever_a_question_asks_is_told_apart() {
    let following = members("respondents-words");
    let mut one = Respondent::new(following.standing());
    let usual = offers("agrees", "offers");
    let asked = [
        usual.clone(),
        Question { action: "provide".to_owned(), ..usual.clone() },
        Question { activity: "offer".to_owned(), ..usual.clone() },
        Question { purpose: Some("proposals".to_owned()), ..usual.clone() },
        Question { principal: "says nothing".to_owned(), ..usual.clone() },
    ];
    let alone = |question: &Question| {
        Respondent::new(following.standing()).answer(question, Telling::Gates).unwrap().text
    };
    for question in asked.iter().chain(&asked) {
        assert_eq!(one.answer(question, Telling::Gates).unwrap().text, alone(question));
    }
    // With another recipient or category it is refused by its name, whatever was asked before.
    let wrong = Question { recipient: Some("nobody".to_owned()), ..usual.clone() };
    assert!(one.answer(&wrong, Telling::Gates).is_err());
    let wrong = Question { categories: vec!["purchase".to_owned(), "offers".to_owned()], ..usual };
    assert!(one.answer(&wrong, Telling::Gates).is_err());
}
