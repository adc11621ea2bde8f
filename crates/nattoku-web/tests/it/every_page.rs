//! What every page owes its reader, checked on every page that a link leads to, in every language.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{StatusCode, header};

use crate::html::Tag;
use crate::site::{Answer, Site};

/// Every page of one language, reached by following links.
pub(crate) async fn crawl(site: &Site, language: &str) -> BTreeMap<String, Answer> {
    let mut pages = BTreeMap::new();
    let mut todo = vec![
        format!("/{language}/my"),
        format!("/{language}/privacy"),
        format!("/{language}/sign-in"),
        format!("/{language}/my/choices/choice/offers/resume"),
    ];
    while let Some(address) = todo.pop() {
        if pages.contains_key(&address) {
            continue;
        }
        let answer = site.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        if !answer.header(header::CONTENT_TYPE).starts_with("text/html") {
            continue;
        }
        for link in links(&answer) {
            let page = link.split('#').next().unwrap().to_owned();
            if page.starts_with(&format!("/{language}/")) {
                todo.push(page);
            }
        }
        pages.insert(address, answer);
    }
    assert!(pages.len() > 30, "only {} pages are reached", pages.len());
    pages
}

pub(crate) fn links(answer: &Answer) -> Vec<String> {
    let tags = answer.tags();
    tags.iter().filter(|t| t.name == "a").filter_map(|t| t.get("href")).map(str::to_owned).collect()
}

#[tokio::test]
async fn pages_are_whole_and_carry_no_style_and_no_script() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        for (address, page) in crawl(&site, language).await {
            write_for_a_look(&address, &page);
            let tags = page.tags();
            let count = |name: &str| tags.iter().filter(|t| t.name == name).count();
            assert_eq!(count("h1"), 1, "{address}: h1");
            assert_eq!(count("title"), 1, "{address}: title");
            assert_eq!(count("script") + count("style"), 0, "{address}: script or style");
            let html = tags.iter().find(|t| t.name == "html").unwrap();
            assert_eq!(html.get("lang"), Some(language), "{address}");
            for tag in &tags {
                let handler = tag.attributes.keys().find(|name| name.starts_with("on") || *name == "style");
                assert_eq!(handler, None, "{address}: <{}>", tag.name);
                if tag.name == "button" {
                    assert!(tag.get("type").is_some(), "{address}: a button without a type");
                }
            }
            assert_headings_descend_by_one(&address, &tags);
            assert_ids_are_unique(&address, &tags);
        }
    }
}

fn assert_headings_descend_by_one(address: &str, tags: &[Tag]) {
    let mut above = 0;
    for tag in tags {
        let level = tag.name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok());
        // The footer begins again at the second level.
        if let Some(level) = level {
            assert!(level <= above + 1, "{address}: h{level} after h{above}");
            above = level;
        }
    }
}

fn assert_ids_are_unique(address: &str, tags: &[Tag]) {
    let mut seen = BTreeSet::new();
    for id in tags.iter().filter_map(|t| t.get("id")) {
        assert!(seen.insert(id.to_owned()), "{address}: #{id} stands twice");
        assert!(!id.contains(char::is_whitespace) && !id.is_empty(), "{address}: #{id}");
    }
}

#[tokio::test]
async fn every_fragment_exists_and_the_other_language_has_the_same_page() {
    let site = Site::signed_in().await;
    let pages = crawl(&site, "ja").await;
    let ids: BTreeMap<&String, BTreeSet<String>> = pages
        .iter()
        .map(|(address, page)| {
            (address, page.tags().iter().filter_map(|t| t.get("id").map(str::to_owned)).collect())
        })
        .collect();
    for (address, page) in &pages {
        for link in links(page) {
            let (target, fragment) = link.split_once('#').unwrap_or((&link, ""));
            let target = if target.is_empty() { address.clone() } else { target.to_owned() };
            if let (Some(ids), false) = (ids.get(&target), fragment.is_empty()) {
                assert!(ids.contains(fragment), "{address} links to {link}");
            }
        }
        let other = address.replacen("/ja/", "/en/", 1);
        assert!(links(page).contains(&other), "{address} has no way to {other}");
        assert_eq!(site.get(&other).await.status, StatusCode::OK, "{other}");
    }
}

#[tokio::test]
async fn english_pages_are_english() {
    let site = Site::signed_in().await;
    let japanese = |c: &char| ('\u{3040}'..='\u{30ff}').contains(c) || ('\u{4e00}'..='\u{9fff}').contains(c);
    for (address, page) in crawl(&site, "en").await {
        for tag in page.tags().iter().filter(|t| t.get("lang") != Some("ja")) {
            let found: String = tag.text.chars().filter(japanese).collect();
            assert!(found.is_empty(), "{address}: <{}> says {found}", tag.name);
        }
    }
}

/// Names of formats, programs and laws stand in Japanese pages too; two words of English in a row are a sentence left over.
#[tokio::test]
async fn japanese_pages_are_japanese_and_no_key_shows_as_itself() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        for (address, page) in crawl(&site, language).await {
            let is_code = |name: &str| ["code", "pre", "kbd"].contains(&name);
            for tag in page.tags().iter().filter(|t| !is_code(&t.name)) {
                let text = tag.text.trim();
                if language == "ja" && tag.get("lang") != Some("en") {
                    let is_word =
                        |word: &&str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase());
                    let words: Vec<&str> = text.split_whitespace().collect();
                    let left_over = words.windows(2).find(|pair| pair.iter().all(is_word));
                    assert_eq!(left_over, None, "{address}: <{}> says {text}", tag.name);
                }
                // A key that no catalogue has shows as itself: words joined by hyphens, and nothing else.
                let is_key = text.contains('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
                assert!(!is_key, "{address}: <{}> says {text}", tag.name);
            }
        }
    }
}

#[tokio::test]
async fn the_foot_of_every_page_says_where_to_ask_and_who_takes_complaints() {
    let site = Site::signed_in().await;
    for (language, said) in [
        (
            "en",
            [
                "Customer service",
                "(calls are charged)",
                "Open 10:00 to 18:00",
                "that take complaints",
                "Credit Data Protection",
            ],
        ),
        (
            "ja",
            [
                "お客さまサービス窓口",
                "（有料）",
                "受付 10:00〜18:00",
                "苦情・相談を受け付ける",
                "クレジットデータ保護協会",
            ],
        ),
    ] {
        for (address, page) in crawl(&site, language).await {
            let foot = page.body.split("<footer").nth(1).unwrap_or_else(|| panic!("{address} has no foot"));
            for said in said.into_iter().chain(["href=\"tel:0570000000\"", "href=\"tel:0300000000\""]) {
                assert!(foot.contains(said), "{address}: {said}: {foot}");
            }
        }
    }
}

#[tokio::test]
async fn headers_keep_what_is_personal_out_of_caches_and_scripts_out_of_pages() {
    let site = Site::signed_in().await;
    for (address, page) in crawl(&site, "ja").await {
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'"), "{address}");
        assert!(!policy.contains("unsafe"), "{address}");
        assert_eq!(page.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let cache = page.header(header::CACHE_CONTROL);
        if address.contains("/my") {
            assert_eq!(cache, "no-store", "{address}");
        } else if address.ends_with("/privacy") {
            assert!(cache.starts_with("public"), "{address}");
        }
    }
}

#[tokio::test]
async fn stylesheet_and_icon_are_there_for_good() {
    let site = Site::new();
    let page = site.get("/ja/privacy").await;
    let sheets: Vec<String> = page
        .tags()
        .iter()
        .filter(|t| t.name == "link" && t.get("rel") != Some("alternate"))
        .filter_map(|t| t.get("href").map(str::to_owned))
        .collect();
    assert_eq!(sheets.len(), 2);
    for sheet in sheets {
        let answer = site.get(&sheet).await;
        assert_eq!(answer.status, StatusCode::OK, "{sheet}");
        assert!(answer.header(header::CACHE_CONTROL).ends_with("immutable"));
    }
}

#[tokio::test]
async fn the_notice_is_complete() {
    let site = Site::new();
    for language in ["ja", "en"] {
        let page = site.get(&format!("/{language}/privacy")).await;
        let ids: BTreeSet<String> =
            page.tags().iter().filter_map(|t| t.get("id").map(str::to_owned)).collect();
        for anchor in
            ["handling", "acquisition", "purposes", "purpose-1", "purpose-4", "consent", "inquiries"]
        {
            assert!(ids.contains(anchor), "{language}: #{anchor}");
        }
        assert!(page.body.contains("2019-12-11"), "{language}: the version");
        assert!(!page.body.contains("{see"), "{language}: a directive is left over");
        let details = page.tags().iter().filter(|t| t.name == "details").count();
        assert!(details >= 10, "{language}: {details} parts open");
    }
}

/// With `NATTOKU_PAGES=FOLDER`, writes every page there, so that people and validators can look at them.
fn write_for_a_look(address: &str, page: &Answer) {
    let Some(folder) = std::env::var_os("NATTOKU_PAGES") else { return };
    let name = address.trim_start_matches('/').replace(['/', '?', '='], "-");
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.html")), &page.body).unwrap();
}
