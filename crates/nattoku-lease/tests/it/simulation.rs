//! Some thousand runs of a registry, three nodes and two writers over a network that is cut, held and mended, with
//! clocks that stray and hosts that crash; each is drawn from one number.
//!
//! `NATTOKU_SEEDS=N` runs so many; `NATTOKU_SEED=N` runs that one and prints what happened.

use std::collections::BTreeMap;

use self::history::{Breach, Happened, What, check};
use self::run::{Broken, World, run};

mod history;
mod node;
mod registry;
mod run;
mod writer;

/// Usual runs, all shares together: some minutes on a small machine.
const SEEDS: u64 = 3_000;

/// How many tests share them, so that as many run at once as there are processors and none takes long.
const SHARES: u64 = 8;

/// How many runs each broken protocol is given to be noticed.
const SEEDS_BROKEN: u64 = 300;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|n| n.replace('_', "").parse().expect("a number"))
}

fn breach(seed: u64, broken: Broken) -> Option<Breach> {
    check(&run(seed, broken), World::terms().bound()).err()
}

fn tally(history: &[Happened], into: &mut BTreeMap<&'static str, usize>) {
    for happened in history {
        let name = match happened.what {
            What::Durable(_) => "durable",
            What::Enforced(_) => "enforced",
            What::Sent(_) => "sent",
            What::Stale => "stale",
            What::Again => "again",
        };
        *into.entry(name).or_default() += 1;
    }
}

macro_rules! shares {
    ($($name:ident: $share:literal),*) => {
        /// The promises hold whatever the network does.
        mod the_promises_hold {
            $(#[test]
            fn $name() {
                super::hold($share);
            })*
        }
    };
}

shares!(share_0: 0, share_1: 1, share_2: 2, share_3: 3, share_4: 4, share_5: 5, share_6: 6, share_7: 7);

/// Runs a share of the seeds; of one seed that is named, the first does.
fn hold(share: u64) {
    let one = number("NATTOKU_SEED");
    let all = number("NATTOKU_SEEDS").unwrap_or(SEEDS);
    let seeds = match one {
        Some(seed) if share == 0 => seed..seed + 1,
        Some(_) => return,
        None => all * share / SHARES..all * (share + 1) / SHARES,
    };
    let mut seen = BTreeMap::new();
    for seed in seeds {
        let history = run(seed, Broken::No);
        if one.is_some() {
            for happened in &history {
                println!("{:>13?} {:?}", happened.at, happened.what);
            }
        }
        tally(&history, &mut seen);
        let kept = check(&history, World::terms().bound());
        assert_eq!(kept, Ok(()), "NATTOKU_SEED={seed} replays it");
    }
    println!("{seen:?}");
    assert!(one.is_some() || seen.len() == 5, "all of it happens: {seen:?}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    for seed in 0..5 {
        assert_eq!(run(seed, Broken::No), run(seed, Broken::No));
    }
}

#[test]
fn broken_protocols_are_noticed() {
    for broken in [
        Broken::CheckedBeforeEvaluating,
        Broken::AnyLease,
        Broken::NeverStale,
        Broken::FromTheAnswer,
        Broken::HeadFirst,
        Broken::NoDrift,
    ] {
        let noticed = (0..SEEDS_BROKEN).find_map(|seed| Some((seed, breach(seed, broken)?)));
        println!("{broken:?}: {noticed:?}");
        assert!(noticed.is_some(), "{broken:?} keeps the promises in {SEEDS_BROKEN} runs");
    }
}
