//! One kind of data, one recipient, and the uses by purpose: what each page says of one person, in both languages.

use axum::http::StatusCode;
use nattoku_operations::Outcome;

use crate::decided::{KIKO, page};
use crate::site::Site;

/// Somebody of whom something was passed on and something erased.
const YUI: &str = r#"
{"event":"principal_registered","principal":"yui","at":"2020-02-01T10:00:00+09:00","born":"1985-04-01","unknown_relationships":[]}
{"event":"relationship_started","principal":"yui","at":"2020-02-01T10:00:00+09:00","relationship":"line"}
{"event":"relationship_started","principal":"yui","at":"2020-02-01T10:01:00+09:00","relationship":"club"}
{"event":"data_acquired","principal":"yui","at":"2020-02-01T10:05:00+09:00","category":"contact.email","source":"app_screen"}
{"event":"data_erased","principal":"yui","at":"2026-11-12T10:05:00+09:00","category":"contact.email"}
{"event":"data_acquired","principal":"yui","at":"2026-09-10T12:00:00+09:00","category":"purchase","source":"member_store"}
{"event":"consent_granted","principal":"yui","at":"2023-04-08T10:00:00+09:00","item":"partner_sharing","text_version":"2","language":"ja","channel":"app","by":"principal"}
{"event":"data_provided","principal":"yui","at":"2026-10-01T12:00:00+09:00","recipient":"store_partners","activity":"partner_offers","categories":["purchase"],"basis":"consent:partner_sharing"}
"#;

#[tokio::test]
async fn a_kind_of_data_says_all_that_is_known_of_it() {
    let site = Site::signed_in_as("yui", YUI).await;
    let answer = site.get("/en/my/data/purchase").await;
    for link in
        ["/en/my/recipients/store_partners", "/en/my/versions/2019-12-11", "/en/my/choices", "/en/my/data"]
    {
        assert!(answer.body.contains(&format!("href=\"{link}\"")), "{link}: {}", answer.body);
    }
    for (language, said) in [
        (
            "en",
            [
                "From others",
                "Thu 10 Sep 2026, 2 months ago",
                "until Wed 10 Sep 2031, in 4 years",
                "Not used now, and why",
                "waits for your consent",
                "Thu 1 Oct 2026, 54 days ago",
                "Version 2019-12-11 governs all your data, because you were in",
            ],
        ),
        (
            "ja",
            [
                "他社から",
                "2026年9月10日（木、2か月前）",
                "2031年9月10日（水、あと4年）まで",
                "いまは使っていないものと、その理由",
                "同意を待っています",
                "2026年10月1日（木、54日前）",
                "2019-12-11版が適用されます",
            ],
        ),
    ] {
        let text = page(&site, &format!("/{language}/my/data/purchase")).await;
        for said in said {
            assert!(text.contains(said), "{language}: {said} is not in {text}");
        }
    }
}

#[tokio::test]
async fn what_is_not_held_says_so_and_what_was_erased_says_when() {
    let site = Site::signed_in_as("yui", YUI).await;
    let text = page(&site, "/en/my/data/contact.email").await;
    assert!(text.contains("Nothing of this kind is held about you any more; it was erased. The record about you begins on Sat 1 Feb 2020, 6 years ago."), "{text}");
    assert!(
        text.contains("Thu 12 Nov 2026, 12 days ago") && text.contains("Erased: E-mail address"),
        "{text}"
    );
    assert!(text.contains("There is no record of anything passed on. The record about you begins"), "{text}");
    let text = page(&site, "/ja/my/data/contact.email").await;
    assert!(
        text.contains("2026年11月12日（木、12日前）") && text.contains("メールアドレスを消しました"),
        "{text}"
    );
    let text = page(&site, "/ja/my/data/location").await;
    assert!(text.contains("この種類の情報を消した記録はありません。"), "{text}");
    let list = site.get("/en/my/data").await;
    assert!(
        list.body.contains("href=\"/en/my/data/location\"")
            && list.body.contains("href=\"/en/my/data/purchase\"")
    );
    assert_eq!(site.get("/en/my/data/horoscope").await.status, StatusCode::NOT_FOUND);
    let record = page(&site, "/en/my/data/will_record").await;
    assert!(
        record.contains("as the record that every decision rests on") && record.contains("1 entry"),
        "{record}"
    );
}

#[tokio::test]
async fn a_recipient_says_what_they_got_on_which_ground_and_how_to_stop_it() {
    let site = Site::signed_in_as("yui", YUI).await;
    let answer = site.get("/en/my/recipients/store_partners").await;
    assert!(answer.body.contains("href=\"/en/my/choices/consent/partner_sharing\""), "{}", answer.body);
    assert!(answer.body.contains("href=\"/en/my/choices/choice/partner_provision\""), "{}", answer.body);
    for (language, said) in [
        (
            "en",
            [
                "For example",
                "On the ground of: your consent, “Giving data to partners”",
                "Purchase history",
                "The record about you begins on Sat 1 Feb 2020",
                "in use",
            ],
        ),
        (
            "ja",
            [
                "例えば",
                "根拠: あなたの同意「提携先への提供」",
                "購入履歴",
                "あなたについての記録は2020年2月1日（土、6年前）からあります。",
                "使っています",
            ],
        ),
    ] {
        let text = page(&site, &format!("/{language}/my/recipients/store_partners")).await;
        for said in said {
            assert!(text.contains(said), "{language}: {said} is not in {text}");
        }
    }
    let abroad = page(&site, "/en/my/recipients/overseas_stores").await;
    assert!(
        abroad.contains("Abroad (United States)") && abroad.contains("Consent to going abroad"),
        "{abroad}"
    );
    assert!(abroad.contains("There is no record of anything passed on."), "{abroad}");
    assert!(
        abroad.contains("Nothing may be given to them now.") && abroad.contains("waits for your consent")
    );
    let agent = page(&site, "/en/my/recipients/call_center").await;
    assert!(agent.contains("Answering your opinions, requests and inquiries"), "{agent}");
    assert_eq!(site.get("/en/my/recipients/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_of_recipients_says_since_when_and_where_there_is_nobody() {
    let site = Site::signed_in_as("yui", YUI).await;
    let answer = site.get("/en/my/recipients").await;
    assert!(answer.body.contains("href=\"/en/my/recipients/store_partners\""));
    let text = page(&site, "/en/my/recipients").await;
    assert!(text.contains("The record about you begins on Sat 1 Feb 2020"), "{text}");
    assert!(text.contains("Thu 1 Oct 2026, 54 days ago"), "{text}");
    let mut without = crate::site::carrier();
    without.retain(|s| s.name != "tests.kdl");
    let file = without.iter_mut().find(|s| s.name == "recipients.kdl").unwrap();
    let policy = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(policy.contains("kind=successor"), "the test takes the one successor away");
    file.bytes = policy.replace("kind=successor", "kind=third_party").into_bytes();
    let site = Site::signed_in_under(&without).await;
    for (language, heading, nobody) in [
        ("en", "Takes over a business", "The policy names nobody of this kind."),
        ("ja", "事業を引き継ぐ", "この種類の相手は、ポリシーにありません。"),
    ] {
        let text = page(&site, &format!("/{language}/my/recipients")).await;
        assert!(text.rsplit(heading).next().unwrap().contains(nobody), "{text}");
    }
}

#[tokio::test]
async fn what_would_surprise_stands_first_among_what_is_held() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    for (language, heading, calls, purchase) in [
        ("en", "What you might not expect", "Secrecy of communications", "From others"),
        ("ja", "意外に思われるかもしれないもの", "通信の秘密", "他社から"),
    ] {
        let body = site.get(&format!("/{language}/my/data")).await.body;
        let (_, after) = body.split_once(heading).unwrap();
        let (first, rest) = after.split_once("</section>").unwrap();
        assert!(rest.contains("<li id=\""), "it stands before the list of all");
        let line = |kind: &str| {
            let link = format!("href=\"/{language}/my/data/{kind}\"");
            first.split("<li>").find(|line| line.contains(&link)).map(str::to_owned)
        };
        assert!(line("call_history").unwrap().contains(calls), "{first}");
        assert!(line("purchase").unwrap().contains(purchase), "{first}");
        assert_eq!(line("contact.name"), None, "a name surprises nobody: {first}");
    }
}

#[tokio::test]
async fn words_of_law_beside_data_and_recipients_lead_to_what_they_mean() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let recipients = site.get("/en/my/recipients").await;
    for term in ["provision", "joint-use", "entrustment", "succession"] {
        let link = format!("href=\"/en/privacy/glossary#{term}\"");
        assert!(recipients.body.contains(&link), "{term}: {}", recipients.body);
    }
    let calls = site.get("/ja/my/data/call_history").await;
    assert!(calls.body.contains("href=\"/ja/privacy/glossary#communications-secrecy\""), "{}", calls.body);
    let glossary = page(&site, "/ja/privacy/glossary").await;
    assert!(glossary.contains("通信の秘密") && glossary.contains("法律が守っています。"), "{glossary}");
}

#[tokio::test]
async fn the_uses_stand_by_purpose_as_they_are_decided() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let policy = site.nattoku.policy();
    let uses = site.nattoku.snapshot("kiko").unwrap().uses();
    let text = page(&site, "/en/my/uses").await;
    for (name, purpose) in &policy.purposes {
        let title = purpose.title.get(nattoku_model::Language::En);
        let part = text.split(&format!("({}) {title}", purpose.number)).nth(1).unwrap();
        let of_purpose: Vec<_> = uses.iter().filter(|u| u.act.purpose == *name).collect();
        let is_open = of_purpose.iter().any(|u| u.outcome() == Outcome::InUse);
        assert_eq!(!part.contains("None of your data is used for this now."), is_open, "{name}: {part}");
        assert!(part.contains("For example: "), "{name}: {part}");
        let shown = part.split("Not used now, and why").next().unwrap();
        for u in of_purpose.iter().filter(|u| u.outcome() == Outcome::InUse) {
            let activity = policy.activities[&u.act.activity].title.get(nattoku_model::Language::En);
            assert!(shown.contains(activity), "{name}: {activity}");
        }
    }
    let home = site.get("/en/my").await;
    assert!(home.body.contains("href=\"/en/my/uses\""));
    let ja = page(&site, "/ja/my/uses").await;
    assert!(ja.contains("例えば、") && ja.contains("次のものは止められます。"), "{ja}");
}
