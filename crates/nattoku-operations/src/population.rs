//! The population of the ledger: out of a snapshot where one fits, with what came since, or folded from all events.

mod catch_up;
mod file;
mod unfit;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nattoku_engine::{AsOf, Full, Population, Vocabulary};
use nattoku_model::Revision;
use nattoku_store::{PageMark, StoreError};

use crate::nattoku::Nattoku;
use file::Found;

pub use catch_up::CaughtUp;
pub use unfit::Unfit;

/// Principals read at once.
const PAGE: u32 = 500;

/// So many new events are worth a new snapshot, however long the ledger is: they take a second or two to catch up with.
const NOTICEABLE: u64 = 100_000;

/// How far long work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How much is done.
    pub done: u64,
    /// How much there is to do.
    pub of: u64,
}

/// A population that stands at a revision of the ledger.
#[derive(Debug)]
pub struct Opened {
    /// The population.
    pub population: Population,
    /// The revision.
    pub revision: Revision,
    /// What a snapshot had to do with it; nothing where it was to do without.
    pub snapshot: Option<SnapshotUse>,
}

/// What a snapshot had to do with a population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotUse {
    /// At which revision the snapshot stood; nothing where there was none that fits, and all events were folded.
    pub from: Option<Revision>,
    /// How many events came since.
    pub caught_up: u64,
    /// Why one that was there was left aside.
    pub left_aside: Option<Unfit>,
    /// Whether the next one to ask finds a new one.
    pub written: Written,
}

/// Whether a snapshot was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It was.
    Yes,
    /// The one that is there does still, or is not ours to replace.
    No,
    /// It could not be: what the system says.
    Failed(String),
}

/// There is no population to be had.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are too many principals for one population.
    #[error(transparent)]
    Full(#[from] Full),
}

/// Where the snapshot of the ledger in a file is kept.
pub(crate) fn snapshot_beside(ledger: &Path) -> PathBuf {
    let mut path = ledger.as_os_str().to_owned();
    path.push(".population");
    PathBuf::from(path)
}

impl Nattoku {
    /// Where the snapshot of the ledger's population is kept unless somebody says otherwise: beside the ledger, under its name
    /// with `.population` after it. Nowhere, where the ledger is in no file.
    #[must_use]
    pub fn snapshot_path(&self) -> Option<PathBuf> {
        Some(snapshot_beside(self.store.file()?))
    }

    /// The population of the ledger as it stands now, out of the snapshot at a path where there is one that fits. A new one is
    /// written there where there was none, or the ledger has moved noticeably; where that cannot be done, it is not.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals.
    pub fn population(
        &self,
        snapshot: Option<&Path>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Opened, PopulationError> {
        let vocabulary = Arc::new(Vocabulary::new(self.versions()));
        // Before the ledger's length is asked for: whoever writes a snapshot has read no more of it than there is by then.
        let found = match snapshot {
            Some(path) => file::open(path, Arc::clone(&vocabulary)),
            None => Found::Nothing,
        };
        let revision = self.store.revision()?;
        let (found, left_aside) = match found {
            Found::Fitting(found) => match self.whether_ours(&found.0, &found.1, revision)? {
                Ok(()) => (Some(found.0), None),
                Err(unfit) => (None, Some(unfit)),
            },
            Found::Unfit(unfit) => (None, Some(unfit)),
            Found::Nothing => (None, None),
        };
        let from = found.as_ref().map(Population::revision);
        let (population, caught_up) = match found {
            Some(mut population) => {
                let caught_up = self.catch_up(&mut population, revision, progress)?;
                (population, caught_up)
            }
            None => (self.fold(Population::new(vocabulary), revision, progress)?, 0),
        };
        let Some(path) = snapshot else { return Ok(Opened { population, revision, snapshot: None }) };
        let is_due = match from {
            Some(_) => caught_up >= NOTICEABLE || caught_up > revision.0 / 100,
            None => left_aside.as_ref().is_none_or(Unfit::is_to_be_replaced),
        };
        let written = if is_due { self.write_snapshot(&population, path)? } else { Written::No };
        let snapshot = Some(SnapshotUse { from, caught_up, left_aside, written });
        Ok(Opened { population, revision, snapshot })
    }

    /// The population as it was at an earlier instant, or as it was known to be at one, by the ledger up to a revision: whoever
    /// was not heard of by then is not in it.
    ///
    /// # Errors
    /// As [`Nattoku::population`].
    pub fn population_as_of(
        &self,
        cut: AsOf,
        revision: Revision,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Population, PopulationError> {
        let vocabulary = Arc::new(Vocabulary::new(self.versions()));
        self.fold(Population::as_of(vocabulary, cut), revision, progress)
    }

    /// Folds all events up to a revision into a population of nobody.
    pub(crate) fn fold(
        &self,
        mut population: Population,
        revision: Revision,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Population, PopulationError> {
        let of = self.store.stats()?.principals;
        for recorded in &self.store.general_events(revision)? {
            population.apply_general(recorded);
        }
        let mut mark = Some(PageMark::default());
        let mut done = 0;
        while let Some(after) = mark {
            let page = self.store.principals_page(after, PAGE, revision)?;
            for principal in page.principals {
                if principal.events.iter().any(|recorded| population.sees(recorded)) {
                    population.rebuild(principal.id, &principal.events)?;
                }
                done += 1;
            }
            progress(Progress { done, of });
            mark = page.next;
        }
        population.stands_at(revision);
        Ok(population)
    }
}
