//! Decisions over HTTP, each beside an endpoint of the same web server that reads JSON and answers `{"decision": true}`.
//!
//! Servers and whoever asks them share the machine; what is compared is the processor time of the server alone. `wrk` asks.

mod load;
pub(crate) mod server;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::report::Report;
use load::Load;

/// The word after which this program is the server that is asked.
pub const SERVE: &str = "serve";
/// The word after which nothing is served, and the router itself is asked.
pub const IN_PROCESS: &str = "in-process";

/// Evaluations in a batch.
const BATCH: u32 = 50;
/// How many connections ask at once.
const CONNECTIONS: u32 = 32;
/// How often each address is asked, in turns with the empty endpoint; what counts is the best of each.
const ROUNDS: u32 = 5;

/// Serves both until whoever started it ends it.
pub fn serve() {
    server::serve();
}

/// Measures a decision without a network, over so many calls.
pub fn in_process(calls: u32) {
    let report = Report::of("http");
    let (empty, ours) = server::in_process(calls);
    report.figure("in_process/empty", empty, "µs");
    report.figure("in_process/evaluation", ours, "µs");
}

/// Measures each address for so many seconds.
pub fn run(seconds: u32) {
    let server = Served::start();
    let load = Load { url: &server.url, token: &server.token, pid: server.child.id(), seconds };
    let report = Report::of("http");
    let compared = [
        ("evaluation", "/access/v1/evaluation", 1, 0.7),
        ("decide_with_gates", "/v1/decide", 1, 0.7),
        ("evaluations_of_50", "/access/v1/evaluations", BATCH, 0.5),
    ];
    for (name, address, batch, least) in compared {
        let each = f64::from(batch);
        let (floor, ours) = load.take_turns(("/empty", address), batch);
        report.figure(&format!("{name}/empty"), floor.of_a_cpu_second() * each, "a CPU second");
        let ratio = ours.of_a_cpu_second() / floor.of_a_cpu_second();
        report.ratio(name, ours.of_a_cpu_second() * each, ratio, least);
        report.figure(&format!("{name}/p99_at_full_load"), ours.p99_ms, "ms");
        let (share, half) = load.at_half(address, batch, ours.of_a_second());
        report.figure(&format!("{name}/share_of_full_load"), share, "");
        report.goal(&format!("{name}/p99_at_that_share"), half.p99_ms, "ms", 1.0);
    }
}

/// The server, in a process of its own.
struct Served {
    child: Child,
    url: String,
    token: String,
}

impl Served {
    fn start() -> Self {
        let program = std::env::current_exe().expect("the program knows itself");
        let child = Command::new(program).arg(SERVE).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut next = || lines.next().expect("the server tells where it is").expect("in UTF-8");
        let (url, token) = (next(), next());
        Self { child, url, token }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
