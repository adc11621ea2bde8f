//! Appending events whose names the policy declares. Nothing else writes to the ledger.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use nattoku_model::Language;
use nattoku_model::event::{Event, Revision};
use nattoku_model::history::History;
use nattoku_model::name::{CategoryName, DepartmentName, PublicationName, RoleName, WordingName};
use nattoku_model::policy::{Refusability, Versions};
use nattoku_policy::diagnostic::Words;
use nattoku_store::{Appended, EventError, EventId, NewEvent, PrincipalView, StoreError};

use crate::error::{OperationError, Undeclared};
use crate::names::Names;
use crate::nattoku::{Nattoku, Receipt, WillRequest};

impl Nattoku {
    /// Appends events that happened before, all of them or none. `keep_recorded_at` takes the times at which another ledger
    /// came to know them, for a migration.
    ///
    /// # Errors
    /// Where an event names what the policy does not declare, or the store refuses it or cannot be written.
    pub fn record_events(&self, events: &[NewEvent], keep_recorded_at: bool) -> Result<(), OperationError> {
        for event in events {
            check_event(self.versions(), &event.event)
                .map_err(|refused| OperationError::Refused(refused.words))?;
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
        self.holds_its_place()?;
        self.store.append(events, self.now(), keep_recorded_at)
    }

    /// The same of what happens at an instant [after all that is recorded](Self::after_all_recorded).
    pub(crate) fn append_at(&self, events: &[NewEvent], at: Timestamp) -> Result<Vec<Appended>, StoreError> {
        self.holds_its_place()?;
        self.store.append(events, at, false)
    }

    /// What is written to a file that was moved away nobody would read. Of a server that is asked when the ledger is read anew.
    fn holds_its_place(&self) -> Result<(), StoreError> {
        self.store.file().map_or(Ok(()), |_| self.store.is_in_its_place())
    }

    /// Appends an act of a principal's will that happens now, and answers once it is durable.
    ///
    /// `act` says what is done, over the history as it stands, or why it is not; `newest_act` finds the newest act on the same
    /// item. What is appended is appended to just that history: where something else came in between, it is looked at anew. `done`
    /// tells whether an event is what this act would have left: if its sender has sent it before, that is its answer.
    pub(crate) fn append_act(
        &self,
        principal: &str,
        will: &WillRequest,
        newest_act: impl Fn(&History<'_>) -> Option<Revision>,
        act: impl Fn(&History<'_>) -> Result<Event, OperationError>,
        done: impl Fn(&Event) -> bool,
    ) -> Result<Receipt, OperationError> {
        self.holds_its_place()?;
        let decide = |view: &PrincipalView| {
            if !view.known {
                return Err(OperationError::unknown_principal(principal));
            }
            let at = self.after_all_recorded(view.recorded_at);
            let history = History::new(&view.events, at, None);
            let is_seen = will.seen.is_none_or(|seen| newest_act(&history).unwrap_or_default() == seen);
            let event = if is_seen { act(&history)? } else { return Err(OperationError::Changed) };
            check_event(self.versions(), &event).map_err(|refused| OperationError::Refused(refused.words))?;
            Ok((NewEvent::about(principal, at, event), at))
        };
        for _ in 0..ATTEMPTS {
            let (mut sent, mut refused) = (None, None);
            // Of one revision: what stands against an act is never this very act, sent before and written since it was looked for.
            let appended = self.store.append_decided(principal, will.id.as_ref(), &mut |view, of_id| {
                sent = of_id;
                if of_id.is_some() {
                    return None;
                }
                decide(view).map_err(|error| refused = Some(error)).ok()
            });
            match (appended, refused) {
                (_, Some(refused)) => return Err(refused),
                (Ok(Some(Appended { revision, recorded_at, .. })), None) => {
                    return Ok(Receipt { revision, recorded_at });
                }
                (Ok(None), None) => {
                    let (Some(revision), Some(id)) = (sent, &will.id) else { break };
                    return self.done_before(principal, id, revision, done);
                }
                // It may be this very act that came in between, sent twice at once.
                (Err(StoreError::Changed | StoreError::Conflict { .. }), None) => {}
                (Err(StoreError::Refused { error, .. }), None) => {
                    return Err(OperationError::Refused(problem_of(&error)));
                }
                (Err(error), None) => return Err(error.into()),
            }
        }
        Err(OperationError::Changed)
    }
}

impl Nattoku {
    /// The receipt of an act that its sender has sent before under the same id, where that is what stands at a revision.
    fn done_before(
        &self,
        principal: &str,
        id: &EventId,
        revision: Revision,
        done: impl Fn(&Event) -> bool,
    ) -> Result<Receipt, OperationError> {
        match self.store.event_at(revision)? {
            Some(line) if line.principal.as_deref() == Some(principal) && done(&line.recorded.event) => {
                Ok(Receipt { revision, recorded_at: line.recorded.recorded_at })
            }
            _ => Err(OperationError::Conflict { id: id.0.clone(), revision: revision.0 }),
        }
    }

    /// The present instant, but after everything that is recorded, even should the clock have stopped or gone back: so that
    /// what is done last counts last, and doing the same again is never taken for the event that is there already.
    /// `newest` is when the newest event was recorded.
    pub(crate) fn after_all_recorded(&self, newest: Option<Timestamp>) -> Timestamp {
        let next = newest.and_then(|last| last.checked_add(SignedDuration::from_micros(1)).ok());
        self.now().max(next.unwrap_or(Timestamp::MIN))
    }
}

/// How often an act is tried anew while other things are recorded about the same principal.
const ATTEMPTS: usize = 8;

/// What the store says of an event, in both languages.
pub(crate) fn problem_of(error: &EventError) -> Words {
    Words::new(error.message(Language::Ja), error.message(Language::En))
}

/// An event that the policy refuses.
pub(crate) struct RefusedEvent {
    /// The field that is at fault.
    pub(crate) field: &'static str,
    /// What is wrong with it.
    pub(crate) words: Words,
}

/// The field in which a kind of name stands.
fn field_of(what: &'static str) -> &'static str {
    match what {
        "consent item" => "item",
        "policy version" => "policy_version",
        "entruster" => "entrusted_from",
        "reason for a view" => "reason",
        what => what,
    }
}

/// Holds an event's names against the policy: an unknown item, wording or category is refused, never guessed.
pub(crate) fn check_event(versions: &Versions, event: &Event) -> Result<(), RefusedEvent> {
    let mut names = Names::default();
    check_names(versions, event, &mut names);
    if let Some(first) = names.undeclared.first() {
        return Err(RefusedEvent { field: field_of(first.what), words: Words::from(first) });
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
        Event::DataViewed { application, department, role, activity, categories, reason } => {
            names.known(versions, "application", application.as_str(), |p| &p.applications);
            names.known(versions, "department", department.as_str(), |p| &p.departments);
            check_role(versions, department, role, names);
            names.known(versions, "activity", activity.as_str(), |p| &p.activities);
            check_categories(versions, categories, names);
            names.known(versions, "reason for a view", reason.as_str(), |p| &p.view_reasons);
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

/// A role is one of its department; of a department that is not declared nothing more is said.
fn check_role(versions: &Versions, department: &DepartmentName, role: &RoleName, names: &mut Names) {
    let policies = versions.oldest_first();
    let mut departments = policies.iter().rev().filter_map(|p| p.departments.get(department)).peekable();
    let Some(newest) = departments.peek().copied() else { return };
    if !departments.any(|department| department.roles.contains_key(role)) {
        names.undeclared.push(Undeclared::new(
            "role",
            role.as_str(),
            newest.roles.keys().map(RoleName::as_str),
        ));
    }
}

fn check_publication(versions: &Versions, publication: &str, names: &mut Names) {
    let policies = versions.oldest_first();
    let known = || {
        let joint = policies.iter().flat_map(|p| p.joint_uses.keys());
        joint.chain(policies.iter().flat_map(|p| p.anonymized_sets.keys())).map(PublicationName::as_str)
    };
    if !known().any(|name| name == publication) {
        names.undeclared.push(Undeclared::new("publication", publication, known()));
    }
}

/// What the policy says about an act of will: the wording must be one that was shown, the choice one that may be declined.
fn check_acts(versions: &Versions, event: &Event) -> Result<(), RefusedEvent> {
    match event {
        Event::ConsentGranted { item, text_version, .. } => {
            let shown: BTreeSet<&str> = versions
                .oldest_first()
                .into_iter()
                .filter_map(|policy| policy.consents.get(item))
                .flat_map(|declared| declared.wordings.keys().map(WordingName::as_str))
                .collect();
            if shown.contains(text_version.as_str()) {
                return Ok(());
            }
            let known = shown.into_iter().collect::<Vec<_>>().join(", ");
            let words = Words::new(
                format!("`{item}` に文面の版 `{text_version}` はありません（あるのは {known}）"),
                format!("`{item}` has no text version `{text_version}`; it has {known}"),
            );
            Err(RefusedEvent { field: "text_version", words })
        }
        Event::ChoiceDeclined { choice, .. } => {
            let declared = versions.current().choices.get(choice);
            if declared.is_none_or(|c| c.refusability != Refusability::NotRefusable) {
                return Ok(());
            }
            let title = declared.map(|c| &c.title);
            let (ja, en) =
                (title.map_or("", |t| t.get(Language::Ja)), title.map_or("", |t| t.get(Language::En)));
            let words = Words::new(
                format!("`{choice}`（{ja}）は止められない項目です"),
                format!("`{choice}` ({en}) cannot be declined"),
            );
            Err(RefusedEvent { field: "choice", words })
        }
        _ => Ok(()),
    }
}
