//! The dates of a row: whole seconds in four bytes each, and what is to be told of them where that is not all.

use std::cell::Cell;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::population::Full;
use crate::snapshot::code::{Reader, Writer};
use crate::storage::Storage;

/// Dates that find room in a row.
pub(crate) const DATES: usize = 7;

/// Where there are more, the last place of the row says where these stand, and only the others hold dates.
pub(crate) const BESIDE: usize = DATES - 1;

/// The last instant of a second is that many nanoseconds after its first.
const REST: i32 = 999_999_999;

/// An instant as a row keeps it, and whether that is all of it: seconds from 1970 to 2106 hold what came earlier or comes
/// later too, and no fraction.
pub(crate) fn floor(instant: Timestamp) -> (u32, bool) {
    let second = instant.as_second();
    let kept = u32::try_from(second.max(0)).unwrap_or(u32::MAX);
    let is_whole = is_told(kept) && i64::from(kept) == second && instant.subsec_nanosecond() == 0;
    (kept, is_whole)
}

/// Whether a kept second is that second, and not all that lies before or after.
pub(crate) const fn is_told(second: u32) -> bool {
    0 < second && second < u32::MAX
}

/// An instant that is known to lie between two others, both included; exact where they are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    first: Timestamp,
    last: Timestamp,
}

impl Moment {
    /// Exactly this instant.
    pub(crate) const fn exact(instant: Timestamp) -> Self {
        Self { first: instant, last: instant }
    }

    /// What a row kept; in whole seconds only where all of its dates are.
    fn kept(second: u32, is_whole: bool) -> Self {
        let first = Timestamp::from_second(i64::from(second)).unwrap_or(Timestamp::MAX);
        match second {
            0 => Self { first: Timestamp::MIN, last: Timestamp::new(0, REST).unwrap_or(first) },
            u32::MAX => Self { first, last: Timestamp::MAX },
            _ if is_whole => Self::exact(first),
            _ => Self { first, last: Timestamp::new(i64::from(second), REST).unwrap_or(Timestamp::MAX) },
        }
    }

    /// The earliest instant that it can be.
    pub(crate) const fn first(self) -> Timestamp {
        self.first
    }

    /// The later of two.
    pub(crate) fn max(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.max(other.last) }
    }
}

/// Whether something that a row cannot tell was asked; then the answer does not count.
#[derive(Debug, Default)]
pub(crate) struct Doubt(Cell<bool>);

impl Doubt {
    /// What a test says of a moment: of its first instant, with a doubt where it says something else of its last.
    pub(crate) fn test(&self, moment: Moment, test: impl Fn(Timestamp) -> bool) -> bool {
        let said = test(moment.first);
        if moment.first != moment.last && test(moment.last) != said {
            self.0.set(true);
        }
        said
    }

    /// Notes a doubt where a moment is not known to lie on one side of some instants, each of which begins what is after it.
    pub(crate) fn between(&self, moment: Moment, mut edges: impl Iterator<Item = Timestamp>) {
        if moment.first != moment.last && edges.any(|edge| moment.first < edge && edge <= moment.last) {
            self.0.set(true);
        }
    }

    /// Begins anew.
    pub(crate) fn forget(&self) {
        self.0.set(false);
    }

    /// Whether there is one.
    pub(crate) const fn is_there(&self) -> bool {
        self.0.get()
    }
}

/// The dates of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dates<'a> {
    pub(crate) row: &'a [u32; DATES],
    /// All dates that stand beside rows, where some of this row do.
    pub(crate) beside: Option<&'a Beside>,
    pub(crate) is_whole: bool,
}

impl Dates<'_> {
    /// The second at a place.
    pub(crate) fn second(self, place: u16) -> u32 {
        let place = usize::from(place);
        let [.., last] = *self.row;
        let second = match self.beside {
            Some(beside) if place >= BESIDE => beside.get(last, place - BESIDE),
            _ => self.row.get(place).copied(),
        };
        second.unwrap_or_default()
    }

    /// The date at a place.
    pub(crate) fn get(self, place: u16) -> Moment {
        Moment::kept(self.second(place), self.is_whole)
    }
}

/// Dates of all rows that have more than find room there, one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    dates: Storage<u32>,
    /// Places that were given back, by their length.
    free: BTreeMap<usize, Vec<u32>>,
}

impl Beside {
    /// Puts dates into a row, and those for which it has no room here. Says whether there are such.
    pub(crate) fn put(&mut self, dates: &[u32], row: &mut [u32; DATES]) -> Result<bool, Full> {
        row.iter_mut().zip(dates).for_each(|(place, date)| *place = *date);
        if dates.len() <= DATES {
            return Ok(false);
        }
        let rest = dates.get(BESIDE..).unwrap_or_default();
        let free = self.free.get_mut(&rest.len()).and_then(Vec::pop);
        let place = match free {
            Some(place) => place,
            None => u32::try_from(self.dates.len()).map_err(|_| Full)?,
        };
        let start = usize::try_from(place).map_err(|_| Full)?;
        for (place, date) in (start..).zip(rest) {
            match self.dates.get_mut(place) {
                Some(slot) => *slot = *date,
                None => self.dates.push(*date),
            }
        }
        let [.., last] = row;
        *last = place;
        Ok(true)
    }

    /// Takes back the place of a row with this many dates.
    pub(crate) fn take_back(&mut self, row: [u32; DATES], n_dates: usize) {
        let [.., place] = row;
        self.free.entry(n_dates - BESIDE).or_default().push(place);
    }

    fn get(&self, place: u32, nth: usize) -> Option<u32> {
        self.dates.get(usize::try_from(place).ok()? + nth).copied()
    }

    /// Those of a snapshot, with the places that are free; nothing where one of these is not among them, or is a row's or free
    /// already: what is put there next would be somebody else's too.
    pub(crate) fn mapped(dates: Storage<u32>, claims: &mut Claims, free: &mut Reader<'_>) -> Option<Self> {
        let mut beside = Self { dates, free: BTreeMap::new() };
        let n_lengths: u32 = free.get()?;
        for _ in 0..n_lengths {
            let length = usize::try_from(free.get::<u32>()?).ok()?;
            let places: Vec<u32> = free.get()?;
            let are_there = length > 0 && places.iter().all(|place| claims.take(*place, length));
            beside.free.insert(length, places).is_none().then_some(())?;
            are_there.then_some(())?;
        }
        Some(beside)
    }

    /// Writes down which places are free.
    pub(crate) fn write_free(&self, to: &mut Writer) {
        to.put(&u32::try_from(self.free.len()).unwrap_or(u32::MAX));
        for (length, places) in &self.free {
            to.put(&u32::try_from(*length).unwrap_or(u32::MAX));
            to.put(places);
        }
    }

    /// The dates, free places included.
    pub(crate) const fn dates(&self) -> &Storage<u32> {
        &self.dates
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.dates.bytes()
    }
}

/// Which of the dates of a snapshot are somebody's, or free, so that no two have the same.
pub(crate) struct Claims(Vec<bool>);

impl Claims {
    /// Nobody's yet.
    pub(crate) fn new(dates: &Storage<u32>) -> Self {
        Self(vec![false; dates.len()])
    }

    /// Takes so many dates from a place on; not where some of them are not there or taken.
    pub(crate) fn take(&mut self, place: u32, n: usize) -> bool {
        let first = usize::try_from(place).ok();
        let Some(run) = first.and_then(|first| self.0.get_mut(first..first.checked_add(n)?)) else {
            return false;
        };
        let is_nobodys = !run.contains(&true);
        run.fill(true);
        is_nobodys
    }
}
