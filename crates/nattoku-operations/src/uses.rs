//! What every registered use of the policy comes to now for one principal: the dashboard shows what the decision says.
//!
//! One reading of the ledger, then one decision for each act the policy knows, by the activity's first application. Nothing
//! here decides: [`nattoku_spec::decide`] does.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_model::decision::CategoryAnswer;
use nattoku_model::event::{By, Event, Recorded, Revision};
use nattoku_model::history::History;
use nattoku_model::name::{CategoryName, ChoiceName, ConsentName, RecipientName, VersionName};
use nattoku_model::policy::{Act, Minimisation, Versions};
use nattoku_model::request::Request;
use nattoku_model::{Action, Gate, GateAnswer, Language, Reason, Verdict};

use crate::consents::{ConsentState, consent_state};
use crate::error::OperationError;
use crate::nattoku::Nattoku;

/// A principal's past, read once, from which every act can be judged as of now.
pub struct Snapshot<'n> {
    nattoku: &'n Nattoku,
    events: Vec<Recorded>,
    acts: Vec<Act>,
}

/// An act of will that is not done yet, to tell beforehand what it would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreseen {
    /// The principal agrees to today's wording, in the language it is shown in.
    Grant(ConsentName, Language),
    /// The principal takes a declined choice back.
    Restore(ChoiceName),
}

/// An act with what the decision says of it.
#[derive(Debug, Clone)]
pub struct Use {
    /// What is done, for what, and to whom.
    pub act: Act,
    /// The worst of its lines: what a program that asks for all of it at once is answered.
    pub verdict: Verdict,
    /// Each category concerned, in each era of its acquisition.
    pub lines: Vec<UseLine>,
}

/// One category of a use.
#[derive(Debug, Clone)]
pub struct UseLine {
    /// The category: as held, or as needed where nothing that the act concerns is held.
    pub category: CategoryName,
    /// Whether it is held.
    pub is_held: bool,
    /// The version that governs it.
    pub governing: VersionName,
    /// What the decision says of it.
    pub verdict: Verdict,
    /// The gate that decides.
    pub deciding: GateAnswer,
    /// What must be done to use no more of it than needed.
    pub minimise: BTreeSet<Minimisation>,
}

/// What a use comes to, in the few words that a person needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is permitted.
    InUse,
    /// Only a consent is missing.
    Waits,
    /// The principal stopped it, by a choice or by withdrawing.
    Stopped,
    /// A person must decide.
    Refer,
    /// The relationship it needs is not there.
    Ended,
    /// What it would use is past its retention or erased.
    Gone,
    /// An upheld claim, a hold or an incident stops it.
    Ceased,
    /// It is not open for another reason: no occasion for it, or the recipient is not ready.
    Closed,
}

impl UseLine {
    /// What it comes to.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match (self.verdict, self.deciding.reason) {
            (Verdict::Permit | Verdict::PermitWithConditions, _) => Outcome::InUse,
            (Verdict::NeedsConsent, _) => Outcome::Waits,
            (Verdict::Refer, _) => Outcome::Refer,
            (Verdict::Deny, Reason::Declined | Reason::Withdrawn) => Outcome::Stopped,
            (Verdict::Deny, Reason::NoAgreement | Reason::AgreementEnded) => Outcome::Ended,
            (Verdict::Deny, Reason::RetentionEnded | Reason::Erased) => Outcome::Gone,
            (Verdict::Deny, Reason::Ceased) => Outcome::Ceased,
            (Verdict::Deny, _) => Outcome::Closed,
        }
    }
}

impl Use {
    /// The line that says best what the use comes to: one that is permitted, or else the one nearest to it.
    #[must_use]
    pub fn telling(&self) -> Option<&UseLine> {
        self.lines.iter().min_by_key(|line| line.outcome())
    }

    /// What the use comes to: in use as soon as some of its data may be used.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.telling().map_or(Outcome::Closed, UseLine::outcome)
    }

    /// The lines that are permitted.
    pub fn permitted(&self) -> impl Iterator<Item = &UseLine> {
        self.lines.iter().filter(|line| line.verdict.is_permitted())
    }
}

impl Nattoku {
    /// A principal's past, to judge every registered use by.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn snapshot(&self, principal: &str) -> Result<Snapshot<'_>, OperationError> {
        Ok(Snapshot { nattoku: self, events: self.events_of(principal)?, acts: self.acts() })
    }

    /// Every act that the policy knows, whoever it is about.
    #[must_use]
    pub fn acts(&self) -> Vec<Act> {
        nattoku_model::policy::acts(self.policy())
    }
}

impl Snapshot<'_> {
    /// Every act the policy knows, with what the decision says of it now.
    #[must_use]
    pub fn uses(&self) -> Vec<Use> {
        judge(self.nattoku, &self.events, self.acts.iter())
    }

    /// What the decision says now of every act by which a recipient gets data, work for the controller included.
    #[must_use]
    pub fn given_to(&self, recipient: &RecipientName) -> Vec<Use> {
        let entrusted = nattoku_model::policy::entrustments(self.nattoku.policy());
        let acts = self.acts.iter().chain(&entrusted);
        judge(self.nattoku, &self.events, acts.filter(|act| act.recipient.as_ref() == Some(recipient)))
    }

    /// What the decision would say, after an act of will, of the acts that `keep` names.
    #[must_use]
    pub fn uses_after(&self, foreseen: &Foreseen, keep: impl Fn(&Act) -> bool) -> Vec<Use> {
        judge(self.nattoku, &self.after(foreseen), self.acts.iter().filter(|act| keep(act)))
    }

    /// How a consent item would stand if the principal agreed now.
    #[must_use]
    pub fn consent_after(&self, item: &ConsentName, language: Language) -> ConsentState {
        let events = self.after(&Foreseen::Grant(item.clone(), language));
        let history = History::new(&events, self.nattoku.present(&events), None);
        consent_state(self.nattoku.policy(), &history, item)
    }

    fn after(&self, foreseen: &Foreseen) -> Vec<Recorded> {
        let (channel, by, now) = (String::from("web"), By::Principal, self.nattoku.present(&self.events));
        let event = match foreseen {
            Foreseen::Grant(item, language) => Event::ConsentGranted {
                item: item.clone(),
                text_version: self
                    .nattoku
                    .policy()
                    .consents
                    .get(item)
                    .map_or_else(|| "".into(), |c| c.text.clone()),
                language: *language,
                channel,
                by,
                until: None,
                evidence: None,
            },
            Foreseen::Restore(choice) => Event::ChoiceRestored { choice: choice.clone(), channel, by },
        };
        let last = self.events.iter().map(|e| e.revision).max().unwrap_or_default();
        let foreseen = Recorded { revision: Revision(last.0 + 1), at: now, recorded_at: now, event };
        self.events.iter().cloned().chain([foreseen]).collect()
    }
}

fn judge<'a>(nattoku: &Nattoku, events: &[Recorded], acts: impl Iterator<Item = &'a Act>) -> Vec<Use> {
    judge_under(nattoku.versions(), events, acts, (nattoku.present(events), None))
}

/// What the decision says of acts of the current one of these versions, at an instant and with what was known at another.
pub(crate) fn judge_under<'a>(
    versions: &Versions,
    events: &[Recorded],
    acts: impl Iterator<Item = &'a Act>,
    (at, known_at): (Timestamp, Option<Timestamp>),
) -> Vec<Use> {
    let policy = versions.current();
    let history = History::new(events, at, known_at);
    let held: BTreeSet<CategoryName> = policy
        .categories
        .keys()
        .filter(|c| c.parent().is_none())
        .flat_map(|root| history.holdings(root))
        .map(|holding| holding.category)
        // What the version does not declare cannot be asked for by its name.
        .filter(|category| policy.categories.contains_key(category))
        .collect();
    let revision = events.iter().map(|e| e.revision).max().unwrap_or_default();
    acts.map(|act| {
        let concerned: BTreeSet<CategoryName> =
            held.iter().filter(|h| act.categories.iter().any(|c| c.covers(h))).cloned().collect();
        let is_held = !concerned.is_empty();
        let request = Request {
            application: act.application.clone(),
            action: act.action,
            activity: act.activity.clone(),
            purpose: Some(act.purpose.clone()),
            categories: if is_held { concerned.into_iter().collect() } else { act.categories.clone() },
            recipient: act.recipient.clone(),
            at,
            known_at,
            exception: None,
        };
        let decision = nattoku_spec::decide(versions, events, &request, revision);
        let activity = policy.activities.get(&act.activity);
        let lines = decision.answers.iter().map(|answer| UseLine {
            category: answer.category.clone(),
            is_held,
            governing: answer.era.governing.clone(),
            verdict: answer.verdict,
            deciding: deciding(answer, act.action),
            minimise: activity.map(|a| a.minimisations_of(&answer.category)).unwrap_or_default(),
        });
        Use { act: act.clone(), lines: lines.collect(), verdict: decision.verdict }
    })
    .collect()
}

/// The gate that decides one category's answer, as [`nattoku_model::Decision::deciding`] picks it for the whole.
fn deciding(answer: &CategoryAnswer, action: Action) -> GateAnswer {
    let permits_on = if action == Action::Provide { Gate::Provision } else { Gate::Purpose };
    let found = if answer.verdict == Verdict::Permit {
        answer.gates.iter().find(|g| g.gate == permits_on)
    } else {
        answer.gates.iter().find(|g| g.verdict == answer.verdict)
    };
    found.cloned().unwrap_or_else(|| GateAnswer::new(Gate::Purpose, Verdict::Deny, Reason::NoHolding))
}
