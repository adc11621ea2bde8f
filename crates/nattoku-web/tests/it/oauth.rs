//! Programs that call by the word of an issuer: a real one, and what it never said.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use nattoku_identity::{Algorithm, Fetch, Issuer, IssuerSettings};
use nattoku_operations::CallerAct;
use nattoku_testkit::IdentityProvider;
use nattoku_testkit::identity_provider::Signed;
use nattoku_web::OAuth;
use nattoku_web::oauth::Client;
use serde_json::{Value, json};

use crate::authzen::{ENDPOINTS, EVALUATION, permitted};
use crate::decided::KIKO;
use crate::program::{KIKO_ID, Program, by_consent};
use crate::site::{Answer, Site, Terms};

const AUDIENCE: &str = "https://privacy.example.jp";

fn provider() -> Option<IdentityProvider> {
    IdentityProvider::start(env!("CARGO_TARGET_TMPDIR"))
}

fn client(id: &str, calls_a_second: Option<u32>) -> Client {
    Client {
        id: id.to_owned(),
        name: format!("the-{id}"),
        applications: vec!["campaign_platform".to_owned()],
        acts: vec![CallerAct::Decide, CallerAct::Will],
        calls_a_second: calls_a_second.and_then(NonZeroU32::new),
    }
}

fn trusting(provider: &IdentityProvider, clients: Vec<Client>) -> Site {
    trusting_on(provider, clients, Terms::default())
}

fn trusting_on(provider: &IdentityProvider, clients: Vec<Client>, terms: Terms) -> Site {
    let settings = IssuerSettings {
        issuer: provider.issuer().to_owned(),
        audience: AUDIENCE.to_owned(),
        jwks_uri: None,
        algorithms: vec![Algorithm::Rs256, Algorithm::Es256],
    };
    let issuer = Issuer::new(settings, Fetch::new(None).unwrap());
    let site = Site::trusting_on(OAuth::of(vec![(issuer, clients)]), terms);
    site.nattoku.import_events(KIKO.trim().as_bytes(), false, &mut |_| {}).unwrap();
    site.web.node.renew().unwrap();
    site
}

/// A site that lets the campaigns' program in, and the clock of the provider.
fn site(provider: &IdentityProvider) -> Site {
    let site = trusting(provider, vec![client("campaigns", None)]);
    site.set_clock(now_of(provider));
    site
}

/// What time it is for the provider.
pub(crate) fn now_of(provider: &IdentityProvider) -> Timestamp {
    let token = provider.token("campaigns", AUDIENCE);
    Timestamp::from_second(claims_of(&token)["iat"].as_i64().unwrap()).unwrap()
}

fn claims_of(token: &str) -> Value {
    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

fn program(site: &Site, token: String) -> Program<'_> {
    Program { site, secret: token }
}

async fn asked(site: &Site, token: &str) -> Answer {
    program(site, token.to_owned()).post("/v1/decide", &by_consent()).await
}

async fn is_let_in(site: &Site, token: &str) {
    asked(site, token).await.good();
}

/// That a token is refused as RFC 6750 has it, and why; nothing of it is repeated.
async fn is_refused(site: &Site, token: &str, why: &str) {
    let answer = asked(site, token).await;
    assert_eq!(answer.problem(), "unknown-token", "{why}: {}", answer.body);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header(header::WWW_AUTHENTICATE), "Bearer realm=\"nattoku\", error=\"invalid_token\"");
    let told = answer.json();
    assert!(told["detail"].as_str().unwrap().contains(why), "{why}: {told}");
    for part in token.split('.').filter(|part| part.len() > 8) {
        assert!(!answer.body.contains(part), "{told}");
    }
}

/// What the provider says of the campaigns' program, made up by a test.
fn usual(site: &Site, provider: &IdentityProvider) -> (Value, Value) {
    let now = site.now().as_second();
    let header = json!({ "alg": "RS256", "typ": "at+jwt" });
    let claims = json!({
        "iss": provider.issuer(),
        "aud": AUDIENCE,
        "sub": "campaigns",
        "client_id": "campaigns",
        "iat": now,
        "exp": now + 600,
    });
    (header, claims)
}

fn with(mut value: Value, name: &str, changed: Value) -> Value {
    value[name] = changed;
    value
}

/// AuthZEN, transport: OAuth 2.0 for the caller's own authentication, at each of its addresses.
#[tokio::test]
async fn authzen_is_asked_by_the_word_of_an_issuer() {
    let Some(provider) = provider() else { return };
    let campaigns = Client { acts: vec![CallerAct::Decide, CallerAct::Search], ..client("campaigns", None) };
    let site = trusting(&provider, vec![campaigns]);
    site.set_clock(now_of(&provider));
    let good = program(&site, provider.token("campaigns", AUDIENCE));
    assert_eq!(good.post(EVALUATION, &permitted()).await.good()["decision"], true);
    let elsewhere = program(&site, provider.token("campaigns", "https://other.example.jp"));
    for endpoint in ENDPOINTS {
        good.post(endpoint, &permitted()).await.good();
        let refused = elsewhere.post(endpoint, &permitted()).await;
        assert_eq!(refused.problem(), "unknown-token", "{endpoint}");
        assert!(refused.header(header::WWW_AUTHENTICATE).contains("error=\"invalid_token\""), "{endpoint}");
    }
    // It asks as itself and as nobody else.
    let mut other = permitted();
    other["subject"]["id"] = json!("ad_platform");
    assert_eq!(good.post(EVALUATION, &other).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_program_calls_by_the_word_of_its_issuer() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let campaigns = program(&site, provider.token("campaigns", AUDIENCE));
    campaigns.post("/v1/decide", &by_consent()).await.good();
    // It is taken again without anybody being asked again.
    campaigns.post("/v1/decide", &by_consent()).await.good();
    assert_eq!(provider.n_key_requests(), 1);
    // It asks as itself alone, and does what it may.
    let other = with(by_consent(), "application", json!("ad_platform"));
    let answer = campaigns.post("/v1/decide", &other).await;
    assert_eq!(answer.problem(), "not-allowed");
    assert_eq!(answer.json()["application"], json!("ad_platform"));
    let answer = campaigns.get("/v1/principals/kiko/history").await;
    assert_eq!((answer.problem().as_str(), &answer.json()["act"]), ("not-allowed", &json!("read")));
    assert!(answer.body.contains("oauth:the-campaigns"), "{}", answer.body);
    // A token of our own is good beside it.
    Program::campaigns(&site).post("/v1/decide", &by_consent()).await.good();
}

/// What it called a write is done once, whichever of its tokens it comes with.
#[tokio::test]
async fn a_program_is_the_same_caller_with_another_token() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let (header, claims) = usual(&site, &provider);
    let first = provider.forge(&header, &claims, Signed::ByKey);
    let second = provider.forge(&header, &with(claims, "jti", json!("another")), Signed::ByKey);
    assert_ne!(first, second);
    let address = format!("/v1/principals/{KIKO_ID}/consents");
    let act = json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop" }).to_string();
    let mut receipts = Vec::new();
    for token in [first, second] {
        let request = program(&site, token).posting(&address).header("idempotency-key", "once");
        receipts.push(site.ask(request, act.clone()).await.good()["receipt"].clone());
    }
    assert_eq!(receipts[0], receipts[1]);
}

#[tokio::test]
async fn what_the_issuer_never_said_is_refused() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let (header, claims) = usual(&site, &provider);
    is_let_in(&site, &provider.forge(&header, &claims, Signed::ByKey)).await;
    let now = site.now().as_second();
    let of_header = |name: &str, value: Value| with(header.clone(), name, value);
    for (changed, signed, why) in [
        (of_header("alg", json!("none")), Signed::ByNobody, "no signed JWT"),
        (of_header("alg", json!("None")), Signed::ByNobody, "no signed JWT"),
        (header.clone(), Signed::ByNobody, "signature"),
        (of_header("alg", json!("HS256")), Signed::ByPublicKey, "RS256, ES256"),
        (header.clone(), Signed::ByPublicKey, "signature"),
        (header.clone(), Signed::ByOther, "signature"),
        (of_header("alg", json!("PS256")), Signed::ByKey, "RS256, ES256"),
        (of_header("alg", json!("ES256")), Signed::ByKey, "`kid`"),
        (of_header("kid", json!("of nobody")), Signed::ByKey, "`kid`"),
        (of_header("typ", json!("dpop+jwt")), Signed::ByKey, "`typ`"),
        (of_header("typ", json!(null)), Signed::ByKey, "`typ`"),
        (of_header("crit", json!(["exp"])), Signed::ByKey, "`crit`"),
    ] {
        is_refused(&site, &provider.forge(&changed, &claims, signed), why).await;
    }
    for (name, value, why) in [
        ("iss", json!("https://id.example.jp"), "`iss`"),
        ("iss", json!(format!("{}/", provider.issuer())), "`iss`"),
        ("aud", json!("https://other.example.jp"), AUDIENCE),
        ("aud", json!(["https://other.example.jp"]), AUDIENCE),
        ("exp", json!(now - 31), "expired"),
        ("exp", json!(null), "`exp`"),
        ("nbf", json!(now + 60), "not hold yet"),
        ("iat", json!(now + 60), "not hold yet"),
        ("azp", json!("another"), "`azp`"),
        ("client_id", json!(5), "`client_id`"),
    ] {
        let forged = provider.forge(&header, &with(claims.clone(), name, value), Signed::ByKey);
        is_refused(&site, &forged, why).await;
    }
    let good = provider.forge(&header, &claims, Signed::ByKey);
    let cut = &good[..good.len() - 2];
    is_refused(&site, cut, "signature").await;
    for nonsense in ["a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9.e30.", &format!("{good}.{good}")] {
        let answer = asked(&site, nonsense).await;
        assert_eq!(answer.problem(), "unknown-token", "{nonsense}");
    }
    // A real token, for another service.
    is_refused(&site, &provider.token("campaigns", "https://other.example.jp"), AUDIENCE).await;
}

#[tokio::test]
async fn a_program_that_is_not_declared_may_not_call() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let answer = asked(&site, &provider.token("stranger", AUDIENCE)).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "not-allowed"));
    assert!(answer.body.contains("`stranger` is not among `oauth.issuer.client`"), "{}", answer.body);
    // Where no issuer is trusted at all, a token of one is no more than an unknown one.
    let alone = Site::new();
    assert_eq!(asked(&alone, &provider.token("campaigns", AUDIENCE)).await.problem(), "unknown-token");
}

#[tokio::test]
async fn a_token_ends_when_it_says() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let token = provider.token("campaigns", AUDIENCE);
    is_let_in(&site, &token).await;
    site.pass(9);
    is_let_in(&site, &token).await;
    site.pass(2);
    is_refused(&site, &token, "expired").await;
}

/// Keys are asked for when one is missed, and not each time one is missed.
#[tokio::test]
async fn keys_change_and_are_not_asked_for_without_end() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let (header, claims) = usual(&site, &provider);
    let old = provider.forge(&header, &claims, Signed::ByKey);
    is_let_in(&site, &old).await;
    assert_eq!(provider.n_key_requests(), 1);
    provider.rotate();
    let new = provider.token("campaigns", AUDIENCE);
    is_refused(&site, &new, "`kid`").await;
    site.pass(1);
    is_let_in(&site, &new).await;
    assert_eq!(provider.n_key_requests(), 2);
    // The old key is published no more; what was taken a moment ago is not taken for long.
    site.pass(5);
    is_refused(&site, &old, "`kid`").await;
    for number in 0..20 {
        let made_up = with(header.clone(), "kid", json!(format!("key {number}")));
        is_refused(&site, &provider.forge(&made_up, &claims, Signed::ByKey), "`kid`").await;
    }
    assert_eq!(provider.n_key_requests(), 3);
}

/// Many that come at once with a key that is not known yet wait for one answer of the issuer.
#[tokio::test]
async fn many_at_once_ask_for_keys_once() {
    let Some(provider) = provider() else { return };
    let site = Arc::new(site(&provider));
    let tokens: Vec<String> = (0..20).map(|_| provider.token("campaigns", AUDIENCE)).collect();
    let calls: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let site = Arc::clone(&site);
            tokio::spawn(async move { is_let_in(&site, &token).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(provider.n_key_requests(), 1);
}

/// Who calls is known while all who may wait for the store do: the keys of an issuer wait for none.
#[tokio::test]
async fn keys_are_fetched_while_every_place_is_taken() {
    let Some(provider) = provider() else { return };
    let terms = Terms { programs: (0, 0), ..Terms::default() };
    let site = trusting_on(&provider, vec![client("campaigns", None)], terms);
    site.set_clock(now_of(&provider));
    // What is no question needs no store, and is told to whoever is known.
    let answer = program(&site, provider.token("campaigns", AUDIENCE)).post("/v1/decide", &json!({})).await;
    assert!(answer.status.is_client_error() && answer.status != StatusCode::UNAUTHORIZED, "{}", answer.body);
    assert_eq!(provider.n_key_requests(), 1);
}

/// An issuer that is away keeps nobody out for a time, and then everybody: nothing is taken that cannot be checked.
#[tokio::test]
async fn an_issuer_may_be_away_for_a_time() {
    let Some(mut provider) = provider() else { return };
    let site = site(&provider);
    let (header, claims) = usual(&site, &provider);
    let until = site.now().as_second() + 86_400;
    let long = with(claims, "exp", json!(until));
    let token = provider.forge(&header, &long, Signed::ByKey);
    let later = provider.forge(&header, &with(long.clone(), "jti", json!("later")), Signed::ByKey);
    let unknown = provider.forge(&with(header, "kid", json!("of nobody")), &long, Signed::ByKey);
    is_let_in(&site, &token).await;
    provider.stop();
    site.pass(5 * 60);
    site.web.oauth.refresh(site.now());
    is_let_in(&site, &token).await;
    is_refused(&site, &unknown, "`kid`").await;
    site.pass(61);
    for token in [&token, &later] {
        let answer = asked(&site, token).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "busy"));
        assert_eq!(answer.header(header::RETRY_AFTER), "1");
        assert!(answer.json()["detail"].as_str().unwrap().contains("keys of its issuer"));
    }
    // Tokens of our own need no issuer.
    Program::campaigns(&site).post("/v1/decide", &by_consent()).await.good();
}

/// Keys are fetched ahead of time, so that nobody waits for them.
#[tokio::test]
async fn keys_are_fetched_before_they_are_missed() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let refresh = || async {
        let (web, now) = (site.web.clone(), site.now());
        tokio::task::spawn_blocking(move || web.oauth.refresh(now)).await.unwrap();
    };
    refresh().await;
    refresh().await;
    assert_eq!(provider.n_key_requests(), 1);
    site.pass(16);
    refresh().await;
    assert_eq!(provider.n_key_requests(), 2);
}

/// A program with a limit of its own has no other.
#[tokio::test]
async fn a_program_may_have_a_limit_of_its_own() {
    let Some(provider) = provider() else { return };
    let site = trusting(&provider, vec![client("campaigns", Some(3))]);
    let tokens: Vec<String> = (0..4).map(|_| provider.token("campaigns", AUDIENCE)).collect();
    site.set_clock(now_of(&provider));
    let mut refused = 0;
    for number in 0..40 {
        let request = program(&site, tokens[number % 4].clone()).request(Method::GET, "/v1/policy");
        let answer = site.ask(request, Body::empty()).await;
        refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0);
}
