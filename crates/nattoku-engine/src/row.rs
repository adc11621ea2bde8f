//! A principal's facts in 48 bytes: the numbers of three patterns that many share, and the dates that are the principal's own.

use jiff::{Timestamp, Unit, civil::Date};

use crate::dates::{BESIDE, Beside, Claims, DATES, Dates, floor, is_told};
use crate::facts::{Facts, Held, Standing, Tie};
use crate::pattern::{Holdings, InGroup, Patterns, Profile, Stand, TieState, Will};
use crate::population::Full;

/// Set beside the birthday where some dates stand beside the row.
const MORE: u32 = 1 << 31;

/// Set beside the birthday where the seconds kept are not all that is to be told of every date.
const FINER: u32 = 1 << 30;

/// A principal's state.
#[derive(Debug, Clone, Copy, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Row {
    pub(crate) profile: u32,
    pub(crate) will: u32,
    pub(crate) held: u32,
    /// The second by which the last event had happened; the greatest number where that cannot be told in seconds.
    newest: u32,
    /// Days since the first day of the calendar, plus one; 0 where the birthday is not known.
    born: u32,
    /// Those of the profile, then of the will, then of the holdings.
    dates: [u32; DATES],
}

/// How many dates each pattern of profile, will and holdings has, by its number.
pub(crate) struct Counts([Vec<u16>; 3]);

impl Counts {
    pub(crate) fn new(patterns: &Patterns) -> Self {
        Self([
            patterns.profiles.iter().map(|profile| profile.n_dates).collect(),
            patterns.wills.iter().map(|will| will.n_dates).collect(),
            patterns.held.iter().map(|held| held.n_dates).collect(),
        ])
    }

    /// How many dates a row has; nothing where it names what is not there, or there are more than can be counted.
    fn of(&self, row: &Row) -> Option<u16> {
        let Self([profiles, wills, held]) = self;
        let count = |counts: &[u16], number: u32| counts.get(usize::try_from(number).ok()?).copied();
        let (profile, will) = (count(profiles, row.profile)?, count(wills, row.will)?);
        profile.checked_add(will)?.checked_add(count(held, row.held)?)
    }
}

/// The dates of a row while it is packed.
#[derive(Default)]
struct Packing {
    seconds: Vec<u32>,
    is_finer: bool,
}

impl Packing {
    /// The place of one more date, counted from `first`.
    fn push(&mut self, date: Timestamp, first: usize) -> Result<u16, Full> {
        let place = u16::try_from(self.seconds.len() - first).map_err(|_| Full)?;
        let (second, is_whole) = floor(date);
        self.seconds.push(second);
        self.is_finer |= !is_whole;
        Ok(place)
    }

    /// How many there are from `first` on.
    fn since(&self, first: usize) -> Result<u16, Full> {
        u16::try_from(self.seconds.len() - first).map_err(|_| Full)
    }
}

impl Row {
    /// Somebody of whom more is to be told than a row has numbers for. It names no pattern, so there is no state to decide
    /// about, and the definition is asked.
    const NOT_KEPT: Self =
        Self { profile: u32::MAX, will: u32::MAX, held: u32::MAX, newest: 0, born: 0, dates: [0; DATES] };

    /// Packs facts; dates for which a row has no room go beside it. Of somebody with more dates than there are places nothing
    /// is kept: that is theirs alone, and nobody else is answered about otherwise for it.
    pub(crate) fn pack(facts: &Facts, patterns: &mut Patterns, beside: &mut Beside) -> Result<Self, Full> {
        let mut dates = Packing { seconds: Vec::new(), is_finer: facts.is_finer };
        let Ok((profile, will, held)) = parts(facts, &mut dates) else { return Ok(Self::NOT_KEPT) };
        let mut row = Self {
            profile: patterns.profile(profile)?,
            will: patterns.will(will)?,
            held: patterns.held.intern(held).ok_or(Full)?,
            newest: facts.newest.map_or(0, |newest| second_after(newest).unwrap_or(u32::MAX)),
            born: facts.born.map_or(0, |born| days(born) + 1),
            dates: [0; DATES],
        };
        if beside.put(&dates.seconds, &mut row.dates)? {
            row.born |= MORE;
        }
        if dates.is_finer {
            row.born |= FINER;
        }
        Ok(row)
    }

    /// Where the dates are.
    pub(crate) fn dates<'a>(&'a self, beside: &'a Beside) -> Dates<'a> {
        let beside = (self.born & MORE != 0).then_some(beside);
        Dates { row: &self.dates, beside, is_whole: self.born & FINER == 0 }
    }

    /// Gives back what the row has beside it.
    pub(crate) fn leave(&self, patterns: &Patterns, beside: &mut Beside) {
        if self.born & MORE != 0
            && let Some(n_dates) = self.n_dates(patterns)
        {
            beside.take_back(self.dates, n_dates.into());
        }
    }

    /// Whether a row that was read names only patterns and dates that there are, and dates that are no other row's.
    pub(crate) fn is_sound(&self, counts: &Counts, claims: &mut Claims) -> bool {
        if bytemuck::bytes_of(self) == bytemuck::bytes_of(&Self::NOT_KEPT) {
            return true;
        }
        let Some(n_dates) = counts.of(self).map(usize::from) else { return false };
        if self.born & MORE == 0 {
            return n_dates <= DATES;
        }
        let [.., place] = self.dates;
        n_dates > DATES && claims.take(place, n_dates - BESIDE)
    }

    fn n_dates(&self, patterns: &Patterns) -> Option<u16> {
        let profile = patterns.profiles.get(self.profile)?;
        let will = patterns.wills.get(self.will)?;
        let held = patterns.held.get(self.held)?;
        Some(profile.n_dates + will.n_dates + held.n_dates)
    }

    /// The facts that were packed, but for fractions of seconds, of which only the order stays; nothing where a date lies
    /// before or after all that a row can tell.
    pub(crate) fn unpack(&self, patterns: &Patterns, beside: &Beside) -> Option<Facts> {
        let dates = self.dates(beside);
        if !(0..self.n_dates(patterns)?).all(|place| is_told(dates.second(place))) {
            return None;
        }
        let profile = patterns.profiles.get(self.profile)?;
        let will = patterns.wills.get(self.will)?;
        let of_will = profile.n_dates;
        let tie = |tie: &TieState| match tie {
            TieState::Never => Tie::Never,
            TieState::Alive => Tie::Alive,
            TieState::Ended(place) => Tie::Ended(instant(dates, *place, 0)),
        };
        let date = |place: Option<u16>| place.map(|place| instant(dates, of_will + place, 0));
        let standing = |s: Stand| Standing { act: s.act, given: date(s.given), until: date(s.until) };
        let newest = match self.newest {
            0 => None,
            u32::MAX => Some(Timestamp::MAX),
            second => Timestamp::from_second(i64::from(second)).ok(),
        };
        let born = self.born & !(MORE | FINER);
        Some(Facts {
            newest,
            is_registered: profile.is_registered,
            is_finer: self.born & FINER != 0,
            born: born.checked_sub(1).and_then(date_of),
            unknown: profile.unknown.to_vec(),
            ties: profile.ties.iter().map(tie).collect(),
            declined: profile.declined.to_vec(),
            will: will.stands.iter().map(|s| s.map(standing)).collect(),
            occasions: profile.occasions.iter().map(|p| p.map(|p| instant(dates, p, 0))).collect(),
            held: unpack_held(patterns.held.get(self.held)?, of_will + will.n_dates, dates),
            erased: profile.erased,
            stops: profile.stops,
        })
    }
}

/// The date at a place, moved by so little that the order within its second shows.
fn instant(dates: Dates<'_>, place: u16, nth: u16) -> Timestamp {
    Timestamp::new(i64::from(dates.second(place)), i32::from(nth)).unwrap_or_default()
}

fn unpack_held(pattern: &Holdings, first: u16, dates: Dates<'_>) -> Vec<Held> {
    let acquired = |h: &InGroup| instant(dates, first + h.group, h.nth);
    let mut held: Vec<Held> =
        pattern.held.iter().map(|h| Held { kind: h.kind, acquired: acquired(h) }).collect();
    held.sort_by_key(|held| held.acquired);
    held
}

/// The patterns of facts; nothing where there are more dates than places, which are counted from the first of all dates.
fn parts(facts: &Facts, dates: &mut Packing) -> Result<(Profile, Will, Holdings), Full> {
    let all = (profile(facts, dates)?, will(facts, dates)?, held(facts, dates)?);
    dates.since(0)?;
    Ok(all)
}

fn profile(facts: &Facts, dates: &mut Packing) -> Result<Profile, Full> {
    let mut ties = Vec::with_capacity(facts.ties.len());
    for tie in &facts.ties {
        ties.push(match tie {
            Tie::Never => TieState::Never,
            Tie::Alive => TieState::Alive,
            Tie::Ended(end) => TieState::Ended(dates.push(*end, 0)?),
        });
    }
    let mut occasions = Vec::with_capacity(facts.occasions.len());
    for occasion in &facts.occasions {
        occasions.push(occasion.map(|last| dates.push(last, 0)).transpose()?);
    }
    Ok(Profile {
        is_registered: facts.is_registered,
        unknown: facts.unknown.clone().into(),
        ties: ties.into(),
        declined: facts.declined.clone().into(),
        occasions: occasions.into(),
        erased: facts.erased,
        stops: facts.stops,
        n_dates: dates.since(0)?,
    })
}

fn will(facts: &Facts, dates: &mut Packing) -> Result<Will, Full> {
    let first = dates.seconds.len();
    let mut stands = Vec::with_capacity(facts.will.len());
    for standing in &facts.will {
        stands.push(match standing {
            None => None,
            Some(standing) => Some(Stand {
                act: standing.act,
                given: standing.given.map(|given| dates.push(given, first)).transpose()?,
                until: standing.until.map(|until| dates.push(until, first)).transpose()?,
            }),
        });
    }
    Ok(Will { stands: stands.into(), n_dates: dates.since(first)? })
}

/// Holdings come in the order of their acquisition and are grouped by its second.
fn held(facts: &Facts, dates: &mut Packing) -> Result<Holdings, Full> {
    let first = dates.seconds.len();
    let mut groups: Vec<(Vec<InGroup>, Timestamp)> = Vec::new();
    for held in facts.held.chunk_by(|one, next| floor(one.acquired).0 == floor(next.acquired).0) {
        let mut group = Vec::with_capacity(held.len());
        let instants = held.chunk_by(|one, next| one.acquired == next.acquired);
        for (nth, at_once) in (0..=u16::MAX).zip(instants) {
            group.extend(at_once.iter().map(|h| InGroup { kind: h.kind, nth, group: 0 }));
        }
        // A fraction of any of them counts for the group.
        let finest = held.iter().map(|h| h.acquired).find(|acquired| !floor(*acquired).1);
        let acquired = finest.or_else(|| held.first().map(|h| h.acquired)).unwrap_or_default();
        groups.push((group, acquired));
    }
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut all = Vec::with_capacity(facts.held.len());
    for (group, acquired) in groups {
        let number = dates.push(acquired, first)?;
        all.extend(group.into_iter().map(|held| InGroup { group: number, ..held }));
    }
    if all.len() != facts.held.len() {
        return Err(Full);
    }
    Ok(Holdings { held: all.into(), n_dates: dates.since(first)? })
}

/// The first whole second at or after an instant.
fn second_after(instant: Timestamp) -> Option<u32> {
    let up = i64::from(instant.subsec_nanosecond() > 0);
    u32::try_from(instant.as_second() + up).ok().filter(|second| is_told(*second))
}

fn days(date: Date) -> u32 {
    let since = date.since((Unit::Day, Date::MIN)).map(|span| span.get_days());
    since.ok().and_then(|days| u32::try_from(days).ok()).unwrap_or_default()
}

fn date_of(days: u32) -> Option<Date> {
    Date::MIN.checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok()
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
