//! Everything that programs do, at once and for as long as one wants, while the database is stopped and started again under two servers.
//!
//! Decisions one by one and in batches, consents and withdrawals whose answers are in part lost and asked for again, uses recorded,
//! events followed, histories and pages read. What is right is known beside, by a model of every principal: each answer names the
//! revision that it rests on, and has to be that of the acts up to there. In the end the ledger has each act that was answered, once.
//!
//! A test run has a few seconds of it. `cargo xtask soak` has half an hour, over the program as it is built for use: it says by
//! `NATTOKU_SOAK` how many minutes, and by `NATTOKU_PROGRAM` which program.

mod book;
mod client;
mod course;
mod database;
mod ledger;
mod measured;
mod readers;
mod served;
mod writers;

use std::thread;
use std::time::Duration;

use nattoku_testkit::postgresql::Postgresql;

use crate::nodes::deployment::Deployment;
use book::Book;
use course::Course;
use served::Served;

/// How many principals there are, and what is imported of each: the last event is a consent.
const PRINCIPALS: usize = 2_000;
const IMPORTED_EACH: u64 = 4;

/// So many ask for decisions, and so many write, each for principals of their own.
const ASKING: usize = 3;
const WRITING: usize = 4;

/// How long it goes on, and how often the database is stopped meanwhile.
#[derive(Debug, Clone, Copy)]
struct Plan {
    lasts: Duration,
    restarts: u32,
    /// Whether it is long enough to tell whether memory grows.
    is_long: bool,
}

impl Plan {
    fn read() -> Self {
        let Ok(minutes) = std::env::var("NATTOKU_SOAK") else {
            return Self { lasts: Duration::from_secs(6), restarts: 1, is_long: false };
        };
        let minutes: u64 = minutes.parse().expect("NATTOKU_SOAK is a number of minutes");
        Self { lasts: Duration::from_secs(minutes * 60), restarts: 5, is_long: minutes >= 5 }
    }
}

#[test]
fn under_load_from_all_sides_no_answer_is_wrong_and_no_event_lost_while_the_database_restarts() {
    let plan = Plan::read();
    let Some(database) = Postgresql::start_with("soak", "-c jit=off -c max_connections=300") else { return };
    let deployment = Deployment::new(database, "soak", PRINCIPALS);
    let servers = [0, 1].map(|number| Served::start(&deployment, number));
    let acts = ["decide", "will", "record", "read", "feed", "metrics"].map(|act| ["--act", act]).concat();
    let create = ["token", "create", "soak", "--application", "campaign_platform"];
    let token = deployment.run(&[&create[..], &acts[..]].concat()).trim().to_owned();
    let book = Book::new(PRINCIPALS, IMPORTED_EACH);
    let course = Course::new(&servers, token, book);
    course.await_token();

    let begun = course.begin(plan.lasts);
    let (followed, measured) = thread::scope(|scope| {
        let course = &course;
        for number in 0..WRITING {
            scope.spawn(move || course.watched(|| writers::write(course, number, WRITING)));
        }
        for number in 0..ASKING {
            scope.spawn(move || course.watched(|| readers::ask(course, number)));
        }
        scope.spawn(move || course.watched(|| readers::read(course)));
        let followed = scope.spawn(move || course.watched(|| ledger::follow(course)));
        let measured = scope.spawn(move || course.watched(|| measured::measure(course)));
        course.watched(|| database::disturb(course, deployment.database(), plan.restarts, begun));
        (followed.join().unwrap(), measured.join().unwrap())
    });

    readers::ask_about_everybody(&course);
    ledger::check(&course, &deployment, &followed);
    course.tell();
    if plan.is_long {
        measured.hold_flat();
    }
    for server in servers {
        server.end();
    }
}
