//! What is new in the ledger, told to a population that stands at an earlier revision.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use nattoku_engine::{Applied, Edition, Full, Population, PrincipalId};
use nattoku_model::{Recorded, Revision};
use nattoku_store::{NewerEvent, News};

use super::{PopulationError, Progress};
use crate::nattoku::Nattoku;

/// Events read at once.
const PAGE: u32 = 4_096;

/// What came while a population was brought up to the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// How many events.
    pub events: u64,
    /// When the first of them was recorded.
    pub first: Option<Timestamp>,
}

impl CaughtUp {
    fn take(&mut self, page: &[NewerEvent]) {
        self.add(Self {
            events: u64::try_from(page.len()).unwrap_or(u64::MAX),
            first: page.first().map(|first| first.recorded.recorded_at),
        });
    }

    /// What came later is added.
    pub(crate) fn add(&mut self, later: Self) {
        self.events += later.events;
        self.first = self.first.or(later.first);
    }
}

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

    /// Brings a population that others read meanwhile up to the ledger, without those who were erased, and tells what came in between.
    /// The ledger is read while nobody is kept from reading; one call at a time. It goes no further than `within` says, stops before
    /// an event of which `is_end` says so, and tells before it forgets somebody.
    ///
    /// # Errors
    /// The ledger cannot be read, or is no longer where it was opened: then the population stands before the event that could not be taken
    /// in. It has too many principals: then it has forgotten everybody.
    pub(crate) fn catch_up_shared(
        &self,
        edition: &Edition,
        within: &dyn Fn(Revision) -> Revision,
        is_end: &dyn Fn(&Recorded) -> bool,
        forgets: &dyn Fn(usize),
    ) -> Result<CaughtUp, PopulationError> {
        let (mut after, mut came) = (edition.population(Population::revision), CaughtUp::default());
        loop {
            let News { revision, events: mut page, erased } = self.store.news_after(after, PAGE)?;
            let revision = within(revision);
            if revision <= after {
                return Ok(came);
            }
            page.retain(|event| event.recorded.revision <= revision);
            let end = page.iter().position(|event| is_end(&event.recorded));
            let ended = end.and_then(|end| page.drain(end..).next());
            let until = match &ended {
                Some(end) => Revision(end.recorded.revision.0.saturating_sub(1)),
                None => page.last().map_or(revision, |last| last.recorded.revision),
            };
            if !erased.is_empty() {
                forgets(erased.len());
                edition.change_population(|population| {
                    erased.iter().try_for_each(|id| population.rebuild(*id, &[]).map(drop))
                })?;
            }
            self.take_in_page(edition, &page, until)?;
            edition.change_population(|population| population.stands_at(until));
            came.take(&page);
            if until >= revision || ended.is_some() {
                return Ok(came);
            }
            after = until;
        }
    }

    /// Takes in the events of a page, of which the last is at `until`. Whenever others read it, the population is that of its revision: where
    /// a new event bears on what came before, all events about its principal are read first, and those after it are folded in their turn.
    fn take_in_page(
        &self,
        edition: &Edition,
        page: &[NewerEvent],
        until: Revision,
    ) -> Result<(), PopulationError> {
        let (mut whole, mut rest) = (HashMap::new(), page);
        while let Some(anew) = edition.change_population(|population| {
            apply(population, &mut rest, &whole).inspect_err(|_| population.begin_anew())
        })? {
            // Few, and read while the others are answered.
            whole.insert(anew, self.store.events_of_id(&anew, until)?);
        }
        Ok(())
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

/// Applies events one by one for as long as it can, and tells whose events are to be read before the first of those that are left. Of
/// whoever has been read, all events up to the end of the page are in `whole`.
fn apply(
    population: &mut Population,
    events: &mut &[NewerEvent],
    whole: &HashMap<PrincipalId, Vec<Recorded>>,
) -> Result<Option<PrincipalId>, Full> {
    while let Some((event, rest)) = events.split_first() {
        let recorded = &event.recorded;
        match event.principal {
            None => population.apply_general(recorded),
            Some(id) => match whole.get(&id) {
                Some(all) => {
                    let n_by_then = all.partition_point(|one| one.revision <= recorded.revision);
                    population.rebuild(id, all.get(..n_by_then).unwrap_or_default())?;
                    // Of whoever was erased meanwhile there is nothing to be folded.
                    population.stands_at(recorded.revision);
                }
                None if population.apply(id, recorded)? == Applied::Rebuild => return Ok(Some(id)),
                None => {}
            },
        }
        *events = rest;
    }
    Ok(None)
}
