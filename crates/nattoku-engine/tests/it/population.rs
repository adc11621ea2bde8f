//! A population told event by event, in the order in which the ledger came to know of them, stands where one stands that
//! was folded at once.

use std::cell::Cell;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{
    Answer, Applied, Audience, CaseAnswer, NotNow, Origin, Plan, Population, PrincipalId, Slices, Vocabulary,
    decide,
};
use nattoku_model::event::{Event, Recorded, Revision};
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Period, Policy, Retention, RetentionStart, Versions};
use nattoku_model::{Action, Reason, Request, Verdict};

use crate::compare::{agree, definition, of_definition, of_engine};
use crate::draw::Draw;
use crate::histories::{Histories, edges};
use crate::policies::carrier;
use crate::requests::request;

fn id(n: usize) -> PrincipalId {
    u128::try_from(n).expect("small").to_be_bytes()
}

#[test]
fn event_by_event_is_all_at_once() {
    let versions = carrier();
    let now: Timestamp = "2026-11-26T00:00:00Z".parse().expect("an instant");
    let histories =
        Histories { versions: &versions, now, edges: edges(&versions, now), meeting: Cell::new(now) };
    let mut draw = Draw::new(3);
    let principals: Vec<Vec<Recorded>> = (0..300).map(|_| histories.principal(&mut draw, 1)).collect();
    let vocabulary = Arc::new(Vocabulary::new(&versions));
    let mut at_once = Population::new(Arc::clone(&vocabulary));
    let mut one_by_one = Population::new(vocabulary);
    let (mut n_done, mut n_rebuilt) = (0, 0);
    for (n, events) in principals.iter().enumerate() {
        at_once.rebuild(id(n), events).expect("there is room");
        for (count, event) in (1..).zip(events) {
            match one_by_one.apply(id(n), event).expect("there is room") {
                Applied::Done => n_done += 1,
                Applied::Rebuild => {
                    n_rebuilt += 1;
                    one_by_one.rebuild(id(n), &events[..count]).expect("there is room");
                }
            }
        }
        if events.is_empty() {
            one_by_one.rebuild(id(n), events).expect("there is room");
        }
    }
    assert!(n_done > 1_000 && n_rebuilt > 1_000, "{n_done} folded in place, {n_rebuilt} anew");
    for _ in 0..200 {
        let request = request(&mut draw, &versions, now).expect("there are activities");
        let mut answers = [&at_once, &one_by_one].map(|population| {
            let mut plan = Plan::new(&versions, population, &request);
            let mut answer = Answer::default();
            let all = (0..principals.len()).map(|n| {
                let ordinal = population.find(&id(n)).expect("they are in it");
                match decide(&mut plan, population, ordinal, request.at, &mut answer) {
                    Ok(()) => of_engine(&plan, &answer),
                    Err(error) => error.to_string(),
                }
            });
            all.collect::<Vec<String>>().into_iter()
        });
        let [one, other] = &mut answers;
        for events in &principals {
            assert_eq!(one.next(), other.next(), "{events:#?}");
        }
    }
}

/// Somebody whose browsing was recorded then; it is to be gone two years later (R1).
fn with_browsing(acquired: &str) -> Vec<Recorded> {
    let at: Timestamp = acquired.parse().expect("an instant");
    let event = Event::DataAcquired {
        category: "browsing".into(),
        source: "service_records".into(),
        entrusted_from: None,
        policy_version: None,
    };
    vec![Recorded { revision: Revision(1), at, recorded_at: at, event }]
}

#[test]
fn what_depends_on_a_fraction_of_a_second_is_not_guessed() {
    let versions = carrier();
    let cases = [
        // The whole second is kept, so its end is known to the instant.
        ("2024-11-26T09:00:00Z", "2026-11-26T08:59:59.9Z", Ok(())),
        ("2024-11-26T09:00:00Z", "2026-11-26T09:00:00.2Z", Ok(())),
        // Of half a second only the second is kept: within it nobody knows…
        ("2024-11-26T09:00:00.5Z", "2026-11-26T09:00:00.2Z", Err(NotNow::Finer)),
        ("2024-11-26T09:00:00.5Z", "2026-11-26T09:00:00.7Z", Err(NotNow::Finer)),
        // …and around it everybody does.
        ("2024-11-26T09:00:00.5Z", "2026-11-26T08:59:59.9Z", Ok(())),
        ("2024-11-26T09:00:00.5Z", "2026-11-26T09:00:01Z", Ok(())),
        // What is older than seconds can tell is long over.
        ("1965-01-01T00:00:00Z", "2026-11-26T09:00:00Z", Ok(())),
    ];
    for (acquired, at, expected) in cases {
        let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
        let events = with_browsing(acquired);
        let ordinal = population.rebuild(id(0), &events).expect("there is room");
        let request = Request {
            application: "campaign_platform".into(),
            action: Action::Use,
            activity: "recommendations".into(),
            purpose: None,
            categories: vec!["browsing".into()],
            recipient: None,
            at: at.parse().expect("an instant"),
            known_at: None,
            exception: None,
        };
        let mut plan = Plan::new(&versions, &population, &request);
        let mut answer = Answer::default();
        let decided = decide(&mut plan, &population, ordinal, request.at, &mut answer);
        assert_eq!(decided, expected, "{acquired} {at}");
        if expected.is_ok() {
            let decision = definition(&versions, &events, &[], &request);
            assert!(agree(&decision, &plan, &answer), "{acquired} {at}");
        } else {
            assert_eq!((answer.verdict, answer.cases.len()), (Verdict::Deny, 0));
        }
    }
}

#[test]
fn what_was_acquired_later_in_a_month_may_have_to_go_earlier() {
    let versions = carrier();
    let mut policy = versions.current().clone();
    let category = CategoryName::from("purchase");
    let period: Period = "1 month".parse().expect("a period");
    policy.retentions.push(Retention { category: category.clone(), period, after: RetentionStart::Acquired });
    let all = versions.oldest_first().into_iter();
    let earlier: Vec<Policy> = all.filter(|p| p.version != policy.version).cloned().collect();
    let versions = Versions::new(policy, earlier);
    let (source, _) = versions.current().sources.iter().next().expect("there are sources");
    let acquired = |revision: u64, at: &str| {
        let at: Timestamp = at.parse().expect("an instant");
        let (category, source) = (category.clone(), source.clone());
        let event = Event::DataAcquired { category, source, entrusted_from: None, policy_version: None };
        Recorded { revision: Revision(revision), at, recorded_at: at, event }
    };
    let own = [acquired(1, "2026-01-30T23:00:00+09:00"), acquired(2, "2026-01-31T09:00:00+09:00")];
    let mut activities = versions.current().activities.iter();
    let (name, activity) = activities.find(|(_, a)| a.during.is_empty()).expect("one needs no agreement");
    let request = Request {
        application: activity.by[0].clone(),
        action: Action::Use,
        activity: name.clone(),
        purpose: None,
        categories: vec![category.clone()],
        recipient: None,
        at: "2026-02-28T12:00:00+09:00".parse().expect("an instant"),
        known_at: None,
        exception: None,
    };
    let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
    let ordinal = population.rebuild(id(0), &own).expect("there is room");
    let mut plan = Plan::new(&versions, &population, &request);
    let mut answer = Answer::default();
    decide(&mut plan, &population, ordinal, request.at, &mut answer).expect("it is now");
    let ended =
        answer.cases.iter().flat_map(CaseAnswer::gates).any(|(_, s)| s.reason == Reason::RetentionEnded);
    assert!(ended, "{}", of_engine(&plan, &answer));
    let definition = definition(&versions, &own, &[], &request);
    assert_eq!(of_definition(&definition), of_engine(&plan, &answer));
}

/// Somebody who acquired so many different things, one a second.
fn with_many(n: usize) -> Vec<Recorded> {
    let first: Timestamp = "2025-01-01T00:00:00Z".parse().expect("an instant");
    let acquired = |(n, revision)| {
        let at = first + SignedDuration::from_secs(n);
        let category = CategoryName::from(&*format!("purchase.k{n}"));
        let source = "member_store".into();
        let event = Event::DataAcquired { category, source, entrusted_from: None, policy_version: None };
        Recorded { revision: Revision(revision), at, recorded_at: at, event }
    };
    (0..).zip(1..).take(n).map(acquired).collect()
}

#[test]
fn of_whom_there_is_too_much_to_tell_nothing_is_kept_and_everybody_else_is_answered_about() {
    let versions = carrier();
    let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
    let ordinary = with_browsing("2026-11-01T09:00:00Z");
    let strange = with_many(usize::from(u16::MAX) + 1);
    let request = Request {
        application: "campaign_platform".into(),
        action: Action::Use,
        activity: "recommendations".into(),
        purpose: None,
        categories: vec!["browsing".into()],
        recipient: None,
        at: "2026-11-26T09:00:00Z".parse().expect("an instant"),
        known_at: None,
        exception: None,
    };
    let before = population.rebuild(id(0), &ordinary).expect("there is room");
    let too_much = population.rebuild(id(1), &strange).expect("it is theirs alone");
    let after = population.rebuild(id(2), &ordinary).expect("there is room");
    let mut written = Vec::new();
    population.write_snapshot(Origin::default(), &mut written).expect("memory takes it");
    let vocabulary = Arc::new(Vocabulary::new(&versions));
    let (mut opened, _) = Population::open(vocabulary, &written[..]).expect("it is a snapshot");
    let mut answer = Answer::default();
    let of_ordinary = definition(&versions, &ordinary, &[], &request);
    for population in [&population, &opened] {
        let mut plan = Plan::new(&versions, population, &request);
        for ordinal in [before, after] {
            decide(&mut plan, population, ordinal, request.at, &mut answer).expect("of them all is kept");
            assert!(agree(&of_ordinary, &plan, &answer));
        }
        let decided = decide(&mut plan, population, too_much, request.at, &mut answer);
        assert_eq!((decided, answer.cases.len()), (Err(NotNow::Nobody), 0));
        // Whoever asks about everybody is told to ask the definition about them.
        let audience = Audience::new(&mut plan, population, request.at, &mut |_| ()).expect("it is now");
        let mut slices = Slices::new(population);
        let members = slices.members(&mut plan, population, request.at, &mut |_| ()).expect("it is now");
        let open: Vec<u32> = vec![too_much.0];
        assert_eq!(audience.open.iter().collect::<Vec<_>>(), open);
        assert_eq!(members.open.iter().collect::<Vec<_>>(), open);
        assert_eq!(audience.members(), members.all());
    }
    // One more event has them folded anew, and what was erased may leave little enough.
    let event = Event::DataErased { category: "purchase".into() };
    let at = request.at;
    let erased = Recorded { revision: Revision(99_999), at, recorded_at: at, event };
    assert_eq!(opened.apply(id(1), &erased), Ok(Applied::Rebuild));
    let all: Vec<Recorded> = strange.into_iter().chain([erased]).collect();
    opened.rebuild(id(1), &all).expect("there is room");
    let mut plan = Plan::new(&versions, &opened, &request);
    decide(&mut plan, &opened, too_much, request.at, &mut answer).expect("little is left to tell");
}
