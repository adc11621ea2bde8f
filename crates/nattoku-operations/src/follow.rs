//! Decisions in a stream: by the engine, over a population that follows the ledger and a policy that may be changed meanwhile.
//!
//! What the engine does not answer, the definition does: about an earlier instant, with what was known at another, and where
//! it depends on what a population does not keep in full. Each answer says which of them gave it.

mod everybody;
mod json;
mod pool;
mod respondent;

use std::sync::Arc;

use nattoku_engine::{Edition, InForce, Population, Vocabulary};
use nattoku_model::{Revision, Verdict};

use crate::nattoku::Nattoku;
use crate::population::{PopulationError, Progress};
use crate::publication::Publication;

pub use everybody::{Figures, PermittedPage};
pub use pool::Respondents;
pub use respondent::Respondent;

/// The policy that stands, with all that is published of it, and the population that answers for it.
pub struct Standing {
    nattoku: Nattoku,
    edition: Edition,
}

/// A Nattoku whose population and policy follow what becomes of the ledger and of the policy's folder. Shared by reference
/// between threads.
pub struct Following {
    standing: InForce<Standing>,
}

/// How another policy came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    /// Over the population that was there: the policy asks no more of it.
    Shared,
    /// Over one that was folded for it.
    Folded,
}

/// How much an answer of the engine tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Every gate of every category and era.
    Gates,
    /// The verdict of each, and the reason that decides.
    Verdicts,
}

/// One answer of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The answer as a line of JSON, without a line break.
    pub text: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// How much of the ledger it rests on.
    pub revision: Revision,
    /// Whether the engine gave it; otherwise the definition did.
    pub by_engine: bool,
}

impl Line {
    /// A deny in the place of an answer that permits, for whoever does not know whether it still holds (G1).
    #[must_use]
    pub(crate) fn stale(self) -> Self {
        Self { text: json::stale(&self.text), verdict: Verdict::Deny, ..self }
    }
}

impl Nattoku {
    /// Reads the whole population, for a stream of questions: out of the ledger's snapshot, where there is one.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals.
    pub fn follow(self, progress: &mut dyn FnMut(Progress)) -> Result<Following, PopulationError> {
        let snapshot = self.snapshot_path();
        let population = self.population(snapshot.as_deref(), progress)?.population;
        let publication = self.publication();
        let edition = Edition::new(publication.versions().clone(), publication.sources_digest(), population);
        Ok(Following { standing: InForce::new(Standing { nattoku: self, edition }) })
    }
}

impl Standing {
    /// What can be done and asked under this policy.
    #[must_use]
    pub const fn nattoku(&self) -> &Nattoku {
        &self.nattoku
    }

    /// The policy's versions with their population.
    #[must_use]
    pub const fn edition(&self) -> &Edition {
        &self.edition
    }

    /// How much of the ledger its population has taken in.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.edition.population(Population::revision)
    }

    /// Brings the population up to the ledger, and tells how many events came: whatever the ledger had taken in before this was
    /// called counts.
    ///
    /// # Errors
    /// The ledger cannot be read, is no longer where it was opened, or has too many principals; then the population is not to
    /// be asked any more.
    pub fn catch_up(&self) -> Result<u64, PopulationError> {
        self.nattoku.store.is_in_its_place()?;
        let revision = self.nattoku.store.revision()?;
        if self.revision() >= revision {
            return Ok(0);
        }
        self.edition.change_population(|population| self.nattoku.catch_up(population, revision, &mut |_| ()))
    }
}

impl Following {
    /// What stands now. It stays whole for as long as somebody has it.
    #[must_use]
    pub fn standing(&self) -> Arc<Standing> {
        self.standing.current()
    }

    /// Puts another policy in the place of the one that stands, which goes on answering until the new one can. Where a
    /// population has to be folded for it, that is done here.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals; then nothing has changed.
    pub fn renew(&self, publication: Publication) -> Result<Renewed, PopulationError> {
        let standing = self.standing();
        let (versions, digest) = (publication.versions().clone(), publication.sources_digest().to_owned());
        let nattoku = standing.nattoku.under(publication);
        if let Some(edition) = standing.edition.followed_by(versions.clone(), digest.clone()) {
            self.standing.replace(Standing { nattoku, edition });
            return Ok(Renewed::Shared);
        }
        let nobody = Population::new(Arc::new(Vocabulary::new(&versions)));
        let population = nattoku.fold(nobody, nattoku.store.revision()?, &mut |_| ())?;
        let next = Standing { nattoku, edition: Edition::new(versions, digest, population) };
        // What came while it was being folded is little.
        next.catch_up()?;
        self.standing.replace(next);
        Ok(Renewed::Folded)
    }
}
