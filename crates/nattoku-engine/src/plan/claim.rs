//! A claimed exception: what becomes of a refusal that it may lift (R43, R44, R45).

use nattoku_model::law::Pack;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Exception, RecipientKind, Requirement};
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Gate, Policy, Reason, Request, Verdict};

use crate::bounds::Bounds;
use crate::said::Said;

/// A claim that the policy knows and that fits the act.
pub(crate) struct Claim<'a> {
    policy: &'a Policy,
    made: &'a ExceptionClaim,
    exception: &'a Exception,
    /// By which class of flow they go to somebody.
    flow: Option<RecipientKind>,
    is_complete: bool,
    /// Whether the exception counts under every law that the policy is written under.
    counts_everywhere: bool,
}

impl<'a> Claim<'a> {
    pub(crate) fn new(policy: &'a Policy, request: &'a Request, bounds: &mut Bounds) -> Option<Self> {
        let made = request.exception.as_ref()?;
        let exception = policy.exceptions.get(&made.name)?;
        if !exception.actions.is_empty() && !exception.actions.contains(&request.action) {
            return None;
        }
        let recipient = request.recipient.as_ref().and_then(|name| policy.recipients.get(name));
        let is_timely = made.until.map(|until| !bounds.has_come(until));
        let brings = |requirement: &Requirement| match requirement {
            Requirement::TimeLimit => is_timely == Some(true),
            other => made.evidence.get(other.as_str()).is_some_and(|e| e.contains(char::is_alphanumeric)),
        };
        let is_complete = is_timely != Some(false) && exception.requires.iter().all(brings);
        let counts = |law: &Pack| policy.counts_under(law, &exception.basis);
        let counts_everywhere = policy.packs.iter().all(|law| counts(law));
        let flow = recipient.and_then(|r| r.kind.of_flow(request.action));
        Some(Self { policy, made, exception, flow, is_complete, counts_everywhere })
    }

    /// Whether it is about a category: the document names it, and the exception lets it be given to the recipient (R44).
    fn reaches(&self, category: &CategoryName) -> bool {
        self.names(category)
            && self.flow.is_none_or(|flow| self.exception.may_give(self.policy, category, flow))
    }

    fn names(&self, category: &CategoryName) -> bool {
        let names_none = self.made.categories.is_empty() && !self.exception.warrant;
        names_none || self.made.categories.iter().any(|c| c.covers(category))
    }

    /// Whether it is a complete warrant for a category that counts under the law.
    pub(crate) fn is_warrant_for(&self, category: &CategoryName, law: &Pack) -> bool {
        self.exception.warrant
            && self.is_complete
            && self.reaches(category)
            && self.policy.counts_under(law, &self.exception.basis)
    }

    /// What a refusal becomes.
    fn lifted(&self) -> Said {
        if self.is_complete && self.counts_everywhere {
            Said::new(Verdict::PermitWithConditions, Reason::LiftedByException)
        } else {
            Said::refer(Reason::ExceptionIncomplete)
        }
    }
}

/// What an exception does for one category: nothing where none is claimed that reaches it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lift(Option<Said>);

impl Lift {
    pub(crate) fn new(claim: Option<&Claim<'_>>, category: &CategoryName) -> Self {
        Self(claim.filter(|claim| claim.reaches(category)).map(Claim::lifted))
    }

    /// Whether it turns every refusal that it may lift into nothing worse than a verdict.
    pub(crate) fn eases(self, at_most: Verdict) -> bool {
        self.0.is_some_and(|lifted| lifted.verdict <= at_most)
    }

    /// What a gate says once the exception is taken into account.
    pub(crate) fn apply(self, gate: Gate, said: Said) -> Said {
        let is_liftable =
            matches!(gate, Gate::Purpose | Gate::Provision | Gate::Transfer | Gate::Choice | Gate::Consent)
                && !matches!(said.reason, Reason::UnregisteredActivity | Reason::ApplicationNotAllowed);
        match self.0 {
            Some(lifted) if is_liftable && !said.verdict.is_permitted() => lifted,
            _ => said,
        }
    }
}
