//! What rows have in common: patterns of which many name the same.

use crate::flat::{FlatProfiles, FlatWills};
use crate::intern::Interner;
use crate::population::Full;

/// Ties, choices and the rest of what a principal's row says besides will and holdings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Profile {
    pub(crate) is_registered: bool,
    pub(crate) unknown: Box<[bool]>,
    pub(crate) ties: Box<[TieState]>,
    pub(crate) declined: Box<[bool]>,
    /// By occasion: the place of its date.
    pub(crate) occasions: Box<[Option<u16>]>,
    pub(crate) erased: u32,
    pub(crate) stops: u32,
    /// How many dates there are of these; those of the will come after them.
    pub(crate) n_dates: u16,
}

/// A tie, with the place of the date of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TieState {
    Never,
    Alive,
    Ended(u16),
}

/// What was last said about each item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Will {
    /// By item.
    pub(crate) stands: Box<[Option<Stand>]>,
    /// How many dates there are of these; those of the holdings come after them.
    pub(crate) n_dates: u16,
}

/// An act, with the places of its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stand {
    pub(crate) act: u32,
    pub(crate) given: Option<u16>,
    pub(crate) until: Option<u16>,
}

/// What is held, in groups of what was acquired within one second. The groups stand in an order of their own: whoever
/// acquired the same things, at whatever times, shares a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Holdings {
    pub(crate) held: Box<[InGroup]>,
    /// How many groups, and so dates, there are.
    pub(crate) n_dates: u16,
}

/// One holding: its kind, the group with its second, and the number of its instant among those of that second, as far as instants
/// of these holdings differ. Those of the same instant stand in the order in which they were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct InGroup {
    pub(crate) kind: u32,
    pub(crate) nth: u16,
    pub(crate) group: u16,
}

/// The patterns that rows share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    pub(crate) profiles: Interner<Profile>,
    pub(crate) wills: Interner<Will>,
    pub(crate) held: Interner<Holdings>,
    /// The same, for decisions.
    pub(crate) flat_profiles: FlatProfiles,
    pub(crate) flat_wills: FlatWills,
}

impl Patterns {
    /// Patterns that have their numbers already, all for one vocabulary.
    pub(crate) fn of(
        profiles: Interner<Profile>,
        wills: Interner<Will>,
        held: Interner<Holdings>,
    ) -> Result<Self, Full> {
        let (mut flat_profiles, mut flat_wills) = (FlatProfiles::default(), FlatWills::default());
        for (number, profile) in (0..).zip(profiles.iter()) {
            flat_profiles.push(number, profile)?;
        }
        for (number, will) in (0..).zip(wills.iter()) {
            flat_wills.push(number, will)?;
        }
        Ok(Self { profiles, wills, held, flat_profiles, flat_wills })
    }

    /// The number of a profile.
    pub(crate) fn profile(&mut self, profile: Profile) -> Result<u32, Full> {
        let n_before = self.profiles.len();
        let number = self.profiles.intern(profile).ok_or(Full)?;
        if self.profiles.len() > n_before
            && let Some(profile) = self.profiles.get(number)
        {
            self.flat_profiles.push(number, profile)?;
        }
        Ok(number)
    }

    /// The number of a will.
    pub(crate) fn will(&mut self, will: Will) -> Result<u32, Full> {
        let n_before = self.wills.len();
        let number = self.wills.intern(will).ok_or(Full)?;
        if self.wills.len() > n_before
            && let Some(will) = self.wills.get(number)
        {
            self.flat_wills.push(number, will)?;
        }
        Ok(number)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.profiles.len() + self.wills.len() + self.held.len()
    }

    /// About how many bytes they take, each with its number in both directions.
    pub(crate) fn bytes(&self) -> usize {
        let profile = |p: &Profile| {
            p.unknown.len()
                + p.declined.len()
                + size_of_val(&*p.ties)
                + size_of_val(&*p.occasions)
                + size_of::<Profile>()
        };
        let will = |w: &Will| size_of_val(&*w.stands) + size_of::<Will>();
        let held = |h: &Holdings| size_of_val(&*h.held) + size_of::<Holdings>();
        let flat = self.flat_profiles.bytes() + self.flat_wills.bytes();
        self.profiles.bytes(profile) + self.wills.bytes(will) + self.held.bytes(held) + flat
    }
}
