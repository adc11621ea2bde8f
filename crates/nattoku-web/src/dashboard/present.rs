//! How one person's matters stand now, read once for a page.

use nattoku_model::name::{ChoiceName, ConsentName};
use nattoku_model::policy::Policy;
use nattoku_operations::{ChoiceState, ConsentState, Snapshot, Use};

use crate::refusal::Refusal;
use crate::visit::Visit;

/// What a page about consents, choices or data shows, from one judging of every use.
pub(crate) struct Present<'v> {
    /// The past, to tell beforehand what an act would change.
    pub(crate) snapshot: Snapshot<'v>,
    /// Every registered use, as decided.
    pub(crate) uses: Vec<Use>,
    /// Every consent item.
    pub(crate) consents: Vec<ConsentState>,
    /// Every choice.
    pub(crate) choices: Vec<ChoiceState>,
}

impl<'v> Present<'v> {
    /// Reads and judges it.
    pub(crate) fn read(visit: &'v Visit, principal: &str) -> Result<Self, Refusal> {
        let nattoku = visit.nattoku();
        let snapshot = nattoku.snapshot(principal).map_err(Refusal::of)?;
        Ok(Self {
            uses: snapshot.uses(),
            snapshot,
            consents: nattoku.consents(principal).map_err(Refusal::of)?,
            choices: nattoku.choices(principal).map_err(Refusal::of)?,
        })
    }

    /// The uses that rest on a consent item.
    pub(crate) fn resting_on(&self, item: &ConsentName) -> Vec<&Use> {
        self.uses.iter().filter(|u| u.act.consents.contains(item)).collect()
    }

    /// The uses that a choice covers.
    pub(crate) fn covered_by(&self, policy: &Policy, choice: &ChoiceName) -> Vec<&Use> {
        self.uses.iter().filter(|u| u.act.is_covered_by(policy, choice)).collect()
    }
}
