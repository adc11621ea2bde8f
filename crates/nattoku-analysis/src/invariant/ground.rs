//! What an act rests on in a state.

use nattoku_model::event::By;
use nattoku_model::history::ConsentAct;
use nattoku_model::name::ConsentName;
use nattoku_model::policy::invariant::{Ground, GroundWord};
use nattoku_model::policy::{Basis, JointUse};
use nattoku_model::{Action, Verdict};
use nattoku_spec::consent_standing;

use super::Scene;

impl Scene<'_> {
    /// Whether the act rests on the ground. Those that a request alone tells were looked at before.
    pub(super) fn rests_on(&self, ground: &Ground) -> bool {
        let needed = || self.act.needed_items().into_iter();
        match ground {
            Ground::Consent(item) => self.stands(item),
            Ground::Basis(GroundWord::Consent) => needed().any(|i| self.stands(i)),
            Ground::Basis(GroundWord::IndividualConsent) => needed()
                .any(|i| self.act.policy.consents.get(i).is_some_and(|c| c.individual) && self.stands(i)),
            Ground::Basis(GroundWord::Guardian) => needed().any(|i| self.is_by_guardian(i) && self.stands(i)),
            Ground::Basis(GroundWord::OptOut) => self.act.provisions().any(
                |(_, p)| matches!(&p.basis, Basis::OptOut(choice) if self.history.declined(choice).is_none()),
            ),
            Ground::Basis(GroundWord::JointUse) => self.is_joint_use(),
            // A residue belongs to the choice that is declined; the state looks at it.
            Ground::Basis(
                GroundWord::Residue
                | GroundWord::Statute
                | GroundWord::Law
                | GroundWord::Exception
                | GroundWord::Warrant,
            )
            | Ground::Exception(_) => false,
        }
    }

    fn stands(&self, item: &ConsentName) -> bool {
        consent_standing(self.act.policy, &self.history, item).verdict == Verdict::Permit
    }

    fn is_by_guardian(&self, item: &ConsentName) -> bool {
        matches!(self.history.consent(item), Some(ConsentAct::Granted { by: By::Guardian(_), .. }))
    }

    /// Whether a published joint use covers it.
    fn is_joint_use(&self) -> bool {
        let purposes = self.act.purposes();
        self.act.request.action == Action::Share
            && self.published_joint_uses().any(|joint_use| {
                joint_use.items.iter().any(|c| c.covers(self.act.category))
                    && !purposes.is_empty()
                    && purposes.iter().all(|p| joint_use.purposes.contains(p))
            })
    }

    /// The published joint uses that the recipient takes part in.
    pub(super) fn published_joint_uses(&self) -> impl Iterator<Item = &JointUse> {
        let at = self.history.at;
        self.act
            .policy
            .joint_uses
            .iter()
            .filter(move |(name, joint_use)| {
                self.act.request.recipient.as_ref().is_some_and(|r| joint_use.users.contains(r))
                    && (joint_use.published.is_some_and(|from| from <= at)
                        || self.history.published(name).is_some())
            })
            .map(|(_, joint_use)| joint_use)
    }
}
