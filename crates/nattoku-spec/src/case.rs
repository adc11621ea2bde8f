//! What a gate looks at.

use std::collections::BTreeSet;

use nattoku_model::history::{History, Holding};
use nattoku_model::name::{CategoryName, ConsentName, ProvisionName, PurposeName, WordingName};
use nattoku_model::policy::{Activity, Basis, Class, Provision, Recipient, Rule};
use nattoku_model::request::{Action, Request};
use nattoku_model::{Gate, GateAnswer, Policy, Reason, Verdict};

use crate::consent;
use crate::era::Governed;
use crate::exception::Claim;

/// One category asked, in one era of its acquisition.
pub(crate) struct Case<'a> {
    /// The version in force at the instant asked about: its prohibitions, recipients, choices and consent items bind all eras.
    pub(crate) policy: &'a Policy,
    /// The version that governs the era.
    pub(crate) governed: Governed<'a>,
    /// What happened.
    pub(crate) history: &'a History<'a>,
    /// What is asked.
    pub(crate) request: &'a Request,
    /// The category asked.
    pub(crate) category: &'a CategoryName,
    /// The exception claimed, if one is.
    pub(crate) claim: Option<&'a Claim<'a>>,
}

/// A consent item that the act needs, with the wordings that cover it.
pub(crate) struct Needed<'a> {
    pub(crate) item: &'a ConsentName,
    pub(crate) accepts: Option<&'a BTreeSet<WordingName>>,
    pub(crate) rule: Rule,
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        policy: &'a Policy,
        governed: Governed<'a>,
        history: &'a History<'a>,
        request: &'a Request,
        category: &'a CategoryName,
        claim: Option<&'a Claim<'a>>,
    ) -> Self {
        Self { policy, governed, history, request, category, claim }
    }

    /// The policy whose purposes and activities apply: the governing version's, or those in force where its text is not at
    /// hand (the governing gate then refers).
    pub(crate) fn text(&self) -> &'a Policy {
        self.governed.text.unwrap_or(self.policy)
    }

    /// The activity asked for, if it is registered.
    pub(crate) fn activity(&self) -> Option<&'a Activity> {
        self.text().activities.get(&self.request.activity)
    }

    /// The rule of the activity.
    pub(crate) fn activity_rule(&self) -> Rule {
        Rule::new("activity", &self.request.activity)
    }

    /// What a gate says that cannot be answered without a registered activity (R18).
    pub(crate) fn unregistered(&self, gate: Gate) -> GateAnswer {
        GateAnswer::new(gate, Verdict::Refer, Reason::UnregisteredActivity)
            .detail("activity", &self.request.activity)
    }

    /// The purposes the act is done for: the stated one, or else all of the activity's; then all must pass (R35).
    pub(crate) fn purposes(&self) -> Vec<&'a PurposeName> {
        match (&self.request.purpose, self.activity()) {
            (Some(stated), _) => vec![stated],
            (None, Some(activity)) => activity.purposes.iter().collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The recipient named, if one is.
    pub(crate) fn recipient(&self) -> Option<&'a Recipient> {
        self.request.recipient.as_ref().and_then(|name| self.policy.recipients.get(name))
    }

    /// Whether the act discloses the data to the principal, whom most gates do not hold back.
    pub(crate) fn is_disclosure(&self) -> bool {
        self.request.action == Action::Disclose
    }

    /// The classes that a holding brings: its own and those of what lies within it, which may be held too; where nothing is
    /// recorded, those of all that was asked for.
    pub(crate) fn classes(&self, holding: &Holding) -> BTreeSet<Class> {
        if holding.revision.is_none() {
            return self.policy.classes_within(self.category);
        }
        let own = self.policy.classes_within(&holding.category);
        own.into_iter().chain(self.policy.classes_of(self.category)).collect()
    }

    /// The provision rule that the act falls under: by law before consent before opt-out, and a consent that is given before
    /// one that is not.
    pub(crate) fn provision(&self) -> Option<(&'a ProvisionName, &'a Provision)> {
        let recipient = self.request.recipient.as_ref()?;
        self.policy
            .provisions
            .iter()
            .filter(|(_, p)| {
                p.activity == self.request.activity
                    && p.to.contains(recipient)
                    && p.gives.iter().any(|c| c.covers(self.category))
            })
            .min_by_key(|(_, p)| match &p.basis {
                Basis::Law(_) => 0,
                Basis::Consent(item, accepts)
                    if consent::stands(self.policy, self.history, item, accepts.as_ref()) =>
                {
                    1
                }
                Basis::Consent(..) => 2,
                Basis::OptOut(_) => 3,
            })
    }

    /// The consent items the act needs: the activity's own, and that on which a provision rests.
    pub(crate) fn needed_consents(&self) -> Vec<Needed<'a>> {
        if self.is_disclosure() {
            return Vec::new();
        }
        let own = self.activity().into_iter().flat_map(|a| &a.requires);
        let mut needed: Vec<Needed<'a>> =
            own.map(|item| Needed { item, accepts: None, rule: self.activity_rule() }).collect();
        if self.request.action == Action::Provide
            && let Some((name, Provision { basis: Basis::Consent(item, accepts), .. })) = self.provision()
        {
            let rule = Rule::new("provision", name);
            needed.push(Needed { item, accepts: accepts.as_ref(), rule });
        }
        needed
    }
}
