//! Exceptions by law: what a claim lifts, and what it lacks (R43, R44, R45; APPI-18-3, APPI-27-1).

use jiff::Timestamp;
use nattoku_model::law::Pack;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Exception, Requirement, Rule};
use nattoku_model::request::{ExceptionClaim, Request};
use nattoku_model::{Gate, GateAnswer, Policy, Reason, Verdict};

use crate::case::Case;

/// A claim of an exception that the policy accepts, for an act that the exception knows.
pub(crate) struct Claim<'a> {
    policy: &'a Policy,
    request: &'a Request,
    made: &'a ExceptionClaim,
    exception: &'a Exception,
    missing: Vec<Requirement>,
}

impl<'a> Claim<'a> {
    /// The claim of a request, if it makes one that the policy has and that fits the action.
    pub(crate) fn of(policy: &'a Policy, request: &'a Request) -> Option<Self> {
        let claim = request.exception.as_ref()?;
        let exception = policy.exceptions.get(&claim.name)?;
        let knows_the_act = exception.actions.is_empty() || exception.actions.contains(&request.action);
        let missing = missing(exception, claim, request.at);
        knows_the_act.then_some(Self { policy, request, made: claim, exception, missing })
    }

    /// Whether it is about this category: the document names it, and the exception lets it be given to the recipient.
    pub(crate) fn reaches(&self, category: &CategoryName) -> bool {
        self.names(category) && self.may_be_given(category)
    }

    /// Whether the document names this category: a warrant that names X does not lift Y, and one that names nothing lifts
    /// nothing (R44). Any other claim that names none is about all that is asked.
    fn names(&self, category: &CategoryName) -> bool {
        let names_none = self.made.categories.is_empty() && !self.exception.warrant;
        names_none || self.made.categories.iter().any(|c| c.covers(category))
    }

    /// Whether the exception lets this category be given to whoever the request names (R44): by the class of the flow, so
    /// that a processor who is provided with data for itself is a third party here too (R65). An act that gives nothing, or
    /// names nobody, stays inside.
    fn may_be_given(&self, category: &CategoryName) -> bool {
        let recipient = self.request.recipient.as_ref().and_then(|name| self.policy.recipients.get(name));
        let flow = recipient.and_then(|r| r.kind.of_flow(self.request.action));
        flow.is_none_or(|flow| self.exception.may_give(self.policy, category, flow))
    }

    /// Whether it is a complete warrant for this category that counts under the law, which alone lifts secrecy (TEL-1).
    pub(crate) fn is_warrant_for(&self, category: &CategoryName, law: &Pack) -> bool {
        self.exception.warrant
            && self.missing.is_empty()
            && self.reaches(category)
            && self.policy.counts_under(law, &self.exception.basis)
    }

    /// The rule of the exception.
    pub(crate) fn rule(&self) -> Rule {
        Rule::new("exception", &self.made.name)
    }
}

/// The exception that a request claims for a category, where the claim counts: the policy has it, it fits the act and the
/// recipient, and the claim names the category and brings all that the exception asks for.
#[must_use]
pub fn exception_relied_on<'a>(
    policy: &'a Policy,
    request: &'a Request,
    category: &CategoryName,
) -> Option<&'a Exception> {
    let claim = Claim::of(policy, request)?;
    (claim.missing.is_empty() && claim.reaches(category)).then_some(claim.exception)
}

/// What the exception asks for and the claim does not bring. A time limit that has passed is none, and evidence that nobody
/// can read is none either.
fn missing(exception: &Exception, claim: &ExceptionClaim, at: Timestamp) -> Vec<Requirement> {
    let brings = |requirement: Requirement| match requirement {
        Requirement::TimeLimit => claim.until.is_some_and(|until| at < until),
        other => claim.evidence.get(other.as_str()).is_some_and(|e| e.contains(char::is_alphanumeric)),
    };
    let mut missing: Vec<Requirement> = exception.requires.iter().copied().filter(|r| !brings(*r)).collect();
    let has_passed = claim.until.is_some_and(|until| until <= at);
    if has_passed && !missing.contains(&Requirement::TimeLimit) {
        missing.push(Requirement::TimeLimit);
    }
    missing
}

/// Lifts what an exception may lift: `purpose`, `provision`, `transfer`, `choice` and `consent`. A complete claim turns a
/// refusal there into a permit with conditions, an incomplete one into a question to a person. Who may ask at all, and
/// what is not registered, no exception changes.
pub(crate) fn lift(case: &Case<'_>, answer: GateAnswer) -> GateAnswer {
    let Some(claim) = case.claim.filter(|c| c.reaches(case.category)) else { return answer };
    let is_liftable =
        matches!(
            answer.gate,
            Gate::Purpose | Gate::Provision | Gate::Transfer | Gate::Choice | Gate::Consent
        ) && !matches!(answer.reason, Reason::UnregisteredActivity | Reason::ApplicationNotAllowed);
    if !is_liftable || answer.verdict.is_permitted() {
        return answer;
    }
    let mut missing: Vec<String> = claim.missing.iter().map(|r| r.as_str().to_owned()).collect();
    // An exception by one law lifts nothing of another.
    let basis = &claim.exception.basis;
    let others = case.policy.packs.iter().filter(|law| !case.policy.counts_under(law, basis));
    missing.extend(others.map(|law| format!("basis under {}", law.abbreviation)));
    let lifted = if missing.is_empty() {
        GateAnswer::new(answer.gate, Verdict::PermitWithConditions, Reason::LiftedByException)
    } else {
        GateAnswer::new(answer.gate, Verdict::Refer, Reason::ExceptionIncomplete)
            .detail("missing", missing.join(", "))
    };
    lifted
        .by_rule(claim.rule())
        .on_events(answer.events.iter().copied())
        .detail("exception", &claim.made.name)
        .detail("basis", &claim.exception.basis)
        .detail("instead_of", answer.reason)
}
