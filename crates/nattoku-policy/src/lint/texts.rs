//! Every text of a policy that a person reads, with the rule it belongs to.

use nattoku_model::Language;
use nattoku_model::language::Text;
use nattoku_model::policy::{Policy, Rule};

/// A text of a rule.
#[derive(Debug)]
pub struct RuleText<'a> {
    /// The rule.
    pub rule: Rule,
    /// The node within the rule that holds it; none for the rule's own `ja` and `en`.
    pub part: Option<&'static str>,
    /// The argument of that node, where there are several: the version of a wording.
    pub word: Option<&'a str>,
    /// The text.
    pub text: &'a Text,
    /// The only language it must exist in, where that is not every language of the policy.
    pub only: Option<Language>,
}

/// Every title, and every further text that is there.
#[must_use]
pub fn texts(policy: &Policy) -> Vec<RuleText<'_>> {
    let mut all = Texts(Vec::new());
    all.of_the_policy(policy);
    all.of_data(policy);
    all.of_others(policy);
    all.of_will(policy);
    all.of_law(policy);
    all.0
}

struct Texts<'a>(Vec<RuleText<'a>>);

impl<'a> Texts<'a> {
    fn title(&mut self, kind: &'static str, name: impl std::fmt::Display, text: &'a Text) {
        self.0.push(RuleText { rule: Rule::new(kind, name), part: None, word: None, text, only: None });
    }

    fn part(&mut self, kind: &'static str, name: impl std::fmt::Display, part: &'static str, text: &'a Text) {
        if !text.0.is_empty() {
            self.0.push(RuleText {
                rule: Rule::new(kind, name),
                part: Some(part),
                word: None,
                text,
                only: None,
            });
        }
    }

    fn of_the_policy(&mut self, policy: &'a Policy) {
        let controller = &policy.controller;
        if !controller.country.is_empty() {
            for (part, text) in [
                ("controller", &controller.name),
                ("controller", &controller.address),
                ("controller", &controller.representative),
            ] {
                self.part("policy", &policy.name, part, text);
            }
        }
        for (name, text) in &policy.rulings {
            self.title("ruling", name, text);
        }
        for document in &policy.documents {
            let rule = Rule::new("document", &document.name);
            self.0.push(RuleText {
                rule,
                part: None,
                word: None,
                text: &document.title,
                only: document.only,
            });
        }
    }

    fn of_data(&mut self, policy: &'a Policy) {
        for (name, category) in &policy.categories {
            self.title("category", name, &category.title);
            self.part("category", name, "description", &category.description);
        }
        for (name, source) in &policy.sources {
            self.title("source", name, &source.title);
        }
        for (name, entruster) in &policy.entrusters {
            self.title("entruster", name, &entruster.title);
        }
        for (name, relationship) in &policy.relationships {
            self.title("relationship", name, &relationship.title);
        }
        for (name, purpose) in &policy.purposes {
            self.title("purpose", name, &purpose.title);
            self.part("purpose", name, "benefit", &purpose.benefit);
            for why in purpose.related.values() {
                self.part("purpose", name, "related", why);
            }
        }
        for (name, application) in &policy.applications {
            self.title("application", name, &application.title);
        }
        for (name, department) in &policy.departments {
            self.title("department", name, &department.title);
            for role in department.roles.values() {
                self.part("department", name, "role", role);
            }
        }
        for (name, reason) in &policy.view_reasons {
            self.title("view-reason", name, &reason.sentence);
        }
        for (name, activity) in &policy.activities {
            self.title("activity", name, &activity.title);
        }
    }

    fn of_others(&mut self, policy: &'a Policy) {
        for (name, work) in &policy.works {
            self.title("work", name, &work.title);
        }
        for (name, recipient) in &policy.recipients {
            self.title("recipient", name, &recipient.title);
            self.part("recipient", name, "example", &recipient.example);
        }
        for (name, joint_use) in &policy.joint_uses {
            self.title("joint-use", name, &joint_use.title);
            self.part("joint-use", name, "responsible", &joint_use.responsible);
        }
        for (name, set) in &policy.anonymized_sets {
            self.title("anonymized", name, &set.title);
            self.part("anonymized", name, "method", &set.method);
        }
        for (name, transmission) in &policy.transmissions {
            self.title("transmission", name, &transmission.title);
            self.part("transmission", name, "usage", &transmission.usage);
        }
        for desk in &policy.desks {
            self.title("desk", &desk.name, &desk.title);
        }
        for line in &policy.lines {
            self.title("line", &line.name, &line.title);
        }
        for body in &policy.bodies {
            self.title("body", &body.name, &body.title);
        }
        for regulator in &policy.regulators {
            self.title("regulator", &regulator.name, &regulator.title);
        }
    }

    fn of_will(&mut self, policy: &'a Policy) {
        for (name, item) in &policy.consents {
            self.title("consent", name, &item.title);
            self.part("consent", name, "consequence", &item.consequence);
            for (version, text) in &item.wordings {
                let rule = Rule::new("consent", name);
                let word = Some(version.as_str());
                self.0.push(RuleText { rule, part: Some("wording"), word, text, only: None });
            }
        }
        for (name, choice) in &policy.choices {
            self.title("choice", name, &choice.title);
            self.part("choice", name, "consequence", &choice.consequence);
        }
    }

    fn of_law(&mut self, policy: &'a Policy) {
        for (name, prohibition) in &policy.prohibitions {
            self.title("prohibition", name, &prohibition.title);
        }
        for (name, exception) in &policy.exceptions {
            self.title("exception", name, &exception.title);
        }
    }
}
