//! Many threads ask at once, and each is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use nattoku_operations::{Following, Respondent, Respondents};

use crate::shop::open;

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
