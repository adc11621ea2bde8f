//! What is remembered beside a ledger: tokens, sessions and leases.

use std::time::Duration;

use jiff::SignedDuration;
use nattoku_model::Revision;
use nattoku_store::{
    KeptPolicy, NodeLease, OpenMode, OwnSession, Settings, SignedIn, State, StoreError, Token, session_number,
};

use super::World;
use crate::support::{every_event, instant, now};

const LONG: Duration = Duration::from_hours(1);
const NODE: [u8; 16] = [7; 16];

/// The state of the ledger of [`World::store`].
pub(crate) fn state(world: &dyn World) -> Box<dyn State> {
    let ledger = world.store().ledger_id().unwrap();
    world.place("ledger").open_state(ledger, Settings::default()).unwrap()
}

/// A token of an id, whose secret is another for every id.
pub(crate) fn token(id: &str) -> Token {
    let mut digest = [0xd1; 32];
    digest[..id.len()].copy_from_slice(id.as_bytes());
    Token {
        id: id.to_owned(),
        digest,
        applications: vec!["*".to_owned()],
        acts: vec!["decide".to_owned()],
        note: String::new(),
        created: now(),
        expires: None,
        revoked: None,
        last_used: None,
    }
}

fn nodes(state: &dyn State) -> Vec<[u8; 16]> {
    state.leases().unwrap().into_iter().map(|lease| lease.node).collect()
}

fn remaining(state: &dyn State) -> Duration {
    let leases = state.leases().unwrap();
    assert_eq!(leases.len(), 1, "{leases:?}");
    leases[0].remaining
}

pub(crate) fn a_token_is_kept_as_it_was_given(world: &dyn World) {
    let state = state(world);
    assert_eq!(state.tokens().unwrap(), []);
    assert_eq!(state.token("desk").unwrap(), None);
    let whole = Token {
        applications: ["desk", "\"shop\", 店", ""].map(str::to_owned).to_vec(),
        acts: Vec::new(),
        note: "お客さま窓口; drop table tokens".to_owned(),
        created: instant("2026-04-01T00:00:00.123456Z"),
        expires: Some(instant("2027-04-01T00:00:00.000001Z")),
        revoked: Some(instant("2026-05-01T00:00:00Z")),
        last_used: Some(instant("1969-12-31T23:59:59.999999Z")),
        ..token("desk")
    };
    let given = [token("zeta"), whole, token("Zeta"), token("é"), token("")];
    for token in &given {
        state.add_token(token).unwrap();
        assert_eq!(state.token(&token.id).unwrap().as_ref(), Some(token));
    }
    let [zeta, desk, upper, accented, nameless] = given;
    assert_eq!(state.tokens().unwrap(), [nameless, upper, desk, zeta, accented], "by the bytes of the id");
}

pub(crate) fn an_id_and_a_secret_are_those_of_one_token(world: &dyn World) {
    let state = state(world);
    state.add_token(&token("desk")).unwrap();
    let there = |told: Result<(), StoreError>| match told {
        Err(StoreError::TokenThere { id }) => assert_eq!(id, "desk"),
        other => panic!("{other:?}"),
    };
    there(state.add_token(&token("desk")));
    there(state.add_token(&Token { digest: [1; 32], ..token("desk") }));
    there(state.add_token(&Token { id: "shop".to_owned(), ..token("desk") }));
    state.revoke_token("desk", now()).unwrap();
    there(state.add_token(&token("desk")));
    assert_eq!(state.tokens().unwrap(), [Token { revoked: Some(now()), ..token("desk") }]);
}

pub(crate) fn a_token_is_revoked_once(world: &dyn World) {
    let state = state(world);
    state.add_token(&token("desk")).unwrap();
    state.add_token(&token("shop")).unwrap();
    assert!(!state.revoke_token("nobody", now()).unwrap());
    let later = now() + SignedDuration::from_secs(1);
    for at in [now(), later, now() - SignedDuration::from_secs(1)] {
        assert!(state.revoke_token("desk", at).unwrap());
        assert_eq!(state.token("desk").unwrap().unwrap().revoked, Some(now()), "the first date stays");
    }
    assert_eq!(state.token("shop").unwrap(), Some(token("shop")));
}

pub(crate) fn the_last_use_moves_forward(world: &dyn World) {
    let state = state(world);
    state.add_token(&token("desk")).unwrap();
    state.add_token(&token("shop")).unwrap();
    let at = |seconds| now() + SignedDuration::from_secs(seconds);
    let used = |used: &[(&str, i64)]| {
        let used: Vec<_> = used.iter().map(|(id, seconds)| ((*id).to_owned(), at(*seconds))).collect();
        state.tokens_used(&used).unwrap();
        let last = |id| state.token(id).unwrap().unwrap().last_used;
        (last("desk"), last("shop"))
    };
    assert_eq!(used(&[]), (None, None));
    assert_eq!(used(&[("nobody", 1), ("desk", 5)]), (Some(at(5)), None));
    assert_eq!(used(&[("desk", 4), ("shop", 4)]), (Some(at(5)), Some(at(4))));
    assert_eq!(used(&[("shop", 9), ("desk", 6), ("shop", 8)]), (Some(at(6)), Some(at(9))));
    assert_eq!(state.token("nobody").unwrap(), None);
}

fn signed_in(principal: &str) -> SignedIn {
    SignedIn {
        principal: principal.to_owned(),
        id: [7; 16],
        id_token: None,
        proved: None,
        opened: now(),
        seen: now(),
    }
}

pub(crate) fn a_session_is_kept_until_it_ends(world: &dyn World) {
    let state = state(world);
    assert_eq!(state.session(&[1; 32]).unwrap(), None);
    let given = SignedIn {
        id_token: Some("a.b.c, \"店\"".to_owned()),
        proved: Some(instant("2026-03-31T23:59:59.999999Z")),
        opened: instant("2026-04-01T00:00:00.123456Z"),
        seen: instant("2026-04-01T00:20:00.000001Z"),
        ..signed_in("さくら\"\u{0}")
    };
    state.begin_session(&[1; 32], &[1; 16], &given).unwrap();
    state.begin_session(&[2; 32], &[2; 16], &signed_in("p2")).unwrap();
    // Whoever else has the state open knows it, by its secret alone.
    let other = self::state(world);
    assert_eq!(other.session(&[1; 32]).unwrap(), Some(given.clone()));
    assert_eq!(other.session(&[3; 32]).unwrap(), None);
    let later = given.seen + SignedDuration::from_secs(1);
    for at in [later, given.seen] {
        other.session_seen(&[1; 32], at).unwrap();
        assert_eq!(state.session(&[1; 32]).unwrap().unwrap().seen, later, "it only moves forward");
    }
    other.session_seen(&[3; 32], later).unwrap();
    assert_eq!(state.session(&[3; 32]).unwrap(), None);
    assert_eq!(state.session(&[1; 32]).unwrap(), Some(SignedIn { seen: later, ..given }));
    // A second time it is as well.
    other.end_session(&[1; 32]).unwrap();
    other.end_session(&[1; 32]).unwrap();
    assert_eq!(state.session(&[1; 32]).unwrap(), None);
    assert_eq!(state.session(&[2; 32]).unwrap(), Some(signed_in("p2")));
}

pub(crate) fn whoever_is_signed_in_is_told_where_and_ends_it(world: &dyn World) {
    let state = state(world);
    let ago = |minutes| now() - SignedDuration::from_mins(minutes);
    let (own, other) = ([1; 16], [2; 16]);
    let begin = |number: u8, owner, id_token: Option<&str>, opened, seen| {
        let id_token = id_token.map(str::to_owned);
        let session = SignedIn { id_token, opened: ago(opened), seen: ago(seen), ..signed_in("p") };
        state.begin_session(&[number; 32], owner, &session).unwrap();
        OwnSession {
            number: session_number(&[number; 32]),
            is_by_provider: session.id_token.is_some(),
            opened: session.opened,
            seen: session.seen,
        }
    };
    let first = begin(1, &own, None, 30, 3);
    let second = begin(2, &own, Some("word"), 20, 1);
    let unused = begin(3, &own, None, 5, 5);
    let foreign = begin(4, &other, None, 4, 4);
    // Whoever else has the state open is told the same; what was used last comes first.
    let there = self::state(world);
    assert_eq!(there.sessions_of(&own).unwrap(), [second.clone(), first.clone(), unused.clone()]);
    assert_eq!(there.sessions_of(&[3; 16]).unwrap(), []);
    // Nobody ends what is another's.
    assert!(!state.end_session_of(&own, &foreign.number).unwrap());
    assert!(!state.end_unused_session(&own, &foreign.number).unwrap());
    assert!(!state.end_unused_session(&own, &first.number).unwrap(), "it was used");
    assert!(state.end_unused_session(&own, &unused.number).unwrap());
    assert!(!state.end_unused_session(&own, &unused.number).unwrap(), "it is over");
    assert!(state.end_session_of(&own, &first.number).unwrap());
    assert!(!state.end_session_of(&own, &first.number).unwrap());
    assert_eq!(there.session(&[1; 32]).unwrap(), None);
    // Whatever ends a session ends what is told of it.
    begin(1, &own, None, 2, 2);
    assert_eq!(there.sessions_of(&own).unwrap().len(), 2);
    state.end_session(&[1; 32]).unwrap();
    assert_eq!(there.sessions_of(&own).unwrap(), [second]);
    begin(5, &own, None, 90, 0);
    state.end_sessions(ago(20), ago(89), 10).unwrap();
    assert_eq!(there.sessions_of(&own).unwrap().len(), 1);
    state.end_sessions_of(&own).unwrap();
    assert_eq!(there.sessions_of(&own).unwrap(), []);
    assert_eq!(there.session(&[2; 32]).unwrap(), None);
    assert_eq!(there.sessions_of(&other).unwrap(), [foreign]);
}

pub(crate) fn sessions_that_are_over_are_removed_and_there_are_never_too_many(world: &dyn World) {
    let state = state(world);
    let ago = |minutes| now() - SignedDuration::from_mins(minutes);
    // By their number: begun and seen so long ago.
    for (number, opened, seen) in [(1, 5, 5), (2, 90, 4), (3, 20, 20), (4, 60, 9), (5, 30, 1), (6, 19, 3)] {
        let session = SignedIn { opened: ago(opened), seen: ago(seen), ..signed_in("p") };
        state.begin_session(&[number; 32], &[0; 16], &session).unwrap();
    }
    let left =
        || (1..=6).filter(|number| state.session(&[*number; 32]).unwrap().is_some()).collect::<Vec<_>>();
    state.end_sessions(ago(20), ago(90), 6).unwrap();
    assert_eq!(left(), [1, 2, 3, 4, 5, 6], "none of them is longer ago");
    state.end_sessions(ago(19), ago(89), 6).unwrap();
    assert_eq!(left(), [1, 4, 5, 6], "one was idle, one had lasted too long");
    state.end_sessions(ago(19), ago(89), 2).unwrap();
    assert_eq!(left(), [5, 6], "those that were idle longest");
    state.end_sessions(ago(19), ago(89), 0).unwrap();
    assert_eq!(left(), [0; 0]);
}

pub(crate) fn the_state_of_another_ledger_is_refused(world: &dyn World) {
    let state = state(world);
    state.add_token(&token("desk")).unwrap();
    let other = world.open("other", OpenMode::Create, 2).unwrap().ledger_id().unwrap();
    let refused = world.place("ledger").open_state(other, Settings::default()).unwrap_err();
    assert!(matches!(refused, StoreError::OtherLedger { .. }), "{refused:?}");
    assert!(refused.to_string().contains("state"), "it names the place: {refused}");
    assert_eq!(state.tokens().unwrap(), [token("desk")]);
}

pub(crate) fn a_lease_runs_out_by_itself(world: &dyn World) {
    let state = state(world);
    state.register_lease(&[9; 16], LONG, Revision(3)).unwrap();
    state.register_lease(&[1; 16], Duration::from_millis(30), Revision(2)).unwrap();
    state.register_lease(&[2; 16], Duration::MAX, Revision(u64::MAX >> 1)).unwrap();
    let mut n_waited = 0;
    while nodes(state.as_ref()).contains(&[1; 16]) {
        std::thread::sleep(Duration::from_millis(10));
        n_waited += 1;
        assert!(n_waited < 3_000, "it goes on");
    }
    let [longest, long]: [NodeLease; 2] = state.leases().unwrap().try_into().unwrap();
    assert_eq!((longest.node, longest.applied), ([2; 16], Revision(u64::MAX >> 1)));
    assert_eq!((long.node, long.applied), ([9; 16], Revision(3)));
    assert!(long.remaining > Duration::ZERO && long.remaining <= LONG, "{long:?}");
    assert!(longest.remaining > LONG);
    // One that has run out comes back as it is told.
    state.register_lease(&[1; 16], LONG, Revision(1)).unwrap();
    let back = state.leases().unwrap()[0];
    assert_eq!((back.node, back.applied), ([1; 16], Revision(1)));
}

pub(crate) fn what_a_node_has_applied_never_goes_back(world: &dyn World) {
    let state = state(world);
    state.applied(&NODE, Revision(4)).unwrap();
    assert_eq!(state.leases().unwrap(), [], "a node without a lease gets none");
    state.register_lease(&NODE, LONG, Revision(4)).unwrap();
    state.register_lease(&[8; 16], LONG, Revision(1)).unwrap();
    let applied = || state.leases().unwrap().iter().map(|lease| lease.applied.0).collect::<Vec<_>>();
    for (told, then) in [(6, 6), (5, 6), (6, 6), (7, 7)] {
        state.applied(&NODE, Revision(told)).unwrap();
        assert_eq!(applied(), [then, 1]);
    }
    // Less is what a node says that begins anew, and to believe it is safe.
    state.register_lease(&NODE, LONG, Revision(2)).unwrap();
    assert_eq!(applied(), [2, 1]);
}

pub(crate) fn a_lease_is_prolonged_by_registering_alone(world: &dyn World) {
    let state = state(world);
    state.register_lease(&NODE, LONG, Revision(1)).unwrap();
    let before = remaining(state.as_ref());
    state.applied(&NODE, Revision(2)).unwrap();
    let then = remaining(state.as_ref());
    assert!(then <= before);
    state.register_lease(&NODE, LONG * 2, Revision(2)).unwrap();
    let prolonged = remaining(state.as_ref());
    assert!(prolonged > LONG && prolonged <= LONG * 2, "{prolonged:?}");
    state.register_lease(&NODE, Duration::from_nanos(1), Revision(2)).unwrap();
    std::thread::sleep(Duration::from_millis(1));
    let counted_on = remaining(state.as_ref());
    assert!(counted_on > LONG && counted_on < prolonged, "{counted_on:?}");
}

pub(crate) fn a_lease_ends_when_it_is_ended(world: &dyn World) {
    let state = state(world);
    for node in [[1; 16], [2; 16]] {
        state.register_lease(&node, LONG, Revision(1)).unwrap();
    }
    state.end_lease(&[1; 16]).unwrap();
    state.end_lease(&[3; 16]).unwrap();
    assert_eq!(nodes(state.as_ref()), [[2; 16]]);
    // What it counted on before it ended is over.
    state.register_lease(&[1; 16], Duration::from_micros(1), Revision(1)).unwrap();
    std::thread::sleep(Duration::from_millis(1));
    assert_eq!(nodes(state.as_ref()), [[2; 16]]);
}

pub(crate) fn two_handles_see_each_other(world: &dyn World) {
    let [first, second] = [state(world), state(world)];
    first.add_token(&token("desk")).unwrap();
    assert_eq!(second.tokens().unwrap(), [token("desk")]);
    assert!(second.revoke_token("desk", now()).unwrap());
    assert_eq!(first.token("desk").unwrap().unwrap().revoked, Some(now()));
    second.register_lease(&[1; 16], LONG, Revision(1)).unwrap();
    first.register_lease(&[2; 16], LONG, Revision(2)).unwrap();
    assert_eq!(nodes(first.as_ref()), [[1; 16], [2; 16]]);
    assert_eq!(nodes(second.as_ref()), [[1; 16], [2; 16]]);
    first.end_lease(&[1; 16]).unwrap();
    assert_eq!(nodes(second.as_ref()), [[2; 16]]);
    drop((first, second));
    let again = state(world);
    assert_eq!(nodes(again.as_ref()), [[2; 16]]);
    assert_eq!(again.tokens().unwrap().len(), 1);
}

pub(crate) fn threads_share_a_state_and_make_it_once(world: &dyn World) {
    let ledger = world.store().ledger_id().unwrap();
    let ids: Vec<_> = (0..8).map(|n| format!("t{n}")).collect();
    std::thread::scope(|scope| {
        for n in 0..8_u8 {
            let (place, ids) = (world.place("ledger"), &ids);
            scope.spawn(move || {
                // Eight programs that write as fast as they can may keep one of them waiting for long.
                let patient = Settings { wait_for_lock_max: Duration::from_mins(2), ..Settings::default() };
                let state = place.open_state(ledger, patient).unwrap();
                state.add_token(&token(&ids[usize::from(n)])).unwrap();
                for round in 1..=8 {
                    state.register_lease(&[n; 16], LONG, Revision(0)).unwrap();
                    state.applied(&[n; 16], Revision(round)).unwrap();
                    let mine = state.leases().unwrap().into_iter().find(|lease| lease.node == [n; 16]);
                    assert_eq!(mine.unwrap().applied, Revision(round), "a node sees what it wrote");
                    let at = now() + SignedDuration::from_secs(round.cast_signed());
                    let mut used: Vec<_> = ids.iter().map(|id| (id.clone(), at)).collect();
                    used.rotate_left(usize::from(n));
                    state.tokens_used(&used).unwrap();
                }
            });
        }
    });
    let shared = state(world);
    std::thread::scope(|scope| {
        for n in 0..8_u8 {
            let shared = shared.as_ref();
            scope.spawn(move || {
                for revision in 9..15 {
                    shared.register_lease(&[n; 16], LONG, Revision(revision)).unwrap();
                }
            });
        }
    });
    let leases = shared.leases().unwrap();
    let told: Vec<_> = leases.iter().map(|lease| (lease.node[0], lease.applied.0)).collect();
    assert_eq!(told, (0..8).map(|n| (n, 14)).collect::<Vec<_>>());
    let last = now() + SignedDuration::from_secs(8);
    let tokens = shared.tokens().unwrap();
    assert_eq!(tokens.len(), 8);
    assert!(tokens.iter().all(|token| token.last_used == Some(last)), "{tokens:?}");
}

pub(crate) fn the_ledger_is_what_it_was(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let stats = store.stats().unwrap();
    let state = state(world);
    state.add_token(&token("desk")).unwrap();
    state.register_lease(&NODE, LONG, Revision(22)).unwrap();
    assert_eq!(store.verify().unwrap(), stats);
    drop(store);
    assert_eq!(world.again(OpenMode::ReadOnly).verify().unwrap(), stats);
    assert_eq!(state.tokens().unwrap().len(), 1);
}

/// A policy of a digest, with files of its own.
fn policy(digest: u8) -> KeptPolicy {
    let files =
        [("a.kdl", vec![digest, 0, 255]), ("earlier/1/é.kdl", Vec::new()), ("notice.ja.md", "方針".into())];
    let files = files.map(|(path, bytes)| (path.to_owned(), bytes)).to_vec();
    KeptPolicy { digest: [digest; 32], kept: now(), files }
}

pub(crate) fn a_policy_is_kept_as_it_was_given(world: &dyn World) {
    let state = state(world);
    assert_eq!(state.policy(&[1; 32]).unwrap(), None);
    assert_eq!(state.policies().unwrap(), []);
    let empty = KeptPolicy { files: Vec::new(), ..policy(2) };
    state.keep_policy(&policy(1)).unwrap();
    state.keep_policy(&empty).unwrap();
    assert_eq!(state.policy(&[1; 32]).unwrap(), Some(policy(1)));
    let after = now() + SignedDuration::from_micros(1);
    assert_eq!(state.policy(&[2; 32]).unwrap(), Some(KeptPolicy { kept: after, ..empty }));
    assert_eq!(state.policies().unwrap(), [([1; 32], now()), ([2; 32], after)]);
    let later = now() + SignedDuration::from_secs(1);
    state.keep_policy(&KeptPolicy { kept: later, ..policy(1) }).unwrap();
    assert_eq!(
        state.policies().unwrap(),
        [([2; 32], after), ([1; 32], later)],
        "what was kept last comes last"
    );
    let mended = KeptPolicy { files: vec![("b.kdl".to_owned(), vec![7])], ..policy(1) };
    state.keep_policy(&mended).unwrap();
    assert_eq!(state.policy(&[1; 32]).unwrap(), Some(KeptPolicy { kept: later, ..mended }));
    state.keep_policy(&policy(2)).unwrap();
    let newest = state.policies().unwrap().pop();
    assert_eq!(newest, Some(([2; 32], later + SignedDuration::from_micros(1))), "whatever the clock says");
}

pub(crate) fn a_node_is_ready_for_one_policy_while_it_has_a_lease(world: &dyn World) {
    let state = state(world);
    let other = [8; 16];
    let ready = |policy: u8| state.nodes_ready(&[policy; 32]).unwrap();
    for node in [NODE, other] {
        state.register_lease(&node, LONG, Revision(0)).unwrap();
        state.ready_for(&node, &[1; 32]).unwrap();
    }
    assert_eq!((ready(1), ready(2)), (vec![NODE, other], vec![]));
    state.ready_for(&other, &[2; 32]).unwrap();
    assert_eq!((ready(1), ready(2)), (vec![NODE], vec![other]));
    state.end_lease(&NODE).unwrap();
    state.ready_for(&other, &[2; 32]).unwrap();
    assert_eq!((ready(1), ready(2)), (vec![], vec![other]), "who has ended is forgotten");
}
