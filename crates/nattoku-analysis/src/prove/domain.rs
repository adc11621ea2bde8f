//! For one question every variable that can matter to it, each with all that it can be.

mod data;
mod recipient;
mod will;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use jiff::Timestamp;
use nattoku_model::name::{CategoryName, ChoiceName, ConsentName, RelationshipName};
use nattoku_model::policy::invariant::{Ground, Invariant, State, Which, Word};
use nattoku_model::policy::{Period, RetentionStart};
use nattoku_model::{Action, Policy, Request};

use super::shape::Words;
use super::variable::{Draft, Value, Variable, Variables};
use crate::invariant::Act;

/// What an invariant makes worth looking at besides what the gates look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extra {
    pub(super) choices: BTreeSet<ChoiceName>,
    pub(super) consents: BTreeSet<ConsentName>,
    /// Relationships that are asked for together, each set apart.
    pub(super) ties: BTreeSet<BTreeSet<RelationshipName>>,
    /// Instants before which something acquired is told apart from something acquired after them.
    pub(super) acquired: BTreeSet<Timestamp>,
    /// Lengths of time since which something acquired is told apart from something acquired later.
    pub(super) ages: BTreeSet<Period>,
    /// Whether what is held is looked at for itself, so that what it was worked out from counts too.
    pub(super) origins: bool,
}

/// What is gone through of the data held. The worst of all that is held decides, so that of several holdings one is enough:
/// of the category itself, or of what it was worked out from, with such a one of its own as passes wherever any does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Everything that may be held of the category.
    Own,
    /// Everything that may be held of what it was worked out from.
    Origins,
}

impl Extra {
    pub(super) fn of(invariant: &Invariant) -> Self {
        let mut extra = Self::default();
        for state in &invariant.states {
            match state {
                State::Declined(Which::Named(choice)) => {
                    extra.choices.insert(choice.clone());
                }
                State::Withdrawn(Which::Named(item)) | State::Unanswered(Which::Named(item)) => {
                    extra.consents.insert(item.clone());
                }
                State::Ended(name) | State::NeverIn(name) => {
                    extra.ties.insert(BTreeSet::from([name.clone()]));
                }
                State::Without(names) => {
                    extra.ties.insert(names.iter().cloned().collect());
                }
                State::AcquiredBefore(instant) => {
                    extra.acquired.insert(*instant);
                    extra.origins = true;
                }
                State::OlderThan(period) => {
                    extra.ages.insert(*period);
                    extra.origins = true;
                }
                State::Entrusted(_)
                | State::While(Word::Quarantined | Word::PastRetention | Word::Erased | Word::Restricted) => {
                    extra.origins = true;
                }
                _ => {}
            }
        }
        for ground in invariant.unless.iter().chain(&invariant.conditions) {
            if let Ground::Consent(item) = ground {
                extra.consents.insert(item.clone());
            }
        }
        extra
    }
}

/// Makes variables, each once.
pub(super) struct Domains {
    ids: HashMap<String, u32>,
    made: HashMap<(String, Timestamp), Rc<Variable>>,
    /// The ages at which some item or invariant tells principals apart.
    ages: BTreeSet<u8>,
}

/// What is asked, under the policy that binds it.
pub(super) struct Question<'a> {
    pub(super) words: &'a Words<'a>,
    pub(super) policy: &'a Policy,
    pub(super) request: &'a Request,
    pub(super) category: &'a CategoryName,
    pub(super) extra: &'a Extra,
    pub(super) held: Held,
}

impl<'a> Question<'a> {
    pub(super) const fn act(&self) -> Act<'a> {
        Act::new(self.policy, self.request, self.category)
    }

    pub(super) const fn at(&self) -> Timestamp {
        self.request.at
    }

    /// The policies that may say what the activity is: that in force and every one that may govern.
    pub(super) fn texts(&self) -> Vec<&'a Policy> {
        self.words.versions.oldest_first().into_iter().filter(|p| !p.text_absent).collect()
    }

    /// The categories of which something may be held for it: the one asked and those below it.
    pub(super) fn within(&self) -> Vec<&'a CategoryName> {
        if self.request.action == Action::Collect {
            return Vec::new();
        }
        self.words.categories.iter().filter(|c| self.category.covers(c)).collect()
    }

    /// The categories that it may be worked out from, and those below them.
    pub(super) fn origins(&self) -> &'a [CategoryName] {
        if self.request.action == Action::Collect {
            return &[];
        }
        self.words.origins(self.category)
    }

    /// Whether what is held may be the occasion that opens the activity.
    pub(super) fn is_occasion_held(&self) -> bool {
        let held: Vec<&CategoryName> = self.within().into_iter().chain(self.origins()).collect();
        self.texts()
            .into_iter()
            .filter_map(|p| p.activities.get(&self.request.activity))
            .any(|activity| activity.occasions.iter().any(|o| held.iter().any(|c| o.category.covers(c))))
    }

    /// The consent items that the act may need under any text that may govern it.
    pub(super) fn consents(&self) -> BTreeSet<ConsentName> {
        let mut items: BTreeSet<ConsentName> = self.act().needed_items().into_iter().cloned().collect();
        for text in self.texts() {
            let activity = text.activities.get(&self.request.activity);
            items.extend(activity.into_iter().flat_map(|a| a.requires.iter().cloned()));
        }
        items.extend(self.extra.consents.iter().cloned());
        items
    }
}

impl Domains {
    pub(super) fn new(ages: BTreeSet<u8>) -> Self {
        Self { ids: HashMap::new(), made: HashMap::new(), ages }
    }

    /// Every variable that can matter to the question.
    pub(super) fn variables(&mut self, question: &Question<'_>) -> Variables {
        let mut variables = vec![self.principal(question)];
        match question.held {
            Held::Own => variables.push(self.holding(question)),
            Held::Origins => variables.extend([self.companion(question), self.origin(question)]),
        }
        variables.extend(self.occasions(question));
        variables.extend(self.ties(question));
        for item in question.consents() {
            variables.extend(self.consent(question, &item));
        }
        for (name, choice) in &question.policy.choices {
            let is_covered = question
                .texts()
                .into_iter()
                .any(|text| Act::new(text, question.request, question.category).is_covered_by(name, choice));
            if is_covered || question.extra.choices.contains(name) {
                variables.push(self.choice(question, name));
            }
        }
        variables.push(self.restriction(question));
        variables.extend(self.of_recipient(question));
        variables
    }

    /// The variable of a draft, made once for an instant.
    fn make(&mut self, at: Timestamp, key: String, draft: impl FnOnce() -> Draft) -> Rc<Variable> {
        if let Some(made) = self.made.get(&(key.clone(), at)) {
            return Rc::clone(made);
        }
        let draft = draft();
        let mut values: Vec<Value> = draft
            .values
            .into_iter()
            .map(|(fine, coarse, events)| Value { id: self.id(fine), coarse: self.id(coarse), events })
            .collect();
        values.sort_by_key(|v| v.events.len());
        let id = u32::try_from(self.made.len()).unwrap_or(u32::MAX);
        let variable = Variable { id, kind: draft.kind, counts: draft.counts, names: draft.names, values };
        let variable = Rc::new(variable);
        self.made.insert((key, at), Rc::clone(&variable));
        variable
    }

    fn id(&mut self, key: String) -> u32 {
        let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        *self.ids.entry(key).or_insert(next)
    }

    /// The relationships, those together that no rule tells apart: whatever asks for them asks whether any is alive and when
    /// the last has ended, so that one of them stands for all.
    fn ties(&mut self, question: &Question<'_>) -> Vec<Rc<Variable>> {
        let mut by_use: BTreeMap<Vec<bool>, Vec<RelationshipName>> = BTreeMap::new();
        let uses = uses_of_ties(question);
        for name in question.policy.relationships.keys() {
            let by_rules = uses.iter().map(|(names, _)| names.contains(name));
            let by_invariant = question.extra.ties.iter().map(|names| names.contains(name));
            let signature: Vec<bool> = by_rules.chain(by_invariant).collect();
            if signature.contains(&true) {
                by_use.entry(signature).or_default().push(name.clone());
            }
        }
        let cuts = data::cuts_of_ends(question);
        let mut variables = Vec::new();
        for (signature, names) in by_use {
            let used = || uses.iter().zip(&signature).filter(|(_, is)| **is);
            let for_transition = used().any(|((_, t), _)| *t);
            let for_tie = used().any(|((_, t), _)| !*t);
            if let Some(name) = names.first() {
                variables.push(self.tie(question, name, &names, &cuts, (for_transition, for_tie)));
            }
        }
        variables
    }
}

/// Every set of relationships that something asks for, and whether it is a transition.
fn uses_of_ties(question: &Question<'_>) -> Vec<(BTreeSet<RelationshipName>, bool)> {
    let mut uses = Vec::new();
    let held: Vec<&CategoryName> =
        question.within().into_iter().chain(question.origins()).chain([question.category]).collect();
    for text in question.texts() {
        if let Some(activity) = text.activities.get(&question.request.activity) {
            uses.push((activity.during.iter().cloned().collect(), false));
        }
        for retention in held.iter().flat_map(|c| text.retention_within(c)) {
            if let RetentionStart::Ended(names) = &retention.after {
                uses.push((names.iter().cloned().collect(), false));
            }
        }
    }
    for transition in question.words.versions.oldest_first().into_iter().flat_map(|p| &p.transitions) {
        if let Some((name, _)) = &transition.unless {
            uses.push((BTreeSet::from([name.clone()]), true));
        }
    }
    uses.dedup();
    uses
}
