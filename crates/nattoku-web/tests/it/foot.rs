//! The foot of every page: where to ask, and who else takes complaints, in words and by a link that dials.

use axum::http::StatusCode;
use nattoku_operations::Publication;
use nattoku_web::site::render;

use crate::html::{Tag, tags};
use crate::site::{Answer, Site, carrier};

/// Each way out of the reference policy: its name in Japanese and in English, and the number that its link dials.
const WAYS_OUT: [(&str, &str, Option<&str>); 5] = [
    ("お客さまサービス窓口", "Customer service", Some("tel:0570000000")),
    ("請求の受付窓口", "Claims office", None),
    ("通信データ保護協会", "Communications Data Protection Association", None),
    ("クレジットデータ保護協会", "Credit Data Protection Association", Some("tel:0300000000")),
    ("個人情報保護委員会", "Personal Information Protection Commission", Some("tel:0364579849")),
];

/// The foot of a page, which is its last `footer`.
fn foot(html: &str) -> &str {
    let (_, foot) = html.rsplit_once("<footer").unwrap_or_else(|| panic!("no foot: {html}"));
    foot.split_once("</footer>").map_or(foot, |(foot, _)| foot)
}

fn dialled(tags: &[Tag]) -> Vec<&str> {
    tags.iter().filter_map(|tag| tag.get("href")).filter(|link| link.starts_with("tel:")).collect()
}

fn assert_ways_out(address: &str, html: &str, is_japanese: bool) {
    let foot = foot(html);
    let tags = tags(foot);
    for (ja, en, number) in WAYS_OUT {
        assert!(foot.contains(if is_japanese { ja } else { en }), "{address}: the foot does not name {en}");
        if let Some(number) = number {
            assert!(dialled(&tags).contains(&number), "{address}: the foot has no link to {number}");
        }
    }
    let mut headings = tags.iter().filter(|tag| tag.name == "h2").map(|tag| tag.text.as_str());
    let heading = if is_japanese { "相談できる国の監督機関" } else { "Regulator you can turn to" };
    assert!(headings.any(|text| text == heading), "{address}: {heading}");
}

/// Rule 29: whoever is stuck anywhere finds the telephone, the accredited bodies and the regulator.
#[tokio::test]
async fn the_foot_of_every_page_names_all_who_can_be_turned_to() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        for page in [
            "my",
            "my/data",
            "my/uses",
            "my/choices",
            "my/choices/stop",
            "my/choices/choice/offers",
            "my/choices/choice/offers/resume",
            "my/choices/choice/contract_work/stop",
            "my/consents",
            "my/recipients",
            "my/history",
            "my/receipts",
            "my/download",
            "privacy",
            "privacy/short",
            "privacy/contact",
            "privacy/claims",
            "sign-in",
            "verify",
            "accessibility",
            "sitemap",
        ] {
            let address = format!("/{language}/{page}");
            let answer = site.get(&address).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            assert_ways_out(&address, &answer.body, language == "ja");
        }
        let address = format!("/{language}/nothing");
        let refused: Answer = site.get(&address).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{address}");
        assert_ways_out(&address, &refused.body, language == "ja");
    }
}

#[test]
fn the_foot_of_a_rendered_page_names_them_too() {
    let publication = Publication::of(&nattoku_policy::check(&carrier())).unwrap();
    let site = render(&publication, &[], &mut |_, _| {}).unwrap_or_else(|error| panic!("{error:?}"));
    let mut read = 0;
    for (path, bytes) in &site.files {
        let Some((language, _)) = path.split_once('/').filter(|_| path.ends_with(".html")) else { continue };
        assert_ways_out(path, std::str::from_utf8(bytes).unwrap(), language == "ja");
        read += 1;
    }
    assert!(read > 40, "only {read} pages");
}

/// The regulator stands among those who take complaints, and not in the foot alone.
#[tokio::test]
async fn the_pages_of_contact_and_claims_name_the_regulator() {
    let site = Site::new();
    for (address, heading) in [
        ("/ja/privacy/contact", "相談できる国の監督機関"),
        ("/ja/privacy/claims", "相談できる国の監督機関"),
        ("/en/privacy/contact", "Regulator you can turn to"),
        ("/en/privacy/claims", "Regulator you can turn to"),
    ] {
        let page = site.get(address).await;
        let main = page.body.split_once("<footer").map_or("", |(main, _)| main);
        let tags = tags(main);
        assert!(tags.iter().any(|t| t.get("id") == Some("regulators")), "{address}");
        assert!(tags.iter().any(|t| t.name == "h2" && t.text == heading), "{address}");
        assert!(dialled(&tags).contains(&"tel:0364579849"), "{address}");
    }
}

/// A policy that names no regulator has no heading without anything below it.
#[tokio::test]
async fn where_the_policy_names_no_regulator_there_is_no_heading_for_one() {
    let mut sources = carrier();
    for source in sources.iter_mut().filter(|s| s.name == "desks.kdl") {
        let text = String::from_utf8(source.bytes.clone()).unwrap();
        let (kept, _) = text.split_once("regulator commission").unwrap();
        source.bytes = kept.as_bytes().to_vec();
    }
    let site = Site::of(&sources, "http://127.0.0.1:8080");
    for page in ["privacy", "privacy/contact"] {
        let answer = site.get(&format!("/en/{page}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains("Regulator you can turn to"), "{page}");
    }
}
