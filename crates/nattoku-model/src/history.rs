//! A principal's history: what the events say was true at an instant, with what was known at another.
//!
//! A fold, and nothing but a fold: whatever is asked is worked out from the events each time. Events that concern
//! everybody (about recipients, publications and policies) stand in the same list.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};

use crate::event::{By, Event, Recorded, Revision};
use crate::name::{
    CategoryName, ChoiceName, ConsentName, EntrusterName, PublicationName, RecipientName, RelationshipName,
    SourceName, WordingName,
};
use crate::request::Action;

/// The events of one principal that had happened by `at` and were known by `known_at`, in the order they happened.
#[derive(Debug, Clone)]
pub struct History<'a> {
    events: Vec<&'a Recorded>,
    /// The instant it is seen from.
    pub at: Timestamp,
}

/// A category held about the principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The event of its acquisition; none where it is only assumed.
    pub revision: Option<Revision>,
    /// What is held of what was asked for.
    pub category: CategoryName,
    /// Where it came from; none where it is only assumed.
    pub source: Option<SourceName>,
    /// The business that entrusted it, if one did.
    pub entrusted_from: Option<EntrusterName>,
    /// When it was acquired.
    pub acquired: Timestamp,
}

/// A stretch of time in which a relationship was alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The event that started it.
    pub started_by: Revision,
    /// From when.
    pub from: Timestamp,
    /// Until when, with the event that ended it; none while it is alive.
    pub until: Option<(Timestamp, Revision)>,
}

/// The newest thing a principal said about a consent item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentAct {
    /// It was granted.
    Granted {
        /// The event.
        revision: Revision,
        /// When.
        at: Timestamp,
        /// The wording agreed to.
        text_version: WordingName,
        /// By whom.
        by: By,
        /// Until when, if it was limited.
        until: Option<Timestamp>,
        /// Whether evidence was brought.
        has_evidence: bool,
    },
    /// It was withdrawn.
    Withdrawn {
        /// The event.
        revision: Revision,
        /// When.
        at: Timestamp,
    },
}

/// How a recipient stands by the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecipientStanding {
    /// The newest assessment recorded.
    pub assessed: Option<(Timestamp, Revision)>,
    /// The newest supervision recorded.
    pub supervised: Option<(Timestamp, Revision)>,
    /// Suspended, and not assessed anew since.
    pub suspended: Option<Revision>,
    /// Ended, and not assessed anew since.
    pub ended: Option<Revision>,
}

/// A restriction as placed.
struct Restriction<'a> {
    revision: Revision,
    categories: &'a [CategoryName],
    actions: &'a [Action],
    claim: Option<&'a String>,
}

impl Restriction<'_> {
    fn stops(&self, category: &CategoryName, action: Action) -> bool {
        let named = self.categories.iter().any(|c| c.covers(category) || category.covers(c));
        let stopped =
            if self.actions.is_empty() { action != Action::Disclose } else { self.actions.contains(&action) };
        (self.categories.is_empty() || named) && stopped
    }

    fn is_lifted_by(&self, categories: &[CategoryName], actions: &[Action], claim: Option<&String>) -> bool {
        match claim {
            Some(_) => self.claim == claim,
            None => self.categories == categories && self.actions == actions,
        }
    }
}

impl<'a> History<'a> {
    /// What had happened by `at`, with what was known by `known_at` (everything recorded, when absent).
    #[must_use]
    pub fn new(recorded: &'a [Recorded], at: Timestamp, known_at: Option<Timestamp>) -> Self {
        let mut events: Vec<&Recorded> = recorded
            .iter()
            .filter(|e| e.at <= at && known_at.is_none_or(|known| e.recorded_at <= known))
            .collect();
        events.sort_by_key(|e| (e.at, e.revision));
        Self { events, at }
    }

    /// Every event, in the order they happened.
    #[must_use]
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &'a Recorded> {
        self.events.iter().copied()
    }

    /// The principal's date of birth, if it is known.
    #[must_use]
    pub fn born(&self) -> Option<(Date, Revision)> {
        self.events().rev().find_map(|e| match &e.event {
            Event::PrincipalRegistered { born: Some(born), .. } => Some((*born, e.revision)),
            _ => None,
        })
    }

    /// The principal's age in whole years on the day of `at`.
    #[must_use]
    pub fn age_at(&self, at: Timestamp, timezone: &TimeZone) -> Option<(i16, Revision)> {
        let (born, revision) = self.born()?;
        let today = at.to_zoned_datetime(timezone.clone()).date();
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        Some((today.year() - born.year() - i16::from(!had_birthday), revision))
    }

    /// Whether the past of a relationship is known: the principal is registered, and no registration called that past unknown.
    #[must_use]
    pub fn knows(&self, relationship: &RelationshipName) -> bool {
        let mut registrations = self.events().filter_map(|e| match &e.event {
            Event::PrincipalRegistered { unknown_relationships, .. } => Some(unknown_relationships),
            _ => None,
        });
        let mut is_registered = false;
        let is_unknown = registrations.any(|unknown| {
            is_registered = true;
            unknown.contains(relationship)
        });
        is_registered && !is_unknown
    }

    /// The stretches of time in which a relationship was alive, oldest first.
    #[must_use]
    pub fn intervals(&self, relationship: &RelationshipName) -> Vec<Interval> {
        let mut intervals: Vec<Interval> = Vec::new();
        for e in self.events() {
            let open = intervals.last_mut().filter(|i| i.until.is_none());
            match &e.event {
                Event::RelationshipStarted { relationship: r } if r == relationship && open.is_none() => {
                    intervals.push(Interval { started_by: e.revision, from: e.at, until: None });
                }
                Event::RelationshipEnded { relationship: r } if r == relationship => {
                    if let Some(open) = open {
                        open.until = Some((e.at, e.revision));
                    }
                }
                _ => {}
            }
        }
        intervals
    }

    /// What is held of `category`: acquired and not erased since. What is recorded of a node above it may be of it as well, and
    /// counts as that part (R16).
    #[must_use]
    pub fn holdings(&self, category: &CategoryName) -> Vec<Holding> {
        let mut holdings: Vec<Holding> = Vec::new();
        for e in self.events() {
            match &e.event {
                Event::DataAcquired { category: c, source, entrusted_from, .. }
                    if category.covers(c) || c.covers(category) =>
                {
                    holdings.push(Holding {
                        revision: Some(e.revision),
                        category: if category.covers(c) { c } else { category }.clone(),
                        source: Some(source.clone()),
                        entrusted_from: entrusted_from.clone(),
                        acquired: e.at,
                    });
                }
                Event::DataErased { category: erased } => holdings.retain(|h| !erased.covers(&h.category)),
                _ => {}
            }
        }
        holdings
    }

    /// The newest erasure of `category`, of a node above it or of one below it.
    #[must_use]
    pub fn erased(&self, category: &CategoryName) -> Option<Revision> {
        self.events().rev().find_map(|e| match &e.event {
            Event::DataErased { category: erased } if erased.covers(category) || category.covers(erased) => {
                Some(e.revision)
            }
            _ => None,
        })
    }

    /// The newest acquisition of `category` or of what is below it, erased since or not.
    #[must_use]
    pub fn last_acquired(&self, category: &CategoryName) -> Option<(Timestamp, Revision)> {
        self.events().rev().find_map(|e| match &e.event {
            Event::DataAcquired { category: c, .. } if category.covers(c) => Some((e.at, e.revision)),
            _ => None,
        })
    }

    /// The newest thing the principal said about a consent item.
    #[must_use]
    pub fn consent(&self, item: &ConsentName) -> Option<ConsentAct> {
        self.events().rev().find_map(|e| match &e.event {
            Event::ConsentGranted { item: i, text_version, by, until, evidence, .. } if i == item => {
                Some(ConsentAct::Granted {
                    revision: e.revision,
                    at: e.at,
                    text_version: text_version.clone(),
                    by: by.clone(),
                    until: *until,
                    has_evidence: evidence.is_some(),
                })
            }
            Event::ConsentWithdrawn { item: i, .. } if i == item => {
                Some(ConsentAct::Withdrawn { revision: e.revision, at: e.at })
            }
            _ => None,
        })
    }

    /// The event by which the principal declined a choice, while it stands declined.
    #[must_use]
    pub fn declined(&self, choice: &ChoiceName) -> Option<&'a Recorded> {
        self.events()
            .rev()
            .find(|e| match &e.event {
                Event::ChoiceDeclined { choice: c, .. } | Event::ChoiceRestored { choice: c, .. } => {
                    c == choice
                }
                _ => false,
            })
            .filter(|e| matches!(e.event, Event::ChoiceDeclined { .. }))
    }

    /// Whether `guardian` was linked as a guardian at `at`.
    #[must_use]
    pub fn guardian_linked(&self, guardian: &str, at: Timestamp) -> Option<Revision> {
        self.events().find_map(|e| match &e.event {
            Event::GuardianLinked { guardian: g, until }
                if g == guardian && e.at <= at && until.is_none_or(|u| at < u) =>
            {
                Some(e.revision)
            }
            _ => None,
        })
    }

    /// The events that place restrictions on `action` with `category` and have not been lifted.
    ///
    /// A restriction with no category named covers all of them, with no action named every act but disclosure to the
    /// principal. Lifting takes back every restriction
    /// with the same claim; with no claim named, those whose categories and actions it repeats.
    #[must_use]
    pub fn restrictions(&self, category: &CategoryName, action: Action) -> Vec<Revision> {
        let mut placed: Vec<Restriction<'_>> = Vec::new();
        for e in self.events() {
            match &e.event {
                Event::RestrictionPlaced { categories, actions, claim } => {
                    placed.push(Restriction {
                        revision: e.revision,
                        categories,
                        actions,
                        claim: claim.as_ref(),
                    });
                }
                Event::RestrictionLifted { categories, actions, claim } => {
                    placed.retain(|r| !r.is_lifted_by(categories, actions, claim.as_ref()));
                }
                _ => {}
            }
        }
        placed.iter().filter(|r| r.stops(category, action)).map(|r| r.revision).collect()
    }

    /// How a recipient stands: an assessment made anew lifts a suspension or an end.
    #[must_use]
    pub fn standing(&self, recipient: &RecipientName) -> RecipientStanding {
        let mut standing = RecipientStanding::default();
        for e in self.events() {
            match &e.event {
                Event::RecipientAssessed { recipient: r } if r == recipient => {
                    standing.assessed = Some((e.at, e.revision));
                    standing.suspended = None;
                    standing.ended = None;
                }
                Event::RecipientSupervised { recipient: r } if r == recipient => {
                    standing.supervised = Some((e.at, e.revision));
                }
                Event::RecipientSuspended { recipient: r } if r == recipient => {
                    standing.suspended = Some(e.revision);
                }
                Event::RecipientEnded { recipient: r } if r == recipient => standing.ended = Some(e.revision),
                _ => {}
            }
        }
        standing
    }

    /// When a publication was first published by the ledger.
    #[must_use]
    pub fn published(&self, publication: &PublicationName) -> Option<(Timestamp, Revision)> {
        self.events().find_map(|e| match &e.event {
            Event::PublicationPublished { publication: p } if p == publication => Some((e.at, e.revision)),
            _ => None,
        })
    }
}
