//! How many links away what somebody looks for is.

use std::collections::{BTreeMap, BTreeSet};

use crate::every_page::{crawl, links};
use crate::site::{Answer, Site};

/// How far each page of one language is from the first, by the shortest way of links.
fn distances(pages: &BTreeMap<String, Answer>, first: &str) -> BTreeMap<String, usize> {
    let mut known = BTreeMap::from([(first.to_owned(), 0_usize)]);
    let mut at = BTreeSet::from([first.to_owned()]);
    for steps in 1.. {
        let of = |page: &String| pages.get(page).map(links).unwrap_or_default();
        let next: BTreeSet<String> = at
            .iter()
            .flat_map(of)
            .map(|link| link.split('#').next().unwrap().to_owned())
            .filter(|link| pages.contains_key(link) && !known.contains_key(link))
            .collect();
        if next.is_empty() {
            break;
        }
        known.extend(next.iter().map(|page| (page.clone(), steps)));
        at = next;
    }
    known
}

#[tokio::test]
async fn from_home_everything_essential_is_two_taps_away_at_most() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        let pages = crawl(&site, language).await;
        let far = distances(&pages, &format!("/{language}/my"));
        for (page, most) in [
            ("my/data", 1),
            ("my/choices", 1),
            ("my/recipients", 1),
            ("my/download", 1),
            ("my/history", 1),
            ("my/uses", 1),
            ("privacy", 1),
            ("my/receipts", 2),
            ("my/consents", 2),
            ("privacy/claims", 2),
            ("privacy/contact", 2),
            ("my/choices/consent/partner_sharing", 2),
            ("my/choices/consent/partner_sharing/stop", 2),
            ("my/data/purchase", 2),
            ("my/recipients/store_partners", 2),
        ] {
            let steps = far.get(&format!("/{language}/{page}"));
            assert!(steps.is_some_and(|steps| *steps <= most), "{language}: {page} is {steps:?} away");
        }
    }
}

#[tokio::test]
async fn from_every_page_a_place_to_ask_is_two_taps_away_at_most() {
    let site = Site::signed_in().await;
    for language in ["ja", "en"] {
        let pages = crawl(&site, language).await;
        for page in pages.keys() {
            let far = distances(&pages, page);
            let steps = far.get(&format!("/{language}/privacy/contact"));
            assert!(steps.is_some_and(|steps| *steps <= 2), "{page}: {steps:?}");
        }
    }
}
