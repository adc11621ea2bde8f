//! Signing in at a real provider, and everything by which somebody could be signed in who should not be.

use std::cell::RefCell;
use std::collections::BTreeMap;

use axum::http::{Method, Request, StatusCode, header};
use nattoku_identity::{Algorithm, Fetch, IssuerSettings, Provider, ProviderSettings};
use nattoku_testkit::IdentityProvider;
use nattoku_testkit::browser::Browser;
use nattoku_web::SignIn;

use crate::oauth::now_of;
use crate::site::{Answer, PRINCIPAL, Site};

const HERE: &str = "http://127.0.0.1:8080";
const SAKURA: Option<&str> = Some("id-of-sakura");

fn provider() -> Option<IdentityProvider> {
    IdentityProvider::start(env!("CARGO_TARGET_TMPDIR"))
}

fn site_before_anything_is_known(provider: &IdentityProvider) -> Site {
    let settings = ProviderSettings {
        issuer: IssuerSettings {
            issuer: provider.issuer().to_owned(),
            audience: "pages".to_owned(),
            jwks_uri: None,
            algorithms: vec![Algorithm::Rs256],
        },
        client_secret: "secret-of-pages".to_owned(),
        scopes: vec!["openid".to_owned()],
        return_address: format!("{HERE}/sign-in/return"),
        out_address: format!("{HERE}/sign-in/out"),
    };
    let sign_in = SignIn::of(Provider::new(settings, Fetch::new(None).unwrap()), "customer".to_owned());
    let site = Site::signing_in_by(sign_in);
    site.set_clock(now_of(provider));
    site
}

fn site(provider: &IdentityProvider) -> Site {
    let site = site_before_anything_is_known(provider);
    site.web.sign_in.as_ref().unwrap().refresh(site.now());
    site
}

/// Somebody with a browser of their own.
struct Visitor<'s> {
    site: &'s Site,
    cookies: RefCell<BTreeMap<String, String>>,
    browser: RefCell<Browser>,
}

impl<'s> Visitor<'s> {
    fn of(site: &'s Site) -> Self {
        Self { site, cookies: RefCell::default(), browser: RefCell::default() }
    }

    async fn ask(&self, method: Method, address: &str) -> Answer {
        let request = Request::builder().method(method).uri(address.strip_prefix(HERE).unwrap_or(address));
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("sec-fetch-site", "same-origin").header(header::ACCEPT_LANGUAGE, "en");
        let answer = self.site.ask(request.header(header::COOKIE, cookies.join("; ")), String::new()).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("; HttpOnly; SameSite=Lax; Path=/"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn get(&self, address: &str) -> Answer {
        self.ask(Method::GET, address).await
    }

    /// Begins to sign in: the provider's address.
    async fn begin(&self, wanted: &str) -> String {
        let answer = self.get(&format!("/en/sign-in/start?to={wanted}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        answer.header(header::LOCATION).to_owned()
    }

    /// Goes through the provider: the address by which one comes back.
    fn at_provider(&self, address: &str, name: Option<&str>) -> String {
        let back = self.browser.borrow_mut().go(address, name);
        assert!(back.starts_with(&format!("{HERE}/sign-in/return?")), "{back}");
        back
    }

    fn has_session(&self) -> bool {
        self.cookies.borrow().contains_key("nattoku_session")
    }

    /// That coming back by an address signs nobody in, and what is said of it.
    async fn is_refused(&self, back: &str, status: u16, heading: &str) {
        let answer = self.get(back).await;
        assert_eq!((answer.status.as_u16(), answer.heading().as_str()), (status, heading), "{back}");
        assert!(!self.has_session());
        assert!(!answer.body.contains("code="), "{}", answer.body);
    }
}

fn changed(address: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = address.split_once('?').unwrap();
    let begins = format!("{name}=");
    assert!(query.split('&').any(|pair| pair.starts_with(&begins)), "{address}");
    let mut pairs: Vec<String> =
        query.split('&').filter(|pair| !pair.starts_with(&begins)).map(str::to_owned).collect();
    pairs.extend(value.map(|value| format!("{begins}{value}")));
    format!("{path}?{}", pairs.join("&"))
}

const NO_ATTEMPT: &str = "This sign-in was not begun here";
const NOT_SIGNED_IN: &str = "You are not signed in";

#[tokio::test]
async fn a_customer_signs_in_and_out() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    let answer = visitor.get("/en/my/data").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let how = answer.header(header::LOCATION).to_owned();
    assert_eq!(how, "/en/sign-in?to=%2Fen%2Fmy%2Fdata");
    let page = visitor.get(&how).await;
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.contains(&format!("form-action 'self' {};", provider.issuer())), "{policy}");
    let start = page.tags().into_iter().find(|tag| tag.get("href").is_some_and(|to| to.contains("/start")));
    let start = start.unwrap().get("href").unwrap().replace("&#38;", "&");
    let answer = visitor.get(&start).await;
    let to_provider = answer.header(header::LOCATION).to_owned();
    assert!(to_provider.contains("code_challenge_method=S256") && to_provider.contains("nonce="));
    let back = visitor.at_provider(&to_provider, SAKURA);
    assert!(!visitor.has_session());
    let answer = visitor.get(&back).await;
    assert_eq!((answer.status, answer.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/en/my/data"));
    assert_eq!(visitor.cookies.borrow().keys().collect::<Vec<_>>(), ["nattoku_session"]);
    assert_eq!(visitor.get("/en/my/data").await.status, StatusCode::OK);
    // Out, here and there.
    let answer = visitor.ask(Method::POST, "/en/sign-out").await;
    assert!(answer.header(header::LOCATION).starts_with(&format!("{}/session/end?", provider.issuer())));
    assert!(!visitor.has_session());
    let out = visitor.browser.borrow_mut().go(answer.header(header::LOCATION), None);
    assert_eq!(out, format!("{HERE}/sign-in/out"));
    assert_eq!(visitor.get(&out).await.header(header::LOCATION), "/en/sign-in?out=1");
    assert_eq!(visitor.get("/en/my").await.status, StatusCode::SEE_OTHER);
}

/// What has come back once comes back in vain, and what somebody else has begun too.
#[tokio::test]
async fn an_attempt_is_of_one_browser_and_comes_back_once() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    let back = visitor.at_provider(&visitor.begin("/en/my").await, SAKURA);
    let kept = visitor.cookies.borrow().clone();
    let stranger = Visitor::of(&site);
    stranger.is_refused(&back, 400, NO_ATTEMPT).await;
    stranger.begin("/en/my").await;
    stranger.is_refused(&back, 400, NO_ATTEMPT).await;
    for changed in [
        changed(&back, "state", None),
        changed(&back, "state", Some("")),
        changed(&back, "state", Some("x")),
        changed(&back, "iss", Some("https%3A%2F%2Felsewhere.example")),
    ] {
        let other = Visitor::of(&site);
        other.cookies.borrow_mut().clone_from(&kept);
        other.is_refused(&changed, 400, NO_ATTEMPT).await;
        assert!(other.cookies.borrow().is_empty(), "the attempt is over");
    }
    assert_eq!(visitor.get(&back).await.status, StatusCode::SEE_OTHER);
    assert!(visitor.has_session());
    // The same once more, with what the browser had kept: the provider takes no code twice.
    let again = Visitor::of(&site);
    again.is_refused(&back, 400, NO_ATTEMPT).await;
    again.cookies.borrow_mut().clone_from(&kept);
    again.is_refused(&back, 403, NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn what_the_provider_says_has_to_be_of_this_attempt() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    for (name, value) in [
        ("nonce", None),
        ("nonce", Some("of_another")),
        ("code_challenge", Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")),
    ] {
        let visitor = Visitor::of(&site);
        let begun = changed(&visitor.begin("/en/my").await, name, value);
        let back = visitor.at_provider(&begun, SAKURA);
        visitor.is_refused(&back, 403, NOT_SIGNED_IN).await;
    }
}

#[tokio::test]
async fn whom_the_ledger_does_not_know_is_told_so() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    let back = visitor.at_provider(&visitor.begin("/en/my").await, Some("id-of-nobody"));
    visitor.is_refused(&back, 403, "We have no pages for this account").await;
    assert_eq!(visitor.get("/en/my").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_breaks_off_is_not_signed_in() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    let back = visitor.at_provider(&visitor.begin("/en/my").await, None);
    assert!(back.contains("error=access_denied"), "{back}");
    visitor.is_refused(&back, 403, NOT_SIGNED_IN).await;
}

/// Signing in leads to a page of one's own here, whatever address was sent along.
#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    for wanted in
        ["https%3A%2F%2Felsewhere.example%2Fen%2Fmy", "%2F%2Felsewhere.example%2Fmy", "%2Fen%2Fprivacy"]
    {
        let page = Visitor::of(&site).get(&format!("/en/sign-in?to={wanted}")).await;
        assert!(page.body.contains("href=\"/en/sign-in/start\""), "{}", page.body);
        let visitor = Visitor::of(&site);
        let back = visitor.at_provider(&visitor.begin(wanted).await, SAKURA);
        assert_eq!(visitor.get(&back).await.header(header::LOCATION), "/en/my");
    }
    // Not even where the browser's cookie says otherwise.
    let visitor = Visitor::of(&site);
    let back = visitor.at_provider(&visitor.begin("/en/my").await, SAKURA);
    let name = "nattoku_sign_in".to_owned();
    let kept = visitor.cookies.borrow().get(&name).unwrap().clone();
    let secret = kept.split('.').next().unwrap();
    visitor.cookies.borrow_mut().insert(name, format!("{secret}.//elsewhere.example/my"));
    assert_eq!(visitor.get(&back).await.header(header::LOCATION), "/my");
    assert!(visitor.has_session());
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_as_that() {
    let Some(mut provider) = provider() else { return };
    let site = site_before_anything_is_known(&provider);
    let visitor = Visitor::of(&site);
    let away = "You cannot sign in just now";
    visitor.is_refused("/en/sign-in/start", 503, away).await;
    site.web.sign_in.as_ref().unwrap().refresh(site.now());
    let back = visitor.at_provider(&visitor.begin("/en/my").await, SAKURA);
    provider.stop();
    visitor.is_refused(&back, 503, away).await;
}

/// A link that works once goes on to work beside it; its session knows of no provider.
#[tokio::test]
async fn links_go_on_to_work() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    let link = site.web.sessions.issue_link(PRINCIPAL, site.now());
    assert_eq!(visitor.get(&format!("/sign-in/{link}")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(visitor.get("/en/my").await.status, StatusCode::OK);
    let answer = visitor.ask(Method::POST, "/en/sign-out").await;
    assert_eq!(answer.header(header::LOCATION), "/en/sign-in?out=1");
}

#[tokio::test]
async fn without_a_provider_there_is_none_to_go_to() {
    let site = Site::new();
    for address in ["/en/sign-in/start", "/sign-in/return?code=a&state=b", "/sign-in/out"] {
        assert_eq!(site.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert!(!site.get("/en/sign-in").await.body.contains("/start"));
}
