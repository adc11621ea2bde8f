//! Whoever answers under a policy that stands, one question after the other.

use std::sync::Arc;

use hashlink::LruCache;
use jiff::Timestamp;
use nattoku_engine::{Answer, NotNow, PrincipalId, Repeated};
use self_cell::self_cell;

use super::forms::Forms;
use super::json::Instant;
use super::{Line, Standing, Telling};
use crate::decide::resolve;
use crate::error::OperationError;
use crate::question::Question;

/// Most identifiers remembered with their ids.
const REMEMBERED_MAX: usize = 200_000;
/// Most requests kept at once. A policy has some hundred activities, and each is asked for in few ways.
const ASKED_MAX: usize = 1_024;

/// What was asked before, by its words.
type AskedBefore<'v> = LruCache<Vec<u8>, Asked<'v>>;

self_cell!(
    /// The plans made so far, which speak of the policy they were made for.
    struct Compiled {
        owner: Arc<Standing>,
        #[not_covariant]
        dependent: AskedBefore,
    }
);

/// A request that was asked before, with what it came to.
struct Asked<'v> {
    repeated: Repeated<'v>,
    forms: Forms,
}

/// Answers under one policy, with the plans made so far.
pub struct Respondent {
    compiled: Compiled,
    answer: Answer,
    ids: LruCache<String, PrincipalId>,
    /// How many had been erased when `ids` was begun.
    erasures: usize,
    /// The words of the question that is being asked.
    words: Vec<u8>,
    /// The instant that was answered about last.
    instant: Instant,
    n_plans: u64,
}

/// What the engine comes to.
enum Engine {
    Answers(Line),
    /// The definition is to be asked.
    Leaves,
    /// The ledger is to be asked who this is.
    AsksWho,
    /// The population has nobody of the id that is remembered.
    IsUnknown,
}

impl Respondent {
    /// A respondent who has answered nothing yet.
    #[must_use]
    pub fn new(standing: Arc<Standing>) -> Self {
        Self {
            erasures: standing.erasures(),
            compiled: Compiled::new(standing, |_| LruCache::new(ASKED_MAX)),
            answer: Answer::default(),
            ids: LruCache::new(REMEMBERED_MAX),
            words: Vec::new(),
            instant: Instant::default(),
            n_plans: 0,
        }
    }

    /// What this respondent answers under.
    #[must_use]
    pub fn standing(&self) -> &Arc<Standing> {
        self.compiled.borrow_owner()
    }

    /// Answers a question.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn answer(&mut self, question: &Question, telling: Telling) -> Result<Line, OperationError> {
        if let Some(line) = self.answer_at_once(question, telling)? {
            return Ok(line);
        }
        self.remember(&question.principal)?;
        match self.answer_at_once(question, telling)? {
            Some(line) => Ok(line),
            None => self.standing().explain(question),
        }
    }

    /// Answers a question where that needs no reading of the ledger, and so does not wait; otherwise nothing.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn answer_at_once(
        &mut self,
        question: &Question,
        telling: Telling,
    ) -> Result<Option<Line>, OperationError> {
        let now = self.standing().nattoku.now();
        self.answer_now(question, telling, now)
    }

    /// Answers several questions, of one present instant, where none of them needs reading of the ledger; otherwise nothing.
    #[must_use]
    pub fn answer_each_at_once(
        &mut self,
        questions: &[Question],
        telling: Telling,
    ) -> Option<Vec<Result<Line, OperationError>>> {
        let now = self.standing().nattoku.now();
        questions.iter().map(|question| self.answer_now(question, telling, now).transpose()).collect()
    }

    fn answer_now(
        &mut self,
        question: &Question,
        telling: Telling,
        now: Timestamp,
    ) -> Result<Option<Line>, OperationError> {
        Ok(match self.by_engine(question, telling, now)? {
            Engine::Answers(line) => Some(line),
            Engine::Leaves | Engine::AsksWho | Engine::IsUnknown => None,
        })
    }

    /// Remembers which id the ledger has for a principal.
    pub(crate) fn knows(&mut self, principal: &str, id: PrincipalId) {
        self.ids.insert(principal.to_owned(), id);
    }

    /// How many plans were made so far.
    #[must_use]
    pub const fn n_plans(&self) -> u64 {
        self.n_plans
    }

    fn by_engine(
        &mut self,
        question: &Question,
        telling: Telling,
        now: Timestamp,
    ) -> Result<Engine, OperationError> {
        let Self { compiled, answer, ids, erasures, words, instant, n_plans } = self;
        question.write_words(words);
        compiled.with_dependent_mut(|standing, asked_before| {
            if *erasures != standing.erasures() {
                *erasures = standing.erasures();
                ids.clear();
            }
            let edition = &standing.edition;
            if asked_before.peek(words.as_slice()).is_none() {
                let request = resolve(edition.versions().current(), question, now);
                let request = request.map_err(OperationError::Undeclared)?;
                let repeated = Repeated::new(edition.versions(), request);
                asked_before.insert(words.clone(), Asked { repeated, forms: Forms::default() });
            }
            let Some(Asked { repeated, forms }) = asked_before.get_mut(words.as_slice()) else {
                return Ok(Engine::Leaves);
            };
            let Some(id) = ids.get(question.principal.as_str()) else { return Ok(Engine::AsksWho) };
            let told = edition.population(|population| {
                let have = population.revision();
                if let Some(want) = question.min_revision.filter(|want| have.0 < *want) {
                    return Err(OperationError::Behind { have: have.0, want });
                }
                // Somebody of whom the population has not heard yet, or who was erased and is known by another id now.
                let Some(ordinal) = population.find(id) else { return Ok(Engine::IsUnknown) };
                // Should the clock have gone back, it is still after all that has happened.
                let at = question.at.unwrap_or_else(|| now.max(population.newest()));
                let made_before = repeated.n_made();
                let decided = repeated.decide(population, at, ordinal, answer);
                match decided {
                    Ok(by) => {
                        *n_plans += by.1 - made_before;
                        let text = forms.line(
                            by,
                            answer,
                            (&question.principal, instant.written(at)),
                            (edition, telling),
                        );
                        let permits = answer.cases.iter().any(|case| case.verdict.is_permitted());
                        let Answer { verdict, revision, .. } = *answer;
                        Ok(Engine::Answers(Line { text, verdict, revision, permits, by_engine: true }))
                    }
                    Err(NotNow::Earlier | NotNow::Stale | NotNow::Finer | NotNow::Nobody) => {
                        Ok(Engine::Leaves)
                    }
                }
            });
            // Whoever was erased while this was asked has left an empty place.
            let is_to_be_looked_up =
                matches!(told, Ok(Engine::IsUnknown)) || *erasures != standing.erasures();
            if is_to_be_looked_up {
                ids.remove(question.principal.as_str());
                return Ok(Engine::IsUnknown);
            }
            told
        })
    }

    fn remember(&mut self, principal: &str) -> Result<(), OperationError> {
        let id = self.standing().id_of(principal)?;
        self.knows(principal, id);
        Ok(())
    }
}
