//! What a principal wants: granting and withdrawing, declining and restoring.

use std::time::Duration;

use axum::http::{StatusCode, header};
use nattoku_model::Revision;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::program::{KIKO_ID, Program, by_choice, by_consent, site, site_on};
use crate::site::{Answer, Terms};

const CONSENTS: &str = "/v1/principals/kiko/consents";
const CHOICES: &str = "/v1/principals/kiko/choices";

fn consent(act: &str) -> Value {
    json!({ "item": "partner_sharing", "act": act, "channel": "shop" })
}

fn choice(act: &str) -> Value {
    json!({ "choice": "offers", "act": act, "channel": "phone" })
}

async fn decided(program: &Program<'_>, question: &Value) -> String {
    program.post("/v1/decide", question).await.good()["decision"].as_str().unwrap().to_owned()
}

/// Sends under a key.
async fn under(program: &Program<'_>, key: &str, address: &str, body: &Value) -> Answer {
    program.site.ask(program.posting(address).header("idempotency-key", key), body.to_string()).await
}

/// A consent that is withdrawn is respected by the very next decision, whoever asks it and in whatever way.
#[tokio::test]
async fn a_withdrawn_consent_is_respected_by_the_very_next_decision() {
    let site = site();
    let program = Program::campaigns(&site);
    for _ in 0..5 {
        assert_eq!(decided(&program, &by_consent()).await, "permit");
        let withdrawn = program.post(CONSENTS, &consent("withdraw")).await.good();
        // Where nobody says otherwise, a withdrawal is answered once every node respects it.
        assert_eq!(withdrawn["acknowledged"], "enforced");
        let number = withdrawn["revision"].as_u64().unwrap();
        assert_eq!(withdrawn["receipt"], format!("R-{number:010}"));
        let answer = program.post("/v1/decide", &by_consent()).await.good();
        assert_eq!((&answer["decision"], &answer["revision"]), (&json!("deny"), &json!(number)));
        assert_eq!(answer["reason"]["reason"], "withdrawn");
        let batch = program.post("/v1/decide/batch", &json!({ "questions": [by_consent()] })).await.good();
        assert_eq!(batch["answers"][0]["decision"], "deny");
        assert_eq!(program.post("/v1/explain", &by_consent()).await.good()["decision"], "deny");
        let granted = program.post(CONSENTS, &consent("grant")).await.good();
        assert_eq!(granted["acknowledged"], "durable");
    }
}

#[tokio::test]
async fn a_declined_choice_is_respected_by_the_very_next_decision() {
    let site = site();
    let program = Program::campaigns(&site);
    for _ in 0..3 {
        assert_eq!(decided(&program, &by_choice()).await, "permit");
        let declined = program.post(CHOICES, &choice("decline")).await.good();
        assert_eq!(declined["acknowledged"], "enforced");
        assert_eq!(decided(&program, &by_choice()).await, "deny");
        let restored = program.post(CHOICES, &choice("restore")).await.good();
        assert_eq!(restored["acknowledged"], "durable");
    }
}

/// `acknowledge`: `durable` once it is in the ledger, `enforced` once every node respects it.
#[tokio::test]
async fn a_caller_says_how_far_an_act_is_to_go() {
    let site = site();
    let program = Program::campaigns(&site);
    for (address, act) in
        [(CONSENTS, consent("withdraw")), (CONSENTS, consent("grant")), (CHOICES, choice("decline"))]
    {
        for wanted in ["durable", "enforced"] {
            let mut act = act.clone();
            act["acknowledge"] = json!(wanted);
            let answer = program.post(address, &act).await;
            // The second withdrawal would change nothing.
            if answer.status == StatusCode::OK {
                assert_eq!(answer.json()["acknowledged"], wanted, "{act}");
            }
        }
        for wrong in [json!("at once"), json!(5), json!(true)] {
            let mut act = act.clone();
            act["acknowledge"] = wrong;
            assert_eq!(program.post(address, &act).await.json()["field"], "acknowledge");
        }
    }
}

/// Where another node may still be behind after the bound, an act is answered `durable`: it is in the ledger, and no more is known.
#[tokio::test]
async fn an_act_that_another_node_has_not_applied_is_durable() {
    let site = site_on(Terms { lease: Duration::from_millis(50), ..Terms::default() });
    let program = Program::campaigns(&site);
    let state = site.web.node.state();
    // It holds its lease on longer terms, and applies nothing.
    state.register_lease(&[8; 16], Duration::from_hours(1), Revision(1)).unwrap();
    let answer = program.post(CONSENTS, &consent("withdraw")).await.good();
    assert_eq!(answer["acknowledged"], "durable");
    // Once it has, the next act is enforced.
    let next = Revision(answer["revision"].as_u64().unwrap() + 1);
    state.applied(&[8; 16], next).unwrap();
    let answer = program.post(CHOICES, &choice("decline")).await.good();
    assert_eq!((&answer["acknowledged"], &answer["revision"]), (&json!("enforced"), &json!(next.0)));
}

/// Idempotency-Key: the same act under the same key is done once, and another act under it is refused.
#[tokio::test]
async fn an_act_that_is_sent_twice_is_done_once() {
    let site = site();
    let program = Program::campaigns(&site);
    for (address, first, others) in [
        (
            CONSENTS,
            consent("withdraw"),
            [
                consent("grant"),
                json!({ "item": "billing_companies", "act": "withdraw", "channel": "shop" }),
                json!({ "item": "partner_sharing", "act": "withdraw", "channel": "web" }),
                json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop", "by": "guardian:papa" }),
            ],
        ),
        (
            CHOICES,
            choice("decline"),
            [
                choice("restore"),
                json!({ "choice": "surveys", "act": "decline", "channel": "phone" }),
                json!({ "choice": "offers", "act": "decline", "channel": "shop" }),
                json!({ "choice": "offers", "act": "decline", "channel": "phone", "by": "agent:lawyer" }),
            ],
        ),
    ] {
        let key = format!("key of {address}").replace('/', "-");
        let done = under(&program, &key, address, &first).await.good();
        let before = site.nattoku.history(KIKO_ID).unwrap().len();
        site.pass(7);
        let again = under(&program, &key, address, &first).await.good();
        for field in ["revision", "receipt", "recorded_at"] {
            assert_eq!(again[field], done[field], "{field}");
        }
        for other in others {
            let answer = under(&program, &key, address, &other).await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (StatusCode::CONFLICT, "conflict"),
                "{other}"
            );
            assert_eq!(answer.json()["revision"], done["revision"]);
        }
        assert_eq!(site.nattoku.history(KIKO_ID).unwrap().len(), before);
    }
    // And of somebody else.
    let key = "key of -v1-principals-kiko-choices";
    let answer = under(&program, key, "/v1/principals/sakura/choices", &choice("decline")).await;
    assert_eq!(answer.problem(), "conflict");
}

/// A consent under a key differs by its evidence and the language in which its text was shown.
#[tokio::test]
async fn a_consent_under_a_key_is_the_whole_of_it() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut given = consent("grant");
    given["evidence"] = json!("form 12");
    let done = under(&program, "grant", CONSENTS, &given).await.good();
    assert_eq!(under(&program, "grant", CONSENTS, &given).await.good()["revision"], done["revision"]);
    for (field, other) in
        [("evidence", json!("form 13")), ("evidence", json!(null)), ("language", json!("en"))]
    {
        let mut otherwise = given.clone();
        otherwise[field] = other;
        assert_eq!(under(&program, "grant", CONSENTS, &otherwise).await.problem(), "conflict", "{field}");
    }
}

/// `seen`: who decides on a state that is no longer so changes nothing.
#[tokio::test]
async fn an_act_on_an_older_state_does_nothing() {
    let site = site();
    let program = Program::campaigns(&site);
    let first = program.post(CONSENTS, &consent("withdraw")).await.good();
    let mut grant = consent("grant");
    for older in [0, 1, first["revision"].as_u64().unwrap() - 1] {
        grant["seen"] = json!(older);
        let answer = program.post(CONSENTS, &grant).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::CONFLICT, "conflict"));
    }
    grant["seen"] = first["revision"].clone();
    program.post(CONSENTS, &grant).await.good();
}

#[tokio::test]
async fn what_cannot_be_done_is_refused() {
    let site = site();
    let program = Program::campaigns(&site);
    let no = json!({ "item": "location_use", "act": "withdraw", "channel": "shop" });
    program.post(CONSENTS, &no).await.good();
    assert_eq!(program.post(CONSENTS, &no).await.problem(), "refused", "nothing would change");
    let needed = json!({ "choice": "contract_work", "act": "decline", "channel": "shop" });
    assert_eq!(program.post(CHOICES, &needed).await.problem(), "refused", "not refusable");
    let unknown = json!({ "item": "partner_sharin", "act": "grant", "channel": "shop" });
    let answer = program.post(CONSENTS, &unknown).await;
    assert_eq!(
        (answer.problem().as_str(), &answer.json()["names"][0]["nearest"]),
        ("undeclared", &json!("partner_sharing"))
    );
    for (field, wrong) in [
        ("act", json!("decline")),
        ("act", json!(null)),
        ("channel", json!(null)),
        ("channel", json!(5)),
        ("by", json!("somebody")),
        ("language", json!("fr")),
        ("seen", json!("7")),
        ("choice", json!("offers")),
    ] {
        let mut act = consent("withdraw");
        act[field] = wrong.clone();
        let answer = program.post(CONSENTS, &act).await;
        assert_eq!(
            (answer.problem().as_str(), &answer.json()["field"]),
            ("malformed", &json!(field)),
            "{wrong}"
        );
    }
    let nobody = "/v1/principals/nobody/consents";
    assert_eq!(program.post(nobody, &consent("grant")).await.problem(), "unknown-principal");
    let reader = Program::with(&site, &["*"], &[CallerAct::Read, CallerAct::Record, CallerAct::Decide]);
    for (address, act) in [(CONSENTS, consent("grant")), (CHOICES, choice("decline"))] {
        assert_eq!(reader.post(address, &act).await.problem(), "not-allowed");
    }
}

/// Who expressed it, by which channel and in which language is kept as it was sent.
#[tokio::test]
async fn an_act_is_kept_as_it_was_sent() {
    let site = site();
    let program = Program::campaigns(&site);
    let act = json!({
        "item": "location_use", "act": "grant", "channel": "paper form", "by": "agent:lawyer-7", "language": "en",
        "evidence": "form 12", "acknowledge": "enforced",
    });
    let done = program.post(CONSENTS, &act).await.good();
    let consents = program.get(CONSENTS).await.good();
    let consents = consents["consents"].as_array().unwrap();
    let kept = consents.iter().find(|consent| consent["item"] == "location_use").unwrap();
    let kept = &kept["acts"][0];
    assert_eq!((&kept["revision"], &kept["channel"]), (&done["revision"], &json!("paper form")));
    assert_eq!((&kept["by"], &kept["language"]), (&json!("agent:lawyer-7"), &json!("en")));
    let receipt = program.get(&format!("/v1/principals/kiko/receipts/{}", done["revision"])).await.good();
    assert_eq!(receipt["event"]["evidence"], "form 12");
}

/// The page on which a customer withdraws and the interface answer the same: what is stopped on one is stopped on the other.
#[tokio::test]
async fn what_is_stopped_on_the_page_is_withdrawn_here() {
    let mut site = site();
    site.sign_in(KIKO_ID).await;
    let program = Program::campaigns(&site);
    let status = async || {
        let consents = program.get(CONSENTS).await.good();
        let consents = consents["consents"].as_array().unwrap().clone();
        consents.into_iter().find(|consent| consent["item"] == "partner_sharing").unwrap()["status"].clone()
    };
    assert_eq!((status().await, decided(&program, &by_consent()).await.as_str()), (json!("given"), "permit"));
    let page = site.get("/ja/my/choices/consent/partner_sharing/stop").await;
    let stopped = site.submit(&page).await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER);
    assert_eq!(
        (status().await, decided(&program, &by_consent()).await.as_str()),
        (json!("withdrawn"), "deny")
    );
    // The receipt that the page gives is the one that is told here.
    let receipts = program.get("/v1/principals/kiko/receipts").await.good();
    let shown = stopped.header(header::LOCATION).to_owned();
    let told = receipts["receipts"].as_array().unwrap().iter().any(|receipt| {
        shown.contains(&format!("/my/receipts/{}?", receipt["event"]["revision"]))
            && receipt["event"]["event"] == "consent_withdrawn"
            && receipt["event"]["channel"] == "web"
    });
    assert!(told, "{shown}: {receipts}");
    // And back: what is granted here is allowed there.
    program.post(CONSENTS, &consent("grant")).await.good();
    assert!(site.get("/en/my/choices/consent/partner_sharing").await.body.contains("You allowed this"));
}
