//! Two audiences side by side: who is in one and not in the other, and what decides about them there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roaring::RoaringBitmap;

use super::{Cause, cause};
use crate::answer::Answer;
use crate::decide::{NotNow, decide_each};
use crate::plan::Plan;
use crate::population::{Ordinal, Population};

/// An audience, and the population that its ordinals are of.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Everybody for whom it may be done.
    pub members: &'a RoaringBitmap,
    /// Whom that is about.
    pub population: &'a Population,
}

/// Who is in an audience and not in another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Movers {
    /// By their ordinals in the audience that they are in.
    pub members: RoaringBitmap,
    /// The same people by their ordinals in the other's population, as far as it has heard of them.
    pub elsewhere: RoaringBitmap,
}

impl Movers {
    /// Who is in the audience `here` and not in the one `there`. People are the same by their ids: two populations need not
    /// number them alike.
    #[must_use]
    pub fn new(here: Side<'_>, there: Side<'_>) -> Self {
        if std::ptr::eq(here.population, there.population) {
            let members = here.members - there.members;
            return Self { elsewhere: members.clone(), members };
        }
        let mut movers = Self::default();
        for number in here.members {
            let id = here.population.id(Ordinal(number));
            if let Some(other) = id.and_then(|id| there.population.find(id)) {
                if there.members.contains(other.0) {
                    continue;
                }
                movers.elsewhere.insert(other.0);
            }
            movers.members.insert(number);
        }
        movers
    }

    /// How many of them the other population has not heard of.
    #[must_use]
    pub fn unheard_of(&self) -> u64 {
        self.members.len() - self.elsewhere.len()
    }
}

/// Some of a population by what decides about each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Causes {
    /// By ordinal.
    pub sets: BTreeMap<Cause, RoaringBitmap>,
    /// Those about whom the engine has no answer: the definition is to be asked, and [`Causes::settle`] told.
    pub open: RoaringBitmap,
}

impl Causes {
    /// Asks a plan's request about some at an instant.
    ///
    /// # Errors
    /// Where the engine has no answer for that instant.
    pub fn new(
        plan: &mut Plan<'_>,
        population: &Population,
        some: &RoaringBitmap,
        at: Timestamp,
    ) -> Result<Self, NotNow> {
        let mut causes = Self::default();
        let mut answer = Answer::default();
        let ordinals = some.iter().map(Ordinal);
        decide_each(plan, population, ordinals, at, &mut answer, &mut |ordinal, decided| match decided {
            Ok(answer) => causes.add(ordinal, cause(answer)),
            Err(_) => _ = causes.open.insert(ordinal.0),
        })?;
        Ok(causes)
    }

    /// Settles somebody about whom the engine has no answer with the answer of the definition.
    pub fn settle(&mut self, ordinal: Ordinal, cause: Cause) {
        if self.open.remove(ordinal.0) {
            self.add(ordinal, cause);
        }
    }

    /// What decides about somebody, where they are among those asked about.
    #[must_use]
    pub fn of(&self, ordinal: Ordinal) -> Option<Cause> {
        self.sets.iter().find(|(_, set)| set.contains(ordinal.0)).map(|(cause, _)| *cause)
    }

    fn add(&mut self, ordinal: Ordinal, cause: Cause) {
        self.sets.entry(cause).or_default().insert(ordinal.0);
    }
}
