//! A question: may this be done with that data of this principal.

use serde_json::{Map, Value, json};

/// A question about one principal.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    principal: String,
    min_revision: Option<u64>,
    fields: Map<String, Value>,
}

impl Question {
    /// Asks whether an action may be done with a category for an activity. The application is that of the token, unless it is named by
    /// [`Question::application`].
    #[must_use]
    pub fn new(
        principal: impl Into<String>,
        action: impl Into<String>,
        activity: impl Into<String>,
        category: impl Into<String>,
    ) -> Self {
        let principal = principal.into();
        let mut fields = Map::new();
        fields.insert("principal".to_owned(), json!(principal));
        fields.insert("action".to_owned(), json!(action.into()));
        fields.insert("activity".to_owned(), json!(activity.into()));
        fields.insert("categories".to_owned(), json!([category.into()]));
        Self { principal, min_revision: None, fields }
    }

    /// Asks whether a category may be used for an activity.
    #[must_use]
    pub fn r#use(
        principal: impl Into<String>,
        activity: impl Into<String>,
        category: impl Into<String>,
    ) -> Self {
        Self::new(principal, "use", activity, category)
    }

    /// Asks whether a category may be provided to a recipient.
    #[must_use]
    pub fn provide(
        principal: impl Into<String>,
        activity: impl Into<String>,
        category: impl Into<String>,
        recipient: impl Into<String>,
    ) -> Self {
        Self::new(principal, "provide", activity, category).recipient(recipient)
    }

    /// Asks about one more category.
    #[must_use]
    pub fn category(mut self, category: impl Into<String>) -> Self {
        if let Some(Value::Array(categories)) = self.fields.get_mut("categories") {
            categories.push(json!(category.into()));
        }
        self
    }

    /// Asks as this application.
    #[must_use]
    pub fn application(self, application: impl Into<String>) -> Self {
        self.with("application", application)
    }

    /// For this purpose.
    #[must_use]
    pub fn purpose(self, purpose: impl Into<String>) -> Self {
        self.with("purpose", purpose)
    }

    /// For this recipient.
    #[must_use]
    pub fn recipient(self, recipient: impl Into<String>) -> Self {
        self.with("recipient", recipient)
    }

    /// At this instant (RFC 3339) instead of now.
    #[must_use]
    pub fn at(self, instant: impl Into<String>) -> Self {
        self.with("at", instant)
    }

    /// With what was known at this instant (RFC 3339).
    #[must_use]
    pub fn known_at(self, instant: impl Into<String>) -> Self {
        self.with("known_at", instant)
    }

    /// Claims an exception.
    #[must_use]
    pub fn exception(mut self, claim: Claim) -> Self {
        self.fields.insert("exception".to_owned(), Value::Object(claim.fields));
        self
    }

    /// Answered only from a ledger that stands at this revision or after it.
    #[must_use]
    pub fn min_revision(mut self, revision: u64) -> Self {
        self.min_revision = Some(revision);
        self
    }

    /// The question as the server reads it, for whoever brings it somewhere otherwise than by a client.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.json(0)
    }

    /// Whom it is about.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    fn with(mut self, field: &str, text: impl Into<String>) -> Self {
        self.fields.insert(field.to_owned(), json!(text.into()));
        self
    }

    /// What is asked, whatever the revision: equal for equal questions.
    pub(crate) fn key(&self) -> String {
        Value::Object(self.fields.clone()).to_string()
    }

    /// The least revision that the caller asks for, or that is known to be needed.
    pub(crate) fn least(&self, known: u64) -> u64 {
        self.min_revision.unwrap_or(0).max(known)
    }

    /// What is sent.
    pub(crate) fn json(&self, known: u64) -> Value {
        let mut fields = self.fields.clone();
        let least = self.least(known);
        if least > 0 {
            fields.insert("min_revision".to_owned(), json!(least));
        }
        Value::Object(fields)
    }
}

/// An exception that is claimed, with what shows that it is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    fields: Map<String, Value>,
}

impl Claim {
    /// Claims the exception of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { fields: Map::from_iter([("name".to_owned(), json!(name.into()))]) }
    }

    /// Brings a piece of evidence: `document`, `necessity`, `consent_difficult`, `approver` or `assessment`.
    #[must_use]
    pub fn evidence(mut self, kind: &str, text: impl Into<String>) -> Self {
        self.fields.insert(kind.to_owned(), json!(text.into()));
        self
    }

    /// For these categories alone.
    #[must_use]
    pub fn categories(mut self, categories: &[&str]) -> Self {
        self.fields.insert("categories".to_owned(), json!(categories));
        self
    }

    /// Until this instant (RFC 3339).
    #[must_use]
    pub fn until(self, instant: impl Into<String>) -> Self {
        self.evidence("until", instant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_sent_as_the_server_reads_it() {
        let question = Question::provide("sakura", "partner_offers", "purchase", "store_partners")
            .category("contact.address")
            .application("campaign_platform")
            .at("2026-01-01T00:00:00Z")
            .exception(Claim::new("statute").evidence("document", "W-1").categories(&["purchase"]));
        let expected = json!({
            "principal": "sakura", "action": "provide", "activity": "partner_offers",
            "categories": ["purchase", "contact.address"], "recipient": "store_partners",
            "application": "campaign_platform", "at": "2026-01-01T00:00:00Z",
            "exception": { "name": "statute", "document": "W-1", "categories": ["purchase"] },
        });
        assert_eq!(question.json(0), expected);
    }

    #[test]
    fn the_newest_revision_needed_is_asked_for() {
        let question = Question::r#use("sakura", "invoicing", "contact").min_revision(7);
        assert_eq!(question.json(3)["min_revision"], 7);
        assert_eq!(question.json(9)["min_revision"], 9);
        assert_eq!(question.key(), Question::r#use("sakura", "invoicing", "contact").key());
    }
}
