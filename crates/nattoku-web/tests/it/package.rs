//! The copy of everything that a customer takes along.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use axum::http::{StatusCode, header};
use nattoku_ledger::Receipt;
use nattoku_operations::CallerAct;
use zip::ZipArchive;

use crate::log::sign;
use crate::program::Program;
use crate::sign_in::Visitor;
use crate::site::{Answer, PRINCIPAL, Site, log_key};

/// The files of a package by their names.
pub(crate) fn opened(answer: &Answer) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(&answer.bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

#[tokio::test]
async fn the_package_has_what_programs_are_told() {
    let site = Site::signed_in().await;
    sign(&site);
    let answer = site.get("/en/my/download/package.zip").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/zip");
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), "attachment; filename=\"my-data-2026-11-24.zip\"");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let files = opened(&answer);
    let program = Program::with(&site, &["campaign_platform"], &[CallerAct::Read]);
    for (file, address) in [
        ("holdings", "holdings"),
        ("consents", "consents"),
        ("choices", "choices"),
        ("receipts", "receipts"),
        ("history", "history?limit=1000"),
    ] {
        let told = program.get(&format!("/v1/principals/{PRINCIPAL}/{address}")).await.good();
        let there: serde_json::Value = serde_json::from_str(&files[&format!("{file}.json")]).unwrap();
        assert_eq!(there, told, "{file}");
        let rows = files[&format!("{file}.csv")].split_terminator("\r\n").count();
        assert!(rows > 1, "{file}");
    }
    let passed: serde_json::Value = serde_json::from_str(&files["passed-on.json"]).unwrap();
    assert_eq!(passed["events"].as_array().unwrap().len(), 1);
    assert_eq!(passed["events"][0]["recipient"], "store_partners");
    for number in ["R-0000000007", "R-0000000011"] {
        let receipt = Receipt::parse(&files[&format!("receipts/{number}.json")]).unwrap();
        assert!(receipt.verify(log_key().verifying_key(), &[]).is_ok());
    }
}

#[tokio::test]
async fn its_page_reads_without_a_server() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        let files = opened(&site.get(&format!("/{language}/my/download/package.zip")).await);
        let index = &files["index.html"];
        let tags = crate::html::tags(index);
        for tag in &tags {
            for target in ["href", "src"].iter().filter_map(|name| tag.get(name)) {
                let inside = target.strip_prefix('#');
                let is_there = match inside {
                    Some(id) => tags.iter().any(|tag| tag.get("id") == Some(id)),
                    None => files.contains_key(target) || target.starts_with("tel:"),
                };
                assert!(is_there, "{language}: {target}");
            }
        }
        let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
        assert_eq!((count("h1"), count("script"), count("style")), (1, 0, 0));
        // Every row of every table is on the page as well.
        let rows: usize = files
            .iter()
            .filter(|(name, _)| name.ends_with(".csv"))
            .map(|(_, table)| table.split_terminator("\r\n").count() - 1)
            .sum();
        assert_eq!(tags.iter().filter(|tag| tag.get("scope") == Some("row")).count(), rows);
        // Nothing was signed, which is said in place of files.
        assert!(files.keys().all(|name| !name.starts_with("receipts/")));
        assert!(index.contains("窓口にお伝えください") || index.contains("Tell the number to the desk."));
    }
}

#[tokio::test]
async fn what_is_not_in_it_is_said_with_why() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/download").await;
    let index = opened(&site.get("/en/my/download/package.zip").await).remove("index.html").unwrap();
    for text in [&page.body, &index] {
        let absent = text.split("What is not in it, and why").last().unwrap();
        assert!(
            absent.contains("Looks that are not on record") && absent.contains("do not record them yet"),
            "{absent}"
        );
    }
    assert!(page.body.contains("href=\"/en/my/download/package.zip\""));
    // Two taps from home, as the rules have it.
    assert!(site.get("/en/my").await.body.contains("href=\"/en/my/download\""));
}

/// Who signed in by a link needs another after a while, which leads back here.
#[tokio::test]
async fn after_a_while_it_takes_a_new_link() {
    let site = Site::new();
    let visitor = Visitor::of(&site);
    visitor.open_link().await;
    let (page, package) = ("/en/my/download", "/en/my/download/package.zip");
    site.pass(4);
    assert_eq!(visitor.get(package).await.status, StatusCode::OK);
    assert!(visitor.get(page).await.body.contains("You can fetch it until 10:17"));
    site.pass(1);
    assert_eq!(visitor.get(package).await.header(header::LOCATION), "/en/my/download?anew=1");
    let refused = visitor.get("/en/my/download?anew=1").await;
    assert!(refused.body.contains("It was not made") && !refused.body.contains("package.zip"));
    assert!(refused.body.contains("checks that it is you and gives you a link"), "{}", refused.body);
    assert_eq!(visitor.open_link().await.header(header::LOCATION), page);
    assert_eq!(visitor.get(package).await.status, StatusCode::OK);
    // Nothing of it is kept from whoever only looks.
    site.pass(15);
    assert_eq!(visitor.get("/en/my/history").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_else_gets_it() {
    let site = Site::new();
    let answer = site.get("/en/my/download/package.zip").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header(header::LOCATION).starts_with("/en/sign-in"));
}

/// What a guardian and an agent did for her, and that there is a guardian.
const BY_OTHERS: &str = r#"
{"event":"guardian_linked","principal":"sakura","at":"2024-01-10T10:00:00+09:00","guardian":"hanako-77"}
{"event":"consent_granted","principal":"sakura","at":"2024-01-20T10:02:00+09:00","item":"location_use","text_version":"1","language":"ja","channel":"shop","by":"agent:taro-88","evidence":"power of attorney no. 99"}
{"event":"choice_restored","principal":"sakura","at":"2024-01-21T10:02:00+09:00","choice":"offers","channel":"phone","by":"guardian:hanako-77"}
"#;

/// What is of others is left out of what she takes along; that there is somebody is not.
#[tokio::test]
async fn who_acts_for_the_person_is_not_named() {
    let site = Site::signed_in().await;
    site.nattoku.import_events(BY_OTHERS.trim().as_bytes(), false, &mut |_| {}).unwrap();
    sign(&site);
    let mut files = opened(&site.get("/en/my/download/package.zip").await);
    for page in ["my/history", "my/history.json", "my/history.csv", "my/receipts/13", "my/receipts/14"] {
        files.insert(page.to_owned(), site.get(&format!("/en/{page}")).await.body);
    }
    for (name, text) in &files {
        for of_others in ["hanako-77", "taro-88", "no. 99"] {
            assert!(!text.contains(of_others), "{name}: {of_others}");
        }
    }
    for file in ["consents.json", "history.json", "receipts.json", "my/history.json"] {
        assert!(files[file].contains("\"by\": \"agent\""), "{file}");
    }
    assert!(files["choices.json"].contains("\"by\": \"guardian\""));
    assert!(files["history.json"].contains("guardian_linked"));
    // What proves the acts is there, without what is personal of them.
    for number in [13, 14] {
        let receipt = Receipt::parse(&files[&format!("receipts/R-00000000{number}.json")]).unwrap();
        assert!(receipt.opening.is_none() && receipt.verify(log_key().verifying_key(), &[]).is_ok());
        let address = format!("/en/my/receipts/{number}");
        let page = &files[&format!("my/receipts/{number}")];
        assert!(page.contains("/to-show.json") && !page.contains("/receipt.json"), "{page}");
        let whole = site.get(&format!("{address}/receipt.json")).await;
        assert_eq!(whole.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get(&format!("{address}/to-show.json")).await.status, StatusCode::OK);
    }
    // Her own acts are whole.
    assert!(site.get("/en/my/receipts/7/receipt.json").await.status.is_success());
}
