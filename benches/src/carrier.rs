//! The reference policy, and what is asked under it.

use std::path::Path;

use nattoku_model::policy::Versions;
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Action, Request};
use nattoku_operations::read_folder;
use nattoku_policy::check;
use nattoku_policy::check::Checked;

use crate::people::today;

/// The reference policy, checked.
#[must_use]
pub fn checked() -> Checked {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/carrier");
    check(&read_folder(&folder).expect("it is here"))
}

/// The reference policy with its earlier version.
#[must_use]
pub fn versions() -> Versions {
    checked().versions.expect("it is sound")
}

/// One thing that is asked of everybody.
#[derive(Debug, Clone)]
pub struct Question {
    /// Under which its figures stand.
    pub name: &'static str,
    /// What is asked.
    pub request: Request,
}

/// What is asked: partners' offers, a bill, what no customer agreed to, and an answer to the police.
#[must_use]
pub fn questions() -> [Question; 4] {
    let offers = request(Action::Provide, "partner_offers", "campaign_platform", &["purchase"]);
    let four = ["contact.name", "contact.address", "billing.amount", "data_volume"];
    let bill = request(Action::Use, "invoicing", "billing_system", &four);
    let denied = request(Action::Provide, "partner_offers", "campaign_platform", &["contact.email"]);
    let mut police = request(Action::Provide, "legal_cooperation", "privacy_office", &["contact.name"]);
    police.recipient = Some("police".into());
    let shown = ["document", "approver", "assessment"].map(|word| (word.to_owned(), "shown".to_owned()));
    police.exception = Some(ExceptionClaim {
        name: "provide_by_law".into(),
        categories: Vec::new(),
        evidence: shown.into(),
        until: None,
    });
    [("consent", offers), ("four", bill), ("denied", denied), ("exception", police)]
        .map(|(name, request)| Question { name, request })
}

fn request(action: Action, activity: &str, application: &str, categories: &[&str]) -> Request {
    Request {
        application: application.into(),
        action,
        activity: activity.into(),
        purpose: None,
        categories: categories.iter().map(|c| (*c).into()).collect(),
        recipient: (action == Action::Provide).then(|| "store_partners".into()),
        at: today(),
        known_at: None,
        exception: None,
    }
}
