//! What a column answers of one principal: something of the principal, or that they hold something acquired at some time.

use jiff::Timestamp;

use crate::condition::{Condition, Instants};
use crate::dates::{Doubt, Moment};
use crate::lexicon::{Act, Giver};
use crate::pattern::{InGroup, TieState};
use crate::population::{Population, State};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Question {
    /// Something that asks nothing of a holding.
    Meets(Condition),
    /// Whether something is held.
    Holds(Held),
}

/// A holding of one of these kinds, acquired at one of these instants, and no later than the newest of some others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Held {
    /// The numbers of kinds, in order.
    pub(crate) kinds: Vec<u32>,
    pub(crate) acquired: Instants,
    /// The kinds of which the newest counts; nothing is too new where there are none, or none are held.
    pub(crate) not_after: Vec<u32>,
}

impl Question {
    /// The answer about a principal; a doubt where the row does not tell.
    pub(crate) fn ask(&self, population: &Population, state: &State<'_>) -> bool {
        match self {
            Self::Meets(condition) => meets(condition, population, state),
            Self::Holds(held) => held.is_met(population, state),
        }
    }
}

/// Whether an instant that is known to lie within a moment is one of these.
fn is_among(instants: &Instants, moment: Moment, doubt: &Doubt) -> bool {
    let ends = instants.stretches().iter().flat_map(|stretch| [stretch.from, stretch.before]);
    doubt.between(moment, ends.flatten());
    instants.contains(moment.first())
}

fn meets(condition: &Condition, population: &Population, state: &State<'_>) -> bool {
    let profile = &state.profile;
    match condition {
        Condition::Always => true,
        // Of no holding in particular nothing is true.
        Condition::Never | Condition::Acquired(_) => false,
        Condition::All(all) => all.iter().all(|one| meets(one, population, state)),
        Condition::Any(any) => any.iter().any(|one| meets(one, population, state)),
        Condition::Not(other) => !meets(other, population, state),
        Condition::Registered => profile.is_registered(),
        Condition::PastUnknown(relationship) => profile.is_unknown(*relationship),
        Condition::TieAlive(relationship) => profile.tie(*relationship) == Some(TieState::Alive),
        Condition::TieEnded(relationship, instants) => match profile.tie(*relationship) {
            Some(TieState::Ended(place)) => is_among(instants, state.dates.get(place), state.doubt),
            _ => false,
        },
        Condition::Declined(choice) => profile.is_declined(*choice),
        Condition::Stands(item) => {
            let Some(stand) = state.will.stand(item.item) else { return false };
            let Some(Act::Granted { wording, giver }) = population.lexicon.acts.get(stand.act) else {
                return false;
            };
            let could = match giver {
                Giver::Guardian => true,
                Giver::NotLinked | Giver::Unproven => false,
                Giver::Principal(ages) => item.age.is_none_or(|age| {
                    let on_the_day = ages.as_ref().and_then(|ages| ages.get(age.zone));
                    on_the_day.is_some_and(|years| *years >= age.from)
                }),
            };
            let date = |place: u16| state.dates.get(profile.n_dates() + place);
            let is_later = |until: Timestamp| item.at < until;
            could
                && wording.is_some_and(|wording| item.wordings.contains(&wording))
                && stand.given.is_none_or(|given| is_among(&item.given, date(given), state.doubt))
                && stand.until.is_none_or(|until| state.doubt.test(date(until), is_later))
        }
        Condition::Recent(occasion, instants) => profile
            .occasion(*occasion)
            .is_some_and(|place| is_among(instants, state.dates.get(place), state.doubt)),
        Condition::Stopped(category, action) => {
            let stops = population.lexicon.stops.get(profile.stops());
            stops.is_some_and(|stops| stops.iter().any(|stop| stop.stops(category, *action)))
        }
        Condition::Erased(category) => {
            let erased = population.lexicon.erased.get(profile.erased());
            erased.is_some_and(|erased| erased.iter().any(|e| e.covers(category) || category.covers(e)))
        }
    }
}

impl Held {
    fn is_met(&self, population: &Population, state: &State<'_>) -> bool {
        let Some(pattern) = population.patterns.held.get(state.held) else { return false };
        let before = state.profile.n_dates() + state.will.n_dates();
        let place = |held: &InGroup| (state.dates.second(before + held.group), held.nth);
        let of = |kinds: &[u32], held: &InGroup| kinds.binary_search(&held.kind).is_ok();
        let newest = pattern.held.iter().filter(|h| of(&self.not_after, h)).map(place).max();
        let mut all = pattern
            .held
            .iter()
            .filter(|h| of(&self.kinds, h) && newest.is_none_or(|newest| place(h) <= newest));
        // A doubt about one that comes before one that surely counts is one too many, and costs a question.
        all.any(|h| is_among(&self.acquired, state.dates.get(before + h.group), state.doubt))
    }
}
