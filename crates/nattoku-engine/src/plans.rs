//! The plans of one edition, each made when its request is first asked, so that a stream of questions compiles few.

use std::collections::HashMap;

use jiff::Timestamp;
use nattoku_model::Request;
use nattoku_model::policy::Versions;

use crate::answer::Answer;
use crate::decide::{NotNow, decide};
use crate::plan::Plan;
use crate::population::{Ordinal, Population};

/// Most plans kept at once. A policy has some hundred activities, and each is asked for in few ways.
const PLANS_MAX: usize = 1_024;

/// Plans by what is asked, whenever and about whomever.
#[derive(Debug)]
pub struct Plans<'v> {
    versions: &'v Versions,
    by_request: HashMap<Request, Plan<'v>>,
    n_made: u64,
}

impl<'v> Plans<'v> {
    /// No plans yet.
    #[must_use]
    pub fn new(versions: &'v Versions) -> Self {
        Self { versions, by_request: HashMap::new(), n_made: 0 }
    }

    /// Decides a request about one principal at its instant, and gives the plan by which it was decided.
    ///
    /// # Errors
    /// Where the engine has no answer; none of these is a permit, and none is [`NotNow::Stale`].
    pub fn decide(
        &mut self,
        population: &Population,
        request: &Request,
        ordinal: Ordinal,
        answer: &mut Answer,
    ) -> Result<&Plan<'v>, NotNow> {
        if request.known_at.is_some() || request.at < population.newest() {
            return Err(NotNow::Earlier);
        }
        let shape = Request { at: Timestamp::MIN, ..request.clone() };
        if !self.by_request.get(&shape).is_some_and(|plan| plan.serves(population, request.at)) {
            if self.by_request.len() >= PLANS_MAX {
                self.by_request.clear();
            }
            self.by_request.insert(shape.clone(), Plan::new(self.versions, population, request));
            self.n_made += 1;
        }
        let plan = self.by_request.get_mut(&shape).ok_or(NotNow::Stale)?;
        decide(plan, population, ordinal, request.at, answer)?;
        Ok(plan)
    }

    /// How many plans were made so far.
    #[must_use]
    pub const fn n_made(&self) -> u64 {
        self.n_made
    }
}
