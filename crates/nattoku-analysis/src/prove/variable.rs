//! What may be so of a principal, of everybody's recipients and of publications, each with all that it may be.

use std::collections::BTreeSet;
use std::rc::Rc;

use jiff::Timestamp;
use nattoku_model::Event;

/// What a variable is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Whether the principal is known, and how old.
    Principal,
    /// What is held of the category.
    Holding,
    /// What is held of something that the category is worked out from.
    Origin,
    /// What must have been acquired lately for the activity to be open.
    Occasion,
    /// A relationship, or several that no rule tells apart.
    Tie,
    /// What was said about a consent item.
    Consent,
    /// Whether a choice is declined.
    Choice,
    /// Whether the act is stopped.
    Restriction,
    /// Whether the recipient is suspended or gone.
    Standing,
    /// Whether the ledger knows of an assessment.
    Assessed,
    /// Whether the ledger knows of a supervision.
    Supervised,
    /// Whether the ledger knows of a publication.
    Published,
}

/// For what a relationship or an occasion counts, so that a gate that does not look at it need not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Counts {
    /// A transition asks for it.
    pub(super) for_transition: bool,
    /// An activity or a retention asks for it.
    pub(super) for_tie: bool,
    /// It is itself judged as held data.
    pub(super) as_holding: bool,
}

/// One thing that may be so, with the events that make it so.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// A number that no other value of any variable has, instants included.
    pub(super) id: u32,
    /// A number that it shares with those that differ in their instants alone.
    pub(super) coarse: u32,
    /// The events.
    pub(super) events: Happened,
}

/// Something that may be so in one of several ways.
#[derive(Debug)]
pub(super) struct Variable {
    /// A number that no other variable has.
    pub(super) id: u32,
    pub(super) kind: Kind,
    pub(super) counts: Counts,
    /// The relationships, items or choices it is about.
    pub(super) names: BTreeSet<String>,
    /// What it may be, that with the fewest events first.
    pub(super) values: Vec<Value>,
}

/// The variables of one question.
pub(super) type Variables = Vec<Rc<Variable>>;

/// A variable without numbers yet: what it may be, each in words that tell it from all others, with and without its instants.
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) counts: Counts,
    pub(super) names: BTreeSet<String>,
    pub(super) values: Vec<(String, String, Happened)>,
}

/// What happened, and when.
pub(super) type Happened = Vec<(Timestamp, Event)>;

impl Draft {
    pub(super) fn new(kind: Kind, name: &str) -> Self {
        let names = if name.is_empty() { BTreeSet::new() } else { BTreeSet::from([name.to_owned()]) };
        Self { kind, counts: Counts::default(), names, values: Vec::new() }
    }

    /// Adds a value; `what` tells it from the variable's others.
    pub(super) fn value(mut self, what: &str, events: Happened) -> Self {
        self.push(what, events);
        self
    }

    /// Adds a value.
    pub(super) fn push(&mut self, what: &str, events: Happened) {
        let coarse = format!("{:?} {:?} {what}", self.kind, self.names);
        let instants: Vec<String> = events.iter().map(|(at, _)| at.to_string()).collect();
        let fine = format!("{coarse} {}", instants.join(" "));
        self.values.push((fine, coarse, events));
    }
}
