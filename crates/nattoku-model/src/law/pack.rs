//! One version of one law, as far as Nattoku needs it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::change::ChangeKind;
use crate::language::{Language, Text};
use crate::law::{
    AgeRule, Breach, Change, Citation, Cited, Deadline, FactNumber, Handling, JointUseRule, Protection,
    Records, Route, RouteRule, TransferRule,
};
use crate::name::{VersionName, nearest};
use crate::policy::{Calendar, Class};

/// Whether a version of a law is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is.
    InForce,
    /// It is made and published, and will be (CORE-10).
    Promulgated,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 2] = [Self::InForce, Self::Promulgated];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Promulgated => "promulgated",
        }
    }
}

/// How strongly a rule of a pack binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// By statute or what has its force: the decision holds it, whatever the policy says.
    Statute,
    /// By a guideline: the check speaks of it, and the policy follows it by its own nodes.
    Guideline,
}

impl Strength {
    /// Every strength.
    pub const ALL: [Self; 2] = [Self::Statute, Self::Guideline];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Statute => "statute",
            Self::Guideline => "guideline",
        }
    }
}

/// How an instrument numbers what stands below a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Numbering {
    /// Items, written with small Roman numerals: 第3号 is `(iii)`.
    Roman,
    /// Points, written with letters: `(c)`.
    Letters,
}

impl Numbering {
    /// Every numbering.
    pub const ALL: [Self; 2] = [Self::Roman, Self::Letters];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Roman => "roman",
            Self::Letters => "letters",
        }
    }
}

/// What a rule of a pack rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Places in laws and facts.
    pub cites: Vec<Cited>,
    /// Whether it was written down from general knowledge and must be checked against the text before anybody relies on it.
    pub unchecked: bool,
}

impl Grounds {
    /// What to name where there is room for one: the first place in a law, or else the first fact.
    #[must_use]
    pub fn first(&self) -> Option<&Cited> {
        let provision = self.cites.iter().find(|c| matches!(c, Cited::Provision(_)));
        provision.or_else(|| self.cites.first())
    }
}

/// Something with a name and words: an item of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its name in words.
    pub title: Text,
}

/// A law or rule that a pack speaks of: the law itself, what executes it, and its neighbors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// Its full title.
    pub title: Text,
    /// What it is called in a few words: 個人情報保護法, APPI.
    pub short: Text,
    /// How it numbers what stands below a paragraph.
    pub numbering: Numbering,
}

/// A provision of a law: what stands at a place in it, in a few words of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionOfLaw {
    /// What it is about.
    pub title: Text,
    /// The numbers of the facts that state it.
    pub facts: BTreeSet<FactNumber>,
    /// What an exception on this ground needs besides its own, such as `consent_difficult` (APPI-18-3).
    pub requires: BTreeSet<String>,
    /// Whether it must be checked against the text before anybody relies on it.
    pub unchecked: bool,
}

/// A fact about law that is no provision, or whose place is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactOfLaw {
    /// What it says.
    pub title: Text,
    /// Where it comes from.
    pub source: Option<String>,
    /// Whether it must be checked before anybody relies on it.
    pub unchecked: bool,
}

/// One version of one law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The law's name in policies: `appi`.
    pub law: String,
    /// Its version, by custom the day from which it is in force, or was promulgated: `2022-04-01`.
    pub version: VersionName,
    /// Whether it is in force.
    pub state: State,
    /// The law's name in citations: `APPI`.
    pub abbreviation: String,
    /// The version that this one changes, from which it has whatever it does not say itself.
    pub based_on: Option<VersionName>,
    /// The day on which it was promulgated.
    pub promulgated: Option<Date>,
    /// The first day on which it is in force, where that is known.
    pub in_force_from: Option<Date>,
    /// The last day by which it is in force, where only that is known (APPI26-1).
    pub in_force_by: Option<Date>,
    /// The law, what executes it and its neighbors, by their names in citations.
    pub instruments: BTreeMap<String, Instrument>,
    /// What stands where.
    pub provisions: BTreeMap<Citation, ProvisionOfLaw>,
    /// Facts that are no provisions.
    pub facts: BTreeMap<FactNumber, FactOfLaw>,
    /// From which age a principal's own consent counts.
    pub age: Option<AgeRule>,
    /// The routes of provision that the law has.
    pub routes: BTreeMap<Route, RouteRule>,
    /// The classes it protects.
    pub protections: BTreeMap<Class, Protection>,
    /// What lets data go abroad.
    pub transfer: TransferRule,
    /// What is to be made known of a joint use; none where the law has no such thing.
    pub joint_use: Option<JointUseRule>,
    /// What is recorded of provisions.
    pub records: Option<Records>,
    /// What happens on a breach.
    pub breach: Option<Breach>,
    /// Deadlines, by name.
    pub deadlines: BTreeMap<String, Deadline>,
    /// What changes of a policy oblige to, by kind.
    pub changes: BTreeMap<ChangeKind, Change>,
    /// Calendars by which deadlines run.
    pub calendars: BTreeMap<String, Calendar>,
}

impl Pack {
    /// A pack that says nothing but which law and version it is.
    #[must_use]
    pub fn blank(law: &str, version: &str) -> Self {
        Self {
            law: law.to_owned(),
            version: VersionName::from(version),
            state: State::Promulgated,
            abbreviation: String::new(),
            based_on: None,
            promulgated: None,
            in_force_from: None,
            in_force_by: None,
            instruments: BTreeMap::new(),
            provisions: BTreeMap::new(),
            facts: BTreeMap::new(),
            age: None,
            routes: BTreeMap::new(),
            protections: BTreeMap::new(),
            transfer: TransferRule::default(),
            joint_use: None,
            records: None,
            breach: None,
            deadlines: BTreeMap::new(),
            changes: BTreeMap::new(),
            calendars: BTreeMap::new(),
        }
    }

    /// The law's own instrument.
    #[must_use]
    pub fn instrument(&self) -> Option<&Instrument> {
        self.instruments.get(&self.abbreviation)
    }

    /// What the law says of a class for a way of handling, where the decision holds it.
    #[must_use]
    pub fn binding(&self, class: Class, handling: Handling) -> Option<&Protection> {
        self.protections.get(&class).filter(|p| p.binds(handling))
    }

    /// The rule of a route, where the law has the route and it is open to all of these classes.
    #[must_use]
    pub fn open_route(&self, route: Route, classes: &BTreeSet<Class>) -> Option<&RouteRule> {
        self.routes.get(&route).filter(|r| r.closed_for.is_disjoint(classes))
    }

    /// The provision at a place. A version named must be this one.
    #[must_use]
    pub fn provision(&self, citation: &Citation) -> Option<&ProvisionOfLaw> {
        let is_of_this = citation.version.as_ref().is_none_or(|v| *v == self.version);
        self.provisions.get(&citation.of_any_version()).filter(|_| is_of_this)
    }

    /// The provisions that a fact number stands for, in their order.
    pub fn provisions_of<'a>(
        &'a self,
        fact: &'a FactNumber,
    ) -> impl Iterator<Item = (&'a Citation, &'a ProvisionOfLaw)> {
        self.provisions.iter().filter(move |(_, provision)| provision.facts.contains(fact))
    }

    /// Whether the pack knows what is cited.
    #[must_use]
    pub fn knows(&self, cited: &Cited) -> bool {
        match cited {
            Cited::Provision(citation) => self.provision(citation).is_some(),
            Cited::Fact(fact) => self.facts.contains_key(fact) || self.provisions_of(fact).next().is_some(),
        }
    }

    /// Whether the pack speaks of the law, or of the family of facts, that is cited, so that not knowing it means something.
    #[must_use]
    pub fn is_about(&self, cited: &Cited) -> bool {
        match cited {
            Cited::Provision(citation) => self.instruments.contains_key(&citation.law),
            Cited::Fact(fact) => self.fact_numbers().any(|known| known.family() == fact.family()),
        }
    }

    /// The known citation nearest to one that is not known, in the form in which that is written: the place around it, or a
    /// place beside it, before one elsewhere in the law.
    #[must_use]
    pub fn nearest(&self, cited: &Cited) -> Option<String> {
        let Cited::Provision(citation) = cited else {
            let known: Vec<String> = self.fact_numbers().map(FactNumber::to_string).collect();
            return nearest(&cited.to_string(), known.iter().map(String::as_str)).map(str::to_owned);
        };
        let around = |c: &Citation| std::iter::successors(c.of_any_version().whole(), Citation::whole);
        if let Some(around) = around(citation).find(|c| self.provisions.contains_key(c)) {
            return Some(around.to_string());
        }
        let beside = around(citation).find_map(|part| {
            let within: Vec<String> = self
                .provisions
                .keys()
                .filter(|known| around(known).any(|c| c == part))
                .map(Citation::to_string)
                .collect();
            (!within.is_empty()).then_some(within)
        });
        let of_law =
            || self.provisions.keys().filter(|c| c.law == citation.law).map(Citation::to_string).collect();
        let known: Vec<String> = beside.unwrap_or_else(of_law);
        nearest(&citation.to_string(), known.iter().map(String::as_str)).map(str::to_owned)
    }

    fn fact_numbers(&self) -> impl Iterator<Item = &FactNumber> {
        self.facts.keys().chain(self.provisions.values().flat_map(|p| &p.facts))
    }

    /// A citation as people of a language write it: 個人情報保護法第27条第5項第3号.
    #[must_use]
    pub fn in_words(&self, citation: &Citation, language: Language) -> String {
        let instrument = self.instruments.get(&citation.law);
        let short = instrument.map_or_else(Text::default, |i| i.short.clone());
        citation.in_words(language, &short, instrument.map_or(Numbering::Roman, |i| i.numbering))
    }
}
