//! Patterns once more, each as a few numbers one after the other: a decision about somebody far away in memory then waits
//! for one place and not for a chain of them.

use crate::pattern::{Profile, Stand, TieState, Will};
use crate::population::Full;

/// How many bits a word has.
const BITS: usize = 16;

/// All profiles, each as words of the same number.
#[derive(Debug, Clone, Default)]
pub(crate) struct FlatProfiles {
    n_ties: usize,
    n_occasions: usize,
    stride: usize,
    words: Vec<u16>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProfileView<'a> {
    words: &'a [u16],
    n_ties: usize,
    n_occasions: usize,
}

/// Where the first tie stands: after the number of dates, whether somebody registered, and the numbers of what was erased
/// and of the restrictions.
const TIES: usize = 6;

/// What stands for a tie: one of these, or two more than the place of the date of its end.
const NEVER: u16 = 0;
const ALIVE: u16 = 1;

impl FlatProfiles {
    /// Adds the profile with the next number.
    pub(crate) fn push(&mut self, number: u32, profile: &Profile) -> Result<(), Full> {
        let (erased, stops) = (halves(profile.erased), halves(profile.stops));
        let mut words = vec![profile.n_dates, profile.is_registered.into()];
        words.extend(erased.into_iter().chain(stops));
        for tie in &profile.ties {
            words.push(match tie {
                TieState::Never => NEVER,
                TieState::Alive => ALIVE,
                TieState::Ended(place) => place.checked_add(2).ok_or(Full)?,
            });
        }
        for occasion in &profile.occasions {
            words.push(after_none(*occasion)?);
        }
        words.extend(bits(&profile.unknown));
        words.extend(bits(&profile.declined));
        self.n_ties = profile.ties.len();
        self.n_occasions = profile.occasions.len();
        self.stride = words.len();
        add(&mut self.words, number, &words)
    }

    /// The profile of a number.
    pub(crate) fn get(&self, number: u32) -> Option<ProfileView<'_>> {
        let words = of_number(&self.words, self.stride, number)?;
        Some(ProfileView { words, n_ties: self.n_ties, n_occasions: self.n_occasions })
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u16>()
    }
}

impl ProfileView<'_> {
    fn word(&self, place: usize) -> u16 {
        self.words.get(place).copied().unwrap_or_default()
    }

    pub(crate) fn n_dates(&self) -> u16 {
        self.word(0)
    }

    pub(crate) fn is_registered(&self) -> bool {
        self.word(1) != 0
    }

    pub(crate) fn erased(&self) -> u32 {
        whole(self.word(2), self.word(3))
    }

    pub(crate) fn stops(&self) -> u32 {
        whole(self.word(4), self.word(5))
    }

    /// How a relationship stands; nothing where no version knows it.
    pub(crate) fn tie(&self, number: usize) -> Option<TieState> {
        if number >= self.n_ties {
            return None;
        }
        Some(match self.word(TIES + number) {
            NEVER => TieState::Never,
            ALIVE => TieState::Alive,
            ended => TieState::Ended(ended - 2),
        })
    }

    /// The place of the date of an occasion.
    pub(crate) fn occasion(&self, number: usize) -> Option<u16> {
        if number >= self.n_occasions {
            return None;
        }
        self.word(TIES + self.n_ties + number).checked_sub(1)
    }

    pub(crate) fn is_unknown(&self, relationship: usize) -> bool {
        relationship < self.n_ties && self.bit(TIES + self.n_ties + self.n_occasions, relationship)
    }

    pub(crate) fn is_declined(&self, choice: usize) -> bool {
        self.bit(TIES + self.n_ties + self.n_occasions + self.n_ties.div_ceil(BITS), choice)
    }

    fn bit(&self, first: usize, number: usize) -> bool {
        self.word(first + number / BITS) >> (number % BITS) & 1 != 0
    }
}

/// What was last said about each item, of everybody's pattern.
#[derive(Debug, Clone, Default)]
pub(crate) struct FlatWills {
    stride: usize,
    words: Vec<u16>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WillView<'a>(&'a [u16]);

/// An item takes as many words: the act, the place of the date on which it was given, and that of the date until which.
const STAND: usize = 3;

impl FlatWills {
    /// Adds the will with the next number.
    pub(crate) fn push(&mut self, number: u32, will: &Will) -> Result<(), Full> {
        let mut words = vec![will.n_dates];
        for stand in &will.stands {
            words.extend(match stand {
                None => [0; STAND],
                Some(Stand { act, given, until }) => {
                    let act = u16::try_from(*act).map_err(|_| Full)?;
                    [after_none(Some(act))?, after_none(*given)?, after_none(*until)?]
                }
            });
        }
        self.stride = words.len();
        add(&mut self.words, number, &words)
    }

    /// The will of a number.
    pub(crate) fn get(&self, number: u32) -> Option<WillView<'_>> {
        of_number(&self.words, self.stride, number).map(WillView)
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u16>()
    }
}

impl WillView<'_> {
    pub(crate) fn n_dates(&self) -> u16 {
        self.0.first().copied().unwrap_or_default()
    }

    /// What was last said about an item.
    pub(crate) fn stand(&self, item: usize) -> Option<Stand> {
        let first = 1 + item * STAND;
        let [act, given, until] = *self.0.get(first..first + STAND)? else { return None };
        Some(Stand {
            act: act.checked_sub(1)?.into(),
            given: given.checked_sub(1),
            until: until.checked_sub(1),
        })
    }
}

/// Adds the words of the next number. Where one before it could not be told, no more can: each has its place by its number.
fn add(all: &mut Vec<u16>, number: u32, words: &[u16]) -> Result<(), Full> {
    let first = usize::try_from(number).map_err(|_| Full)? * words.len();
    if all.len() != first {
        return Err(Full);
    }
    all.extend_from_slice(words);
    Ok(())
}

fn of_number(words: &[u16], stride: usize, number: u32) -> Option<&[u16]> {
    let first = usize::try_from(number).ok()? * stride;
    words.get(first..first + stride)
}

/// One more than a number; 0 where there is none.
fn after_none(number: Option<u16>) -> Result<u16, Full> {
    number.map_or(Ok(0), |number| number.checked_add(1).ok_or(Full))
}

fn halves(number: u32) -> [u16; 2] {
    let [a, b, c, d] = number.to_le_bytes();
    [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])]
}

fn whole(low: u16, high: u16) -> u32 {
    u32::from(low) | u32::from(high) << BITS
}

fn bits(flags: &[bool]) -> impl Iterator<Item = u16> {
    flags.chunks(BITS).map(|some| {
        let set = some.iter().enumerate().filter(|(_, is_set)| **is_set);
        set.fold(0, |word, (place, _)| word | 1 << place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(nth: u16) -> Profile {
        let ties = [TieState::Never, TieState::Alive, TieState::Ended(nth)];
        Profile {
            is_registered: nth > 0,
            unknown: [false, false, true].into(),
            ties: ties.into(),
            declined: (0..40).map(|choice| choice % 3 == nth % 3).collect(),
            occasions: [None, Some(nth)].into(),
            erased: 70_000 + u32::from(nth),
            stops: nth.into(),
            n_dates: 2 + nth,
        }
    }

    #[test]
    fn a_profile_is_told_as_it_is() {
        let mut flat = FlatProfiles::default();
        for nth in 0..5 {
            flat.push(nth.into(), &profile(nth)).unwrap();
        }
        for nth in 0..5 {
            let (view, profile) = (flat.get(nth.into()).unwrap(), profile(nth));
            assert_eq!((view.n_dates(), view.is_registered()), (profile.n_dates, profile.is_registered));
            assert_eq!((view.erased(), view.stops()), (profile.erased, profile.stops));
            assert_eq!([0, 1, 2].map(|n| view.tie(n)), [0, 1, 2].map(|n| profile.ties.get(n).copied()));
            assert_eq!([0, 1, 2].map(|n| view.occasion(n)), [None, Some(nth), None]);
            assert_eq!([0, 1, 2, 3].map(|n| view.is_unknown(n)), [false, false, true, false]);
            assert!((0..40).all(|n| view.is_declined(n) == (n % 3 == usize::from(nth) % 3)));
            assert!(view.tie(3).is_none() && !view.is_declined(999));
        }
        assert!(flat.get(5).is_none());
    }

    #[test]
    fn a_will_is_told_as_it_is_and_none_after_one_that_cannot_be_told() {
        let stand = |act| Stand { act, given: Some(0), until: None };
        let will = |act| Will { stands: [None, Some(stand(act))].into(), n_dates: 1 };
        let mut flat = FlatWills::default();
        flat.push(0, &will(7)).unwrap();
        assert_eq!(flat.get(0).and_then(|will| will.stand(1)), Some(stand(7)));
        assert_eq!(
            flat.get(0).map(|will| (will.stand(0), will.stand(2), will.n_dates())),
            Some((None, None, 1))
        );
        assert_eq!(flat.push(1, &will(70_000)), Err(Full));
        assert_eq!(flat.push(2, &will(1)), Err(Full));
        assert!(flat.get(1).is_none());
    }
}
