//! A decision node: many programs are answered at once, from a copy of the ledger that is kept up to date under a lease.
//!
//! What the lease promises, and why each step stands where it does: `docs/design/lease.md`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use nattoku_lease::{NodeLease, NodeTime, RegistryTime, Row, Sending, Standing as LeaseStanding, Terms};
use nattoku_model::Revision;
use nattoku_store::{Listening, NoClock, PageMark, State, StoreError, time_since_boot};

use crate::error::OperationError;
use crate::follow::{Following, Line, PermittedPage, Respondents, Standing, Telling};
use crate::in_force::UnusablePolicy;
use crate::population::{CaughtUp, PopulationError};
use crate::question::{Alike, Question};

mod hearing;
mod keeping;
mod leasing;
mod ready;

pub use hearing::Hearing;
pub use keeping::{Keeping, Kept};
pub use leasing::Leasing;
pub use ready::MadeReady;

/// How often a question is evaluated anew because the copy had moved on meanwhile, before that is kept from happening.
const EVALUATIONS_MAX: usize = 3;
/// How often the registry is looked at while a withdrawal waits for other nodes.
pub const LOOK_EVERY: Duration = Duration::from_millis(3);

/// A decision node. Shared by reference between threads.
pub struct Node {
    following: Following,
    respondents: Respondents,
    state: Box<dyn State>,
    /// The id of this start of this node.
    id: [u8; 16],
    terms: Terms,
    lease: Mutex<Box<dyn Leasing>>,
    /// Held by whoever tells the registry something, and shared by evaluations that must not be overtaken by that.
    telling: RwLock<()>,
    /// How much of the ledger was taken in.
    taken_in: AtomicU64,
    /// How much of that the registry was told.
    reported: AtomicU64,
    /// The leases of all nodes as they were last read, and when that began.
    leases: Mutex<Option<(Duration, Vec<Row>)>>,
    /// What would stand by the policy that is to come next.
    ready: Mutex<Option<Standing>>,
}

/// Something that is durable and waited for until every node respects it.
#[derive(Debug)]
pub struct Enforcing {
    revision: Revision,
    began: Duration,
    /// When none of the leases is left that there were at first: whoever takes one later begins with a state that has it.
    none_left: Option<Duration>,
}

/// What a node tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// How much of the ledger it has taken in.
    pub revision: Revision,
    /// How long ago it asked for the newest state that it has taken in; nothing before the first.
    pub staleness: Option<Duration>,
    /// For how long it may go on to permit if it hears nothing more; zero where it may not.
    pub remaining: Duration,
}

/// What a node took in of the ledger when it looked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// How many events.
    pub events: u64,
    /// How long ago the first of them was appended, by this machine's clock and that of whoever appended it; nothing where there was none,
    /// or where it is of somebody who is erased.
    pub first_waited: Option<Duration>,
}

/// What keeps a node from following.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The ledger, or the registry of leases, cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The population cannot be kept.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// The machine has no clock by which a lease could be counted.
    #[error(transparent)]
    Clock(#[from] NoClock),
    /// The ledger goes on by a policy that is not ready here.
    #[error("the ledger has the policy sha256:{0} in force, which is not ready here yet")]
    NotReady(String),
    /// The policy that is to come next cannot be used.
    #[error(transparent)]
    Unusable(#[from] UnusablePolicy),
}

impl Node {
    /// A node that has no lease yet; `id` is random, and another for each start.
    #[must_use]
    pub fn new(following: Following, state: Box<dyn State>, id: [u8; 16], terms: Terms) -> Self {
        Self::leasing(following, state, id, (terms, Box::new(NodeLease::new(terms))))
    }

    /// A node that goes by a lease of somebody else's making. It keeps what is promised only where that does what [`NodeLease`] does:
    /// this is for tests, which have nodes break the protocol to see that it shows.
    #[must_use]
    pub fn leasing(
        following: Following,
        state: Box<dyn State>,
        id: [u8; 16],
        (terms, mut lease): (Terms, Box<dyn Leasing>),
    ) -> Self {
        let respondents = Respondents::of(&following);
        let revision = following.standing().revision();
        lease.applied(revision);
        Self {
            following,
            respondents,
            state,
            id,
            terms,
            lease: Mutex::new(lease),
            telling: RwLock::new(()),
            taken_in: AtomicU64::new(revision.0),
            reported: AtomicU64::new(0),
            leases: Mutex::new(None),
            ready: Mutex::new(None),
        }
    }

    /// What this node follows.
    #[must_use]
    pub const fn following(&self) -> &Following {
        &self.following
    }

    /// What the deployment remembers beside its ledger.
    #[must_use]
    pub fn state(&self) -> &dyn State {
        &*self.state
    }

    /// Answers a question where that needs no waiting; otherwise nothing.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn answer_at_once(
        &self,
        question: &Question,
        telling: Telling,
    ) -> Result<Option<Line>, OperationError> {
        let asked = self.respondents.ask(&self.following, |one| one.answer_at_once(question, telling));
        let Some(line) = asked.transpose()?.flatten() else { return Ok(None) };
        Ok(match self.sending(line.permits.then_some(line.revision)) {
            Sending::Allowed => Some(line),
            Sending::Behind => None,
            Sending::Stale => Some(line.stale()),
        })
    }

    /// Answers several questions, which are sent together, where each can be answered and that needs no waiting; otherwise nothing.
    #[must_use]
    pub fn answer_each_at_once(&self, asked: &[Alike<'_>], telling: Telling) -> Option<Vec<Line>> {
        let lines = self.respondents.ask(&self.following, |one| one.answer_each_at_once(asked, telling));
        let lines = lines.flatten()?;
        match self.sending(earliest(&lines)) {
            Sending::Allowed => Some(lines),
            Sending::Behind => None,
            Sending::Stale => Some(lines.into_iter().map(denied).collect()),
        }
    }

    /// Answers a question, and waits for the ledger where that has to be.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn answer(&self, question: &Question, telling: Telling) -> Result<Line, OperationError> {
        let mut answers = self.answer_each(std::slice::from_ref(question), telling);
        answers.pop().unwrap_or_else(|| Err(OperationError::unknown_principal(&question.principal)))
    }

    /// Answers several questions, which are sent together: all that permits may be sent when this returns.
    pub fn answer_each(&self, questions: &[Question], telling: Telling) -> Vec<Result<Line, OperationError>> {
        self.settled(|| questions.iter().map(|question| self.evaluate(question, telling)).collect())
    }

    /// Answers a question by the definition, with all that it tells, and in words of every language.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn explain(&self, question: &Question) -> Result<Line, OperationError> {
        let explain = || vec![self.following.standing().explain_in_words(question)];
        let mut answers = self.settled(explain);
        answers.pop().unwrap_or_else(|| Err(OperationError::unknown_principal(&question.principal)))
    }

    /// One evaluation: by the engine, with what it has to be told by the ledger, or by the definition. No respondent is kept while the
    /// ledger is read.
    fn evaluate(&self, question: &Question, telling: Telling) -> Result<Line, OperationError> {
        let at_once = |know: Option<[u8; 16]>| {
            let asked = self.respondents.ask(&self.following, |one| {
                if let Some(id) = know {
                    one.knows(&question.principal, id);
                }
                one.answer_at_once(question, telling)
            });
            Ok::<_, OperationError>(asked.transpose()?.flatten())
        };
        if let Some(line) = at_once(None)? {
            return Ok(line);
        }
        let standing = self.following.standing();
        match at_once(Some(standing.id_of(&question.principal)?))? {
            Some(line) => Ok(line),
            None => standing.explain(question),
        }
    }

    /// Evaluates until what came of it may be sent together.
    fn settled(
        &self,
        evaluate: impl Fn() -> Vec<Result<Line, OperationError>>,
    ) -> Vec<Result<Line, OperationError>> {
        for _ in 0..EVALUATIONS_MAX {
            let answers = evaluate();
            // The ledger has gone on to another policy, and so does whoever takes in what it has.
            if answers.iter().any(|answer| matches!(answer, Err(OperationError::OtherPolicy { .. }))) {
                drop(self.take_in());
                continue;
            }
            match self.sending(earliest(answers.iter().flatten())) {
                Sending::Allowed => return answers,
                Sending::Stale => return stale(answers),
                // What has come meanwhile may be for another policy's population to take in.
                Sending::Behind => drop(self.take_in()),
            }
        }
        // Whoever writes much is kept waiting for a moment: what is evaluated now is not overtaken.
        let _not_overtaken = self.telling.read().unwrap_or_else(PoisonError::into_inner);
        let answers = evaluate();
        match self.sending(earliest(answers.iter().flatten())) {
            Sending::Allowed => answers,
            Sending::Behind | Sending::Stale => stale(answers),
        }
    }

    /// Whether what permits by a state as of a revision may be sent now; what permits nothing always may.
    fn sending(&self, permits_as_of: Option<Revision>) -> Sending {
        let Some(revision) = permits_as_of else { return Sending::Allowed };
        time_since_boot().map_or(Sending::Stale, |now| self.lease().sending(revision, NodeTime(now)))
    }

    /// Lists those for whom a use is permitted, as [`Standing::permitted`](crate::Standing::permitted) does. Nothing, where nobody may be
    /// told now that something is permitted.
    ///
    /// # Errors
    /// As [`Standing::permitted`](crate::Standing::permitted).
    pub fn permitted(
        &self,
        question: &Question,
        after: PageMark,
        most: u32,
        asked_most: u32,
    ) -> Result<Option<PermittedPage>, OperationError> {
        for _ in 0..EVALUATIONS_MAX {
            let standing = self.following.standing();
            let mut page = match standing.permitted(question, after, most, asked_most) {
                Err(OperationError::OtherPolicy { .. }) => {
                    drop(self.take_in());
                    continue;
                }
                page => page?,
            };
            match self.sending(Some(page.revision)) {
                Sending::Allowed => return Ok(Some(page)),
                Sending::Stale => return Ok(None),
                Sending::Behind => {}
            }
            // Asking about many takes longer than the ledger stands still: whoever has changed meanwhile is left out.
            let listed: Vec<String> =
                page.principals.iter().map(|(principal, _)| principal.clone()).collect();
            let changed = standing.nattoku().changed_since(page.revision, &listed)?;
            if !changed.everybody && self.sending(Some(changed.revision)) == Sending::Allowed {
                page.principals.retain(|(principal, _)| !changed.principals.contains(principal));
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// How much of the ledger it has taken in.
    #[must_use]
    pub fn taken_in(&self) -> Revision {
        Revision(self.taken_in.load(Ordering::Acquire))
    }

    /// Whether it is time to ask for the lease again.
    #[must_use]
    pub fn is_to_renew(&self) -> bool {
        let due = self.lease().ask_at();
        due.is_none_or(|due| time_since_boot().is_ok_and(|now| NodeTime(now) >= due))
    }

    /// How long it is until it is time to ask for the lease again.
    #[must_use]
    pub fn until_renewal(&self) -> Duration {
        let due = self.lease().ask_at();
        due.zip(time_since_boot().ok()).map_or(Duration::ZERO, |(due, now)| due.0.saturating_sub(now))
    }

    /// Begins to hear of what is appended. Nothing, where the store does not tell of it.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub fn listen(&self) -> Result<Option<Box<dyn Listening>>, StoreError> {
        self.following.standing().nattoku().store.listen()
    }

    /// Asks for the ledger's head under a new lease, and takes in all up to there.
    ///
    /// # Errors
    /// The registry or the ledger cannot be reached; then the lease that was there runs out in its time.
    pub fn renew(&self) -> Result<TakenIn, NodeError> {
        let now = NodeTime(time_since_boot()?);
        {
            let _telling = self.telling.write().unwrap_or_else(PoisonError::into_inner);
            let asked = self.lease().asked(now);
            self.state.register_lease(&self.id, self.terms.bound(), asked.applied())?;
            let head = self.following.standing().nattoku().revision()?;
            self.lease().answered(asked, head);
        }
        self.follow()
    }

    /// Takes in what the ledger has, and tells the registry of it where there was something.
    ///
    /// # Errors
    /// The ledger cannot be read, or the registry not written; or the ledger goes on by a policy that is not ready here.
    pub fn follow(&self) -> Result<TakenIn, NodeError> {
        let came = self.take_in_all();
        self.report_where_due()?;
        let CaughtUp { events, first } = came?;
        let now = self.following.standing().nattoku().now();
        let since = |at| Duration::try_from(now.duration_since(at)).unwrap_or_default();
        Ok(TakenIn { events, first_waited: first.map(since) })
    }

    /// Tells the registry what was taken in, where it was not told yet.
    ///
    /// # Errors
    /// The registry cannot be written.
    pub fn report_where_due(&self) -> Result<(), NodeError> {
        let is_told = self.reported.load(Ordering::Acquire) >= self.taken_in.load(Ordering::Acquire);
        if is_told { Ok(()) } else { self.report() }
    }

    /// Takes in what the ledger has.
    ///
    /// # Errors
    /// The ledger cannot be read, or goes on by a policy that is not ready here.
    pub fn take_in(&self) -> Result<(), NodeError> {
        self.take_in_all().map(drop)
    }

    /// Takes in what the ledger has up to a revision that it has, and perhaps more: what was written here. Those who have written at
    /// one time are spared asking the ledger each.
    ///
    /// # Errors
    /// As [`take_in`](Self::take_in).
    pub fn take_in_to(&self, revision: Revision) -> Result<(), NodeError> {
        self.under_each_policy(|standing| standing.catch_up_to(revision)).map(drop)
    }

    /// As far as the ledger goes.
    fn take_in_all(&self) -> Result<CaughtUp, NodeError> {
        self.under_each_policy(Standing::catch_up)
    }

    /// Catches up under one policy after the other, where the ledger goes on to another.
    fn under_each_policy(
        &self,
        catch_up: impl Fn(&Standing) -> Result<CaughtUp, PopulationError>,
    ) -> Result<CaughtUp, NodeError> {
        let mut came = CaughtUp::default();
        loop {
            let standing = self.following.standing();
            came.add(catch_up(&standing)?);
            let revision = standing.revision();
            self.lease().applied(revision);
            self.taken_in.fetch_max(revision.0, Ordering::AcqRel);
            if !standing.has_ended() {
                return Ok(came);
            }
            self.go_on(&standing)?;
        }
    }

    /// Tells the registry what was taken in. From here on nothing is sent that was evaluated before it.
    fn report(&self) -> Result<(), NodeError> {
        let _telling = self.telling.write().unwrap_or_else(PoisonError::into_inner);
        let applied = self.lease().report();
        self.state.applied(&self.id, applied)?;
        self.reported.fetch_max(applied.0, Ordering::AcqRel);
        Ok(())
    }

    /// Begins to wait until every node respects what is durable at a revision (G3).
    ///
    /// # Errors
    /// The ledger cannot be read, or the registry not written.
    pub fn enforcing(&self, revision: Revision) -> Result<Enforcing, NodeError> {
        self.take_in_to(revision)?;
        self.report()?;
        Ok(Enforcing { revision, began: time_since_boot()?, none_left: None })
    }

    /// Looks whether every node respects it by now: each lease is of a node that has taken it in, or has run out since.
    ///
    /// # Errors
    /// The registry cannot be read.
    pub fn is_enforced(&self, enforcing: &mut Enforcing) -> Result<bool, NodeError> {
        let rows = self.rows_read_after(enforcing.began)?;
        // What is told is how long each lease goes on: on that clock it is now zero.
        match LeaseStanding::of(rows, enforcing.revision, RegistryTime(Duration::ZERO)) {
            LeaseStanding::Enforced => Ok(true),
            LeaseStanding::WaitAtMost(longest) => {
                let now = time_since_boot()?;
                let none_left = *enforcing.none_left.get_or_insert(now + longest + self.terms.drift());
                Ok(now >= none_left)
            }
        }
    }

    /// The leases, read after a moment and a little while ago at most: those who wait at one time look once for all of them.
    fn rows_read_after(&self, moment: Duration) -> Result<Vec<Row>, NodeError> {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        let now = time_since_boot()?;
        match &*leases {
            Some((read, rows)) if *read >= moment && now.saturating_sub(*read) < LOOK_EVERY => {
                Ok(rows.clone())
            }
            _ => {
                let rows = self.state.leases()?.into_iter();
                let rows: Vec<Row> = rows
                    .map(|row| Row { until: RegistryTime(row.remaining), applied: row.applied })
                    .collect();
                *leases = Some((now, rows.clone()));
                Ok(rows)
            }
        }
    }

    /// Whether it has been waited for longer than any lease by this node's terms can last: others hold theirs by longer ones.
    ///
    /// # Errors
    /// The machine has no clock.
    pub fn takes_too_long(&self, enforcing: &Enforcing) -> Result<bool, NodeError> {
        let waited = time_since_boot()?.saturating_sub(enforcing.began);
        Ok(waited > self.terms.bound() + self.terms.drift() + LOOK_EVERY)
    }

    /// Waits until every node respects what is durable at a revision (G3), at most as long as leases by this node's terms can last:
    /// then false.
    ///
    /// # Errors
    /// As [`is_enforced`](Self::is_enforced).
    pub fn enforce(&self, revision: Revision) -> Result<bool, NodeError> {
        let mut enforcing = self.enforcing(revision)?;
        while !self.is_enforced(&mut enforcing)? {
            if self.takes_too_long(&enforcing)? {
                return Ok(false);
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(true)
    }

    /// Gives the lease up: from here on nothing is permitted.
    ///
    /// # Errors
    /// The registry cannot be written; then the lease runs out in its time.
    pub fn end(&self) -> Result<(), StoreError> {
        let _telling = self.telling.write().unwrap_or_else(PoisonError::into_inner);
        *self.lease() = Box::new(NodeLease::new(self.terms));
        self.state.end_lease(&self.id)
    }

    /// How fresh what it answers from is.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        let revision = Revision(self.taken_in.load(Ordering::Acquire));
        let Ok(now) = time_since_boot().map(NodeTime) else {
            return Freshness { revision, staleness: None, remaining: Duration::ZERO };
        };
        let lease = self.lease();
        Freshness { revision, staleness: lease.staleness(now), remaining: lease.remaining(now) }
    }

    /// By what terms it holds its lease.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        self.terms
    }

    fn lease(&self) -> MutexGuard<'_, Box<dyn Leasing>> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The earliest revision by which one of several answers permits something.
fn earliest<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Option<Revision> {
    lines.into_iter().filter(|line| line.permits).map(|line| line.revision).min()
}

/// Denies in the place of what permits.
fn stale(answers: Vec<Result<Line, OperationError>>) -> Vec<Result<Line, OperationError>> {
    answers.into_iter().map(|answer| answer.map(denied)).collect()
}

/// A deny, where the answer permits.
fn denied(line: Line) -> Line {
    if line.permits { line.stale() } else { line }
}

#[cfg(test)]
mod tests;
