//! Building a population: one thread draws customers, the other folds them in.
#![expect(clippy::print_stderr, reason = "how far it has come, while it takes minutes")]

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use nattoku_engine::Population;

use crate::cpu::thread_time;
use crate::people::{People, Person};
use crate::report::float;

/// Customers drawn at once.
const BATCH: u32 = 1_000;
/// Batches under way at once; their memory is used again and again.
const BATCHES: usize = 8;
/// Customers between two lines about how far it has come.
const TOLD_EVERY: u32 = 1_000_000;

/// What has been built so far, and the processor time that it took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Built {
    pub(super) people: u32,
    n_events: u64,
    pub(super) drawing: Duration,
    pub(super) folding: Duration,
}

impl Built {
    pub(super) fn events(&self) -> f64 {
        float(self.n_events)
    }
}

/// Customers in a row, and how long drawing them took.
#[derive(Default)]
struct Batch {
    people: Vec<Person>,
    drawing: Duration,
}

/// Folds the first `n` customers into a population; `each` is told after every batch.
pub(super) fn fold(
    people: &People,
    population: &mut Population,
    n: u32,
    each: &mut dyn FnMut(&Population, Built),
) {
    let (drawn, to_fold) = sync_channel(BATCHES);
    let (folded, to_draw) = sync_channel(BATCHES);
    std::thread::scope(|scope| {
        scope.spawn(move || draw(people, n, &to_draw, &drawn));
        let mut built = Built::default();
        for batch in to_fold {
            take(population, &batch, &mut built);
            if built.people % TOLD_EVERY == 0 {
                tell(population, &built);
            }
            each(population, built);
            // The drawer may be done already.
            let _ = folded.send(batch);
        }
    });
}

fn draw(people: &People, n: u32, used: &Receiver<Batch>, drawn: &SyncSender<Batch>) {
    let mut fresh = BATCHES;
    let mut first = 0;
    while first < n {
        let mut batch = if fresh > 0 {
            fresh -= 1;
            Batch::default()
        } else {
            let Ok(batch) = used.recv() else { return };
            batch
        };
        let until = first.saturating_add(BATCH).min(n);
        let start = thread_time();
        batch.people.resize(usize::try_from(until - first).unwrap_or(0), Person::default());
        for (number, person) in (first..until).zip(&mut batch.people) {
            people.draw(number, person);
        }
        batch.drawing = thread_time().saturating_sub(start);
        first = until;
        if drawn.send(batch).is_err() {
            return;
        }
    }
}

fn take(population: &mut Population, batch: &Batch, built: &mut Built) {
    let start = thread_time();
    for person in &batch.people {
        population.rebuild(person.id, &person.events).expect("there are numbers enough");
        built.n_events += u64::try_from(person.events.len()).unwrap_or(0);
        built.people += 1;
    }
    built.folding += thread_time().saturating_sub(start);
    built.drawing += batch.drawing;
}

fn tell(population: &Population, built: &Built) {
    eprintln!(
        "{:>4} M principals, {:.0} events a CPU second, {} patterns, {} MiB resident",
        built.people / 1_000_000,
        built.events() / built.folding.as_secs_f64(),
        population.bytes().n_patterns,
        super::memory::resident() >> 20,
    );
}
