//! For whom a use is permitted: one question asked about everybody in the ledger, and why the others are left out.
//!
//! About the present the engine answers, over a population folded from the ledger at one revision. About an earlier
//! instant, or with what was known at another, the definition does, one principal at a time; the answer says how many each
//! of them gave.

mod report;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_engine::{Audience as Members, Cause, Full, NotNow, Ordinal, Plan, Population, Vocabulary};
use nattoku_model::name::VersionName;
use nattoku_model::{Decision, Gate, Reason, Recorded, Request, Revision, Verdict};
use nattoku_store::{PageMark, PrincipalEvents, StoreError};

use crate::decide::resolve;
use crate::error::OperationError;
use crate::nattoku::Nattoku;
use crate::question::Question;

pub use report::{audience_json, audience_text};

/// Principals read at once.
const PAGE: u32 = 500;

/// For whom a use is permitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// What was asked, with the instant it is about.
    pub request: Request,
    /// The revision of the ledger that was read.
    pub revision: Revision,
    /// The version in force at that instant.
    pub policy_version: Option<VersionName>,
    /// How many principals have each verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many are left out, by what decides.
    pub causes: BTreeMap<Cause, u64>,
    /// How many answers the engine gave.
    pub by_engine: u64,
    /// How many the definition gave.
    pub by_definition: u64,
}

/// The question was not asked about everybody.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// It cannot be asked as it is, or the ledger could not be read.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// There are too many principals for one population.
    #[error(transparent)]
    Full(#[from] Full),
    /// The engine refused to answer although it is about the present: a fault of ours.
    #[error(transparent)]
    Engine(#[from] NotNow),
    /// Those for whom it is permitted could not be written down.
    #[error("cannot write for whom it is permitted: {0}")]
    List(std::io::Error),
}

impl From<StoreError> for AudienceError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Whoever wants to know for whom it is permitted: called with each identifier.
type List<'a> = Option<&'a mut dyn FnMut(&str, Verdict) -> std::io::Result<()>>;

impl Nattoku {
    /// Asks a question about everybody in the ledger; whom the question itself names does not count.
    ///
    /// `list` is told each principal for whom it is permitted, in the order in which the ledger first heard of them;
    /// `progress` how many have been read.
    ///
    /// # Errors
    /// Where a name is not declared, the ledger stands before the revision asked for or cannot be read, or `list` fails.
    pub fn audience(
        &self,
        question: &Question,
        list: List<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Audience, AudienceError> {
        let mut request = resolve(self.policy(), question, self.now()).map_err(OperationError::Undeclared)?;
        let revision = self.store.revision()?;
        if let Some(want) = question.min_revision.filter(|want| revision.0 < *want) {
            return Err(OperationError::Behind { have: revision.0, want }.into());
        }
        let newest = self.store.last_recorded_at()?.unwrap_or(Timestamp::MIN);
        if question.at.is_none() {
            request.at = request.at.max(newest);
        }
        let mut audience = Audience {
            policy_version: self.versions().in_force(request.at).map(|p| p.version.clone()),
            revision,
            verdicts: BTreeMap::new(),
            causes: BTreeMap::new(),
            by_engine: 0,
            by_definition: 0,
            request,
        };
        if audience.request.known_at.is_none() && audience.request.at >= newest {
            self.now_by_engine(&mut audience, list, progress)?;
        } else {
            self.then_by_definition(&mut audience, list, progress)?;
        }
        Ok(audience)
    }

    /// How many principals the ledger knows.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn principals(&self) -> Result<u64, OperationError> {
        Ok(self.store.stats()?.principals)
    }

    /// Reads every principal at the revision, a page at a time.
    fn each_principal(
        &self,
        revision: Revision,
        progress: &mut dyn FnMut(u64),
        take: &mut dyn FnMut(PrincipalEvents) -> Result<(), AudienceError>,
    ) -> Result<(), AudienceError> {
        let mut mark = Some(PageMark::default());
        let mut n_read = 0;
        while let Some(after) = mark {
            let page = self.store.principals_page(after, PAGE, revision)?;
            for principal in page.principals {
                take(principal)?;
                n_read += 1;
            }
            progress(n_read);
            mark = page.next;
        }
        Ok(())
    }

    fn now_by_engine(
        &self,
        audience: &mut Audience,
        list: List<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), AudienceError> {
        let mut population = Population::new(Arc::new(Vocabulary::new(self.versions())));
        for recorded in &self.store.general_events(audience.revision)? {
            population.apply_general(recorded);
        }
        let mut identifiers: Vec<(Ordinal, String)> = Vec::new();
        self.each_principal(audience.revision, progress, &mut |principal| {
            let ordinal = population.rebuild(principal.id, &principal.events)?;
            if list.is_some() {
                identifiers.push((ordinal, principal.identifier));
            }
            Ok(())
        })?;
        let mut plan = Plan::new(self.versions(), &population, &audience.request);
        let mut members = Members::new(&mut plan, &population, audience.request.at, &mut |_| ())?;
        audience.by_definition = members.open.len();
        if !members.open.is_empty() {
            self.settle(&population, &mut members, &audience.request, audience.revision)?;
        }
        if let Some(list) = list {
            for (ordinal, identifier) in &identifiers {
                for (set, verdict) in [
                    (&members.permitted, Verdict::Permit),
                    (&members.with_conditions, Verdict::PermitWithConditions),
                ] {
                    if set.contains(ordinal.0) {
                        list(identifier, verdict).map_err(AudienceError::List)?;
                    }
                }
            }
        }
        audience.by_engine = members.verdicts.values().sum::<u64>() - audience.by_definition;
        audience.verdicts = members.verdicts;
        audience.causes = members.causes;
        Ok(())
    }

    /// Asks the definition about those whose answer depends on what a population does not keep in full.
    fn settle(
        &self,
        population: &Population,
        members: &mut Members,
        request: &Request,
        revision: Revision,
    ) -> Result<(), AudienceError> {
        let mut events = self.store.general_events(revision)?;
        let n_general = events.len();
        self.each_principal(revision, &mut |_| (), &mut |principal| {
            let Some(ordinal) = population.find(&principal.id).filter(|o| members.open.contains(o.0)) else {
                return Ok(());
            };
            events.truncate(n_general);
            events.extend(principal.events);
            members
                .settle(ordinal, cause(&nattoku_spec::decide(self.versions(), &events, request, revision)));
            Ok(())
        })
    }

    fn then_by_definition(
        &self,
        audience: &mut Audience,
        mut list: List<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), AudienceError> {
        let mut events = self.store.general_events(audience.revision)?;
        let n_general = events.len();
        let revision = audience.revision;
        self.each_principal(revision, progress, &mut |principal| {
            events.truncate(n_general);
            events.extend(principal.events);
            if !has_been_heard_of(&events, &audience.request) {
                return Ok(());
            }
            let decision = nattoku_spec::decide(self.versions(), &events, &audience.request, revision);
            audience.by_definition += 1;
            *audience.verdicts.entry(decision.verdict).or_default() += 1;
            if !decision.verdict.is_permitted() {
                *audience.causes.entry(cause(&decision)).or_default() += 1;
            } else if let Some(list) = &mut list {
                list(&principal.identifier, decision.verdict).map_err(AudienceError::List)?;
            }
            Ok(())
        })
    }
}

/// Whether the principal was known at all at the instant that is asked about, by what was known then.
fn has_been_heard_of(events: &[Recorded], request: &Request) -> bool {
    events.iter().any(|e| {
        e.event.is_about_a_principal()
            && e.at <= request.at
            && request.known_at.is_none_or(|known| e.recorded_at <= known)
    })
}

/// What decides: the first gate with the decision's verdict.
fn cause(decision: &Decision) -> Cause {
    let deciding = decision.deciding().map(|gate| (gate.gate, gate.reason));
    let (gate, reason) = deciding.unwrap_or((Gate::Governing, Reason::NoHolding));
    Cause { verdict: decision.verdict, gate, reason }
}
