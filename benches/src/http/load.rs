//! Asking as fast as answers come, by `wrk`, and what that costs the server.

use std::fs;
use std::process::Command;

use super::server::PRINCIPALS;

/// Ticks of the kernel's clock of processor time in a second, on every Linux that this runs on.
const TICKS: f64 = 100.0;

/// Who asks whom.
pub(super) struct Load<'a> {
    pub(super) url: &'a str,
    pub(super) token: &'a str,
    pub(super) pid: u32,
    pub(super) seconds: u32,
}

/// What it came to.
pub(super) struct Asked {
    requests: f64,
    cpu_seconds: f64,
    pub(super) p99_ms: f64,
}

impl Asked {
    pub(super) fn of_a_cpu_second(&self) -> f64 {
        self.requests / self.cpu_seconds
    }
}

impl Load<'_> {
    /// Asks an address about principals in turn, so many in a call.
    pub(super) fn ask(&self, address: &str, batch: u32, connections: u32) -> Asked {
        let script = std::env::temp_dir().join(format!("nattoku-wrk-{}.lua", std::process::id()));
        fs::write(&script, self.script(address, batch)).expect("the script is written");
        let ask = || {
            Command::new("wrk")
                .args([
                    "-t1",
                    &format!("-c{connections}"),
                    &format!("-d{}s", self.seconds),
                    "--latency",
                    "-s",
                ])
                .arg(&script)
                .arg(format!("{}{address}", self.url))
                .output()
                .expect("wrk is installed (Debian: apt-get install wrk)")
        };
        // Once before: a server that runs has met those whom it is asked about.
        ask();
        let before = cpu_seconds(self.pid);
        let asked = ask();
        let cpu_seconds = cpu_seconds(self.pid) - before;
        let _ = fs::remove_file(&script);
        let told = String::from_utf8_lossy(&asked.stdout);
        let figure = |name: &str| {
            let line = told.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.trim().parse().ok()).unwrap_or_else(|| panic!("{name} in {told}"))
        };
        assert!(figure("other ") < 0.5, "every answer is 200: {told}");
        Asked { requests: figure("requests "), cpu_seconds, p99_ms: figure("p99_us ") / 1_000.0 }
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
done = function(summary, latency)
  print("requests " .. summary.requests)
  print("other " .. summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout)
  print("p99_us " .. latency:percentile(99))
end
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

/// The processor time that all threads of a program have used so far.
fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the server runs");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / TICKS
}
