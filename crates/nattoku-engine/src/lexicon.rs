//! Names and facts out of events, each kept once for the whole population.

use nattoku_model::Action;
use nattoku_model::name::{CategoryName, EntrusterName, SourceName};

use crate::intern::Interner;

/// What a holding is but for its date, with the parts of it that were erased since.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    pub(crate) category: CategoryName,
    pub(crate) source: SourceName,
    pub(crate) entrusted_from: Option<EntrusterName>,
    pub(crate) without: Vec<CategoryName>,
}

impl Kind {
    /// What of it is held of `asked`: what lies within that, or else that part, unless it was erased (R16).
    pub(crate) fn part_of(&self, asked: &CategoryName) -> Option<Self> {
        let part = if asked.covers(&self.category) { &self.category } else { asked };
        let is_held = self.category.covers(part) && !self.without.iter().any(|erased| erased.covers(part));
        is_held.then(|| Self { category: part.clone(), without: Vec::new(), ..self.clone() })
    }

    /// The same without a part that is erased.
    pub(crate) fn erasing(&self, part: &CategoryName) -> Self {
        let mut without = self.without.clone();
        if let Err(place) = without.binary_search(part) {
            without.insert(place, part.clone());
        }
        Self { without, ..self.clone() }
    }
}

/// The newest thing said about a consent item, but for its dates.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    Withdrawn,
    Granted {
        /// The wording's number; none where no version accepts it.
        wording: Option<usize>,
        giver: Giver,
    },
}

/// Whether the one who gave a consent could give it, as far as no policy is needed to tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Giver {
    /// A guardian who was linked on the day.
    Guardian,
    /// Somebody who says to be the guardian and was not linked.
    NotLinked,
    /// An agent who showed nothing.
    Unproven,
    /// The principal, or an agent of theirs: by the age on the day in each zone; none where the birthday is not known.
    Principal(Option<Vec<i16>>),
}

/// A restriction that stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Stop {
    pub(crate) categories: Vec<CategoryName>,
    pub(crate) actions: Vec<Action>,
}

impl Stop {
    pub(crate) fn stops(&self, category: &CategoryName, action: Action) -> bool {
        let is_named = self.categories.is_empty()
            || self.categories.iter().any(|c| c.covers(category) || category.covers(c));
        let is_stopped =
            if self.actions.is_empty() { action != Action::Disclose } else { self.actions.contains(&action) };
        is_named && is_stopped
    }
}

/// What is common to many principals.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lexicon {
    pub(crate) kinds: Interner<Kind>,
    pub(crate) acts: Interner<Act>,
    pub(crate) erased: Interner<Vec<CategoryName>>,
    pub(crate) stops: Interner<Vec<Stop>>,
}
