//! The database is stopped and started again, as somebody who upgrades it does and as it crashes, in turn.

use std::thread;
use std::time::{Duration, Instant};

use nattoku_testkit::postgresql::Postgresql;

use super::client::{Call, Client};
use super::course::Course;

/// How long it stays away, from time to time: within a lease, and for longer than one lasts.
const AWAY: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_millis(500),
    Duration::from_secs(5),
];

/// Looks so often, and so many times, whether a server has found it again.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const LOOKS: usize = 3_000;

/// Stops and starts it so often, in equal distances, and waits until it is over.
pub(super) fn disturb(
    course: &Course<'_>,
    database: &Postgresql,
    restarts: u32,
    (begun, lasts): (Instant, Duration),
) {
    for (number, away) in (0..restarts).zip(AWAY.into_iter().cycle()) {
        let at = begun + lasts * (2 * number + 1) / (2 * restarts);
        while Instant::now() < at {
            if course.is_over() {
                return;
            }
            thread::sleep(LOOK_EVERY);
        }
        let is_crash = number % 2 == 0;
        course.database_goes();
        if is_crash {
            database.stop();
        } else {
            database.stop_as_usual();
        }
        thread::sleep(away);
        database.start_again();
        let started = Instant::now();
        await_servers(course, started);
        let (found, all) = (started.elapsed(), course.database_is_back());
        let how = if is_crash { "crashed" } else { "was stopped" };
        eprintln!(
            "the database {how}, was away for {away:?} and the servers had it again after {found:?}, {all:?} in all"
        );
    }
    while !course.is_over() {
        thread::sleep(LOOK_EVERY);
    }
}

/// Until every server reads from the ledger, and answers by what it asked for since the database was started: a lease of before goes on for
/// a while, and says nothing of it.
fn await_servers(course: &Course<'_>, started: Instant) {
    for client in &mut course.clients() {
        let is_well = |client: &mut Client<'_>| {
            let mut get = |path| client.call(Call::get(path)).filter(|answered| answered.status == 200);
            let ready = get("/readyz").and_then(|ready| ready.body["staleness_seconds"].as_f64());
            let has_asked = ready.is_some_and(|staleness| staleness < started.elapsed().as_secs_f64());
            has_asked && get("/v1/principals/p0/consents").is_some()
        };
        let is_found = (0..LOOKS).any(|_| {
            let is_well = is_well(client);
            thread::sleep(if is_well { Duration::ZERO } else { LOOK_EVERY });
            is_well || course.is_broken_off()
        });
        assert!(is_found, "the servers find the database again");
    }
}
