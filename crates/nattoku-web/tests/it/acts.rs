//! Stopping, resuming and taking back, from the home page to the receipt.

use axum::http::{StatusCode, header};

use crate::site::{Answer, Site};

/// Words that a page for stopping never uses: they dress a withdrawal as an agreement, or shame.
const FORBIDDEN: [&str; 8] = ["同意する", "OK", "はい", "本当に", "損", "I agree", "Are you sure", "lose"];

async fn act(site: &Site, address: &str) -> (String, Answer) {
    let page = site.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}");
    let answer = site.submit(&page).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}");
    let receipt = answer.header(header::LOCATION).to_owned();
    let page = site.get(&receipt).await;
    (receipt, page)
}

#[tokio::test]
async fn a_consent_is_stopped_and_given_again_in_as_many_steps() {
    let site = Site::signed_in().await;
    let item = "/en/my/choices/consent/location_use";
    let (receipt, page) = act(&site, &format!("{item}/resume")).await;
    assert!(receipt.ends_with("?done=1"), "{receipt}");
    assert!(page.body.contains("R-"), "the receipt has a number");
    assert!(page.body.contains(&format!("{item}/stop")), "the receipt offers the way back");
    assert!(site.get(item).await.body.contains("You allowed this"));

    let (_, page) = act(&site, &format!("{item}/stop")).await;
    assert!(page.body.contains(&format!("{item}/resume")));
    assert!(site.get(item).await.body.contains("You stopped this"));
}

#[tokio::test]
async fn a_choice_is_stopped_and_resumed() {
    let site = Site::signed_in().await;
    let item = "/ja/my/choices/choice/offers";
    let (receipt, _) = act(&site, &format!("{item}/resume")).await;
    assert!(site.get(item).await.body.contains("使っています（止められます）"));
    let (_, _) = act(&site, &format!("{item}/stop")).await;
    let page = site.get(item).await;
    assert!(page.body.contains("止めています"));
    assert!(page.body.matches("class=\"will\"").count() >= 3, "the whole history shows");
    let first = site.get(&receipt).await;
    assert!(
        !first.body.contains(&format!("{item}/stop\"")),
        "a receipt that is not the newest offers no way back"
    );
}

#[tokio::test]
async fn the_way_back_is_offered_for_half_an_hour() {
    let site = Site::signed_in().await;
    let item = "/ja/my/choices/choice/offers";
    let (receipt, page) = act(&site, &format!("{item}/resume")).await;
    assert!(page.body.contains(&format!("{item}/stop\"")));
    site.pass(19);
    assert_eq!(site.get(&receipt).await.status, StatusCode::OK);
    site.pass(12);
    let page = site.get(&receipt).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(&format!("{item}/stop\"")));
}

#[tokio::test]
async fn an_act_on_an_older_state_does_nothing() {
    let site = Site::signed_in().await;
    let item = "/ja/my/choices/choice/offers";
    let page = site.get(&format!("{item}/resume")).await;
    assert_eq!(site.submit(&page).await.status, StatusCode::SEE_OTHER);
    let again = site.submit(&page).await;
    assert_eq!(again.header(header::LOCATION), format!("{item}?changed=1"));
    let forged = site.post(&format!("{item}/stop"), &[]).await;
    assert_eq!(forged.header(header::LOCATION), format!("{item}?changed=1"));
    assert!(site.get(item).await.body.contains("使っています（止められます）"));
}

#[tokio::test]
async fn the_page_for_stopping_says_what_happens_and_both_buttons_are_alike() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        for item in ["consent/partner_sharing", "choice/partner_provision"] {
            let page = site.get(&format!("/{language}/my/choices/{item}/stop")).await;
            assert_eq!(page.status, StatusCode::OK);
            for word in FORBIDDEN {
                let main = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
                assert!(!main.contains(word), "{item}: {word}");
            }
            let tags = page.tags();
            let buttons: Vec<_> =
                tags.iter().filter_map(|t| t.get("class")).filter(|c| c.starts_with("button")).collect();
            assert_eq!(buttons.len(), 2);
            assert_eq!(buttons[0], buttons[1]);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_stopped_offers_no_way_to() {
    let site = Site::signed_in().await;
    let page = site.get("/ja/my/choices").await;
    assert!(page.body.contains("必要なため止められません"));
    assert_eq!(site.get("/ja/my/choices/choice/nothing_like_it").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/ja/my/choices/other/offers").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn history_pages_keep_their_lines() {
    let site = Site::signed_in().await;
    for _ in 0..25 {
        act(&site, "/ja/my/choices/choice/offers/resume").await;
        site.pass(1);
        act(&site, "/ja/my/choices/choice/offers/stop").await;
        site.pass(1);
    }
    let first = site.get("/ja/my/history").await;
    assert_eq!(first.body.matches("<time").count(), 50);
    let tags = first.tags();
    let older = tags.iter().find(|t| t.get("rel") == Some("next")).unwrap().get("href").unwrap();
    let second = site.get(older).await;
    assert_eq!(second.body.matches("<time").count(), 11);
    act(&site, "/ja/my/choices/choice/offers/resume").await;
    let lines =
        |page: &Answer| page.body.split("<ol").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
    assert!(lines(&site.get(older).await) == lines(&second), "an older page changed");
    let tags = second.tags();
    let newer = tags.iter().find(|t| t.get("rel") == Some("prev")).unwrap().get("href").unwrap();
    assert_eq!(newer, "/ja/my/history");
}
