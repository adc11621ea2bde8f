//! A whole site for tests: the reference policy, a store with one customer's past, and a clock that can be moved.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use nattoku_kek::FileKek;
use nattoku_lease::Terms as LeaseTerms;
use nattoku_ledger::{Kind, SigningKey};
use nattoku_model::Policy;
use nattoku_model::clock::Clock;
use nattoku_operations::{CallerAct, Callers, Nattoku, Node, Publication, PublishedLog, Secret, read_folder};
use nattoku_policy::Source;
use nattoku_seal::Key;
use nattoku_store::{
    Kek, NewEvent, OpenMode, Place, SeededRandomness, Settings as StoreSettings, Store, Token,
};
use nattoku_trace::Tracing;
use nattoku_web::{Figures, OAuth, Parts, Sessions, Settings, SignIn, StorePlaces, Web, router};
use tower::ServiceExt as _;

use crate::html::{Tag, tags};
use crate::watched::{Watch, Watched};

/// The customer that the tests sign in as.
pub(crate) const PRINCIPAL: &str = "sakura";

/// By what a site is made, where a test wants it otherwise than usual.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How long the node's lease holds.
    pub(crate) lease: Duration,
    /// How often a program may call.
    pub(crate) calls_a_second: NonZeroU32,
    /// How long the store waits for another program that is writing.
    pub(crate) wait_for_lock_max: Duration,
    /// How long people wait for the store.
    pub(crate) patience: Duration,
    /// How many programs may wait for the store at once: of those that ask, and of those that write.
    pub(crate) programs: (usize, usize),
}

impl Default for Terms {
    /// No test lasts as long as this lease or this patience, or calls as often.
    fn default() -> Self {
        Self {
            lease: Duration::from_hours(1),
            calls_a_second: NonZeroU32::new(10_000).unwrap(),
            wait_for_lock_max: StoreSettings::default().wait_for_lock_max,
            patience: Duration::from_hours(1),
            programs: (StorePlaces::USUAL.asking, StorePlaces::USUAL.appending),
        }
    }
}

const PAST: &str = r#"
{"event":"principal_registered","principal":"sakura","at":"2016-04-01T10:00:00+09:00","born":"1985-04-01","unknown_relationships":[]}
{"event":"relationship_started","principal":"sakura","at":"2016-04-01T10:00:00+09:00","relationship":"line"}
{"event":"data_acquired","principal":"sakura","at":"2016-04-01T10:05:00+09:00","category":"contact","source":"shop_paper"}
{"event":"data_acquired","principal":"sakura","at":"2016-04-01T10:06:00+09:00","category":"contract","source":"shop_paper"}
{"event":"relationship_started","principal":"sakura","at":"2019-12-20T10:00:00+09:00","relationship":"club"}
{"event":"notice_given","principal":"sakura","at":"2019-12-20T10:01:00+09:00","policy_version":"2019-12-11","language":"ja","channel":"app"}
{"event":"consent_granted","principal":"sakura","at":"2019-12-20T10:02:00+09:00","item":"partner_sharing","text_version":"1","language":"ja","channel":"app","by":"principal"}
{"event":"data_acquired","principal":"sakura","at":"2020-02-01T12:00:00+09:00","category":"purchase","source":"member_store"}
{"event":"data_acquired","principal":"sakura","at":"2026-10-01T09:00:00+09:00","category":"call_history","source":"service_records"}
{"event":"data_provided","principal":"sakura","at":"2020-03-01T12:00:00+09:00","recipient":"store_partners","activity":"partner_offers","categories":["purchase"],"basis":"consent:partner_sharing"}
{"event":"choice_declined","principal":"sakura","at":"2021-05-06T15:00:00+09:00","choice":"offers","channel":"phone","by":"principal"}
"#;

/// The reference policy.
pub(crate) fn carrier() -> Vec<Source> {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")).unwrap()
}

/// The reference policy as that of a company in Germany under the GDPR, with its data center in another country of the
/// European Economic Area and its stores overseas where they are.
pub(crate) fn carrier_in_europe() -> Vec<Source> {
    let mut sources = carrier();
    for source in sources.iter_mut().filter(|s| !s.name.contains('/')) {
        let mut text = String::from_utf8(source.bytes.clone()).unwrap();
        if source.name.ends_with(".kdl") {
            text = text.replace("law appi \"2022-04-01\"", "law gdpr \"2018-05-25\"");
            text = text.replace("country=DE", "country=FR").replace("country=JP", "country=DE");
            let own = text.lines().filter(|line| !line.starts_with("equivalent-countries"));
            text = own.collect::<Vec<_>>().join("\n") + "\n";
        }
        source.bytes = text.into_bytes();
    }
    sources
}

/// A site with its parts.
pub(crate) struct Site {
    router: Router,
    pub(crate) nattoku: Nattoku,
    pub(crate) web: Web,
    /// What is read of the ledger by it.
    pub(crate) watch: Watch,
    clock: TestClock,
    cookie: Option<String>,
    place: Place,
    folder: PathBuf,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    async fn read(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 << 20).await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status: parts.status, headers: parts.headers, body, bytes }
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub(crate) fn tags(&self) -> Vec<Tag> {
        tags(&self.body)
    }

    /// The text of the page's one `h1`.
    pub(crate) fn heading(&self) -> String {
        self.tags().into_iter().find(|t| t.name == "h1").map(|t| t.text).unwrap_or_default()
    }
}

#[derive(Clone)]
struct TestClock(Arc<Mutex<Timestamp>>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

fn kek_in(folder: &Path) -> Kek {
    Kek::Given(Arc::new(FileKek::open(folder.join("nattoku.kek")).unwrap()))
}

/// What signs the ledger as a log.
pub(crate) fn log_key() -> SigningKey {
    SigningKey::new("example.jp/log", Kind::Ed25519, [1; 32]).unwrap()
}

fn new_folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("nattoku-web-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Site {
    /// Nobody is signed in; it is a working day in the desk's hours.
    pub(crate) fn new() -> Self {
        Self::at("http://127.0.0.1:8080")
    }

    /// A site under a public address.
    pub(crate) fn at(public_address: &str) -> Self {
        Self::of(&carrier(), public_address)
    }

    /// A site that shows another policy.
    pub(crate) fn of(policy: &[Source], public_address: &str) -> Self {
        let folder = new_folder();
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        Self::over(policy, public_address, (place, folder), Terms::default())
    }

    /// A site on other terms.
    pub(crate) fn on(terms: Terms) -> Self {
        let folder = new_folder();
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        Self::over(&carrier(), "http://127.0.0.1:8080", (place, folder), terms)
    }

    /// A site whose ledger is in a database of a server.
    pub(crate) fn in_database(address: &str) -> Self {
        let folder = new_folder();
        let place = Place::read(address).unwrap();
        Self::over(&carrier(), "http://127.0.0.1:8080", (place, folder), Terms::default())
    }

    /// A site that takes tokens of issuers.
    pub(crate) fn trusting_on(oauth: OAuth, terms: Terms) -> Self {
        let folder = new_folder();
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        Self::trusting_over(&carrier(), "http://127.0.0.1:8080", (place, folder), terms, (oauth, None))
    }

    /// A site at which people sign in by a provider.
    pub(crate) fn signing_in_by(sign_in: SignIn) -> Self {
        let folder = new_folder();
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        let identity = (OAuth::default(), Some(sign_in));
        Self::trusting_over(&carrier(), "http://127.0.0.1:8080", (place, folder), Terms::default(), identity)
    }

    fn over(policy: &[Source], public_address: &str, place: (Place, PathBuf), terms: Terms) -> Self {
        Self::trusting_over(policy, public_address, place, terms, (OAuth::default(), None))
    }

    fn trusting_over(
        policy: &[Source],
        public_address: &str,
        (place, folder): (Place, PathBuf),
        terms: Terms,
        identity: (OAuth, Option<SignIn>),
    ) -> Self {
        Self::told(policy, public_address, (place, folder), terms, identity, |nattoku| {
            nattoku.import_events(PAST.trim().as_bytes(), false, &mut |_| {}).unwrap();
        })
    }

    fn told(
        policy: &[Source],
        public_address: &str,
        (place, folder): (Place, PathBuf),
        terms: Terms,
        (oauth, sign_in): (OAuth, Option<SignIn>),
        tell: impl FnOnce(&Nattoku),
    ) -> Self {
        let clock = TestClock(Arc::new(Mutex::new("2026-11-24T10:12:00+09:00".parse().unwrap())));
        FileKek::create(folder.join("nattoku.kek"), [1; 16], Key::new([2; 32])).unwrap();
        let randomness = SeededRandomness::new(7);
        let settings =
            StoreSettings { wait_for_lock_max: terms.wait_for_lock_max, ..StoreSettings::default() };
        let store = place.open(OpenMode::Create, randomness, settings, &kek_in(&folder)).unwrap();
        let checked = nattoku_policy::check(policy);
        let publication = Publication::of(&checked).unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
        let log = PublishedLog::new(folder.join("checkpoint"));
        let watch = Watch::default();
        let store = Watched::over(store, &watch);
        let nattoku = Nattoku::of(publication, store, Box::new(clock.clone())).with_log(log);
        let nattoku = nattoku.with_log_key(Arc::new(log_key()));
        tell(&nattoku);
        Self::serve((nattoku, watch), (place, folder), terms, (oauth, sign_in), public_address, clock)
    }

    /// A site that knows nobody but whom it is told of, and who that is.
    pub(crate) fn knowing(events: impl Fn(&Policy, Timestamp) -> Vec<NewEvent>) -> (Self, BTreeSet<String>) {
        let folder = new_folder();
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        let people = RefCell::new(BTreeSet::new());
        let site = Self::told(
            &carrier(),
            "http://127.0.0.1:8080",
            (place, folder),
            Terms::default(),
            (OAuth::default(), None),
            |nattoku| {
                let events = events(nattoku.policy(), nattoku.now());
                people.borrow_mut().extend(events.iter().filter_map(|event| event.principal.clone()));
                nattoku.record_events(&events, true).unwrap();
            },
        );
        (site, people.into_inner())
    }

    /// Another server of the same deployment.
    pub(crate) fn beside(&self) -> Self {
        self.beside_on(Terms::default())
    }

    /// The same on other terms.
    pub(crate) fn beside_on(&self, terms: Terms) -> Self {
        self.beside_under(&carrier(), terms)
    }

    /// The same under another policy.
    pub(crate) fn beside_under(&self, policy: &[Source], terms: Terms) -> Self {
        let folder = new_folder();
        std::fs::copy(self.folder.join("nattoku.kek"), folder.join("nattoku.kek")).unwrap();
        let (randomness, settings) = (SeededRandomness::new(8), StoreSettings::default());
        let store = self.place.open(OpenMode::Existing, randomness, settings, &kek_in(&folder)).unwrap();
        let checked = nattoku_policy::check(policy);
        let publication = Publication::of(&checked).unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
        let watch = Watch::default();
        let store = Watched::over(store, &watch);
        let nattoku = (Nattoku::of(publication, store, Box::new(self.clock.clone())), watch);
        let identity = (OAuth::default(), None);
        let place = (self.place.clone(), folder);
        Self::serve(nattoku, place, terms, identity, "http://127.0.0.1:8080", self.clock.clone())
    }

    fn serve(
        (nattoku, watch): (Nattoku, Watch),
        (place, folder): (Place, PathBuf),
        terms: Terms,
        (oauth, sign_in): (OAuth, Option<SignIn>),
        public_address: &str,
        clock: TestClock,
    ) -> Self {
        static RANDOM: AtomicU64 = AtomicU64::new(1);
        let sessions = Sessions::new(Box::new(|| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&RANDOM.fetch_add(1, Ordering::Relaxed).to_le_bytes());
            bytes
        }));
        let settings = Settings::at(public_address.to_owned());
        let state = place.open_state(nattoku.ledger_id().unwrap(), StoreSettings::default()).unwrap();
        let following = nattoku.clone().follow(&mut |_| ()).unwrap();
        let lease = LeaseTerms::new(terms.lease, terms.lease / 20).unwrap();
        let mut id = [9; 16];
        id[..8].copy_from_slice(&RANDOM.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        let node = Arc::new(Node::new(following, state, id, lease));
        node.renew().unwrap();
        let limits = oauth.limits(terms.calls_a_second).with_programs(terms.programs.0, terms.programs.1);
        let web = Web::of(Parts {
            node,
            callers: Callers::new([0; 16]),
            limits: limits.with_patience(terms.patience),
            oauth,
            figures: Figures::new(),
            tracing: Tracing::off(),
            sign_in,
            sessions,
            settings,
            ending: AtomicBool::default(),
        });
        Self { router: router(web.clone()), web, nattoku, watch, clock, cookie: None, place, folder }
    }

    /// A site with the customer signed in.
    pub(crate) async fn signed_in() -> Self {
        let mut site = Self::new();
        site.sign_in(PRINCIPAL).await;
        site
    }

    /// A site that shows another policy, with the customer signed in.
    pub(crate) async fn signed_in_under(policy: &[Source]) -> Self {
        let mut site = Self::of(policy, "http://127.0.0.1:8080");
        site.sign_in(PRINCIPAL).await;
        site
    }

    /// A site where somebody else is known too, and signed in.
    pub(crate) async fn signed_in_as(principal: &str, past: &str) -> Self {
        let mut site = Self::new();
        site.nattoku.import_events(past.trim().as_bytes(), false, &mut |_| {}).unwrap();
        site.sign_in(principal).await;
        site
    }

    /// The ledger, opened once more.
    pub(crate) fn store(&self) -> Box<dyn Store> {
        let (randomness, settings) = (SeededRandomness::new(9), StoreSettings::default());
        self.place.open(OpenMode::Existing, randomness, settings, &self.kek()).unwrap()
    }

    /// The cookie of whoever is signed in here, for another server of the deployment to be asked with.
    pub(crate) fn take_cookie(&mut self, other: &Self) {
        self.cookie.clone_from(&other.cookie);
    }

    /// Keeps the cookie of an answer, as a browser does.
    pub(crate) fn keep_cookie(&mut self, answer: &Answer) {
        self.cookie = answer.header(header::SET_COOKIE).split(';').next().map(str::to_owned);
    }

    /// Asks as nobody from now on.
    pub(crate) fn forget_cookie(&mut self) {
        self.cookie = None;
    }

    pub(crate) async fn sign_in(&mut self, principal: &str) {
        let link = self.web.sessions.issue_link(principal, self.now());
        let answer = self.get(&format!("/sign-in/{link}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        self.keep_cookie(&answer);
    }

    /// Somebody else who is signed in beside whoever is here.
    pub(crate) async fn visitor(&self, principal: &str) -> Visitor {
        let link = self.web.sessions.issue_link(principal, self.now());
        // With a browser of their own: in this one they would take the place of whoever is here.
        let request = Request::builder().uri(format!("/sign-in/{link}")).body(Body::empty()).unwrap();
        let answer = Answer::read(self.router.clone().oneshot(request).await.unwrap()).await;
        let cookie = answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        Visitor { router: self.router.clone(), cookie }
    }

    /// A token for an application, with these acts.
    pub(crate) fn token(&self, applications: &[&str], acts: &[CallerAct]) -> String {
        self.token_with(applications, acts, |_| ())
    }

    /// A token that is otherwise as it is made to be.
    pub(crate) fn token_with(
        &self,
        applications: &[&str],
        acts: &[CallerAct],
        otherwise: impl FnOnce(&mut Token),
    ) -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 32];
        random[..8].copy_from_slice(&number.to_le_bytes());
        let secret = Secret::of(&random);
        let mut token = Token {
            id: format!("token-{number}"),
            digest: secret.digest(),
            applications: applications.iter().map(|name| (*name).to_owned()).collect(),
            acts: acts.iter().map(|act| act.as_str().to_owned()).collect(),
            note: String::new(),
            created: self.now(),
            expires: None,
            revoked: None,
            last_used: None,
        };
        otherwise(&mut token);
        self.web.node.state().add_token(&token).unwrap();
        self.read_tokens();
        secret.reveal().to_owned()
    }

    /// Reads anew who may call, and notes who has called.
    pub(crate) fn read_tokens(&self) {
        self.web.callers.refresh(self.web.node.state()).unwrap();
    }

    /// Where the ledger is.
    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// What the ledger's keys rest on.
    pub(crate) fn kek(&self) -> Kek {
        kek_in(&self.folder)
    }

    /// Where the newest signed checkpoint is looked for.
    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.folder.join("checkpoint")
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets the clock, as that of somebody else who is asked.
    pub(crate) fn set_clock(&self, now: Timestamp) {
        *self.clock.0.lock().unwrap() = now;
    }

    pub(crate) fn pass(&self, minutes: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.ask(Request::builder().method(Method::GET).uri(address), String::new()).await
    }

    /// Posts a form as a browser on the same site does.
    pub(crate) async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.ask(request, body.join("&")).await
    }

    /// Fills in a page's act form as it stands and posts it.
    pub(crate) async fn submit(&self, page: &Answer) -> Answer {
        let tags = page.tags();
        let form = tags.iter().rfind(|t| t.name == "form").expect("the page has a form");
        let fields: Vec<(&str, &str)> = tags
            .iter()
            .filter(|t| t.name == "input" && t.get("type") == Some("hidden"))
            .map(|t| (t.get("name").unwrap(), t.get("value").unwrap()))
            .collect();
        self.post(form.get("action").unwrap(), &fields).await
    }

    /// Asks, and gives the answer before it is read.
    pub(crate) async fn open(&self, request: axum::http::request::Builder) -> axum::response::Response {
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub(crate) async fn ask(
        &self,
        mut request: axum::http::request::Builder,
        body: impl Into<Body>,
    ) -> Answer {
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        Answer::read(response).await
    }
}

/// A person with a session of their own.
pub(crate) struct Visitor {
    router: Router,
    pub(crate) cookie: String,
}

impl Visitor {
    pub(crate) async fn get(&self, address: &str) -> Answer {
        let request = Request::builder().uri(address).header(header::COOKIE, &self.cookie);
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        Answer::read(response).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
