//! What pages read of the store: how much, and what they say where it cannot be read.

use axum::http::StatusCode;
use nattoku_policy::Source;

use crate::log::sign;
use crate::package::opened as files;
use crate::site::{Site, Terms, carrier};
use crate::watched::Reads;

/// Every kind of page about a person.
const OWN: [&str; 19] = [
    "my",
    "my/data",
    "my/data/contact",
    "my/uses",
    "my/recipients",
    "my/recipients/store_partners",
    "my/versions/2019-12-11",
    "my/history",
    "my/history.csv",
    "my/history.json",
    "my/choices",
    "my/choices/stop",
    "my/choices/consent/partner_sharing",
    "my/choices/consent/partner_sharing/stop",
    "my/consents",
    "my/receipts",
    "my/receipts/11",
    "my/download",
    "my/download/package.zip",
];

/// A page that could not read something says that, and nothing else in its place.
#[tokio::test]
async fn whichever_read_of_a_page_fails_that_is_told() {
    let site = Site::signed_in().await;
    for page in OWN {
        let address = format!("/en/{page}");
        assert_eq!(site.get(&address).await.status, StatusCode::OK, "{page}");
        for read in 1.. {
            site.watch.fail(read);
            let answer = site.get(&address).await;
            if !site.watch.has_failed() {
                assert!(read > 1, "{page} reads nothing");
                break;
            }
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{page}, read {read}");
        }
    }
}

/// The policy with another name for an item, as if the old one were no longer asked about.
fn renamed() -> Vec<Source> {
    let mut sources = carrier();
    for source in sources.iter_mut().filter(|source| source.name.ends_with(".kdl")) {
        let text = String::from_utf8(source.bytes.clone()).unwrap();
        source.bytes = text.replace("partner_sharing", "partner_giving").into_bytes();
    }
    sources
}

#[tokio::test]
async fn the_receipt_of_an_item_that_is_no_longer_asked_about_says_so() {
    let site = Site::signed_in().await;
    let mut beside = site.beside_under(&renamed(), Terms::default());
    beside.take_cookie(&site);
    for (language, told) in [
        ("en", "We no longer ask about this"),
        ("ja", "この項目は、いまのプライバシーポリシーにはありません"),
    ] {
        let address = format!("/{language}/my/receipts/7");
        let page = beside.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(told), "{}", page.body);
        // Its page is no more.
        assert!(!page.body.contains("my/choices/consent/partner_sharing"), "{}", page.body);
        let page = site.get(&address).await;
        assert!(!page.body.contains(told) && page.body.contains("my/choices/consent/partner_sharing"));
    }
}

/// An answer of some years ago that takes back a consent, and one that declines what was never allowed.
const TAKEN_BACK: &str = r#"
{"event":"consent_withdrawn","principal":"sakura","at":"2022-03-01T10:00:00+09:00","item":"partner_sharing","channel":"shop","by":"principal"}
{"event":"consent_withdrawn","principal":"sakura","at":"2022-03-02T10:00:00+09:00","item":"location_use","channel":"shop","by":"principal"}
"#;

/// Which withdrawals decline what was never allowed follows from the record that the page has read.
#[tokio::test]
async fn the_record_is_read_once_for_a_page_of_it() {
    let site = Site::signed_in().await;
    site.nattoku.import_events(TAKEN_BACK.trim().as_bytes(), false, &mut |_| {}).unwrap();
    // Nothing has a way back any more, for which it would be read how all stands.
    site.pass(19);
    site.get("/en/my").await;
    site.pass(12);
    for page in ["my/history", "my/history.csv", "my/history.json", "my/receipts", "my/consents"] {
        site.watch.reads();
        let answer = site.get(&format!("/en/{page}")).await;
        assert_eq!(site.watch.reads().histories, 1, "{page}");
        let declined = answer.body.contains("eclined") && answer.body.contains("Use of location");
        assert!(declined, "{page}: {}", answer.body);
    }
    // What is looked for is a part of the record, and that it was allowed before stands in another.
    let answer = site.get("/en/my/history.csv?from=2022-03-01&to=2022-03-01").await;
    assert!(answer.body.contains("You stopped") && !answer.body.contains("eclined"), "{}", answer.body);
}

/// What is read for the package of somebody who has answered so often more.
async fn read_for_a_package(more: usize) -> Reads {
    let site = Site::signed_in().await;
    let answers: Vec<String> = (0..more)
        .map(|n| {
            let event = if n % 2 == 0 { "choice_restored" } else { "choice_declined" };
            format!(
                r#"{{"event":"{event}","principal":"sakura","at":"2022-01-01T10:00:{n:02}+09:00","choice":"offers","channel":"shop","by":"principal"}}"#
            )
        })
        .collect();
    site.nattoku.import_events(answers.join("\n").as_bytes(), false, &mut |_| {}).unwrap();
    sign(&site);
    site.watch.reads();
    let answer = site.get("/en/my/download/package.zip").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(files(&answer).keys().filter(|name| name.starts_with("receipts/")).count(), 2 + more);
    site.watch.reads()
}

/// However many receipts there are, all that is known of the person is read as often; of each receipt there is to read how long the
/// ledger is, what proves it, and its own leaf.
#[tokio::test]
async fn the_record_is_not_read_again_for_each_receipt_of_a_package() {
    let [few, many] = [read_for_a_package(1).await, read_for_a_package(41).await];
    assert_eq!(few.histories, many.histories);
    assert_eq!(many.all - few.all, 40 * 3, "{few:?}, {many:?}");
}

#[tokio::test]
async fn the_page_of_the_package_counts_what_the_package_has() {
    let site = Site::signed_in().await;
    site.watch.reads();
    let page = site.get("/en/my/download").await;
    assert_eq!(site.watch.reads().histories, 2, "what is held, and what happened");
    let rows = |line: &str| line.rsplit(". ").next().unwrap().split(' ').next().unwrap().parse().unwrap();
    let list = page.body.split("<ul class=\"dots\">").nth(1).unwrap().split("</ul>").next().unwrap();
    let told: Vec<usize> = list
        .split("<li>")
        .skip(1)
        .map(|line| {
            rows(line.split("<span class=\"quiet\">").nth(1).unwrap().split("</span>").next().unwrap())
        })
        .collect();
    let files = files(&site.get("/en/my/download/package.zip").await);
    let names = ["holdings", "consents", "choices", "passed-on", "views", "history", "receipts"];
    let there = names.map(|name| files[&format!("{name}.csv")].split_terminator("\r\n").count() - 1);
    assert_eq!(told, there);
}
