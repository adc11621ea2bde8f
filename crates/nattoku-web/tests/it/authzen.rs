//! OpenID AuthZEN's Authorization API 1.0, requirement by requirement: a comment names the part of the specification that a test holds
//! the interface against, and `[cert]` what the certification asks beyond it.

mod batch;
mod evaluation;
mod metadata;
mod search;
mod transport;

use serde_json::{Value, json};

use crate::program::KIKO_ID;

pub(crate) const EVALUATION: &str = "/access/v1/evaluation";
const EVALUATIONS: &str = "/access/v1/evaluations";
const SEARCH_SUBJECT: &str = "/access/v1/search/subject";
const SEARCH_RESOURCE: &str = "/access/v1/search/resource";
const SEARCH_ACTION: &str = "/access/v1/search/action";

/// Every endpoint that takes a request.
pub(crate) const ENDPOINTS: [&str; 5] =
    [EVALUATION, EVALUATIONS, SEARCH_SUBJECT, SEARCH_RESOURCE, SEARCH_ACTION];

/// What is permitted by Kiko's consent, and good for every endpoint: what one does not ask for it ignores.
pub(crate) fn permitted() -> Value {
    json!({
        "subject": { "type": "application", "id": "campaign_platform" },
        "action": { "name": "provide" },
        "resource": {
            "type": "personal_data",
            "id": KIKO_ID,
            "properties": { "categories": ["purchase"] },
        },
        "context": { "activity": "partner_offers", "recipient": "store_partners" },
    })
}

/// The same with something put in a place, which JSON Pointer names.
fn with(pointer: &str, value: Value) -> Value {
    let mut request = permitted();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    request.pointer_mut(parent).unwrap()[key] = value;
    request
}

/// The same without what is in a place.
fn without(pointer: &str) -> Value {
    let mut request = permitted();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    request.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    request
}

/// What is denied: her purchases are not needed to call her.
fn denied() -> Value {
    let mut request = permitted();
    request["action"] = json!({ "name": "use" });
    request["context"] = json!({ "activity": "phone_offers" });
    request
}
