//! One more event about somebody at random, told to a population that is already built.

use jiff::Timestamp;
use nattoku_engine::{Applied, Ordinal, Population, PrincipalId};
use nattoku_model::event::{By, Event, Recorded, Revision};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::cpu::thread_time;
use crate::people::today;
use crate::report::{Report, float};

/// How many events are told.
const TOLD: usize = 200_000;

/// Measures telling withdrawals, declined choices and purchases that happened just now.
pub(super) fn measure(report: &Report, population: &mut Population) {
    let mut chance = ChaCha8Rng::seed_from_u64(2);
    let n = u32::try_from(population.len()).unwrap_or(u32::MAX);
    let ids =
        std::iter::repeat_with(|| population.id(Ordinal(chance.next_u32() % n)).copied().unwrap_or_default());
    let told: Vec<(PrincipalId, Recorded)> = ids
        .take(TOLD)
        .enumerate()
        .map(|(number, id)| (id, recorded(number, population.revision())))
        .collect();
    let start = thread_time();
    let mut n_anew = 0_usize;
    for (id, recorded) in &told {
        let applied = population.apply(*id, recorded).expect("there are numbers enough");
        n_anew += usize::from(applied == Applied::Rebuild);
    }
    let nanos = thread_time().saturating_sub(start).as_secs_f64() * 1e9;
    report.figure("one more event", nanos / float(TOLD), "ns an event");
    report.figure("one more event, to be folded anew", float(n_anew) * 100.0 / float(TOLD), "of 100");
}

fn recorded(number: usize, before: Revision) -> Recorded {
    let channel = || "web".to_owned();
    let event = match number % 3 {
        0 => {
            Event::ConsentWithdrawn { item: "partner_sharing".into(), channel: channel(), by: By::Principal }
        }
        1 => Event::ChoiceDeclined { choice: "offers".into(), channel: channel(), by: By::Principal },
        _ => Event::DataAcquired {
            category: "purchase".into(),
            source: "member_store".into(),
            entrusted_from: None,
            policy_version: None,
        },
    };
    let at: Timestamp = today();
    let revision = Revision(before.0 + 1 + u64::try_from(number).unwrap_or(0));
    Recorded { revision, at, recorded_at: at, event }
}
