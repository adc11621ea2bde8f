//! Asking as fast as answers come, by `wrk`, and what that costs the server.

use super::server::PRINCIPALS;
use super::{CONNECTIONS, ROUNDS};
use crate::cpu::seconds_of;
use crate::wrk;

/// Who asks whom.
pub(super) struct Load<'a> {
    pub(super) url: &'a str,
    pub(super) token: &'a str,
    pub(super) pid: u32,
    pub(super) seconds: u32,
}

/// What it came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    requests: f64,
    seconds: f64,
    cpu_seconds: f64,
    pub(super) p99_ms: f64,
}

impl Asked {
    pub(super) fn of_a_cpu_second(&self) -> f64 {
        self.requests / self.cpu_seconds
    }

    pub(super) fn of_a_second(&self) -> f64 {
        self.requests / self.seconds
    }

    /// The one that cost the server less.
    fn better(self, other: Self) -> Self {
        if self.of_a_cpu_second() >= other.of_a_cpu_second() { self } else { other }
    }
}

impl Load<'_> {
    /// Asks two addresses in turns, as fast as answers come, and gives the best that each came to: what else the machine does makes a
    /// call cost more, and never less.
    pub(super) fn take_turns(&self, (one, other): (&str, &str), batch: u32) -> (Asked, Asked) {
        let ask = |address| self.ask(address, batch, "");
        // Once before: a server that runs has met those whom it is asked about.
        let (mut best, mut best_other) = (ask(one), ask(other));
        for _ in 0..ROUNDS {
            best = best.better(ask(one));
            best_other = best_other.better(ask(other));
        }
        (best, best_other)
    }

    /// Asks half as fast as answers came, and tells which share of that it was. Each connection waits for as long as that takes, and for a
    /// millisecond more or less, so that they do not ask all at once.
    pub(super) fn at_half(&self, address: &str, batch: u32, full: f64) -> (f64, Asked) {
        let wait_ms = f64::from(CONNECTIONS) * 2_000.0 / full;
        let wait = format!("function delay() return math.floor({wait_ms:.3} + 2 * math.random() - 0.5) end");
        let asked = self.ask(address, batch, &wait);
        (asked.of_a_second() / full, asked)
    }

    /// Asks an address about principals in turn, so many in a call.
    fn ask(&self, address: &str, batch: u32, wait: &str) -> Asked {
        let script = self.script(address, batch) + wait;
        let before = seconds_of(self.pid);
        let asked = wrk::ask(&format!("{}{address}", self.url), &script, CONNECTIONS, self.seconds);
        let cpu_seconds = seconds_of(self.pid) - before;
        let wrk::Asked { requests, seconds, p99_ms } = asked;
        Asked { requests, seconds, cpu_seconds, p99_ms }
    }

    /// What wrk is to send: about one principal after another, in an order that jumps.
    fn script(&self, address: &str, batch: u32) -> String {
        let Self { token, .. } = self;
        let body = body(address, batch);
        format!(
            r#"
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
local n = 0
local function who() n = (n + 7919) % {PRINCIPALS}; return string.format("c%07d", n) end
request = function() return wrk.format(nil, nil, nil, {body}) end
"#
        )
    }
}

/// The body as an expression of Lua.
fn body(address: &str, batch: u32) -> String {
    let resource =
        r#"{"type":"personal_data","id":"]] .. who() .. [[","properties":{"categories":["purchase"]}}"#;
    let rest = r#""subject":{"type":"application","id":"campaign_platform"},"action":{"name":"provide"},"context":{"activity":"partner_offers","recipient":"store_partners"}"#;
    if batch > 1 {
        let each: Vec<String> = (0..batch).map(|_| format!("{{\"resource\":{resource}}}")).collect();
        return format!("[[{{{rest},\"evaluations\":[{}]}}]]", each.join(","));
    }
    if address == "/v1/decide" {
        return r#"[[{"application":"campaign_platform","action":"provide","activity":"partner_offers","categories":["purchase"],"recipient":"store_partners","principal":"]] .. who() .. [["}]]"#.to_owned();
    }
    format!("[[{{{rest},\"resource\":{resource}}}]]")
}
