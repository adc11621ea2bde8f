//! The record, the register of answers and the list of receipts: what is found in them, and what is taken along.

use axum::http::{StatusCode, header};
use serde_json::Value;

use crate::site::{Answer, Site};

/// The texts of the timeline's lines.
fn lines(page: &Answer) -> Vec<String> {
    let list = page.body.split("<ol class=\"timeline\">").nth(1).unwrap_or_default();
    let list = list.split("</ol>").next().unwrap_or_default();
    let texts = list.split("</time><span>").skip(1);
    texts.map(|rest| rest.split("</span>").next().unwrap().to_owned()).collect()
}

fn link<'t>(tags: &'t [crate::html::Tag], text: &str) -> &'t str {
    let found = tags.iter().find(|tag| tag.name == "a" && tag.text == text);
    found.unwrap_or_else(|| panic!("no link `{text}`")).get("href").unwrap()
}

#[tokio::test]
async fn the_record_is_searched_by_kind_time_and_words() {
    let site = Site::signed_in().await;
    // Half an hour into the day where the policy is from, and the day before elsewhere.
    let early = r#"{"event":"data_acquired","principal":"sakura","at":"2026-02-28T15:30:00Z","category":"purchase","source":"member_store"}"#;
    site.nattoku.import_events(early.as_bytes(), false, &mut |_| {}).unwrap();
    let all = lines(&site.get("/en/my/history").await);
    assert_eq!(all.len(), 12);
    for (query, count) in [
        ("kind=answers", 2),
        ("kind=passed", 1),
        ("kind=used", 0),
        ("from=2019-12-20&to=2019-12-20", 3),
        ("from=2026-01-01", 2),
        ("from=2026-03-01&to=2026-03-01", 1),
        ("to=2016-04-01", 4),
        ("words=member+stores", 3),
        ("words=MEMBER", 4),
        ("words=R-0000000007", 1),
        ("words=nothing+like+it", 0),
        ("kind=answers&from=2021-01-01&words=telephone", 1),
        ("kind=&from=&to=&words=", 12),
    ] {
        let page = site.get(&format!("/en/my/history?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        let found = lines(&page);
        assert_eq!(found.len(), count, "{query}: {found:?}");
        assert!(found.iter().all(|line| all.contains(line)));
    }
    let japanese = site.get("/ja/my/history?words=%E5%8A%A0%E7%9B%9F%E5%BA%97%E3%80%80%E6%B8%A1").await;
    assert_eq!(lines(&japanese).len(), 1, "words may stand apart by a wide space");
}

#[tokio::test]
async fn where_nothing_is_found_that_is_said_with_ways_to_find_more() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/history?kind=passed&words=nothing").await;
    assert!(page.body.contains("No entry matches."), "{}", page.body);
    let tags = page.tags();
    assert_eq!(link(&tags, "With any words"), "/en/my/history?kind=passed");
    assert_eq!(link(&tags, "Of all kinds"), "/en/my/history?words=nothing");
    assert_eq!(link(&tags, "See all entries"), "/en/my/history");
    assert_eq!(lines(&site.get("/en/my/history?kind=passed").await).len(), 1);
}

/// Rule 28: what is wrong is told at its field, and what was typed stays.
#[tokio::test]
async fn what_cannot_be_looked_for_is_told_at_its_field() {
    let site = Site::signed_in().await;
    for (query, field, told) in [
        ("from=yesterday&words=stores", "from", "This is no date."),
        ("to=2026-13-01&words=stores", "to", "This is no date."),
        ("from=2026-02-01&to=2026-01-01&words=stores", "to", "is before"),
        ("kind=everything&words=stores", "kind", "There is no such kind."),
        (&format!("words=stores+{}", "x".repeat(100)), "words", "100 characters at most"),
    ] {
        let page = site.get(&format!("/en/my/history?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(lines(&page).is_empty(), "{query}");
        let tags = page.tags();
        let tag = tags.iter().find(|tag| tag.get("id") == Some(field)).unwrap();
        assert_eq!(tag.get("aria-invalid"), Some("true"), "{query}");
        let fault = tags.iter().find(|fault| fault.get("id") == tag.get("aria-describedby")).unwrap();
        assert!(fault.text.contains(told), "{query}: {}", fault.text);
        let words = tags.iter().find(|tag| tag.get("id") == Some("words")).unwrap();
        assert!(words.get("value").unwrap().starts_with("stores"), "{query}");
        // As a file it cannot be had either: the page says why.
        let file = site.get(&format!("/en/my/history.csv?{query}")).await;
        assert_eq!(file.header(header::LOCATION), format!("/en/my/history?{query}"));
    }
}

#[tokio::test]
async fn what_is_shown_of_the_record_is_taken_along() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/history?kind=answers").await;
    let shown = lines(&page);
    let tags = page.tags();
    let csv = site.get(link(&tags, "CSV (for spreadsheets)")).await;
    assert_eq!(csv.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(csv.header(header::CONTENT_DISPOSITION), "attachment; filename=\"history-2026-11-24.csv\"");
    assert_eq!(csv.header(header::CACHE_CONTROL), "no-store");
    let rows: Vec<&str> = csv.body.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 1 + shown.len());
    assert_eq!(rows[0], "When,Kind,What,Remark,Recorded,Entry,Receipt");
    assert!(rows[1].starts_with("2021-05-06T15:00:00+09:00,Your answers,"), "{}", rows[1]);
    assert!(rows[1].ends_with(",11,R-0000000011"), "{}", rows[1]);

    let json = site.get(link(&tags, "JSON (for programs)")).await;
    assert_eq!(json.header(header::CONTENT_DISPOSITION), "attachment; filename=\"history-2026-11-24.json\"");
    let file: Value = serde_json::from_str(&json.body).unwrap();
    let entries = file["entries"].as_array().unwrap();
    let texts: Vec<&str> = entries.iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    assert_eq!(texts, shown);
    assert_eq!((&file["asked"]["kind"], &file["language"]), (&"answers".into(), &"en".into()));
    assert_eq!(entries[1]["event"]["text_version"], "1");
    assert_eq!(entries[1]["event"]["revision"], 7);
}

/// The newest are on the first page; an older one has the same lines as long as the same is looked for.
#[tokio::test]
async fn pages_of_what_is_looked_for_keep_their_lines() {
    let site = Site::signed_in().await;
    let answer = |n: u32, act: &str| {
        format!(
            r#"{{"event":"choice_{act}","principal":"sakura","at":"2026-{:02}-{:02}T10:00:00+09:00","choice":"offers","channel":"web","by":"principal"}}"#,
            1 + n / 28,
            1 + n % 28
        )
    };
    let past: Vec<String> =
        (0..60).map(|n| answer(n, if n % 2 == 0 { "restored" } else { "declined" })).collect();
    site.nattoku.import_events(past.join("\n").as_bytes(), false, &mut |_| {}).unwrap();
    let first = site.get("/en/my/history?kind=answers").await;
    assert_eq!(lines(&first).len(), 50);
    let tags = first.tags();
    let older = tags.iter().find(|t| t.get("rel") == Some("next")).unwrap().get("href").unwrap();
    assert!(older.starts_with("/en/my/history?kind=answers&before="), "{older}");
    let second = site.get(older).await;
    assert_eq!(lines(&second).len(), 12);
    site.nattoku.import_events(answer(70, "restored").as_bytes(), false, &mut |_| {}).unwrap();
    assert_eq!(lines(&site.get(older).await), lines(&second));
    let tags = second.tags();
    let newer = tags.iter().find(|t| t.get("rel") == Some("prev")).unwrap().get("href").unwrap();
    assert_eq!(newer, "/en/my/history?kind=answers");
    let all = site.get("/en/my/history.csv?kind=answers").await;
    assert_eq!(all.body.split_terminator("\r\n").count(), 1 + 63, "a file has every page");
}

#[tokio::test]
async fn every_receipt_is_listed() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/receipts").await;
    assert_eq!(lines(&page).len(), 2);
    let tags = page.tags();
    let receipts: Vec<&str> =
        tags.iter().filter_map(|t| t.get("href")).filter(|a| a.contains("/my/receipts/")).collect();
    assert_eq!(receipts, ["/en/my/receipts/11", "/en/my/receipts/7"]);
    let mut site = site;
    let other = r#"{"event":"principal_registered","principal":"ren","at":"2020-01-01T00:00:00Z","born":"1990-01-01","unknown_relationships":[]}"#;
    site.nattoku.import_events(other.as_bytes(), false, &mut |_| {}).unwrap();
    site.sign_in("ren").await;
    assert!(site.get("/ja/my/receipts").await.body.contains("控えはまだありません。"));
    assert!(site.get("/ja/my/consents").await.body.contains("認めたことも断ったことも、まだありません。"));
}

#[tokio::test]
async fn the_register_has_every_answer_with_its_text() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/consents").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.matches("role=\"rowheader\"").count(), 2);
    assert!(page.body.contains("See version 1") && page.body.contains("lang=\"ja\""), "{}", page.body);
    assert!(page.body.contains("The oldest answer is of Fri 20 Dec 2019, 6 years ago."), "{}", page.body);
    let tags = page.tags();
    let items: Vec<&str> =
        tags.iter().filter(|t| t.name == "option").filter_map(|t| t.get("value")).collect();
    assert_eq!(items.len(), 3);
    assert!(items.contains(&"consent:partner_sharing") && items.contains(&"choice:offers"), "{items:?}");
    let one = site.get("/en/my/consents?item=choice:offers").await;
    assert_eq!(one.body.matches("role=\"rowheader\"").count(), 1);
    assert!(one.body.contains("R-0000000011") && !one.body.contains("R-0000000007"));
    let all = site.get("/en/my/consents?item=").await;
    assert_eq!(all.body.matches("role=\"rowheader\"").count(), 2);
    let none = site.get("/en/my/consents?item=choice:nothing").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
