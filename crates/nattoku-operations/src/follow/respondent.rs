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
}

/// What the engine comes to.
enum Engine {
    Answers(Line),
    /// The definition is to be asked.
    Leaves,
    /// The ledger is to be asked who this is.
    AsksWho,
}

impl Respondent {
    /// A respondent who has answered nothing yet.
    #[must_use]
    pub fn new(standing: Arc<Standing>) -> Self {
        Self {
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
        if let Engine::Answers(line) = match self.by_engine(question, telling)? {
            Engine::AsksWho => {
                self.remember(&question.principal)?;
                self.by_engine(question, telling)?
            }
            engine => engine,
        } {
            return Ok(line);
        }
        self.explain(question)
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
            Engine::Leaves | Engine::AsksWho => None,
        })
    }

    /// Answers a question by the definition, with all that it tells: sentences, rules, and the events relied on.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn explain(&self, question: &Question) -> Result<Line, OperationError> {
        let standing = self.standing();
        let decision = standing.nattoku.decide(question)?;
        let text = json::of_definition(&decision, &standing.edition, &question.principal);
        Ok(Line { text, verdict: decision.verdict, revision: decision.revision, by_engine: false })
    }

    /// The same, and in words of every language.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn explain_in_words(&self, question: &Question) -> Result<Line, OperationError> {
        let standing = self.standing();
        let decision = standing.nattoku.decide(question)?;
        let text = json::in_words(&decision, &standing.edition, &question.principal);
        Ok(Line { text, verdict: decision.verdict, revision: decision.revision, by_engine: false })
    }

    /// How many plans were made so far.
    #[must_use]
    pub fn n_plans(&self) -> u64 {
        self.compiled.with_dependent(|_, plans| plans.n_made())
    }

    fn by_engine(&mut self, question: &Question, telling: Telling) -> Result<Engine, OperationError> {
        let Self { compiled, answer, ids } = self;
        compiled.with_dependent_mut(|standing, plans| {
            let edition = &standing.edition;
            let request = resolve(edition.versions().current(), question, standing.nattoku.now());
            let mut request = request.map_err(OperationError::Undeclared)?;
            let Some(id) = ids.get(question.principal.as_str()) else { return Ok(Engine::AsksWho) };
            edition.population(|population| {
                let have = population.revision();
                if let Some(want) = question.min_revision.filter(|want| have.0 < *want) {
                    return Err(OperationError::Behind { have: have.0, want });
                }
                let ordinal = population
                    .find(id)
                    .ok_or_else(|| OperationError::unknown_principal(&question.principal))?;
                if question.at.is_none() {
                    // Should the clock have gone back, it is still after all that has happened.
                    request.at = request.at.max(population.newest());
                }
                match plans.decide(population, &request, ordinal, answer) {
                    Ok(plan) => Ok(Engine::Answers(Line {
                        text: json::line(plan, answer, edition, &question.principal, telling),
                        verdict: answer.verdict,
                        revision: answer.revision,
                        by_engine: true,
                    })),
                    Err(NotNow::Earlier | NotNow::Stale | NotNow::Finer | NotNow::Nobody) => {
                        Ok(Engine::Leaves)
                    }
                }
            })
        })
    }

    fn remember(&mut self, principal: &str) -> Result<(), OperationError> {
        let id = self.standing().nattoku.store.principal_id(principal)?;
        let id = id.ok_or_else(|| OperationError::unknown_principal(principal))?;
        self.ids.insert(principal.to_owned(), id);
        Ok(())
    }
}
