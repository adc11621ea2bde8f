//! What the Personal Data Dashboard shows: what is held and where from, what is allowed, to whom it went, and which version
//! governs (R46, R51, R57). The same fold as the decision's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nattoku_model::event::{By, Event, Recorded, Revision};
use nattoku_model::history::{History, Holding};
use nattoku_model::name::{CategoryName, EntrusterName, RecipientName, SourceName, VersionName, WordingName};
use nattoku_model::policy::{Class, Period};
use nattoku_model::{Language, Reason};

use crate::consents::{ConsentStatus, refusals};
use crate::error::OperationError;
use crate::issue_receipt::is_will;
use crate::nattoku::{Nattoku, Receipt};

/// Events shown on the home page.
const RECENT: usize = 5;

/// The home page's figures.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Categories held.
    pub held: usize,
    /// Sources they came from.
    pub sources: usize,
    /// Consent items given, of all.
    pub consents_given: usize,
    /// Consent items there are.
    pub consents_total: usize,
    /// Choices declined, of all that may be.
    pub choices_declined: usize,
    /// Choices there are that may be declined.
    pub choices_total: usize,
    /// To whom data were provided.
    pub recipients: BTreeSet<RecipientName>,
    /// The newest events, newest first.
    pub recent: Vec<Recorded>,
    /// Those of all events that refuse what had never been given.
    pub refusals: BTreeSet<Revision>,
    /// The versions that govern what is held, with the reason of each.
    pub governing: Vec<GoverningLine>,
}

/// A version that governs some of what is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoverningLine {
    /// The version.
    pub version: VersionName,
    /// Acquired from this instant on.
    pub acquired_from: Option<Timestamp>,
    /// Acquired before this instant.
    pub acquired_before: Option<Timestamp>,
    /// Why.
    pub reason: Reason,
}

/// A category held, with each acquisition of it.
#[derive(Debug, Clone)]
pub struct HeldCategory {
    /// The category.
    pub category: CategoryName,
    /// Its legal classes.
    pub classes: BTreeSet<Class>,
    /// Its acquisitions, newest first.
    pub lines: Vec<HeldLine>,
}

/// One acquisition.
#[derive(Debug, Clone)]
pub struct HeldLine {
    /// Its event.
    pub revision: Option<Revision>,
    /// Where it came from.
    pub source: Option<SourceName>,
    /// The business that entrusted it.
    pub entrusted_from: Option<EntrusterName>,
    /// When.
    pub acquired: Timestamp,
    /// The version that governs it, and why.
    pub governing: GoverningLine,
    /// Until when it may be kept, where that is settled.
    pub kept_until: Option<Timestamp>,
    /// For how long it may be kept, once the clock runs.
    pub retention: Option<Period>,
}

/// An act of the principal's will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WillAct {
    /// Its event.
    pub revision: Revision,
    /// When it happened.
    pub at: Timestamp,
    /// When the ledger came to know of it.
    pub recorded_at: Timestamp,
    /// Whether it allows (granted, restored) or stops (withdrawn, declined).
    pub allows: bool,
    /// By which channel.
    pub channel: String,
    /// Who expressed it.
    pub by: By,
    /// The wording agreed to.
    pub text_version: Option<WordingName>,
    /// The language it was shown in.
    pub language: Option<Language>,
}

impl WillAct {
    /// Whether it refuses what had never been given, rather than taking back what had. `acts` are all those about the same
    /// consent item, newest first.
    #[must_use]
    pub fn refuses(&self, acts: &[Self]) -> bool {
        let older = acts.iter().skip_while(|act| act.revision != self.revision);
        !self.allows && !older.into_iter().any(|act| act.allows)
    }
}

/// A receipt as shown again.
#[derive(Debug, Clone)]
pub struct ReceiptView {
    /// Its number and time.
    pub receipt: Receipt,
    /// The event it is for.
    pub recorded: Recorded,
}

impl ReceiptView {
    /// The receipt of an event; none where it is no act of a principal's will.
    #[must_use]
    pub fn of(recorded: &Recorded) -> Option<Self> {
        is_will(&recorded.event).then(|| Self {
            receipt: Receipt { revision: recorded.revision, recorded_at: recorded.recorded_at },
            recorded: recorded.clone(),
        })
    }
}

impl Nattoku {
    /// The figures of a principal's home page.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn overview(&self, principal: &str) -> Result<Overview, OperationError> {
        let held = self.holdings(principal)?;
        let consents = self.consents(principal)?;
        let choices = self.choices(principal)?;
        let history = self.history(principal)?;
        let lines = || held.iter().flat_map(|h| &h.lines);
        let is_refusable = |name| {
            self.policy()
                .choices
                .get(name)
                .is_some_and(|c| c.refusability != nattoku_model::policy::Refusability::NotRefusable)
        };
        Ok(Overview {
            held: held.len(),
            sources: lines().filter_map(|l| l.source.as_ref()).collect::<BTreeSet<_>>().len(),
            consents_given: consents.iter().filter(|c| c.status == ConsentStatus::Given).count(),
            consents_total: consents.len(),
            choices_declined: choices.iter().filter(|c| c.declined).count(),
            choices_total: choices.iter().filter(|c| is_refusable(&c.choice)).count(),
            recipients: recipients(&history),
            governing: self.with_history(principal, |history| self.governing_lines(history))?,
            refusals: refusals(&history),
            recent: history.into_iter().rev().take(RECENT).collect(),
        })
    }

    /// What is held of a principal, by category, with where it came from, what governs it and until when it is kept.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn holdings(&self, principal: &str) -> Result<Vec<HeldCategory>, OperationError> {
        let policy = self.policy();
        self.with_history(principal, |history| {
            let mut held: BTreeMap<CategoryName, Vec<HeldLine>> = BTreeMap::new();
            for holding in all_holdings(self, history) {
                held.entry(holding.category.clone()).or_default().push(self.held_line(history, holding));
            }
            held.into_iter()
                .map(|(category, mut lines)| {
                    lines.sort_by_key(|line| std::cmp::Reverse(line.acquired));
                    HeldCategory { classes: policy.classes_of(&category), category, lines }
                })
                .collect()
        })
    }

    fn held_line(&self, history: &History<'_>, holding: Holding) -> HeldLine {
        let governing = self.governing_line(history, holding.acquired);
        let version = self.versions().get(&governing.version).filter(|version| !version.text_absent);
        let policy = version.unwrap_or_else(|| self.policy());
        let ends: Vec<_> = nattoku_spec::retention_ends(policy, history, &holding).collect();
        HeldLine {
            revision: holding.revision,
            acquired: holding.acquired,
            governing,
            kept_until: ends.iter().filter_map(|(_, end)| *end).min(),
            retention: ends.iter().map(|(rule, _)| rule.period).min(),
            source: holding.source,
            entrusted_from: holding.entrusted_from,
        }
    }

    /// The versions that govern what is held, as seen from the instant of the history, and what is acquired at that instant.
    pub(crate) fn governing_lines(&self, history: &History<'_>) -> Vec<GoverningLine> {
        let held = all_holdings(self, history).into_iter().map(|holding| holding.acquired);
        let lines: BTreeSet<GoverningLine> =
            held.chain([history.at]).map(|acquired| self.governing_line(history, acquired)).collect();
        lines.into_iter().rev().collect()
    }

    fn governing_line(&self, history: &History<'_>, acquired: Timestamp) -> GoverningLine {
        let (era, answer) = nattoku_spec::governing(self.versions(), history, acquired);
        GoverningLine {
            version: era.governing,
            acquired_from: era.acquired_from,
            acquired_before: era.acquired_before,
            reason: answer.reason,
        }
    }

    /// The receipt of an act of a principal's will; none where the event is not theirs or is no such act.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn receipt(
        &self,
        principal: &str,
        revision: Revision,
    ) -> Result<Option<ReceiptView>, OperationError> {
        Ok(self.receipts(principal)?.into_iter().find(|view| view.receipt.revision == revision))
    }

    /// The receipts of all acts of a principal's will, newest first.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn receipts(&self, principal: &str) -> Result<Vec<ReceiptView>, OperationError> {
        let mut events = self.history(principal)?;
        events.sort_by_key(|recorded| std::cmp::Reverse(recorded.revision));
        Ok(events.iter().filter_map(ReceiptView::of).collect())
    }
}

/// Every holding, of categories that the policy declares.
fn all_holdings(nattoku: &Nattoku, history: &History<'_>) -> Vec<Holding> {
    let roots = nattoku.policy().categories.keys().filter(|c| c.parent().is_none());
    roots.flat_map(|root| history.holdings(root)).collect()
}

fn recipients(history: &[Recorded]) -> BTreeSet<RecipientName> {
    let provided = history.iter().filter_map(|e| match &e.event {
        Event::DataProvided { recipient, .. } => Some(recipient.clone()),
        _ => None,
    });
    provided.collect()
}
