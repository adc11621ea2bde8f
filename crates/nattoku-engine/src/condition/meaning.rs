//! What a condition says of one principal: the measure for whoever answers conditions by other means.

use jiff::Timestamp;

use super::{Condition, ItemCondition};
use crate::facts::{Facts, Tie};
use crate::lexicon::{Act, Giver, Lexicon};

impl Condition {
    /// Whether it is met by a principal, for a holding that was acquired at an instant.
    pub(crate) fn is_met(&self, facts: &Facts, lexicon: &Lexicon, acquired: Timestamp) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::All(all) => all.iter().all(|one| one.is_met(facts, lexicon, acquired)),
            Self::Any(any) => any.iter().any(|one| one.is_met(facts, lexicon, acquired)),
            Self::Not(other) => !other.is_met(facts, lexicon, acquired),
            Self::Registered => facts.is_registered,
            Self::PastUnknown(relationship) => facts.unknown.get(*relationship) == Some(&true),
            Self::TieAlive(relationship) => facts.ties.get(*relationship) == Some(&Tie::Alive),
            Self::TieEnded(relationship, instants) => match facts.ties.get(*relationship) {
                Some(Tie::Ended(end)) => instants.contains(*end),
                _ => false,
            },
            Self::Declined(choice) => facts.declined.get(*choice) == Some(&true),
            Self::Stands(item) => item.is_met(facts, lexicon),
            Self::Recent(occasion, instants) => {
                facts.occasions.get(*occasion).is_some_and(|last| last.is_some_and(|l| instants.contains(l)))
            }
            Self::Stopped(category, action) => lexicon
                .stops
                .get(facts.stops)
                .is_some_and(|stops| stops.iter().any(|stop| stop.stops(category, *action))),
            Self::Erased(category) => lexicon
                .erased
                .get(facts.erased)
                .is_some_and(|erased| erased.iter().any(|e| e.covers(category) || category.covers(e))),
            Self::Acquired(instants) => instants.contains(acquired),
        }
    }
}

impl ItemCondition {
    fn is_met(&self, facts: &Facts, lexicon: &Lexicon) -> bool {
        let Some(standing) = facts.will.get(self.item).copied().flatten() else { return false };
        let Some(Act::Granted { wording, giver }) = lexicon.acts.get(standing.act) else { return false };
        let counts = wording.is_some_and(|wording| self.wordings.contains(&wording));
        let could = match giver {
            Giver::Guardian => true,
            Giver::NotLinked | Giver::Unproven => false,
            Giver::Principal(ages) => self.age.is_none_or(|age| {
                let on_the_day = ages.as_ref().and_then(|ages| ages.get(age.zone));
                on_the_day.is_some_and(|years| *years >= age.from)
            }),
        };
        counts
            && could
            && standing.given.is_none_or(|given| self.given.contains(given))
            && standing.until.is_none_or(|until| self.at < until)
    }
}
