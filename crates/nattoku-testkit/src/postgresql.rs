//! A `PostgreSQL` of a test's own: a real server in a folder that vanishes, reached by a socket in it and by no port.
//!
//! `cargo xtask test` installs it. Where it is absent a test says so and holds nothing, except where `NATTOKU_INSTALLED`
//! promises that it is there.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::python::absent;

/// A server that lives as long as the value.
pub struct Postgresql {
    bin: PathBuf,
    folder: PathBuf,
    options: String,
    /// How many bytes a file of the server may have; no limit where there is none.
    file_bytes_max: Option<u64>,
}

/// A size that no file of a server has that has just been made, and in the middle of a page: whoever writes there is told what a
/// full disk tells, that a part alone was written.
const SMALL_FILE_BYTES: u64 = (2 << 20) + (4 << 10);

/// A program as somebody who is not root, since `PostgreSQL` does not run as root.
fn as_postgres(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut command = if id.stdout == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn run(command: &mut Command) -> String {
    let ran = command.stdin(Stdio::null()).output().unwrap();
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

impl Postgresql {
    /// Starts a server that loses data when the machine does, for what is no matter of durability.
    #[must_use]
    pub fn start(name: &str) -> Option<Self> {
        Self::start_with(name, "-c fsync=off -c jit=off")
    }

    /// Starts a server with options of its own.
    #[must_use]
    pub fn start_with(name: &str, options: &str) -> Option<Self> {
        Self::start_limited(name, options, None)
    }

    /// Starts a server that cannot write more than 2 MiB into any of its files, until [`Postgresql::give_room`].
    #[must_use]
    pub fn start_without_room(name: &str) -> Option<Self> {
        Self::start_limited(name, "-c fsync=off -c jit=off", Some(SMALL_FILE_BYTES))
    }

    fn start_limited(name: &str, options: &str, file_bytes_max: Option<u64>) -> Option<Self> {
        static N_SERVERS: AtomicU32 = AtomicU32::new(0);
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let newest = versions.map(|entry| entry.path().join("bin")).max();
        let Some(bin) = newest.filter(|bin| bin.join("initdb").exists()) else {
            absent("PostgreSQL");
            return None;
        };
        let number = N_SERVERS.fetch_add(1, Ordering::Relaxed);
        let folder = format!("nattoku-{name}-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let data = folder.to_str().unwrap();
        // A socket in the folder, and no port.
        let options = format!("-c listen_addresses='' -k {data} {options}");
        let this = Self { bin, options, folder: folder.clone(), file_bytes_max };
        let init = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
        let mut initdb = as_postgres(&this.bin.join("initdb"));
        if file_bytes_max.is_some() {
            // The log is in files of a fixed size, which has to be below the limit.
            initdb.arg("--wal-segsize=1");
        }
        run(initdb.args(init));
        this.start_again();
        Some(this)
    }

    /// Starts the server after [`Postgresql::stop`].
    pub fn start_again(&self) {
        let (data, log) = (&self.folder, self.folder.join("log"));
        let mut start = match self.file_bytes_max {
            None => as_postgres(&self.bin.join("pg_ctl")),
            Some(max) => {
                let mut start = as_postgres(Path::new("prlimit"));
                start.arg(format!("--fsize={max}")).arg(self.bin.join("pg_ctl"));
                start
            }
        };
        start.arg("-D").arg(data).args(["-o", &self.options, "-w", "-l"]).arg(log).arg("start");
        let started = start.stdin(Stdio::null()).stdout(Stdio::null()).status();
        let has_started = started.is_ok_and(|status| status.success());
        assert!(has_started, "{}", fs::read_to_string(data.join("log")).unwrap_or_default());
    }

    /// Stops the server as a crash would: nothing is written that is not on disk.
    pub fn stop(&self) {
        self.stop_in("immediate");
    }

    /// Stops the server as somebody who upgrades it does: what is under way is broken off, and everything is written.
    pub fn stop_as_usual(&self) {
        self.stop_in("fast");
    }

    fn stop_in(&self, mode: &str) {
        let mut stop = as_postgres(&self.bin.join("pg_ctl"));
        let stopped = stop.arg("-D").arg(&self.folder).args(["-m", mode, "-w", "stop"]).output();
        assert!(stopped.is_ok_and(|stopped| stopped.status.success()));
    }

    /// Has the server say nothing, neither to whoever is connected nor to whoever connects, until what is given is dropped. It takes
    /// connections all the same, since the system does that.
    pub fn pause(&self) -> Paused {
        let file = fs::read_to_string(self.folder.join("postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().to_owned();
        // The first makes all others, so no more come from here on.
        let mut paused = Paused { processes: vec![first.clone()] };
        paused.tell("STOP");
        let all = run(Command::new("ps").args(["-A", "-o", "pid=,ppid="]));
        for line in all.lines() {
            let mut ids = line.split_whitespace();
            if let (Some(id), Some(parent)) = (ids.next(), ids.next())
                && parent == first
            {
                paused.processes.push(id.to_owned());
            }
        }
        paused.tell("STOP");
        paused
    }

    /// From the next start there is room again.
    pub const fn give_room(&mut self) {
        self.file_bytes_max = None;
    }

    /// Lets whoever comes from a network in without a password.
    pub fn trust(&self, network: &str) {
        let path = self.folder.join("pg_hba.conf");
        let lines = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{lines}\nhost all all {network} trust\n")).unwrap();
        self.ask("postgres", "select pg_reload_conf()");
    }

    /// Where its data and its socket are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of a database, for programs that read such.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        let host = self.folder.to_str().unwrap().replace('/', "%2f");
        format!("postgres://postgres@{host}/{database}")
    }

    /// Makes a database if it is not there.
    pub fn make_database(&self, name: &str) {
        let there = self.ask("postgres", &format!("select 1 from pg_database where datname = '{name}'"));
        if there.is_empty() {
            self.ask("postgres", &format!("create database {name}"));
        }
    }

    /// Runs SQL in a database and gives what it prints, columns apart by `|`.
    pub fn ask(&self, database: &str, sql: &str) -> String {
        run(self.program("psql").args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ]))
    }

    /// One of its client programs, told where the server is and as whom to ask.
    #[must_use]
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.args(["-U", "postgres", "-h"]).arg(&self.folder);
        command
    }
}

/// A server that says nothing for as long as the value lives.
#[must_use]
pub struct Paused {
    processes: Vec<String>,
}

impl Paused {
    fn tell(&self, signal: &str) {
        // One of them may have ended by itself.
        let _ =
            Command::new("kill").args(["-s", signal]).args(&self.processes).stderr(Stdio::null()).status();
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        self.tell("CONT");
    }
}

impl Drop for Postgresql {
    fn drop(&mut self) {
        let mut stop = as_postgres(&self.bin.join("pg_ctl"));
        let _ = stop.arg("-D").arg(&self.folder).args(["-m", "immediate", "stop"]).output();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
