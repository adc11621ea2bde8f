//! The lexicon and the patterns, as a snapshot holds them: each in the order of its number.

use std::hash::Hash;

use nattoku_model::Action;
use nattoku_model::name::CategoryName;

use super::code::{Coded, Reader, Writer};
use crate::intern::Interner;
use crate::lexicon::{Act, Giver, Kind, Lexicon, Stop};
use crate::pattern::{Holdings, InGroup, Patterns, Profile, Stand, TieState, Will};
use crate::vocabulary::Vocabulary;

/// Writes both.
pub(crate) fn write(lexicon: &Lexicon, patterns: &Patterns, to: &mut Writer) {
    to.put(&lexicon.kinds);
    to.put(&lexicon.acts);
    to.put(&lexicon.erased);
    to.put(&lexicon.stops);
    to.put(&patterns.profiles);
    to.put(&patterns.wills);
    to.put(&patterns.held);
}

/// Reads both; nothing where a number in them means nothing, or they are made for another vocabulary.
pub(crate) fn read(vocabulary: &Vocabulary, from: &mut Reader<'_>) -> Option<(Lexicon, Patterns)> {
    let lexicon = Lexicon { kinds: from.get()?, acts: from.get()?, erased: from.get()?, stops: from.get()? };
    let (profiles, wills): (Interner<Profile>, Interner<Will>) = (from.get()?, from.get()?);
    let held: Interner<Holdings> = from.get()?;
    let is_sound = lexicon.acts.iter().all(|act| is_sound_act(act, vocabulary))
        && profiles.iter().all(|profile| is_sound_profile(profile, vocabulary, &lexicon))
        && wills.iter().all(|will| is_sound_will(will, vocabulary, &lexicon))
        && held.iter().all(|held| is_sound_held(held, &lexicon));
    if !is_sound || !from.is_at_end() {
        return None;
    }
    Some((lexicon, Patterns::of(profiles, wills, held).ok()?))
}

fn is_sound_act(act: &Act, vocabulary: &Vocabulary) -> bool {
    let Act::Granted { wording, giver } = act else { return true };
    let is_known = wording.is_none_or(|wording| wording < vocabulary.wordings.len());
    let of_all_zones = match giver {
        Giver::Principal(Some(ages)) => ages.len() == vocabulary.zones.len(),
        _ => true,
    };
    is_known && of_all_zones
}

fn is_sound_profile(profile: &Profile, vocabulary: &Vocabulary, lexicon: &Lexicon) -> bool {
    let has_place = |place: &u16| *place < profile.n_dates;
    let ended = |tie: &TieState| match tie {
        TieState::Ended(place) => has_place(place),
        TieState::Never | TieState::Alive => true,
    };
    profile.unknown.len() == vocabulary.relationships.len()
        && profile.ties.len() == vocabulary.relationships.len()
        && profile.declined.len() == vocabulary.choices.len()
        && profile.occasions.len() == vocabulary.occasions.len()
        && profile.ties.iter().all(ended)
        && profile.occasions.iter().flatten().all(has_place)
        && lexicon.erased.get(profile.erased).is_some()
        && lexicon.stops.get(profile.stops).is_some()
}

fn is_sound_will(will: &Will, vocabulary: &Vocabulary, lexicon: &Lexicon) -> bool {
    let is_sound = |stand: &Stand| {
        lexicon.acts.get(stand.act).is_some()
            && [stand.given, stand.until].into_iter().flatten().all(|place| place < will.n_dates)
    };
    will.stands.len() == vocabulary.items.len() && will.stands.iter().flatten().all(is_sound)
}

fn is_sound_held(holdings: &Holdings, lexicon: &Lexicon) -> bool {
    holdings.held.iter().all(|h| lexicon.kinds.get(h.kind).is_some() && h.group < holdings.n_dates)
}

/// How many, and then each by its number.
impl<T: Coded + Eq + Hash> Coded for Interner<T> {
    fn write(&self, to: &mut Writer) {
        to.list(self.iter());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut interner = Self::default();
        let n: u32 = from.get()?;
        for number in 0..n {
            // What stands there twice would have two numbers.
            interner.intern(from.get()?).filter(|interned| *interned == number)?;
        }
        Some(interner)
    }
}

impl Coded for Kind {
    fn write(&self, to: &mut Writer) {
        to.put(&self.category);
        to.put(&self.source);
        to.put(&self.entrusted_from);
        to.put(&self.without);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (category, source, entrusted_from) = (from.get()?, from.get()?, from.get()?);
        let without: Vec<CategoryName> = from.get()?;
        // It is searched in order.
        let is_sorted = without.is_sorted_by(|one, next| one < next);
        is_sorted.then_some(Self { category, source, entrusted_from, without })
    }
}

impl Coded for Act {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Withdrawn => to.put(&0_u8),
            Self::Granted { wording, giver } => {
                to.put(&1_u8);
                to.put(&wording.and_then(|wording| u32::try_from(wording).ok()));
                to.put(giver);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.get::<u8>()? {
            0 => Some(Self::Withdrawn),
            1 => {
                let wording: Option<u32> = from.get()?;
                let wording = wording.and_then(|wording| usize::try_from(wording).ok());
                Some(Self::Granted { wording, giver: from.get()? })
            }
            _ => None,
        }
    }
}

impl Coded for Giver {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Guardian => to.put(&0_u8),
            Self::NotLinked => to.put(&1_u8),
            Self::Unproven => to.put(&2_u8),
            Self::Principal(ages) => {
                to.put(&3_u8);
                to.put(ages);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.get::<u8>()? {
            0 => Self::Guardian,
            1 => Self::NotLinked,
            2 => Self::Unproven,
            3 => Self::Principal(from.get()?),
            _ => return None,
        })
    }
}

impl Coded for Stop {
    fn write(&self, to: &mut Writer) {
        to.put(&self.categories);
        to.put(&self.actions);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { categories: from.get()?, actions: from.get()? })
    }
}

impl Coded for Action {
    fn write(&self, to: &mut Writer) {
        to.text(self.as_str());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let name = from.text()?;
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

impl Coded for Profile {
    fn write(&self, to: &mut Writer) {
        to.put(&self.is_registered);
        to.put(&self.unknown);
        to.put(&self.ties);
        to.put(&self.declined);
        to.put(&self.occasions);
        to.put(&self.erased);
        to.put(&self.stops);
        to.put(&self.n_dates);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            is_registered: from.get()?,
            unknown: from.get()?,
            ties: from.get()?,
            declined: from.get()?,
            occasions: from.get()?,
            erased: from.get()?,
            stops: from.get()?,
            n_dates: from.get()?,
        })
    }
}

impl Coded for TieState {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Never => to.put(&0_u8),
            Self::Alive => to.put(&1_u8),
            Self::Ended(place) => {
                to.put(&2_u8);
                to.put(place);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.get::<u8>()? {
            0 => Self::Never,
            1 => Self::Alive,
            2 => Self::Ended(from.get()?),
            _ => return None,
        })
    }
}

impl Coded for Will {
    fn write(&self, to: &mut Writer) {
        to.put(&self.stands);
        to.put(&self.n_dates);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { stands: from.get()?, n_dates: from.get()? })
    }
}

impl Coded for Stand {
    fn write(&self, to: &mut Writer) {
        to.put(&self.act);
        to.put(&self.given);
        to.put(&self.until);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { act: from.get()?, given: from.get()?, until: from.get()? })
    }
}

impl Coded for Holdings {
    fn write(&self, to: &mut Writer) {
        to.put(&self.held);
        to.put(&self.n_dates);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { held: from.get()?, n_dates: from.get()? })
    }
}

impl Coded for InGroup {
    fn write(&self, to: &mut Writer) {
        to.put(&self.kind);
        to.put(&self.nth);
        to.put(&self.group);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { kind: from.get()?, nth: from.get()?, group: from.get()? })
    }
}
