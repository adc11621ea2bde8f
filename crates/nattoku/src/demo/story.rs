//! The story of one customer, told event by event.

use jiff::Timestamp;
use jiff::civil::Date;
use nattoku_model::Language;
use nattoku_model::event::{By, Event};
use nattoku_model::name::WordingName;
use nattoku_store::NewEvent;

use super::looks::Look;

/// The events of one customer so far.
pub(crate) struct Story {
    principal: String,
    events: Vec<NewEvent>,
}

impl Story {
    /// A customer of whom nothing is known yet.
    pub(crate) fn of(principal: impl Into<String>) -> Self {
        Self { principal: principal.into(), events: Vec::new() }
    }

    /// All that happened by `now`.
    pub(crate) fn told_by(self, now: Timestamp) -> impl Iterator<Item = NewEvent> {
        self.events.into_iter().filter(move |e| e.at <= now && e.recorded_at.is_none_or(|known| known <= now))
    }

    /// Something that the ledger knew at once.
    pub(crate) fn tell(&mut self, at: Timestamp, event: Event) {
        self.tell_late(at, at, event);
    }

    /// Something that the ledger came to know later: a paper form keyed days after it was signed (R11).
    pub(crate) fn tell_late(&mut self, at: Timestamp, recorded_at: Timestamp, event: Event) {
        self.events.push(NewEvent {
            id: None,
            principal: Some(self.principal.clone()),
            at,
            recorded_at: Some(recorded_at.max(at)),
            event,
        });
    }

    /// The customer becomes known.
    pub(crate) fn register(&mut self, at: Timestamp, born: Option<Date>, unknown: &[&str]) {
        let unknown_relationships = unknown.iter().map(|r| (*r).into()).collect();
        let residence = Some("JP".to_owned());
        self.tell(at, Event::PrincipalRegistered { born, residence, unknown_relationships });
    }

    /// A relationship begins.
    pub(crate) fn start(&mut self, at: Timestamp, relationship: &str) {
        self.tell(at, Event::RelationshipStarted { relationship: relationship.into() });
    }

    /// A relationship ends.
    pub(crate) fn end(&mut self, at: Timestamp, relationship: &str) {
        self.tell(at, Event::RelationshipEnded { relationship: relationship.into() });
    }

    /// Data are acquired, and known to the ledger at `recorded_at`.
    pub(crate) fn acquire_late(
        &mut self,
        at: Timestamp,
        recorded_at: Timestamp,
        source: &str,
        categories: &[&str],
    ) {
        for category in categories {
            let event = Event::DataAcquired {
                category: (*category).into(),
                source: source.into(),
                entrusted_from: None,
                policy_version: None,
            };
            self.tell_late(at, recorded_at, event);
        }
    }

    /// Data are acquired.
    pub(crate) fn acquire(&mut self, at: Timestamp, source: &str, categories: &[&str]) {
        self.acquire_late(at, at, source, categories);
    }

    /// A consent is given to a wording.
    pub(crate) fn grant(
        &mut self,
        at: Timestamp,
        recorded_at: Timestamp,
        item: &str,
        wording: &str,
        channel: &str,
        by: By,
    ) {
        let event = Event::ConsentGranted {
            item: item.into(),
            text_version: WordingName::from(wording),
            language: Language::Ja,
            channel: channel.to_owned(),
            by,
            until: None,
            evidence: (channel == "shop").then(|| format!("form {}", at.as_second() % 1_000_000)),
        };
        self.tell_late(at, recorded_at, event);
    }

    /// A consent is withdrawn.
    pub(crate) fn withdraw(&mut self, at: Timestamp, item: &str, channel: &str, by: By) {
        self.tell(at, Event::ConsentWithdrawn { item: item.into(), channel: channel.to_owned(), by });
    }

    /// A choice is declined.
    pub(crate) fn decline(&mut self, at: Timestamp, choice: &str, channel: &str) {
        let event =
            Event::ChoiceDeclined { choice: choice.into(), channel: channel.to_owned(), by: By::Principal };
        self.tell(at, event);
    }

    /// A declined choice is taken back.
    pub(crate) fn restore(&mut self, at: Timestamp, choice: &str, channel: &str) {
        let event =
            Event::ChoiceRestored { choice: choice.into(), channel: channel.to_owned(), by: By::Principal };
        self.tell(at, event);
    }

    /// Somebody looks at data.
    pub(crate) fn view(&mut self, at: Timestamp, look: &Look, categories: &[&str]) {
        let event = Event::DataViewed {
            application: look.application.into(),
            department: look.department.into(),
            role: look.role.into(),
            activity: look.activity.into(),
            categories: categories.iter().map(|c| (*c).into()).collect(),
            reason: look.reason.into(),
        };
        self.tell(at, event);
    }

    /// Data are provided to somebody else.
    pub(crate) fn provide(
        &mut self,
        at: Timestamp,
        recipient: &str,
        activity: &str,
        categories: &[&str],
        basis: &str,
    ) {
        let event = Event::DataProvided {
            recipient: recipient.into(),
            activity: activity.into(),
            categories: categories.iter().map(|c| (*c).into()).collect(),
            basis: basis.to_owned(),
        };
        self.tell(at, event);
    }
}
