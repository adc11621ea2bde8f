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
    rows.into_iter().find(|row| row.contains(&link)).unwrap().to_owned()
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
        for text in &mut texts {
            text.push_str(kept);
        }
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

/// From the home page by links alone to an act, counted: the requests until it is done, and the fields to be filled in. Begins at
/// the row of the item in the list.
async fn counted(site: &Site, item: &str, way: &str) -> (usize, usize) {
    let mut requests = 0;
    let mut next = async |page: &Answer, address: &str| {
        let tags = page.tags();
        assert!(tags.iter().any(|tag| tag.name == "a" && tag.get("href") == Some(address)), "{address}");
        requests += 1;
        site.get(address).await
    };
    let home = site.get("/en/my").await;
    let list = next(&home, "/en/my/choices").await;
    let address = format!("{item}/{way}");
    assert!(row(site, item).await.contains(&format!("href=\"{address}\"")), "{way} stands in the row");
    let asks = next(&list, &address).await;
    let fields = |tag: &&crate::html::Tag| {
        let is_input = tag.name == "input" && tag.get("type") != Some("hidden");
        is_input || ["select", "textarea"].contains(&tag.name.as_str())
    };
    let fields = asks.tags().iter().filter(fields).count();
    assert_eq!(site.submit(&asks).await.status, StatusCode::SEE_OTHER, "{address}");
    (requests + 1, fields)
}

#[tokio::test]
async fn from_the_home_page_stopping_takes_no_more_than_allowing() {
    let site = Site::signed_in().await;
    let consent = "/en/my/choices/consent/location_use";
    for (item, ways) in [
        (consent, ["resume", "stop"]),
        ("/en/my/choices/consent/advertising_mail", ["stop", "resume"]),
        ("/en/my/choices/choice/offers", ["resume", "stop"]),
        ("/en/my/choices/choice/surveys", ["stop", "resume"]),
    ] {
        for way in ways {
            assert_eq!(counted(&site, item, way).await, (3, 0), "{item}/{way}");
        }
    }
}

#[tokio::test]
async fn a_row_tells_when_it_was_changed_last_and_by_which_way() {
    let site = Site::signed_in().await;
    let offers = "/en/my/choices/choice/offers";
    let last = |row: &str| {
        row.split("<dt>Last change</dt>").nth(1).unwrap().split("</dd>").next().unwrap().to_owned()
    };
    let told = last(&row(&site, offers).await);
    assert!(
        told.contains(
            "<time datetime=\"2021-05-06T15:00:00+09:00\">Thu 6 May 2021, 15:00, 5 years ago</time>"
        ),
        "{told}"
    );
    assert!(told.contains("By telephone, by yourself"), "{told}");
    act(&site, &format!("{offers}/resume")).await;
    let told = last(&row(&site, offers).await);
    assert!(
        told.contains("Tue 24 Nov 2026, 10:12, today</time>") && told.contains("On the web, by yourself"),
        "{told}"
    );
    let told = last(&row(&site, "/en/my/choices/choice/surveys").await);
    assert!(told.contains("Never changed"), "{told}");
    let list = site.get("/ja/my/choices").await.body;
    assert!(
        list.contains("2026年11月24日（火、今日）10:12</time> <span class=\"quiet\">ウェブ、ご本人"),
        "{list}"
    );
}

#[tokio::test]
async fn before_stopping_the_page_says_who_was_given_something_already() {
    let site = Site::signed_in().await;
    let item = "/en/my/choices/consent/partner_sharing";
    let told = |page: Answer| page.body.split("<dt>Already passed on</dt>").nth(1).map(str::to_owned);
    let passed = told(site.get(&format!("{item}/stop")).await).unwrap();
    assert!(passed.contains("Member stores: last on Sun 1 Mar 2020, 6 years ago"), "{passed}");
    assert!(passed.contains("They use it for purposes of their own."), "{passed}");
    assert!(passed.contains("This does not take back what was passed on before."), "{passed}");
    // Stopping all of it takes it back no more.
    let all = told(site.get("/en/my/choices/stop").await).unwrap();
    assert!(all.contains("Member stores: last on Sun 1 Mar 2020"), "{all}");
    assert!(all.contains("They use it for purposes of their own."), "{all}");
    // Where nobody receives anything any more, they hold it still.
    act(&site, "/en/my/choices/choice/partner_provision/stop").await;
    let passed = told(site.get(&format!("{item}/stop")).await).unwrap();
    assert!(passed.contains("Member stores: last on Sun 1 Mar 2020"), "{passed}");
    assert!(told(site.get("/en/my/choices/choice/surveys/stop").await).is_none());
}

#[tokio::test]
async fn no_page_for_stopping_dresses_it_or_shames() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        let list = site.get(&format!("/{language}/my/choices")).await.tags();
        let stops: Vec<&str> =
            list.iter().filter_map(|tag| tag.get("href")).filter(|href| href.ends_with("/stop")).collect();
        assert!(stops.len() > 20, "{stops:?}");
        for address in stops {
            let page = site.get(address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            let main = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
            for word in FORBIDDEN {
                assert!(!main.replace("disclose", "").contains(word), "{address}: {word}");
            }
            let buttons = offers(main);
            if buttons.len() == 2 {
                assert_eq!(buttons[0].1, buttons[1].1, "{address}");
            }
        }
    }
}

#[tokio::test]
async fn the_timeline_offers_the_way_back_for_half_an_hour() {
    let site = Site::signed_in().await;
    // Her past was recorded just now.
    site.pass(19);
    site.get("/en/my").await;
    site.pass(12);
    let (choice, consent) = ("/en/my/choices/choice/surveys", "/en/my/choices/consent/advertising_mail");
    act(&site, &format!("{choice}/stop")).await;
    act(&site, &format!("{consent}/resume")).await;
    let leads = |page: &Answer, address: &str| page.body.contains(&format!("href=\"{address}\""));
    for page in ["/en/my", "/en/my/history"] {
        let page = site.get(page).await;
        assert!(leads(&page, &format!("{choice}/resume")) && leads(&page, &format!("{consent}/stop")));
        assert!(page.body.contains("until Tue 24 Nov 2026, 11:13"), "{}", page.body);
        // What she did years ago has none.
        assert!(!leads(&page, "/en/my/choices/choice/offers/resume"));
    }
    // The opposite act takes the first one's way back away, and has its own.
    act(&site, &format!("{choice}/resume")).await;
    let page = site.get("/en/my/history").await;
    assert!(!leads(&page, &format!("{choice}/resume")) && leads(&page, &format!("{choice}/stop")));
    site.pass(19);
    site.get("/en/my").await;
    site.pass(12);
    for page in ["/en/my", "/en/my/history"] {
        let page = site.get(page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!leads(&page, &format!("{choice}/stop")) && !leads(&page, &format!("{consent}/stop")));
    }
}

#[tokio::test]
async fn where_one_act_took_the_other_back_each_receipt_shows_both() {
    let site = Site::signed_in().await;
    let item = "/en/my/choices/choice/surveys";
    let (stopped, page) = act(&site, &format!("{item}/stop")).await;
    assert!(!page.body.contains("The act before it") && !page.body.contains("The act after it"));
    let (resumed, page) = act(&site, &format!("{item}/resume")).await;
    let address = |receipt: &str| receipt.split('?').next().unwrap().to_owned();
    let told = |page: &str, label: &str| {
        page.split(&format!("<dt>{label}</dt>")).nth(1).unwrap().split("</dd>").next().unwrap().to_owned()
    };
    let before = told(&page.body, "The act before it");
    assert!(before.contains("You stopped this") && before.contains(&address(&stopped)), "{before}");
    let after = told(&site.get(&stopped).await.body, "The act after it");
    assert!(after.contains("You resumed this") && after.contains(&address(&resumed)), "{after}");
    assert!(after.contains("Tue 24 Nov 2026, 10:12"), "{after}");
}

/// All that can be stopped: consents that were given, and choices that can be declined and are not.
fn optional(site: &Site) -> Vec<String> {
    let principal = crate::site::PRINCIPAL;
    let policy = site.nattoku.policy();
    let consents = site.nattoku.consents(principal).unwrap();
    let given = consents.iter().filter(|state| state.agreed.is_some());
    let choices = site.nattoku.choices(principal).unwrap();
    let declinable = choices.iter().filter(|state| {
        let refusability = policy.choices[&state.choice].refusability;
        !state.declined && refusability != nattoku_model::policy::Refusability::NotRefusable
    });
    let given = given.map(|state| format!("/en/my/choices/consent/{}", state.item));
    given.chain(declinable.map(|state| format!("/en/my/choices/choice/{}", state.choice))).collect()
}

#[tokio::test]
async fn everything_optional_is_stopped_by_one_button() {
    let site = Site::signed_in().await;
    act(&site, "/en/my/choices/consent/advertising_mail/resume").await;
    let expected = optional(&site);
    assert!(expected.len() > 5 && expected.contains(&"/en/my/choices/consent/partner_sharing".to_owned()));
    let list = site.get("/en/my/choices").await;
    assert!(list.body.contains("href=\"/en/my/choices/stop\""));
    let page = site.get("/en/my/choices/stop").await;
    let links = |html: &str| {
        let tags = crate::html::tags(html);
        let links = tags.iter().filter(|tag| tag.name == "a").filter_map(|tag| tag.get("href"));
        links.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    let (stops, stays) =
        page.body.split("What would stop").nth(1).unwrap().split_once("What does not change").unwrap();
    assert_eq!(links(stops), expected.iter().cloned().collect());
    assert!(stops.contains("If you stop, advertising e-mail ends."), "each says what happens");
    assert!(stays.contains("Still used when stopped:"), "what passes all the same is said");
    assert!(links(stays).contains("/en/my/choices/choice/contract_work"), "and what cannot be stopped");

    let before = site.nattoku.history(crate::site::PRINCIPAL).unwrap().len();
    let answer = site.submit(&page).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let done = answer.header(header::LOCATION).to_owned();
    let page = site.get(&done).await;
    let receipts: Vec<String> =
        links(&page.body).into_iter().filter(|link| link.contains("/my/receipts/")).collect();
    assert_eq!(receipts.len(), expected.len(), "a receipt for each");
    assert_eq!(site.nattoku.history(crate::site::PRINCIPAL).unwrap().len(), before + expected.len());
    for receipt in &receipts {
        assert_eq!(site.get(receipt).await.status, StatusCode::OK, "{receipt}");
    }
    for item in &expected {
        assert!(links(&page.body).contains(&format!("{item}/resume")), "{item} has a way back of its own");
        assert!(row(&site, item).await.contains(&format!("{item}/resume\"")), "{item} is stopped");
    }
    assert_eq!(optional(&site), Vec::<String>::new());
    let overview = site.nattoku.overview(crate::site::PRINCIPAL).unwrap();
    assert_eq!((overview.consents_given, overview.choices_declined), (0, overview.choices_total));
    // What was never answered is not answered by it.
    assert!(site.get("/en/my/choices/consent/location_use").await.body.contains("We have not asked"));
    for page in ["/en/my/choices", "/en/my/choices/stop"] {
        let page = site.get(page).await.body;
        assert!(page.contains("You have stopped everything that can be stopped."), "{page}");
    }
    // One is taken back, and the others stay as they are.
    act(&site, "/en/my/choices/choice/surveys/resume").await;
    assert_eq!(optional(&site), ["/en/my/choices/choice/surveys"]);
    let page = site.get(&done).await.body;
    assert!(page.contains("1 item is not stopped, or was resumed since."));
    site.pass(19);
    site.get("/en/my").await;
    site.pass(12);
    assert!(!site.get(&done).await.body.contains("/resume\""), "half an hour, as everywhere");
}

#[tokio::test]
async fn stopping_everything_stops_nothing_that_was_not_seen() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/choices/stop").await;
    act(&site, "/en/my/choices/consent/advertising_mail/resume").await;
    let before = site.nattoku.history(crate::site::PRINCIPAL).unwrap().len();
    for answer in [site.submit(&page).await, site.post("/en/my/choices/stop", &[]).await] {
        assert_eq!(answer.header(header::LOCATION), "/en/my/choices/stop?changed=1");
    }
    assert_eq!(site.nattoku.history(crate::site::PRINCIPAL).unwrap().len(), before);
    let page = site.get("/en/my/choices/stop?changed=1").await;
    assert!(page.body.contains("so nothing was done") && page.body.contains("Receiving advertising e-mail"));
    for address in ["", "?from=1&to=3", "?from=9&to=1", "?from=x&to=y"] {
        let status = site.get(&format!("/en/my/choices/stopped{address}")).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{address}");
    }
    // Another's acts are not shown: the range names revisions, the session whose they are.
    let stopped = site.submit(&page).await.header(header::LOCATION).to_owned();
    let other = r#"{"event":"principal_registered","principal":"other","at":"2026-04-02T10:00:00+09:00"}"#;
    site.nattoku.import_events(other.as_bytes(), false, &mut |_| {}).unwrap();
    assert_eq!(site.visitor("other").await.get(&stopped).await.status, StatusCode::NOT_FOUND);
}
