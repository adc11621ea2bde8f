//! Where somebody is signed in, ending it, and until when it lasts.

use axum::http::{StatusCode, header};
use nattoku_store::session_number;

use crate::site::{Answer, PRINCIPAL, Site};

const SETTINGS: &str = "/en/my/settings";
const REN: &str = r#"{"event":"principal_registered","principal":"ren","at":"2016-04-01T10:00:00+09:00","born":"1985-04-01"}"#;

/// What the session of a cookie is called.
fn number(cookie: &str) -> String {
    let token = cookie.split('=').nth(1).unwrap();
    let secret = data_encoding::HEXLOWER.decode(token.as_bytes()).unwrap();
    data_encoding::HEXLOWER.encode(&session_number(&secret.try_into().unwrap()))
}

/// The sign-ins that a page offers to end.
fn offered(page: &Answer) -> Vec<String> {
    let ends = page.tags().into_iter().filter(|tag| tag.get("name") == Some("end"));
    ends.map(|tag| tag.get("value").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn whoever_is_signed_in_sees_where_and_ends_what_they_do_not_know() {
    let site = Site::signed_in().await;
    site.nattoku.import_events(REN.as_bytes(), false, &mut |_| {}).unwrap();
    site.pass(1);
    let (other, ren) = (site.visitor(PRINCIPAL).await, site.visitor("ren").await);
    let page = site.get(SETTINGS).await;
    assert_eq!(page.status, StatusCode::OK);
    let (this, that) = (&offered(&page)[0], number(&other.cookie));
    assert_eq!(
        offered(&page),
        [this.as_str(), &that, "all"],
        "this browser comes first; nobody else's is there"
    );
    for text in ["This browser", "Another browser", "By a link that works once", "<dd>sakura</dd>", "Not yet"]
    {
        assert_eq!(page.body.matches(text).count(), if text.starts_with("By") { 2 } else { 1 }, "{text}");
    }
    assert!(page.body.contains("Tue 24 Nov 2026, 10:12") && page.body.contains("Tue 24 Nov 2026, 10:13"));
    assert!(!page.body.contains("You are signed in nowhere else"));
    assert_eq!(other.get("/en/my").await.status, StatusCode::OK);
    assert!(!site.get(SETTINGS).await.body.contains("Not yet"), "it was used");
    // What is another's is not ended, and what is no number does nothing.
    for nothing in [number(&ren.cookie).as_str(), "0000", ""] {
        site.post(SETTINGS, &[("end", nothing)]).await;
    }
    for visitor in [&ren, &other] {
        assert_eq!(visitor.get("/en/my").await.status, StatusCode::OK);
    }
    let ended = site.post(SETTINGS, &[("end", &that)]).await;
    assert_eq!(ended.header(header::LOCATION), "/en/my/settings?ended=1");
    let page = site.get("/en/my/settings?ended=1").await;
    assert_eq!(offered(&page), [this.as_str(), "all"]);
    assert!(page.body.contains("It is ended.") && page.body.contains("You are signed in nowhere else."));
    assert_eq!(other.get("/en/my").await.status, StatusCode::SEE_OTHER);
    // The one of this browser ends as by signing out.
    let out = site.post(SETTINGS, &[("end", this)]).await;
    assert_eq!(out.header(header::LOCATION), "/en/sign-in?out=1");
    assert!(out.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert_eq!(site.get(SETTINGS).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_the_person() {
    let site = Site::signed_in().await;
    site.nattoku.import_events(REN.as_bytes(), false, &mut |_| {}).unwrap();
    let (other, ren) = (site.visitor(PRINCIPAL).await, site.visitor("ren").await);
    for visitor in [&other, &ren] {
        assert_eq!(visitor.get("/en/my").await.status, StatusCode::OK);
    }
    let out = site.post(SETTINGS, &[("end", "all")]).await;
    assert_eq!(out.header(header::LOCATION), "/en/sign-in?out=all");
    assert!(out.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert!(site.get("/en/sign-in?out=all").await.body.contains("You are signed out everywhere."));
    assert_eq!(site.get("/en/my").await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.get("/en/my").await.status, StatusCode::SEE_OTHER);
    assert_eq!(ren.get("/en/my").await.status, StatusCode::OK);
}

/// What is over by its time is not told as going on.
#[tokio::test]
async fn sign_ins_that_are_over_are_not_shown() {
    let site = Site::signed_in().await;
    let other = site.visitor(PRINCIPAL).await;
    assert_eq!(other.get("/en/my").await.status, StatusCode::OK);
    for _ in 0..2 {
        site.pass(15);
        site.get("/en/my").await;
    }
    assert_eq!(offered(&site.get(SETTINGS).await).len(), 2);
}

/// Told in the page, so that nobody needs a script to be warned.
#[tokio::test]
async fn every_page_of_ones_own_tells_until_when_one_is_signed_in() {
    let site = Site::signed_in().await;
    let both = "You are signed out at 10:32 if you do nothing, and at 22:12 in any case.";
    for page in ["my", "my/data", "my/choices", "my/history", "my/settings", "my/download"] {
        let page = site.get(&format!("/en/{page}")).await;
        assert!(page.body.contains(both), "{}", page.body);
        assert!(page.body.contains("href=\"/en/my/settings\""));
    }
    let ja = "操作がないと10:32に、操作を続けていても22:12に終了します。";
    assert!(site.get("/ja/my").await.body.contains(ja));
    assert!(!site.get("/en/privacy").await.body.contains("You are signed out at"));
    for _ in 0..47 {
        site.pass(15);
        assert_eq!(site.get("/en/my").await.status, StatusCode::OK);
    }
    let page = site.get("/en/my").await;
    assert!(page.body.contains("You are signed out at 22:12, whatever you do."), "{}", page.body);
}
