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
pub(crate) struct Visitor<'s> {
    site: &'s Site,
    cookies: RefCell<BTreeMap<String, String>>,
    browser: RefCell<Browser>,
}

impl<'s> Visitor<'s> {
    pub(crate) fn of(site: &'s Site) -> Self {
        Self { site, cookies: RefCell::default(), browser: RefCell::default() }
    }

    pub(crate) async fn ask(&self, method: Method, address: &str) -> Answer {
        self.send(method, address, "").await
    }

    /// Posts a form as it stands in an address.
    pub(crate) async fn post(&self, address: &str, form: &str) -> Answer {
        self.send(Method::POST, address, form).await
    }

    /// Opens a new link of the customer.
    pub(crate) async fn open_link(&self) -> Answer {
        let link = self.site.web.sessions.issue_link(PRINCIPAL, self.site.now());
        self.get(&format!("/sign-in/{link}")).await
    }

    async fn send(&self, method: Method, address: &str, form: &str) -> Answer {
        let request = Request::builder().method(method).uri(address.strip_prefix(HERE).unwrap_or(address));
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("sec-fetch-site", "same-origin").header(header::ACCEPT_LANGUAGE, "en");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.header(header::COOKIE, cookies.join("; "));
        let answer = self.site.ask(request, form.to_owned()).await;
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

    pub(crate) async fn get(&self, address: &str) -> Answer {
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

/// The address of a page's link to where signing in begins.
fn start_of(page: &Answer) -> String {
    let start = page.tags().into_iter().find(|tag| tag.get("href").is_some_and(|to| to.contains("/start")));
    start.unwrap().get("href").unwrap().replace("&#38;", "&")
}

const PACKAGE: &str = "/en/my/download/package.zip";
const NOT_CONFIRMED: &str = "You have not signed in once more";

/// Who the provider knows is asked once more before they take along all that is known of them, and comes back to where they were.
#[tokio::test]
async fn before_the_package_the_provider_asks_once_more_who_it_is() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    let back = visitor.at_provider(&visitor.begin("/en/my").await, SAKURA);
    visitor.get(&back).await;
    let refused = visitor.get(PACKAGE).await;
    assert_eq!(refused.header(header::LOCATION), "/en/my/download?anew=1");
    let page = visitor.get("/en/my/download?anew=1").await;
    assert!(page.body.contains("It was not made") && !page.body.contains("package.zip"), "{}", page.body);
    let page = visitor.get("/en/my/download").await;
    assert!(page.body.contains("show once more that it is you") && !page.body.contains("It was not made"));
    let to_provider = visitor.get(&start_of(&page)).await.header(header::LOCATION).to_owned();
    assert!(to_provider.ends_with("&prompt=login&max_age=0"), "{to_provider}");
    // Without a name the provider has nothing to go by, be it that it knows the browser.
    let broken_off = visitor.at_provider(&to_provider, None);
    let answer = visitor.get(&broken_off).await;
    assert_eq!((answer.status, answer.heading().as_str()), (StatusCode::FORBIDDEN, NOT_CONFIRMED));
    assert_eq!(visitor.get("/en/my").await.status, StatusCode::OK, "whoever was signed in still is");
    let to_provider = visitor.get(&start_of(&page)).await.header(header::LOCATION).to_owned();
    let back = visitor.at_provider(&to_provider, SAKURA);
    site.set_clock(now_of(&provider));
    let before = visitor.cookies.borrow().clone();
    assert_eq!(visitor.get(&back).await.header(header::LOCATION), "/en/my/download");
    let page = visitor.get("/en/my/download").await;
    assert!(page.body.contains("You can fetch it until"), "{}", page.body);
    assert_eq!(visitor.get(PACKAGE).await.status, StatusCode::OK);
    // The session before it has ended.
    let other = Visitor::of(&site);
    other.cookies.borrow_mut().clone_from(&before);
    assert_eq!(other.get("/en/my").await.status, StatusCode::SEE_OTHER);
    // Not for long.
    site.pass(6);
    assert_eq!(visitor.get(PACKAGE).await.header(header::LOCATION), "/en/my/download?anew=1");
    assert_eq!(visitor.get("/en/my").await.status, StatusCode::OK);
}

/// What the provider knew before does not count, be it that it does not tell when that was.
#[tokio::test]
async fn who_was_not_asked_once_more_is_not_let_through() {
    let Some(provider) = provider() else { return };
    let site = site(&provider);
    let visitor = Visitor::of(&site);
    visitor.get(&visitor.at_provider(&visitor.begin("/en/my").await, SAKURA)).await;
    for max_age in [None, Some("100000")] {
        let page = visitor.get("/en/my/download").await;
        let to_provider = visitor.get(&start_of(&page)).await.header(header::LOCATION).to_owned();
        let unasked = changed(&changed(&to_provider, "prompt", None), "max_age", max_age);
        let back = visitor.at_provider(&unasked, SAKURA);
        if max_age.is_some() {
            site.pass(6);
        }
        let answer = visitor.get(&back).await;
        assert_eq!((answer.status, answer.heading().as_str()), (StatusCode::FORBIDDEN, NOT_CONFIRMED));
        assert_eq!(visitor.get("/en/my").await.status, StatusCode::OK);
        assert_eq!(visitor.get(PACKAGE).await.header(header::LOCATION), "/en/my/download?anew=1");
    }
    // Whoever has the mark taken away comes back, and may fetch no more than before.
    let page = visitor.get("/en/my/download").await;
    let to_provider = visitor.get(&start_of(&page)).await.header(header::LOCATION).to_owned();
    let unasked = changed(&changed(&to_provider, "prompt", None), "max_age", None);
    let back = visitor.at_provider(&unasked, SAKURA);
    let kept = visitor.cookies.borrow()["nattoku_sign_in"].replace("anew:", "");
    visitor.cookies.borrow_mut().insert("nattoku_sign_in".to_owned(), kept);
    assert_eq!(visitor.get(&back).await.header(header::LOCATION), "/en/my/download");
    assert_eq!(visitor.get(PACKAGE).await.header(header::LOCATION), "/en/my/download?anew=1");
}

/// A link knows nothing of the page that was wanted: the browser keeps it until then.
#[tokio::test]
async fn a_link_leads_to_the_page_that_was_wanted() {
    let site = Site::new();
    let visitor = Visitor::of(&site);
    let how = visitor.get("/en/my/history?kind=will").await.header(header::LOCATION).to_owned();
    assert_eq!(how, "/en/sign-in");
    let told = "After that you come to the page that you wanted.";
    assert!(visitor.get(&how).await.body.contains(told));
    assert!(!Visitor::of(&site).get(&how).await.body.contains(told));
    assert_eq!(visitor.open_link().await.header(header::LOCATION), "/en/my/history?kind=will");
    assert_eq!(visitor.cookies.borrow().keys().collect::<Vec<_>>(), ["nattoku_session"]);
    assert_eq!(visitor.open_link().await.header(header::LOCATION), "/en/my", "it was wanted once");
    for elsewhere in ["//elsewhere.example/en/my", "https://elsewhere.example", "/en/privacy"] {
        let visitor = Visitor::of(&site);
        visitor.cookies.borrow_mut().insert("nattoku_wanted".to_owned(), elsewhere.to_owned());
        assert_eq!(visitor.open_link().await.header(header::LOCATION), "/en/my", "{elsewhere}");
    }
}

/// Whoever sends an act after their time ran out learns that it was not done, and comes back to where it is done.
#[tokio::test]
async fn an_act_after_the_time_ran_out_is_told_as_not_done() {
    let site = Site::new();
    let visitor = Visitor::of(&site);
    visitor.open_link().await;
    site.pass(30);
    let act = "/en/my/choices/choice/offers/resume";
    let how = visitor.post(act, "seen=1").await.header(header::LOCATION).to_owned();
    assert_eq!(how, "/en/sign-in?undone=1");
    assert!(visitor.get(&how).await.body.contains("What you sent was not done."));
    assert_eq!(visitor.open_link().await.header(header::LOCATION), act);
    assert_eq!(visitor.get(act).await.status, StatusCode::OK);
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
