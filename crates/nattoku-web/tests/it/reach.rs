//! How many links away what somebody looks for is.

use std::collections::{BTreeMap, BTreeSet};

use crate::every_page::{crawl, links};
use crate::site::{Answer, Site};

/// To which pages each page leads.
type Ways = BTreeMap<String, BTreeSet<String>>;

fn ways(pages: &BTreeMap<String, Answer>) -> Ways {
    let leads = |page: &Answer| {
        let targets = links(page).into_iter().map(|link| link.split('#').next().unwrap().to_owned());
        targets.filter(|target| pages.contains_key(target)).collect()
    };
    pages.iter().map(|(address, page)| (address.clone(), leads(page))).collect()
}

/// How far each page of one language is from the first, by the shortest way of links.
fn distances(ways: &Ways, first: &str) -> BTreeMap<String, usize> {
    let mut known = BTreeMap::from([(first.to_owned(), 0_usize)]);
    let mut at = BTreeSet::from([first.to_owned()]);
    for steps in 1.. {
        let led_to = at.iter().flat_map(|page| &ways[page]);
        let next: BTreeSet<String> = led_to.filter(|page| !known.contains_key(*page)).cloned().collect();
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
        let far = distances(&ways(&crawl(&site, language).await), &format!("/{language}/my"));
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
        let ways = ways(&crawl(&site, language).await);
        for page in ways.keys() {
            let far = distances(&ways, page);
            let steps = far.get(&format!("/{language}/privacy/contact"));
            assert!(steps.is_some_and(|steps| *steps <= 2), "{page}: {steps:?}");
        }
    }
}
