//! Appending events whose names the policy declares. Nothing else writes to the ledger.

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::event::Event;
use nattoku_model::name::{CategoryName, PublicationName, WordingName};
use nattoku_model::policy::{Refusability, Versions};
use nattoku_store::{Appended, NewEvent, StoreError};

use crate::error::{OperationError, Undeclared};
use crate::names::Names;
use crate::nattoku::{Nattoku, Receipt};
use nattoku_policy::diagnostic::Words;

impl Nattoku {
    /// Appends events that happened before, all of them or none. `keep_recorded_at` takes the times at which another ledger
    /// came to know them, for a migration.
    ///
    /// # Errors
    /// Where an event names what the policy does not declare, or the store refuses it or cannot be written.
    pub fn record_events(&self, events: &[NewEvent], keep_recorded_at: bool) -> Result<(), OperationError> {
        for event in events {
            check_event(self.versions(), &event.event).map_err(OperationError::Refused)?;
        }
        self.append(events, keep_recorded_at)?;
        Ok(())
    }

    /// Appends events that have been held against the policy: the one way into the ledger.
    pub(crate) fn append(
        &self,
        events: &[NewEvent],
        keep_recorded_at: bool,
    ) -> Result<Vec<Appended>, StoreError> {
        self.store.append(events, self.now(), keep_recorded_at)
    }

    /// Appends something that happens now, and answers once it is durable.
    pub(crate) fn append_now(&self, principal: &str, event: Event) -> Result<Receipt, OperationError> {
        check_event(self.versions(), &event).map_err(OperationError::Refused)?;
        // Should the clock have gone back, what is done now still comes after all that is recorded.
        let at = self.now().max(self.store.last_recorded_at()?.unwrap_or(Timestamp::MIN));
        let appended = self.append(&[NewEvent::about(principal, at, event)], false)?;
        let first = appended.first().map(|a| Receipt { revision: a.revision, recorded_at: a.recorded_at });
        first.ok_or_else(|| {
            OperationError::Refused(Words::new("何も記録されませんでした", "nothing was recorded"))
        })
    }
}

/// Holds an event's names against the policy: an unknown item, wording or category is refused, never guessed.
pub(crate) fn check_event(versions: &Versions, event: &Event) -> Result<(), Words> {
    let mut names = Names::default();
    check_names(versions, event, &mut names);
    if let Some(first) = names.undeclared.first() {
        return Err(Words::from(first));
    }
    check_acts(versions, event)
}

fn check_names(versions: &Versions, event: &Event, names: &mut Names) {
    match event {
        Event::PrincipalRegistered { unknown_relationships, .. } => {
            for relationship in unknown_relationships {
                names.known(versions, "relationship", relationship.as_str(), |p| &p.relationships);
            }
        }
        Event::RelationshipStarted { relationship } | Event::RelationshipEnded { relationship } => {
            names.known(versions, "relationship", relationship.as_str(), |p| &p.relationships);
        }
        Event::DataAcquired { category, source, entrusted_from, policy_version } => {
            names.known(versions, "category", category.as_str(), |p| &p.categories);
            names.known(versions, "source", source.as_str(), |p| &p.sources);
            if let Some(entruster) = entrusted_from {
                names.known(versions, "entruster", entruster.as_str(), |p| &p.entrusters);
            }
            if let Some(version) = policy_version {
                check_version(versions, version.as_str(), names);
            }
        }
        Event::DataErased { category } => {
            names.known(versions, "category", category.as_str(), |p| &p.categories);
        }
        Event::NoticeGiven { policy_version, .. } => check_version(versions, policy_version.as_str(), names),
        Event::PolicyPublished { version, .. } => check_version(versions, version.as_str(), names),
        Event::ConsentGranted { item, .. } | Event::ConsentWithdrawn { item, .. } => {
            names.known(versions, "consent item", item.as_str(), |p| &p.consents);
        }
        Event::ChoiceDeclined { choice, .. } | Event::ChoiceRestored { choice, .. } => {
            names.known(versions, "choice", choice.as_str(), |p| &p.choices);
        }
        Event::DataUsed { application, activity, categories } => {
            names.known(versions, "application", application.as_str(), |p| &p.applications);
            names.known(versions, "activity", activity.as_str(), |p| &p.activities);
            check_categories(versions, categories, names);
        }
        Event::DataProvided { recipient, activity, categories, .. } => {
            names.known(versions, "recipient", recipient.as_str(), |p| &p.recipients);
            names.known(versions, "activity", activity.as_str(), |p| &p.activities);
            check_categories(versions, categories, names);
        }
        Event::DataReceived { source, activity, categories, .. } => {
            names.known(versions, "source", source.as_str(), |p| &p.sources);
            names.known(versions, "activity", activity.as_str(), |p| &p.activities);
            check_categories(versions, categories, names);
        }
        Event::RestrictionPlaced { categories, .. } | Event::RestrictionLifted { categories, .. } => {
            check_categories(versions, categories, names);
        }
        Event::RecipientAssessed { recipient }
        | Event::RecipientSupervised { recipient }
        | Event::RecipientSuspended { recipient }
        | Event::RecipientEnded { recipient } => {
            names.known(versions, "recipient", recipient.as_str(), |p| &p.recipients);
        }
        Event::PublicationPublished { publication } => {
            check_publication(versions, publication.as_str(), names);
        }
        Event::GuardianLinked { .. } => {}
    }
}

fn check_categories(versions: &Versions, categories: &[CategoryName], names: &mut Names) {
    for category in categories {
        names.known(versions, "category", category.as_str(), |p| &p.categories);
    }
}

fn check_version(versions: &Versions, version: &str, names: &mut Names) {
    let known = versions.oldest_first();
    if !known.iter().any(|p| p.version.as_str() == version) {
        let known = known.iter().map(|p| p.version.as_str());
        names.undeclared.push(Undeclared::new("policy version", version, known));
    }
}

fn check_publication(versions: &Versions, publication: &str, names: &mut Names) {
    let policy = versions.current();
    let known = || {
        let joint = policy.joint_uses.keys().map(PublicationName::as_str);
        joint.chain(policy.anonymized_sets.keys().map(PublicationName::as_str))
    };
    if !known().any(|name| name == publication) {
        names.undeclared.push(Undeclared::new("publication", publication, known()));
    }
}

/// What the policy says about an act of will: the wording must be one that was shown, the choice one that may be declined.
fn check_acts(versions: &Versions, event: &Event) -> Result<(), Words> {
    let policy = versions.current();
    match event {
        Event::ConsentGranted { item, text_version, .. } => {
            let Some(declared) = policy.consents.get(item) else { return Ok(()) };
            if declared.wordings.contains_key(text_version) {
                return Ok(());
            }
            let known: Vec<&str> = declared.wordings.keys().map(WordingName::as_str).collect();
            let known = known.join(", ");
            Err(Words::new(
                format!("`{item}` に文面の版 `{text_version}` はありません（あるのは {known}）"),
                format!("`{item}` has no text version `{text_version}`; it has {known}"),
            ))
        }
        Event::ChoiceDeclined { choice, .. } => {
            let declared = policy.choices.get(choice);
            if declared.is_none_or(|c| c.refusability != Refusability::NotRefusable) {
                return Ok(());
            }
            let title = declared.map(|c| &c.title);
            let (ja, en) =
                (title.map_or("", |t| t.get(Language::Ja)), title.map_or("", |t| t.get(Language::En)));
            Err(Words::new(
                format!("`{choice}`（{ja}）は止められない項目です"),
                format!("`{choice}` ({en}) cannot be declined"),
            ))
        }
        _ => Ok(()),
    }
}
