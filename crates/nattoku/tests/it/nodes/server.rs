//! A deployment of several servers over one database, and what is asked of them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use nattoku_testkit::postgresql::Postgresql;
use serde_json::{Value, json};

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(6);

/// The reference policy over a database in which everybody has agreed to partners' offers.
pub(crate) struct Deployment {
    server: Postgresql,
    settings: PathBuf,
    token: String,
}

/// Where a server runs: on the machine itself, or in a namespace of the network, from where the database has an address of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) namespace: Option<String>,
    pub(crate) store: Option<String>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// One server, which may be stopped and started again at the same address.
pub(crate) struct Node {
    settings: PathBuf,
    place: Place,
    token: String,
    host: String,
    process: Mutex<Child>,
}

fn nattoku(settings: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
    command.current_dir(settings).env_remove("NATTOKU_STORE").env_remove("NATTOKU_POLICY");
    command
}

impl Deployment {
    pub(crate) fn new(server: Postgresql, name: &str, principals: usize) -> Self {
        server.make_database("ledger");
        let settings = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&settings);
        std::fs::create_dir_all(&settings).unwrap();
        let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier");
        let kek = format!("file:{}", settings.join("nattoku.kek").display());
        let toml = format!(
            "policy = \"{}\"\nstore = \"{}\"\n\n[keys]\nkek = \"{}\"\n",
            policy.canonicalize().unwrap().display(),
            server.address("ledger"),
            kek,
        );
        std::fs::write(settings.join("nattoku.toml"), toml).unwrap();
        done(nattoku(&settings).args(["ledger", "sealing", "create", &kek]));
        std::fs::write(settings.join("events.jsonl"), events(principals)).unwrap();
        done(nattoku(&settings).args(["ledger", "import", "events.jsonl"]));
        let create = ["token", "create", "test", "--application", "campaign_platform"];
        let acts = ["--act", "decide", "--act", "will", "--act", "read", "--act", "metrics"];
        let token = done(nattoku(&settings).args(create).args(acts)).trim().to_owned();
        Self { server, settings, token }
    }

    /// Runs a command, and gives what it prints.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        done(nattoku(&self.settings).args(words))
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
        let (process, host) = spawn(&self.settings, &place, listen);
        let node = Node {
            settings: self.settings.clone(),
            place,
            token: self.token.clone(),
            host,
            process: Mutex::new(process),
        };
        node.await_readiness();
        node
    }
}

fn spawn(settings: &Path, place: &Place, listen: &str) -> (Child, String) {
    let mut command = match &place.namespace {
        None => nattoku(settings),
        Some(name) => {
            let mut command = Command::new("ip");
            command.args(["netns", "exec", name, env!("CARGO_BIN_EXE_nattoku")]).current_dir(settings);
            command.env_remove("NATTOKU_POLICY");
            command
        }
    };
    command.envs(place.store.iter().map(|store| ("NATTOKU_STORE", store)));
    let mut process = command
        .args(["serve", "--format", "json", "--listen", listen])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
    let host = told["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    (process, host)
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

impl Node {
    /// What is asked about a principal.
    #[expect(clippy::unused_self, reason = "a question is asked of somebody")]
    pub(crate) fn question(&self, principal: usize, min_revision: Option<u64>) -> Value {
        json!({
            "principal": format!("p{principal}"),
            "action": "provide",
            "activity": "partner_offers",
            "categories": ["purchase"],
            "recipient": "store_partners",
            "min_revision": min_revision,
        })
    }

    pub(crate) fn decide(&self, principal: usize, min_revision: Option<u64>) -> Value {
        let answer = self.post("/v1/decide", &self.question(principal, min_revision));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    pub(crate) fn permits(&self, principal: usize) -> bool {
        self.decide(principal, None)["permitted"].as_bool().unwrap()
    }

    /// Whether it is permitted, where the server answers at all.
    pub(crate) fn try_permits(&self, principal: usize) -> Option<bool> {
        let answer = self.try_post("/v1/decide", &self.question(principal, None), None)?;
        (answer.status == 200).then(|| answer.body["permitted"].as_bool().unwrap())
    }

    pub(crate) fn withdraw(&self, principal: usize, acknowledge: &str) -> Value {
        let answer = self.try_withdraw(principal, acknowledge).expect("the server answers");
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    pub(crate) fn try_withdraw(&self, principal: usize, acknowledge: &str) -> Option<Answer> {
        let body = json!({"item": "partner_sharing", "act": "withdraw", "channel": "web", "acknowledge": acknowledge});
        let key = format!("withdraw-{principal}");
        self.try_post(&format!("/v1/principals/p{principal}/consents"), &body, Some(&key))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body, None).expect("the server answers")
    }

    /// Posts, and reads the answer; nothing where the connection breaks off, or it takes too long.
    fn try_post(&self, path: &str, body: &Value, key: Option<&str>) -> Option<Answer> {
        self.ask("POST", path, &body.to_string(), key)
    }

    fn ask(&self, method: &str, path: &str, body: &str, key: Option<&str>) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.host).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
        // At once: in parts, each would wait until the one before was acknowledged.
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             {key}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.host,
            self.token,
            body.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        // What is no JSON is told as a text.
        Some(Answer { status, body: serde_json::from_str(body).unwrap_or_else(|_| json!(body)) })
    }

    /// A figure that it tells.
    pub(crate) fn figure(&self, name: &str) -> f64 {
        let answer = self.ask("GET", "/metrics", "", None).expect("the server answers");
        let text = answer.body.as_str().unwrap_or_default().to_owned();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
    }

    pub(crate) fn await_readiness(&self) {
        for _ in 0..500 {
            if self.ask("GET", "/readyz", "", None).is_some_and(|answer| answer.status == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server does not become ready");
    }

    /// Stops it where it stands: it is neither told nor does it know.
    pub(crate) fn pause(&self) {
        self.signal("STOP");
    }

    pub(crate) fn go_on(&self) {
        self.signal("CONT");
    }

    pub(crate) fn kill(&self) {
        let mut process = self.process.lock().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Starts it again after it was killed, at the same address.
    pub(crate) fn start_again(&self) {
        let (process, _) = spawn(&self.settings, &self.place, &self.host);
        *self.process.lock().unwrap() = process;
    }

    /// Ends it as somebody who ends a service does.
    pub(crate) fn end(&self) {
        self.signal("TERM");
        self.process.lock().unwrap().wait().unwrap();
    }

    fn signal(&self, signal: &str) {
        let id = self.process.lock().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = process.kill();
        let _ = process.wait();
    }
}
