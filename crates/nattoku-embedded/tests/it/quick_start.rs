//! The quick start of the documentation, word for word, run.

use nattoku_embedded::{Embedded, Question, Settings};

use crate::deployment::{Deployment, carrier};

fn quick_start(policy: &str, store: &str, kek: &str) -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings::new(policy, store, "campaign_platform").key_encryption_key(kek);
    let nattoku = Embedded::open(settings)?;
    let question = Question::provide("sakura", "partner_offers", "purchase", "store_partners");
    if nattoku.decide(&question)?.is_permitted() {
        // Give the purchase history to the stores.
    }
    Ok(())
}

#[test]
fn the_quick_start_runs() {
    let deployment = Deployment::in_file();
    let client = deployment.client();
    let born = nattoku_client::Event::new("principal_registered", "2018-04-02T11:00:00+09:00");
    client.record("sakura", &[born]).unwrap();
    let kek = format!("file:{}", deployment.folder.join("nattoku.kek").display());
    quick_start(carrier().to_str().unwrap(), &deployment.store, &kek).unwrap();
    assert_eq!(deployment.leases_of_others(), []);
}

#[test]
fn the_documentation_has_the_very_same() {
    let trimmed = |lines: &[&str]| lines.iter().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let own: Vec<&str> = include_str!("quick_start.rs").lines().collect();
    let begin = own.iter().position(|line| line.starts_with("fn quick_start")).unwrap();
    let end = own.iter().position(|line| line.trim() == "Ok(())").unwrap();
    let run = trimmed(&own[begin + 1..end]);
    assert_eq!(run.len(), 6);
    let of_crate = include_str!("../../src/lib.rs").lines().filter_map(|line| line.strip_prefix("//!"));
    let of_crate: Vec<&str> = of_crate.collect();
    let of_page: Vec<&str> = include_str!("../../../../docs/reference/embedded.md").lines().collect();
    for text in [of_crate, of_page] {
        assert!(text.windows(run.len()).any(|lines| trimmed(lines) == run), "{run:#?} is not in {text:#?}");
    }
}
