//! The program as it is built for use, over a deployment of a measurement's own. `cargo build --release -p nattoku` comes before, or
//! `NATTOKU_PROGRAM` names one that is there.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A folder with settings, in which the program is started.
pub(crate) struct Deployment {
    folder: PathBuf,
    program: PathBuf,
}

/// The program while it serves.
pub(crate) struct Serving {
    child: Child,
    /// Its address and port.
    pub(crate) host: String,
    begun: Instant,
}

/// What it holds in memory, in MiB.
pub(crate) struct Held {
    /// All of it.
    pub(crate) resident: f64,
    /// Without the files that are mapped, which the system takes back when it needs the room.
    pub(crate) of_its_own: f64,
}

impl Deployment {
    /// The reference policy over a store, in a folder that is made where it is not there.
    pub(crate) fn new(folder: &Path, store: &str) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let folder = folder.canonicalize().expect("it is there");
        let this = Self { folder, program: program() };
        let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/carrier");
        let policy = policy.canonicalize().expect("the policy is here");
        let kek = format!("file:{}", this.folder.join("nattoku.kek").display());
        let settings =
            format!("policy = \"{}\"\nstore = \"{store}\"\n\n[keys]\nkek = \"{kek}\"\n", policy.display());
        let is_new = !this.folder.join("nattoku.toml").exists();
        fs::write(this.folder.join("nattoku.toml"), settings).expect("settings");
        if is_new {
            this.run(&["ledger", "sealing", "create", &kek]);
        }
        this
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The program, about to be started.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).args(words);
        for name in ["NATTOKU_STORE", "NATTOKU_POLICY", "NATTOKU_KEK"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it to its end, and gives what it prints.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let ran = self.command(words).output().expect("the program starts");
        assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).trim().to_owned()
    }

    /// Starts a server.
    pub(crate) fn serve(&self) -> Serving {
        let begun = Instant::now();
        let serve = ["serve", "--format", "json", "--listen", "127.0.0.1:0"];
        let child = self.command(&serve).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the program starts");
        let mut line = String::new();
        let told = child.stdout.take().expect("it is piped");
        BufReader::new(told).read_line(&mut line).expect("it tells where it serves");
        let told: Value = serde_json::from_str(&line).expect("in JSON");
        let url = told.get("url").and_then(Value::as_str).expect("with its address");
        let host = url.strip_prefix("http://").expect("over HTTP").to_owned();
        Serving { child, host, begun }
    }
}

/// A folder of a measurement's own, on the disk on which the program is built and not in memory.
pub(crate) fn folder_of(measurement: &str) -> PathBuf {
    let this = std::env::current_exe().expect("the program knows itself");
    let beside = this.parent().expect("it is in a folder");
    beside.join(format!("nattoku-{measurement}-{}", std::process::id()))
}

/// Where cargo puts the program, beside the folder of this one, unless another is named.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("NATTOKU_PROGRAM") {
        return named.into();
    }
    let this = std::env::current_exe().expect("the program knows itself");
    let program = this.ancestors().nth(2).expect("it is in a target folder").join("nattoku");
    assert!(program.exists(), "{} is not there: cargo build --release -p nattoku", program.display());
    program
}

impl Serving {
    /// Waits until it is ready, and tells how long that took from its start.
    pub(crate) fn await_readiness(&self) -> Duration {
        while !self.is_ready() {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.begun.elapsed()
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(&self.host) else { return false };
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host);
        let mut answer = String::new();
        let asked = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
        asked.is_ok() && answer.starts_with("HTTP/1.1 200")
    }

    pub(crate) fn held(&self) -> Held {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).expect("it runs");
        let mebibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib: Option<f64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            kib.expect("the kernel tells it") / 1_024.0
        };
        Held { resident: mebibytes("VmRSS:"), of_its_own: mebibytes("RssAnon:") }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
