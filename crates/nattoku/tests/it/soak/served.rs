//! A server that is asked, and what the system tells of it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::nodes::deployment::Deployment;
use crate::nodes::server::nattoku;

/// A program that serves.
pub(super) struct Served {
    process: Child,
    pub(super) host: String,
    /// What it says on standard error.
    log: PathBuf,
}

/// What a program holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) resident_kib: u64,
    pub(super) files: u64,
    pub(super) threads: u64,
}

impl Served {
    /// Starts a server of a deployment: the program of this test, unless `NATTOKU_PROGRAM` names another.
    pub(super) fn start(deployment: &Deployment, number: usize) -> Self {
        let log = deployment.settings().join(format!("server-{number}.log"));
        let mut process = nattoku(deployment.settings())
            .args(["serve", "--format", "json", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        let host = told["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        Self { process, host, log }
    }

    pub(super) fn held(&self) -> Held {
        let id = self.process.id();
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let figure = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let files = fs::read_dir(format!("/proc/{id}/fd")).unwrap().count();
        Held {
            resident_kib: figure("VmRSS:"),
            files: u64::try_from(files).unwrap(),
            threads: figure("Threads:"),
        }
    }

    /// Ends it as somebody who ends a service does.
    pub(super) fn end(mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        let ended = self.process.wait().unwrap();
        assert!(ended.success(), "{ended}: {}", fs::read_to_string(&self.log).unwrap());
        let log = fs::read_to_string(&self.log).unwrap();
        assert!(!log.contains("panicked") && !log.contains("broke off, and is begun again"), "{log}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
