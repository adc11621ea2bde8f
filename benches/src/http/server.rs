//! The server that is asked: Nattoku's own router over a store with customers, and the empty endpoint beside it.
#![expect(clippy::print_stdout, reason = "it tells where it is")]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use nattoku_lease::Terms;
use nattoku_model::clock::Clock;
use nattoku_model::event::{By, Event};
use nattoku_model::name::{CategoryName, ConsentName, RelationshipName, SourceName, WordingName};
use nattoku_model::{Language, Policy};
use nattoku_operations::{CallerAct, Callers, Nattoku, Node, Publication, Secret};
use nattoku_store::{Kek, NewEvent, OpenMode, Place, SeededRandomness, Settings as StoreSettings, Token};
use nattoku_web::{Figures, Limits, OAuth, Parts, Sessions, Settings, Tracing, Web};
use serde_json::{Value, json};

use tower::ServiceExt as _;

use crate::carrier;
use crate::cpu::thread_time;

/// How many customers there are.
pub(super) const PRINCIPALS: u32 = 10_000;
/// Events appended at once.
const BATCH: usize = 20_000;
/// How often the ledger is looked at, as `nattoku serve` does.
const LOOK_EVERY: Duration = Duration::from_millis(20);

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "what is measured runs by the system's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The router that is measured, with the token that it takes.
struct Measured {
    router: Router,
    token: String,
}

/// Asks the router itself, without a network, so many times about each of both, and tells the processor time of one call, in
/// microseconds: of the empty endpoint and of a decision.
pub(super) fn in_process(calls: u32) -> (f64, f64) {
    let Measured { router, token } = measured();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let time = |path: &str| {
        let ask = |number: u32| {
            let body = format!(
                r#"{{"subject":{{"type":"application","id":"campaign_platform"}},"action":{{"name":"provide"}},"context":{{"activity":"partner_offers","recipient":"store_partners"}},"resource":{{"type":"personal_data","id":"c{:07}","properties":{{"categories":["purchase"]}}}}}}"#,
                u64::from(number) * 7_919 % u64::from(PRINCIPALS)
            );
            let request = Request::post(path)
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Bearer {token}"));
            let answer = router.clone().oneshot(request.body(Body::from(body)).expect("a request"));
            assert_eq!(runtime.block_on(answer).expect("an answer").status(), StatusCode::OK);
        };
        (0..PRINCIPALS.min(calls)).for_each(ask);
        let began = thread_time();
        (0..calls).for_each(ask);
        thread_time().saturating_sub(began).as_secs_f64() * 1e6 / f64::from(calls)
    };
    (time("/empty"), time("/access/v1/evaluation"))
}

/// Serves until it is ended.
pub(super) fn serve() {
    let Measured { router, token } = measured();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        println!("http://{}\n{token}", listener.local_addr().expect("it has an address"));
        axum::serve(listener, router).await.expect("it serves");
    });
}

fn measured() -> Measured {
    let web = web(customers);
    let secret = Secret::of(&[7; 32]);
    web.node.state().add_token(&token(&secret)).expect("the token is added");
    web.callers.refresh(web.node.state()).expect("the token is read");
    let empty = |Json(_): Json<Value>| async { Json(json!({ "decision": true })) };
    let router = nattoku_web::router(web).merge(Router::new().route("/empty", post(empty)));
    Measured { router, token: secret.reveal().to_owned() }
}

/// What a server is made of, over a store in a file with these events; it follows its ledger as `nattoku serve` does.
pub(crate) fn web(events: impl FnOnce(&Policy) -> Vec<NewEvent>) -> Web {
    let folder = std::env::temp_dir().join(format!("nattoku-http-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder is made");
    let place = Place::Sqlite(folder.join("ledger.sqlite"));
    let store =
        place.open(OpenMode::Create, SeededRandomness::new(1), StoreSettings::default(), &Kek::Beside);
    let publication = Publication::of(&carrier::checked()).expect("the policy is sound");
    let nattoku = Nattoku::of(publication, store.expect("the store is made"), Box::new(SystemClock));
    for batch in events(nattoku.policy()).chunks(BATCH) {
        nattoku.record_events(batch, false).expect("the customers are known");
    }
    let ledger = nattoku.ledger_id().expect("it has an id");
    let state = place.open_state(ledger, StoreSettings::default()).expect("the state is made");
    let following = nattoku.follow(&mut |_| ()).expect("the population is read");
    let node = Arc::new(Node::new(following, state, [1; 16], Terms::default()));
    // Tokens of sessions that differ are all that is asked of it here.
    let number = AtomicU64::new(1);
    let random = move || {
        let mut bytes = [0; 32];
        for (byte, one) in bytes.iter_mut().zip(number.fetch_add(1, Ordering::Relaxed).to_le_bytes()) {
            *byte = one;
        }
        bytes
    };
    let web = Web::of(Parts {
        node: Arc::clone(&node),
        callers: Callers::new([0; 16]),
        oauth: OAuth::default(),
        limits: Limits::of(NonZeroU32::MAX),
        figures: Figures::new(),
        tracing: Tracing::off(),
        sign_in: None,
        sessions: Sessions::new(Box::new(random)),
        settings: Settings::at("http://127.0.0.1".to_owned()),
        ending: AtomicBool::default(),
    });
    std::thread::spawn(move || {
        loop {
            node.renew().expect("the lease is renewed");
            for _ in 0..20 {
                std::thread::sleep(LOOK_EVERY);
                node.take_in().expect("the ledger is followed");
            }
        }
    });
    web
}

fn token(secret: &Secret) -> Token {
    Token {
        id: "bench".to_owned(),
        digest: secret.digest(),
        applications: vec!["*".to_owned()],
        acts: CallerAct::ALL.map(|act| act.as_str().to_owned()).into(),
        note: String::new(),
        created: Timestamp::UNIX_EPOCH,
        expires: None,
        revoked: None,
        last_used: None,
    }
}

/// Members of the club with purchases, of whom every second agrees to partners' offers.
fn customers(policy: &Policy) -> Vec<NewEvent> {
    let at: Timestamp = "2024-05-01T00:00:00Z".parse().expect("a time");
    let item = ConsentName::from("partner_sharing");
    let text_version = policy.consents.get(&item).map_or_else(|| WordingName::from("1"), |c| c.text.clone());
    let mut events = Vec::new();
    for number in 0..PRINCIPALS {
        let mut about = |event| events.push(NewEvent::about(format!("c{number:07}"), at, event));
        about(Event::RelationshipStarted { relationship: RelationshipName::from("club") });
        about(Event::DataAcquired {
            category: CategoryName::from("purchase"),
            source: SourceName::from("member_store"),
            entrusted_from: None,
            policy_version: None,
        });
        if number % 2 == 0 {
            about(Event::ConsentGranted {
                item: item.clone(),
                text_version: text_version.clone(),
                language: Language::Ja,
                channel: "web".to_owned(),
                by: By::Principal,
                until: None,
                evidence: None,
            });
        }
    }
    events
}
