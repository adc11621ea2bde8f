//! A decision node: many programs are answered at once, from a copy of the ledger that is kept up to date under a lease.
//!
//! What the lease promises, and why each step stands where it does: `docs/design/lease.md`.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nattoku_lease::{NodeLease, NodeTime, RegistryTime, Row, Sending, Standing as LeaseStanding, Terms};
use nattoku_model::Revision;
use nattoku_store::{NoClock, State, StoreError, time_since_boot};

use crate::error::OperationError;
use crate::follow::{Following, Line, Respondents, Telling};
use crate::population::PopulationError;
use crate::question::Question;

/// How often a question is evaluated anew because the copy had moved on meanwhile.
const EVALUATIONS_MAX: usize = 4;
/// How often the registry is looked at while a withdrawal waits for other nodes.
const LOOK_EVERY: Duration = Duration::from_millis(3);

/// A decision node. Shared by reference between threads.
pub struct Node {
    following: Following,
    respondents: Respondents,
    state: Box<dyn State>,
    /// The id of this start of this node.
    id: [u8; 16],
    terms: Terms,
    lease: Mutex<NodeLease>,
    /// What was taken in last, for whoever waits for a revision.
    taken_in: Mutex<Revision>,
    news: Condvar,
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
}

impl Node {
    /// A node that has no lease yet; `id` is random, and another for each start.
    #[must_use]
    pub fn new(following: Following, state: Box<dyn State>, id: [u8; 16], terms: Terms) -> Self {
        let respondents = Respondents::of(&following);
        let revision = following.standing().revision();
        let mut lease = NodeLease::new(terms);
        lease.applied(revision);
        Self {
            following,
            respondents,
            state,
            id,
            terms,
            lease: Mutex::new(lease),
            taken_in: Mutex::new(revision),
            news: Condvar::new(),
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

    /// Answers a question where that needs no reading of the ledger, and so does not wait; otherwise nothing.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn answer_at_once(
        &self,
        question: &Question,
        telling: Telling,
    ) -> Result<Option<Line>, OperationError> {
        for _ in 0..EVALUATIONS_MAX {
            let asked = self.respondents.ask(&self.following, |one| one.answer_at_once(question, telling))?;
            let Some(line) = asked else { return Ok(None) };
            if let Some(line) = self.sent(line) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Answers a question, and waits for the ledger where that has to be.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn answer(&self, question: &Question, telling: Telling) -> Result<Line, OperationError> {
        self.settled(|| self.respondents.ask(&self.following, |one| one.answer(question, telling)))
    }

    /// Answers a question by the definition, with all that it tells, and in words of every language.
    ///
    /// # Errors
    /// As [`Nattoku::decide`](crate::Nattoku::decide).
    pub fn explain(&self, question: &Question) -> Result<Line, OperationError> {
        self.settled(|| self.respondents.ask(&self.following, |one| one.explain_in_words(question)))
    }

    fn settled(&self, ask: impl Fn() -> Result<Line, OperationError>) -> Result<Line, OperationError> {
        for _ in 0..EVALUATIONS_MAX {
            if let Some(line) = self.sent(ask()?) {
                return Ok(line);
            }
        }
        Ok(ask()?.stale())
    }

    /// The answer as it may be sent now: what permits rests on the lease, or is a deny. Nothing, where it is to be evaluated anew.
    fn sent(&self, line: Line) -> Option<Line> {
        if !line.verdict.is_permitted() {
            return Some(line);
        }
        let Ok(now) = time_since_boot() else { return Some(line.stale()) };
        match self.lease().sending(line.revision, NodeTime(now)) {
            Sending::Allowed => Some(line),
            Sending::Behind => None,
            Sending::Stale => Some(line.stale()),
        }
    }

    /// Asks for the ledger's head under a new lease, and takes in all up to there.
    ///
    /// # Errors
    /// The registry or the ledger cannot be reached; then the lease that was there runs out in its time.
    pub fn renew(&self) -> Result<(), NodeError> {
        let now = NodeTime(time_since_boot()?);
        let asked = self.lease().asked(now);
        self.state.register_lease(&self.id, self.terms.bound(), asked.applied())?;
        let head = self.following.standing().nattoku().revision()?;
        self.lease().answered(asked, head);
        self.take_in()
    }

    /// Takes in what the ledger has.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn take_in(&self) -> Result<(), NodeError> {
        let standing = self.following.standing();
        standing.catch_up()?;
        let revision = standing.revision();
        self.lease().applied(revision);
        let mut taken_in = self.taken_in.lock().unwrap_or_else(PoisonError::into_inner);
        if revision > *taken_in {
            *taken_in = revision;
            self.news.notify_all();
            drop(taken_in);
            let applied = self.lease().report();
            self.state.applied(&self.id, applied)?;
        }
        Ok(())
    }

    /// Waits until a revision was taken in, or until it has taken too long: then false.
    pub fn wait_for(&self, revision: Revision, at_most: Duration) -> bool {
        let taken_in = self.taken_in.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.news.wait_timeout_while(taken_in, at_most, |taken_in| *taken_in < revision);
        waited.is_ok_and(|(taken_in, _)| *taken_in >= revision)
    }

    /// Waits until no node permits any more by a state before a revision that is durable (G3), or until it has taken too long: then
    /// false, and it is so at the latest once the leases of now have run out.
    ///
    /// # Errors
    /// The registry cannot be read.
    pub fn enforce(&self, revision: Revision, at_most: Duration) -> Result<bool, NodeError> {
        self.take_in()?;
        let began = time_since_boot()?;
        // A lease that is taken from here on begins with a state that has the revision: it need not be waited for.
        let mut none_left = None;
        loop {
            let standing = self.standing_of(revision)?;
            let waited = time_since_boot()?.saturating_sub(began);
            match standing {
                LeaseStanding::Enforced => return Ok(true),
                LeaseStanding::WaitAtMost(longest) => {
                    let none_left = *none_left.get_or_insert(waited + longest + self.terms.drift());
                    if waited >= none_left {
                        return Ok(true);
                    }
                    if waited >= at_most {
                        return Ok(false);
                    }
                    std::thread::sleep(LOOK_EVERY);
                }
            }
        }
    }

    /// How far a revision is from being respected by every node.
    fn standing_of(&self, revision: Revision) -> Result<LeaseStanding, NodeError> {
        // What is told is how long each lease goes on: on that clock it is now zero.
        let rows = self.state.leases()?.into_iter();
        let rows = rows.map(|row| Row { until: RegistryTime(row.remaining), applied: row.applied });
        Ok(LeaseStanding::of(rows, revision, RegistryTime(Duration::ZERO)))
    }

    /// Gives the lease up, once nothing is answered any more.
    ///
    /// # Errors
    /// The registry cannot be written; then the lease runs out in its time.
    pub fn end(&self) -> Result<(), StoreError> {
        self.state.end_lease(&self.id)
    }

    /// How fresh what it answers from is.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        let revision = *self.taken_in.lock().unwrap_or_else(PoisonError::into_inner);
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

    fn lease(&self) -> MutexGuard<'_, NodeLease> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
