//! What pages and apps make a device send to others: told in words where the policy declares nothing, and item by item where it does.

use axum::http::StatusCode;
use nattoku_policy::source::Source;

use crate::site::{Site, carrier};

const ADDRESS: &str = "privacy/external-transmission";

const DECLARED: &str = r#"
transmission visit_counts {
    ja "閲覧数の計測"; en "Counting visits"
    items browsing
    to store_partners
    purposes proposals
    usage { ja "計測の精度の改善"; en "To measure better" }
    opt-out choice=ad_targeting address="https://stop.example.jp/"
}
transmission crash_reports {
    ja "不具合の報告"; en "Reports of crashes"
    items device
    to store_partners
    purposes safety
}
"#;

fn declaring() -> Vec<Source> {
    let mut sources = carrier();
    let file = sources.iter_mut().find(|s| s.name == "publications.kdl").unwrap();
    file.bytes.extend_from_slice(DECLARED.as_bytes());
    sources
}

#[tokio::test]
async fn where_nothing_is_declared_the_page_says_so() {
    let site = Site::new();
    for (language, heading, nothing) in [
        (
            "ja",
            "端末から外部に送られる情報",
            "当社のページやアプリが端末から外部に送らせている情報は、このポリシーにはありません。",
        ),
        (
            "en",
            "What your device sends to others",
            "This policy declares nothing that our pages or apps make your device send to others.",
        ),
    ] {
        let page = site.get(&format!("/{language}/{ADDRESS}")).await;
        assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, heading));
        assert!(page.body.contains(nothing), "{}", page.body);
        let link = format!("/{language}/{ADDRESS}");
        for from in ["sitemap", "privacy", "privacy/contact"] {
            let tags = site.get(&format!("/{language}/{from}")).await.tags();
            assert!(tags.iter().any(|t| t.get("href") == Some(link.as_str())), "{from} leads to {link}");
        }
    }
}

#[tokio::test]
async fn what_is_declared_is_told_with_what_to_whom_what_for_and_how_to_stop_it() {
    let site = Site::of(&declaring(), "http://127.0.0.1:8080");
    let page = site.get(&format!("/en/{ADDRESS}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "Counting visits",
        "Browsing history",
        "Member stores (Japan)",
        "To measure better",
        "You can stop this by the choice “Advertisements chosen for you”",
        "This cannot be stopped here. Please ask one of the desks below.",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("This policy declares nothing"));
    let tags = page.tags();
    for link in ["/en/my/choices/choice/ad_targeting", "https://stop.example.jp/"] {
        assert!(tags.iter().any(|t| t.get("href") == Some(link)), "{link}");
    }
    let headings: Vec<&str> = tags.iter().filter(|t| t.name == "h2").map(|t| t.text.as_str()).collect();
    let at = |heading: &str| headings.iter().position(|text| *text == heading);
    assert!(at("Counting visits").is_some(), "{headings:?}");
    assert!(at("Counting visits") < at("Reports of crashes"), "in the order of the policy: {headings:?}");
}
