//! A decision node within a program.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nattoku_client::{ClientError, Deciding, Decision, Question};
use nattoku_model::{Language, Revision};
use nattoku_operations::{
    Fields, Keeping, LOOK_EVERY, Line, Node, OperationError, PolicyWatch, Question as Asked, Telling,
};
use tokio::runtime::Handle;

use crate::apart::{apart, here};
use crate::watching::Watching;
use crate::{OpenError, Settings, Told, open, problem};

/// A decision node within this program. A clone is the same node, and any number of threads may ask at once.
///
/// When the last clone is dropped it gives its lease up, and its threads end; that waits for what they are doing with the ledger.
#[derive(Clone)]
pub struct Embedded(Arc<Own>);

struct Own {
    /// Dropped in this order: the lease is given up, and what is left of the node goes with the thread of the last, since a runtime's
    /// must not wait for a connection to end.
    node: Arc<Node>,
    _keeping: Keeping,
    _watching: Watching,
    application: String,
    language: Language,
    revision_wait: Duration,
}

/// How fresh what it answers from is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// How much of the ledger it has taken in.
    pub revision: u64,
    /// How long ago it asked for the newest state that it has taken in.
    pub staleness: Option<Duration>,
    /// For how long it may go on to permit if it hears nothing more; zero where it may not, and everything is denied as `stale`.
    pub remaining: Duration,
}

impl Embedded {
    /// Reads the policy and everybody's state, takes the first lease, and begins to follow the ledger and the policy's folder.
    pub fn open(settings: Settings) -> Result<Self, OpenError> {
        apart(|| Own::open(settings)).map_err(OpenError::System)?.map(|own| Self(Arc::new(own)))
    }

    /// Answers one question, as `POST /v1/decide` does. Where it needs no waiting it is answered at once; a question that only the ledger
    /// answers, or that asks for a revision that is not taken in, waits. In asynchronous code ask by [`Deciding::decision`].
    ///
    /// An error is no permit: a name that is not declared, a principal that the ledger does not know, another application.
    pub fn decide(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = self.0.asked(question)?;
        let line = match self.0.at_once(&asked)? {
            Some(line) => line,
            None => self.0.waiting(|own| own.answer(&asked))?,
        };
        read(&line, &asked.principal)
    }

    /// Answers several questions, each for itself, and all of them as may be answered together.
    pub fn decide_batch(
        &self,
        questions: &[Question],
    ) -> Result<Vec<Result<Decision, ClientError>>, ClientError> {
        let asked: Vec<Result<Asked, ClientError>> =
            questions.iter().map(|question| self.0.asked(question)).collect();
        let askable: Vec<Asked> = asked.iter().flatten().cloned().collect();
        let mut lines = self.0.waiting(|own| Ok(own.answer_each(&askable)))?.into_iter();
        let unanswered = || problem::failed("it was left unanswered".to_owned(), self.0.language);
        let answers = asked.into_iter().map(|asked| {
            let asked = asked?;
            read(&lines.next().unwrap_or_else(|| Err(unanswered()))?, &asked.principal)
        });
        Ok(answers.collect())
    }

    /// Answers one question by the definition, as `POST /v1/explain` does: with rules, events and sentences in [`Decision::json`]. It reads
    /// the ledger.
    pub fn explain(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = self.0.asked(question)?;
        let line = self.0.waiting(|own| {
            own.await_wanted(&asked)?;
            own.node.explain(&asked).map_err(|error| problem::of_operation(&error, own.language))
        })?;
        read(&line, &asked.principal)
    }

    /// How fresh what it answers from is.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        let fresh = self.0.node.freshness();
        Freshness { revision: fresh.revision.0, staleness: fresh.staleness, remaining: fresh.remaining }
    }

    /// Waits until a revision is taken in, at most so long: the revision that is, or the error `behind`.
    pub fn wait_for(&self, revision: u64, at_most: Duration) -> Result<u64, ClientError> {
        if self.0.node.taken_in() < Revision(revision) {
            self.0.waiting(|own| own.await_revision(Revision(revision), at_most))?;
        }
        Ok(self.0.node.taken_in().0)
    }

    /// The application as which it asks.
    #[must_use]
    pub fn application(&self) -> &str {
        &self.0.application
    }
}

impl Deciding for Embedded {
    async fn decision(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = self.0.asked(question)?;
        let line = match (self.0.at_once(&asked)?, Handle::try_current()) {
            (Some(line), _) => line,
            (None, Err(_)) => self.0.waiting(|own| own.answer(&asked))?,
            (None, Ok(runtime)) => {
                let (own, asked) = (Arc::clone(&self.0), asked.clone());
                let language = own.language;
                let answered = runtime.spawn_blocking(move || own.answer(&asked)).await;
                answered.map_err(|error| problem::failed(error.to_string(), language))??
            }
        };
        read(&line, &asked.principal)
    }
}

impl Own {
    fn open(settings: Settings) -> Result<Self, OpenError> {
        let node = open::node(&settings)?;
        let Settings { policy, application, language, revision_wait, tell, .. } = settings;
        let no_thread = |error: std::io::Error| OpenError::System(error.to_string());
        let telling = Arc::clone(&tell);
        let keeping = Keeping::begin(Arc::clone(&node), move |kept| telling(Told::of(&kept)));
        let keeping = keeping.map_err(no_thread)?;
        let mut watch = watch(policy, Arc::clone(&node));
        let watching = Watching::begin(move || {
            // What breaks off is looked at again the next time.
            if let Some(told) = here(&mut watch).unwrap_or(Some(Told::BrokeOff)) {
                let _ = here(|| tell(told));
            }
        });
        let watching = watching.map_err(no_thread)?;
        Ok(Self { node, _keeping: keeping, _watching: watching, application, language, revision_wait })
    }

    /// The question as a caller of this application sends it.
    fn asked(&self, question: &Question) -> Result<Asked, ClientError> {
        let text = question.to_json().to_string();
        let read = Fields::parse(&text).and_then(|fields| Asked::asked_by(Some(&self.application), &fields));
        let asked = read.map_err(|error| problem::malformed(&error, self.language))?;
        if asked.application == self.application {
            Ok(asked)
        } else {
            Err(problem::not_allowed(&self.application, &asked.application, self.language))
        }
    }

    /// The answer, where it needs no waiting.
    fn at_once(&self, asked: &Asked) -> Result<Option<Line>, ClientError> {
        if asked.min_revision.is_some_and(|wanted| self.node.taken_in() < Revision(wanted)) {
            return Ok(None);
        }
        let answered = here(|| self.node.answer_at_once(asked, Telling::Gates));
        answered
            .map_err(|why| problem::failed(why, self.language))?
            .map_err(|error| problem::of_operation(&error, self.language))
    }

    /// Does what may wait.
    fn waiting<T: Send>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, ClientError> + Send,
    ) -> Result<T, ClientError> {
        apart(|| work(self)).map_err(|why| problem::failed(why, self.language))?
    }

    fn answer(&self, asked: &Asked) -> Result<Line, ClientError> {
        self.await_wanted(asked)?;
        let answered = self.node.answer(asked, Telling::Gates);
        answered.map_err(|error| problem::of_operation(&error, self.language))
    }

    fn answer_each(&self, asked: &[Asked]) -> Vec<Result<Line, ClientError>> {
        if let Some(wanted) = asked.iter().filter_map(|asked| asked.min_revision).max() {
            // Those that ask for more than there is are told so, each by itself.
            let _ = self.await_revision(Revision(wanted), self.revision_wait);
        }
        let answers = self.node.answer_each(asked, Telling::Gates).into_iter();
        answers.map(|answer| answer.map_err(|error| problem::of_operation(&error, self.language))).collect()
    }

    fn await_wanted(&self, asked: &Asked) -> Result<(), ClientError> {
        asked.min_revision.map_or(Ok(()), |wanted| self.await_revision(Revision(wanted), self.revision_wait))
    }

    /// Waits until a revision is taken in (G2).
    fn await_revision(&self, wanted: Revision, at_most: Duration) -> Result<(), ClientError> {
        let began = Instant::now();
        let mut have = self.node.taken_in();
        if have < wanted {
            // It may be there already, and only not be taken in.
            self.node.take_in().map_err(|error| problem::of_node(&error, self.language))?;
            have = self.node.taken_in();
        }
        while have < wanted {
            let left = at_most.saturating_sub(began.elapsed());
            if left.is_zero() {
                let behind = OperationError::Behind { have: have.0, want: wanted.0 };
                return Err(problem::of_operation(&behind, self.language));
            }
            std::thread::sleep(LOOK_EVERY.min(left));
            have = self.node.taken_in();
        }
        Ok(())
    }
}

/// What is looked at every second: the policy's folder, or which policy the ledger is to put in force next.
fn watch(policy: Option<PathBuf>, node: Arc<Node>) -> Box<dyn FnMut() -> Option<Told> + Send> {
    if let Some(folder) = policy {
        let mut folder = PolicyWatch::new(folder, node.following());
        return Box::new(move || Told::of_look(folder.look(node.following()), || standing(&node)));
    }
    let mut told = None;
    Box::new(move || Told::of_ready(node.make_ready(), &mut told))
}

/// The version that stands, and the digest of its sources.
fn standing(node: &Node) -> (String, String) {
    let standing = node.following().standing();
    let publication = standing.nattoku().publication();
    (publication.current().version.to_string(), publication.sources_digest().to_owned())
}

/// Reads an answer as a client does.
fn read(line: &Line, principal: &str) -> Result<Decision, ClientError> {
    let json = serde_json::from_str(&line.text).map_err(|error| error.to_string());
    let decision = json.and_then(|json| Decision::read(json, principal));
    decision.map_err(|why| ClientError::Unreadable { status: 200, why })
}

/// Without what it holds.
impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded")
            .field("application", &self.0.application)
            .field("freshness", &self.freshness())
            .finish_non_exhaustive()
    }
}
