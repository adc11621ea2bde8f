//! Calling the interface as a program does, with what the answers to it have in common.

use axum::body::Body;
use axum::http::{Method, Request, header, request};
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::decided::KIKO;
use crate::site::{Answer, Site, Terms};

/// A customer for whom the questions here are permitted, by a consent or without.
pub(crate) const KIKO_ID: &str = "kiko";

/// A program with its token.
pub(crate) struct Program<'s> {
    pub(crate) site: &'s Site,
    pub(crate) secret: String,
}

/// A site that knows Kiko.
pub(crate) fn site() -> Site {
    site_on(Terms::default())
}

/// A site on other terms that knows Kiko.
pub(crate) fn site_on(terms: Terms) -> Site {
    let site = Site::on(terms);
    site.nattoku.import_events(KIKO.trim().as_bytes(), false, &mut |_| {}).unwrap();
    site.web.node.renew().unwrap();
    site
}

impl<'s> Program<'s> {
    /// The campaign platform, which may do everything.
    pub(crate) fn campaigns(site: &'s Site) -> Self {
        Self::with(site, &["campaign_platform"], &CallerAct::ALL)
    }

    /// A program that may do some things as some applications.
    pub(crate) fn with(site: &'s Site, applications: &[&str], acts: &[CallerAct]) -> Self {
        Self { site, secret: site.token(applications, acts) }
    }

    /// A request with the token.
    pub(crate) fn request(&self, method: Method, address: &str) -> request::Builder {
        let request = Request::builder().method(method).uri(address);
        request.header(header::AUTHORIZATION, format!("Bearer {}", self.secret))
    }

    /// A request with the token whose body is JSON.
    pub(crate) fn posting(&self, address: &str) -> request::Builder {
        self.request(Method::POST, address).header(header::CONTENT_TYPE, "application/json")
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.site.ask(self.request(Method::GET, address), Body::empty()).await
    }

    pub(crate) async fn post(&self, address: &str, body: &Value) -> Answer {
        self.send(address, body.to_string()).await
    }

    /// Sends whatever it may be as JSON.
    pub(crate) async fn send(&self, address: &str, body: impl Into<Body>) -> Answer {
        self.site.ask(self.posting(address), body).await
    }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The JSON of an answer that is well.
    pub(crate) fn good(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        assert_eq!(self.header(header::CONTENT_TYPE), "application/json");
        self.json()
    }

    /// What kind of problem it is; of whatever kind, it is told as RFC 9457 has it.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json", "{}", self.body);
        let problem = self.json();
        assert_eq!(problem["status"], json!(self.status.as_u16()), "{problem}");
        for member in ["title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        let call = problem["instance"].as_str().and_then(|call| call.strip_prefix("urn:nattoku:call:"));
        assert!(call.is_some_and(is_number), "{problem}");
        let kind = problem["type"].as_str().unwrap();
        kind.strip_prefix("urn:nattoku:problem:").unwrap_or_else(|| panic!("{kind}")).to_owned()
    }
}

/// Whether it is the number of a call.
pub(crate) fn is_number(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// What rests on Kiko's consent: giving her purchases to the stores.
pub(crate) fn by_consent() -> Value {
    json!({
        "principal": KIKO_ID,
        "action": "provide",
        "activity": "partner_offers",
        "categories": ["purchase"],
        "recipient": "store_partners",
    })
}

/// What rests on nothing but that she has not declined it.
pub(crate) fn by_choice() -> Value {
    json!({ "principal": KIKO_ID, "action": "use", "activity": "phone_offers", "categories": ["contact.name"] })
}

/// What is denied whatever she may say.
pub(crate) fn denied() -> Value {
    json!({ "principal": KIKO_ID, "action": "use", "activity": "phone_offers", "categories": ["call_history"] })
}
