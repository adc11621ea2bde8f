//! Whoever answers under a policy that stands, one question after the other.

use std::sync::Arc;

use hashlink::LruCache;
use jiff::Timestamp;
use nattoku_engine::{Answer, PrincipalId, Repeated};
use self_cell::self_cell;

use super::forms::Forms;
use super::json::Instant;
use super::{Line, Standing, Telling};
use crate::decide::resolve;
use crate::error::OperationError;
use crate::question::{Alike, Question};

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
        let mut line = None;
        let principal = std::iter::once(question.principal.as_str());
        let is_answered = self.by_engine(question, principal, (telling, now), |told| line = Some(told))?;
        Ok(line.filter(|_| is_answered))
    }

    /// Answers several questions, of one present instant, in their order. Nothing where one of them needs reading of the ledger, or cannot be
    /// asked.
    #[must_use]
    pub fn answer_each_at_once(&mut self, asked: &[Alike<'_>], telling: Telling) -> Option<Vec<Line>> {
        let now = self.standing().nattoku.now();
        let mut lines = Vec::with_capacity(asked.iter().map(Alike::count).sum());
        for alike in asked {
            let tell = |line| lines.push(line);
            let answered = self.by_engine(alike.question(), alike.principals(), (telling, now), tell);
            answered.ok().filter(|is_answered| *is_answered)?;
        }
        Some(lines)
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

    /// Asks the engine about one principal after another, for as long as it answers, and tells whether it answered about all of them. It does
    /// not where the definition is to be asked, or the ledger who somebody is.
    fn by_engine<'p>(
        &mut self,
        question: &Question,
        principals: impl Iterator<Item = &'p str>,
        (telling, now): (Telling, Timestamp),
        mut tell: impl FnMut(Line),
    ) -> Result<bool, OperationError> {
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
                return Ok(false);
            };
            let are_answered = edition.population(|population| {
                let have = population.revision();
                if !standing.stands_at(have) {
                    return Ok(false);
                }
                if let Some(want) = question.min_revision.filter(|want| have.0 < *want) {
                    return Err(OperationError::Behind { have: have.0, want });
                }
                // Should the clock have gone back, it is still after all that has happened.
                let at = question.at.unwrap_or_else(|| now.max(population.newest()));
                let written = instant.written(at);
                for principal in principals {
                    let Some(id) = ids.get(principal) else { return Ok(false) };
                    // Somebody of whom the population has not heard yet, or who was erased and is known by another id now.
                    let Some(ordinal) = population.find(id) else {
                        ids.remove(principal);
                        return Ok(false);
                    };
                    let made_before = repeated.n_made();
                    let Ok(by) = repeated.decide(population, at, ordinal, answer) else { return Ok(false) };
                    *n_plans += by.1 - made_before;
                    let text = forms.line(by, answer, (principal, written), (edition, telling));
                    let permits = answer.cases.iter().any(|case| case.verdict.is_permitted());
                    let Answer { verdict, revision, .. } = *answer;
                    tell(Line { text, verdict, revision, permits, by_engine: true });
                }
                Ok(true)
            })?;
            // Whoever was erased while this was asked has left an empty place.
            Ok(are_answered && *erasures == standing.erasures())
        })
    }

    fn remember(&mut self, principal: &str) -> Result<(), OperationError> {
        let id = self.standing().id_of(principal)?;
        self.knows(principal, id);
        Ok(())
    }
}
