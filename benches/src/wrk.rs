//! Asking over HTTP as fast as answers come, by `wrk`.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Tells what it came to, one figure a line.
const DONE: &str = r#"
done = function(summary, latency)
  print("requests " .. summary.requests)
  print("duration_us " .. summary.duration)
  print("other " .. summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout)
  print("p99_us " .. latency:percentile(99))
end
"#;

/// What it came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) requests: f64,
    pub(crate) seconds: f64,
    pub(crate) p99_ms: f64,
}

/// Has so many clients ask, as a script in Lua says, for so long; each waits for its answer before it asks again. Every answer has to be 200.
pub(crate) fn ask(url: &str, script: &str, clients: u32, seconds: u32) -> Asked {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("nattoku-wrk-{}-{number}.lua", std::process::id()));
    fs::write(&path, [script, DONE].concat()).expect("the script is written");
    let wrk = Command::new("wrk")
        .args(["-t1", &format!("-c{clients}"), &format!("-d{seconds}s"), "--latency"])
        // Whoever waits for long is answered all the same, and counts as answered.
        .args(["--timeout", "30s", "-s"])
        .arg(&path)
        .arg(url)
        .output()
        .expect("wrk is installed (Debian: apt-get install wrk)");
    let _ = fs::remove_file(&path);
    let told = String::from_utf8_lossy(&wrk.stdout);
    let figure = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().parse::<f64>().ok()).unwrap_or_else(|| panic!("{name} in {told}"))
    };
    assert!(figure("other ") < 0.5, "every answer is 200: {told}");
    Asked {
        requests: figure("requests "),
        seconds: figure("duration_us ") / 1e6,
        p99_ms: figure("p99_us ") / 1_000.0,
    }
}
