//! Who is in one audience and not in another, and why, is what the definition says of each person on both sides: now and at an
//! earlier instant, under one policy and under another, over populations that number people differently.

use std::collections::BTreeMap;
use std::sync::Arc;

use nattoku_engine::{AsOf, Audience, Cause, Causes, Movers, Ordinal, Plan, Population, Side, Vocabulary};
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Gate, Reason, Request};

use crate::compare::definition;
use crate::differential::{World, both, id};
use crate::draw::Draw;
use crate::policies::{all, packs};
use crate::requests::request;
use crate::vary::vary;

const WORLDS: u64 = 60;
const REQUESTS: usize = 12;

/// One of the two questions, with whom it is asked about.
struct Question<'a> {
    world: &'a World,
    versions: &'a Versions,
    population: &'a Population,
    request: &'a Request,
}

impl Question<'_> {
    fn decision(&self, n: usize) -> Decision {
        definition(self.versions, &self.world.principals[n], &self.world.general, self.request)
    }

    fn cause(&self, n: usize) -> Cause {
        let decision = self.decision(n);
        // Before the first version nothing does, and nothing is held that one would govern.
        let deciding = decision.deciding().map(|gate| (gate.gate, gate.reason));
        let (gate, reason) = deciding.unwrap_or((Gate::Governing, Reason::NoHolding));
        Cause { verdict: decision.verdict, gate, reason }
    }

    /// Whether somebody is in the audience, by the definition; nothing where nobody had heard of them.
    fn permits(&self, n: usize) -> Option<bool> {
        let seen = self.world.principals[n].iter().any(|recorded| self.population.sees(recorded));
        seen.then(|| self.decision(n).verdict.is_permitted())
    }

    /// Who it is, by the id.
    fn who(&self, ordinal: u32) -> usize {
        let place = u128::from_be_bytes(*self.population.id(Ordinal(ordinal)).expect("they are in it"));
        usize::try_from(place).expect("small")
    }

    fn audience(&self) -> Audience {
        let mut plan = Plan::new(self.versions, self.population, self.request);
        let asked = Audience::new(&mut plan, self.population, self.request.at, &mut |_| ());
        let mut audience = asked.expect("it is about that instant");
        for ordinal in audience.open.clone() {
            audience.settle(Ordinal(ordinal), self.cause(self.who(ordinal)));
        }
        audience
    }

    fn causes(&self, movers: &Movers) -> Causes {
        let mut plan = Plan::new(self.versions, self.population, self.request);
        let asked = Causes::new(&mut plan, self.population, &movers.elsewhere, self.request.at);
        let mut causes = asked.expect("it is about that instant");
        for ordinal in causes.open.clone() {
            causes.settle(Ordinal(ordinal), self.cause(self.who(ordinal)));
        }
        causes
    }
}

/// Everybody of a world whom a population has heard of, told beginning with some person.
fn told(world: &World, mut population: Population, first: usize) -> Population {
    for recorded in &world.general {
        population.apply_general(recorded);
    }
    let n_all = world.principals.len();
    for n in (first..n_all).chain(0..first) {
        let events = &world.principals[n];
        if events.iter().any(|recorded| population.sees(recorded)) {
            population.rebuild(id(n), events).expect("there is room");
        }
    }
    population
}

/// What was seen of movers.
#[derive(Debug, Default)]
struct Seen {
    moved: u64,
    stayed: u64,
    unheard_of: u64,
    by_definition: u64,
}

/// Compares who moved from `there` to `here`, and why they are not there, with the definition.
fn compare(here: &Question<'_>, there: &Question<'_>, seen: &mut Seen) {
    let (own, other) = (here.audience().members(), there.audience().members());
    let movers = Movers::new(
        Side { members: &own, population: here.population },
        Side { members: &other, population: there.population },
    );
    let causes = there.causes(&movers);
    let mut expected = BTreeMap::new();
    let mut stayed = 0;
    for n in 0..here.world.principals.len() {
        if here.permits(n) != Some(true) {
            continue;
        }
        match there.permits(n) {
            Some(true) => stayed += 1,
            Some(false) => _ = expected.insert(n, Some(there.cause(n))),
            None => _ = expected.insert(n, None),
        }
    }
    let why = |ordinal| {
        let known = there.population.find(&id(here.who(ordinal)));
        (here.who(ordinal), known.map(|ordinal| causes.of(ordinal).expect("they were asked about")))
    };
    let found: BTreeMap<usize, Option<Cause>> = movers.members.iter().map(why).collect();
    assert_eq!(found, expected, "{:#?} against {:#?}", here.request, there.request);
    let n_unheard_of = expected.values().filter(|cause| cause.is_none()).count();
    assert_eq!(movers.unheard_of(), u64::try_from(n_unheard_of).expect("small"));
    assert_eq!(own.len() - movers.members.len(), stayed);
    let n_told: u64 = causes.sets.values().map(roaring::RoaringBitmap::len).sum();
    assert_eq!((n_told, causes.open.len()), (movers.elsewhere.len(), 0));
    seen.moved += movers.members.len();
    seen.stayed += stayed;
    seen.unheard_of += movers.unheard_of();
    let mut plan = Plan::new(there.versions, there.population, there.request);
    let asked = Causes::new(&mut plan, there.population, &movers.elsewhere, there.request.at);
    seen.by_definition += asked.expect("it is about that instant").open.len();
}

#[test]
fn who_moved_between_two_instants_is_what_the_definition_says_of_each() {
    let policies = all();
    let packs = packs(&policies);
    let [mut came, mut went] = [Seen::default(), Seen::default()];
    for seed in 1..=WORLDS {
        let mut draw = Draw::new(seed);
        let named = if draw.one_in(3) { &policies[0] } else { draw.of(&policies) };
        let world = World::draw(&mut draw, named, &packs);
        let vocabulary = Arc::new(Vocabulary::new(&world.versions));
        let of_now = told(&world, Population::new(Arc::clone(&vocabulary)), 0);
        for _ in 0..REQUESTS {
            let Some(now) = request(&mut draw, &world.versions, world.now) else { continue };
            let at = draw.before(world.now);
            let known_at = if draw.one_in(2) { Some(at) } else { None };
            let then = Request { at, known_at, ..now.clone() };
            let nobody = Population::as_of(Arc::clone(&vocabulary), AsOf { at, known_at });
            let of_then = told(&world, nobody, 7);
            let question = |population, request| {
                let world = &world;
                Question { world, versions: &world.versions, population, request }
            };
            let (here, there) = (question(&of_now, &now), question(&of_then, &then));
            compare(&here, &there, &mut came);
            compare(&there, &here, &mut went);
        }
    }
    println!("came {came:?}; went {went:?}");
    assert!(came.moved > 200 && came.unheard_of > 50 && came.stayed > 200, "{came:?}");
    assert!(went.moved > 200 && went.by_definition > 0, "{went:?}");
    assert_eq!(went.unheard_of, 0, "whoever was known then is known now");
}

#[test]
fn who_moved_between_two_policies_is_what_the_definition_says_of_each() {
    let policies = all();
    let packs = packs(&policies);
    let [mut shared, mut apart] = [Seen::default(), Seen::default()];
    for seed in 1..=WORLDS {
        let mut draw = Draw::new(seed);
        let named = if draw.one_in(3) { &policies[0] } else { draw.of(&policies) };
        let world = World::draw(&mut draw, named, &packs);
        let other = vary(&mut draw, &world.versions, &packs, world.now).versions;
        let population = |vocabulary, first| told(&world, Population::new(Arc::new(vocabulary)), first);
        let of_both = population(both(&world.versions, &other), 0);
        let of_other = population(Vocabulary::new(&other), 11);
        for _ in 0..REQUESTS {
            let Some(request) = request(&mut draw, &world.versions, world.now) else { continue };
            let question =
                |versions, population| Question { world: &world, versions, population, request: &request };
            let here = question(&world.versions, &of_both);
            for (population, seen) in [(&of_both, &mut shared), (&of_other, &mut apart)] {
                let there = question(&other, population);
                compare(&here, &there, seen);
                compare(&there, &here, seen);
            }
        }
    }
    println!("shared {shared:?}; apart {apart:?}");
    assert!(shared.moved > 200 && shared.stayed > 1_000, "{shared:?}");
    assert_eq!((shared.moved, shared.stayed), (apart.moved, apart.stayed));
    assert_eq!((shared.unheard_of, apart.unheard_of), (0, 0));
}
