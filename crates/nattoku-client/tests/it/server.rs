//! A server for tests: the reference policy, one customer's past, a clock that stands still, and a port of its own.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use nattoku_client::Settings;
use nattoku_kek::FileKek;
use nattoku_lease::Terms;
use nattoku_model::clock::Clock;
use nattoku_operations::{CallerAct, Callers, Nattoku, Node, Publication, Secret, read_folder};
use nattoku_seal::Key;
use nattoku_store::{Kek, OpenMode, Place, SeededRandomness, Settings as StoreSettings, Token};
use nattoku_web::{Figures, Limits, OAuth, Parts, Sessions, Settings as WebSettings, Tracing, Web, router};
use tokio::runtime::Runtime;

/// How often a program may call.
const CALLS_A_SECOND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

const PAST: &str = r#"
{"event":"principal_registered","principal":"hana","at":"2018-04-02T11:00:00+09:00","born":"1990-06-01"}
{"event":"relationship_started","principal":"hana","at":"2018-04-02T11:00:00+09:00","relationship":"line"}
{"event":"relationship_started","principal":"hana","at":"2021-03-01T00:00:00+09:00","relationship":"club"}
{"event":"data_acquired","principal":"hana","at":"2021-03-01T00:00:00+09:00","category":"club.number","source":"app_screen"}
{"event":"consent_granted","principal":"hana","at":"2026-05-01T15:00:00+09:00","item":"partner_sharing","text_version":"2","language":"ja","channel":"shop","by":"principal"}
{"event":"data_acquired","principal":"hana","at":"2026-05-10T18:20:00+09:00","category":"purchase","source":"member_store"}
"#;

/// The clock of a working day.
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        "2026-11-24T10:12:00+09:00".parse().unwrap()
    }
}

/// A server that can be stopped and started.
pub(crate) struct Server {
    web: Web,
    node: Arc<Node>,
    address: SocketAddr,
    runtime: Option<Runtime>,
    token: String,
    folder: PathBuf,
}

fn new_folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("nattoku-client-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Server {
    /// A server on a free port, and a token of the campaign platform that allows everything.
    pub(crate) fn start() -> Self {
        let folder = new_folder();
        let policy =
            read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")).unwrap();
        FileKek::create(folder.join("nattoku.kek"), [1; 16], Key::new([2; 32])).unwrap();
        let kek = Kek::Given(Arc::new(FileKek::open(folder.join("nattoku.kek")).unwrap()));
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        let settings = StoreSettings::default();
        let store = place.open(OpenMode::Create, SeededRandomness::new(7), settings, &kek).unwrap();
        let publication = Publication::of(&nattoku_policy::check(&policy)).unwrap();
        let nattoku = Nattoku::of(publication, store, Box::new(StandingClock));
        nattoku.import_events(PAST.trim().as_bytes(), false, &mut |_| {}).unwrap();
        let state = place.open_state(nattoku.ledger_id().unwrap(), StoreSettings::default()).unwrap();
        let following = nattoku.follow(&mut |_| ()).unwrap();
        let terms = Terms::new(Duration::from_hours(1), Duration::from_millis(100)).unwrap();
        let node = Arc::new(Node::new(following, state, [9; 16], terms));
        node.renew().unwrap();
        let callers = Callers::new([0; 16]);
        let token = add_token(&node, &callers);
        let web = Web::of(Parts {
            node: Arc::clone(&node),
            callers,
            oauth: OAuth::default(),
            limits: Limits::of(CALLS_A_SECOND),
            figures: Figures::new(),
            tracing: Tracing::off(),
            sign_in: None,
            sessions: Sessions::new(Box::new(|| [0; 32])),
            settings: WebSettings::at("http://127.0.0.1:8080".to_owned()),
            ending: AtomicBool::new(false),
        });
        let mut server =
            Self { web, node, address: ([127, 0, 0, 1], 0).into(), runtime: None, token, folder };
        server.serve();
        server
    }

    /// Serves, under the address of before where there is one.
    pub(crate) fn serve(&mut self) {
        let listener = std::net::TcpListener::bind(self.address).unwrap();
        listener.set_nonblocking(true).unwrap();
        self.address = listener.local_addr().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let router = router(self.web.clone());
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        self.runtime = Some(runtime);
    }

    /// Stops at once: connections break.
    pub(crate) fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for a runtime is not allowed on a thread of another one.
            std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_secs(5))).join().unwrap();
        }
    }

    /// The settings of a client that may do everything.
    pub(crate) fn settings(&self) -> Settings {
        self.settings_with(&self.token)
    }

    /// The settings of a client with another token.
    pub(crate) fn settings_with(&self, token: &str) -> Settings {
        Settings::new(self.address(), token)
    }

    /// Where it is reached.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token that allows everything.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// What is known of hana, of somebody else.
    pub(crate) fn past_of(principal: &str) -> String {
        PAST.trim().replace("\"hana\"", &format!("\"{principal}\""))
    }

    /// Records behind the clients' backs.
    pub(crate) fn import(&self, line: &str) {
        let standing = self.node.following().standing();
        standing.nattoku().import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
        self.node.take_in().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn add_token(node: &Node, callers: &Callers) -> String {
    let secret = Secret::of(&[3; 32]);
    let token = Token {
        id: "test".to_owned(),
        digest: secret.digest(),
        applications: vec!["campaign_platform".to_owned()],
        acts: CallerAct::ALL.iter().map(|act| act.as_str().to_owned()).collect(),
        note: String::new(),
        created: StandingClock.now(),
        expires: None,
        revoked: None,
        last_used: None,
    };
    node.state().add_token(&token).unwrap();
    callers.refresh(node.state()).unwrap();
    secret.reveal().to_owned()
}
