//! A question about everybody, answered over the population that is at hand: how many, and who, a page at a time.
//!
//! The population is let go of between two pieces, so that decisions and the ledger's news never wait for long. What is counted or
//! listed holds from `revision` on only with whoever has [changed](crate::Nattoku::changed_since) since left out.

use std::collections::BTreeMap;

use nattoku_engine::{Answer, Cause, Ordinal, Plan, Population, decide};
use nattoku_model::name::VersionName;
use nattoku_model::{Gate, Reason, Recorded, Request, Revision, Verdict};
use nattoku_store::PageMark;

use super::Standing;
use crate::audience::cause;
use crate::decide::resolve;
use crate::error::OperationError;
use crate::question::Question;

/// As many are asked about before the population is let go of.
const PIECE: u32 = 50_000;
/// Identifiers read at once.
const PAGE: u32 = 512;

/// For how many a use is permitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// What was asked, with the instant it is about.
    pub request: Request,
    /// How much of the ledger had been taken in when counting began.
    pub revision: Revision,
    /// The version in force.
    pub policy_version: Option<VersionName>,
    /// How many principals have each verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many are left out, by what decides.
    pub causes: BTreeMap<Cause, u64>,
}

/// Some of those for whom a use is permitted, in the order in which the ledger first heard of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermittedPage {
    /// Each with the verdict.
    pub principals: Vec<(String, Verdict)>,
    /// From where to go on; nothing at the end.
    pub next: Option<PageMark>,
    /// How much of the ledger had been taken in when this page was begun.
    pub revision: Revision,
}

impl Standing {
    /// Counts for how many a use is permitted, and why it is not for the others.
    ///
    /// # Errors
    /// A name is not declared, the population stands before the revision asked for, or the ledger cannot be read.
    pub fn figures(&self, question: &Question) -> Result<Figures, OperationError> {
        let (mut request, revision) = self.about_everybody(question)?;
        let policy_version = self.nattoku.versions().in_force(request.at).map(|p| p.version.clone());
        let mut figures = Figures {
            request: request.clone(),
            revision,
            policy_version,
            verdicts: BTreeMap::new(),
            causes: BTreeMap::new(),
        };
        let mut first = 0_u32;
        loop {
            let (all, open) = self.population_of_its_time(|population| {
                // What has come meanwhile is not later than what is asked about.
                if question.at.is_none() {
                    request.at = request.at.max(population.newest());
                }
                let all = u32::try_from(population.len()).unwrap_or(u32::MAX);
                let piece = first..first.saturating_add(PIECE).min(all);
                let mut open = Vec::new();
                self.ask(population, &request, piece.map(Ordinal), &mut |ordinal, cause| match cause {
                    Some(cause) => figures.add(cause),
                    None => open.extend(population.id(ordinal).copied()),
                });
                (all, open)
            })?;
            let general = self.general_for(!open.is_empty(), revision)?;
            for id in open {
                figures.add(self.by_definition(&id, &request, (revision, &general))?);
            }
            first = first.saturating_add(PIECE);
            if first >= all {
                return Ok(figures);
            }
        }
    }

    /// Lists those for whom a use is permitted, from a mark on, at most `most` of them, and asks about at most `asked_most`
    /// principals for it: a page may have few or none and not be the last.
    ///
    /// # Errors
    /// As [`figures`](Self::figures).
    pub fn permitted(
        &self,
        question: &Question,
        after: PageMark,
        most: u32,
        asked_most: u32,
    ) -> Result<PermittedPage, OperationError> {
        let (mut request, revision) = self.about_everybody(question)?;
        let mut found = PermittedPage { principals: Vec::new(), next: Some(after), revision };
        let mut asked = 0;
        while let Some(mark) = found.next {
            let room = most.saturating_sub(u32::try_from(found.principals.len()).unwrap_or(u32::MAX));
            let count = PAGE.min(room).min(asked_most.saturating_sub(asked));
            if question.at.is_none() {
                request.at = request.at.max(self.edition.population(Population::newest));
            }
            if count == 0 {
                break;
            }
            let page = self.nattoku.store.identifiers_page(mark, count)?;
            asked += count;
            let causes = self.causes_of(&page.principals, &request)?;
            let is_open = causes.iter().any(|said| matches!(said, Said::Open));
            let general = self.general_for(is_open, revision)?;
            for ((identifier, id), cause) in page.principals.into_iter().zip(causes) {
                let verdict = match cause {
                    Said::Nobody => continue,
                    Said::Cause(cause) => cause.verdict,
                    Said::Open => self.by_definition(&id, &request, (revision, &general))?.verdict,
                };
                if verdict.is_permitted() {
                    found.principals.push((identifier, verdict));
                }
            }
            found.next = page.next;
        }
        Ok(found)
    }

    /// The request, at an instant that lies after all that the population knows unless another is asked for.
    fn about_everybody(&self, question: &Question) -> Result<(Request, Revision), OperationError> {
        let request = resolve(self.nattoku.policy(), question, self.nattoku.now());
        let mut request = request.map_err(OperationError::Undeclared)?;
        let (revision, newest) =
            self.population_of_its_time(|population| (population.revision(), population.newest()))?;
        if let Some(want) = question.min_revision.filter(|want| revision.0 < *want) {
            return Err(OperationError::Behind { have: revision.0, want });
        }
        if question.at.is_none() {
            request.at = request.at.max(newest);
        }
        Ok((request, revision))
    }

    /// Asks the engine about some, and tells what decides about each, or nothing where the definition is to be asked.
    fn ask(
        &self,
        population: &Population,
        request: &Request,
        ordinals: impl Iterator<Item = Ordinal>,
        tell: &mut dyn FnMut(Ordinal, Option<Cause>),
    ) {
        let mut plan = Plan::new(self.edition.versions(), population, request);
        let mut answer = Answer::default();
        let is_earlier = request.known_at.is_some() || request.at < population.newest();
        for ordinal in ordinals {
            let decided =
                !is_earlier && decide(&mut plan, population, ordinal, request.at, &mut answer).is_ok();
            tell(ordinal, decided.then(|| cause_of(&answer)));
        }
    }

    /// What decides about each of some.
    fn causes_of(
        &self,
        principals: &[(String, [u8; 16])],
        request: &Request,
    ) -> Result<Vec<Said>, OperationError> {
        self.population_of_its_time(|population| {
            let ordinals: Vec<_> = principals.iter().map(|(_, id)| population.find(id)).collect();
            let mut said = Vec::new();
            self.ask(population, request, ordinals.iter().flatten().copied(), &mut |_, cause| {
                said.push(cause.map_or(Said::Open, Said::Cause));
            });
            let mut said = said.into_iter();
            ordinals.iter().map(|o| o.and_then(|_| said.next()).unwrap_or(Said::Nobody)).collect()
        })
    }

    /// The events that concern everybody, where the definition is to be asked.
    fn general_for(&self, is_asked: bool, revision: Revision) -> Result<Vec<Recorded>, OperationError> {
        if is_asked { Ok(self.nattoku.store.general_events(revision)?) } else { Ok(Vec::new()) }
    }

    fn by_definition(
        &self,
        id: &[u8; 16],
        request: &Request,
        (revision, general): (Revision, &[Recorded]),
    ) -> Result<Cause, OperationError> {
        let mut events = general.to_vec();
        events.extend(self.nattoku.store.events_of_id(id, revision)?);
        Ok(cause(&nattoku_spec::decide(self.edition.versions(), &events, request, revision)))
    }
}

/// What is known of somebody on a page.
#[derive(Debug, Clone, Copy)]
enum Said {
    Cause(Cause),
    /// The definition is to be asked.
    Open,
    /// The population does not know them.
    Nobody,
}

impl Figures {
    /// For how many it is permitted.
    #[must_use]
    pub fn permitted(&self) -> u64 {
        let permitted = self.verdicts.iter().filter(|(verdict, _)| verdict.is_permitted());
        permitted.map(|(_, principals)| principals).sum()
    }

    fn add(&mut self, cause: Cause) {
        *self.verdicts.entry(cause.verdict).or_default() += 1;
        if !cause.verdict.is_permitted() {
            *self.causes.entry(cause).or_default() += 1;
        }
    }
}

/// What decides.
fn cause_of(answer: &Answer) -> Cause {
    let (gate, reason) =
        answer.deciding().map_or((Gate::Governing, Reason::NoHolding), |(gate, said)| (gate, said.reason));
    Cause { verdict: answer.verdict, gate, reason }
}
