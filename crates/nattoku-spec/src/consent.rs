//! How a consent item stands: the newest act before the instant asked about, and whether it counts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_model::event::{By, Revision};
use nattoku_model::history::{ConsentAct, History};
use nattoku_model::law::OwnConsent;
use nattoku_model::name::{ConsentName, WordingName};
use nattoku_model::policy::{ConsentItem, Rule};
use nattoku_model::{Gate, GateAnswer, Policy, Reason, Verdict};

use crate::law::citing;

/// Whether the item is agreed to in a way that counts.
pub(crate) fn stands(
    policy: &Policy,
    history: &History<'_>,
    item: &ConsentName,
    accepts: Option<&BTreeSet<WordingName>>,
) -> bool {
    judge(Gate::Consent, policy, history, item, accepts).verdict == Verdict::Permit
}

/// How a consent item stands, as the consent gate sees it: the dashboard shows what the decision uses (R51).
#[must_use]
pub fn consent_standing(policy: &Policy, history: &History<'_>, item: &ConsentName) -> GateAnswer {
    judge(Gate::Consent, policy, history, item, None)
}

/// Judges the newest act for an item: given, of an accepted wording, unexpired, by somebody who may give it
/// (R41, R42, R48). `accepts` narrows the wordings that the item accepts.
pub(crate) fn judge(
    gate: Gate,
    policy: &Policy,
    history: &History<'_>,
    name: &ConsentName,
    accepts: Option<&BTreeSet<WordingName>>,
) -> GateAnswer {
    let say = |verdict, reason| {
        GateAnswer::new(gate, verdict, reason).by_rule(Rule::new("consent", name)).detail("item", name)
    };
    let Some(item) = policy.consents.get(name) else {
        return say(Verdict::NeedsConsent, Reason::ConsentMissing);
    };
    match history.consent(name) {
        None => say(Verdict::NeedsConsent, Reason::ConsentMissing),
        Some(ConsentAct::Withdrawn { revision, .. }) => {
            say(Verdict::Deny, Reason::Withdrawn).on_events([revision])
        }
        Some(ConsentAct::Granted { revision, at, text_version, by, until, has_evidence }) => {
            let is_accepted =
                item.accepts.contains(&text_version) && accepts.is_none_or(|a| a.contains(&text_version));
            let answer = if has_expired(policy, history, item, at, until) {
                say(Verdict::NeedsConsent, Reason::ConsentExpired)
            } else if !is_accepted {
                say(Verdict::NeedsConsent, Reason::WordingNotAccepted).detail("given", &text_version)
            } else {
                judge_giver(policy, history, item, at, &by, has_evidence, &say)
            };
            answer.on_events([revision])
        }
    }
}

fn has_expired(
    policy: &Policy,
    history: &History<'_>,
    item: &ConsentItem,
    given: Timestamp,
    until: Option<Timestamp>,
) -> bool {
    let at = history.at;
    until.is_some_and(|until| until <= at)
        || item.lasts.is_some_and(|lasts| lasts.after(given, &policy.timezone) <= at)
}

/// Whether the one who gave the consent could give it (CAP-1, R55).
fn judge_giver(
    policy: &Policy,
    history: &History<'_>,
    item: &ConsentItem,
    given: Timestamp,
    by: &By,
    has_evidence: bool,
    say: &dyn Fn(Verdict, Reason) -> GateAnswer,
) -> GateAnswer {
    match by {
        By::Guardian(id) => match history.guardian_linked(id, given) {
            Some(link) => say(Verdict::Permit, Reason::ConsentGiven).on_events([link]),
            None => say(Verdict::Refer, Reason::GuardianNotLinked).detail("by", by),
        },
        By::Agent(_) if !has_evidence => say(Verdict::Refer, Reason::AgentUnproven).detail("by", by),
        // Whom a child delegates can give no more than the child; only a guardian stands in for it.
        By::Agent(_) | By::Principal => judge_age(policy, history, item, given, say),
    }
}

/// Whether the principal was old enough on the day to agree alone: by the item's own age and by those of the laws, of
/// which the strictest counts.
fn judge_age(
    policy: &Policy,
    history: &History<'_>,
    item: &ConsentItem,
    given: Timestamp,
    say: &dyn Fn(Verdict, Reason) -> GateAnswer,
) -> GateAnswer {
    let Some(guardian) = policy.guardian_of(item) else {
        return say(Verdict::Permit, Reason::ConsentGiven);
    };
    let Some((age, registered)) = history.age_at(given, &policy.timezone) else {
        return say(Verdict::Refer, Reason::AgeUnknown);
    };
    let registered: [Revision; 1] = [registered];
    let own = guardian.own_consent(age);
    let answer = match own {
        OwnConsent::Counts => say(Verdict::Permit, Reason::ConsentGiven),
        OwnConsent::Judged => say(Verdict::Refer, Reason::GuardianJudgement),
        OwnConsent::Guardian => {
            say(Verdict::NeedsConsent, Reason::GuardianNeeded).detail("under", guardian.under)
        }
    };
    let answer = answer.on_events(registered);
    // The law is named where it is stricter than the item itself.
    let by_item = item.guardian.map_or(OwnConsent::Counts, |g| g.own_consent(age));
    let laws = policy.packs.iter().filter_map(|law| law.age.as_ref());
    match laws.into_iter().find(|law| by_item < own && law.guardian.own_consent(age) == own) {
        Some(law) => citing(answer, &law.grounds),
        None => answer,
    }
}
