//! Policies that the ledger puts in force (G4): a revision is one policy and one state, at every node and in whatever way it is answered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nattoku_lease::Terms;
use nattoku_model::Revision;
use nattoku_operations::{
    Line, Nattoku, Node, NodeError, OperationError, PutInForce, Question, Renewed, Telling, UnusablePolicy,
    activations, in_force, kept_publication, to_be_kept,
};
use nattoku_policy::source::Source;
use nattoku_store::{KeptPolicy, OpenMode, PageMark, Place, SeededRandomness, Settings, SqliteStore, State};

use crate::shop::{POLICY, SetClock, by_principal, open};

/// A deployment whose ledger puts policies in force.
struct Shop {
    name: &'static str,
    nattoku: Nattoku,
    clock: SetClock,
    minutes: Mutex<u32>,
}

/// By this one the wording to which all have agreed counts no more.
fn strict() -> String {
    let wording = r#"wording "1" { en "We send you offers." }"#;
    let both = format!(r#"wording "2" {{ en "We send you our offers." }}; {wording}"#);
    POLICY.replace(r#"text="1" accepts="1""#, r#"text="2" accepts="2""#).replace(wording, &both)
}

/// This one decides as the lenient one does.
fn reworded() -> String {
    POLICY.replace(r#"{ en "Offers"; "#, r#"{ en "Offers of ours"; "#)
}

impl Shop {
    /// In which p0 to p9 have bought and agreed, with the lenient policy in force.
    fn new(name: &'static str) -> Self {
        let (nattoku, clock) = open(name, "2020-06-01T12:00:00Z");
        let shop = Self { name, nattoku, clock, minutes: Mutex::new(0) };
        let lenient = shop.keep(POLICY);
        shop.put_in_force(&lenient);
        for p in 0..10 {
            let lines = format!(
                r#"{{"event":"principal_registered","principal":"p{p}","at":"2020-06-01T11:00:00Z"}}
{{"event":"data_acquired","principal":"p{p}","at":"2020-06-01T11:00:00Z","category":"purchase","source":"till"}}"#
            );
            shop.nattoku.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
            shop.nattoku.grant_consent(&format!("p{p}"), "mail", &by_principal(), None).unwrap();
        }
        shop
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.sqlite", self.name))
    }

    fn state(&self) -> Box<dyn State> {
        Place::Sqlite(self.path()).open_state(self.nattoku.ledger_id().unwrap(), Settings::default()).unwrap()
    }

    /// Keeps a policy, as the newest, and gives its digest.
    fn keep(&self, text: &str) -> String {
        let sources = [Source::new("policy.kdl", text)];
        let mut minutes = self.minutes.lock().unwrap();
        *minutes += 1;
        self.clock.set(&format!("2020-06-01T12:{minutes:02}:00Z"));
        self.state().keep_policy(&to_be_kept(&sources, self.nattoku.now())).unwrap();
        nattoku_policy::digest::of_all(&sources)
    }

    fn under(&self, digest: &str) -> Nattoku {
        self.nattoku.under(kept_publication(&*self.state(), digest).unwrap())
    }

    fn put_in_force(&self, digest: &str) -> Revision {
        let put = self.under(digest).put_in_force().unwrap();
        assert!(matches!(put, PutInForce::Now(_)), "{put:?}");
        let (PutInForce::Now(from) | PutInForce::Already(from)) = put;
        from.revision
    }

    /// A node that has its lease.
    fn node(&self) -> Node {
        self.node_for(Duration::from_hours(1))
    }

    /// The same, with a lease of a length.
    fn node_for(&self, length: Duration) -> Node {
        let revision = self.nattoku.revision().unwrap();
        let store = SqliteStore::open(self.path(), OpenMode::Existing, SeededRandomness::new(3)).unwrap();
        let now = in_force(&store, revision).unwrap().unwrap();
        let node = self.node_under(&self.under(&now.digest), length);
        node.renew().unwrap();
        node
    }

    /// A node that was started under a policy.
    fn node_under(&self, nattoku: &Nattoku, length: Duration) -> Node {
        let following = nattoku.clone().follow_in_force(&mut |_| ()).unwrap();
        let terms = Terms::new(length, length / 20).unwrap();
        Node::new(following, self.state(), [9; 16], terms)
    }
}

fn offers(principal: usize) -> Question {
    Question {
        application: "campaigns".to_owned(),
        principal: format!("p{principal}"),
        action: "use".to_owned(),
        activity: "offers".to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    }
}

fn digest(line: &Line) -> String {
    let answer: serde_json::Value = serde_json::from_str(&line.text).unwrap();
    answer["policy_digest"].as_str().unwrap().to_owned()
}

/// By which policy it is answered, and whether it is permitted.
fn answer(node: &Node) -> (String, bool) {
    let line = node.answer(&offers(0), Telling::Verdicts).unwrap();
    (digest(&line), line.permits)
}

#[test]
fn a_node_that_is_ready_goes_on_at_the_event_and_not_before() {
    let shop = Shop::new("in-force");
    let (node, lenient) = (shop.node(), shop.keep(POLICY));
    assert_eq!(node.make_ready().unwrap(), None, "what is in force is nothing to be made ready for");
    let reworded = shop.keep(&reworded());
    let made = node.make_ready().unwrap().unwrap();
    assert_eq!((made.digest.as_str(), made.renewed), (reworded.as_str(), Renewed::Shared));
    assert_eq!(node.make_ready().unwrap(), None, "it is said once");
    let ready = |digest: &str| shop.state().nodes_ready(&to_bytes(digest)).unwrap();
    assert_eq!((ready(&reworded), ready(&lenient)), (vec![[9; 16]], vec![]));

    assert_eq!(answer(&node), (lenient.clone(), true), "being ready is not being in force");

    let from = shop.put_in_force(&reworded);
    assert_eq!(answer(&node), (lenient, true), "by what it has taken in");
    assert!(node.freshness().revision < from);
    node.take_in().unwrap();
    assert_eq!((node.freshness().revision, answer(&node)), (from, (reworded.clone(), true)));
    assert!(
        matches!(shop.under(&reworded).put_in_force().unwrap(), PutInForce::Already(now) if now.revision == from)
    );
}

/// The definition looks at the ledger as it stands, be it that the node has not come so far.
#[test]
fn what_the_definition_answers_is_of_the_policy_of_its_revision() {
    let shop = Shop::new("in-force-definition");
    let node = shop.node();
    let strict = shop.keep(&strict());
    node.make_ready().unwrap();
    let from = shop.put_in_force(&strict);
    let line = node.explain(&offers(0)).unwrap();
    assert_eq!((digest(&line), line.revision, line.permits), (strict, from, false));
}

/// Nothing is answered by a policy at a revision at which it is not in force; a node that lacks the one that is stays before it.
#[test]
fn a_node_that_is_not_ready_stays_before_the_event() {
    let shop = Shop::new("in-force-unready");
    let (node, lenient) = (shop.node_for(Duration::from_secs(3)), shop.keep(POLICY));
    let strict = shop.keep(&strict());
    let from = shop.put_in_force(&strict);
    shop.nattoku.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert!(matches!(node.take_in(), Err(NodeError::NotReady(digest)) if digest == strict));
    assert!(node.is_waited_for());
    assert_eq!(node.freshness().revision, Revision(from.0 - 1));
    assert_eq!(answer(&node), (lenient, true), "before the event, by the lease that it has");
    let explained = node.explain(&offers(0));
    assert!(matches!(explained, Err(OperationError::OtherPolicy { .. })), "{explained:?}");
    // A lease that was asked for since counts only once all up to there is applied, and the one before runs out.
    while !node.freshness().remaining.is_zero() {
        assert!(node.renew().is_err());
    }
    assert!(!node.answer(&offers(0), Telling::Verdicts).unwrap().permits);
    assert_eq!(node.permitted(&offers(0), PageMark::default(), 10, 10).unwrap(), None);

    assert_eq!(node.make_ready().unwrap().unwrap().digest, strict);
    node.renew().unwrap();
    assert!(!node.is_waited_for());
    assert_eq!((node.freshness().revision, answer(&node)), (Revision(from.0 + 1), (strict, false)));
}

#[test]
fn a_policy_that_asks_about_more_stands_over_a_population_of_its_own() {
    let shop = Shop::new("in-force-more");
    let node = shop.node();
    let strict = shop.keep(&strict());
    assert_eq!(node.make_ready().unwrap().unwrap().renewed, Renewed::Folded);
    shop.nattoku.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    node.take_in().unwrap();
    assert_eq!(node.make_ready().unwrap(), None, "it is kept near");
    let from = shop.put_in_force(&strict);
    shop.under(&strict).grant_consent("p0", "mail", &by_principal(), None).unwrap();
    node.take_in().unwrap();
    assert_eq!(node.freshness().revision, Revision(from.0 + 1));
    assert_eq!(answer(&node), (strict, true), "what came since is in it");
    assert!(!node.answer(&offers(1), Telling::Verdicts).unwrap().permits, "and what came meanwhile");
}

/// Whoever was away for several goes on to the last, also where that is the one it has.
#[test]
fn several_that_were_missed_are_gone_past() {
    let shop = Shop::new("in-force-missed");
    let node = shop.node();
    let (lenient, strict) = (shop.keep(POLICY), shop.keep(&strict()));
    for put in [&strict, &lenient, &strict, &lenient] {
        shop.put_in_force(put);
    }
    assert!(node.take_in().is_err());
    node.make_ready().unwrap();
    node.take_in().unwrap();
    assert_eq!(
        (node.freshness().revision, answer(&node)),
        (shop.nattoku.revision().unwrap(), (lenient, true))
    );
}

/// Between finding what is in force and reading everybody, another policy may have come.
#[test]
fn a_node_that_starts_under_a_policy_that_has_ended_answers_nothing_by_it() {
    let shop = Shop::new("in-force-start");
    let lenient = shop.keep(POLICY);
    let strict = shop.keep(&strict());
    let from = shop.put_in_force(&strict);
    let store = SqliteStore::open(shop.path(), OpenMode::Existing, SeededRandomness::new(4)).unwrap();
    let all = activations(&store, from).unwrap();
    assert_eq!(all.iter().map(|one| &one.digest).collect::<Vec<_>>(), [&lenient, &strict]);
    let node = shop.node_under(&shop.under(&lenient), Duration::from_hours(1));
    assert!(matches!(node.renew(), Err(NodeError::NotReady(_))));
    let answered = node.answer(&offers(0), Telling::Verdicts);
    assert!(matches!(answered, Err(OperationError::OtherPolicy { .. })), "{answered:?}");
    node.make_ready().unwrap();
    node.renew().unwrap();
    assert_eq!(answer(&node), (strict, false));
}

#[test]
fn what_is_not_the_text_of_a_policy_is_not_used() {
    let shop = Shop::new("in-force-unusable");
    let node = shop.node();
    let nobodys = "0".repeat(64);
    let state = shop.state();
    assert!(matches!(kept_publication(&*state, &nobodys), Err(UnusablePolicy::NotKept(_))));
    assert!(matches!(kept_publication(&*state, "5f2e"), Err(UnusablePolicy::NotKept(_))));
    let files = vec![("policy.kdl".to_owned(), POLICY.into())];
    state.keep_policy(&KeptPolicy { digest: [0; 32], kept: shop.nattoku.now(), files }).unwrap();
    assert!(matches!(kept_publication(&*state, &nobodys), Err(UnusablePolicy::Altered(_))));
    let broken = shop.keep("policy shop");
    assert!(matches!(kept_publication(&*state, &broken), Err(UnusablePolicy::Broken(_))));
    assert!(matches!(node.make_ready(), Err(NodeError::Unusable(UnusablePolicy::Broken(_)))));
    assert!(answer(&node).1, "and it goes on");
}

/// While policies are put in force one after the other, principals withdraw and agree again, and several ask: each answer is of the
/// policy and of the state of its revision.
#[test]
fn every_answer_is_of_the_policy_and_the_state_of_its_revision() {
    const ROUNDS: usize = 60;
    let shop = Shop::new("in-force-order");
    let node = shop.node();
    let policies = [shop.keep(POLICY), shop.keep(&strict()), shop.keep(&reworded())];
    let (answers, is_over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let put: Vec<(u64, String)> = std::thread::scope(|scope| {
        // However this ends, nobody asks any more.
        let _ends = Ends(&is_over);
        for telling in [Telling::Verdicts, Telling::Gates] {
            let (node, answers, is_over) = (&node, &answers, &is_over);
            scope.spawn(move || {
                for n in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let asked = if n % 7 == 0 {
                        node.explain(&offers(n % 10))
                    } else {
                        node.answer(&offers(n % 10), telling)
                    };
                    match asked {
                        Ok(line) => answers.lock().unwrap().push((n % 10, line)),
                        Err(OperationError::OtherPolicy { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let _ = node.make_ready();
                let _ = node.renew();
            }
        });
        let mut put = vec![(1, policies[0].clone())];
        for round in 0..ROUNDS {
            let next = &policies[(round + 1) % policies.len()];
            put.push((shop.put_in_force(next).0, next.clone()));
            let principal = format!("p{}", round % 10);
            shop.nattoku.withdraw_consent(&principal, "mail", &by_principal()).unwrap();
            std::thread::sleep(Duration::from_millis(5));
            shop.nattoku.grant_consent(&principal, "mail", &by_principal(), None).unwrap();
        }
        put
    });
    let answers = answers.into_inner().unwrap();
    let (mut seen, mut verdicts) = (BTreeSet::new(), BTreeSet::new());
    for (principal, line) in &answers {
        let (_, in_force) = put.iter().rev().find(|(from, _)| *from <= line.revision.0).unwrap();
        assert_eq!(digest(line), *in_force, "at {} about p{principal}", line.revision);
        let expected = *in_force != policies[1] && agrees(&shop.nattoku, *principal, line.revision);
        let is_stale = line.text.contains(r#""reason":"stale""#);
        assert!(
            line.permits == expected || is_stale && !line.permits,
            "at {} about p{principal}",
            line.revision
        );
        seen.insert((in_force.clone(), line.by_engine));
        verdicts.insert((in_force.clone(), line.permits));
    }
    assert_eq!(
        seen.len(),
        6,
        "every policy, by the engine and by the definition, of {} answers: {seen:?}",
        answers.len()
    );
    assert_eq!(
        verdicts.len(),
        5,
        "nobody is permitted by the strict one, and some are by the others: {verdicts:?}"
    );
}

/// Sets it when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn to_bytes(digest: &str) -> [u8; 32] {
    std::array::from_fn(|n| u8::from_str_radix(&digest[2 * n..2 * n + 2], 16).unwrap())
}

/// Whether somebody's newest act at a revision is to agree.
fn agrees(shop: &Nattoku, principal: usize, revision: Revision) -> bool {
    let mut events = shop.history(&format!("p{principal}")).unwrap();
    events.retain(|event| event.revision <= revision);
    events.sort_by_key(|event| event.revision);
    let acts = events.iter().rev().map(|event| event.event.name());
    acts.into_iter().find(|name| name.starts_with("consent_")) == Some("consent_granted")
}
