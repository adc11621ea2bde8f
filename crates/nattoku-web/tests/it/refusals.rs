//! What is refused, and how it is said.

use axum::http::{Method, Request, StatusCode, header};

use crate::site::{PRINCIPAL, Site};

#[tokio::test]
async fn the_first_page_goes_by_the_visitors_language() {
    let site = Site::new();
    for (wanted, address) in [("en-GB,en;q=0.8", "/en/privacy"), ("ja", "/ja/privacy"), ("", "/ja/privacy")] {
        let request = Request::builder().uri("/").header(header::ACCEPT_LANGUAGE, wanted);
        let answer = site.ask(request, String::new()).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(answer.header(header::LOCATION), address);
        assert!(answer.header(header::VARY).contains("accept-language"));
    }
}

#[tokio::test]
async fn own_pages_need_a_session() {
    let site = Site::new();
    for page in ["my", "my/data", "my/choices", "my/history", "my/recipients", "my/receipts/1"] {
        let answer = site.get(&format!("/en/{page}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}");
        assert_eq!(answer.header(header::LOCATION), "/en/sign-in", "{page}");
    }
}

#[tokio::test]
async fn a_link_works_once_and_says_so_afterwards() {
    let site = Site::new();
    let link = site.web.sessions.issue_link(PRINCIPAL, site.now());
    let look = Request::builder().method(Method::HEAD).uri(format!("/sign-in/{link}"));
    assert_eq!(site.ask(look, String::new()).await.status, StatusCode::NO_CONTENT);
    let answer = site.get(&format!("/sign-in/{link}")).await;
    assert_eq!(answer.header(header::LOCATION), "/ja/my");
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("nattoku_session=") && cookie.contains("HttpOnly; SameSite=Lax; Path=/"));
    assert!(!cookie.contains("Secure"));
    let own = Request::builder().uri("/ja/my").header(header::COOKIE, cookie.split(';').next().unwrap());
    assert_eq!(site.ask(own, String::new()).await.status, StatusCode::OK);
    assert_eq!(site.get(&format!("/sign-in/{link}")).await.status, StatusCode::GONE);
    assert_eq!(site.get("/sign-in/0000").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_cookie_is_bound_to_tls_where_there_is_tls() {
    let site = Site::at("https://privacy.example.jp");
    let link = site.web.sessions.issue_link(PRINCIPAL, site.now());
    let answer = site.get(&format!("/sign-in/{link}")).await;
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-nattoku_session=") && cookie.ends_with("; Secure"));
    let own = |cookie: &str| Request::builder().uri("/ja/my").header(header::COOKIE, cookie);
    let answer = site.ask(own(cookie.split(';').next().unwrap()), String::new()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header(header::STRICT_TRANSPORT_SECURITY).starts_with("max-age="));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = Site::signed_in().await;
    assert_eq!(site.get("/ja/my").await.status, StatusCode::OK);
    let answer = site.post("/ja/sign-out", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert_eq!(site.get("/ja/my").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn idle_sessions_end() {
    let site = Site::signed_in().await;
    site.pass(21);
    assert_eq!(site.get("/ja/my").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn other_sites_cannot_act_here() {
    let site = Site::signed_in().await;
    let address = "/en/my/choices/choice/offers/resume";
    let request = Request::builder().method(Method::POST).uri(address).header("sec-fetch-site", "cross-site");
    let answer = site.ask(request, String::new()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.heading(), "Requests from other sites are refused");
    let request = Request::builder()
        .method(Method::POST)
        .uri(address)
        .header("host", "a.example")
        .header("origin", "https://b.example");
    assert_eq!(site.ask(request, String::new()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn refusals_are_pages_in_the_language_of_the_address() {
    let site = Site::new();
    for (address, language, status) in [
        ("/ja/nothing", "ja", StatusCode::NOT_FOUND),
        ("/en/nothing/at/all", "en", StatusCode::NOT_FOUND),
        ("/nothing", "ja", StatusCode::NOT_FOUND),
        ("/en/sign-out", "en", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, status, "{address}");
        let tags = answer.tags();
        assert_eq!(tags.iter().find(|t| t.name == "html").unwrap().get("lang"), Some(language), "{address}");
        assert_eq!(tags.iter().filter(|t| t.name == "h1").count(), 1, "{address}");
        assert!(!answer.header(header::CONTENT_SECURITY_POLICY).is_empty(), "{address}");
    }
    let answer = site.post("/ja/privacy", &[]).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn it_says_that_it_lives() {
    let answer = Site::new().get("/healthz").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "ok\n"));
}
