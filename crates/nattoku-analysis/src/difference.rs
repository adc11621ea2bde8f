//! How one version of a policy differs from another by meaning: what changes, what that lets happen or stops, for whom,
//! and what the law asks for (R7, R42, CORE-4).
//!
//! Two checked policies go in, never their text, so that another order of files and nodes, a comment or white space make no
//! difference. What the policies say is compared part by part, one file a part below; where several nodes come to one thing
//! (the categories that serve a purpose, what flows to a recipient, how long a category is kept), the thing is compared and
//! not the nodes. Then the definition is asked about every act that a change touches.

mod activities;
mod affected;
mod choices;
mod compare;
mod consents;
mod data;
mod desks;
mod effect;
mod flows;
mod law;
mod policy;
mod publications;
mod purposes;
mod recipients;
mod retention;
mod ruling;
mod titles;
mod touch;

use std::collections::BTreeMap;

use nattoku_model::name::VersionName;
use nattoku_model::policy::{Place, Rule};
use nattoku_model::{ChangeClass, ChangeKind, Language, Policy, Text};

pub use affected::{Affected, Seen};
pub use effect::{Effect, Shift, Whom, unexplained};
pub use ruling::{Ruling, Rulings};
pub use touch::Touch;

use compare::Comparison;

/// How two versions differ.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The version compared from.
    pub from: VersionName,
    /// The version compared to.
    pub to: VersionName,
    /// What changes, what obliges to most first.
    pub changes: Vec<Change>,
}

/// One thing that changes.
#[derive(Debug, Clone)]
pub struct Change {
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// The rule that changes.
    pub subject: Rule,
    /// What tells it from other changes of the same kind to the same rule: the activity of a flow. Often nothing.
    pub within: Option<String>,
    /// What people call the thing that changes.
    pub title: Text,
    /// What the sentence of its kind is filled in with.
    pub details: BTreeMap<&'static str, Text>,
    /// Where it stood.
    pub before: Option<Place>,
    /// Where it stands now.
    pub after: Option<Place>,
    /// Other rules whose change is part of this one.
    pub causes: Vec<Cause>,
    /// Whom it concerns.
    pub affected: Affected,
    /// The acts on which it may bear.
    pub touches: Vec<Touch>,
    /// What it obliges to: the strictest of the rulings.
    pub class: ChangeClass,
    /// What each law says of it, the strictest first.
    pub rulings: Vec<Ruling>,
    /// What it lets happen and what it stops.
    pub effects: Vec<Effect>,
}

/// A rule whose change is part of another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The rule.
    pub rule: Rule,
    /// Where it stood.
    pub before: Option<Place>,
    /// Where it stands now.
    pub after: Option<Place>,
}

impl Change {
    /// What the change is called where one is asked for: `purpose_widened:proposals`. One difference has no two alike.
    #[must_use]
    pub fn id(&self) -> String {
        let within = self.within.as_ref().map(|w| format!("/{w}")).unwrap_or_default();
        format!("{}:{}{within}", self.kind, self.subject.name)
    }

    /// The sentence about it.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let mut sentence = self.kind.template(language).to_owned();
        for (key, value) in &self.details {
            sentence = sentence.replace(&format!("{{{key}}}"), value.get(language));
        }
        sentence
    }
}

/// What changes from `old` to `new`, classed as `rulings` say, what obliges to most first. A policy against itself gives
/// nothing.
#[must_use]
pub fn difference(old: &Policy, new: &Policy, rulings: &Rulings) -> Difference {
    let mut comparison = Comparison::new(old, new);
    policy::compare(&mut comparison);
    data::compare(&mut comparison);
    retention::compare(&mut comparison);
    let explained = purposes::compare(&mut comparison);
    activities::compare(&mut comparison, &explained);
    let joint = publications::compare(&mut comparison);
    recipients::compare(&mut comparison, &joint);
    flows::compare(&mut comparison);
    consents::compare(&mut comparison);
    choices::compare(&mut comparison);
    law::compare(&mut comparison);
    desks::compare(&mut comparison);
    let mut changes = comparison.changes;
    for change in &mut changes {
        change.rulings = rulings.of(change.kind);
        change.class = change.rulings.first().map_or(ChangeClass::ConsentAgain, |r| r.class);
    }
    effect::attribute(old, new, &mut changes);
    changes.sort_by(|a, b| {
        b.class.cmp(&a.class).then_with(|| a.kind.cmp(&b.kind)).then_with(|| a.id().cmp(&b.id()))
    });
    Difference { from: old.version.clone(), to: new.version.clone(), changes }
}
