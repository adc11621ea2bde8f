//! Global Privacy Control: taken as declining what the policy says, once, and never against the person's own answer.

use axum::http::{HeaderName, Method, Request, StatusCode, header};

use crate::site::{Answer, PRINCIPAL, Site, carrier};

/// What the reference policy says that the signal declines.
const DECLINED: [&str; 1] = ["ad_targeting"];
const CHOICE: &str = "/en/my/choices/choice/ad_targeting";

/// Asks as a browser does that sends the signal, or something like it.
async fn get_saying(site: &Site, address: &str, values: &[&str]) -> Answer {
    let mut request = Request::builder().method(Method::GET).uri(address);
    for value in values {
        request = request.header(HeaderName::from_static("sec-gpc"), *value);
    }
    site.ask(request, String::new()).await
}

/// The channels of all that was ever said of a choice, newest first, each with whether it stops.
fn acts(site: &Site, choice: &str) -> Vec<(String, bool)> {
    let state = site.nattoku.choice(PRINCIPAL, choice).unwrap();
    state.acts.into_iter().map(|act| (act.channel, !act.allows)).collect()
}

fn by_signal() -> Vec<(String, bool)> {
    vec![("gpc".to_owned(), true)]
}

async fn answer(site: &Site, address: &str) {
    let page = site.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}");
    assert_eq!(site.submit(&page).await.status, StatusCode::SEE_OTHER, "{address}");
}

#[tokio::test]
async fn a_signal_stops_what_the_policy_says_and_nothing_else_once() {
    let site = Site::signed_in().await;
    let before = site.nattoku.choices(PRINCIPAL).unwrap();
    let page = get_saying(&site, "/en/my/choices", &["1"]).await;
    assert_eq!(page.status, StatusCode::OK);
    let taken = "Your browser told us by Global Privacy Control";
    assert_eq!(page.body.matches(taken).count(), DECLINED.len(), "the page that took it tells of it");
    for state in &before {
        let name = state.choice.as_str();
        let now = acts(&site, name);
        if DECLINED.contains(&name) {
            assert_eq!(now, by_signal(), "{name}");
        } else {
            assert_eq!(now.len(), state.acts.len(), "{name}");
        }
    }
    let revision = site.nattoku.revision().unwrap();
    for address in ["/en/my/choices", "/ja/my", CHOICE, "/en/my/history"] {
        assert_eq!(get_saying(&site, address, &["1"]).await.status, StatusCode::OK, "{address}");
    }
    assert_eq!(site.nattoku.revision().unwrap(), revision, "it is not recorded again");
    let page = site.get(CHOICE).await;
    assert!(page.body.contains(taken) && page.body.contains("By a signal of your browser"), "{}", page.body);
}

#[tokio::test]
async fn a_signal_that_is_sent_many_times_at_once_is_taken_once() {
    let site = Site::signed_in().await;
    let ask = || get_saying(&site, CHOICE, &["1"]);
    let pages: [Answer; 4] = tokio::join!(ask(), ask(), ask(), ask()).into();
    assert!(pages.iter().all(|page| page.status == StatusCode::OK));
    for choice in DECLINED {
        assert_eq!(acts(&site, choice), by_signal(), "{choice}");
    }
}

#[tokio::test]
async fn what_a_person_answers_after_the_signal_applies_and_the_page_says_so() {
    let site = Site::signed_in().await;
    get_saying(&site, CHOICE, &["1"]).await;
    answer(&site, &format!("{CHOICE}/resume")).await;
    let revision = site.nattoku.revision().unwrap();
    let page = get_saying(&site, CHOICE, &["1"]).await;
    assert_eq!(site.nattoku.revision().unwrap(), revision);
    assert!(page.body.contains("Your own answer of"), "{}", page.body);
    assert!(page.body.contains("applies, and not the signal Global Privacy Control."), "{}", page.body);
    // The same is told to a browser that does not send it, since it was taken once.
    assert!(site.get(CHOICE).await.body.contains("and not the signal Global Privacy Control."));
}

#[tokio::test]
async fn what_a_person_answered_before_the_signal_is_not_overridden() {
    let site = Site::signed_in().await;
    answer(&site, &format!("{CHOICE}/stop")).await;
    answer(&site, &format!("{CHOICE}/resume")).await;
    let page = get_saying(&site, CHOICE, &["1"]).await;
    assert_eq!(acts(&site, "ad_targeting"), [("web".to_owned(), false), ("web".to_owned(), true)]);
    assert!(page.body.contains("and not the signal Global Privacy Control."), "{}", page.body);
}

#[tokio::test]
async fn only_the_signal_of_somebody_who_is_signed_in_is_taken() {
    let mut site = Site::signed_in().await;
    let revision = site.nattoku.revision().unwrap();
    let nothing: &[&str] = &[];
    for values in [nothing, &["0"], &["true"], &["1, 1"]] {
        let page = get_saying(&site, CHOICE, values).await;
        assert!(page.body.contains("A browser that sends Global Privacy Control stops this."), "{values:?}");
    }
    assert_eq!(get_saying(&site, "/en/privacy", &["1"]).await.status, StatusCode::OK);
    site.forget_cookie();
    assert_eq!(get_saying(&site, "/en/my", &["1"]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.nattoku.revision().unwrap(), revision);
}

#[tokio::test]
async fn that_the_signal_is_heeded_is_told_to_everybody() {
    let site = Site::new();
    let told = site.get("/.well-known/gpc.json").await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(told.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(told.body, r#"{"gpc":true,"lastUpdate":"2026-11-28"}"#);
}

#[tokio::test]
async fn without_a_day_of_its_own_the_statement_is_as_old_as_the_version() {
    let mut sources = carrier();
    for source in sources.iter_mut().filter(|s| s.name == "consents.kdl") {
        let text = String::from_utf8(source.bytes.clone()).unwrap();
        source.bytes = text.replace(" stated=\"2026-11-28\"", "").into_bytes();
    }
    let told = Site::of(&sources, "http://127.0.0.1:8080").get("/.well-known/gpc.json").await;
    assert_eq!(told.body, r#"{"gpc":true,"lastUpdate":"2019-12-11"}"#);
}

#[tokio::test]
async fn where_the_policy_takes_the_signal_for_nothing_nothing_is_done_or_told() {
    let mut sources = carrier();
    for source in sources.iter_mut().filter(|s| s.name == "consents.kdl") {
        let text = String::from_utf8(source.bytes.clone()).unwrap();
        source.bytes = text.split_once("signal gpc").unwrap().0.as_bytes().to_vec();
    }
    let site = Site::signed_in_under(&sources).await;
    let revision = site.nattoku.revision().unwrap();
    let page = get_saying(&site, CHOICE, &["1"]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("Global Privacy Control"), "{}", page.body);
    assert_eq!(site.nattoku.revision().unwrap(), revision);
    assert_eq!(site.get("/.well-known/gpc.json").await.status, StatusCode::NOT_FOUND);
}
