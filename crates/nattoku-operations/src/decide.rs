//! Deciding a question.

use nattoku_model::name::{ActivityName, CategoryName};
use nattoku_model::policy::Versions;
use nattoku_model::request::{Action, ExceptionClaim};
use nattoku_model::{Decision, Policy, Request};

use jiff::Timestamp;

use crate::error::{OperationError, Undeclared};
use crate::names::Names;
use crate::nattoku::Nattoku;
use crate::question::{ClaimText, Question};

impl Nattoku {
    /// Decides a question over the ledger as it stands (R36).
    ///
    /// # Errors
    /// Where a name is not declared, the principal is not in the ledger, the ledger stands before the revision asked for, or
    /// the store cannot be read. None of these is a permit.
    pub fn decide(&self, question: &Question) -> Result<Decision, OperationError> {
        self.decide_by(self.versions(), question)
    }

    /// Decides a question by other versions than those that stand here.
    pub(crate) fn decide_by(
        &self,
        versions: &Versions,
        question: &Question,
    ) -> Result<Decision, OperationError> {
        let request = resolve(versions.current(), question, self.now());
        let mut request = request.map_err(OperationError::Undeclared)?;
        let view = self.store.view_of(&question.principal)?;
        if let Some(want) = question.min_revision.filter(|want| view.revision.0 < *want) {
            return Err(OperationError::Behind { have: view.revision.0, want });
        }
        if !view.known {
            return Err(OperationError::unknown_principal(&question.principal));
        }
        if question.at.is_none() {
            request.at = self.present(&view.events);
        }
        Ok(nattoku_spec::decide(versions, &view.events, &request, view.revision))
    }
}

/// Holds a question's names against the policy. The activity may be any name: one that is not registered is referred (R18).
///
/// # Errors
/// Every name that is not declared, each with the nearest one that is.
pub fn resolve(policy: &Policy, question: &Question, now: Timestamp) -> Result<Request, Vec<Undeclared>> {
    let mut names = Names::default();
    let action = question.action.parse().unwrap_or_else(|()| {
        let actions = Action::ALL.iter().map(|a| a.as_str());
        names.undeclared.push(Undeclared::new("action", &question.action, actions));
        Action::Use
    });
    let mut categories: Vec<CategoryName> = Vec::new();
    for category in &question.categories {
        let category = names.declared("category", category, &policy.categories);
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    let request = Request {
        application: names.declared("application", &question.application, &policy.applications),
        action,
        activity: ActivityName::from(question.activity.as_str()),
        purpose: question.purpose.as_ref().map(|p| names.declared("purpose", p, &policy.purposes)),
        categories,
        recipient: question.recipient.as_ref().map(|r| names.declared("recipient", r, &policy.recipients)),
        at: question.at.unwrap_or(now),
        known_at: question.known_at,
        exception: question.exception.as_ref().map(|claim| resolve_claim(policy, claim, &mut names)),
    };
    if names.undeclared.is_empty() { Ok(request) } else { Err(names.undeclared) }
}

fn resolve_claim(policy: &Policy, claim: &ClaimText, names: &mut Names) -> ExceptionClaim {
    ExceptionClaim {
        name: names.declared("exception", &claim.name, &policy.exceptions),
        categories: claim
            .categories
            .iter()
            .map(|c| names.declared("category", c, &policy.categories))
            .collect(),
        evidence: claim.evidence.clone(),
        until: claim.until,
    }
}
