//! Who may call, and for what.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::program::{Program, by_consent, denied, site};

/// Every endpoint with the act that it takes; those without take any token.
const ENDPOINTS: [(&str, &str, Option<CallerAct>); 25] = [
    ("POST", "/v1/decide", Some(CallerAct::Decide)),
    ("POST", "/v1/decide/batch", Some(CallerAct::Decide)),
    ("POST", "/v1/explain", Some(CallerAct::Decide)),
    ("POST", "/access/v1/evaluation", Some(CallerAct::Decide)),
    ("POST", "/access/v1/evaluations", Some(CallerAct::Decide)),
    ("POST", "/v1/audience", Some(CallerAct::Search)),
    ("POST", "/v1/changed-since", Some(CallerAct::Search)),
    ("POST", "/access/v1/search/subject", Some(CallerAct::Search)),
    ("POST", "/access/v1/search/resource", Some(CallerAct::Search)),
    ("POST", "/access/v1/search/action", Some(CallerAct::Search)),
    ("GET", "/v1/principals/kiko/events", Some(CallerAct::Read)),
    ("GET", "/v1/principals/kiko/history", Some(CallerAct::Read)),
    ("GET", "/v1/principals/kiko/holdings", Some(CallerAct::Read)),
    ("GET", "/v1/principals/kiko/consents", Some(CallerAct::Read)),
    ("GET", "/v1/principals/kiko/choices", Some(CallerAct::Read)),
    ("GET", "/v1/principals/kiko/receipts", Some(CallerAct::Read)),
    ("GET", "/v1/principals/kiko/receipts/1", Some(CallerAct::Read)),
    ("GET", "/v1/recipients", Some(CallerAct::Read)),
    ("GET", "/v1/publications", Some(CallerAct::Read)),
    ("POST", "/v1/principals/kiko/consents", Some(CallerAct::Will)),
    ("POST", "/v1/principals/kiko/choices", Some(CallerAct::Will)),
    ("POST", "/v1/principals/kiko/events", Some(CallerAct::Record)),
    ("POST", "/v1/recipients", Some(CallerAct::Record)),
    ("GET", "/metrics", Some(CallerAct::Metrics)),
    ("GET", "/v1/policy", None),
];

async fn status(program: &Program<'_>, method: &str, address: &str) -> StatusCode {
    let request = program.request(method.parse::<Method>().unwrap(), address);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    program.site.ask(request, "{}").await.status
}

/// A token allows what its acts say, and nothing else.
#[tokio::test]
async fn each_act_opens_its_own_endpoints() {
    let site = site();
    for act in CallerAct::ALL {
        let program = Program::with(&site, &["*"], &[act]);
        for (method, address, wants) in ENDPOINTS {
            let status = status(&program, method, address).await;
            let is_refused = wants.is_some_and(|wanted| wanted != act);
            assert_eq!(status == StatusCode::FORBIDDEN, is_refused, "{act}: {method} {address} is {status}");
        }
        let refused = program.post("/v1/changed-since", &json!({})).await;
        if act != CallerAct::Search {
            assert_eq!(refused.json()["act"], "search");
        }
    }
}

/// Without a token, or with one that is none, nothing is answered, and it is not told apart why.
#[tokio::test]
async fn without_a_token_nothing_is_answered() {
    let site = site();
    let good = Program::campaigns(&site).secret;
    let short = &good[..good.len() - 1];
    for (method, address, _) in ENDPOINTS {
        let request = || Request::builder().method(method).uri(address);
        let answer = site.ask(request(), "{}").await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNAUTHORIZED, "no-token"));
        for sent in [
            format!("Bearer {short}"),
            format!("Bearer {good}0"),
            "Bearer x".to_owned(),
            "Bearer ".to_owned(),
        ] {
            let answer = site.ask(request().header(header::AUTHORIZATION, &sent), "{}").await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (StatusCode::UNAUTHORIZED, "unknown-token")
            );
        }
        for sent in [format!("Basic {good}"), good.clone(), "Bearer".to_owned(), String::new()] {
            let answer = site.ask(request().header(header::AUTHORIZATION, &sent), "{}").await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (StatusCode::UNAUTHORIZED, "no-token"),
                "{sent}"
            );
        }
    }
    for open in ["/healthz", "/readyz", "/openapi.json", "/.well-known/authzen-configuration"] {
        assert_eq!(site.get(open).await.status, StatusCode::OK, "{open}");
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_is_good_for_nothing_once_that_was_read() {
    let site = site();
    let program = Program::campaigns(&site);
    program.get("/v1/policy").await.good();
    let tokens = site.web.node.state().tokens().unwrap();
    let [token] = tokens.as_slice() else { panic!("{tokens:?}") };
    assert!(site.web.node.state().revoke_token(&token.id, site.now()).unwrap());
    site.read_tokens();
    assert_eq!(program.get("/v1/policy").await.problem(), "unknown-token");
    assert_eq!(program.post("/v1/decide", &by_consent()).await.problem(), "unknown-token");
}

#[tokio::test]
async fn a_token_that_has_expired_is_good_for_nothing() {
    let site = site();
    let expires = site.now().checked_add(jiff::SignedDuration::from_mins(10)).unwrap();
    let secret = site.token_with(&["*"], &CallerAct::ALL, |token| token.expires = Some(expires));
    let program = Program { site: &site, secret };
    program.get("/v1/policy").await.good();
    site.pass(9);
    program.get("/v1/policy").await.good();
    site.pass(1);
    assert_eq!(program.get("/v1/policy").await.problem(), "unknown-token");
}

/// An act of a later version allows nothing here.
#[tokio::test]
async fn an_act_that_is_not_known_allows_nothing() {
    let site = site();
    let secret =
        site.token_with(&["*"], &[], |token| token.acts = vec!["everything".to_owned(), "DECIDE".to_owned()]);
    let program = Program { site: &site, secret };
    for (method, address, act) in ENDPOINTS {
        if act.is_some() {
            assert_eq!(status(&program, method, address).await, StatusCode::FORBIDDEN);
        }
    }
}

/// Of each token it is noted when it was used last.
#[tokio::test]
async fn it_is_noted_when_a_token_was_used_last() {
    let site = site();
    let (used, unused) = (Program::campaigns(&site), Program::campaigns(&site));
    let last = || {
        site.read_tokens();
        let tokens = site.web.node.state().tokens().unwrap();
        tokens.iter().map(|token| token.last_used).collect::<Vec<_>>()
    };
    assert_eq!(last(), [None, None]);
    used.post("/v1/decide", &denied()).await.good();
    site.pass(5);
    used.post("/v1/decide", &Value::Null).await.problem();
    let now = site.now();
    let noted = last();
    assert!(noted.contains(&Some(now)) && noted.contains(&None), "{noted:?}");
    site.pass(5);
    assert_eq!(last(), noted, "nobody has called since");
    unused.get("/v1/policy").await.good();
    assert!(last().contains(&Some(site.now())));
}

/// Nothing of a token but its digest is kept, and its secret is told by nothing that is answered.
#[tokio::test]
async fn a_secret_is_kept_nowhere() {
    let site = site();
    let program = Program::campaigns(&site);
    let kept = format!("{:?}", site.web.node.state().tokens().unwrap());
    assert!(!kept.contains(&program.secret));
    for (method, address, _) in ENDPOINTS {
        let request = program.request(method.parse::<Method>().unwrap(), address);
        let answer = site.ask(request, Body::empty()).await;
        assert!(!answer.body.contains(&program.secret), "{address}");
        assert!(!format!("{:?}", answer.headers).contains(&program.secret), "{address}");
    }
}
