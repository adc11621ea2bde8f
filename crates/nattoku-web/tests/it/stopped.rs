//! Pages while the store has stopped, or says nothing: what is shown in their place, and that they come back by themselves.

use std::time::Duration;

use axum::http::{StatusCode, header};
use nattoku_testkit::postgresql::Postgresql;

use crate::site::{Answer, PRINCIPAL, Site, Terms};

/// Each reads the store.
const OWN: [&str; 5] = ["my", "my/data", "my/choices", "my/recipients", "my/history"];
/// What a page that came back is asked for at most: with the pauses, two minutes.
const ASKED_MAX: usize = 1_200;

/// Asks until a page is shown.
async fn comes_back(site: &Site, address: &str) -> Answer {
    for _ in 0..ASKED_MAX {
        let answer = site.get(address).await;
        if answer.status == StatusCode::OK {
            return answer;
        }
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{address} does not come back");
}

/// The page of an error that says so, with its number, and that one may come again.
fn is_told(answer: &Answer, heading: &str) {
    assert_eq!((answer.status, answer.heading().as_str()), (StatusCode::SERVICE_UNAVAILABLE, heading));
    assert_eq!(answer.header(header::RETRY_AFTER), "5");
    let number = answer.header(header::HeaderName::from_static("x-request-id"));
    assert!(!number.is_empty() && answer.body.contains(number), "{}", answer.body);
}

/// What needs no store is shown as ever.
async fn the_notice_is_served(site: &Site) {
    for page in ["/ja/privacy", "/en/privacy/recipients", "/en/sign-in", "/ja/sitemap"] {
        assert_eq!(site.get(page).await.status, StatusCode::OK, "{page}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

#[test]
fn a_store_that_says_nothing_is_not_waited_for_and_nobody_is_told_that_an_act_was_not_done() {
    let Some(server) = Postgresql::start("silent") else { return };
    server.make_database("site");
    let mut here = Site::in_database(&server.address("site"));
    let moment = Terms { patience: Duration::from_millis(300), ..Terms::default() };
    let mut hasty = here.beside_on(moment);
    let runtime = runtime();
    runtime.block_on(async {
        here.sign_in(PRINCIPAL).await;
        hasty.take_cookie(&here);
        comes_back(&hasty, "/en/my").await;
        let ask = here.get("/en/my/choices/consent/partner_sharing/stop").await;
        let paused = server.pause();
        for page in OWN {
            is_told(&hasty.get(&format!("/en/{page}")).await, "We cannot show this page just now");
            is_told(&hasty.get(&format!("/ja/{page}")).await, "いまは表示できません");
        }
        the_notice_is_served(&hasty).await;
        let answer = hasty.submit(&ask).await;
        is_told(&answer, "We do not know yet whether this was done");
        assert!(answer.body.contains("href=\"/en/my/history\""), "{}", answer.body);
        drop(paused);
        comes_back(&hasty, "/ja/my").await;
        // It was done in the end, and the page that told of it did not say otherwise.
        for _ in 0..ASKED_MAX {
            if comes_back(&hasty, "/en/my/choices/consent/partner_sharing")
                .await
                .body
                .contains("You stopped this")
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the act goes on when the store does");
    });
    // It waits until the first server respects it as well, which does not look.
    runtime.shutdown_background();
}

/// A link that was opened while the store says nothing has brought nobody a cookie: it works again, and nobody else's session is of it.
#[test]
fn a_link_that_is_opened_while_the_store_says_nothing_is_not_used_up() {
    let Some(server) = Postgresql::start("silent_link") else { return };
    server.make_database("site");
    let here = Site::in_database(&server.address("site"));
    let moment = Terms { patience: Duration::from_millis(300), ..Terms::default() };
    let mut hasty = here.beside_on(moment);
    let runtime = runtime();
    runtime.block_on(async {
        let link = format!("/sign-in/{}", hasty.web.sessions.issue_link(PRINCIPAL, hasty.now()));
        // The server is known to work before.
        assert_eq!(hasty.get("/en/my").await.status, StatusCode::SEE_OTHER);
        let paused = server.pause();
        for _ in 0..2 {
            is_told(&hasty.get(&link).await, "いまは表示できません");
        }
        drop(paused);
        let mut opened = None;
        for _ in 0..ASKED_MAX {
            let answer = hasty.get(&link).await;
            if answer.status == StatusCode::SEE_OTHER {
                opened = Some(answer);
                break;
            }
            // While those before are still on their way one of them may be the one that counts.
            assert!([StatusCode::SERVICE_UNAVAILABLE, StatusCode::GONE].contains(&answer.status));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let opened = opened.expect("the link works again");
        hasty.keep_cookie(&opened);
        comes_back(&hasty, "/en/my").await;
        hasty.forget_cookie();
        assert_eq!(hasty.get(&link).await.status, StatusCode::GONE);
        // What was begun for nobody has ended.
        for _ in 0..ASKED_MAX {
            if server.ask("site", "select count(*) from nattoku_state.sessions") == "1\n" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("a session of nobody's goes on");
    });
    runtime.shutdown_background();
}

#[test]
fn a_store_that_has_stopped_is_told_as_that_and_pages_come_back_when_it_does() {
    let Some(server) = Postgresql::start("stopped") else { return };
    server.make_database("site");
    let mut site = Site::in_database(&server.address("site"));
    runtime().block_on(async {
        site.sign_in(PRINCIPAL).await;
        let ask = site.get("/en/my/choices/consent/partner_sharing/stop").await;
        let link = format!("/sign-in/{}", site.web.sessions.issue_link(PRINCIPAL, site.now()));
        server.stop();
        for page in OWN {
            is_told(&site.get(&format!("/en/{page}")).await, "We cannot show this page just now");
        }
        is_told(&site.submit(&ask).await, "This was not done");
        is_told(&site.get(&link).await, "いまは表示できません");
        the_notice_is_served(&site).await;
        server.start_again();
        for page in OWN {
            comes_back(&site, &format!("/en/{page}")).await;
        }
        let opened = site.get(&link).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "the link was not used up");
        site.keep_cookie(&opened);
        let done = site.submit(&ask).await;
        assert!(done.header(header::LOCATION).starts_with("/en/my/receipts/"), "{}", done.body);
    });
}
