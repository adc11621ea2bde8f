//! Sets of instants: stretches of time, each with its first instant and without its last.

use jiff::{SignedDuration, Timestamp};

/// Stretches in order, with something between any two of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instants(Vec<Stretch>);

/// From an instant, or from the beginning, until just before another, or without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Stretch {
    pub(crate) from: Option<Timestamp>,
    pub(crate) before: Option<Timestamp>,
}

impl Instants {
    pub(crate) fn all() -> Self {
        Self(vec![Stretch { from: None, before: None }])
    }

    /// All before an instant.
    pub(crate) fn before(before: Timestamp) -> Self {
        Self::of([Stretch { from: None, before: Some(before) }])
    }

    /// An instant and all after it.
    pub(crate) fn from(from: Timestamp) -> Self {
        Self::of([Stretch { from: Some(from), before: None }])
    }

    /// All after an instant.
    pub(crate) fn after(instant: Timestamp) -> Self {
        match instant.checked_add(SignedDuration::from_nanos(1)) {
            Ok(from) => Self::from(from),
            Err(_) => Self(Vec::new()),
        }
    }

    /// Those of all stretches, which are in order and do not overlap.
    pub(crate) fn of(stretches: impl IntoIterator<Item = Stretch>) -> Self {
        let mut all: Vec<Stretch> = Vec::new();
        for stretch in stretches {
            if stretch.from.zip(stretch.before).is_some_and(|(from, before)| from >= before) {
                continue;
            }
            match all.last_mut() {
                Some(last) if last.before.is_some() && last.before == stretch.from => {
                    last.before = stretch.before;
                }
                _ => all.push(stretch),
            }
        }
        Self(all)
    }

    /// All that are not among them.
    pub(crate) fn others(&self) -> Self {
        let mut others = Vec::new();
        let mut from = None;
        for stretch in &self.0 {
            if stretch.from.is_some() {
                others.push(Stretch { from, before: stretch.from });
            }
            from = stretch.before;
        }
        if from.is_some() || self.0.is_empty() {
            others.push(Stretch { from, before: None });
        }
        Self::of(others)
    }

    /// Those that are among both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        for this in &self.0 {
            for that in &other.0 {
                let befores = [this.before, that.before].into_iter().flatten();
                both.push(Stretch { from: this.from.max(that.from), before: befores.min() });
            }
        }
        Self::of(both)
    }

    /// Those that are among either.
    pub(crate) fn or(&self, other: &Self) -> Self {
        self.others().and(&other.others()).others()
    }

    pub(crate) fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    pub(crate) fn contains(&self, instant: Timestamp) -> bool {
        self.0.iter().any(|stretch| {
            stretch.from.is_none_or(|from| from <= instant)
                && stretch.before.is_none_or(|before| instant < before)
        })
    }

    pub(crate) fn is_all(&self) -> bool {
        self.0 == [Stretch { from: None, before: None }]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_of_the_others_are_themselves() {
        let [one, two, three] = [1, 2, 3].map(|second| Timestamp::from_second(second).unwrap());
        let between = |from, before| Stretch { from: Some(from), before: Some(before) };
        let sets = [
            Instants::all(),
            Instants::of([]),
            Instants::before(two),
            Instants::from(two),
            Instants::of([between(one, two)]),
            Instants::of([Stretch { from: None, before: Some(one) }, between(two, three)]),
        ];
        for set in &sets {
            assert_eq!(set.others().others(), *set);
            for instant in [one, two, three] {
                for other in &sets {
                    let [this, that] = [set, other].map(|set| set.contains(instant));
                    assert_eq!(set.and(other).contains(instant), this && that, "{set:?} {other:?}");
                    assert_eq!(set.or(other).contains(instant), this || that, "{set:?} {other:?}");
                }
                assert_eq!(set.contains(instant), !set.others().contains(instant), "{set:?} {instant}");
            }
        }
        assert_eq!(
            Instants::of([between(one, two), between(two, three)]),
            Instants::of([between(one, three)])
        );
        assert!(!Instants::after(two).contains(two));
    }
}
