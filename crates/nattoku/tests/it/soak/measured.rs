//! What the servers hold while it goes on, and whether that grows.

use std::thread;
use std::time::{Duration, Instant};

use super::course::Course;
use super::served::Held;

/// How often it is looked at, and told.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const TELL_EVERY: Duration = Duration::from_secs(30);

/// Memory is flat where the last fifth of the time holds at most so much more than the second, in the middle: a tenth, and 8 MiB, since
/// what the system gives back it gives back late. The first fifth is for what is remembered to fill.
const MORE: u64 = 10;
const MORE_KIB: u64 = 8 << 10;
/// The same of files that are open, which are connections for the most part, and threads.
const MORE_FILES: u64 = 16;

/// What each server held, look by look.
#[derive(Debug)]
pub(super) struct Measured(Vec<Vec<Held>>);

/// Looks until it is over, and tells how far it has come.
pub(super) fn measure(course: &Course<'_>) -> Measured {
    let mut measured = Measured(course.servers.iter().map(|_| Vec::new()).collect());
    let begun = Instant::now();
    let mut tell_at = begun + TELL_EVERY;
    while !course.is_over() {
        for (server, held) in course.servers.iter().zip(&mut measured.0) {
            held.push(server.held());
        }
        if Instant::now() >= tell_at {
            tell_at += TELL_EVERY;
            measured.tell(course, begun.elapsed());
        }
        thread::sleep(LOOK_EVERY);
    }
    measured
}

/// What is read of what a program holds.
type Figure = fn(&Held) -> u64;

impl Measured {
    fn tell(&self, course: &Course<'_>, elapsed: Duration) {
        let held = self.0.iter().filter_map(|held| held.last()).map(|held| {
            let Held { resident_kib, files, threads } = held;
            format!("{} MiB, {files} files, {threads} threads", resident_kib >> 10)
        });
        eprintln!(
            "{:>5} s: {} calls, {} permits, {} denials, {} consents given; {}",
            elapsed.as_secs(),
            course.counted("calls"),
            course.counted("permits"),
            course.counted("denials"),
            course.counted("consents given"),
            held.collect::<Vec<_>>().join("; "),
        );
    }

    /// Holds the last fifth to the second.
    pub(super) fn hold_flat(&self) {
        for held in &self.0 {
            let fifth = |number: usize, of: Figure| {
                let part = &held[held.len() * number / 5..held.len() * (number + 1) / 5];
                let mut figures: Vec<u64> = part.iter().map(of).collect();
                figures.sort_unstable();
                figures[figures.len() / 2]
            };
            let figures: [(&str, Figure, u64); 3] = [
                ("KiB resident", |held| held.resident_kib, MORE_KIB),
                ("files open", |held| held.files, MORE_FILES),
                ("threads", |held| held.threads, MORE_FILES),
            ];
            for (what, of, more) in figures {
                let (early, late) = (fifth(1, of), fifth(4, of));
                let all: Vec<u64> = (0..5).map(|number| fifth(number, of)).collect();
                eprintln!("{what}, in the middle of each fifth: {all:?}");
                assert!(late <= early + early / MORE + more, "{what} grew from {early} to {late}");
            }
        }
    }
}
