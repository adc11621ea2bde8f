//! A person of whom nothing is recorded but that there is one: every page says what would be there, and that there is nothing.

use axum::http::StatusCode;

use crate::decided::page;
use crate::site::Site;

const NEW: &str = r#"
{"event":"principal_registered","principal":"nozomi","at":"2026-11-24T09:00:00+09:00","born":"1990-04-01","unknown_relationships":[]}
"#;

#[tokio::test]
async fn every_page_of_a_new_customer_says_that_there_is_nothing_yet() {
    let site = Site::signed_in_as("nozomi", NEW).await;
    for (address, ja, en) in [
        ("my", "これまでに渡した記録はありません", "Nothing has been passed on so far"),
        ("my/data", "持っている情報は記録されていません。", "Nothing is recorded as held about you."),
        (
            "my/data/purchase",
            "この種類の情報は、あなたについての取得の記録がありません。",
            "Nothing of this kind is recorded as acquired about you.",
        ),
        ("my/uses", "いま、この目的で使うものはありません。", "None of your data is used for this now."),
        ("my/choices", "まだ聞いていません", "We have not asked"),
        ("my/choices/choice/surveys", "変更の記録はありません。", "Nothing was ever changed."),
        ("my/recipients", "これまでに渡した記録はありません。", "There is no record of anything passed on."),
        ("my/recipients/store_partners", "いまは何も渡せません。", "Nothing may be given to them now."),
        (
            "my/consents",
            "認めたことも断ったことも、まだありません。",
            "You have neither allowed nor refused anything yet.",
        ),
        ("my/receipts", "控えはまだありません。", "There is no receipt yet."),
        ("my/download", "ZIP", "Download the ZIP"),
    ] {
        for (language, said) in [("ja", ja), ("en", en)] {
            let text = page(&site, &format!("/{language}/{address}")).await;
            assert!(text.contains(said), "{language}/{address}: {said} is not in {text}");
        }
    }
    let home = site.get("/en/my").await.body;
    let numbers: Vec<&str> =
        home.split("<b>").skip(1).map(|rest| rest.split("</b>").next().unwrap()).collect();
    assert_eq!(numbers, ["0"; 4], "four numbers, and nothing counted");
    // That they are a customer is the first line of the record, and stands there.
    let record = page(&site, "/en/my/history").await;
    assert!(record.contains("You were registered as a customer") && record.contains("1 entry"), "{record}");
    assert_eq!(site.get("/en/my/receipts/1").await.status, StatusCode::NOT_FOUND);
}
