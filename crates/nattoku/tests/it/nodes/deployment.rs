//! A deployment of several servers over one database.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nattoku_testkit::postgresql::Postgresql;
use serde_json::json;

use super::server::{Ground, Node, Place, Program, nattoku};
use crate::folders::carrier;

/// The reference policy over a database in which everybody has agreed to partners' offers.
pub(crate) struct Deployment {
    server: Postgresql,
    policy: PathBuf,
    settings: PathBuf,
    token: String,
}

/// While it is there nobody can read the ledger.
pub(crate) struct Blocked<'a> {
    deployment: &'a Deployment,
    session: Child,
}

impl Deployment {
    pub(crate) fn new(server: Postgresql, name: &str, principals: usize) -> Self {
        Self::under(&carrier(), server, name, principals)
    }

    /// One that has its policy from another folder.
    pub(crate) fn under(policy: &Path, server: Postgresql, name: &str, principals: usize) -> Self {
        let policy = policy.canonicalize().unwrap();
        server.make_database("ledger");
        let settings = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&settings);
        std::fs::create_dir_all(&settings).unwrap();
        let kek = format!("file:{}", settings.join("nattoku.kek").display());
        let toml = format!(
            "policy = \"{}\"\nstore = \"{}\"\n\n[keys]\nkek = \"{}\"\n",
            policy.display(),
            server.address("ledger"),
            kek,
        );
        std::fs::write(settings.join("nattoku.toml"), toml).unwrap();
        done(nattoku(&settings).args(["ledger", "sealing", "create", &kek]));
        std::fs::write(settings.join("events.jsonl"), events(principals)).unwrap();
        done(nattoku(&settings).args(["ledger", "import", "events.jsonl"]));
        let create = ["token", "create", "test", "--application", "campaign_platform"];
        let acts = ["decide", "will", "read", "record", "metrics"].map(|act| ["--act", act]).concat();
        let token = done(nattoku(&settings).args(create).args(acts)).trim().to_owned();
        Self { server, policy, settings, token }
    }

    /// Runs a command, and gives what it prints.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        done(nattoku(&self.settings).args(words))
    }

    /// Runs a command that cannot be done, and gives what it says of that.
    pub(crate) fn fails(&self, words: &[&str]) -> String {
        let output = nattoku(&self.settings).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Adds a table to the settings.
    pub(crate) fn set(&self, table: &str) {
        let path = self.settings.join("nattoku.toml");
        let settings = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{settings}\n{table}")).unwrap();
    }

    /// Runs a command that is refused, and gives what it says of that.
    pub(crate) fn refused(&self, words: &[&str]) -> String {
        let output = nattoku(&self.settings).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The database itself.
    pub(crate) const fn database(&self) -> &Postgresql {
        &self.server
    }

    /// The folder in which its servers are started, with their settings.
    pub(crate) fn settings(&self) -> &Path {
        &self.settings
    }

    /// Asks the database.
    pub(crate) fn ask_database(&self, sql: &str) -> String {
        self.server.ask("ledger", sql).trim().to_owned()
    }

    /// Starts a server, and waits until it is ready.
    pub(crate) fn start(&self) -> Node {
        self.start_at(Place::default(), "127.0.0.1:0")
    }

    /// Starts a server at a place and an address, and waits until it is ready.
    pub(crate) fn start_at(&self, place: Place, listen: &str) -> Node {
        Node::start(self.ground(), Program::Nattoku(place), listen)
    }

    /// Starts a server that does one thing otherwise than the protocol of the lease says, or nothing.
    pub(crate) fn start_broken(&self, broken: &str) -> Node {
        let kek = self.settings.join("nattoku.kek").display().to_string();
        let words =
            [broken.to_owned(), self.policy.display().to_string(), self.server.address("ledger"), kek];
        Node::start(self.ground(), Program::Broken(words.into()), "127.0.0.1:0")
    }

    fn ground(&self) -> Ground {
        Ground { settings: self.settings.clone(), token: self.token.clone() }
    }

    /// Keeps everybody from reading the ledger, and from writing to it; leases are registered as ever.
    pub(crate) fn block_ledger(&self) -> Blocked<'_> {
        let lock = "begin; lock table nattoku.head in access exclusive mode; select pg_sleep(600)";
        let mut psql = self.server.program("psql");
        psql.args(["-X", "-d", "ledger", "-c", lock]).env("PGAPPNAME", BLOCKING);
        let session = psql.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let held = "select count(*) from pg_locks join pg_stat_activity using (pid)
            where application_name = 'blocking' and mode = 'AccessExclusiveLock' and granted";
        while self.ask_database(held) != "1" {
            std::thread::sleep(Duration::from_millis(5));
        }
        Blocked { deployment: self, session }
    }
}

/// What the session calls itself that keeps others from the ledger.
const BLOCKING: &str = "blocking";

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        let end = "select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity
            where application_name = 'blocking'";
        self.deployment.ask_database(end);
        let _ = self.session.wait();
    }
}

/// Runs a command that has to succeed, and gives what it prints.
fn done(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn events(principals: usize) -> String {
    let mut events = String::new();
    for principal in 0..principals {
        for event in [
            json!({"event": "principal_registered", "born": "1985-04-01"}),
            json!({"event": "relationship_started", "relationship": "club"}),
            json!({"event": "data_acquired", "category": "purchase", "source": "member_store"}),
            json!({"event": "consent_granted", "item": "partner_sharing", "text_version": "1", "language": "ja",
                   "channel": "web", "by": "principal"}),
        ] {
            let mut event = event;
            event["principal"] = json!(format!("p{principal}"));
            event["at"] = json!("2024-05-01T00:00:00Z");
            events.push_str(&event.to_string());
            events.push('\n');
        }
    }
    events
}
