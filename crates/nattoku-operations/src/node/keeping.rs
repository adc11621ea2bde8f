//! What keeps a node up to date: its lease, and what it answers from. On threads of its own, which end when this is dropped.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use nattoku_model::Revision;
use nattoku_store::StoreError;

use super::{Hearing, Node, NodeError, TakenIn};

/// How often a thread looks whether it is to end, and how long it waits after it could not follow.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long it listens before it looks whether it is to end.
const HEAR_FOR: Duration = Duration::from_millis(250);
/// How long it waits before it listens anew: at first, and at most.
const LISTEN_AGAIN: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(15));
/// How long it waits before it begins again what broke off.
const BEGIN_AGAIN: Duration = Duration::from_secs(1);

/// What is told while a node is kept up to date.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kept<'a> {
    /// It took in what the ledger had.
    TookIn(TakenIn),
    /// It cannot follow; once the lease has run out nothing is permitted. Told once, and again when it has followed in between.
    CannotFollow(&'a NodeError),
    /// It follows again.
    FollowsAgain,
    /// What is appended is not heard of, so that the ledger is looked at more often.
    IsDeaf(&'a StoreError),
    /// What keeps it up to date broke off, and is begun again.
    BrokeOff,
}

/// Keeps a node up to date. Dropped, it gives the node's lease up and waits for its threads to end: until then the node keeps up.
pub struct Keeping {
    own: Arc<Own>,
    follows: Option<JoinHandle<Result<(), StoreError>>>,
    hears: Option<JoinHandle<()>>,
}

/// What its threads share.
struct Own {
    node: Arc<Node>,
    /// What the thread that listens tells the one that follows.
    hearing: Hearing,
    is_over: AtomicBool,
    tell: Box<dyn Fn(Kept<'_>) + Send + Sync>,
}

impl Keeping {
    /// Begins to keep a node up to date, and tells of it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn begin(node: Arc<Node>, tell: impl Fn(Kept<'_>) + Send + Sync + 'static) -> io::Result<Self> {
        let (hearing, is_over, tell) = (Hearing::default(), AtomicBool::new(false), Box::new(tell));
        let own = Arc::new(Own { node, hearing, is_over, tell });
        // Should the second thread not begin, dropping this ends the first.
        let mut this = Self { own, follows: None, hears: None };
        let (follower, listener) = (Arc::clone(&this.own), Arc::clone(&this.own));
        let follow = move || {
            follower.whatever_happens(Own::follow);
            follower.node.end()
        };
        this.follows = Some(Builder::new().name("ledger-following".to_owned()).spawn(follow)?);
        let hear = move || listener.whatever_happens(Own::hear);
        this.hears = Some(Builder::new().name("ledger-hearing".to_owned()).spawn(hear)?);
        Ok(this)
    }

    /// Ends it, and gives the lease up: from here on nothing is permitted.
    ///
    /// # Errors
    /// The registry cannot be written; then the lease runs out in its time.
    pub fn end(mut self) -> Result<(), StoreError> {
        self.end_threads()
    }

    fn end_threads(&mut self) -> Result<(), StoreError> {
        self.own.is_over.store(true, Ordering::Relaxed);
        // Whoever follows waits for nothing more.
        self.own.hearing.listens();
        // First: whoever withdraws elsewhere need not wait for a connection on which nothing is said.
        let ended = self.follows.take().map_or(Ok(()), |thread| thread.join().unwrap_or(Ok(())));
        if let Some(thread) = self.hears.take() {
            drop(thread.join());
        }
        ended
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        let _ = self.end_threads();
    }
}

impl Own {
    /// Does so again should it ever break off: a node that goes on without would deny for ever, and not say why.
    fn whatever_happens(&self, keep: impl Fn(&Self)) {
        while catch_unwind(AssertUnwindSafe(|| keep(self))).is_err() && !self.is_over() {
            self.tell(Kept::BrokeOff);
            self.pause(BEGIN_AGAIN);
        }
    }

    /// The node's lease, and what it answers from.
    fn follow(&self) {
        let mut is_told = false;
        while !self.is_over() {
            let heard = self.hearing.wait(self.node.until_renewal());
            if self.is_over() {
                return;
            }
            let followed = self.follow_once(heard);
            match followed {
                Ok(taken_in) => {
                    if std::mem::take(&mut is_told) {
                        self.tell(Kept::FollowsAgain);
                    }
                    if taken_in.events > 0 {
                        self.tell(Kept::TookIn(taken_in));
                        if heard.is_none() {
                            self.hearing.missed();
                        }
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut is_told, true) {
                        self.tell(Kept::CannotFollow(&error));
                    }
                    std::thread::sleep(LOOK_EVERY);
                }
            }
        }
    }

    /// Asks for the lease where it is time to; otherwise looks, unless what was heard is taken in by now, as where it was appended here.
    fn follow_once(&self, heard: Option<Revision>) -> Result<TakenIn, NodeError> {
        if self.node.is_to_renew() {
            return self.node.renew();
        }
        // What stands, and not the most that ever did: a population that failed begins anew.
        let stands_at = self.node.following().look().revision();
        if heard.is_some_and(|revision| revision <= stands_at) {
            return self.node.report_where_due().map(|()| TakenIn::default());
        }
        self.node.follow()
    }

    /// What is appended, by whichever program, so that the node takes it in at once. Where nothing is heard it looks more often.
    fn hear(&self) {
        let (first, most) = LISTEN_AGAIN;
        let mut again = first;
        while !self.is_over() {
            match self.node.listen() {
                // There is nothing to be heard of a file.
                Ok(None) => return,
                Ok(Some(mut listening)) => {
                    self.hearing.listens();
                    again = first;
                    let broke_off = loop {
                        match listening.hear(HEAR_FOR) {
                            Ok(Some(revision)) => self.hearing.hears(revision),
                            Ok(None) => {}
                            Err(error) => break error,
                        }
                        if self.is_over() {
                            return;
                        }
                    };
                    self.hearing.is_deaf();
                    self.tell(Kept::IsDeaf(&broke_off));
                }
                Err(error) => self.tell(Kept::IsDeaf(&error)),
            }
            self.pause(again);
            again = (again * 2).min(most);
        }
    }

    /// Tells of it. Whoever is told may break off, and the node does not.
    fn tell(&self, kept: Kept<'_>) {
        let _ = catch_unwind(AssertUnwindSafe(|| (self.tell)(kept)));
    }

    fn pause(&self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time && !self.is_over() {
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}
