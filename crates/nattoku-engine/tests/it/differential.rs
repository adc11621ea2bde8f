//! The engine gives the definition's answer: over the reference policy, those of the literate cases and variations of them,
//! for histories and requests drawn at random.
//!
//! `cargo xtask differential --cases N --seed S` runs more of them, or other ones.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{Answer, AsOf, NotNow, Plan, Population, PrincipalId, Vocabulary, decide};
use nattoku_model::event::Recorded;
use nattoku_model::law::Pack;
use nattoku_model::name::VersionName;
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Gate, Reason, Request, Verdict};

use crate::compare::{agree, definition, of_definition, of_engine};
use crate::draw::Draw;
use crate::entries;
use crate::histories::{Histories, edges};
use crate::policies::{Named, all, packs};
use crate::requests::request;
use crate::vary::vary;

/// Cases in a usual run: less than a minute on a small machine.
const CASES: u64 = 1_000_000;

/// Principals and requests of one world; each request is asked about each principal.
const PRINCIPALS: usize = 40;
const REQUESTS: usize = 25;

/// Of these, so many are about an earlier instant, or ask with what was known at one.
const EARLIER: usize = 5;

/// A policy with people in it.
pub(crate) struct World {
    name: String,
    edits: Vec<String>,
    pub(crate) versions: Versions,
    /// What the population is folded for: these versions, or others that ask for more.
    vocabulary: Arc<Vocabulary>,
    pub(crate) now: Timestamp,
    pub(crate) general: Vec<Recorded>,
    pub(crate) principals: Vec<Vec<Recorded>>,
}

/// The id of a principal.
pub(crate) fn id(n: usize) -> PrincipalId {
    u128::try_from(n).expect("small").to_be_bytes()
}

impl World {
    pub(crate) fn draw(draw: &mut Draw, named: &Named, packs: &[Arc<Pack>]) -> Self {
        let hours = i64::try_from(draw.below(24 * 365 * 8)).expect("small");
        let first = "2019-11-01T00:00:00Z".parse::<Timestamp>().expect("an instant");
        let varied_at = first + SignedDuration::from_hours(hours);
        let (versions, edits) = if draw.one_in(3) {
            (named.versions.clone(), Vec::new())
        } else {
            let varied = vary(draw, &named.versions, packs, varied_at);
            (varied.versions, varied.edits)
        };
        let vocabulary = Arc::new(vocabulary(draw, &named.versions, &versions));
        // Sometimes at the very edge of something that the policy says of itself.
        let effective = versions.current().effective;
        let now = if draw.one_in(8) { draw.about(effective) } else { varied_at };
        let histories =
            Histories { versions: &versions, now, edges: edges(&versions, now), meeting: Cell::new(now) };
        let general = histories.general(draw);
        let first = u64::try_from(general.len()).expect("small") + 1;
        let principals = (0..PRINCIPALS).map(|_| histories.principal(draw, first)).collect();
        Self { name: named.name.clone(), edits, versions, vocabulary, now, general, principals }
    }

    /// Nobody yet, for a request: about now, or about an earlier instant.
    fn nobody(&self, request: Option<&Request>) -> Population {
        let vocabulary = Arc::clone(&self.vocabulary);
        match request.filter(|request| request.at < self.now || request.known_at.is_some()) {
            Some(request) => {
                Population::as_of(vocabulary, AsOf { at: request.at, known_at: request.known_at })
            }
            None => Population::new(vocabulary),
        }
    }

    /// Everybody as they are now.
    pub(crate) fn population(&self) -> Population {
        self.population_of(&self.principals)
    }

    /// The population that principals with these events are.
    pub(crate) fn population_of(&self, principals: &[Vec<Recorded>]) -> Population {
        self.told(self.nobody(None), principals)
    }

    /// Tells a population everything about these principals.
    fn told(&self, mut population: Population, principals: &[Vec<Recorded>]) -> Population {
        for recorded in &self.general {
            population.apply_general(recorded);
        }
        for (n, events) in principals.iter().enumerate() {
            population.rebuild(id(n), events).expect("there is room");
        }
        population
    }

    /// Both answers about one principal with these events.
    fn both(&self, own: &[Recorded], general: &[Recorded], request: &Request) -> (Decision, String) {
        let mut population = self.nobody(Some(request));
        for recorded in general {
            population.apply_general(recorded);
        }
        let ordinal = population.rebuild(id(0), own).expect("there is room");
        let mut plan = Plan::new(&self.versions, &population, request);
        let mut answer = Answer::default();
        let decided = decide(&mut plan, &population, ordinal, request.at, &mut answer);
        let of_engine = decided.map_or_else(|error| error.to_string(), |()| of_engine(&plan, &answer));
        (definition(&self.versions, own, general, request), of_engine)
    }

    fn differ(&self, own: &[Recorded], general: &[Recorded], request: &Request) -> bool {
        let (definition, engine) = self.both(own, general, request);
        of_definition(&definition) != engine
    }

    /// The smallest case that still differs, as text.
    fn smallest(&self, own: &[Recorded], request: &Request) -> String {
        let (mut own, mut general, mut request) = (own.to_vec(), self.general.clone(), request.clone());
        if !self.differ(&own, &general, &request) {
            return format!("the case differs only among its neighbors\n{request:#?}\n{own:#?}");
        }
        while let Some(place) = (0..request.categories.len()).rev().find(|place| {
            let mut fewer = request.clone();
            fewer.categories.remove(*place);
            !fewer.categories.is_empty() && self.differ(&own, &general, &fewer)
        }) {
            request.categories.remove(place);
        }
        let without_claim = Request { exception: None, ..request.clone() };
        if self.differ(&own, &general, &without_claim) {
            request = without_claim;
        }
        while let Some(place) = (0..own.len()).rev().find(|place| {
            let mut fewer = own.clone();
            fewer.remove(*place);
            self.differ(&fewer, &general, &request)
        }) {
            own.remove(place);
        }
        while let Some(place) = (0..general.len()).rev().find(|place| {
            let mut fewer = general.clone();
            fewer.remove(*place);
            self.differ(&own, &fewer, &request)
        }) {
            general.remove(place);
        }
        let (decision, engine) = self.both(&own, &general, &request);
        let events: Vec<String> = own.iter().chain(&general).map(|e| format!("{e:?}")).collect();
        format!(
            "policy {} with {:#?}\n{}\n{request:#?}\ndefinition:\n{}engine:\n{engine}",
            self.name,
            self.edits,
            events.join("\n"),
            of_definition(&decision)
        )
    }
}

/// The vocabulary that a population may have been folded for when these versions came to be in force: their own, or that of
/// the versions before, where it asks for as much, or one that asks for more.
fn vocabulary(draw: &mut Draw, before: &Versions, versions: &Versions) -> Vocabulary {
    let own = Vocabulary::new(versions);
    match draw.below(3) {
        0 => own,
        1 => Some(Vocabulary::new(before)).filter(|before| before.covers(&own)).unwrap_or(own),
        _ => {
            let both = both(before, versions);
            assert!(both.covers(&own), "what asks for more asks for as much");
            both
        }
    }
}

/// The vocabulary of all that either policy asks about.
pub(crate) fn both(before: &Versions, versions: &Versions) -> Vocabulary {
    let others = before.oldest_first().into_iter().cloned().map(|mut policy| {
        policy.version = VersionName::new(format!("{} as it was", policy.version));
        policy
    });
    let all = versions.oldest_first().into_iter().cloned().chain(others);
    Vocabulary::new(&Versions::new(versions.current().clone(), all))
}

/// What the cases showed.
#[derive(Default)]
struct Seen {
    /// How many answers depended on what the engine does not keep in full.
    n_finer: u64,
    /// How many were about an earlier instant, or asked with what was known at one.
    n_earlier: u64,
    verdicts: BTreeMap<Verdict, u64>,
    reasons: BTreeMap<(Gate, Reason), u64>,
}

impl Seen {
    fn add(&mut self, decision: &Decision) {
        *self.verdicts.entry(decision.verdict).or_default() += 1;
        for gate in decision.answers.iter().flat_map(|a| &a.gates) {
            *self.reasons.entry((gate.gate, gate.reason)).or_default() += 1;
        }
    }
}

/// A request about an earlier instant, with what is known now or with what was known at some other.
fn earlier(draw: &mut Draw, world: &World) -> Option<Request> {
    let edges = edges(&world.versions, world.now);
    let at = match draw.pick(edges).filter(|_| draw.one_in(3)) {
        Some(edge) => draw.about(edge),
        None => draw.before(world.now),
    };
    let known_at = match draw.below(4) {
        0 => None,
        1 => Some(at),
        2 => Some(draw.before(world.now)),
        _ => Some(world.now),
    };
    let request = request(draw, &world.versions, at)?;
    Some(Request { at: if draw.one_in(6) { world.now } else { at }, known_at, ..request })
}

/// Runs the cases of one world, and gives their number.
fn run(world: &World, draw: &mut Draw, seen: &mut Seen, seed: u64) -> u64 {
    let mut answer = Answer::default();
    let mut n_cases = 0;
    let of_now = world.population();
    for n in 0..REQUESTS {
        let is_earlier = n < EARLIER;
        let request =
            if is_earlier { earlier(draw, world) } else { request(draw, &world.versions, world.now) };
        let Some(request) = request else { continue };
        let of_then = is_earlier.then(|| world.told(world.nobody(Some(&request)), &world.principals));
        let population = of_then.as_ref().unwrap_or(&of_now);
        let mut plan = Plan::new(&world.versions, population, &request);
        // A plan is asked about later instants too, as long as it says it serves.
        let last = plan.until() - SignedDuration::from_nanos(1);
        for (n, own) in world.principals.iter().enumerate() {
            let at = if !is_earlier && draw.one_in(4) {
                last.min(request.at + SignedDuration::from_hours(20))
            } else {
                request.at
            };
            let asked = Request { at, ..request.clone() };
            let decision = definition(&world.versions, own, &world.general, &asked);
            let ordinal = population.find(&id(n)).expect("they are in it");
            let decided = decide(&mut plan, population, ordinal, at, &mut answer);
            n_cases += 1;
            seen.n_earlier += u64::from(is_earlier);
            if decided == Err(NotNow::Finer) {
                seen.n_finer += 1;
                continue;
            }
            assert_eq!(decided, Ok(()), "seed {seed}");
            assert!(
                agree(&decision, &plan, &answer),
                "seed {seed}, {} against {}\n{}",
                of_definition(&decision),
                of_engine(&plan, &answer),
                world.smallest(own, &asked)
            );
            seen.add(&decision);
            if draw.one_in(50) {
                let events: Vec<Recorded> = own.iter().chain(&world.general).cloned().collect();
                entries::agree(&world.versions, &events, &asked, &decision);
            }
        }
    }
    n_cases
}

pub(crate) fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect("it is a number"))
}

#[test]
fn the_engine_gives_the_answer_of_the_definition() {
    let (cases, first) = (setting("NATTOKU_CASES", CASES), setting("NATTOKU_SEED", 1));
    let policies = all();
    let packs = packs(&policies);
    let mut seen = Seen::default();
    let mut n_cases = 0;
    let mut seed = first;
    while n_cases < cases {
        let mut draw = Draw::new(seed);
        // The reference policy as often as one in three; it is the largest.
        let named = if draw.one_in(3) { &policies[0] } else { draw.of(&policies) };
        let world = World::draw(&mut draw, named, &packs);
        n_cases += run(&world, &mut draw, &mut seen, seed);
        seed += 1;
    }
    println!("{n_cases} cases, seeds {first} to {}, no difference", seed - 1);
    println!("verdicts: {:?}; left to the definition: {}", seen.verdicts, seen.n_finer);
    println!("about an earlier instant: {}", seen.n_earlier);
    let unseen: Vec<&str> = Reason::ALL
        .iter()
        .filter(|reason| !seen.reasons.keys().any(|(_, seen)| seen == *reason))
        .map(|reason| reason.code())
        .collect();
    println!("{} pairs of gate and reason; reasons never seen: {unseen:?}", seen.reasons.len());
    if cases >= CASES {
        assert!(unseen.is_empty(), "the generator never shows {unseen:?}");
    }
}

#[test]
fn a_population_of_another_instant_gives_no_answer() {
    let policies = all();
    let mut draw = Draw::new(7);
    let world = World::draw(&mut draw, &policies[0], &packs(&policies));
    let request = request(&mut draw, &world.versions, world.now).expect("there are activities");
    let population = world.population();
    let ordinal = population.find(&id(0)).expect("they are in it");
    let earlier = Request { at: population.newest() - SignedDuration::from_secs(1), ..request.clone() };
    let known = Request { known_at: Some(world.now), ..request.clone() };
    let mut answer = Answer::default();
    for request in [earlier, known] {
        let mut plan = Plan::new(&world.versions, &population, &request);
        let decided = decide(&mut plan, &population, ordinal, request.at, &mut answer);
        assert_eq!(decided, Err(NotNow::Earlier));
        assert_eq!(answer.verdict, Verdict::Deny);
        let of_then = world.told(world.nobody(Some(&request)), &world.principals);
        let mut plan = Plan::new(&world.versions, &of_then, &request);
        assert_eq!(decide(&mut plan, &of_then, ordinal, request.at, &mut answer), Ok(()));
        // Nor does that one answer for a later instant, or with what is known now.
        let later = request.at + SignedDuration::from_nanos(1);
        assert_eq!(decide(&mut plan, &of_then, ordinal, later, &mut answer), Err(NotNow::Earlier));
        let other_known = Request { known_at: Some(Timestamp::MAX), ..request };
        let mut plan = Plan::new(&world.versions, &of_then, &other_known);
        assert_eq!(decide(&mut plan, &of_then, ordinal, other_known.at, &mut answer), Err(NotNow::Earlier));
    }
    let mut plan = Plan::new(&world.versions, &population, &request);
    let until = plan.until();
    assert_eq!(decide(&mut plan, &population, ordinal, until, &mut answer), Err(NotNow::Stale));
}
