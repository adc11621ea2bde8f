//! One decision after another about ten thousand customers: the engine beside a bit test, the definition, and other engines.

#![expect(clippy::print_stderr, reason = "what was compared, before what is measured")]

use std::cell::Cell;
use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use nattoku_engine::{Answer, NotNow, Ordinal, Plan, Population, Vocabulary, decide};
use nattoku_model::Verdict;
use nattoku_model::event::Revision;
use nattoku_model::policy::Versions;

use crate::carrier::{self, Question, questions};
use crate::cpu::CpuTime;
use crate::people::{People, Person, about_processors};

/// How many customers are asked about.
pub const PEOPLE: u32 = 10_000;

/// What the customers are drawn from.
const SEED: u64 = 20_191_211;

/// Another engine, which holds the state of everybody and answers the same questions.
pub trait Peer {
    /// Under which its figures stand.
    fn name(&self) -> &'static str;

    /// Whether what is asked is permitted of a customer, on conditions or not; both by their number.
    fn is_permitted(&mut self, question: usize, person: usize) -> bool;
}

/// Everybody who is asked about, in every form in which that is needed.
pub struct Town {
    /// The reference policy.
    pub versions: Versions,
    /// The customers with their events.
    pub people: Vec<Person>,
    /// What is asked of each.
    pub questions: [Question; 4],
    population: Population,
}

impl Town {
    /// The customers of the measurement.
    #[must_use]
    pub fn new() -> Self {
        let versions = carrier::versions();
        let people: Vec<Person> = (0..PEOPLE).map(|n| People::new(SEED).get(n)).collect();
        let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
        for recorded in about_processors(&versions) {
            population.apply_general(&recorded);
        }
        for person in &people {
            population.rebuild(person.id, &person.events).expect("there are numbers enough");
        }
        Self { versions, people, questions: questions(), population }
    }

    /// What the definition answers.
    fn defined(&self, question: &Question, person: &Person) -> Verdict {
        nattoku_spec::decide(&self.versions, &person.events, &question.request, Revision(1)).verdict
    }

    /// Stops unless every engine gives every answer of the definition.
    fn compare(&self, peers: &mut [&mut dyn Peer]) {
        for (number, question) in self.questions.iter().enumerate() {
            let mut plan = Plan::new(&self.versions, &self.population, &question.request);
            let mut answer = Answer::default();
            let mut n_permitted = 0_u32;
            for ((place, person), ordinal) in self.people.iter().enumerate().zip(self.population.ordinals()) {
                let defined = self.defined(question, person);
                n_permitted += u32::from(defined.is_permitted());
                let at = question.request.at;
                match decide(&mut plan, &self.population, ordinal, at, &mut answer) {
                    Ok(()) => assert_eq!(answer.verdict, defined, "{} of {place}", question.name),
                    // The definition is asked in that case, and so it is equal.
                    Err(why) => assert_eq!(why, NotNow::Finer),
                }
                for peer in &mut *peers {
                    let said = peer.is_permitted(number, place);
                    let name = peer.name();
                    assert_eq!(said, defined.is_permitted(), "{name}, {} of {place}", question.name);
                }
            }
            let both = question.name == "denied" || (1..PEOPLE).contains(&n_permitted);
            assert!(both, "{} is answered alike for everybody", question.name);
            eprintln!("{}: {n_permitted} of {PEOPLE} permitted, by every engine alike", question.name);
        }
    }
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

/// The ordinals in an order that chance might give, one at a time.
struct Turns(Cell<u32>);

impl Turns {
    fn next(&self) -> u32 {
        // A step that has no divisor in common with the number of customers reaches each of them.
        self.0.set((self.0.get() + 7_919) % PEOPLE);
        self.0.get()
    }

    fn place(&self) -> usize {
        usize::try_from(self.next()).unwrap_or_default()
    }
}

/// Compares all answers, then measures each engine on each question.
pub fn measure(criterion: &mut Criterion<CpuTime>, town: &Town, peers: &mut [&mut dyn Peer]) {
    town.compare(peers);
    let turns = Turns(Cell::new(0));
    let bits: Vec<u64> = (0..u64::from(PEOPLE)).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    for (number, question) in town.questions.iter().enumerate() {
        let mut group = criterion.benchmark_group(format!("decide_{}", question.name));
        group.bench_function("bit_test", |b| {
            b.iter(|| {
                let row = bits.get(turns.place()).copied().unwrap_or_default();
                // The first requirement that is not met is the reason.
                black_box((!row & black_box(0b1011)).trailing_zeros())
            });
        });
        let mut plan = Plan::new(&town.versions, &town.population, &question.request);
        let mut answer = Answer::default();
        let mut ask = |ordinal| {
            // Where the engine has no answer this is all that it costs; the definition is asked then.
            decide(&mut plan, &town.population, ordinal, question.request.at, &mut answer).ok();
            answer.verdict
        };
        town.population.ordinals().for_each(|ordinal| _ = ask(ordinal));
        group.bench_function("engine", |b| b.iter(|| black_box(ask(Ordinal(turns.next())))));
        group.bench_function("definition", |b| {
            b.iter(|| town.people.get(turns.place()).map(|person| town.defined(question, black_box(person))));
        });
        for peer in &mut *peers {
            group.bench_function(peer.name(), |b| {
                b.iter(|| black_box(peer.is_permitted(number, turns.place())));
            });
        }
        group.finish();
    }
}
