//! A deployment for tests: the reference policy, a ledger, and a server over HTTP in this very process.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use nattoku_client::{Settings as ClientSettings, blocking};
use nattoku_embedded::{Embedded, Settings, Told};
use nattoku_kek::FileKek;
use nattoku_lease::Terms;
use nattoku_model::clock::Clock;
use nattoku_operations::{
    CallerAct, Callers, EVERY_APPLICATION, Keeping, Nattoku, Node, Publication, Secret, read_folder,
};
use nattoku_seal::Key;
use nattoku_store::{
    Kek, NodeLease, OpenMode, Place, SeededRandomness, Settings as StoreSettings, State, Token,
};
use nattoku_testkit::postgresql::Postgresql;
use nattoku_web::{Figures, Limits, OAuth, Parts, Sessions, Settings as WebSettings, Tracing, Web, router};
use tokio::runtime::Runtime;

/// Everybody as hana is, but ren, who has agreed to nothing, and mei, who is a child.
pub(crate) const PRINCIPALS: [&str; 3] = ["hana", "ren", "mei"];

const PAST: &str = r#"
{"event":"principal_registered","principal":"hana","at":"2018-04-02T11:00:00+09:00","born":"1990-06-01"}
{"event":"relationship_started","principal":"hana","at":"2018-04-02T11:00:00+09:00","relationship":"line"}
{"event":"relationship_started","principal":"hana","at":"2021-03-01T00:00:00+09:00","relationship":"club"}
{"event":"data_acquired","principal":"hana","at":"2021-03-01T00:00:00+09:00","category":"club.number","source":"app_screen"}
{"event":"consent_granted","principal":"hana","at":"2026-05-01T15:00:00+09:00","item":"partner_sharing","text_version":"2","language":"ja","channel":"shop","by":"principal"}
{"event":"data_acquired","principal":"hana","at":"2026-05-10T18:20:00+09:00","category":"purchase","source":"member_store"}
"#;

/// The machine's clock: a lease counts by a real one, and a server's answers are of now.
#[derive(Clone, Copy)]
struct Now;

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "a server's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What the node tells of itself.
pub(crate) type Tells = Arc<Mutex<Vec<Told>>>;

/// A deployment whose server goes on until it is dropped.
pub(crate) struct Deployment {
    /// First, so that it ends while the database is there.
    server: Option<Server>,
    pub(crate) database: Option<Postgresql>,
    pub(crate) folder: PathBuf,
    pub(crate) store: String,
    token: String,
}

struct Server {
    runtime: Option<Runtime>,
    keeping: Option<Keeping>,
    node: Arc<Node>,
    address: SocketAddr,
}

/// A new folder for what a test writes.
pub(crate) fn new_folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("nattoku-embedded-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The reference policy.
pub(crate) fn carrier() -> PathBuf {
    nattoku_testkit::carrier::folder()
}

impl Deployment {
    /// Over a file.
    pub(crate) fn in_file() -> Self {
        let folder = new_folder();
        let store = format!("sqlite:{}", folder.join("ledger.sqlite").display());
        Self::over(folder, store, None)
    }

    /// Over a database; nothing where there is no PostgreSQL.
    pub(crate) fn in_database(name: &str) -> Option<Self> {
        let database = Postgresql::start(name)?;
        database.make_database("ledger");
        let store = database.address("ledger");
        Some(Self::over(new_folder(), store, Some(database)))
    }

    /// Over both; over the file alone where there is no PostgreSQL.
    pub(crate) fn each(name: &str) -> Vec<Self> {
        [Some(Self::in_file()), Self::in_database(name)].into_iter().flatten().collect()
    }

    fn over(folder: PathBuf, store: String, database: Option<Postgresql>) -> Self {
        let path = folder.join("nattoku.kek");
        FileKek::create(&path, [1; 16], Key::new([2; 32])).unwrap();
        let kek = Kek::Given(Arc::new(FileKek::open(&path).unwrap()));
        let place = Place::read(&store).unwrap();
        let settings = StoreSettings::default();
        let opened = place.open(OpenMode::Create, SeededRandomness::new(7), settings, &kek).unwrap();
        let publication = Publication::of(&nattoku_policy::check(&read_folder(&carrier()).unwrap())).unwrap();
        let nattoku = Nattoku::of(publication, opened, Box::new(Now));
        let past = PAST.trim();
        let ren: Vec<String> = past
            .lines()
            .filter(|line| !line.contains("consent_granted"))
            .map(|line| line.replace("\"hana\"", "\"ren\""))
            .collect();
        let mei = past.replace("\"hana\"", "\"mei\"").replace("1990-06-01", "2015-06-01");
        for lines in [past, &ren.join("\n"), &mei] {
            nattoku.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
        }
        let state = place.open_state(nattoku.ledger_id().unwrap(), settings).unwrap();
        let (server, token) = Server::start(nattoku, state);
        Self { server: Some(server), database, folder, store, token }
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// A client of the server, which remembers nothing.
    pub(crate) fn client(&self) -> blocking::Client {
        let address = format!("http://{}", self.server().address);
        let patient = Duration::from_mins(1);
        let settings = ClientSettings::new(address, &self.token).cache_for(Duration::ZERO).tries(1, patient);
        blocking::Client::new(settings.wait_for_questions(patient).wait_for_writes(patient)).unwrap()
    }

    /// What a node of this deployment is opened with.
    pub(crate) fn settings(&self, application: &str) -> Settings {
        let kek = format!("file:{}", self.folder.join("nattoku.kek").display());
        Settings::new(carrier(), self.store.as_str(), application).key_encryption_key(kek)
    }

    /// A node that asks as the campaign platform.
    pub(crate) fn embedded(&self) -> Embedded {
        Embedded::open(self.settings("campaign_platform")).unwrap()
    }

    /// The same, with what it tells.
    pub(crate) fn telling(&self) -> (Embedded, Tells) {
        let (settings, tells) = told(self.settings("campaign_platform"));
        (Embedded::open(settings).unwrap(), tells)
    }

    /// What the deployment remembers.
    pub(crate) fn state(&self) -> &dyn State {
        self.server().node.state()
    }

    /// What can be done by its server.
    pub(crate) fn nattoku(&self) -> Nattoku {
        self.server().node.following().standing().nattoku().clone()
    }

    /// The leases of the deployment.
    pub(crate) fn leases(&self) -> Vec<NodeLease> {
        self.state().leases().unwrap()
    }

    /// The leases of others than the server.
    pub(crate) fn leases_of_others(&self) -> Vec<NodeLease> {
        self.leases().into_iter().filter(|lease| lease.node != SERVER).collect()
    }

    /// Ends the server, and gives its lease up.
    pub(crate) fn end_server(&mut self) {
        self.server = None;
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        self.server = None;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Settings whose node tells what it tells.
pub(crate) fn told(settings: Settings) -> (Settings, Tells) {
    let tells = Tells::default();
    let told = Arc::clone(&tells);
    (settings.telling(move |one| told.lock().unwrap().push(one)), tells)
}

/// The id of the server's node.
const SERVER: [u8; 16] = [9; 16];

impl Server {
    fn start(nattoku: Nattoku, state: Box<dyn State>) -> (Self, String) {
        let following = nattoku.follow(&mut |_| ()).unwrap();
        let node = Arc::new(Node::new(following, state, SERVER, Terms::default()));
        node.renew().unwrap();
        let keeping = Keeping::begin(Arc::clone(&node), |_| ()).unwrap();
        let callers = Callers::new([0; 16]);
        let token = add_token(&node, &callers);
        let web = Web::of(Parts {
            node: Arc::clone(&node),
            callers,
            oauth: OAuth::default(),
            limits: Limits::of(NonZeroU32::new(10_000).unwrap()),
            figures: Figures::new(),
            tracing: Tracing::off(),
            sign_in: None,
            sessions: Sessions::new(Box::new(|| [0; 32])),
            settings: WebSettings::at("http://127.0.0.1:8080".to_owned()),
            ending: AtomicBool::new(false),
        });
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router(web)).await.unwrap();
        });
        (Self { runtime: Some(runtime), keeping: Some(keeping), node, address }, token)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for a runtime is not allowed on a thread of another one.
            std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_secs(5))).join().unwrap();
        }
        drop(self.keeping.take());
    }
}

fn add_token(node: &Node, callers: &Callers) -> String {
    let secret = Secret::of(&[3; 32]);
    let token = Token {
        id: "test".to_owned(),
        digest: secret.digest(),
        applications: vec![EVERY_APPLICATION.to_owned()],
        acts: CallerAct::ALL.iter().map(|act| act.as_str().to_owned()).collect(),
        note: String::new(),
        created: Now.now(),
        expires: None,
        revoked: None,
        last_used: None,
    };
    node.state().add_token(&token).unwrap();
    callers.refresh(node.state()).unwrap();
    secret.reveal().to_owned()
}

/// Looks until it is so. Whoever waits for ever has failed, and is ended by whatever runs the tests.
pub(crate) fn until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
