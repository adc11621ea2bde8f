//! What is new in the ledger, told to a population that stands at an earlier revision.

use std::collections::{BTreeSet, HashSet};

use nattoku_engine::{Applied, Edition, Full, Population, PrincipalId};
use nattoku_model::Revision;
use nattoku_store::{NewerEvent, StoreError};

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
        if !self.store.erased_after(population.revision())?.is_empty() {
            population.begin_anew();
        }
        let told = self.tell_what_is_new(population, revision, progress);
        if told.is_err() {
            population.begin_anew();
        }
        told
    }

    /// Who was erased since the revision at which an edition's population stands.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub(crate) fn erased_since(&self, edition: &Edition) -> Result<Vec<PrincipalId>, StoreError> {
        self.store.erased_after(edition.population(Population::revision))
    }

    /// Brings a population that others read meanwhile to a later revision, without those who were erased, and tells how many events
    /// came in between. The ledger is read while nobody is kept from reading; one call at a time.
    ///
    /// # Errors
    /// The ledger cannot be read: then the population stands where the last whole page left it, or has forgotten everybody. It has too
    /// many principals: then it has forgotten everybody.
    pub(crate) fn catch_up_shared(
        &self,
        edition: &Edition,
        erased: &[PrincipalId],
        revision: Revision,
    ) -> Result<u64, PopulationError> {
        // Before the first page: should a later one fail, nobody is asked for those of before again.
        edition.change_population(|population| {
            erased.iter().try_for_each(|id| population.rebuild(*id, &[]).map(drop))
        })?;
        let (mut after, mut done) = (edition.population(Population::revision), 0);
        loop {
            let page = self.store.events_after(after, revision, PAGE)?;
            done += u64::try_from(page.len()).unwrap_or(u64::MAX);
            let until = page.last().map_or(revision, |last| last.recorded.revision);
            // Where a page was taken in by half, its events must not be told again.
            let anew = edition.change_population(|population| {
                apply(population, &page).inspect_err(|_| population.begin_anew())
            })?;
            // Those whose new events bear on what came before; few, and read while the others are answered.
            let read = anew.into_iter().map(|id| Ok((id, self.store.events_of_id(&id, until)?)));
            let read: Result<Vec<_>, StoreError> = read.collect();
            let read = read.inspect_err(|_| edition.change_population(Population::begin_anew))?;
            edition.change_population(|population| {
                for (id, events) in &read {
                    population.rebuild(*id, events)?;
                }
                population.stands_at(until);
                Ok::<_, PopulationError>(())
            })?;
            if until >= revision {
                return Ok(done);
            }
            after = until;
        }
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

/// Applies a page of new events, and tells who is to be folded anew.
fn apply(population: &mut Population, page: &[NewerEvent]) -> Result<BTreeSet<PrincipalId>, Full> {
    let mut anew = BTreeSet::new();
    for event in page {
        match event.principal {
            None => population.apply_general(&event.recorded),
            Some(id) if anew.contains(&id) => {}
            Some(id) => {
                if population.apply(id, &event.recorded)? == Applied::Rebuild {
                    anew.insert(id);
                }
            }
        }
    }
    Ok(anew)
}
