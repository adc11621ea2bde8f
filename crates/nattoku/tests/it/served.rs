//! A server of a test's own, and clients of it that behave as badly as they have to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nattoku_store::{Kek, OpenMode, Place, State};
use serde_json::{Value, json};

use crate::folders::{carrier, folder};

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a server is started.
const SERVE: [&str; 5] = ["serve", "--format", "json", "--listen", "127.0.0.1:0"];

/// The reference policy over a ledger in which `p0` has agreed to partners' offers, in a folder with its settings.
pub(crate) struct Deployment {
    pub(crate) folder: PathBuf,
    pub(crate) token: String,
}

/// A server that runs.
pub(crate) struct Served {
    pub(crate) host: String,
    token: String,
    process: Child,
}

/// A connection on which one question follows another.
pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
    token: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether it says that it is the last on its connection.
    pub(crate) is_last: bool,
    pub(crate) body: String,
}

impl Deployment {
    /// A deployment over a file, with settings of its server.
    pub(crate) fn in_file(name: &str, server: &str) -> Self {
        Self::over(name, "sqlite:ledger.sqlite", server)
    }

    /// A deployment over a store, with settings of its server.
    pub(crate) fn over(name: &str, store: &str, server: &str) -> Self {
        let folder = folder(name);
        let policy = carrier().canonicalize().unwrap();
        let toml = format!(
            "policy = \"{}\"\nstore = {store:?}\n\n[keys]\nkek = \"file:own.kek\"\n\n[server]\n{server}\n",
            policy.display()
        );
        std::fs::write(folder.join("nattoku.toml"), toml).unwrap();
        let this = Self { folder, token: String::new() };
        this.said(&["ledger", "sealing", "create", "file:own.kek"]);
        std::fs::write(this.folder.join("events.jsonl"), events()).unwrap();
        this.said(&["ledger", "import", "events.jsonl"]);
        let create = ["token", "create", "test", "--application", "campaign_platform"];
        let token = this.said(&[&create[..], &["--act", "decide", "--act", "will"]].concat());
        Self { token: token.trim().to_owned(), ..this }
    }

    /// Has its server decide by another policy.
    pub(crate) fn is_governed_by(&self, policy: &std::path::Path) {
        let file = self.folder.join("nattoku.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let (_, rest) = text.split_once('\n').unwrap();
        let policy = policy.canonicalize().unwrap();
        std::fs::write(file, format!("policy = \"{}\"\n{rest}", policy.display())).unwrap();
    }

    pub(crate) fn nattoku(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
        for name in ["NATTOKU_STORE", "NATTOKU_POLICY", "NATTOKU_KEK"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C.UTF-8").current_dir(&self.folder).args(args);
        command
    }

    /// What a command prints that has to succeed.
    pub(crate) fn said(&self, args: &[&str]) -> String {
        let output = self.nattoku(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts a server, and waits until it is ready.
    pub(crate) fn start(&self) -> Served {
        self.start_as(self.nattoku(&SERVE).stderr(Stdio::null()))
    }

    /// Starts a server that tells so much, in a file that [`Deployment::log`] reads.
    pub(crate) fn start_telling(&self, level: &str) -> Served {
        let log = std::fs::File::create(self.folder.join("server.log")).unwrap();
        self.start_as(self.nattoku(&SERVE).env("NATTOKU_LOG", level).stderr(log))
    }

    /// What such a server has told until now: each line has to be JSON.
    pub(crate) fn log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.join("server.log")).unwrap();
        // What is being written is no line yet.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?}"))).collect()
    }

    /// Waits until it has told something.
    #[track_caller]
    pub(crate) fn await_told(&self, level: &str, says: &str) {
        let began = Instant::now();
        let is_it = |line: &Value| {
            line["level"] == level && line["message"].as_str().is_some_and(|message| message.contains(says))
        };
        while !self.log().iter().any(is_it) {
            assert!(began.elapsed() < PATIENCE, "{level}: {says:?} is not told: {:#?}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn start_as(&self, command: &mut Command) -> Served {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        let host = told["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        let served = Served { host, token: self.token.clone(), process };
        let began = Instant::now();
        while served.connect().ask("GET", "/readyz", "").unwrap().status != 200 {
            assert!(began.elapsed() < PATIENCE, "the server does not become ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        served
    }

    /// What it remembers beside its ledger.
    pub(crate) fn state(&self) -> Box<dyn State> {
        let place = Place::Sqlite(self.folder.join("ledger.sqlite"));
        let kek = nattoku_kek::FileKek::open(self.folder.join("own.kek")).unwrap();
        let no_randomness = |_: &mut [u8]| Ok(());
        let kek = Kek::Given(std::sync::Arc::new(kek));
        let store =
            place.open(OpenMode::ReadOnly, no_randomness, nattoku_store::Settings::default(), &kek).unwrap();
        place.open_state(store.ledger_id().unwrap(), nattoku_store::Settings::default()).unwrap()
    }

    /// How many nodes hold a lease.
    pub(crate) fn n_leases(&self) -> usize {
        self.state().leases().unwrap().len()
    }
}

fn events() -> String {
    [
        json!({"event": "principal_registered", "born": "1985-04-01"}),
        json!({"event": "relationship_started", "relationship": "club"}),
        json!({"event": "data_acquired", "category": "purchase", "source": "member_store"}),
        json!({"event": "consent_granted", "item": "partner_sharing", "text_version": "1", "language": "ja",
               "channel": "web", "by": "principal"}),
    ]
    .map(|mut event| {
        event["principal"] = json!("p0");
        event["at"] = json!("2024-05-01T00:00:00Z");
        format!("{event}\n")
    })
    .concat()
}

/// What is asked: whether partners may be given what `p0` bought.
pub(crate) fn question() -> String {
    json!({"principal": "p0", "action": "provide", "activity": "partner_offers", "categories": ["purchase"],
           "recipient": "store_partners"})
    .to_string()
}

impl Served {
    pub(crate) fn connect(&self) -> Client {
        self.try_connect().unwrap()
    }

    /// Where it is, for a thread that outlives no borrow.
    pub(crate) fn door(&self) -> Door {
        Door { host: self.host.clone(), token: self.token.clone() }
    }

    /// A client with a token of somebody else's.
    pub(crate) fn connect_with(&self, token: String) -> Client {
        Client { token, ..self.connect() }
    }

    pub(crate) fn try_connect(&self) -> std::io::Result<Client> {
        self.door().connect()
    }

    /// How many bytes of memory it holds.
    #[cfg(target_os = "linux")]
    pub(crate) fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
    }

    /// How many files it has open, connections among them.
    #[cfg(target_os = "linux")]
    pub(crate) fn n_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap().count()
    }

    /// How many threads it has.
    #[cfg(target_os = "linux")]
    pub(crate) fn n_threads(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap().count()
    }

    /// Tells it to end.
    pub(crate) fn tell_to_end(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
    }

    /// Its exit code, once it has ended, which has to be soon enough.
    pub(crate) fn ended(&mut self, within: Duration) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            assert!(began.elapsed() < within, "it goes on after {within:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Where a server is, and the token for it.
pub(crate) struct Door {
    host: String,
    token: String,
}

impl Door {
    pub(crate) fn connect(&self) -> std::io::Result<Client> {
        let stream = TcpStream::connect(&self.host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Client { stream: BufReader::new(stream), token: self.token.clone() })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Client {
    /// Asks and reads the answer.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        let request = format!("{}Content-Length: {}\r\n\r\n{body}", self.head(method, path), body.len());
        self.send(&request)?;
        self.answer()
    }

    /// Asks whether it is permitted.
    pub(crate) fn decide(&mut self) -> std::io::Result<Answer> {
        self.ask("POST", "/v1/decide", &question())
    }

    /// The head of a request, without its last lines.
    pub(crate) fn head(&self, method: &str, path: &str) -> String {
        let token = &self.token;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        )
    }

    pub(crate) fn send(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.get_mut().write_all(text.as_bytes())
    }

    /// Reads an answer that tells its length.
    pub(crate) fn answer(&mut self) -> std::io::Result<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let head = head.to_lowercase();
        let value =
            |name: &str| head.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()));
        let mut body = vec![0; value("content-length:").unwrap_or_default().parse().unwrap_or(0)];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            is_last: value("connection:").as_deref() == Some("close"),
            body: String::from_utf8(body).unwrap(),
        })
    }

    /// Whether the server has closed the connection, be it with an answer before.
    pub(crate) fn is_closed_within(&mut self, time: Duration) -> bool {
        self.stream.get_ref().set_read_timeout(Some(time)).unwrap();
        let mut rest = Vec::new();
        match self.stream.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
