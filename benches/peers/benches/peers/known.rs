//! What a program that uses another engine would keep of a customer, worked out when events come in and not when somebody
//! asks: which consents count, given the age on that day; until when each thing may be kept; whether the customer was a member
//! since the present version took effect. All of it flatters the peers, whose languages have no calendar periods.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use nattoku_model::Policy;
use nattoku_model::event::{By, Event, Recorded};
use nattoku_model::law::OwnConsent;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{RetentionStart, Versions};

/// The last instant at which the version before governs what was acquired.
const TURNING_POINT: i64 = 1_575_990_000;

/// A thing held.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) category: CategoryName,
    pub(crate) source: String,
    at: Timestamp,
    /// In whole seconds, rounded down: enough to tell which version governs.
    pub(crate) acquired: i64,
    /// In whole seconds, rounded up; none while a contract is alive on whose end the period waits.
    pub(crate) expires: Option<i64>,
}

/// A customer now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// By item: the wording of a consent that counts.
    pub(crate) consents: BTreeMap<String, String>,
    pub(crate) declined: BTreeSet<String>,
    pub(crate) alive: BTreeSet<String>,
    pub(crate) ended: BTreeMap<String, Timestamp>,
    pub(crate) was_member: bool,
    pub(crate) held: Vec<Held>,
    pub(crate) erased: BTreeSet<String>,
    pub(crate) stopped: BTreeSet<String>,
}

impl Known {
    pub(crate) fn of(versions: &Versions, events: &[Recorded]) -> Self {
        let mut ordered: Vec<&Recorded> = events.iter().collect();
        ordered.sort_by_key(|e| (e.at, e.revision));
        let policy = versions.current();
        let mut known = Self::default();
        let born = events.iter().find_map(|e| match &e.event {
            Event::PrincipalRegistered { born, .. } => *born,
            _ => None,
        });
        for recorded in ordered {
            known.take(policy, recorded, born);
        }
        let expiries: Vec<Option<i64>> = known.held.iter().map(|held| known.expires(policy, held)).collect();
        known.held.iter_mut().zip(expiries).for_each(|(held, expires)| held.expires = expires);
        known
    }

    fn take(&mut self, policy: &Policy, recorded: &Recorded, born: Option<Date>) {
        match &recorded.event {
            Event::RelationshipStarted { relationship } => {
                self.alive.insert(relationship.to_string());
                self.was_member |= relationship.as_str() == "club";
            }
            Event::RelationshipEnded { relationship } => {
                self.alive.remove(relationship.as_str());
                self.ended.insert(relationship.to_string(), recorded.at);
                if relationship.as_str() == "club" && recorded.at.as_second() <= TURNING_POINT {
                    self.was_member = false;
                }
            }
            Event::DataAcquired { category, source, .. } => self.held.push(Held {
                category: category.clone(),
                source: source.to_string(),
                at: recorded.at,
                acquired: recorded.at.as_second(),
                expires: None,
            }),
            Event::DataErased { category } => {
                self.held.retain(|held| !category.covers(&held.category));
                self.erased.insert(category.to_string());
            }
            Event::RestrictionPlaced { categories, .. } => {
                self.stopped.extend(categories.iter().map(ToString::to_string));
            }
            Event::ChoiceDeclined { choice, .. } => _ = self.declined.insert(choice.to_string()),
            Event::ChoiceRestored { choice, .. } => _ = self.declined.remove(choice.as_str()),
            Event::ConsentGranted { item, text_version, by, .. } => {
                self.consents.remove(item.as_str());
                let guardian = policy.consents.get(item).and_then(|item| policy.guardian_of(item));
                let zone = policy.timezone.clone();
                let today = recorded.at.to_zoned_datetime(zone).date();
                let counts = match (by, guardian) {
                    (By::Principal, Some(guardian)) => {
                        born.is_some_and(|born| guardian.own_consent(age(born, today)) == OwnConsent::Counts)
                    }
                    _ => true,
                };
                if counts {
                    self.consents.insert(item.to_string(), text_version.to_string());
                }
            }
            Event::ConsentWithdrawn { item, .. } => _ = self.consents.remove(item.as_str()),
            _ => {}
        }
    }

    /// When the first of the rules about a thing says that it should be gone.
    fn expires(&self, policy: &Policy, held: &Held) -> Option<i64> {
        let rules = policy.retention_within(&held.category).filter_map(|rule| {
            let start = match &rule.after {
                RetentionStart::Acquired => held.at,
                RetentionStart::Ended(ties) if ties.iter().any(|t| self.alive.contains(t.as_str())) => {
                    return None;
                }
                RetentionStart::Ended(ties) => ties
                    .iter()
                    .filter_map(|t| self.ended.get(t.as_str()))
                    .copied()
                    .fold(held.at, Timestamp::max),
            };
            let end = rule.period.after(start, &policy.timezone);
            Some(end.as_second() + i64::from(end.subsec_nanosecond() > 0))
        });
        rules.min()
    }

    /// What is held of a category.
    pub(crate) fn of_category(&self, category: &CategoryName) -> Vec<&Held> {
        self.held.iter().filter(|held| category.covers(&held.category)).collect()
    }
}

fn age(born: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}
