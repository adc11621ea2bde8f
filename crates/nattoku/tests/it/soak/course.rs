//! What all who take part share: the servers, what is right, how long it goes on, when the database is away, and what was counted.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::book::Book;
use super::client::{Answered, Call, Client};
use super::served::Served;

/// How much of what is asked while the database is there may be left unanswered, or be denied for want of a lease: one in so many. On a
/// machine that does other things a server may be kept from renewing its lease.
const ONE_IN: u64 = 1_000;

/// A stretch of time in which the database was away, or had not been found again by every server.
#[derive(Debug, Clone, Copy)]
struct Outage {
    from: Instant,
    until: Option<Instant>,
}

pub(super) struct Course<'a> {
    pub(super) servers: &'a [Served],
    pub(super) book: Book,
    token: String,
    until: Mutex<Instant>,
    is_broken_off: AtomicBool,
    outages: Mutex<Vec<Outage>>,
    counted: Mutex<BTreeMap<&'static str, u64>>,
}

/// Ends what the others do where one has found a fault, so that it is told.
struct Watch<'a>(&'a AtomicBool);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.fetch_or(thread::panicking(), Ordering::Relaxed);
    }
}

impl<'a> Course<'a> {
    pub(super) fn new(servers: &'a [Served], token: String, book: Book) -> Self {
        Self {
            servers,
            book,
            token,
            until: Mutex::new(Instant::now()),
            is_broken_off: AtomicBool::new(false),
            outages: Mutex::default(),
            counted: Mutex::default(),
        }
    }

    /// Begins, to last for so long.
    pub(super) fn begin(&self, lasts: Duration) -> (Instant, Duration) {
        let begun = Instant::now();
        *self.until.lock().unwrap() = begun + lasts;
        (begun, lasts)
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_broken_off() || Instant::now() >= *self.until.lock().unwrap()
    }

    /// Whether one of those who take part has found a fault.
    pub(super) fn is_broken_off(&self) -> bool {
        self.is_broken_off.load(Ordering::Relaxed)
    }

    /// Does a part of it: a fault there ends the others.
    pub(super) fn watched<T>(&self, part: impl FnOnce() -> T) -> T {
        let _watch = Watch(&self.is_broken_off);
        part()
    }

    /// Whoever asks one server after another.
    pub(super) fn clients(&self) -> Vec<Client<'_>> {
        self.servers.iter().map(|server| Client::new(&server.host, &self.token)).collect()
    }

    /// Servers learn of a token within about a second.
    pub(super) fn await_token(&self) {
        for client in &mut self.clients() {
            let knows = |client: &mut Client<'_>| {
                client.call(Call::get("/v1/policy")).is_some_and(|answered| answered.status == 200)
            };
            let has_learnt = (0..500).any(|_| {
                let knows = knows(client);
                thread::sleep(Duration::from_millis(if knows { 0 } else { 20 }));
                knows
            });
            assert!(has_learnt, "the servers learn of the token");
        }
    }

    pub(super) fn count(&self, what: &'static str) {
        *self.counted.lock().unwrap().entry(what).or_default() += 1;
    }

    pub(super) fn counted(&self, what: &str) -> u64 {
        self.counted.lock().unwrap().get(what).copied().unwrap_or_default()
    }

    pub(super) fn database_goes(&self) {
        self.outages.lock().unwrap().push(Outage { from: Instant::now(), until: None });
    }

    /// Tells how long it was until every server had found it again.
    pub(super) fn database_is_back(&self) -> Duration {
        let mut outages = self.outages.lock().unwrap();
        let last = outages.last_mut().unwrap();
        last.until = Some(Instant::now());
        last.from.elapsed()
    }

    /// Whether the database was there for all of a time.
    fn was_well(&self, from: Instant) -> bool {
        let outages = self.outages.lock().unwrap();
        outages.iter().all(|outage| outage.until.is_some_and(|until| until < from))
    }

    /// Sends a call that is to be answered with 200. Without the database it may be 500 or 503, or no answer; with it that is counted.
    pub(super) fn call(&self, client: &mut Client<'_>, call: Call<'_>) -> Option<Answered> {
        let sent = Instant::now();
        let answered = client.call(call);
        self.count("calls");
        match answered {
            Some(answered) if answered.status == 200 => Some(answered),
            Some(answered) => {
                let Answered { status, body, .. } = answered;
                assert!(matches!(status, 500 | 503), "{} {}: {status} {body}", call.method, call.path);
                self.unanswered(sent, &format!("{} {}: {status} {body}", call.method, call.path));
                None
            }
            None => {
                self.unanswered(sent, &format!("{} {}: no answer", call.method, call.path));
                None
            }
        }
    }

    fn unanswered(&self, sent: Instant, shown: &str) {
        if self.was_well(sent) {
            eprintln!("unanswered although the database is there: {shown}");
            self.count("unanswered although the database is there");
        } else {
            self.count("unanswered without a database");
        }
    }

    /// A decision that was denied for want of a lease.
    pub(super) fn stale(&self, sent: Instant) {
        let well = self.was_well(sent);
        self.count(if well { "stale although the database is there" } else { "stale without a database" });
    }

    /// Tells what was counted, and holds it to what it may be.
    pub(super) fn tell(&self) {
        for (what, count) in &*self.counted.lock().unwrap() {
            eprintln!("{count:>10} {what}");
        }
        let most = self.counted("calls") / ONE_IN;
        for what in ["unanswered although the database is there", "stale although the database is there"] {
            assert!(self.counted(what) <= most, "{} {what}, {most} at most", self.counted(what));
        }
    }
}
