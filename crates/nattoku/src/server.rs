//! A server: a decision node with what keeps it up to date, the pages for people, and the interface for programs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use nattoku_feed::{Counting, Deliverer, Outcome, Publisher, Sender, Sending, Terms as SendingTerms};
use nattoku_lease::Terms;
use nattoku_model::Language;
use nattoku_operations::{Callers, Keeping, Kept, MadeReady, Nattoku, Node, Progress, Renewed};
use nattoku_store::State;
use nattoku_web::{Figures, OAuth, Parts, Sessions, Settings, SignIn, Web};
use tokio::net::TcpListener;

use crate::commands::decide::{Telling, Watch};
use crate::connections::{self, Bounds};
use crate::exit::CommandError;
use crate::progress::{self, Work};
use crate::randomness;
use crate::serving::{cannot_serve, stopped};
use crate::settings::{FeedSettings, ServerSettings, TracingSettings};
use crate::signing::Signing;
use crate::{telemetry, traces};

/// How often a thread looks whether serving is over.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long it may take at the end to send what is recorded.
const TRACES_END: Duration = Duration::from_secs(3);
/// How often it is read which programs may call, and the policy's folder is looked at.
const REFRESH_EVERY: Duration = Duration::from_secs(1);

/// By whose word programs may call and people sign in.
#[derive(Default)]
pub(crate) struct Identity {
    pub(crate) oauth: OAuth,
    pub(crate) sign_in: Option<SignIn>,
}

/// Where a server has its policy from.
#[derive(Debug, Clone)]
pub(crate) enum PolicyFrom {
    /// What is new in this folder is put in force.
    Folder(PathBuf),
    /// What the ledger puts in force is.
    Ledger,
}

/// A server that is ready to serve.
pub(crate) struct Server {
    web: Web,
    /// Keeps the node up, and its lease with it, until nothing is answered any more.
    keeping: Keeping,
    bounds: Bounds,
    linger: Duration,
    language: Language,
    from: PolicyFrom,
    /// Sends events to those who subscribed to them.
    deliverer: Arc<Deliverer>,
    /// Publishes every event, where it is said to what.
    publisher: Option<Arc<Publisher>>,
    /// Whether nothing is answered any more.
    is_over: Arc<AtomicBool>,
}

impl Server {
    /// Reads the population and takes the first lease.
    pub(crate) fn new(
        (nattoku, from): (Nattoku, PolicyFrom),
        state: Box<dyn State>,
        public_address: String,
        (settings, feed, tracing): (&ServerSettings, &FeedSettings, Option<&TracingSettings>),
        identity: Identity,
        language: Language,
    ) -> Result<Self, CommandError> {
        telemetry::begin()?;
        let bar = progress::bar(Work::Principals, language);
        let mut progress = |progress: Progress| {
            bar.set_length(progress.of);
            bar.set_position(progress.done);
        };
        let following = match &from {
            PolicyFrom::Folder(_) => nattoku.follow(&mut progress),
            PolicyFrom::Ledger => nattoku.follow_in_force(&mut progress),
        };
        bar.finish_and_clear();
        let mut id = [0; 16];
        randomness::fill(&mut id)?;
        // The source is asked before the first page, so that a fault shows at the start.
        randomness::fill(&mut [0; 32])?;
        let node = Node::new(following?, state, id, Terms::default());
        node.take_first_lease()?;
        let mut tag_key = [0; 16];
        randomness::fill(&mut tag_key)?;
        let callers = Callers::new(tag_key);
        callers.refresh(node.state())?;
        let fresh = SignedDuration::from_mins(settings.sign_in_again_minutes.into());
        let web = Web::of(Parts {
            node: Arc::new(node),
            callers,
            limits: identity.oauth.limits(settings.calls_a_second),
            oauth: identity.oauth,
            figures: Figures::new(),
            tracing: traces::of(tracing)?,
            sign_in: identity.sign_in,
            sessions: Sessions::new(Box::new(randomness::token)),
            settings: Settings { fresh, ..Settings::at(public_address) },
            ending: AtomicBool::new(false),
        });
        let linger = Duration::from_secs(settings.linger_seconds.into());
        let keeping = keep(&web)?;
        let (deliverer, publisher) = (deliverer(&web, feed)?, publisher(&web, feed)?);
        let is_over = Arc::new(AtomicBool::new(false));
        let bounds = Bounds::of(settings);
        Ok(Self { web, keeping, bounds, linger, language, from, deliverer, publisher, is_over })
    }

    /// What the pages and the interface share.
    pub(crate) const fn web(&self) -> &Web {
        &self.web
    }

    /// Serves until the program is told to stop, and then lets what has begun end.
    pub(crate) async fn serve(self, listener: TcpListener, signing: Option<Signing>) {
        let (following, sending) = (self.keep_up(), self.send());
        if let Some(signing) = signing {
            tokio::spawn(signing.go_on());
        }
        let (web, linger) = (self.web.clone(), self.linger);
        let told = async move {
            stopped().await;
            web.end();
            tokio::time::sleep(linger).await;
        };
        connections::serve(listener, &self.web, self.bounds, told).await;
        self.is_over.store(true, Ordering::Relaxed);
        let (keeping, tracing) = (self.keeping, self.web.tracing.clone());
        let ended = tokio::task::spawn_blocking(move || {
            // Before a receiver has answered: whoever withdraws elsewhere need not wait for that.
            let ended = keeping.end();
            following.into_iter().chain(sending).for_each(|thread| drop(thread.join()));
            tracing.end(TRACES_END);
            ended
        });
        if let Ok(Err(error)) = ended.await {
            tracing::warn!(%error, "the lease was not given up, and runs out in its time");
        }
    }

    /// Starts what keeps the callers and the policy up to date.
    fn keep_up(&self) -> Vec<JoinHandle<()>> {
        let [for_callers, for_issuers, for_policy] = [(); 3].map(|()| self.watching());
        let (language, from) = (self.language, self.from.clone());
        // Nobody waits for it at the end: somebody else may take their time to answer it.
        std::thread::spawn(move || for_issuers.whatever_happens(Watching::ask_issuers));
        vec![
            std::thread::spawn(move || for_callers.whatever_happens(Watching::refresh)),
            std::thread::spawn(move || {
                for_policy.whatever_happens(|this| match &from {
                    PolicyFrom::Folder(folder) => this.watch(folder, language),
                    PolicyFrom::Ledger => this.make_ready(),
                });
            }),
        ]
    }

    /// Starts what sends events, which goes on until the program is told to end: what is being sent then has until the end to be taken.
    fn send(&self) -> Vec<JoinHandle<()>> {
        let [for_feed, for_nats] = [(); 2].map(|()| self.watching());
        let deliverer = Arc::clone(&self.deliverer);
        let deliver = move || for_feed.whatever_happens(|watching| deliverer.run(&watching.web.ending));
        let mut threads = vec![std::thread::spawn(deliver)];
        if let Some(publisher) = self.publisher.clone() {
            let publish = move || for_nats.whatever_happens(|watching| publisher.run(&watching.web.ending));
            threads.push(std::thread::spawn(publish));
        }
        threads
    }

    fn watching(&self) -> Watching {
        Watching { web: self.web.clone(), is_over: Arc::clone(&self.is_over) }
    }
}

/// Keeps the node up to date, which is told in the server's log and counted among its figures.
fn keep(web: &Web) -> Result<Keeping, CommandError> {
    let counting = web.clone();
    let tell = move |kept: Kept<'_>| match kept {
        Kept::TookIn(taken_in) => {
            if let Some(waited) = taken_in.first_waited {
                counting.figures.taken_in(waited);
            }
        }
        Kept::CannotFollow(error) => {
            tracing::error!(%error, "the ledger cannot be followed; once the lease has run out nothing is permitted");
        }
        Kept::FollowsAgain => tracing::info!("the ledger is followed again"),
        Kept::IsDeaf(error) => {
            tracing::warn!(%error, "what is appended is not heard of; the ledger is looked at more often");
        }
        _ => tracing::error!("what keeps this server up to date broke off, and is begun again"),
    };
    Keeping::begin(Arc::clone(&web.node), tell).map_err(|error| cannot_serve(&error))
}

/// What sends events.
fn deliverer(web: &Web, settings: &FeedSettings) -> Result<Arc<Deliverer>, CommandError> {
    let mut id = [0; 16];
    randomness::fill(&mut id)?;
    let sender = Sender::new(settings.private_addresses, settings.timeout);
    let sending = Sending {
        node: Arc::clone(&web.node),
        sender,
        counting: Arc::new(Counted(web.clone())),
        tracing: web.tracing.clone(),
    };
    let terms = SendingTerms { retry: settings.retry, random: randomness::number };
    Ok(Arc::new(Deliverer::new(sending, terms, id)))
}

/// What publishes events, where it is said to what.
fn publisher(web: &Web, settings: &FeedSettings) -> Result<Option<Arc<Publisher>>, CommandError> {
    let Some(place) = settings.nats.clone() else { return Ok(None) };
    let mut id = [0; 16];
    randomness::fill(&mut id)?;
    Ok(Some(Arc::new(Publisher::new(Arc::clone(&web.node), place, id).traced(web.tracing.clone()))))
}

/// What is sent is counted among the figures of the server.
struct Counted(Web);

impl Counting for Counted {
    fn attempted(&self, subscription: &str, outcome: Outcome) {
        self.0.figures.delivered(subscription, outcome.as_str());
    }

    fn behind(&self, subscription: &str, events: u64) {
        self.0.figures.delivery_behind(subscription, events);
    }

    fn dead(&self, subscription: &str, letters: u64) {
        self.0.figures.dead_letters(subscription, letters);
    }
}

/// Tells of the policy in the server's log.
fn log_policy(telling: Telling, told: &str) {
    match telling {
        Telling::Stands => tracing::info!("{told}"),
        Telling::Useless => tracing::error!("{told}"),
    }
}

/// What is looked at while serving lasts, and a little longer: until nothing is answered any more.
struct Watching {
    web: Web,
    is_over: Arc<AtomicBool>,
}

impl Watching {
    /// Does so again should it ever break off: a server that goes on without would answer `deny` for ever, and not say why.
    fn whatever_happens(&self, keep: impl Fn(&Self)) {
        while catch_unwind(AssertUnwindSafe(|| keep(self))).is_err() && !self.is_over() {
            tracing::error!("what keeps this server up to date broke off, and is begun again");
            self.pause();
        }
    }

    /// Who may call.
    fn refresh(&self) {
        while !self.is_over() {
            self.pause();
            if let Err(error) = self.web.callers.refresh(self.web.node.state()) {
                tracing::error!(%error, "which programs may call cannot be read");
            }
        }
    }

    /// By which keys issuers and the provider sign. One that does not answer keeps nobody else waiting.
    fn ask_issuers(&self) {
        while !self.is_over() {
            let now = self.web.node.following().standing().nattoku().now();
            self.web.oauth.refresh(now);
            if let Some(sign_in) = &self.web.sign_in {
                sign_in.refresh(now);
            }
            self.pause();
        }
    }

    /// The policy: what is new in its folder is put in force.
    fn watch(&self, folder: &Path, language: Language) {
        let watch = Watch::new(self.web.node.following(), folder, language, log_policy);
        std::thread::scope(|scope| {
            let (look, looks) = sync_channel(1);
            scope.spawn(move || watch.run(&looks));
            while !self.is_over() {
                self.pause();
                let _ = look.try_send(());
            }
        });
    }

    /// The policy that the ledger puts in force next.
    fn make_ready(&self) {
        let mut told = None;
        while !self.is_over() {
            match self.web.node.make_ready() {
                Ok(None) => told = None,
                Ok(Some(MadeReady { digest, version, renewed })) => {
                    told = None;
                    let anew = renewed == Renewed::Folded;
                    tracing::info!(%version, digest, anew, "ready for a policy that may be put in force");
                }
                // Said once, and again when it is another.
                Err(error) => {
                    let tells = Some(error.to_string());
                    if told != tells {
                        tracing::error!(%error, "not ready for the policy that may be put in force next");
                        told = tells;
                    }
                    self.pause();
                }
            }
            // While the ledger waits for it, at once.
            if self.web.node.is_waited_for() {
                std::thread::sleep(LOOK_EVERY);
            } else {
                self.pause();
            }
        }
    }

    /// Waits until it is time to look again, or serving is over.
    fn pause(&self) {
        let began = Instant::now();
        while began.elapsed() < REFRESH_EVERY && !self.is_over() {
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}
