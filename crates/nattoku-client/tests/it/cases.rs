//! What both clients do, asked of a real server.

use std::time::{Duration, Instant};

use nattoku_client::{
    Act, AudienceQuestion, Client, ClientError, Decision, Event, Level, Page, Question, Settings, Verdict,
    blocking,
};

use crate::server::Server;

const WITHDRAWN: &str = r#"{"event":"consent_withdrawn","principal":"hana","at":"2026-11-24T10:00:00+09:00","item":"partner_sharing","channel":"web","by":"principal"}"#;

fn offers(principal: &str) -> Question {
    Question::provide(principal, "partner_offers", "purchase", "store_partners")
}

fn withdrawal() -> Act {
    Act::on("hana", "partner_sharing", "app")
}

fn code(decision: &Decision) -> &str {
    decision.reason.as_ref().map_or("", |reason| reason.code.as_str())
}

#[tokio::test]
async fn a_withdrawal_is_respected_by_the_very_next_question() {
    let server = Server::start();
    let nattoku = Client::new(server.settings()).unwrap();
    let before = nattoku.decide(&offers("hana")).await.unwrap();
    assert!(before.is_permitted(), "{}", before.json);
    assert_eq!(before.policy_digest.as_deref().map(str::len), Some(64));
    assert_eq!(before.categories, [("purchase".to_owned(), Verdict::Permit)]);

    let receipt = nattoku.withdraw(withdrawal()).await.unwrap();
    assert_eq!(receipt.acknowledged, Level::Enforced);
    assert!(receipt.revision > before.revision);

    let after = nattoku.decide(&offers("hana")).await.unwrap();
    assert!(!after.is_permitted());
    assert_eq!((after.verdict, code(&after)), (Verdict::Deny, "withdrawn"));
    assert!(after.revision >= receipt.revision);

    let consents = nattoku.consents("hana").await.unwrap();
    let sharing =
        consents["consents"].as_array().unwrap().iter().find(|one| one["item"] == "partner_sharing");
    assert_eq!(sharing.unwrap()["status"], "withdrawn");
    nattoku.grant(withdrawal().language("ja")).await.unwrap();
    assert!(nattoku.decide(&offers("hana")).await.unwrap().is_permitted());
}

#[test]
fn a_withdrawal_is_respected_by_the_very_next_question_of_a_program_that_waits() {
    let server = Server::start();
    let nattoku = blocking::Client::new(server.settings()).unwrap();
    assert!(nattoku.decide(&offers("hana")).unwrap().is_permitted());
    let receipt = nattoku.withdraw(withdrawal()).unwrap();
    let after = nattoku.decide(&offers("hana")).unwrap();
    assert_eq!((after.verdict, code(&after)), (Verdict::Deny, "withdrawn"));
    assert!(after.revision >= receipt.revision);
    assert!(nattoku.consents("hana").unwrap()["consents"].is_array());
    nattoku.grant(withdrawal().language("ja")).unwrap();
    nattoku.decline(Act::on("hana", "offers", "app")).unwrap();
    nattoku.restore(Act::on("hana", "offers", "app")).unwrap();
    let batch = nattoku.decide_batch(&[offers("hana"), offers("nobody")]).unwrap();
    assert_eq!(batch.len(), 2);
    assert!(batch[0].as_ref().unwrap().is_permitted());
    let changed = nattoku.changed_since(receipt.revision, &["hana", "ren"]).unwrap();
    assert_eq!(changed.principals, ["hana", "ren"], "nobody knows ren, so nothing is known to be as it was");
}

#[tokio::test]
async fn a_choice_declined_is_respected_and_restored() {
    let server = Server::start();
    let nattoku = Client::new(server.settings()).unwrap();
    let declined = nattoku.decline(Act::on("hana", "offers", "app")).await.unwrap();
    let choices = nattoku.choices("hana").await.unwrap();
    let offers = |choices: &serde_json::Value| {
        choices["choices"].as_array().unwrap().iter().find(|one| one["choice"] == "offers").unwrap()["declined"].clone()
    };
    assert_eq!(offers(&choices), true);
    let restored = nattoku.restore(Act::on("hana", "offers", "app")).await.unwrap();
    assert!(restored.revision > declined.revision);
    assert_eq!(offers(&nattoku.choices("hana").await.unwrap()), false);
}

#[tokio::test]
async fn an_answer_is_used_again_while_it_is_fresh_and_only_where_that_is_wanted() {
    let server = Server::start();
    let (remembers, asks) = (
        Client::new(server.settings().cache_for(Duration::from_mins(1))).unwrap(),
        Client::new(server.settings().cache_for(Duration::ZERO)).unwrap(),
    );
    let began = Instant::now();
    assert!(remembers.decide(&offers("hana")).await.unwrap().is_permitted());
    assert!(asks.decide(&offers("hana")).await.unwrap().is_permitted());
    server.import(WITHDRAWN);
    assert!(!asks.decide(&offers("hana")).await.unwrap().is_permitted());
    let again = remembers.decide(&offers("hana")).await.unwrap();
    if began.elapsed() < nattoku_client::CACHE_AGE_MAX {
        assert!(again.is_permitted(), "it was asked a moment ago");
    }
    // What is explained is asked anew, and so is what has to be of a newer revision.
    assert!(!remembers.explain(&offers("hana")).await.unwrap().is_permitted());
    assert!(!remembers.decide(&offers("hana").min_revision(7)).await.unwrap().is_permitted());
}

#[tokio::test]
async fn several_questions_are_answered_in_their_order_each_for_itself() {
    let server = Server::start();
    let nattoku = Client::new(server.settings()).unwrap();
    nattoku.decide(&offers("hana")).await.unwrap();
    let questions = [
        offers("nobody"),
        offers("hana"),
        Question::provide("hana", "partner_offers", "purchas", "store_partners"),
        offers("hana").application("billing_system"),
    ];
    let answers = nattoku.decide_batch(&questions).await.unwrap();
    assert!(!matches!(&answers[0], Ok(decision) if decision.is_permitted()));
    assert!(answers[1].as_ref().unwrap().is_permitted());
    let kind = |index: usize| answers[index].as_ref().unwrap_err().problem().unwrap().kind.clone();
    assert_eq!(kind(2), "undeclared");
    assert_eq!(kind(3), "not-allowed");
    assert!(nattoku.decide_batch(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_recorded_is_known_to_the_next_question_and_recorded_once() {
    let server = Server::start();
    let nattoku = Client::new(server.settings()).unwrap();
    assert!(nattoku.decide(&offers("hana")).await.unwrap().is_permitted());
    let ended = Event::new("relationship_ended", "2026-11-24T10:00:00+09:00").with("relationship", "club");
    let recorded = nattoku.record("hana", &[ended.with("id", "crm-1")]).await.unwrap();
    assert_eq!((recorded.events.len(), recorded.acknowledged), (1, Level::Durable));
    let after = nattoku.decide(&offers("hana")).await.unwrap();
    assert!(!after.is_permitted());
    assert!(after.revision >= recorded.revision);
    let key = || withdrawal().key("form-17");
    let first = nattoku.withdraw(key()).await.unwrap();
    assert_eq!(nattoku.withdraw(key()).await.unwrap().revision, first.revision);
}

#[tokio::test]
async fn everybody_is_asked_about_and_who_changed_since() {
    let server = Server::start();
    let nattoku = Client::new(server.settings()).unwrap();
    let question =
        AudienceQuestion::new("provide", "partner_offers", "purchase").with("recipient", "store_partners");
    let figures = nattoku.audience(&question).await.unwrap();
    assert_eq!((figures.all, figures.permitted, figures.by_verdict["permit"]), (1, 1, 1));
    let listed = nattoku.audience_list(&question, Page { after: 0, limit: 10 }).await.unwrap();
    assert_eq!(listed.principals, [("hana".to_owned(), Verdict::Permit)]);
    nattoku.withdraw(withdrawal()).await.unwrap();
    let changed = nattoku.changed_since(listed.revision, &["hana", "ren"]).await.unwrap();
    assert!(changed.concerns("hana") && !changed.everybody);
    let since = nattoku.changed_since(changed.revision, &["hana"]).await.unwrap();
    assert!(!since.concerns("hana"));
    assert!(nattoku.policy().await.unwrap()["digest"].is_string());
    assert!(nattoku.holdings("hana").await.unwrap()["holdings"].is_array());
}

#[tokio::test]
async fn a_wrong_token_is_no_permit() {
    let server = Server::start();
    let nattoku = Client::new(server.settings_with("nattoku_00")).unwrap();
    let error = nattoku.decide(&offers("hana")).await.unwrap_err();
    assert_eq!(error.problem().unwrap().kind, "unknown-token");
    let waits = blocking::Client::new(server.settings_with("nattoku_00").in_japanese()).unwrap();
    let error = waits.decide(&offers("hana")).unwrap_err();
    assert_eq!(error.problem().unwrap().title, "トークンが有効ではありません");
    let broken = Settings::new("http://127.0.0.1:1", "a\nb");
    assert!(matches!(Client::new(broken), Err(ClientError::Token)));
}

#[tokio::test]
async fn a_server_that_is_stopped_is_no_permit_and_one_that_is_started_again_is_asked() {
    let mut server = Server::start();
    let settings = || server.settings().cache_for(Duration::ZERO).tries(2, Duration::from_secs(2));
    let (nattoku, waits) = (Client::new(settings()).unwrap(), blocking::Client::new(settings()).unwrap());
    assert!(nattoku.decide(&offers("hana")).await.unwrap().is_permitted());
    assert!(waits.decide(&offers("hana")).unwrap().is_permitted());
    server.stop();
    assert!(matches!(nattoku.decide(&offers("hana")).await, Err(ClientError::Unreachable(_))));
    assert!(matches!(waits.decide(&offers("hana")), Err(ClientError::Unreachable(_))));
    assert!(nattoku.decide_batch(&[offers("hana")]).await.is_err());
    server.serve();
    assert!(nattoku.decide(&offers("hana")).await.unwrap().is_permitted());
    assert!(waits.decide(&offers("hana")).unwrap().is_permitted());
}
