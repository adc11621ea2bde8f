//! One question about everybody together with others: who is permitted by all of these, and by none of those.
//!
//! The others are answered out of sets over the population that answers the first, at the same instant: what several of them
//! ask of a principal is gone through once. Where the engine leaves somebody open, the definition settles it, as for the first.

use std::fmt::Write as _;

use jiff::Timestamp;
use nattoku_engine::{Members, Ordinal, Plan, Population, Slices};
use nattoku_model::name::{ActivityName, CategoryName};
use nattoku_model::{Language, Policy, Request, Revision, Verdict};
use nattoku_policy::diagnostic::Words;
use serde_json::{Value, json};

use super::AudienceError;
use super::report::{on_one_line, question_json, words_of};
use crate::decide::resolve;
use crate::error::OperationError;
use crate::grouped::grouped;
use crate::nattoku::Nattoku;
use crate::question::Question;
use crate::unregistered::nearest_activity;

/// Questions that are asked about everybody beside another one; their own instants do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// Somebody is left only if each of these permits it as well.
    pub and: Vec<Question>,
    /// Somebody is left only if none of these permits it.
    pub except: Vec<Question>,
}

/// The same, held against the policy.
#[derive(Debug)]
pub(super) struct Beside {
    and: Vec<Request>,
    except: Vec<Request>,
}

/// Who is left together with other questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// How many are left.
    pub principals: u64,
    /// Those that had to permit it, in the order given.
    pub and: Vec<Asked>,
    /// Those that had not to permit it, in the order given.
    pub except: Vec<Asked>,
}

/// One of the other questions, for how many it is permitted, conditions or not, and the registered activity that is nearest to its
/// own where that is not registered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the lines above say all three")]
pub struct Asked {
    pub request: Request,
    pub permitted: u64,
    pub nearest_activity: Option<ActivityName>,
}

impl Others {
    /// Holds the names against the policy; what is not declared is told with the flag and its place among its like.
    pub(super) fn resolve(&self, policy: &Policy, now: Timestamp) -> Result<Beside, OperationError> {
        let all = |flag: &str, questions: &[Question]| {
            let each = questions.iter().enumerate().map(|(place, question)| {
                resolve(policy, question, now).map_err(|names| {
                    let error = OperationError::Undeclared(names);
                    let [ja, en] = [Language::Ja, Language::En].map(|language| error.sentence(language));
                    let place = place + 1;
                    let place =
                        Words::new(format!("{place} つ目の {flag}: {ja}"), format!("{flag} {place}: {en}"));
                    OperationError::Refused(place)
                })
            });
            each.collect::<Result<Vec<_>, _>>()
        };
        Ok(Beside { and: all("--and", &self.and)?, except: all("--except", &self.except)? })
    }
}

impl Beside {
    /// Makes them about the instant that the first question is about.
    pub(super) fn about(&mut self, first: &Request) {
        for request in self.and.iter_mut().chain(&mut self.except) {
            request.at = first.at;
            request.known_at = first.known_at;
        }
    }
}

impl Nattoku {
    /// Leaves in `left`, which holds whom the first question permits, only those whom the others leave in.
    pub(super) fn together(
        &self,
        population: &Population,
        revision: Revision,
        beside: Beside,
        left: &mut Members,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Option<Together>, AudienceError> {
        if beside.and.is_empty() && beside.except.is_empty() {
            return Ok(None);
        }
        let mut slices = Slices::new(population);
        let mut members = |request: &Request| -> Result<Members, AudienceError> {
            let mut plan = Plan::new(self.versions(), population, request);
            let mut members = slices.members(&mut plan, population, request.at, progress)?;
            let open: Vec<Ordinal> = members.open.iter().map(Ordinal).collect();
            self.settle(
                population,
                &open,
                (self.versions(), request),
                revision,
                &mut |ordinal, decision| {
                    members.open.remove(ordinal.0);
                    _ = match decision.verdict {
                        Verdict::Permit => members.permitted.insert(ordinal.0),
                        Verdict::PermitWithConditions => members.with_conditions.insert(ordinal.0),
                        _ => false,
                    };
                },
            )?;
            Ok(members)
        };
        let asked = |request: Request, permitted| {
            let nearest_activity = nearest_activity(self.versions(), request.activity.as_str());
            Asked { request, permitted, nearest_activity }
        };
        let [mut and, mut except] = [Vec::new(), Vec::new()];
        for request in beside.and {
            let permitted = members(&request)?.all();
            left.permitted &= &permitted;
            left.with_conditions &= &permitted;
            and.push(asked(request, permitted.len()));
        }
        for request in beside.except {
            let permitted = members(&request)?.all();
            left.permitted -= &permitted;
            left.with_conditions -= &permitted;
            except.push(asked(request, permitted.len()));
        }
        Ok(Some(Together { principals: left.len(), and, except }))
    }
}

/// As JSON: who is left, and each of the others with its figure.
pub(super) fn together_json(together: &Together) -> Value {
    let all = |asked: &[Asked]| -> Vec<Value> {
        let each = asked.iter().map(|asked| {
            let mut told = question_json(&asked.request);
            told.insert("permitted".to_owned(), asked.permitted.into());
            let nearest = asked.nearest_activity.as_ref().map(ActivityName::as_str);
            told.insert("nearest_activity".to_owned(), nearest.into());
            Value::Object(told)
        });
        each.collect()
    };
    json!({
        "principals": together.principals,
        "and": all(&together.and),
        "except": all(&together.except),
    })
}

/// In words: how many each of the others permits, and how many are left.
pub(super) fn together_text(together: &Together, policy: &Policy, language: Language) -> String {
    let (head, and, except, left) = match language {
        Language::Ja => ("ほかの問いと合わせると", "これも許される", "これが許される人を除く", "残る人"),
        Language::En => {
            ("Together with other questions", "also permitted", "leaving out those permitted", "left")
        }
    };
    let mut out = format!("\n{head}\n");
    for (kind, asked) in [(and, &together.and), (except, &together.except)] {
        for Asked { request, permitted, .. } in asked {
            let categories: Vec<&str> = request.categories.iter().map(CategoryName::as_str).collect();
            let _ = writeln!(
                out,
                "  {:>11}  {kind}: {}\n               {} {} {} {}",
                grouped(*permitted),
                words_of(policy, &request.activity, language),
                request.application,
                request.action,
                on_one_line(&request.activity),
                categories.join(" "),
            );
        }
    }
    let _ = writeln!(out, "  {:>11}  {left}", grouped(together.principals));
    out
}
