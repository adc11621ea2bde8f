//! Claims and record: the way to every record, and how a claim is made today.

use axum::http::StatusCode;

use crate::html::Tag;
use crate::site::{Answer, Site};

/// The words of the navigation with their addresses, and which of them is marked as the place.
fn navigation(page: &Answer) -> (Vec<(String, String)>, Option<String>) {
    let inside = page.body.split("<nav class=\"main").nth(1).unwrap().split("</nav>").next().unwrap();
    let tags: Vec<Tag> = crate::html::tags(inside).into_iter().filter(|tag| tag.name == "a").collect();
    let place = tags.iter().find(|tag| tag.get("aria-current") == Some("page")).map(|tag| tag.text.clone());
    (tags.iter().map(|tag| (tag.text.clone(), tag.get("href").unwrap().to_owned())).collect(), place)
}

#[tokio::test]
async fn claims_and_record_leads_to_every_record_and_says_how_to_claim() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/record").await;
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Claims and record"));
    for address in ["history", "access", "receipts", "consents", "messages", "download"] {
        assert!(page.body.contains(&format!("href=\"/en/my/{address}\"")), "{address}");
        // One tap back, from what stands on its own.
        let there = site.get(&format!("/en/my/{address}")).await;
        assert_eq!(there.status, StatusCode::OK);
        assert!(there.body.contains("href=\"/en/my/record\""), "{address}");
    }
    let how = page.body.split("How to make one today").nth(1).unwrap();
    // Nothing is faked: no form, and where to turn.
    assert!(how.contains("Claims cannot be made on these pages yet."), "{how}");
    assert!(how.contains("href=\"tel:0570000000\"") && how.contains("Claims office"), "{how}");
    assert!(how.contains("1-1-1 Nattoku") && how.contains("href=\"/en/privacy/claims\""), "{how}");
    for kind in ["Tell me the purposes", "See it", "See the record of passing on", "Correct it", "Erase it"] {
        assert!(page.body.contains(kind), "{kind}");
    }
    let japanese = site.get("/ja/my/record").await;
    for kind in
        ["利用目的の通知", "開示", "第三者提供記録の開示", "訂正・追加", "消去", "利用停止", "第三者提供停止"]
    {
        assert!(japanese.body.contains(&format!("（{kind}）")), "{kind}");
    }
}

/// Five words, the same on every page of one's own; pages for everybody have the notice beside them.
#[tokio::test]
async fn the_navigation_has_five_words() {
    let site = Site::signed_in().await;
    let words = ["ホーム", "持っている情報", "使い方と同意", "渡した相手", "請求と記録"];
    for (address, place) in [
        ("/ja/my", "ホーム"),
        ("/ja/my/data", "持っている情報"),
        ("/ja/my/choices", "使い方と同意"),
        ("/ja/my/recipients", "渡した相手"),
        ("/ja/my/record", "請求と記録"),
        ("/ja/my/history", "請求と記録"),
        ("/ja/my/access", "請求と記録"),
        ("/ja/my/receipts", "請求と記録"),
        ("/ja/my/messages", "請求と記録"),
        ("/ja/my/download", "請求と記録"),
    ] {
        let (there, at) = navigation(&site.get(address).await);
        assert_eq!(there.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), words, "{address}");
        assert_eq!(at.as_deref(), Some(place), "{address}");
    }
    // One name for one thing: the word of the navigation is the page's heading.
    for (word, address) in navigation(&site.get("/ja/my").await).0.into_iter().skip(1) {
        assert_eq!(site.get(&address).await.heading(), word, "{address}");
    }
    let (notice, at) = navigation(&site.get("/ja/privacy").await);
    assert_eq!(notice.len(), 6);
    assert_eq!(at.as_deref(), Some("プライバシーポリシー"));
}
