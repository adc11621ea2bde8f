//! The policy's folder is followed, too, or what the ledger puts in force.

use std::time::Duration;

use nattoku_client::Question;
use nattoku_embedded::{Embedded, OpenError, Settings, Told};
use nattoku_operations::{PutInForce, UnusablePolicy, kept_publication, read_folder, to_be_kept};
use nattoku_policy::digest;

use crate::deployment::{Deployment, carrier, copy, told, until};

#[test]
fn another_policy_stands_once_it_is_in_the_folder_and_a_broken_one_never() {
    let deployment = Deployment::in_file();
    let folder = deployment.folder.join("policy");
    copy(&carrier(), &folder);
    let kek = format!("file:{}", deployment.folder.join("nattoku.kek").display());
    let settings = Settings::new(&folder, deployment.store.as_str(), "campaign_platform");
    let (settings, tells) = told(settings.key_encryption_key(kek));
    let embedded = Embedded::open(settings).unwrap();
    let question = Question::provide("hana", "partner_offers", "purchase", "store_partners");
    let digest = || embedded.decide(&question).unwrap().policy_digest.unwrap();
    let first = digest();

    let desks = folder.join("desks.kdl");
    let text = std::fs::read_to_string(&desks).unwrap();
    std::fs::write(&desks, format!("{text}\nactivity {{")).unwrap();
    until(|| !tells.lock().unwrap().is_empty());
    assert!(matches!(&tells.lock().unwrap()[..], [Told::PolicyIsUseless(why)] if why.contains("desks.kdl")));
    assert_eq!(digest(), first, "what stands goes on");

    tells.lock().unwrap().clear();
    std::fs::write(&desks, format!("{text}\n// Another policy.\n")).unwrap();
    until(|| !tells.lock().unwrap().is_empty());
    let second = digest();
    assert_ne!(second, first);
    assert!(matches!(&tells.lock().unwrap()[..], [Told::PolicyStands(_, digest)] if *digest == second));
    assert!(embedded.decide(&question).unwrap().is_permitted());
}

/// G4: at the event it goes on to the policy that is put in force, whatever lies in a folder.
#[test]
fn a_policy_stands_once_the_ledger_has_put_it_in_force() {
    for deployment in Deployment::each("embedded-in-force") {
        let kek = format!("file:{}", deployment.folder.join("nattoku.kek").display());
        let settings = || Settings::in_force(deployment.store.as_str(), "campaign_platform");
        let (settings, tells) = told(settings().key_encryption_key(kek));
        let refused = Embedded::open(settings.clone()).unwrap_err();
        assert!(matches!(refused, OpenError::InForce(UnusablePolicy::NonePutInForce)), "{refused}");

        let folder = deployment.folder.join("policy");
        copy(&carrier(), &folder);
        let keep = || {
            let sources = read_folder(&folder).unwrap();
            deployment.state().keep_policy(&to_be_kept(&sources, deployment.nattoku().now())).unwrap();
            digest::of_all(&sources)
        };
        let put_in_force = |digest: &str| {
            let publication = kept_publication(deployment.state(), digest).unwrap();
            let put = deployment.nattoku().under(publication).put_in_force().unwrap();
            let PutInForce::Now(from) = put else { panic!("{put:?}") };
            from.revision.0
        };
        let first = keep();
        put_in_force(&first);
        let embedded = Embedded::open(settings).unwrap();
        let question = Question::provide("hana", "partner_offers", "purchase", "store_partners");
        let decide = || embedded.decide(&question).unwrap();
        assert_eq!(decide().policy_digest.as_deref(), Some(first.as_str()));

        let desks = folder.join("desks.kdl");
        let text = std::fs::read_to_string(&desks).unwrap();
        std::fs::write(&desks, format!("{text}\n// Another policy.\n")).unwrap();
        let second = keep();
        let is_ready = || {
            tells
                .lock()
                .unwrap()
                .iter()
                .any(|told| matches!(told, Told::ReadyFor(_, digest) if *digest == second))
        };
        until(is_ready);
        assert_eq!(decide().policy_digest.as_deref(), Some(first.as_str()));
        let from = put_in_force(&second);
        embedded.wait_for(from, Duration::from_secs(30)).unwrap();
        let decided = decide();
        assert!(decided.revision >= from && decided.is_permitted());
        assert_eq!(decided.policy_digest, Some(second));
    }
}
