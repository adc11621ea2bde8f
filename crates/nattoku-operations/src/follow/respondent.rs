//! Whoever answers under a policy that stands, one question after the other.

use std::sync::Arc;

use hashlink::LruCache;
use nattoku_engine::{Answer, NotNow, Plans, PrincipalId};
use self_cell::self_cell;

use super::{Line, Standing, Telling, json};
use crate::decide::resolve;
use crate::error::OperationError;
use crate::question::Question;

/// Most identifiers remembered with their ids.
const REMEMBERED_MAX: usize = 200_000;

self_cell!(
    /// The plans made so far, which speak of the policy they were made for.
    struct Compiled {
        owner: Arc<Standing>,
        #[not_covariant]
        dependent: Plans,
    }
);

/// Answers under one policy, with the plans made so far.
pub struct Respondent {
    compiled: Compiled,
    answer: Answer,
    ids: LruCache<String, PrincipalId>,
    /// How many had been erased when `ids` was begun.
    erasures: usize,
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
            compiled: Compiled::new(standing, |standing| Plans::new(standing.edition.versions())),
            answer: Answer::default(),
            ids: LruCache::new(REMEMBERED_MAX),
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
        Ok(match self.by_engine(question, telling)? {
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
    pub fn n_plans(&self) -> u64 {
        self.compiled.with_dependent(|_, plans| plans.n_made())
    }

    fn by_engine(&mut self, question: &Question, telling: Telling) -> Result<Engine, OperationError> {
        let Self { compiled, answer, ids, erasures } = self;
        compiled.with_dependent_mut(|standing, plans| {
            if *erasures != standing.erasures() {
                *erasures = standing.erasures();
                ids.clear();
            }
            let edition = &standing.edition;
            let request = resolve(edition.versions().current(), question, standing.nattoku.now());
            let mut request = request.map_err(OperationError::Undeclared)?;
            let Some(id) = ids.get(question.principal.as_str()) else { return Ok(Engine::AsksWho) };
            let told = edition.population(|population| {
                let have = population.revision();
                if let Some(want) = question.min_revision.filter(|want| have.0 < *want) {
                    return Err(OperationError::Behind { have: have.0, want });
                }
                // Somebody of whom the population has not heard yet, or who was erased and is known by another id now.
                let Some(ordinal) = population.find(id) else { return Ok(Engine::IsUnknown) };
                if question.at.is_none() {
                    // Should the clock have gone back, it is still after all that has happened.
                    request.at = request.at.max(population.newest());
                }
                match plans.decide(population, &request, ordinal, answer) {
                    Ok(plan) => Ok(Engine::Answers(Line {
                        text: json::line(plan, answer, edition, &question.principal, telling),
                        verdict: answer.verdict,
                        revision: answer.revision,
                        permits: answer.cases.iter().any(|case| case.verdict.is_permitted()),
                        by_engine: true,
                    })),
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
