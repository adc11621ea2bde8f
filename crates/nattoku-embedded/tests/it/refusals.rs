//! What is refused when a node is opened, and as whom it does not ask.

use std::time::Duration;

use nattoku_client::Question;
use nattoku_embedded::{Embedded, Language, OpenError, Settings};

use crate::deployment::{Deployment, carrier, copy, new_folder};

fn refused(settings: Settings) -> OpenError {
    Embedded::open(settings).unwrap_err()
}

#[test]
fn it_asks_as_itself_and_as_nobody_else() {
    let deployment = Deployment::in_file();
    let embedded = deployment.embedded();
    assert_eq!(embedded.application(), "campaign_platform");
    let question = Question::provide("hana", "partner_offers", "purchase", "store_partners");
    assert!(embedded.decide(&question.clone().application("campaign_platform")).unwrap().is_permitted());
    for other in ["ad_platform", "no_such_application", "", "campaign_platform "] {
        let asked = question.clone().application(other);
        let [decided, explained] =
            [embedded.decide(&asked), embedded.explain(&asked)].map(Result::unwrap_err);
        let batch = embedded.decide_batch(&[question.clone(), asked]).unwrap();
        let [Ok(own), Err(batched)] = &batch[..] else { panic!("{batch:?}") };
        assert!(own.is_permitted(), "the others are answered all the same");
        for error in [&decided, &explained, batched] {
            let problem = error.problem().unwrap();
            assert!(["not-allowed", "malformed"].contains(&problem.kind.as_str()), "{problem}");
        }
    }
}

#[test]
fn an_application_that_the_policy_does_not_declare_is_refused_with_the_nearest() {
    let deployment = Deployment::in_file();
    let error = refused(deployment.settings("campaign_platfrom"));
    assert_eq!(error.setting(), Some("application"));
    let told = error.to_string();
    assert!(told.contains("did you mean `campaign_platform`?") && told.contains("ad_platform"), "{told}");
    assert!(error.sentence(Language::Ja).contains("`campaign_platform` のことでしょうか"));
}

#[test]
fn a_policy_with_errors_is_refused_with_its_diagnostics() {
    let deployment = Deployment::in_file();
    let folder = new_folder();
    copy(&carrier(), &folder);
    std::fs::write(folder.join("broken.kdl"), "application ad_platform { en \"Twice\" }\n").unwrap();
    let settings = Settings::new(&folder, deployment.store.as_str(), "campaign_platform");
    let error = refused(settings.clone());
    assert_eq!(error.setting(), Some("policy"));
    let OpenError::PolicyErrors { diagnostics, .. } = &error else { panic!("{error}") };
    assert!(diagnostics.contains("broken.kdl:1"), "{diagnostics}");
    assert!(error.help(Language::En).unwrap().contains("nattoku policy check"));
    let error = refused(settings.in_japanese());
    assert!(error.sentence(Language::Ja).contains("誤りがある"), "{error}");

    let error = refused(Settings::new(folder.join("absent"), "sqlite:x", "campaign_platform"));
    assert!(error.to_string().starts_with("`policy`: there is no folder"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_setting_that_cannot_be_is_named_with_what_was_expected() {
    let deployment = Deployment::in_file();
    let settings = || deployment.settings("campaign_platform");
    let store = |store: &str| Settings::new(carrier(), store, "campaign_platform");
    let second = Duration::from_secs(1);
    for (error, setting, expected) in [
        (refused(store("ledger.sqlite")), "store", "sqlite:PATH or postgres://"),
        (refused(store("postgres://a:secret@")), "store", "sqlite:PATH or postgres://"),
        (refused(store("sqlite:/nowhere/ledger.sqlite")), "store", "/nowhere/ledger.sqlite"),
        (refused(settings().key_encryption_key("nattoku.kek")), "key_encryption_key", "file:PATH"),
        (
            refused(settings().key_encryption_key("file:/nowhere/a.kek")),
            "key_encryption_key",
            "/nowhere/a.kek",
        ),
        (refused(settings().key_encryption_key("pkcs11:a/b")), "key_encryption_key", "Settings::pkcs11"),
        (refused(settings().key_encryption_key("transit:a/b")), "key_encryption_key", "Settings::transit"),
        (
            refused(settings().key_encryption_key("pkcs11:a/b").pkcs11("/nowhere/m.so", "/nowhere/pin")),
            "pkcs11",
            "/nowhere/pin",
        ),
        (refused(settings().lease(second, second)), "lease", "longer than the drift"),
    ] {
        assert_eq!(error.setting(), Some(setting), "{error}");
        let told = error.to_string();
        assert!(told.starts_with(&format!("`{setting}`: ")) && told.contains(expected), "{told}");
        assert!(!told.contains("secret") && !format!("{error:?}").contains("secret"), "{told}");
        assert!(!error.sentence(Language::Ja).is_ascii(), "{}", error.sentence(Language::Ja));
    }
    // Without the key that its own rest on, the ledger is not read.
    let without = Settings::new(carrier(), deployment.store.as_str(), "campaign_platform");
    assert_eq!(refused(without).setting(), Some("store"));
    assert!(!format!("{:?}", store("postgres://a:secret@b/c")).contains("secret"));
}
