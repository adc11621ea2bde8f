//! Consents written over HTTP, beside rows that as many clients insert into a bare database of the same kind with the same durability.
//!
//! Each client waits for its answer before it writes the next. `wrk` writes consents; of the bare databases each client is a thread,
//! over PostgreSQL with a connection of its own, over `SQLite`, which has one writer at a time, with its turn at the one there is.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nattoku_testkit::postgresql::Postgresql;
use rusqlite::Connection;

use crate::program::{Deployment, Serving, folder_of};
use crate::report::Report;
use crate::store::bare;
use crate::wrk::{self, Asked};

/// Clients at once.
const CLIENTS: [u32; 2] = [32, 256];
/// Rounds that take turns, of which the best counts, since others share the disk.
const ROUNDS: u32 = 3;
/// Of the bare rate as many consents at least.
const LEAST: f64 = 0.5;
/// Principals who consent in turn, as if at random.
const PRINCIPALS: u32 = 10_000;

/// Measures both stores, or the one of a name, each round for so many seconds.
pub fn run(seconds: u32, part: Option<&str>) {
    let is_asked = |name| part.is_none_or(|part| part == name);
    let folder = folder_of("writes");
    fs::create_dir_all(&folder).expect("a folder");
    let lasts = Duration::from_secs(seconds.into());
    if is_asked("sqlite") {
        let ours = Ours::start(&folder.join("sqlite"), "sqlite:ledger.sqlite");
        let bare = Mutex::new(bare::sqlite(&folder.join("bare.sqlite"), true));
        compare("sqlite", &ours, lasts, |clients, from| insert_sqlite(&bare, clients, lasts, from));
    }
    if is_asked("postgresql") {
        let options = "-c shared_buffers=256MB -c jit=off -c max_connections=400";
        let Some(server) = Postgresql::start_with("bench-writes", options) else { return };
        server.make_database("ours");
        server.make_database("bare");
        let ours = Ours::start(&folder.join("postgresql"), &server.address("ours"));
        let address = server.address("bare");
        drop(bare::postgresql(&address));
        compare("postgresql", &ours, lasts, |clients, from| {
            insert_postgresql(&address, clients, lasts, from)
        });
    }
    let _ = fs::remove_dir_all(folder);
}

fn compare(name: &str, ours: &Ours, lasts: Duration, bare: impl Fn(u32, &AtomicU32) -> f64) {
    let report = Report::of(&format!("writes, {name}"));
    let from = AtomicU32::new(0);
    // Once before: the server has met those who consent, and databases are past what they do only once.
    ours.consent(CLIENTS[0], lasts);
    bare(CLIENTS[0], &from);
    for clients in CLIENTS {
        let (mut best, mut floor, mut p99_ms) = (0.0_f64, 0.0_f64, f64::INFINITY);
        for _ in 0..ROUNDS {
            floor = floor.max(bare(clients, &from));
            let written = ours.consent(clients, lasts);
            best = best.max(written.requests / written.seconds);
            p99_ms = p99_ms.min(written.p99_ms);
        }
        report.figure(&format!("{clients} clients, bare inserts"), floor, "a second");
        report.ratio(&format!("{clients} clients, consents"), best, best / floor, LEAST);
        report.figure(&format!("{clients} clients, p99"), p99_ms, "ms");
    }
}

/// A server that is written to.
struct Ours {
    serving: Serving,
    token: String,
}

impl Ours {
    fn start(folder: &Path, store: &str) -> Self {
        let deployment = Deployment::new(folder, store);
        let known: String = (0..PRINCIPALS).map(known).collect();
        fs::write(deployment.folder().join("known.jsonl"), known).expect("a file");
        deployment.run(&["ledger", "import", "known.jsonl"]);
        let create = ["token", "create", "bench", "--application", "campaign_platform", "--act", "will"];
        let token = deployment.run(&create);
        let token = token.lines().next().unwrap_or_default().to_owned();
        let serving = deployment.serve();
        serving.await_readiness();
        Self { serving, token }
    }

    /// Has as many clients consent as fast as they are answered.
    fn consent(&self, clients: u32, lasts: Duration) -> Asked {
        let url = format!("http://{}", self.serving.host);
        wrk::ask(&url, &script(&self.token), clients, u32::try_from(lasts.as_secs()).expect("a count"))
    }
}

fn known(number: u32) -> String {
    format!(
        "{{\"event\":\"relationship_started\",\"principal\":\"c{number:07}\",\"at\":\"2024-05-01T00:00:00Z\",\"relationship\":\"club\"}}\n"
    )
}

/// What wrk is to send: the consents of one principal after another, in an order that jumps.
fn script(token: &str) -> String {
    format!(
        r#"
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
wrk.body = [[{{"item":"partner_sharing","act":"grant","channel":"web"}}]]
local n = 0
request = function()
  n = (n + 7919) % {PRINCIPALS}
  return wrk.format(nil, string.format("/v1/principals/c%07d/consents", n))
end
"#
    )
}

/// Rows a second that so many threads insert, each in a transaction of its own.
fn insert_sqlite(bare: &Mutex<Connection>, clients: u32, lasts: Duration, from: &AtomicU32) -> f64 {
    each_client(
        clients,
        lasts,
        || (),
        |()| {
            let mut bare = bare.lock().expect("nobody has failed");
            let n = from.fetch_add(1, Ordering::Relaxed);
            bare::insert_with(&mut bare, n, n + 1, |n| bare::subject(n, PRINCIPALS));
        },
    )
}

fn insert_postgresql(address: &str, clients: u32, lasts: Duration, from: &AtomicU32) -> f64 {
    let connect = || {
        let mut client = bare::connected(address);
        let insert = client.prepare("insert into events values ($1, $2, $3)").expect("a statement");
        (client, insert)
    };
    each_client(clients, lasts, connect, |(client, insert)| {
        let n = from.fetch_add(1, Ordering::Relaxed);
        let subject = i64::from(bare::subject(n, PRINCIPALS));
        client.execute(&*insert, &[&i64::from(n), &subject, &bare::BODY.as_slice()]).expect("an insert");
    })
}

/// How often a second so many clients do something, each again and again, once all have begun.
fn each_client<C>(
    clients: u32,
    lasts: Duration,
    connect: impl Fn() -> C + Sync,
    insert: impl Fn(&mut C) + Sync,
) -> f64 {
    let all = std::sync::Barrier::new(usize::try_from(clients).expect("a count"));
    let done = AtomicU32::new(0);
    let took = Mutex::new(Duration::ZERO);
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut connection = connect();
                all.wait();
                let begun = Instant::now();
                while begun.elapsed() < lasts {
                    insert(&mut connection);
                    done.fetch_add(1, Ordering::Relaxed);
                }
                let mut took = took.lock().expect("nobody has failed");
                *took = begun.elapsed().max(*took);
            });
        }
    });
    let took = took.into_inner().expect("nobody has failed");
    f64::from(done.into_inner()) / took.as_secs_f64()
}
