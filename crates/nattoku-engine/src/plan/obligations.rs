//! What a permitted caller must do: worked out from the policy's texts once somebody asks, and not by the decision itself.

use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Minimisation, Rule};
use nattoku_model::{Gate, Obligation, Policy, Verdict};

use super::{Plan, act};
use crate::answer::{Answer, CaseAnswer};

impl Plan<'_> {
    /// What whoever is permitted must do: the minimisations of the activity (R25, R33), and the duties of an exception that is
    /// relied on (R43). Nobody who is refused has anything to carry out.
    #[must_use]
    pub fn obligations(&self, answer: &Answer) -> Vec<Obligation> {
        let mut obligations: Vec<Obligation> = Vec::new();
        if !answer.verdict.is_permitted() {
            return obligations;
        }
        for case in &answer.cases {
            let Some(category) = self.category(case) else { continue };
            for (gate, said) in case.gates() {
                if said.verdict != Verdict::PermitWithConditions {
                    continue;
                }
                let owed = if gate == Gate::Minimisation {
                    self.minimisations(case, category)
                } else {
                    self.duties()
                };
                for (kind, rule) in owed {
                    add(&mut obligations, kind, rule, category);
                }
            }
        }
        obligations.sort();
        obligations
    }

    /// What the activity must do to use no more of a category than it needs, by the text of the case's era.
    fn minimisations(&self, case: &CaseAnswer, category: &CategoryName) -> Vec<(String, Rule)> {
        let text = self.texts.get(case.era.text);
        let Some(activity) = text.and_then(|text| text.activities.get(&self.request.activity)) else {
            return Vec::new();
        };
        let left = activity.minimisations_of(category).into_iter();
        let left = left.filter(|what| act::is_left(*what, self.request.action));
        let rule = Rule::new("activity", &self.request.activity);
        left.map(Minimisation::as_str).map(|kind| (kind.to_owned(), rule.clone())).collect()
    }

    /// What the exception claimed obliges to.
    fn duties(&self) -> Vec<(String, Rule)> {
        let claimed = self.request.exception.as_ref();
        let policy: Option<&&Policy> = self.texts.first();
        let Some((claimed, exception)) =
            claimed.and_then(|claimed| Some((claimed, policy?.exceptions.get(&claimed.name)?)))
        else {
            return Vec::new();
        };
        let rule = Rule::new("exception", &claimed.name);
        exception.obliges.iter().map(|kind| (kind.clone(), rule.clone())).collect()
    }
}

fn add(obligations: &mut Vec<Obligation>, kind: String, rule: Rule, category: &CategoryName) {
    match obligations.iter_mut().find(|o| o.kind == kind && o.rule == rule) {
        Some(obligation) if obligation.categories.contains(category) => {}
        Some(obligation) => obligation.categories.push(category.clone()),
        None => obligations.push(Obligation { kind, categories: vec![category.clone()], rule }),
    }
}
