//! What a gate is compiled from: one category asked, under one text that may govern it.

use std::cell::Cell;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nattoku_model::history::History;
use nattoku_model::law::Pack;
use nattoku_model::name::{CategoryName, PurposeName};
use nattoku_model::policy::{Activity, Basis, Class, Period, Provision, Recipient};
use nattoku_model::{Action, Policy, Request};

use super::claim::Claim;
use crate::bounds::Bounds;
use crate::elapsed::Elapsed;
use crate::said::{Said, worst};
use crate::vocabulary::Vocabulary;

/// What is asked, and under which texts.
pub(crate) struct Context<'a> {
    /// The version in force.
    pub(crate) policy: &'a Policy,
    /// The version whose purposes and activities apply.
    pub(crate) text: &'a Policy,
    pub(crate) request: &'a Request,
    pub(crate) category: &'a CategoryName,
    /// The claim of an exception, if one fits the act.
    pub(crate) claim: Option<&'a Claim<'a>>,
    pub(crate) vocabulary: &'a Vocabulary,
    /// The events that concern everybody.
    pub(crate) general: &'a History<'a>,
    pub(crate) bounds: &'a Cell<Bounds>,
    /// The last instant for which the plan can hold.
    pub(crate) last: Timestamp,
}

impl<'a> Context<'a> {
    pub(crate) fn activity(&self) -> Option<&'a Activity> {
        self.text.activities.get(&self.request.activity)
    }

    pub(crate) fn recipient(&self) -> Option<&'a Recipient> {
        self.policy.recipients.get(self.request.recipient.as_ref()?)
    }

    pub(crate) fn is_disclosure(&self) -> bool {
        self.request.action == Action::Disclose
    }

    /// The purposes that the act is done for.
    pub(crate) fn purposes(&self) -> Vec<&'a PurposeName> {
        match &self.request.purpose {
            Some(stated) => vec![stated],
            None => self.activity().map(|a| a.purposes.iter().collect()).unwrap_or_default(),
        }
    }

    /// The provisions that the act may fall under, as far as they can be told apart without the principal: one by law if
    /// there is any, or else all on consent, or else the first on a notified opt-out.
    pub(crate) fn provisions(&self) -> Vec<&'a Provision> {
        let Some(recipient) = self.request.recipient.as_ref() else { return Vec::new() };
        let fitting = || {
            self.policy.provisions.values().filter(|p| {
                p.activity == self.request.activity
                    && p.to.contains(recipient)
                    && p.gives.iter().any(|c| c.covers(self.category))
            })
        };
        if let Some(by_law) = fitting().find(|p| matches!(p.basis, Basis::Law(_))) {
            return vec![by_law];
        }
        let on_consent: Vec<_> = fitting().filter(|p| matches!(p.basis, Basis::Consent(..))).collect();
        if on_consent.is_empty() { fitting().take(1).collect() } else { on_consent }
    }

    /// The classes that data of a kind bring; those of all that is asked for, where nothing is held.
    pub(crate) fn classes(&self, held: Option<&CategoryName>) -> BTreeSet<Class> {
        match held {
            None => self.policy.classes_within(self.category),
            Some(held) => &self.policy.classes_within(held) | &self.policy.classes_of(self.category),
        }
    }

    /// What the strictest law says, of everything that each of them says, in the order of the laws.
    pub(crate) fn strictest(&self, judge: impl FnMut(&'a Pack) -> Said) -> Said {
        worst(self.policy.packs.iter().map(AsRef::as_ref).map(judge)).unwrap_or(NO_LAW)
    }

    /// Whether an instant has come; the plan remembers that it asked.
    pub(crate) fn has_come(&self, instant: Timestamp) -> bool {
        let mut bounds = self.bounds.get();
        let has_come = bounds.has_come(instant);
        self.bounds.set(bounds);
        has_come
    }

    pub(crate) fn elapsed(&self, period: Period, zone: &TimeZone) -> Elapsed {
        Elapsed::new(period, zone, self.bounds.get().at, self.last)
    }

    pub(crate) fn has_lapsed(&self, period: Period, since: Timestamp) -> bool {
        self.has_come(period.after(since, &self.policy.timezone))
    }
}

/// A policy under no law at all rests on nothing.
pub(crate) const NO_LAW: Said = Said::deny(nattoku_model::Reason::NoBasis);
