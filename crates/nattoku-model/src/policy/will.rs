//! Provisions to others, what a principal can agree to and what they can decline.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::Text;
use crate::name::{
    ActivityName, CategoryName, ChoiceName, ConsentName, PurposeName, RecipientName, WordingName,
};
use crate::policy::{Period, RecipientKind};
use crate::request::Action;

/// What a provision rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// The principal's consent (APPI-27-1); with the wording versions that cover this provision, when they are
    /// fewer than those the item accepts (R42).
    Consent(ConsentName, Option<BTreeSet<WordingName>>),
    /// A notified opt-out: open until the principal declines this choice (APPI-27-2).
    OptOut(ChoiceName),
    /// A law, by citation (APPI-27-1).
    Law(String),
}

/// A rule under which recipients are given data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// The activity it is part of.
    pub activity: ActivityName,
    /// The categories given.
    pub gives: Vec<CategoryName>,
    /// To whom.
    pub to: Vec<RecipientName>,
    /// On which basis.
    pub basis: Basis,
}

/// From which age a principal's own consent counts (CAP-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guardian {
    /// Below this age a guardian must consent.
    pub under: u8,
    /// From this age to `under`, whether the principal's own consent suffices is for a person to judge.
    pub judge_from: Option<u8>,
}

/// One thing a principal can agree to (R41).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentItem {
    /// Its name in words.
    pub title: Text,
    /// What happens when it is withdrawn, for the consequence page.
    pub consequence: Text,
    /// The version of the wording shown today.
    pub text: WordingName,
    /// The wording versions that count as consent.
    pub accepts: BTreeSet<WordingName>,
    /// Every wording ever shown, by version (R42).
    pub wordings: BTreeMap<WordingName, Text>,
    /// Whether it asks about one matter alone, so that it can cover communications secrecy and special care (TEL-1).
    pub individual: bool,
    /// Whether it is among the principal matters (A7).
    pub principal_matter: bool,
    /// From which age it counts.
    pub guardian: Option<Guardian>,
    /// How long a consent lasts, if not until withdrawn.
    pub lasts: Option<Period>,
}

/// To what extent a choice may be declined (A6, R50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusability {
    /// Freely.
    Refusable,
    /// With a consequence that the page states first.
    RefusableWithConsequence,
    /// Not at all: contract, law or fraud need it.
    NotRefusable,
}

impl Refusability {
    /// Every refusability.
    pub const ALL: [Self; 3] = [Self::Refusable, Self::RefusableWithConsequence, Self::NotRefusable];

    /// The name as used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refusable => "refusable",
            Self::RefusableWithConsequence => "refusable_with_consequence",
            Self::NotRefusable => "not_refusable",
        }
    }
}

/// What a choice covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// An activity, in the given action or in any.
    Activity(ActivityName, Option<Action>),
    /// Every activity of a purpose, in the given action or in any (R35: refusal applies per purpose).
    Purpose(PurposeName, Option<Action>),
    /// Every giving to recipients of a kind, those who join later included (R50).
    Recipients(RecipientKind),
}

/// What passes although a choice is declined (R50).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residue {
    /// These categories…
    pub categories: Vec<CategoryName>,
    /// …for this activity.
    pub activity: ActivityName,
}

/// A switch by which a principal declines (R49).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name in words.
    pub title: Text,
    /// What declining it changes, and what it does not.
    pub consequence: Text,
    /// To what extent it may be declined.
    pub refusability: Refusability,
    /// What it covers.
    pub covers: Vec<Cover>,
    /// What passes all the same.
    pub residue: Vec<Residue>,
}

impl Choice {
    /// Whether it covers an act: by activity, by a purpose it is done for (R35), or by the class of the flow, so that those
    /// who join later are covered too (R50).
    #[must_use]
    pub fn covers_act(
        &self,
        action: Action,
        activity: &ActivityName,
        purposes: &[&PurposeName],
        flow: Option<RecipientKind>,
    ) -> bool {
        let fits = |narrowed: &Option<Action>| narrowed.is_none_or(|a| a == action);
        self.covers.iter().any(|cover| match cover {
            Cover::Activity(covered, narrowed) => covered == activity && fits(narrowed),
            Cover::Purpose(covered, narrowed) => purposes.contains(&covered) && fits(narrowed),
            Cover::Recipients(kind) => flow == Some(*kind),
        })
    }
}
