//! The instants that need looking at: one in each stretch within which no rule tells two instants apart.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use nattoku_model::Action;
use nattoku_model::Policy;
use nattoku_model::policy::{Period, Recipient, RecipientKind, Recurring, Transfer, Versions};

/// How long before the question a principal's act lies where nothing else is asked of it.
pub(super) const LATELY: SignedDuration = SignedDuration::from_hours(1);

const DAY: SignedDuration = SignedDuration::from_hours(24);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// `span` before `at`; the beginning of time where that would be before it.
pub(super) fn before(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn after(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// Instants at which the answer to the question may change, whatever happened.
#[derive(Debug, Default)]
pub(super) struct Turns {
    all: BTreeSet<Timestamp>,
    /// Those that tell apart when something was acquired or ended.
    dates: BTreeSet<Timestamp>,
}

impl Turns {
    /// Those at which a version takes effect, or a transition's dates lie.
    pub(super) fn of_versions(versions: &Versions) -> Self {
        let mut turns = Self::default();
        for version in versions.oldest_first() {
            turns.all.insert(version.effective);
            for transition in &version.transitions {
                turns.add_date(transition.acquired_before);
                if let Some((_, since)) = &transition.unless {
                    turns.add_date(*since);
                }
            }
        }
        turns
    }

    /// Adds an instant that tells apart when something was acquired or ended.
    pub(super) fn add_date(&mut self, date: Timestamp) {
        self.all.insert(date);
        self.dates.insert(date);
    }

    /// Adds, for each such date, the end of a period that begins there: before it, what is of one side of the date and what is
    /// within the period may be the same; after it, not.
    pub(super) fn add_ends(&mut self, policy: &Policy, period: Period) {
        self.all.extend(self.dates.iter().map(|t| period.after(*t, &policy.timezone)));
    }

    /// Adds those of a recipient: its agreement, its duties, the joint uses it takes part in.
    pub(super) fn add_recipient(
        &mut self,
        policy: &Policy,
        name: &nattoku_model::name::RecipientName,
        recipient: &Recipient,
        action: Action,
    ) {
        if action == Action::Entrust && recipient.kind == RecipientKind::Processor {
            if let Some((from, until)) = recipient.agreement {
                self.all.insert(from);
                self.all.extend(until);
            }
            self.add_duty(policy, recipient.assessed.as_ref());
            self.add_duty(policy, recipient.supervised.as_ref());
        }
        if action == Action::Share {
            let uses = policy.joint_uses.values().filter(|j| j.users.contains(name));
            self.all.extend(uses.filter_map(|j| j.published));
        }
        if let Some(Transfer::ConformingSystem(check)) = &recipient.transfer {
            self.add_duty(policy, Some(check));
        }
    }

    fn add_duty(&mut self, policy: &Policy, duty: Option<&Recurring>) {
        if let Some(duty) = duty {
            self.all.insert(duty.last);
            self.all.insert(duty.every.after(duty.last, &policy.timezone));
        }
    }

    /// One instant in each stretch between turns: the turn that begins it, and one before the first.
    pub(super) fn instants(&self) -> Vec<Timestamp> {
        let first = self.all.first().map(|t| before(*t, DAY));
        first
            .into_iter()
            .chain(self.all.iter().copied())
            .filter(|t| *t > Timestamp::MIN && *t < Timestamp::MAX)
            .collect()
    }
}

/// One instant up to `at` in each stretch that the cuts leave, the latest first: where there is room a while before the
/// stretch ends, so that it reads as a plain date and calendars do not matter.
pub(super) fn stretches(at: Timestamp, cuts: &BTreeSet<Timestamp>) -> Vec<Timestamp> {
    let mut ends: Vec<Timestamp> = cuts.iter().copied().filter(|c| *c <= at).collect();
    ends.push(after(at, SECOND));
    let mut instants = Vec::new();
    for (i, end) in ends.iter().enumerate().rev() {
        let start = i.checked_sub(1).and_then(|i| ends.get(i)).copied();
        let is_within = |t: Timestamp| start.is_none_or(|s| t >= s) && t < *end;
        let wanted = if i + 1 == ends.len() { before(at, LATELY) } else { before(*end, DAY) };
        let instant = if is_within(wanted) { wanted } else { before(*end, SECOND) };
        if instant > Timestamp::MIN && is_within(instant) {
            instants.push(instant);
        }
    }
    instants
}
