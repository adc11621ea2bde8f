//! A request as a condition: what must be true of a principal, and of one holding of theirs, for a gate to permit.
//!
//! [`decide`](crate::decide()) asks a plan's rules about one principal at a time. Whoever asks about all of them at once, with sets or
//! in a database, needs the same rules as a formula. Each rule of a plan turns into the condition under which it says nothing
//! worse than a verdict; the condition of the whole is worked out in `plan/permits.rs`. Constants are folded while a condition is
//! built, so that what can never be permitted is [`Condition::Never`] and no more.

mod instants;
mod meaning;

use jiff::Timestamp;
use nattoku_model::Action;
use nattoku_model::name::CategoryName;

pub(crate) use instants::{Instants, Stretch};

/// What must be true of a principal and, where it says so, of one holding. Numbers are those of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Condition {
    Always,
    Never,
    /// Two or more, in order, none of them twice, none of them [`Condition::All`].
    All(Vec<Condition>),
    /// Two or more, in order, none of them twice, none of them [`Condition::Any`].
    Any(Vec<Condition>),
    /// Only ever of what is none of the above.
    Not(Box<Condition>),
    /// Somebody registered the principal.
    Registered,
    /// A registration called the past of this relationship unknown.
    PastUnknown(usize),
    TieAlive(usize),
    /// The relationship is not alive, and ended last at one of these instants.
    TieEnded(usize, Instants),
    Declined(usize),
    /// A consent stands.
    Stands(Box<ItemCondition>),
    /// The last acquisition of what is an occasion was at one of these instants.
    Recent(usize, Instants),
    /// A restriction stops the action for the category, for what is under it or for what it is under.
    Stopped(CategoryName, Action),
    /// The category, something under it or something that it is under was ever erased.
    Erased(CategoryName),
    /// Of the holding: it was acquired at one of these instants.
    Acquired(Instants),
}

/// When a consent item stands: it was granted last, in a wording that counts, by somebody who could, and has not run out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ItemCondition {
    pub(crate) item: usize,
    /// The wordings that count, in order.
    pub(crate) wordings: Vec<usize>,
    /// What the principal's own word needs; any age will do, even an unknown one, where there is nothing.
    pub(crate) age: Option<AgeCondition>,
    /// It was granted at one of these instants, those from which the item has not run out by itself.
    pub(crate) given: Instants,
    /// If it was limited, then until later than this.
    pub(crate) at: Timestamp,
}

/// The least age on the day, in whole years, and the number of the zone that the day is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AgeCondition {
    pub(crate) zone: usize,
    pub(crate) from: i16,
}

impl Condition {
    /// The condition that is always or never met.
    pub(crate) const fn fixed(is_met: bool) -> Self {
        if is_met { Self::Always } else { Self::Never }
    }

    /// Every one of them; [`Condition::Always`] of none.
    pub(crate) fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Vec::new();
        for condition in conditions {
            match condition {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::All(more) => all.extend(more),
                other => all.push(other),
            }
        }
        let all = match acquired_as_one(all, Instants::and) {
            (_, Some(instants)) if instants.is_empty() => return Self::Never,
            (all, acquired) => all.into_iter().chain(acquired.map(Self::acquired)).collect(),
        };
        let is_told = |condition: &Self, others: &[Self]| match condition {
            Self::Any(some) => some.iter().any(|one| others.contains(one)),
            _ => false,
        };
        match simplified(all, is_told) {
            Some(all) => {
                sole(all).unwrap_or_else(|all| if all.is_empty() { Self::Always } else { Self::All(all) })
            }
            None => Self::Never,
        }
    }

    /// One of them; [`Condition::Never`] of none.
    pub(crate) fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Vec::new();
        for condition in conditions {
            match condition {
                Self::Never => {}
                Self::Always => return Self::Always,
                Self::Any(more) => any.extend(more),
                other => any.push(other),
            }
        }
        let any = match acquired_as_one(any, Instants::or) {
            (_, Some(instants)) if instants.is_all() => return Self::Always,
            (any, acquired) => any.into_iter().chain(acquired.map(Self::acquired)).collect(),
        };
        let is_told = |condition: &Self, others: &[Self]| match condition {
            Self::All(every) => every.iter().any(|one| others.contains(one)),
            _ => false,
        };
        match simplified(any, is_told) {
            Some(any) => {
                sole(any).unwrap_or_else(|any| if any.is_empty() { Self::Never } else { apart(any) })
            }
            None => Self::Always,
        }
    }

    /// The opposite.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::All(all) => Self::any(all.into_iter().map(Self::negated)),
            Self::Any(any) => Self::all(any.into_iter().map(Self::negated)),
            Self::Not(other) => *other,
            Self::Acquired(instants) => Self::acquired(instants.others()),
            leaf => Self::Not(Box::new(leaf)),
        }
    }

    pub(crate) fn acquired(instants: Instants) -> Self {
        if instants.is_all() {
            Self::Always
        } else if instants.is_empty() {
            Self::Never
        } else {
            Self::Acquired(instants)
        }
    }

    pub(crate) fn tie_ended(relationship: usize, instants: Instants) -> Self {
        if instants.is_empty() { Self::Never } else { Self::TieEnded(relationship, instants) }
    }

    pub(crate) fn recent(occasion: usize, instants: Instants) -> Self {
        if instants.is_empty() { Self::Never } else { Self::Recent(occasion, instants) }
    }

    /// The same of a holding that was acquired at an instant: nothing of a holding is left in it.
    pub(crate) fn of_what_was_acquired(self, at: Timestamp) -> Self {
        match self {
            Self::All(all) => Self::all(all.into_iter().map(|one| one.of_what_was_acquired(at))),
            Self::Any(any) => Self::any(any.into_iter().map(|one| one.of_what_was_acquired(at))),
            Self::Not(other) => other.of_what_was_acquired(at).negated(),
            Self::Acquired(instants) => Self::fixed(instants.contains(at)),
            leaf => leaf,
        }
    }
}

/// Conditions but for those on acquisition, and these put together as one.
fn acquired_as_one(
    conditions: Vec<Condition>,
    together: impl Fn(&Instants, &Instants) -> Instants,
) -> (Vec<Condition>, Option<Instants>) {
    let mut others = Vec::new();
    let mut acquired: Option<Instants> = None;
    for condition in conditions {
        match condition {
            Condition::Acquired(instants) => {
                acquired = Some(acquired.map_or(instants.clone(), |known| together(&known, &instants)));
            }
            other => others.push(other),
        }
    }
    (others, acquired)
}

/// One of several, with what all of them ask taken out, so that it is asked once.
fn apart(any: Vec<Condition>) -> Condition {
    let parts = |condition: &Condition| match condition {
        Condition::All(all) => all.clone(),
        one => vec![one.clone()],
    };
    let all: Vec<Vec<Condition>> = any.iter().map(parts).collect();
    let common: Vec<Condition> = match all.split_first() {
        Some((first, others)) => {
            first.iter().filter(|part| others.iter().all(|other| other.contains(part))).cloned().collect()
        }
        None => Vec::new(),
    };
    if common.is_empty() {
        return Condition::Any(any);
    }
    let rest =
        all.into_iter().map(|parts| Condition::all(parts.into_iter().filter(|part| !common.contains(part))));
    let rest = Condition::any(rest);
    Condition::all(common.iter().cloned().chain([rest]))
}

/// In order and without what the others tell already; nothing where one of them is the opposite of another.
fn simplified(
    mut conditions: Vec<Condition>,
    is_told: impl Fn(&Condition, &[Condition]) -> bool,
) -> Option<Vec<Condition>> {
    conditions.sort();
    conditions.dedup();
    let is_opposed = |one: &Condition| match one {
        Condition::Not(other) => conditions.binary_search(other).is_ok(),
        _ => false,
    };
    if conditions.iter().any(is_opposed) {
        return None;
    }
    let told: Vec<bool> = conditions.iter().map(|one| is_told(one, &conditions)).collect();
    let mut told = told.into_iter();
    conditions.retain(|_| !told.next().unwrap_or_default());
    Some(conditions)
}

/// The only one; all of them back where they are none or several.
fn sole(mut conditions: Vec<Condition>) -> Result<Condition, Vec<Condition>> {
    match conditions.len() {
        1 => conditions.pop().ok_or(conditions),
        _ => Err(conditions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declined(n: usize) -> Condition {
        Condition::Declined(n)
    }

    #[test]
    fn constants_are_folded() {
        use Condition::{Always, Never};
        assert_eq!(Condition::all([]), Always);
        assert_eq!(Condition::any([]), Never);
        assert_eq!(Condition::all([declined(1), Never]), Never);
        assert_eq!(Condition::all([declined(1), Always]), declined(1));
        assert_eq!(Condition::any([declined(1), Always]), Always);
        assert_eq!(Condition::any([Never, declined(1), declined(1)]), declined(1));
        assert_eq!(Condition::all([declined(1), declined(1).negated()]), Never);
        assert_eq!(Condition::any([declined(1).negated(), declined(1)]), Always);
    }

    #[test]
    fn what_the_others_tell_already_is_left_out() {
        let either = Condition::any([declined(1), declined(2)]);
        let both = Condition::all([declined(1), declined(2)]);
        assert_eq!(Condition::all([either.clone(), declined(1)]), declined(1));
        assert_eq!(Condition::any([both.clone(), declined(1)]), declined(1));
        assert_eq!(Condition::all([both.clone(), declined(3)]), Condition::all([1, 2, 3].map(declined)));
        assert_eq!(both.negated(), Condition::any([1, 2].map(|n| declined(n).negated())));
    }

    #[test]
    fn what_all_of_several_ask_is_asked_once() {
        let both = |n| Condition::all([declined(1), declined(n)]);
        let either = Condition::any([declined(2), declined(3)]);
        assert_eq!(Condition::any([both(2), both(3)]), Condition::all([declined(1), either]));
    }

    #[test]
    fn what_was_never_acquired_is_never_met() {
        let [early, late] = [1, 2].map(|second| Timestamp::from_second(second).unwrap());
        let [before, from] = [Instants::before(early), Instants::from(late)].map(Condition::acquired);
        assert_eq!(Condition::all([before.clone(), declined(1), from.clone()]), Condition::Never);
        assert_eq!(Condition::any([before.negated(), declined(1), from.negated()]), Condition::Always);
    }

    #[test]
    fn of_what_was_acquired_at_an_instant_no_holding_is_left() {
        let noon: Timestamp = "2026-11-26T12:00:00Z".parse().unwrap();
        let before = Condition::acquired(Instants::before(noon));
        let either = Condition::any([before.clone(), declined(1)]);
        assert_eq!(either.clone().of_what_was_acquired(noon), declined(1));
        assert_eq!(either.negated().of_what_was_acquired(noon), declined(1).negated());
        assert_eq!(before.negated(), Condition::acquired(Instants::from(noon)));
    }
}
