//! A request that comes again and again, so that a stream of questions compiles few plans.

use jiff::Timestamp;
use nattoku_model::Request;
use nattoku_model::policy::Versions;

use crate::answer::Answer;
use crate::decide::{NotNow, decide};
use crate::plan::Plan;
use crate::population::{Ordinal, Population};

/// A request that is asked about one principal after another, whenever, with the plan that serves it at present.
#[derive(Debug)]
pub struct Repeated<'v> {
    versions: &'v Versions,
    request: Request,
    plan: Option<Plan<'v>>,
    n_made: u64,
}

impl<'v> Repeated<'v> {
    /// A request that was never asked; for which instant it was written does not count.
    #[must_use]
    pub const fn new(versions: &'v Versions, request: Request) -> Self {
        Self { versions, request, plan: None, n_made: 0 }
    }

    /// Decides it about one principal at an instant, and gives the plan by which it was decided, and the number of that plan among those
    /// made for it, from 1: answers remembered of another plan do not count.
    ///
    /// # Errors
    /// Where the engine has no answer; none of these is a permit, and none is [`NotNow::Stale`].
    pub fn decide(
        &mut self,
        population: &Population,
        at: Timestamp,
        ordinal: Ordinal,
        answer: &mut Answer,
    ) -> Result<(&Plan<'v>, u64), NotNow> {
        if self.request.known_at.is_some() || at < population.newest() {
            return Err(NotNow::Earlier);
        }
        if !self.plan.as_ref().is_some_and(|plan| plan.serves(population, at)) {
            self.request.at = at;
            self.n_made += 1;
            self.plan = Some(Plan::new(self.versions, population, &self.request));
        }
        let plan = self.plan.as_mut().ok_or(NotNow::Stale)?;
        decide(plan, population, ordinal, at, answer)?;
        Ok((plan, self.n_made))
    }

    /// How many plans were made for it so far.
    #[must_use]
    pub const fn n_made(&self) -> u64 {
        self.n_made
    }
}
