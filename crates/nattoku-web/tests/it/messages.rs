//! Messages to the person: versions of the policy that came while they were known, or that they were given.

use axum::http::{StatusCode, header};

use crate::site::{PRINCIPAL, Site};
use crate::versions::replaced;

#[tokio::test]
async fn versions_that_concern_the_person_are_told_with_what_they_change() {
    let site = Site::signed_in_under(&replaced("2026-11-01")).await;
    let page = site.get("/en/my/messages").await;
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Messages to you"));
    let links: Vec<String> = page.tags().iter().filter_map(|t| t.get("href").map(str::to_owned)).collect();
    let of = |version: &str| links.iter().position(|link| *link == format!("/en/my/versions/{version}"));
    // Newest first; what was in force before they were known is no news.
    assert!(of("2026-11-01").unwrap() < of("2019-12-11").unwrap(), "{links:?}");
    assert_eq!(of("2015-10-01"), None);
    let newest = page.body.split("<article>").nth(1).unwrap();
    assert!(newest.contains("datetime=\"2026-09-01\""), "when it was announced: {newest}");
    assert!(newest.contains("Version 2026-11-01 came into force on Sun 1 Nov 2026"), "{newest}");
    // As many as the version's own page lists.
    let change =
        site.nattoku.version_change(PRINCIPAL, &"2026-11-01".into()).unwrap().unwrap().shifts.unwrap();
    let told = format!(
        "Uses that become possible for you: {}. Uses that end: {}.",
        change.becomes.len(),
        change.ends.len()
    );
    assert!(!change.becomes.is_empty() && newest.contains(&told), "{told}: {newest}");
    let older = page.body.split("<article>").nth(2).unwrap();
    assert!(older.contains("Given to you on Fri 20 Dec 2019. In the app."), "{older}");
    assert!(older.contains("The text of version 2015-10-01 was not kept."), "{older}");
    assert!(site.get("/ja/my/messages").await.body.contains("お知らせした日: 2019年12月20日（金）（アプリ"));
    assert!(site.get("/en/my").await.body.contains("href=\"/en/my/messages\""));
}

#[tokio::test]
async fn a_version_to_come_is_told_as_that() {
    let site = Site::signed_in_under(&replaced("2027-04-01")).await;
    let page = site.get("/en/my/messages").await;
    assert!(page.body.contains("Version 2027-04-01 comes into force on Thu 1 Apr 2027"), "{}", page.body);
}

/// Rule 27: whoever came later than every version is told that there is nothing, and what would be there.
#[tokio::test]
async fn where_there_is_no_message_that_is_said() {
    let new = r#"{"event":"principal_registered","principal":"new","at":"2026-10-01T00:00:00Z","born":"1990-01-01"}"#;
    let site = Site::signed_in_as("new", new).await;
    let page = site.get("/en/my/messages").await;
    assert!(page.body.contains("There is no message yet."), "{}", page.body);
    assert!(!page.body.contains("<article>"));
    assert!(site.get("/ja/my/messages").await.body.contains("お知らせはまだありません。"));
}

#[tokio::test]
async fn nobody_else_reads_them() {
    let answer = Site::new().get("/en/my/messages").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header(header::LOCATION).starts_with("/en/sign-in"));
}
