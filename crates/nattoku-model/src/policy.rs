//! A policy that has been checked: plain values without source text.
//!
//! `nattoku-policy` makes these from KDL; the decision reads them. Every map is ordered, so that equal policies
//! give equal bytes wherever they are printed.

pub mod act;
pub mod data;
pub mod desk;
pub mod invariant;
pub mod law;
pub mod period;
pub mod place;
pub mod publication;
pub mod purpose;
pub mod recipient;
pub mod signal;
pub mod versions;
pub mod view;
pub mod will;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};

use crate::language::{Language, Text};
use crate::law::{Cited, Pack, Strength, strictest_age};
use crate::name::{
    ActivityName, ApplicationName, CategoryName, ChoiceName, ConsentName, DepartmentName, EntrusterName,
    ExceptionName, ProhibitionName, ProvisionName, PublicationName, PurposeName, RecipientName,
    RelationshipName, SourceName, VersionName, ViewReasonName, WorkName,
};

pub use act::{Act, acts, entrustments};
pub use data::{
    Category, Channel, Class, Entruster, Relationship, RelationshipKind, Retention, RetentionStart, Source,
};
pub use desk::{AccreditedBody, Calendar, Desk, Hours, LineOfBusiness, Regulator};
pub use invariant::Invariant;
pub use law::{Exception, Prohibition, Reach, Requirement, Transition};
pub use period::Period;
pub use place::{Place, Rule};
pub use publication::{AnonymizedSet, JointUse, Transmission};
pub use purpose::{Activity, Application, Minimisation, Occasion, Purpose, Statute};
pub use recipient::{Entrustment, Recipient, RecipientKind, Recurring, Transfer, Work};
pub use signal::{Signal, SignalKind};
pub use versions::Versions;
pub use view::{Department, ViewReason};
pub use will::{Basis, Choice, ConsentItem, Cover, Guardian, Provision, Refusability, Residue};

/// One version of a policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The policy's own name: `carrier`.
    pub name: String,
    /// Its version, by custom the date it takes effect.
    pub version: VersionName,
    /// The day it was announced (R74).
    pub announced: Option<Date>,
    /// The instant from which it is in force (R74).
    pub effective: Timestamp,
    /// Whether this version's text is not at hand, so that all it governs is referred to a person (A2).
    pub text_absent: bool,
    /// The zone in which its dates are meant.
    pub timezone: TimeZone,
    /// The languages every text must exist in.
    pub languages: Vec<Language>,
    /// The language that prevails where texts differ (A10).
    pub prevails: Language,
    /// The laws it is written under, each with its version.
    pub laws: Vec<(String, String)>,
    /// What those laws say. It is judged under each of them, and the strictest answer counts (R6); a policy that names no
    /// law is judged under the one that stands in by default.
    pub packs: Vec<Arc<Pack>>,
    /// Who is responsible.
    pub controller: Controller,
    /// Decisions on what the text leaves open (A1 to A10).
    pub rulings: BTreeMap<String, Text>,
    /// Parent instruments, sibling documents and companions (R2, R5, R78).
    pub documents: Vec<Document>,
    /// Kinds of data.
    pub categories: BTreeMap<CategoryName, Category>,
    /// Where data come from.
    pub sources: BTreeMap<SourceName, Source>,
    /// Other businesses that entrust data to the controller (R39).
    pub entrusters: BTreeMap<EntrusterName, Entruster>,
    /// Kinds of tie between principal and organisation.
    pub relationships: BTreeMap<RelationshipName, Relationship>,
    /// Purposes of use as published.
    pub purposes: BTreeMap<PurposeName, Purpose>,
    /// Registered uses.
    pub activities: BTreeMap<ActivityName, Activity>,
    /// Programs and units that ask.
    pub applications: BTreeMap<ApplicationName, Application>,
    /// Whose people look at data.
    pub departments: BTreeMap<DepartmentName, Department>,
    /// Why they do.
    pub view_reasons: BTreeMap<ViewReasonName, ViewReason>,
    /// Rules under which others are given data.
    pub provisions: BTreeMap<ProvisionName, Provision>,
    /// Consent items.
    pub consents: BTreeMap<ConsentName, ConsentItem>,
    /// Choices.
    pub choices: BTreeMap<ChoiceName, Choice>,
    /// What signals of browsers decline.
    pub signals: BTreeMap<SignalKind, Signal>,
    /// Kinds of work that may be entrusted (R62).
    pub works: BTreeMap<WorkName, Work>,
    /// Who else gets data.
    pub recipients: BTreeMap<RecipientName, Recipient>,
    /// Published joint uses (R67).
    pub joint_uses: BTreeMap<PublicationName, JointUse>,
    /// Published anonymised information (R68).
    pub anonymized_sets: BTreeMap<PublicationName, AnonymizedSet>,
    /// What devices are made to send to others (TEL-4).
    pub transmissions: BTreeMap<String, Transmission>,
    /// What nothing overrides (R37).
    pub prohibitions: BTreeMap<ProhibitionName, Prohibition>,
    /// What law permits besides (R43, R44).
    pub exceptions: BTreeMap<ExceptionName, Exception>,
    /// How long data are kept (R38).
    pub retentions: Vec<Retention>,
    /// Which older version keeps governing which holdings (R75).
    pub transitions: Vec<Transition>,
    /// Of the countries that the laws hold equal (APPI-28-1) those that the policy relies on, as ISO 3166 two-letter codes;
    /// all of them where it lists none.
    pub equivalent_countries: BTreeSet<String>,
    /// Where to ask (R70).
    pub desks: Vec<Desk>,
    /// Working-day calendars of the desks.
    pub calendars: BTreeMap<String, Calendar>,
    /// Lines of business, for the accredited bodies (R71).
    pub lines: Vec<LineOfBusiness>,
    /// Accredited bodies that take complaints (R71).
    pub bodies: Vec<AccreditedBody>,
    /// Public offices that see to it that the law is kept, and that anybody can turn to.
    pub regulators: Vec<Regulator>,
    /// What must hold for every principal and every request, in the order written.
    pub invariants: Vec<Invariant>,
    /// Where each rule stands: source line and section of the notice.
    pub places: BTreeMap<Rule, Place>,
}

/// The organisation responsible for the data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controller {
    /// Its country, an ISO 3166 two-letter code.
    pub country: String,
    /// Its name.
    pub name: Text,
    /// Its address (APPI-32-1).
    pub address: Text,
    /// Who represents it (APPI-32-1).
    pub representative: Text,
}

/// A document beside the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name, for citing it in the notice.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Whether the policy is made under it (the charter).
    pub is_parent: bool,
    /// The only language it exists in, if it is not in all (R5, R76: "in Japanese only").
    pub only: Option<Language>,
    /// Its address, absolute or on the notice site; none while it is to be had at the desk alone.
    pub address: Option<String>,
}

impl Policy {
    /// The nearest declared rule on retention for `category`: its own, or that of the closest node above.
    pub fn retention_of(&self, category: &CategoryName) -> impl Iterator<Item = &Retention> {
        let nearest = self
            .retentions
            .iter()
            .filter(|r| r.category.covers(category))
            .map(|r| r.category.as_str().len())
            .max();
        self.retentions
            .iter()
            .filter(move |r| r.category.covers(category) && Some(r.category.as_str().len()) == nearest)
    }

    /// The rules that end the retention of some of `category`: those that are nearest to it, and those on what lies within it.
    pub fn retention_within(&self, category: &CategoryName) -> impl Iterator<Item = &Retention> {
        let prefix = format!("{category}.");
        let is_below = move |r: &&Retention| r.category.as_str().starts_with(&prefix);
        self.retention_of(category).chain(self.retentions.iter().filter(is_below))
    }

    /// The classes of `category`: its own, those of the nodes above, and those of what it is derived from.
    #[must_use]
    pub fn classes_of(&self, category: &CategoryName) -> BTreeSet<Class> {
        let mut classes = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut todo = vec![category.clone()];
        while let Some(name) = todo.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(category) = self.categories.get(&name) {
                classes.extend(category.classes.iter().copied());
                todo.extend(self.roots_of(category));
            }
            todo.extend(name.parent());
        }
        classes
    }

    /// The classes of `category` and of everything below it: what asking for the whole node may touch.
    #[must_use]
    pub fn classes_within(&self, category: &CategoryName) -> BTreeSet<Class> {
        self.below(category).chain([category]).flat_map(|c| self.classes_of(c)).collect()
    }

    /// The categories below a node.
    fn below<'p>(&'p self, category: &CategoryName) -> impl Iterator<Item = &'p CategoryName> + use<'p> {
        let prefix = format!("{category}.");
        let from = (Bound::Excluded(CategoryName::from(prefix.as_str())), Bound::Unbounded);
        let names = self.categories.range(from).map(|(name, _)| name);
        names.take_while(move |name| name.as_str().starts_with(&prefix))
    }

    /// What a category is worked out from: from the whole of each node it names (R16).
    fn roots_of<'p>(&'p self, category: &'p Category) -> impl Iterator<Item = CategoryName> + 'p {
        category.derived_from.iter().flat_map(|origin| self.below(origin).chain([origin])).cloned()
    }

    /// What `category` is worked out from, however many steps back: by its own derivation, by that of the nodes above it, and
    /// by that of what is below it, since asking for a node asks for all of it (R16). What lies within `category` is left out.
    #[must_use]
    pub fn origins_of(&self, category: &CategoryName) -> BTreeSet<CategoryName> {
        let mut origins = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut todo: Vec<CategoryName> = self.below(category).chain([category]).cloned().collect();
        while let Some(name) = todo.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(category) = self.categories.get(&name) {
                todo.extend(self.roots_of(category));
                origins.extend(category.derived_from.iter().cloned());
            }
            todo.extend(name.parent());
        }
        origins.retain(|origin| !category.covers(origin));
        origins
    }

    /// Whether a country counts as one held equal under a law: the law holds it equal, and the policy's own list, where it
    /// has one, leaves it in.
    #[must_use]
    pub fn holds_equal(&self, law: &Pack, country: &str) -> bool {
        let is_relied_on =
            self.equivalent_countries.is_empty() || self.equivalent_countries.contains(country);
        is_relied_on && law.transfer.equivalent_countries.contains(country)
    }

    /// Whether a recipient is abroad: under any of the policy's laws, since the strictest of them counts (R6).
    #[must_use]
    pub fn is_abroad(&self, recipient: &Recipient) -> bool {
        self.packs.iter().any(|law| self.is_abroad_under(law, recipient))
    }

    /// Whether a recipient is abroad under one law: neither in the controller's own country nor in one that the law holds to
    /// be home, which is Japan for the APPI (APPI-28-1) and the European Economic Area for the GDPR (GDPR 44).
    #[must_use]
    pub fn is_abroad_under(&self, law: &Pack, recipient: &Recipient) -> bool {
        recipient.country != self.controller.country && !law.transfer.home.contains(&recipient.country)
    }

    /// From which age the principal's own consent to an item counts: by the item's own ages and those that its laws set by
    /// statute, the strictest of them (CAP-1).
    #[must_use]
    pub fn guardian_of(&self, item: &ConsentItem) -> Option<Guardian> {
        let laws = self.packs.iter().filter_map(|law| law.age.as_ref());
        let binding = laws.filter(|age| age.strength == Strength::Statute).map(|age| age.guardian);
        strictest_age(item.guardian.into_iter().chain(binding))
    }

    /// Whether what somebody rests on counts under a law: a place in one of the policy's laws counts under that law alone,
    /// and what is in none of them is not for the packs to tell.
    #[must_use]
    pub fn counts_under(&self, law: &Pack, basis: &str) -> bool {
        if self.packs.len() == 1 {
            return true;
        }
        let Ok(cited) = basis.parse::<Cited>() else { return true };
        law.is_about(&cited) || !self.packs.iter().any(|other| other.is_about(&cited))
    }

    /// An instant as people of the policy's zone read it: `2019-12-11T00:00:00+09:00`.
    #[must_use]
    pub fn local(&self, instant: Timestamp) -> String {
        instant.to_zoned_datetime(self.timezone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Where a rule stands, if it is known.
    #[must_use]
    pub fn place_of(&self, rule: &Rule) -> Option<&Place> {
        self.places.get(rule)
    }
}
