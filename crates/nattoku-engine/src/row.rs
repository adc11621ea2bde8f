//! A principal's facts in 48 bytes: the numbers of three patterns that many share, and the dates that are the principal's own.

use jiff::{Timestamp, Unit, civil::Date};

use crate::facts::{Facts, Held, Standing, Tie};
use crate::intern::Interner;
use crate::population::Full;

/// Dates that find room in a row.
pub(crate) const DATES: usize = 7;

/// Set beside the birthday where the dates stand elsewhere.
const ELSEWHERE: u32 = 1 << 31;

/// A principal's state.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Row {
    pub(crate) profile: u32,
    pub(crate) will: u32,
    pub(crate) held: u32,
    /// The second by which the last event had happened; the greatest number where that cannot be told in seconds.
    newest: u32,
    /// Days since the first day of the calendar, plus one; 0 where the birthday is not known.
    born: u32,
    /// Seconds since 1970. Where the dates stand elsewhere, the first is their place.
    dates: [u32; DATES],
}

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

/// The kinds of what is held, in the order of acquisition, each with its date's rank among the dates of acquisition.
pub(crate) type Holdings = Box<[(u32, u16)]>;

/// The patterns that rows share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    pub(crate) profiles: Interner<Profile>,
    pub(crate) wills: Interner<Will>,
    pub(crate) held: Interner<Holdings>,
}

/// Dates of principals that have more of them than a row holds, or finer ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Elsewhere {
    dates: Vec<Box<[Timestamp]>>,
    free: Vec<u32>,
}

/// The dates of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Dates<'a> {
    Here(&'a [u32; DATES]),
    Elsewhere(&'a [Timestamp]),
}

impl Dates<'_> {
    /// The date at a place.
    pub(crate) fn get(self, place: u16) -> Timestamp {
        let place = usize::from(place);
        match self {
            Self::Here(dates) => dates.get(place).map_or(Timestamp::MIN, |seconds| {
                Timestamp::from_second(i64::from(*seconds)).unwrap_or(Timestamp::MIN)
            }),
            Self::Elsewhere(dates) => dates.get(place).copied().unwrap_or(Timestamp::MIN),
        }
    }
}

impl Row {
    /// Packs facts; dates that a row cannot hold go elsewhere.
    pub(crate) fn pack(
        facts: &Facts,
        patterns: &mut Patterns,
        elsewhere: &mut Elsewhere,
    ) -> Result<Self, Full> {
        let mut dates = Vec::new();
        let profile = profile(facts, &mut dates)?;
        let mut of_will = Vec::new();
        let will = will(facts, &mut of_will)?;
        dates.append(&mut of_will);
        let mut of_holdings = Vec::new();
        let held = held(facts, &mut of_holdings)?;
        dates.append(&mut of_holdings);
        let mut row = Self {
            profile: patterns.profiles.intern(profile).ok_or(Full)?,
            will: patterns.wills.intern(will).ok_or(Full)?,
            held: patterns.held.intern(held).ok_or(Full)?,
            newest: facts.newest.map_or(0, |newest| second_after(newest).unwrap_or(u32::MAX)),
            born: facts.born.map_or(0, |born| days(born) + 1),
            dates: [0; DATES],
        };
        let seconds: Option<Vec<u32>> = dates.iter().map(|date| second(*date)).collect();
        if let Some(seconds) = seconds.filter(|seconds| seconds.len() <= DATES) {
            row.dates.iter_mut().zip(seconds).for_each(|(place, date)| *place = date);
        } else {
            row.born |= ELSEWHERE;
            row.dates = [elsewhere.put(dates)?, 0, 0, 0, 0, 0, 0];
        }
        Ok(row)
    }

    /// Where the dates are.
    pub(crate) fn dates<'a>(&'a self, elsewhere: &'a Elsewhere) -> Dates<'a> {
        match self.place_elsewhere() {
            Some(place) => Dates::Elsewhere(elsewhere.get(place)),
            None => Dates::Here(&self.dates),
        }
    }

    /// Under which number the dates stand elsewhere, if they do.
    pub(crate) fn place_elsewhere(&self) -> Option<u32> {
        let [first, ..] = self.dates;
        (self.born & ELSEWHERE != 0).then_some(first)
    }

    /// The facts that were packed, but for the finer part of the last event's instant: it is then told a little later.
    pub(crate) fn unpack(&self, patterns: &Patterns, elsewhere: &Elsewhere) -> Option<Facts> {
        let dates = self.dates(elsewhere);
        let profile = patterns.profiles.get(self.profile)?;
        let will = patterns.wills.get(self.will)?;
        let held = patterns.held.get(self.held)?;
        let (of_will, of_holdings) = (profile.n_dates, profile.n_dates + will.n_dates);
        let tie = |tie: &TieState| match tie {
            TieState::Never => Tie::Never,
            TieState::Alive => Tie::Alive,
            TieState::Ended(place) => Tie::Ended(dates.get(*place)),
        };
        let date = |place: Option<u16>| place.map(|place| dates.get(of_will + place));
        let standing = |s: Stand| Standing { act: s.act, given: date(s.given), until: date(s.until) };
        let newest = match self.newest {
            0 => None,
            u32::MAX => Some(Timestamp::MAX),
            second => Timestamp::from_second(i64::from(second)).ok(),
        };
        let born = self.born & !ELSEWHERE;
        Some(Facts {
            newest,
            is_registered: profile.is_registered,
            born: born.checked_sub(1).and_then(date_of),
            unknown: profile.unknown.to_vec(),
            ties: profile.ties.iter().map(tie).collect(),
            declined: profile.declined.to_vec(),
            will: will.stands.iter().map(|s| s.map(standing)).collect(),
            occasions: profile.occasions.iter().map(|place| place.map(|place| dates.get(place))).collect(),
            held: held
                .iter()
                .map(|(kind, rank)| Held { kind: *kind, acquired: dates.get(of_holdings + rank) })
                .collect(),
            erased: profile.erased,
            stops: profile.stops,
        })
    }
}

impl Elsewhere {
    fn get(&self, place: u32) -> &[Timestamp] {
        usize::try_from(place).ok().and_then(|place| self.dates.get(place)).map_or(&[], |dates| dates)
    }

    fn put(&mut self, dates: Vec<Timestamp>) -> Result<u32, Full> {
        let dates = dates.into_boxed_slice();
        if let Some(place) = self.free.pop() {
            if let Some(slot) = usize::try_from(place).ok().and_then(|n| self.dates.get_mut(n)) {
                *slot = dates;
            }
            return Ok(place);
        }
        let place = u32::try_from(self.dates.len()).map_err(|_| Full)?;
        self.dates.push(dates);
        Ok(place)
    }

    /// Gives a place back.
    pub(crate) fn free(&mut self, place: u32) {
        if let Some(slot) = usize::try_from(place).ok().and_then(|n| self.dates.get_mut(n)) {
            *slot = Box::default();
            self.free.push(place);
        }
    }

    /// How many principals have dates here, and how many bytes these take.
    pub(crate) fn size(&self) -> (usize, usize) {
        let dates: usize = self.dates.iter().map(|d| d.len() * size_of::<Timestamp>()).sum();
        let places = self.dates.capacity() * size_of::<Box<[Timestamp]>>();
        (self.dates.len() - self.free.len(), dates + places)
    }
}

/// The place of one more date.
fn push(dates: &mut Vec<Timestamp>, date: Timestamp) -> Result<u16, Full> {
    let place = u16::try_from(dates.len()).map_err(|_| Full)?;
    dates.push(date);
    Ok(place)
}

fn profile(facts: &Facts, dates: &mut Vec<Timestamp>) -> Result<Profile, Full> {
    let mut ties = Vec::with_capacity(facts.ties.len());
    for tie in &facts.ties {
        ties.push(match tie {
            Tie::Never => TieState::Never,
            Tie::Alive => TieState::Alive,
            Tie::Ended(end) => TieState::Ended(push(dates, *end)?),
        });
    }
    let mut occasions = Vec::with_capacity(facts.occasions.len());
    for occasion in &facts.occasions {
        occasions.push(occasion.map(|last| push(dates, last)).transpose()?);
    }
    Ok(Profile {
        is_registered: facts.is_registered,
        unknown: facts.unknown.clone().into(),
        ties: ties.into(),
        declined: facts.declined.clone().into(),
        occasions: occasions.into(),
        erased: facts.erased,
        stops: facts.stops,
        n_dates: u16::try_from(dates.len()).map_err(|_| Full)?,
    })
}

fn will(facts: &Facts, dates: &mut Vec<Timestamp>) -> Result<Will, Full> {
    let mut will = Vec::with_capacity(facts.will.len());
    for standing in &facts.will {
        will.push(match standing {
            None => None,
            Some(standing) => Some(Stand {
                act: standing.act,
                given: standing.given.map(|given| push(dates, given)).transpose()?,
                until: standing.until.map(|until| push(dates, until)).transpose()?,
            }),
        });
    }
    Ok(Will { stands: will.into(), n_dates: u16::try_from(dates.len()).map_err(|_| Full)? })
}

/// Holdings stand in the order of their dates, so equal dates are neighbors and share a place.
fn held(facts: &Facts, dates: &mut Vec<Timestamp>) -> Result<Holdings, Full> {
    let mut entries = Vec::with_capacity(facts.held.len());
    let mut last = None;
    for held in &facts.held {
        if last != Some(held.acquired) {
            push(dates, held.acquired)?;
            last = Some(held.acquired);
        }
        entries.push((held.kind, u16::try_from(dates.len() - 1).map_err(|_| Full)?));
    }
    Ok(entries.into())
}

/// An instant as whole seconds since 1970, where it is one.
fn second(instant: Timestamp) -> Option<u32> {
    u32::try_from(instant.as_second()).ok().filter(|_| instant.subsec_nanosecond() == 0)
}

/// The first whole second at or after an instant.
fn second_after(instant: Timestamp) -> Option<u32> {
    let up = i64::from(instant.subsec_nanosecond() > 0);
    u32::try_from(instant.as_second() + up).ok().filter(|s| (1..u32::MAX).contains(s))
}

fn days(date: Date) -> u32 {
    let since = date.since((Unit::Day, Date::MIN)).map(|span| span.get_days());
    since.ok().and_then(|days| u32::try_from(days).ok()).unwrap_or_default()
}

fn date_of(days: u32) -> Option<Date> {
    Date::MIN.checked_add(jiff::Span::new().days(i64::from(days))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_48_bytes() {
        assert_eq!(size_of::<Row>(), 48);
    }

    #[test]
    fn birthdays_come_back() {
        for date in ["-009999-01-01", "1868-02-29", "2026-11-26", "9999-12-31"] {
            let date: Date = date.parse().unwrap();
            assert_eq!(date_of(days(date)), Some(date));
        }
    }
}
