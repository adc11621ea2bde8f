//! Consent items: how each stands, granting and withdrawing (R41, R42, R46, R53).

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_model::event::{By, Event, Recorded, Revision};
use nattoku_model::history::{ConsentAct, History};
use nattoku_model::name::{ConsentName, WordingName};
use nattoku_model::{Language, Policy, Reason, Verdict};
use nattoku_policy::diagnostic::Words;

use crate::dashboard::WillAct;
use crate::error::OperationError;
use crate::names::declared;
use crate::nattoku::{Nattoku, Receipt, WillRequest};

/// How a consent item stands, as the decision sees it (R51).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentStatus {
    /// Given, and it counts.
    Given,
    /// Withdrawn, or refused without ever having been given (R52).
    Withdrawn,
    /// Never asked, or never answered (R48).
    NeverGiven,
    /// Given, but its time is over.
    Expired,
    /// Given, but to a wording that no longer counts (R42).
    WordingReplaced,
    /// Given, but a person must judge whether it counts, or somebody else must give it (CAP-1, R55).
    NotCounted,
}

/// The wording agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedText {
    /// Its version.
    pub version: WordingName,
    /// When it was agreed to.
    pub at: Timestamp,
}

/// A consent item with its state and its past.
#[derive(Debug, Clone)]
pub struct ConsentState {
    /// The item.
    pub item: ConsentName,
    /// How it stands.
    pub status: ConsentStatus,
    /// Why, by the decision's reason.
    pub reason: Reason,
    /// The newest act, if there was one.
    pub last: Option<WillAct>,
    /// The wording agreed to, while a grant is the newest act.
    pub agreed: Option<GrantedText>,
    /// Every act, newest first (R47).
    pub acts: Vec<WillAct>,
}

impl ConsentState {
    /// Whether it stands refused: the newest act says no, and nothing was ever given.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.last.as_ref().is_some_and(|act| act.refuses(&self.acts))
    }
}

impl Nattoku {
    /// Every consent item with its state, in the policy's order of names (R46).
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn consents(&self, principal: &str) -> Result<Vec<ConsentState>, OperationError> {
        let policy = self.policy();
        self.with_history(principal, |history| {
            policy.consents.keys().map(|item| consent_state(policy, history, item)).collect()
        })
    }

    /// One consent item with its state.
    ///
    /// # Errors
    /// Where the policy declares no such item, the ledger knows no such principal, or it cannot be read.
    pub fn consent(&self, principal: &str, item: &str) -> Result<ConsentState, OperationError> {
        let item = self.consent_name(item)?;
        self.with_history(principal, |history| consent_state(self.policy(), history, &item))
    }

    /// Records that the principal agrees to today's wording of an item. Granting again is a new consent (R53).
    ///
    /// # Errors
    /// Where the policy declares no such item, the ledger knows no such principal, or it cannot be written.
    pub fn grant_consent(
        &self,
        principal: &str,
        item: &str,
        will: &WillRequest,
        evidence: Option<&str>,
    ) -> Result<Receipt, OperationError> {
        let item = self.consent_name(item)?;
        let text_version = self.policy().consents.get(&item).map(|c| c.text.clone());
        let text_version = text_version.unwrap_or_else(|| WordingName::from(""));
        self.append_act(
            principal,
            will,
            |history| newest_act(history, &item),
            |_| {
                Ok(Event::ConsentGranted {
                    item: item.clone(),
                    text_version: text_version.clone(),
                    language: will.language,
                    channel: will.channel.clone(),
                    by: will.by.clone(),
                    until: None,
                    evidence: evidence.map(str::to_owned),
                })
            },
            |event| {
                matches!(event, Event::ConsentGranted { item: of, channel, by, language, evidence: seen, .. }
                    if *of == item && will.is(channel, by) && *language == will.language && seen.as_deref() == evidence)
            },
        )
    }

    /// Records that the principal withdraws an item, or refuses one that was never given: a refusal that comes first is one too
    /// (R52), and whoever asks from then on is told no rather than to ask. Saying no twice is refused: nothing would change.
    ///
    /// # Errors
    /// As for granting; and where the newest act is a withdrawal or a refusal already.
    pub fn withdraw_consent(
        &self,
        principal: &str,
        item: &str,
        will: &WillRequest,
    ) -> Result<Receipt, OperationError> {
        let item = self.consent_name(item)?;
        self.append_act(
            principal,
            will,
            |history| newest_act(history, &item),
            |history| {
                if matches!(history.consent(&item), Some(ConsentAct::Withdrawn { .. })) {
                    return Err(OperationError::Refused(Words::new(
                        format!("`{item}` はすでに撤回されたか断られているため、変わるものがありません"),
                        format!("`{item}` is withdrawn or refused already, so nothing would change"),
                    )));
                }
                let (channel, by) = (will.channel.clone(), will.by.clone());
                Ok(Event::ConsentWithdrawn { item: item.clone(), channel, by })
            },
            |event| {
                matches!(event, Event::ConsentWithdrawn { item: of, channel, by }
                    if *of == item && will.is(channel, by))
            },
        )
    }

    fn consent_name(&self, item: &str) -> Result<ConsentName, OperationError> {
        declared("consent item", item, &self.policy().consents)
    }
}

/// How an item stands in a history.
pub(crate) fn consent_state(policy: &Policy, history: &History<'_>, item: &ConsentName) -> ConsentState {
    let standing = nattoku_spec::consent_standing(policy, history, item);
    let status = match (standing.verdict, standing.reason) {
        (Verdict::Permit, _) => ConsentStatus::Given,
        (_, Reason::Withdrawn) => ConsentStatus::Withdrawn,
        (_, Reason::ConsentMissing) => ConsentStatus::NeverGiven,
        (_, Reason::ConsentExpired) => ConsentStatus::Expired,
        (_, Reason::WordingNotAccepted) => ConsentStatus::WordingReplaced,
        _ => ConsentStatus::NotCounted,
    };
    let agreed = match history.consent(item) {
        Some(ConsentAct::Granted { text_version, at, .. }) => Some(GrantedText { version: text_version, at }),
        _ => None,
    };
    let acts: Vec<WillAct> = history.events().rev().filter_map(|e| consent_act(e, item)).collect();
    ConsentState {
        item: item.clone(),
        status,
        reason: standing.reason,
        last: acts.first().cloned(),
        agreed,
        acts,
    }
}

/// Those of a principal's own events that refuse a consent item which had never been given, rather than taking back what had (R52).
/// By itself no withdrawal tells: `events` are all there are.
#[must_use]
pub fn refusals<'e>(events: impl IntoIterator<Item = &'e Recorded>) -> BTreeSet<Revision> {
    let mut in_order: Vec<&Recorded> = events.into_iter().collect();
    in_order.sort_by_key(|recorded| (recorded.at, recorded.revision));
    let (mut given, mut refusals) = (BTreeSet::new(), BTreeSet::new());
    for recorded in in_order {
        match &recorded.event {
            Event::ConsentGranted { item, .. } => {
                given.insert(item);
            }
            Event::ConsentWithdrawn { item, .. } if !given.contains(item) => {
                refusals.insert(recorded.revision);
            }
            _ => {}
        }
    }
    refusals
}

fn newest_act(history: &History<'_>, item: &ConsentName) -> Option<Revision> {
    history.events().rev().find_map(|e| consent_act(e, item)).map(|act| act.revision)
}

fn consent_act(recorded: &Recorded, item: &ConsentName) -> Option<WillAct> {
    let (allows, channel, by, text_version, language) = match &recorded.event {
        Event::ConsentGranted { item: i, channel, by, text_version, language, .. } if i == item => {
            (true, channel, by, Some(text_version.clone()), Some(*language))
        }
        Event::ConsentWithdrawn { item: i, channel, by } if i == item => (false, channel, by, None, None),
        _ => return None,
    };
    Some(will_act(recorded, allows, channel, by, text_version, language))
}

/// An act of will out of its event.
pub(crate) fn will_act(
    recorded: &Recorded,
    allows: bool,
    channel: &str,
    by: &By,
    text_version: Option<WordingName>,
    language: Option<Language>,
) -> WillAct {
    let revision: Revision = recorded.revision;
    WillAct {
        revision,
        at: recorded.at,
        recorded_at: recorded.recorded_at,
        allows,
        channel: channel.to_owned(),
        by: by.clone(),
        text_version,
        language,
    }
}
