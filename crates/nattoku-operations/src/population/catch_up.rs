//! What is new in the ledger, told to a population that stands at an earlier revision.

use std::collections::HashSet;

use nattoku_engine::{Applied, Population, PrincipalId};
use nattoku_model::Revision;

use super::{PopulationError, Progress};
use crate::nattoku::Nattoku;

/// Events read at once.
const PAGE: u32 = 4_096;

impl Nattoku {
    /// Brings a population of this ledger from the revision at which it stands to a later one, and tells how many events came
    /// in between. Where that fails, the population has forgotten everybody, and the next time all is told again.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals.
    pub fn catch_up(
        &self,
        population: &mut Population,
        revision: Revision,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<u64, PopulationError> {
        // Whoever is erased leaves no row behind: the others are told again.
        if self.store.erased_after(population.revision())? {
            population.begin_anew();
        }
        let told = self.tell_what_is_new(population, revision, progress);
        if told.is_err() {
            population.begin_anew();
        }
        told
    }

    fn tell_what_is_new(
        &self,
        population: &mut Population,
        revision: Revision,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<u64, PopulationError> {
        let mut after = population.revision();
        let of = revision.0.saturating_sub(after.0);
        let mut done = 0;
        // Those whose new events bear on what came before are folded once, when all that is new has been seen.
        let mut anew: Vec<PrincipalId> = Vec::new();
        let mut is_anew: HashSet<PrincipalId> = HashSet::new();
        loop {
            let page = self.store.events_after(after, revision, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.recorded.revision;
            for event in &page {
                done += 1;
                match event.principal {
                    None => population.apply_general(&event.recorded),
                    Some(id) if is_anew.contains(&id) => {}
                    Some(id) => {
                        if population.apply(id, &event.recorded)? == Applied::Rebuild {
                            anew.push(id);
                            is_anew.insert(id);
                        }
                    }
                }
            }
            progress(Progress { done, of });
        }
        population.stands_at(revision);
        for id in anew {
            let events = self.store.events_of_id(&id, revision)?;
            population.rebuild(id, &events)?;
        }
        Ok(done)
    }
}
