//! For whom a use is permitted: one question asked about everybody in the ledger, and why the others are left out.
//!
//! The engine answers, over a population that stands at one revision: as it is now, out of a snapshot where there is one, or
//! folded as it was at an earlier instant or known to be at one. Where an answer depends on what a population does not keep
//! in full, the definition gives it; the answer says how many each of them gave.

mod about;
mod baseline;
mod change;
mod change_report;
mod count;
mod report;
mod together;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use nattoku_engine::{AsOf, Cause, Full, Members, NotNow, Population};
use nattoku_model::name::{ActivityName, VersionName};
use nattoku_model::{Reason, Request, Revision, Verdict};
use nattoku_store::{PageMark, StoreError};

use crate::decide::resolve;
use crate::error::OperationError;
use crate::nattoku::Nattoku;
use crate::population::{Opened, PopulationError, Progress, SnapshotUse};
use crate::question::Question;
use crate::unregistered::nearest_activity;
use change::Answered;
pub(crate) use count::cause;

pub use about::audience_about;
pub use baseline::{Baseline, OtherPolicy};
pub use change::{AudienceChange, Moved, Way};
pub use report::{audience_json, audience_text};
pub use together::{Asked, Others, Together};

/// Identifiers read at once.
const PAGE: u32 = 4_096;

/// For whom a use is permitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// What was asked, with the instant it is about.
    pub request: Request,
    /// Where the activity is not registered, the registered one that is nearest.
    pub nearest_activity: Option<ActivityName>,
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
    /// What a snapshot had to do with it; nothing about an earlier instant, or where it was to do without.
    pub snapshot: Option<SnapshotUse>,
    /// Who is left together with other questions, where there were some.
    pub together: Option<Together>,
    /// How it differs from another audience, where it was compared with one.
    pub change: Option<AudienceChange>,
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
    /// The engine refused to answer although the population is of that very instant: a fault of ours.
    #[error(transparent)]
    Engine(#[from] NotNow),
    /// Those for whom it is permitted could not be written down.
    #[error("cannot write for whom it is permitted: {0}")]
    List(std::io::Error),
}

impl From<PopulationError> for AudienceError {
    fn from(error: PopulationError) -> Self {
        match error {
            PopulationError::Store(error) => error.into(),
            PopulationError::Full(full) => Self::Full(full),
        }
    }
}

impl From<StoreError> for AudienceError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Somebody on the list of an audience.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// The identifier.
    pub principal: &'a str,
    /// What the question is answered with about them.
    pub verdict: Verdict,
    /// Where the audience is compared with another: which way they moved, and why they are not in the other one, or no longer in
    /// this one; no reason where the other side had not heard of them.
    pub moved: Option<(Way, Option<Reason>)>,
}

/// Whoever wants to know who is on the list.
type List<'a> = Option<&'a mut dyn FnMut(&Listed<'_>) -> std::io::Result<()>>;

impl Nattoku {
    /// Asks a question about everybody in the ledger; whom the question itself names does not count.
    ///
    /// `snapshot` is where one of the population is kept, if it is to be used. `list` is told each principal for whom it is
    /// permitted, in the order in which the ledger first heard of them: with `others` each who is left together with these,
    /// with a `baseline` each who is in one of the two audiences alone. `progress` is told how far it has come.
    ///
    /// # Errors
    /// Where a name is not declared, the baseline does not go with the question or with others, the ledger stands before the
    /// revision asked for or cannot be read, or `list` fails.
    pub fn audience(
        &self,
        question: &Question,
        others: &Others,
        baseline: Option<&Baseline>,
        snapshot: Option<&Path>,
        mut list: List<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Audience, AudienceError> {
        let mut request = resolve(self.policy(), question, self.now()).map_err(OperationError::Undeclared)?;
        let mut beside = others.resolve(self.policy(), self.now())?;
        if let Some(baseline) = baseline {
            baseline.check(self.policy(), (question, others), self.about(question)?)?;
        }
        let have = self.store.revision()?;
        if let Some(want) = question.min_revision.filter(|want| have.0 < *want) {
            return Err(OperationError::Behind { have: have.0, want }.into());
        }
        let Opened { population, revision, snapshot } =
            self.asked_about(&mut request, question, snapshot, progress)?;
        let of = u64::try_from(population.len()).unwrap_or(u64::MAX);
        let mut asked = |done| progress(Progress { done, of });
        let versions = self.versions();
        let (members, by_definition) = self.count(versions, &population, &request, revision, &mut asked)?;
        let mut left = Members {
            permitted: members.permitted.clone(),
            with_conditions: members.with_conditions.clone(),
            ..Members::default()
        };
        beside.about(&request);
        let together = self.together(&population, revision, beside, &mut left, &mut asked)?;
        let here = Answered { versions, population: &population, request: &request, members: &members };
        let change = baseline
            .map(|baseline| self.change(&here, (baseline, question), revision, list.take(), progress));
        let change = change.transpose()?;
        if let Some(list) = list {
            self.tell(&population, &left, list)?;
        }
        Ok(Audience {
            policy_version: versions.in_force(request.at).map(|p| p.version.clone()),
            revision,
            by_engine: members.verdicts.values().sum::<u64>() - by_definition,
            by_definition,
            verdicts: members.verdicts,
            causes: members.causes,
            snapshot,
            together,
            change,
            nearest_activity: nearest_activity(versions, request.activity.as_str()),
            request,
        })
    }

    /// How many principals the ledger knows.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn principals(&self) -> Result<u64, OperationError> {
        Ok(self.store.stats()?.principals)
    }

    /// The instant that a question is about, or would be about if nothing came meanwhile.
    fn about(&self, question: &Question) -> Result<Timestamp, StoreError> {
        let newest = self.store.last_recorded_at()?.unwrap_or(Timestamp::MIN);
        Ok(question.at.unwrap_or_else(|| self.now().max(newest)))
    }

    /// The population that answers a request: the present one, unless something it knows lies after what is asked about. A
    /// question that names no instant is about the one at which everything that is known has been recorded.
    fn asked_about(
        &self,
        request: &mut Request,
        question: &Question,
        snapshot: Option<&Path>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Opened, AudienceError> {
        let newest = self.store.last_recorded_at()?.unwrap_or(Timestamp::MIN);
        let is_about_now = request.known_at.is_none() && (question.at.is_none() || request.at >= newest);
        if is_about_now {
            let opened = self.population(snapshot, progress)?;
            if question.at.is_none() {
                let newest = self.store.event_at(opened.revision)?.map(|line| line.recorded.recorded_at);
                request.at = request.at.max(newest.unwrap_or(Timestamp::MIN));
            }
            // Something later may have come while it was being read.
            if request.at >= opened.population.newest() {
                return Ok(opened);
            }
        }
        let revision = self.store.revision()?;
        let cut = AsOf { at: request.at, known_at: request.known_at };
        let population = self.population_as_of(cut, revision, progress)?;
        Ok(Opened { population, revision, snapshot: None })
    }

    /// Tells for whom it is permitted.
    fn tell(
        &self,
        population: &Population,
        members: &Members,
        list: &mut dyn FnMut(&Listed<'_>) -> std::io::Result<()>,
    ) -> Result<(), AudienceError> {
        let sets = [
            (&members.permitted, Verdict::Permit),
            (&members.with_conditions, Verdict::PermitWithConditions),
        ];
        let mut mark = Some(PageMark::default());
        while let Some(after) = mark {
            let page = self.store.identifiers_page(after, PAGE)?;
            for (principal, id) in &page.principals {
                let Some(ordinal) = population.find(id) else { continue };
                if let Some((_, verdict)) = sets.iter().find(|(set, _)| set.contains(ordinal.0)) {
                    let listed = Listed { principal, verdict: *verdict, moved: None };
                    list(&listed).map_err(AudienceError::List)?;
                }
            }
            mark = page.next;
        }
        Ok(())
    }
}
