//! A policy that changes while several threads decide: each answer is the definition's under the edition that it names.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use nattoku_engine::{Answer, CaseAnswer, Edition, InForce, NotNow, Population, Repeated, Vocabulary};
use nattoku_model::Request;
use nattoku_model::event::Revision;
use nattoku_model::policy::Versions;

use crate::compare::{agree, definition, of_engine};
use crate::differential::{World, both, id};
use crate::draw::Draw;
use crate::policies::{all, packs};
use crate::requests::request;
use crate::vary::vary;

const THREADS: usize = 3;

/// Decisions of each thread.
const DECISIONS: usize = 2_000;

/// After so many decisions of all threads the policy changes.
const CHANGES_AFTER: usize = 150;

/// A world with another policy beside its own, and a population that serves both.
struct Change {
    world: World,
    other: Versions,
    requests: Vec<Request>,
}

impl Change {
    fn draw(seed: u64) -> Self {
        let policies = all();
        let packs = packs(&policies);
        let mut draw = Draw::new(seed);
        let world = World::draw(&mut draw, &policies[0], &packs);
        let other = vary(&mut draw, &world.versions, &packs, world.now).versions;
        let requests = (0..20).filter_map(|_| request(&mut draw, &world.versions, world.now)).collect();
        Self { world, other, requests }
    }

    fn population(&self, vocabulary: Vocabulary) -> Population {
        let mut population = Population::new(Arc::new(vocabulary));
        self.world.general.iter().for_each(|recorded| population.apply_general(recorded));
        for (n, events) in self.world.principals.iter().enumerate() {
            population.rebuild(id(n), events).expect("there is room");
        }
        population
    }

    /// The name and the versions of the edition that comes after one of a name.
    fn next(&self, digest: &str) -> (&'static str, &Versions) {
        if digest == "own" { ("other", &self.other) } else { ("own", &self.world.versions) }
    }

    /// Decides, under whichever edition stands, and counts the answers of each.
    fn decide(
        &self,
        editions: &InForce<Edition>,
        first: usize,
        n_decided: &AtomicUsize,
    ) -> BTreeMap<String, usize> {
        let mut answers = BTreeMap::new();
        let mut answer = Answer::default();
        let mut n = 0;
        while n < DECISIONS {
            let edition = editions.current();
            let repeated = |request: &Request| Repeated::new(edition.versions(), request.clone());
            let mut asked: Vec<_> = self.requests.iter().map(repeated).collect();
            while n < DECISIONS && Arc::ptr_eq(&edition, &editions.current()) {
                let place = (first + n) % self.requests.len();
                let request = &self.requests[place];
                let own = (first + n * 7) % self.world.principals.len();
                let events = &self.world.principals[own];
                let decision = definition(edition.versions(), events, &self.world.general, request);
                edition.population(|population| {
                    let ordinal = population.find(&id(own)).expect("they are in it");
                    match asked[place].decide(population, request.at, ordinal, &mut answer) {
                        Ok((plan, _)) => {
                            assert!(agree(&decision, plan, &answer), "{} {request:#?}", edition.digest());
                            *answers.entry(edition.digest().to_owned()).or_default() += 1;
                        }
                        Err(error) => assert_eq!(error, NotNow::Finer),
                    }
                });
                n += 1;
                n_decided.fetch_add(1, Ordering::Relaxed);
            }
        }
        answers
    }
}

#[test]
fn each_answer_is_that_of_the_edition_under_which_it_was_asked() {
    let change = Change::draw(5);
    let population = change.population(both(&change.world.versions, &change.other));
    let editions = InForce::new(Edition::new(change.world.versions.clone(), "own", population));
    let n_decided = AtomicUsize::new(0);
    let answers = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|n| {
                let (change, editions, n_decided) = (&change, &editions, &n_decided);
                scope.spawn(move || change.decide(editions, n * 3, n_decided))
            })
            .collect();
        for changes_at in (CHANGES_AFTER..THREADS * DECISIONS).step_by(CHANGES_AFTER) {
            while n_decided.load(Ordering::Relaxed) < changes_at {
                thread::yield_now();
            }
            let stands = editions.current();
            let (digest, versions) = change.next(stands.digest());
            let next = stands.followed_by(versions.clone(), digest).expect("the population serves both");
            assert_eq!(editions.replace(next).digest(), stands.digest());
        }
        let answers = threads.into_iter().flat_map(|thread| thread.join().expect("it answered"));
        answers.fold(BTreeMap::new(), |mut sum: BTreeMap<String, usize>, (digest, n)| {
            *sum.entry(digest).or_default() += n;
            sum
        })
    });
    assert!(answers["own"] > 1_000 && answers["other"] > 1_000, "{answers:?}");
}

#[test]
fn versions_that_ask_more_than_the_population_keeps_do_not_follow() {
    let change = Change::draw(5);
    let (own, other) = (Vocabulary::new(&change.world.versions), Vocabulary::new(&change.other));
    assert!(!own.covers(&other), "the other policy asks for more");
    let edition = Edition::new(change.world.versions.clone(), "own", change.population(own));
    assert!(edition.followed_by(change.other.clone(), "other").is_none());
    assert!(edition.followed_by(change.world.versions.clone(), "own again").is_some());
}

#[test]
fn few_plans_serve_many_questions() {
    let change = Change::draw(5);
    let population = change.population(Vocabulary::new(&change.world.versions));
    let repeated = |request: &Request| Repeated::new(&change.world.versions, request.clone());
    let mut asked: Vec<_> = change.requests.iter().map(repeated).collect();
    let mut answer = Answer::default();
    for ordinal in population.ordinals() {
        for (request, repeated) in change.requests.iter().zip(&mut asked) {
            let later = request.at + jiff::SignedDuration::from_nanos(ordinal.0.into());
            let before = repeated.n_made();
            if let Ok((_, made)) = repeated.decide(&population, later, ordinal, &mut answer) {
                assert!(made == repeated.n_made() && made - before <= 1);
            }
        }
    }
    let n_made: u64 = asked.iter().map(Repeated::n_made).sum();
    let n_asked = population.len() * change.requests.len();
    assert!(n_made < 2 * 20, "{n_made} plans for {n_asked} questions");
    let known = Request { known_at: Some(change.world.now), ..change.requests[0].clone() };
    let mut known = Repeated::new(&change.world.versions, known);
    let ordinal = population.ordinals().next().expect("there is somebody");
    let decided = known.decide(&population, change.world.now, ordinal, &mut answer);
    assert_eq!(decided.err(), Some(NotNow::Earlier));
    assert_eq!(known.n_made(), 0);
}

#[test]
fn one_plan_serves_for_a_time_and_tells_the_same_of_many() {
    let change = Change::draw(5);
    let population = change.population(Vocabulary::new(&change.world.versions));
    let mut told: Vec<(nattoku_model::Verdict, Vec<CaseAnswer>, String)> = Vec::new();
    let mut n_same = 0;
    for request in &change.requests {
        told.clear();
        let mut repeated = Repeated::new(&change.world.versions, request.clone());
        let mut answer = Answer::default();
        for ordinal in population.ordinals() {
            let Ok((plan, _)) = repeated.decide(&population, request.at, ordinal, &mut answer) else {
                continue;
            };
            let whole = of_engine(plan, &answer);
            // What tells the same by its codes tells the same in whole, and the other way round.
            match told.iter().find(|(verdict, cases, _)| answer.tells_as(*verdict, cases)) {
                Some((.., before)) => {
                    assert_eq!(*before, whole);
                    n_same += 1;
                }
                None => told.push((answer.verdict, answer.cases.clone(), whole)),
            }
        }
    }
    assert!(n_same > 100, "{n_same} that tell the same");
}

#[test]
fn a_population_that_broke_off_half_way_begins_anew() {
    let policies = all();
    let mut draw = Draw::new(9);
    let world = World::draw(&mut draw, &policies[0], &packs(&policies));
    let edition = Edition::new(world.versions.clone(), "a", world.population());
    assert!(edition.population(|population| population.find(&id(0)).is_some()));
    let broken = std::panic::catch_unwind(AssertUnwindSafe(|| {
        edition.change_population(|population| {
            population.rebuild(id(0), &[]).expect("there is room");
            panic!("half way");
        })
    }));
    assert!(broken.is_err());
    // Nobody is known any more, at no revision: whoever follows the ledger tells all of it again, and nobody answers meanwhile.
    edition.population(|population| {
        assert_eq!((population.len(), population.revision()), (0, Revision(0)));
        assert_eq!(population.find(&id(0)), None);
    });
    edition.change_population(|population| {
        population.rebuild(id(0), &world.principals[0]).expect("there is room");
    });
    assert!(edition.population(|population| population.find(&id(0)).is_some()));
}
