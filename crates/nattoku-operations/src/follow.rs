//! Decisions in a stream: by the engine, over a population that follows the ledger and a policy that may be changed meanwhile.
//!
//! What the engine does not answer, the definition does: about an earlier instant, with what was known at another, and where
//! it depends on what a population does not keep in full. Each answer says which of them gave it.

mod everybody;
mod forms;
mod json;
mod pool;
mod respondent;
mod term;

use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use nattoku_engine::{Edition, InForce, Population, PrincipalId, Vocabulary};
use nattoku_model::{Decision, Recorded, Revision, Verdict};

use crate::error::OperationError;
use crate::in_force::{InForceFrom, in_force};
use crate::nattoku::Nattoku;
use crate::population::{CaughtUp, PopulationError, Progress};
use crate::publication::Publication;
use crate::question::Question;

pub use everybody::{Figures, PermittedPage};
pub use pool::Respondents;
pub use respondent::Respondent;

use term::Term;

/// The policy that stands, with all that is published of it, and the population that answers for it.
pub struct Standing {
    nattoku: Nattoku,
    edition: Edition,
    keeping: Arc<Keeping>,
    /// Where the ledger puts policies in force; none where whoever serves does.
    term: Option<Term>,
}

/// What belongs to a population, whichever policies come to stand over it one after another.
#[derive(Default)]
struct Keeping {
    /// Held by whoever brings the population up to the ledger.
    catching_up: Mutex<()>,
    /// How many were erased meanwhile: what is remembered of identifiers is then forgotten.
    erasures: AtomicUsize,
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
    /// Whether any of it permits, be it for one category alone.
    pub permits: bool,
    /// Whether the engine gave it; otherwise the definition did.
    pub by_engine: bool,
}

impl Line {
    /// A deny in the place of an answer that permits, for whoever does not know whether it still holds (G1).
    #[must_use]
    pub(crate) fn stale(self) -> Self {
        Self { text: json::stale(&self.text), verdict: Verdict::Deny, permits: false, ..self }
    }
}

impl Nattoku {
    /// Reads the whole population, for a stream of questions: out of the ledger's snapshot, where there is one.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals.
    pub fn follow(self, progress: &mut dyn FnMut(Progress)) -> Result<Following, PopulationError> {
        Ok(Following { standing: InForce::new(self.begin_standing(progress)?) })
    }

    /// The same, with the policy that the ledger has in force, to go on to another when the ledger does (G4). Where that has happened
    /// since the policy was looked for, nothing is answered until it is gone on.
    ///
    /// # Errors
    /// As [`follow`](Self::follow).
    pub fn follow_in_force(self, progress: &mut dyn FnMut(Progress)) -> Result<Following, PopulationError> {
        let mut standing = self.begin_standing(progress)?;
        let now = in_force(standing.nattoku.store.as_ref(), standing.revision())?;
        let term = Term::from(now.as_ref().map_or(Revision(0), |now| now.revision));
        if now.is_none_or(|now| now.digest != standing.edition.digest()) {
            term.ends_at(Revision(0));
        }
        standing.term = Some(term);
        Ok(Following { standing: InForce::new(standing) })
    }

    fn begin_standing(self, progress: &mut dyn FnMut(Progress)) -> Result<Standing, PopulationError> {
        let snapshot = self.snapshot_path();
        let population = self.population(snapshot.as_deref(), progress)?.population;
        let publication = self.publication();
        let edition = Edition::new(publication.versions().clone(), publication.sources_digest(), population);
        Ok(Standing::new(self, edition))
    }
}

impl Standing {
    fn new(nattoku: Nattoku, edition: Edition) -> Self {
        Self { nattoku, edition, keeping: Arc::default(), term: None }
    }

    /// Whether the ledger has put another policy in force since: then this one's population stands before that.
    pub(crate) fn has_ended(&self) -> bool {
        self.term.as_ref().is_some_and(|term| term.end().is_some())
    }

    /// Whether an answer by a state may be of this policy. Asked while the population stands still.
    fn stands_at(&self, revision: Revision) -> bool {
        self.term.as_ref().is_none_or(|term| term.holds(revision))
    }

    /// The same of a state that the population may not have reached.
    fn of_its_time(&self, revision: Revision) -> Result<(), OperationError> {
        let Some(term) = &self.term else { return Ok(()) };
        // In this order: an end is known before the population goes past it.
        let taken_in = self.revision();
        let holds = term.holds(revision);
        let is_known = revision <= taken_in;
        let in_force = || in_force(self.nattoku.store.as_ref(), revision);
        if holds && (is_known || in_force()?.is_some_and(|now| now.digest == self.edition.digest())) {
            return Ok(());
        }
        Err(OperationError::OtherPolicy { revision: revision.0 })
    }

    /// Reads the population, where its state is of this policy's term.
    fn population_of_its_time<T>(&self, read: impl FnOnce(&Population) -> T) -> Result<T, OperationError> {
        self.edition.population(|population| {
            let revision = population.revision();
            if self.stands_at(revision) {
                return Ok(read(population));
            }
            Err(OperationError::OtherPolicy { revision: revision.0 })
        })
    }

    /// Whether the term ends with an event that is about to be taken in, which is noted.
    fn ends_with(&self, recorded: &Recorded) -> bool {
        let (Some(term), Some(next)) = (&self.term, InForceFrom::of(recorded)) else { return false };
        let ends = term.is_before(next.revision) && next.digest != self.edition.digest();
        if ends {
            term.ends_at(next.revision);
        }
        ends
    }

    /// How many were erased since the population came to be.
    pub(crate) fn erasures(&self) -> usize {
        self.keeping.erasures.load(Ordering::Acquire)
    }

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

    /// The id that the ledger has for a principal.
    pub(crate) fn id_of(&self, principal: &str) -> Result<PrincipalId, OperationError> {
        let id = self.nattoku.principal_id(principal)?;
        id.ok_or_else(|| OperationError::unknown_principal(principal))
    }

    /// Answers a question by the definition, with all that it tells: sentences, rules, and the events relied on.
    ///
    /// # Errors
    /// As [`Nattoku::decide`].
    pub fn explain(&self, question: &Question) -> Result<Line, OperationError> {
        let decision = self.decide(question)?;
        Ok(told(&decision, json::of_definition(&decision, &self.edition, &question.principal)))
    }

    /// The same, and in words of every language.
    ///
    /// # Errors
    /// As [`Nattoku::decide`].
    pub fn explain_in_words(&self, question: &Question) -> Result<Line, OperationError> {
        let decision = self.decide(question)?;
        Ok(told(&decision, json::in_words(&decision, &self.edition, &question.principal)))
    }

    fn decide(&self, question: &Question) -> Result<Decision, OperationError> {
        let decision = self.nattoku.decide(question)?;
        self.of_its_time(decision.revision).map(|()| decision)
    }

    /// Brings the population up to the ledger, and tells what came: whatever the ledger had taken in before this was called counts.
    /// Not beyond this policy's term, where the ledger puts policies in force.
    ///
    /// # Errors
    /// The ledger cannot be read, is no longer where it was opened, or has too many principals; then the population is not to
    /// be asked any more.
    pub fn catch_up(&self) -> Result<CaughtUp, PopulationError> {
        let _alone = self.keeping.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        self.catch_up_alone()
    }

    /// Brings the population up to the ledger where it has not come to a revision that the ledger has. Of those who wait at one time,
    /// each for what it has written, one asks the ledger for all.
    ///
    /// # Errors
    /// As [`Standing::catch_up`].
    pub(crate) fn catch_up_to(&self, wanted: Revision) -> Result<CaughtUp, PopulationError> {
        if self.has_taken_in(wanted) {
            return Ok(CaughtUp::default());
        }
        let _alone = self.keeping.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        if self.has_taken_in(wanted) { Ok(CaughtUp::default()) } else { self.catch_up_alone() }
    }

    /// The same, while nobody else does.
    fn catch_up_alone(&self) -> Result<CaughtUp, PopulationError> {
        let within = |revision| self.within_term(revision);
        let is_end = |recorded: &Recorded| self.ends_with(recorded);
        // Whoever finds the place of one of them empty sees that they are to be looked up anew.
        let forgets = |erased| _ = self.keeping.erasures.fetch_add(erased, Ordering::Release);
        self.nattoku.catch_up_shared(&self.edition, &within, &is_end, &forgets)
    }

    /// Whether it has taken in all that it may up to a revision.
    fn has_taken_in(&self, revision: Revision) -> bool {
        self.revision() >= self.within_term(revision)
    }

    /// Whether another stands over the same population.
    pub(crate) fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keeping, &other.keeping)
    }

    /// How far it may be followed up to a revision.
    fn within_term(&self, revision: Revision) -> Revision {
        let end = self.term.as_ref().and_then(Term::end);
        end.map_or(revision, |end| revision.min(Revision(end.0.saturating_sub(1))))
    }
}

/// The line for an answer of the definition.
fn told(decision: &Decision, text: String) -> Line {
    let permits = decision.answers.iter().any(|answer| answer.verdict.is_permitted());
    Line { text, verdict: decision.verdict, revision: decision.revision, permits, by_engine: false }
}

impl Following {
    /// What stands now. It stays whole for as long as somebody has it.
    #[must_use]
    pub fn standing(&self) -> Arc<Standing> {
        self.standing.current()
    }

    /// A look at what stands now, for whoever has done with it at once: it counts nowhere that somebody looks.
    #[must_use]
    pub fn look(&self) -> impl Deref<Target = Arc<Standing>> + use<> {
        self.standing.look()
    }

    /// Puts another policy in the place of the one that stands, which goes on answering until the new one can. Where a
    /// population has to be folded for it, that is done here.
    ///
    /// # Errors
    /// The ledger cannot be read, or has too many principals; then nothing has changed.
    pub fn renew(&self, publication: Publication) -> Result<Renewed, PopulationError> {
        let (next, renewed) = self.make(publication)?;
        // What came while it was being folded is little.
        next.catch_up()?;
        self.standing.replace(next);
        Ok(renewed)
    }

    /// What would stand by another policy: over the population that is there, or one that is folded for it.
    pub(crate) fn make(&self, publication: Publication) -> Result<(Standing, Renewed), PopulationError> {
        let standing = self.standing();
        let (versions, digest) = (publication.versions().clone(), publication.sources_digest().to_owned());
        let nattoku = standing.nattoku.under(publication);
        if let Some(edition) = standing.edition.followed_by(versions.clone(), digest.clone()) {
            let keeping = Arc::clone(&standing.keeping);
            return Ok((Standing { nattoku, edition, keeping, term: None }, Renewed::Shared));
        }
        let nobody = Population::new(Arc::new(Vocabulary::new(&versions)));
        let population = nattoku.fold(nobody, nattoku.store.revision()?, &mut |_| ())?;
        Ok((Standing::new(nattoku, Edition::new(versions, digest, population)), Renewed::Folded))
    }

    /// Puts what was made for another policy in the place of the one whose term has ended, from the revision at which its own begins.
    pub(crate) fn go_on(&self, next: Standing, from: Revision) {
        self.standing.replace(Standing { term: Some(Term::from(from)), ..next });
    }
}
