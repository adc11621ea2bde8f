//! Decisions in a stream: by the engine, over a population that follows the ledger and a policy that may be changed meanwhile.
//!
//! What the engine does not answer, the definition does: about an earlier instant, with what was known at another, and where
//! it depends on what a population does not keep in full. Each answer says which of them gave it.

mod json;

use std::sync::Arc;

use hashlink::LruCache;
use nattoku_engine::{Answer, Edition, Editions, NotNow, Plans, Population, PrincipalId, Vocabulary};
use nattoku_model::Verdict;

use crate::decide::resolve;
use crate::error::OperationError;
use crate::nattoku::Nattoku;
use crate::population::{PopulationError, Progress};
use crate::publication::Publication;
use crate::question::Question;

/// Most identifiers remembered with their ids.
const REMEMBERED_MAX: usize = 200_000;

/// A Nattoku whose population and policy follow what becomes of the ledger and of the policy's folder. Shared by reference
/// between threads.
pub struct Following<'n> {
    nattoku: &'n Nattoku,
    editions: Editions,
}

/// How another policy came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    /// Over the population that was there: the policy asks no more of it.
    Shared,
    /// Over one that was folded for it.
    Folded,
}

/// One answer of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The answer as a line of JSON, without a line break.
    pub text: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Whether the engine gave it; otherwise the definition did.
    pub by_engine: bool,
}

impl Nattoku {
    /// Reads the whole population, for a stream of questions: out of the ledger's snapshot, where there is one.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals.
    pub fn follow(&self, progress: &mut dyn FnMut(Progress)) -> Result<Following<'_>, PopulationError> {
        let snapshot = self.snapshot_path();
        let population = self.population(snapshot.as_deref(), progress)?.population;
        let publication = self.publication();
        let first = Edition::new(publication.versions().clone(), publication.sources_digest(), population);
        Ok(Following { nattoku: self, editions: Editions::new(first) })
    }
}

impl Following<'_> {
    /// The edition of the policy that stands now.
    #[must_use]
    pub fn edition(&self) -> Arc<Edition> {
        self.editions.current()
    }

    /// Brings an edition's population up to the ledger: whatever the ledger had taken in before this was called counts.
    ///
    /// # Errors
    /// The ledger cannot be read, is no longer where it was opened, or has too many principals; then the population is not to
    /// be asked any more.
    pub fn catch_up(&self, edition: &Edition) -> Result<u64, PopulationError> {
        self.nattoku.store.is_in_its_place()?;
        let revision = self.nattoku.store.revision()?;
        if edition.population(Population::revision) >= revision {
            return Ok(0);
        }
        edition.change_population(|population| self.nattoku.catch_up(population, revision, &mut |_| ()))
    }

    /// Puts another policy in the place of the one that stands, which goes on answering until the new one can. Where a
    /// population has to be folded for it, that is done here.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals; then nothing has changed.
    pub fn renew(&self, publication: &Publication) -> Result<Renewed, PopulationError> {
        let (versions, digest) = (publication.versions().clone(), publication.sources_digest());
        if let Some(next) = self.edition().followed_by(versions.clone(), digest) {
            self.editions.replace(next);
            return Ok(Renewed::Shared);
        }
        let nobody = Population::new(Arc::new(Vocabulary::new(&versions)));
        let population = self.nattoku.fold(nobody, self.nattoku.store.revision()?, &mut |_| ())?;
        let next = Edition::new(versions, digest, population);
        // What came while it was being folded is little.
        self.catch_up(&next)?;
        self.editions.replace(next);
        Ok(Renewed::Folded)
    }

    /// Whoever answers under an edition, one question after the other.
    #[must_use]
    pub fn respondent<'e>(&'e self, edition: &'e Edition) -> Respondent<'e> {
        Respondent {
            nattoku: self.nattoku,
            edition,
            plans: Plans::new(edition.versions()),
            answer: Answer::default(),
            ids: LruCache::new(REMEMBERED_MAX),
        }
    }
}

/// Answers under one edition, with the plans made so far.
pub struct Respondent<'e> {
    nattoku: &'e Nattoku,
    edition: &'e Edition,
    plans: Plans<'e>,
    answer: Answer,
    ids: LruCache<String, PrincipalId>,
}

impl Respondent<'_> {
    /// Answers a question.
    ///
    /// # Errors
    /// As [`Nattoku::decide`].
    pub fn answer(&mut self, question: &Question) -> Result<Line, OperationError> {
        let now = self.nattoku.now();
        let request = resolve(self.edition.versions().current(), question, now);
        let mut request = request.map_err(OperationError::Undeclared)?;
        let id = self.id_of(&question.principal)?;
        let Self { edition, plans, answer, .. } = self;
        let by_engine = edition.population(|population| {
            let have = population.revision();
            if let Some(want) = question.min_revision.filter(|want| have.0 < *want) {
                return Err(OperationError::Behind { have: have.0, want });
            }
            let ordinal =
                population.find(&id).ok_or_else(|| OperationError::unknown_principal(&question.principal))?;
            if question.at.is_none() {
                // Should the clock have gone back, it is still after all that has happened.
                request.at = request.at.max(population.newest());
            }
            match plans.decide(population, &request, ordinal, answer) {
                Ok(plan) => Ok(Some(json::line(plan, answer, edition, &question.principal))),
                Err(NotNow::Earlier | NotNow::Stale | NotNow::Finer | NotNow::Nobody) => Ok(None),
            }
        })?;
        match by_engine {
            Some(text) => Ok(Line { text, verdict: self.answer.verdict, by_engine: true }),
            None => self.explain(question),
        }
    }

    /// Answers a question by the definition, with all that it tells: sentences, rules, and the events relied on.
    ///
    /// # Errors
    /// As [`Nattoku::decide`].
    pub fn explain(&self, question: &Question) -> Result<Line, OperationError> {
        let decision = self.nattoku.decide_by(self.edition.versions(), question)?;
        let text = json::of_definition(&decision, self.edition, &question.principal);
        Ok(Line { text, verdict: decision.verdict, by_engine: false })
    }

    /// How many plans were made so far.
    #[must_use]
    pub const fn n_plans(&self) -> u64 {
        self.plans.n_made()
    }

    fn id_of(&mut self, principal: &str) -> Result<PrincipalId, OperationError> {
        if let Some(id) = self.ids.get(principal) {
            return Ok(*id);
        }
        let id = self.nattoku.store.principal_id(principal)?;
        let id = id.ok_or_else(|| OperationError::unknown_principal(principal))?;
        self.ids.insert(principal.to_owned(), id);
        Ok(id)
    }
}
