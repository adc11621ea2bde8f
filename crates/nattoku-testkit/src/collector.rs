//! A receiver of OpenTelemetry's traces of a test's own: somebody else's, over OTLP and HTTP, that writes down every span it is sent.
//!
//! It is in the Python package `oteltap`, which `cargo xtask test` installs. Where it is absent a test says so and holds nothing, except where
//! `NATTOKU_INSTALLED` promises that it is there.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test stops at the first surprise")]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::python::python;

/// How long it is waited for what is to come, in steps of ten milliseconds.
const STEPS: usize = 3_000;

/// A collector that lives as long as the value.
#[derive(Debug)]
pub struct Collector {
    port: u16,
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    /// Starts it. `of_tests` is the folder for the tests' own files, `env!("CARGO_TARGET_TMPDIR")`.
    #[must_use]
    pub fn start(of_tests: &str) -> Option<Self> {
        let python = python("oteltap", of_tests)?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(python);
        command.args(["-u", "-m", "oteltap", "--port", &port.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let lines = Arc::new(Mutex::new(Vec::new()));
        let keeps = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                keeps.lock().unwrap().push(line);
            }
        });
        let this = Self { port, process, lines };
        this.wait(|lines| lines.iter().any(|line| line.contains("Listening")));
        Some(this)
    }

    /// Where it takes traces.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All that it has written, word for word.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// The spans that it was sent, once there are so many that this is true of them.
    #[must_use]
    pub fn spans_when(&self, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let read = |lines: &[String]| -> Vec<Value> {
            lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
        };
        self.wait(|lines| enough(&read(lines)));
        read(&self.lines.lock().unwrap())
    }

    fn wait(&self, until: impl Fn(&[String]) -> bool) {
        for _ in 0..STEPS {
            if until(&self.lines.lock().unwrap()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let text = self.text();
        assert!(until(&self.lines.lock().unwrap()), "the collector was sent no more than {text}");
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
