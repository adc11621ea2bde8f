//! One server of a deployment, and what is asked of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(6);
/// How often something is sent that has to be answered.
const TRIES: usize = 3;

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

/// What runs as a server.
#[derive(Debug, Clone)]
pub(super) enum Program {
    /// The program itself.
    Nattoku(Place),
    /// The one of `examples/broken_server.rs`, with what it is told.
    Broken(Vec<String>),
}

/// What it has of its deployment: where its settings are, and by which token it is asked.
pub(super) struct Ground {
    pub(super) settings: PathBuf,
    pub(super) token: String,
}

/// A process, with what it prints.
struct Process {
    child: Child,
    said: BufReader<ChildStdout>,
}

/// One server, which may be stopped and started again at the same address.
pub(crate) struct Node {
    ground: Ground,
    program: Program,
    host: String,
    process: Mutex<Process>,
}

/// A question that is on its way.
pub(crate) struct Pending(TcpStream);

/// The program: the one that was built with this test, unless `NATTOKU_PROGRAM` names another.
fn program() -> PathBuf {
    std::env::var_os("NATTOKU_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_nattoku").into(), PathBuf::from)
}

pub(crate) fn nattoku(settings: &Path) -> Command {
    let mut command = Command::new(program());
    command.current_dir(settings).env_remove("NATTOKU_STORE").env_remove("NATTOKU_POLICY");
    command
}

fn spawn(settings: &Path, program: &Program, listen: &str) -> (Process, String) {
    let mut command = match program {
        Program::Nattoku(Place { namespace, store }) => {
            let mut command = match namespace {
                None => nattoku(settings),
                Some(name) => {
                    let mut command = Command::new("ip");
                    command.args(["netns", "exec", name]).arg(self::program()).current_dir(settings);
                    command.env_remove("NATTOKU_POLICY");
                    command
                }
            };
            command.envs(store.iter().map(|store| ("NATTOKU_STORE", store)));
            command.args(["serve", "--format", "json", "--listen", listen]).stdin(Stdio::null());
            command
        }
        Program::Broken(words) => {
            let mut path = std::env::current_exe().unwrap();
            path.pop();
            path.pop();
            let mut command = Command::new(path.join("examples/broken_server"));
            command.args(words).stdin(Stdio::piped());
            command
        }
    };
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let mut process = Process { child, said };
    let line = process.next_line();
    let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
    let host = told["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    (process, host)
}

impl Process {
    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Pending {
    /// Whether nothing has come of it yet.
    pub(crate) fn is_open(&self) -> bool {
        self.0.set_nonblocking(true).unwrap();
        let peeked = self.0.peek(&mut [0]);
        self.0.set_nonblocking(false).unwrap();
        peeked.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// The answer; nothing where the connection breaks off, or it takes too long.
    pub(crate) fn answer(mut self) -> Option<Answer> {
        let mut text = String::new();
        self.0.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        // What is no JSON is told as a text.
        Some(Answer { status, body: serde_json::from_str(body).unwrap_or_else(|_| json!(body)) })
    }
}

impl Node {
    /// Starts a server, and waits until it is ready.
    pub(super) fn start(ground: Ground, program: Program, listen: &str) -> Self {
        let (process, host) = spawn(&ground.settings, &program, listen);
        let node = Self { ground, program, host, process: Mutex::new(process) };
        node.await_readiness();
        node
    }

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

    /// The same; nothing where the server does not answer, or not now.
    pub(crate) fn try_decide(&self, principal: usize) -> Option<Value> {
        let answer = self.try_post("/v1/decide", &self.question(principal, None), None)?;
        assert!([200, 503].contains(&answer.status), "{}", answer.body);
        (answer.status == 200).then_some(answer.body)
    }

    pub(crate) fn permits(&self, principal: usize) -> bool {
        self.decide(principal, None)["permitted"].as_bool().unwrap()
    }

    /// Whether it is permitted, where the server answers at all.
    pub(crate) fn try_permits(&self, principal: usize, min_revision: Option<u64>) -> Option<bool> {
        let answer = self.try_post("/v1/decide", &self.question(principal, min_revision), None)?;
        (answer.status == 200).then(|| answer.body["permitted"].as_bool().unwrap())
    }

    /// Asks whether it is permitted, and waits for no answer.
    pub(crate) fn send_question(&self, principal: usize) -> Pending {
        let question = self.question(principal, None).to_string();
        self.send("POST", "/v1/decide", &question, None).expect("the server takes the connection")
    }

    pub(crate) fn withdraw(&self, principal: usize, acknowledge: &str) -> Value {
        // Sent again under its key, as a client does: a busy machine may take longer than one answer is waited for.
        let mut answers = (0..TRIES).filter_map(|_| self.try_withdraw(principal, acknowledge));
        let answer = answers.next().expect("the server answers");
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
        self.send(method, path, body, key)?.answer()
    }

    fn send(&self, method: &str, path: &str, body: &str, key: Option<&str>) -> Option<Pending> {
        let mut stream = TcpStream::connect(&self.host).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
        // At once: in parts, each would wait until the one before was acknowledged.
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             {key}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.host,
            self.ground.token,
            body.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        Some(Pending(stream))
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

    /// Tells it something, which it repeats once it has done so.
    pub(crate) fn tell(&self, words: &str) {
        let mut process = self.process.lock().unwrap();
        writeln!(process.child.stdin.as_mut().unwrap(), "{words}").unwrap();
        assert_eq!(process.next_line(), words);
    }

    /// Waits until it has come to where it was told to pause.
    pub(crate) fn await_pause(&self) {
        assert_eq!(self.process.lock().unwrap().next_line(), "paused");
    }

    pub(crate) fn kill(&self) {
        let child = &mut self.process.lock().unwrap().child;
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts it again after it was killed, at the same address.
    pub(crate) fn start_again(&self) {
        let (process, _) = spawn(&self.ground.settings, &self.program, &self.host);
        *self.process.lock().unwrap() = process;
    }

    /// Ends it as somebody who ends a service does.
    pub(crate) fn end(&self) {
        self.signal("TERM");
        self.process.lock().unwrap().child.wait().unwrap();
    }

    fn signal(&self, signal: &str) {
        let id = self.process.lock().unwrap().child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let child = &mut self.process.lock().unwrap_or_else(std::sync::PoisonError::into_inner).child;
        let _ = child.kill();
        let _ = child.wait();
    }
}
