//! Which rules of a policy its scenarios exercise: a promise that no example holds is a promise that nobody tried.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::event::Revision;
use nattoku_model::name::RelationshipName;
use nattoku_model::policy::{RetentionStart, Rule, Versions};
use nattoku_model::{Decision, Event, Policy};
use nattoku_policy::Scenario;
use nattoku_policy::lint::{LintRule, RULES};
use nattoku_policy::{Checked, Source};
use nattoku_spec::decide;

use crate::invariant::{Act, policy_at};

/// The kinds of rule that a decision can turn on, in the order in which they are told.
pub const KINDS: [&str; 14] = [
    "activity",
    "application",
    "provision",
    "consent",
    "choice",
    "prohibition",
    "exception",
    "recipient",
    "joint-use",
    "source",
    "entruster",
    "relationship",
    "retention",
    "transition",
];

/// Every rule that a decision can turn on, with the scenarios that exercise it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    rules: BTreeMap<Rule, Vec<String>>,
}

impl Coverage {
    /// Decides every scenario and notes what it turns on.
    #[must_use]
    pub fn of(versions: &Versions, scenarios: &[Scenario]) -> Self {
        let declared = versions.current().places.keys().filter(|r| KINDS.contains(&r.kind));
        let mut rules: BTreeMap<Rule, Vec<String>> = declared.map(|r| (r.clone(), Vec::new())).collect();
        for scenario in scenarios {
            for rule in exercised(versions, scenario) {
                if let Some(titles) = rules.get_mut(&rule) {
                    titles.push(scenario.title.clone());
                }
            }
        }
        Self { rules }
    }

    /// The rules of a kind, each with the titles of the scenarios that exercise it.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&Rule, &[String])> {
        self.rules
            .iter()
            .filter(move |(rule, _)| rule.kind == kind)
            .map(|(rule, titles)| (rule, titles.as_slice()))
    }

    /// The rules that no scenario exercises.
    pub fn untested(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|(_, titles)| titles.is_empty()).map(|(rule, _)| rule)
    }
}

/// Checks a policy by every rule of the linter, that among them which takes deciding its scenarios.
#[must_use]
pub fn check(sources: &[Source]) -> Checked {
    check_with(sources, RULES)
}

/// The same with these rules alone, so that a test can tell what is found without one of them.
#[must_use]
pub fn check_with(sources: &[Source], rules: &[&dyn LintRule]) -> Checked {
    nattoku_policy::check_with(sources, rules, Some(untested))
}

/// The rules that none of the scenarios exercises.
fn untested(versions: &Versions, scenarios: &[Scenario]) -> Vec<Rule> {
    Coverage::of(versions, scenarios).untested().cloned().collect()
}

/// What the answer to a scenario turns on.
fn exercised(versions: &Versions, scenario: &Scenario) -> BTreeSet<Rule> {
    let revision = scenario.events.iter().map(|e| e.revision).max().unwrap_or(Revision(0));
    let decision = decide(versions, &scenario.events, &scenario.request, revision);
    let policy = policy_at(versions, &scenario.request);
    let mut rules: BTreeSet<Rule> =
        decision.answers.iter().flat_map(|a| &a.gates).filter_map(|g| g.rule.clone()).collect();
    asked(policy, scenario, &mut rules);
    held(policy, scenario, &decision, &mut rules);
    said(policy, scenario, &mut rules);
    rules
}

/// What the question names.
fn asked(policy: &Policy, scenario: &Scenario, rules: &mut BTreeSet<Rule>) {
    let request = &scenario.request;
    rules.insert(Rule::new("activity", &request.activity));
    rules.insert(Rule::new("application", &request.application));
    rules.extend(request.recipient.as_ref().map(|r| Rule::new("recipient", r)));
    let during = policy.activities.get(&request.activity).into_iter().flat_map(|a| &a.during);
    rules.extend(during.filter(|r| is_told(scenario, r)).map(|r| Rule::new("relationship", r)));
}

/// Whether the scenario tells of the relationship.
fn is_told(scenario: &Scenario, name: &RelationshipName) -> bool {
    scenario.events.iter().any(|e| match &e.event {
        Event::RelationshipStarted { relationship } | Event::RelationshipEnded { relationship } => {
            relationship == name
        }
        _ => false,
    })
}

/// Where what was judged came from, and how long it is kept.
fn held(policy: &Policy, scenario: &Scenario, decision: &Decision, rules: &mut BTreeSet<Rule>) {
    let judged: BTreeSet<Revision> =
        decision.answers.iter().flat_map(|a| a.holdings.iter().copied()).collect();
    for event in scenario.events.iter().filter(|e| judged.contains(&e.revision)) {
        let Event::DataAcquired { category, source, .. } = &event.event else { continue };
        rules.insert(Rule::new("source", source));
        for retention in policy.retention_of(category) {
            rules.insert(Rule::new("retention", &retention.category));
            if let RetentionStart::Ended(names) = &retention.after {
                let told = names.iter().filter(|r| is_told(scenario, r));
                rules.extend(told.map(|r| Rule::new("relationship", r)));
            }
        }
    }
}

/// What the principal said that bears on it. A gate names the worst of several; each was looked at.
fn said(policy: &Policy, scenario: &Scenario, rules: &mut BTreeSet<Rule>) {
    for category in &scenario.request.categories {
        let act = Act::new(policy, &scenario.request, category);
        rules.extend(act.needed_items().into_iter().map(|item| Rule::new("consent", item)));
        for event in &scenario.events {
            if let Event::ChoiceDeclined { choice, .. } = &event.event
                && policy.choices.get(choice).is_some_and(|c| act.is_covered_by(choice, c))
            {
                rules.insert(Rule::new("choice", choice));
            }
        }
    }
}
