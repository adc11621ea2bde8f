//! A server that keeps the protocol of the lease but for one step: what the tests of the promises have to find out
//! (`crates/nattoku/tests/it/nodes/broken.rs`). It is made of the parts of the real one, and is in nothing that anybody runs.
//!
//! `broken_server BROKEN POLICY STORE KEK`. BROKEN is `nothing`, or what is done otherwise ([`Broken`]). It prints a line of JSON once it
//! serves, as `nattoku serve` does, and is told on standard input where it is to pause, so that the moments at which a step matters
//! need no luck: `pause at questions` or `pause at answers` (of the registry), which it repeats; then, as soon as somebody has come there,
//! it prints `paused`, and goes on by `go on`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "it is there for tests alone, which stop at the first surprise"
)]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use jiff::Timestamp;
use nattoku_kek::FileKek;
use nattoku_lease::Terms;
use nattoku_model::clock::Clock;
use nattoku_operations::{Callers, Nattoku, Node, Publication, read_folder};
use nattoku_store::{Kek, OpenMode, Place, RandomnessError, Settings as StoreSettings};
use nattoku_web::{Figures, Limits, OAuth, Parts, Sessions, Settings, Tracing, Web, router};

#[path = "broken_server/broken.rs"]
mod broken;
#[path = "broken_server/gate.rs"]
mod gate;

use broken::{Broken, BrokenLease};
use gate::Gate;

/// How often it looks whether the ledger has become longer.
const LOOK_EVERY: Duration = Duration::from_millis(20);

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the edge of the program is where time comes from")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Where it pauses.
#[derive(Clone, Default)]
struct Gates {
    /// Before a question is evaluated, and after whatever is checked before that.
    questions: Gate,
    /// Before an answer of the registry is taken, which has the head of the ledger in it.
    answers: Gate,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [broken, policy, store, kek] = words.as_slice() else {
        panic!("broken_server BROKEN POLICY STORE KEK")
    };
    let broken: Broken = broken.parse().unwrap();
    let gates = Gates::default();
    let lease = BrokenLease::new(broken, &gates.answers);
    let web = web(nattoku(policy, store, kek), store, lease.clone());

    let node = Arc::clone(&web.node);
    std::thread::spawn(move || follow(&node));
    let told = gates.clone();
    std::thread::spawn(move || listen_to_test(&told));
    let checked = move |request, next| check_before(lease.clone(), gates.questions.clone(), request, next);
    let router = router(web).layer(from_fn(checked));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        tell(&serde_json::json!({ "url": format!("http://{}", listener.local_addr().unwrap()) }).to_string());
        axum::serve(listener, router).await.unwrap();
    });
}

fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

/// Does as it is told, line by line.
fn listen_to_test(gates: &Gates) {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        match line.as_str() {
            "pause at questions" => gates.questions.close(&line),
            "pause at answers" => gates.answers.close(&line),
            "go on" => {
                gates.questions.open();
                gates.answers.open();
                tell(&line);
            }
            other => panic!("`{other}` is nothing that is done"),
        }
    }
}

fn random(bytes: &mut [u8]) -> Result<(), RandomnessError> {
    getrandom::fill(bytes).map_err(|error| RandomnessError(error.to_string()))
}

fn nattoku(policy: &str, store: &str, kek: &str) -> Nattoku {
    let checked = nattoku_policy::check(&read_folder(Path::new(policy)).unwrap());
    let kek = Kek::Given(Arc::new(FileKek::open(kek).unwrap()));
    let place = Place::read(store).unwrap();
    let store = place.open(OpenMode::Existing, random, StoreSettings::default(), &kek).unwrap();
    Nattoku::of(Publication::of(&checked).unwrap(), store, Box::new(SystemClock))
}

/// All that a server has, over a node with this lease, which it has taken.
fn web(nattoku: Nattoku, store: &str, lease: BrokenLease) -> Web {
    let state = Place::read(store).unwrap();
    let state = state.open_state(nattoku.ledger_id().unwrap(), StoreSettings::default()).unwrap();
    let mut id = [0; 16];
    random(&mut id).unwrap();
    let following = nattoku.follow(&mut |_| ()).unwrap();
    let node = Node::leasing(following, state, id, (Terms::default(), Box::new(lease)));
    node.renew().unwrap();
    let callers = Callers::new([0; 16]);
    callers.refresh(node.state()).unwrap();
    Web::of(Parts {
        node: Arc::new(node),
        callers,
        oauth: OAuth::default(),
        limits: Limits::of(std::num::NonZeroU32::MAX),
        figures: Figures::new(),
        sign_in: None,
        tracing: Tracing::off(),
        sessions: Sessions::new(Box::new(|| [0; 32])),
        settings: Settings::at("http://127.0.0.1".to_owned()),
        ending: AtomicBool::new(false),
    })
}

/// Keeps the node up to date. What cannot be read now is read later.
fn follow(node: &Node) {
    loop {
        drop(if node.is_to_renew() { node.renew() } else { node.follow() });
        std::thread::sleep(LOOK_EVERY.min(node.until_renewal()));
    }
}

/// Checks the lease where a question comes in, and pauses before that is evaluated. What came of the check counts where nothing else is
/// asked before the answer is sent.
async fn check_before(lease: BrokenLease, gate: Gate, request: Request, next: Next) -> Response {
    if request.uri().path() == "/v1/decide" {
        lease.check();
        tokio::task::spawn_blocking(move || gate.pass()).await.unwrap();
    }
    next.run(request).await
}
