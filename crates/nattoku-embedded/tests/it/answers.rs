//! The same questions have the same answers here and over HTTP.

use std::time::Duration;

use nattoku_client::{Claim, ClientError, Decision, Question, blocking};
use nattoku_embedded::Embedded;
use nattoku_model::Policy;
use nattoku_operations::read_folder;
use serde_json::Value;

use crate::deployment::{Deployment, PRINCIPALS, carrier};

fn policy() -> Policy {
    let checked = nattoku_policy::check(&read_folder(&carrier()).unwrap());
    checked.versions.unwrap().current().clone()
}

/// Everything about an answer, or a problem, but when it was given, in its words too, and in which call.
fn told(answer: Result<Decision, ClientError>) -> Result<Value, Value> {
    let without = |mut json: Value| {
        let members = json.as_object_mut().unwrap();
        for differs in ["at", "words", "instance"] {
            members.remove(differs);
        }
        json
    };
    answer.map(|decision| without(decision.json)).map_err(|error| match error {
        ClientError::Refused(problem) => without(problem.json),
        other => panic!("{other}"),
    })
}

/// Every activity with every category that it needs, used and provided, about all principals.
fn questions(policy: &Policy, application: &str) -> Vec<Question> {
    let mut questions = Vec::new();
    for (name, activity) in &policy.activities {
        if !activity.by.iter().any(|by| by.as_str() == application) {
            continue;
        }
        for category in &activity.needs {
            for principal in PRINCIPALS {
                questions.push(Question::r#use(principal, name.as_str(), category.as_str()));
                let (activity, category) = (name.as_str(), category.as_str());
                questions.push(Question::provide(principal, activity, category, "store_partners"));
            }
        }
    }
    questions
}

#[test]
fn every_activity_is_decided_as_the_server_decides_it() {
    let deployment = Deployment::in_file();
    let (client, policy) = (deployment.client(), policy());
    let (mut n_asked, mut permitted) = (0, 0);
    for application in policy.applications.keys() {
        let questions = questions(&policy, application.as_str());
        let embedded = Embedded::open(deployment.settings(application.as_str())).unwrap();
        for questions in questions.chunks(200) {
            let as_it: Vec<Question> =
                questions.iter().map(|question| question.clone().application(application.as_str())).collect();
            let server = client.decide_batch(&as_it).unwrap();
            let here = embedded.decide_batch(questions).unwrap();
            assert_eq!((server.len(), here.len()), (questions.len(), questions.len()));
            for (question, (server, here)) in questions.iter().zip(server.into_iter().zip(here)) {
                permitted += usize::from(here.as_ref().is_ok_and(Decision::is_permitted));
                let alone = told(embedded.decide(question));
                let (server, here) = (told(server), told(here));
                assert_eq!(here, server, "{question:?}");
                assert_eq!(alone, server, "{question:?}");
                n_asked += 1;
            }
        }
    }
    assert!(n_asked > 1_000 && permitted > 20, "{n_asked} asked, {permitted} permitted");
}

/// Asks both, one by one.
fn same(embedded: &Embedded, client: &blocking::Client, question: &Question) -> Result<Value, Value> {
    let at_server = question.clone().application("campaign_platform");
    let (here, server) = (told(embedded.decide(question)), told(client.decide(&at_server)));
    // What the program is told in its own process is not kept from it.
    assert_eq!(here, server, "{question:?}");
    assert_eq!(told(embedded.explain(question)), told(client.explain(&at_server)), "{question:?}");
    here
}

#[test]
fn what_only_the_ledger_answers_is_answered_alike() {
    for deployment in Deployment::each("embedded-answers") {
        let (embedded, client) = (deployment.embedded(), deployment.client());
        let offers = |principal| Question::provide(principal, "partner_offers", "purchase", "store_partners");
        for principal in PRINCIPALS {
            for question in [
                offers(principal),
                offers(principal).category("club.number"),
                offers(principal).at("2026-05-01T14:00:00+09:00"),
                offers(principal).at("2026-06-01T00:00:00Z").known_at("2026-06-01T00:00:00Z"),
                offers(principal).exception(Claim::new("provide_by_law").evidence("document", "W-1")),
                offers(principal).min_revision(1),
                Question::r#use(principal, "no_such_activity", "purchase"),
            ] {
                let answer = same(&embedded, &client, &question).unwrap();
                assert_eq!(answer["principal"], principal);
                assert_eq!(answer["policy_digest"].as_str().map(str::len), Some(64));
            }
        }
        // Whoever comes later is known without a new start.
        let born = nattoku_client::Event::new("principal_registered", "2026-01-01T00:00:00Z");
        let recorded = client.record("sora", &[born]).unwrap();
        embedded.wait_for(recorded.revision, Duration::from_mins(1)).unwrap();
        assert_eq!(same(&embedded, &client, &offers("sora")).unwrap()["permitted"], false);
    }
}

#[test]
fn a_question_that_is_not_answered_is_told_the_same() {
    let deployment = Deployment::in_file();
    let (embedded, client) = (deployment.embedded(), deployment.client());
    let offers = |principal| Question::provide(principal, "partner_offers", "purchase", "store_partners");
    for (question, kind) in [
        (offers("nobody"), "unknown-principal"),
        (offers("hana").category("purchse"), "undeclared"),
        (Question::provide("hana", "partner_offers", "purchase", "store_partner"), "undeclared"),
        (Question::new("hana", "sell", "partner_offers", "purchase"), "undeclared"),
        (offers("hana").exception(Claim::new("provide_by_lw")), "undeclared"),
        (offers("hana").at("tomorrow"), "malformed"),
        (offers("hana").min_revision(1 << 40), "behind"),
    ] {
        let problem = same(&embedded, &client, &question).unwrap_err();
        assert_eq!(problem["type"], format!("urn:nattoku:problem:{kind}"), "{problem}");
        assert!(!embedded.decide(&question).is_ok_and(|decision| decision.is_permitted()));
    }
    let in_japanese = deployment.settings("campaign_platform").in_japanese();
    let told = Embedded::open(in_japanese).unwrap().decide(&offers("nobody")).unwrap_err();
    assert_eq!(told.problem().unwrap().detail, "本人 `nobody` は台帳にありません");
}
