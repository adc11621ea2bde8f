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

/// What a row or a page offers: where its buttons lead, with the class and the words of each.
fn offers(html: &str) -> Vec<(String, String, String)> {
    let tags = crate::html::tags(html);
    let buttons = tags.iter().filter(|tag| tag.get("class").is_some_and(|class| class.starts_with("button")));
    let of = |tag: &crate::html::Tag, name| tag.get(name).unwrap_or_default().to_owned();
    buttons.map(|tag| (of(tag, "href"), of(tag, "class"), tag.text.clone())).collect()
}

/// The row of an item in the list of all.
async fn row(site: &Site, item: &str) -> String {
    let list = site.get("/en/my/choices").await;
    let rows = list.body.split("<li>\n<div class=\"row-head\">");
    let link = format!("<a href=\"{item}\">");
    rows.into_iter().find(|row| row.contains(&link)).unwrap().split("</li>\n<li>").next().unwrap().to_owned()
}

#[tokio::test]
async fn what_was_never_answered_is_allowed_or_declined_alike() {
    let site = Site::signed_in().await;
    let item = "/en/my/choices/consent/location_use";
    for html in [row(&site, item).await, site.get(item).await.body] {
        let [allow, decline] = offers(&html).try_into().unwrap();
        assert_eq!((allow.0, allow.2), (format!("{item}/resume"), "Allow".to_owned()));
        assert_eq!((decline.0, decline.2), (format!("{item}/stop"), "Decline".to_owned()));
        assert_eq!(allow.1, decline.1, "of one class");
        assert!(html.contains("<p class=\"acts pair\">"), "in two columns of one width");
    }
    for (way, says) in [("resume", "Allow"), ("stop", "Decline")] {
        let page = site.get(&format!("{item}/{way}")).await;
        assert_eq!(page.heading(), format!("{says} “Use of location”?"));
        assert!(page.body.contains("We use the location of your device"), "{way} shows what is asked");
        let buttons = offers(&page.body);
        assert_eq!(buttons.len(), 2);
        assert_eq!((buttons[0].2.as_str(), buttons[0].1.as_str()), (says, buttons[1].1.as_str()));
        assert!(page.body.contains("<p class=\"acts pair\">"));
    }
}

/// A refusal is an event of the ledger: the decision is a no from then on, not a question that is still open (R52).
#[tokio::test]
async fn declining_is_remembered_and_whoever_asks_is_told_no() {
    let site = Site::signed_in().await;
    let item = "/en/my/choices/consent/location_use";
    let question = nattoku_operations::Question {
        application: "campaign_platform".to_owned(),
        principal: crate::site::PRINCIPAL.to_owned(),
        action: "use".to_owned(),
        activity: "location_offers".to_owned(),
        categories: vec!["location.gps".to_owned()],
        ..nattoku_operations::Question::default()
    };
    // Her stop of all offers stands before it.
    act(&site, "/en/my/choices/choice/offers/resume").await;
    let decided = || site.nattoku.decide(&question).unwrap();
    assert_eq!(decided().verdict, nattoku_model::Verdict::NeedsConsent);
    let before = site.get("/en/my").await.body;
    let (receipt, page) = act(&site, &format!("{item}/stop")).await;
    assert_eq!(decided().verdict, nattoku_model::Verdict::Deny);
    assert_eq!(decided().deciding().unwrap().reason, nattoku_model::Reason::Withdrawn);
    assert!(page.body.contains("You declined “Use of location”"), "{}", page.body);
    assert!(page.body.contains("Whoever wants to use it is told no."));
    assert!(page.body.contains(&format!("{item}/resume\"")), "the receipt offers the way back");

    let state = site.nattoku.consent(crate::site::PRINCIPAL, "location_use").unwrap();
    assert!(state.is_refused() && state.acts.len() == 1);
    let shown = site.get(item).await.body;
    assert!(shown.contains("You declined this") && !shown.contains("You stopped this"), "{shown}");
    assert!(!shown.contains(&format!("{item}/stop\"")), "it is not asked again");
    for page in ["/en/my", "/en/my/history"] {
        assert!(site.get(page).await.body.contains("You declined “Use of location”"), "{page}");
    }
    let tile = |page: &str| page.split("of 15").next().unwrap().to_owned();
    assert_eq!(tile(&before), tile(&site.get("/en/my").await.body), "nothing is allowed by it");

    // Allowed after all, and stopped: from then on it is a withdrawal; what was declined stays told as that.
    act(&site, &format!("{item}/resume")).await;
    act(&site, &format!("{item}/stop")).await;
    let shown = site.get(item).await.body;
    assert!(shown.contains("You stopped this") && shown.contains("You declined this"), "{shown}");
    assert!(site.get(&receipt).await.body.contains("You declined “Use of location”"));
}

/// The text before and after, out of what a page marks as taken away and added; with each of the two kinds of pieces.
fn marked(html: &str, removed: &str, added: &str) -> ([String; 2], [Vec<String>; 2]) {
    let (mut texts, mut pieces) = ([String::new(), String::new()], [Vec::new(), Vec::new()]);
    let line = html.split("<p class=\"change\">").nth(1).unwrap().split("</p>").next().unwrap();
    for rest in line.split_inclusive("</del>").flat_map(|rest| rest.split_inclusive("</ins>")) {
        let (kept, change) = rest.split_once('<').unwrap_or((rest, ""));
        texts.iter_mut().for_each(|text| text.push_str(kept));
        for (at, tag, mark) in [(0, "del", removed), (1, "ins", added)] {
            let begins = format!("{tag}><span class=\"hidden\">{mark} </span>");
            if let Some(piece) = change.strip_prefix(&begins) {
                let piece = piece.strip_suffix(&format!("</{tag}>")).unwrap();
                texts[at].push_str(piece);
                pieces[at].push(piece.to_owned());
            }
        }
    }
    (texts.map(|text| text.replace("&#39;", "'")), pieces)
}

#[tokio::test]
async fn what_differs_between_the_text_answered_and_todays_is_told_by_word() {
    let item = "my/choices/consent/partner_sharing";
    let site = Site::signed_in().await;
    let wordings = &site.nattoku.policy().consents["partner_sharing"].wordings;
    for (language, removed, added, new) in
        [("en", "Taken away:", "Added:", "and online partners"), ("ja", "削除:", "追加:", "ネット提携先")]
    {
        let site = Site::signed_in().await;
        let of = |version: &str| wordings[version].get(language.parse().unwrap()).to_owned();
        // Still allowed, on the item's page; after it was stopped, before it is allowed anew.
        let before = site.get(&format!("/{language}/{item}")).await.body;
        act(&site, &format!("/{language}/{item}/stop")).await;
        let pages = [before, site.get(&format!("/{language}/{item}/resume")).await.body];
        for page in pages {
            let ([older, newer], [_, added]) = marked(&page, removed, added);
            assert_eq!((older, newer), (of("1"), of("2")));
            assert!(added.iter().any(|piece| piece.contains(new)), "{added:?}");
            assert!(added.iter().all(|piece| *piece != of("2")), "by word, not as a whole");
        }
        // Allowed under today's text, nothing differs any more.
        act(&site, &format!("/{language}/{item}/resume")).await;
        assert!(!site.get(&format!("/{language}/{item}")).await.body.contains("class=\"change\""));
    }
}
