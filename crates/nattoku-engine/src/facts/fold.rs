//! Events into facts, one at a time in the order in which they happened.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use nattoku_model::event::By;
use nattoku_model::name::{CategoryName, ConsentName, RelationshipName, WordingName};
use nattoku_model::{Event, Recorded};

use super::{Facts, Held, Standing, Tie};
use crate::lexicon::{Act, Giver, Kind, Lexicon, Stop};
use crate::population::Full;
use crate::vocabulary::Vocabulary;

/// What came of taking in one more event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The facts are those with the event.
    Done,
    /// What the event changes cannot be told from the facts alone: the principal is to be folded anew.
    Anew,
}

/// What acts of will rest on although it may stand anywhere among the events: the birthday and the guardians.
struct Known<'a> {
    born: Option<Date>,
    links: Vec<(&'a str, Timestamp, Option<Timestamp>)>,
}

/// A restriction with the claim it was placed for.
type Placed = (Stop, Option<String>);

/// A consent as it is given.
struct Granted<'a> {
    item: &'a ConsentName,
    wording: &'a WordingName,
    at: Timestamp,
    until: Option<Timestamp>,
    giver: Giver,
}

impl Facts {
    /// A principal of whom nothing is known.
    pub(crate) fn none(vocabulary: &Vocabulary, lexicon: &mut Lexicon) -> Result<Self, Full> {
        Ok(Self {
            newest: None,
            is_registered: false,
            is_finer: false,
            born: None,
            unknown: vec![false; vocabulary.relationships.len()],
            ties: vec![Tie::Never; vocabulary.relationships.len()],
            declined: vec![false; vocabulary.choices.len()],
            will: vec![None; vocabulary.items.len()],
            occasions: vec![None; vocabulary.occasions.len()],
            held: Vec::new(),
            erased: lexicon.erased.intern(Vec::new()).ok_or(Full)?,
            stops: lexicon.stops.intern(Vec::new()).ok_or(Full)?,
        })
    }

    /// The facts that a principal's events come to, in whatever order they stand.
    pub(crate) fn of<'e>(
        vocabulary: &Vocabulary,
        lexicon: &mut Lexicon,
        events: impl IntoIterator<Item = &'e Recorded>,
    ) -> Result<Self, Full> {
        let mut ordered: Vec<&Recorded> = events.into_iter().collect();
        ordered.sort_by_key(|e| (e.at, e.revision));
        let mut known = Known { born: None, links: Vec::new() };
        for e in &ordered {
            match &e.event {
                Event::PrincipalRegistered { born: Some(born), .. } => known.born = Some(*born),
                Event::GuardianLinked { guardian, until } => known.links.push((guardian, e.at, *until)),
                _ => {}
            }
        }
        let mut facts = Self::none(vocabulary, lexicon)?;
        facts.born = known.born;
        let mut placed: Vec<Placed> = Vec::new();
        for e in ordered {
            facts.take(vocabulary, lexicon, e, &known)?;
            restrict(&mut placed, &e.event);
        }
        let stops = placed.into_iter().map(|(stop, _)| stop).collect();
        facts.stops = lexicon.stops.intern(stops).ok_or(Full)?;
        Ok(facts)
    }

    /// Takes in an event that happened after all others, where the facts alone tell what it changes.
    pub(crate) fn step(
        &mut self,
        vocabulary: &Vocabulary,
        lexicon: &mut Lexicon,
        recorded: &Recorded,
    ) -> Result<Step, Full> {
        let needs_all = match &recorded.event {
            // Another birthday changes what earlier consents are worth.
            Event::PrincipalRegistered { born, .. } => {
                born.is_some() && *born != self.born && self.will.iter().any(Option::is_some)
            }
            Event::ConsentGranted { by, .. } => matches!(by, By::Guardian(_)),
            Event::GuardianLinked { .. }
            | Event::RestrictionPlaced { .. }
            | Event::RestrictionLifted { .. } => true,
            _ => false,
        };
        if needs_all || self.newest.is_some_and(|newest| recorded.at < newest) {
            return Ok(Step::Anew);
        }
        if let Event::PrincipalRegistered { born: Some(born), .. } = &recorded.event {
            self.born = Some(*born);
        }
        let known = Known { born: self.born, links: Vec::new() };
        self.take(vocabulary, lexicon, recorded, &known)?;
        Ok(Step::Done)
    }

    fn take(
        &mut self,
        vocabulary: &Vocabulary,
        lexicon: &mut Lexicon,
        recorded: &Recorded,
        known: &Known<'_>,
    ) -> Result<(), Full> {
        let at = recorded.at;
        self.newest = self.newest.max(Some(at));
        match &recorded.event {
            Event::PrincipalRegistered { unknown_relationships, .. } => {
                self.is_registered = true;
                for relationship in unknown_relationships {
                    set(&mut self.unknown, tie(vocabulary, relationship), true);
                }
            }
            Event::RelationshipStarted { relationship } => {
                set(&mut self.ties, tie(vocabulary, relationship), Tie::Alive);
            }
            Event::RelationshipEnded { relationship } => {
                let number = tie(vocabulary, relationship);
                if number.and_then(|n| self.ties.get(n)) == Some(&Tie::Alive) {
                    set(&mut self.ties, number, Tie::Ended(at));
                }
            }
            Event::ConsentGranted { item, text_version, by, until, evidence, .. } => {
                let giver = giver(vocabulary, known, by, at, evidence.is_some());
                let granted = Granted { item, wording: text_version, at, until: *until, giver };
                self.grant(vocabulary, lexicon, granted)?;
            }
            Event::ConsentWithdrawn { item, .. } => {
                let act = lexicon.acts.intern(Act::Withdrawn).ok_or(Full)?;
                let withdrawn = Standing { act, given: None, until: None };
                set(&mut self.will, vocabulary.items.number(item), Some(withdrawn));
            }
            Event::ChoiceDeclined { choice, .. } => {
                set(&mut self.declined, vocabulary.choices.number(choice), true);
            }
            Event::ChoiceRestored { choice, .. } => {
                set(&mut self.declined, vocabulary.choices.number(choice), false);
            }
            Event::DataAcquired { category, source, entrusted_from, .. } => {
                let (category, source) = (category.clone(), source.clone());
                let entrusted_from = entrusted_from.clone();
                let kind = Kind { category, source, entrusted_from, without: Vec::new() };
                self.acquire(vocabulary, lexicon, kind, at)?;
            }
            Event::DataErased { category } => self.erase(lexicon, category)?,
            _ => {}
        }
        Ok(())
    }

    fn grant(
        &mut self,
        vocabulary: &Vocabulary,
        lexicon: &mut Lexicon,
        granted: Granted<'_>,
    ) -> Result<(), Full> {
        let Some(number) = vocabulary.items.number(granted.item) else { return Ok(()) };
        let wording = vocabulary.wordings.number(granted.wording);
        let act = lexicon.acts.intern(Act::Granted { wording, giver: granted.giver }).ok_or(Full)?;
        let lasts = vocabulary.lasting.get(number) == Some(&true);
        let given = lasts.then_some(granted.at);
        set(&mut self.will, Some(number), Some(Standing { act, given, until: granted.until }));
        Ok(())
    }

    /// Of what is alike and governed alike the oldest decides: its retention ends first. The newest counts besides where
    /// something is derived, since that can only have been worked out from what was there.
    fn acquire(
        &mut self,
        vocabulary: &Vocabulary,
        lexicon: &mut Lexicon,
        kind: Kind,
        at: Timestamp,
    ) -> Result<(), Full> {
        for (occasion, last) in vocabulary.occasions.iter().zip(&mut self.occasions) {
            if occasion.covers(&kind.category) {
                *last = Some(at);
            }
        }
        let needs_newest = vocabulary.needs_newest(&kind.category);
        let kind = lexicon.kinds.intern(kind).ok_or(Full)?;
        let stretch = vocabulary.stretch(at);
        let is_alike = |held: &Held| {
            held.kind == kind
                && held.acquired >= vocabulary.steady_from
                && is_far_from_the_end_of_a_month(held.acquired)
                && vocabulary.stretch(held.acquired) == stretch
        };
        let n_alike = self.held.iter().filter(|h| is_alike(h)).count();
        if n_alike > 0 && !needs_newest {
            return Ok(());
        }
        if n_alike > 1
            && let Some(second) = self.held.iter().rposition(is_alike)
        {
            self.held.remove(second);
        }
        self.held.push(Held { kind, acquired: at });
        Ok(())
    }

    fn erase(&mut self, lexicon: &mut Lexicon, category: &CategoryName) -> Result<(), Full> {
        let kinds = &mut lexicon.kinds;
        self.held.retain(|h| kinds.get(h.kind).is_none_or(|kind| !category.covers(&kind.category)));
        for held in &mut self.held {
            let parted = kinds.get(held.kind).filter(|kind| kind.category.covers(category));
            if let Some(kind) = parted.map(|kind| kind.erasing(category)) {
                held.kind = kinds.intern(kind).ok_or(Full)?;
            }
        }
        let mut erased = lexicon.erased.get(self.erased).cloned().unwrap_or_default();
        if let Err(place) = erased.binary_search(category) {
            erased.insert(place, category.clone());
            self.erased = lexicon.erased.intern(erased).ok_or(Full)?;
        }
        Ok(())
    }
}

/// Whether months from an instant end, in every zone, before those from any later one. Those from the evening of the 30th and
/// from the morning of the 31st may end on one day, which is the 28th, and then the later ends first.
fn is_far_from_the_end_of_a_month(instant: Timestamp) -> bool {
    (2..=26).contains(&instant.to_zoned_datetime(TimeZone::UTC).day())
}

fn giver(vocabulary: &Vocabulary, known: &Known<'_>, by: &By, at: Timestamp, has_evidence: bool) -> Giver {
    match by {
        By::Guardian(id) => {
            let is_linked = known
                .links
                .iter()
                .any(|(guardian, from, until)| guardian == id && *from <= at && until.is_none_or(|u| at < u));
            if is_linked { Giver::Guardian } else { Giver::NotLinked }
        }
        By::Agent(_) if !has_evidence => Giver::Unproven,
        By::Agent(_) | By::Principal => Giver::Principal(known.born.map(|born| {
            vocabulary.zones.iter().map(|zone| vocabulary.age_class(age(born, at, zone))).collect()
        })),
    }
}

/// The age in whole years on the day of an instant.
fn age(born: Date, at: Timestamp, zone: &TimeZone) -> i16 {
    let today = at.to_zoned_datetime(zone.clone()).date();
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}

/// Places a restriction, or takes back those that a lifting means: with a claim those of the claim, without one those whose
/// categories and actions it repeats.
fn restrict(placed: &mut Vec<Placed>, event: &Event) {
    match event {
        Event::RestrictionPlaced { categories, actions, claim } => {
            placed.push((Stop { categories: categories.clone(), actions: actions.clone() }, claim.clone()));
        }
        Event::RestrictionLifted { claim: Some(lifted), .. } => {
            placed.retain(|(_, claim)| claim.as_ref() != Some(lifted));
        }
        Event::RestrictionLifted { categories, actions, claim: None } => {
            placed.retain(|(stop, _)| stop.categories != *categories || stop.actions != *actions);
        }
        _ => {}
    }
}

fn tie(vocabulary: &Vocabulary, relationship: &RelationshipName) -> Option<usize> {
    vocabulary.relationships.number(relationship)
}

/// Sets one of several; what no version knows has no place among them.
fn set<T>(all: &mut [T], number: Option<usize>, value: T) {
    if let Some(place) = number.and_then(|n| all.get_mut(n)) {
        *place = value;
    }
}
