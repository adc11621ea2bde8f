//! The policy's folder is followed, too.

use nattoku_client::Question;
use nattoku_embedded::{Embedded, Settings, Told};

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
