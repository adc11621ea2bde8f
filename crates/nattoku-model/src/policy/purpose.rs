//! Purposes, the registered uses that serve them, and the applications that ask.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::language::Text;
use crate::name::{
    ApplicationName, CategoryName, ConsentName, EntrusterName, PurposeName, RelationshipName, VersionName,
};
use crate::policy::{Class, Period};

/// A purpose of use as published (S3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Its number in the notice: `1`.
    pub number: String,
    /// Its text.
    pub title: Text,
    /// What the customer has of it (R3).
    pub benefit: Text,
    /// Why it stays within what is reasonably related to the purpose of an earlier version, by that version (APPI-17-2).
    pub related: BTreeMap<VersionName, Text>,
    /// What it is called in the W3C's Data Privacy Vocabulary, for exports (STD-DPV-3).
    pub dpv: Vec<String>,
}

/// A program or unit that asks to use data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its name in words.
    pub title: Text,
    /// From when on it reports who looks at data by it; none where it does not.
    pub reports_views: Option<Date>,
}

/// A statute that lets an activity use a protected class without consent (TEL-1, TEL-7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statute {
    /// The class it concerns.
    pub class: Class,
    /// The citation.
    pub basis: String,
}

/// What an activity must do to use no more than it needs (R25, R33).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Minimisation {
    /// Replace what identifies before use.
    Pseudonymize,
    /// Hide all but what is needed of the value.
    Mask,
    /// Give a yes or no on the age, never the date.
    AgeResultOnly,
    /// Give counts and rates, never rows.
    AggregateOnly,
}

impl Minimisation {
    /// Every minimisation.
    pub const ALL: [Self; 4] = [Self::Pseudonymize, Self::Mask, Self::AgeResultOnly, Self::AggregateOnly];

    /// The name as used in policies and as an obligation in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pseudonymize => "pseudonymize",
            Self::Mask => "mask",
            Self::AgeResultOnly => "age_result_only",
            Self::AggregateOnly => "aggregate_only",
        }
    }
}

/// Something that must have been acquired lately for an activity to be open (R29: "when consulted").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The category whose acquisition is the occasion.
    pub category: CategoryName,
    /// How long ago at most.
    pub within: Period,
}

/// A registered use. Its examples are those of the notice; a new use is a new activity (R18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its name in words, as the notice's example.
    pub title: Text,
    /// The purposes it serves, in the order declared; one activity may serve several (R35).
    pub purposes: Vec<PurposeName>,
    /// The categories necessary for it (R17).
    pub needs: Vec<CategoryName>,
    /// The applications that may ask.
    pub by: Vec<ApplicationName>,
    /// The relationships of which one must be alive; none means no agreement is needed.
    pub during: Vec<RelationshipName>,
    /// Whether it may go on after the relationship has ended, within retention (R38).
    pub may_continue: bool,
    /// What must have happened lately for it to be open.
    pub occasions: Vec<Occasion>,
    /// Consent items needed for any act of it (R41).
    pub requires: Vec<ConsentName>,
    /// Whether data may be joined for it.
    pub combines: bool,
    /// Whether nobody else gets data by it, whatever the basis (R30, R31).
    pub to_nobody: bool,
    /// The business for whose work it is done; it then sees that business's data and no other (R39).
    pub entrusted_by: Option<EntrusterName>,
    /// What it decides about the principal, for the prohibitions: `refuse_service` (R37).
    pub outcome: Option<String>,
    /// Statutes it rests on.
    pub statutes: Vec<Statute>,
    /// What it must do to use no more than it needs, and on which categories (all of them when none is named).
    pub minimise: Vec<(Minimisation, Vec<CategoryName>)>,
}

impl Activity {
    /// Whether `category` is necessary for this activity.
    #[must_use]
    pub fn is_necessary(&self, category: &CategoryName) -> bool {
        self.needs.iter().any(|need| need.covers(category))
    }

    /// What must be done to `category`.
    #[must_use]
    pub fn minimisations_of(&self, category: &CategoryName) -> BTreeSet<Minimisation> {
        self.minimise
            .iter()
            .filter(|(_, on)| on.is_empty() || on.iter().any(|c| c.covers(category) || category.covers(c)))
            .map(|(what, _)| *what)
            .collect()
    }
}
