//! What is sent to one receiver: one event after the other in the order of the ledger, the next when the one before was taken or given up.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;
use nattoku_operations::{FeedEvent, Node};
use nattoku_store::{DeadLetter, State, StoreError, Subscription};
use nattoku_trace::{Recording, Tracing};

use crate::outcome::{Counting, Outcome};
use crate::reason;
use crate::retry::Retry;
use crate::sender::{Answer, Sender};
use crate::target::Target;

/// Events read at once.
const PART: usize = 100;

/// Sends to one receiver.
pub struct Courier<'a> {
    node: &'a Node,
    sender: &'a Sender,
    retry: Retry,
    counting: &'a dyn Counting,
    tracing: Tracing,
    random: fn() -> u32,
    name: String,
    /// Whether there is time yet to send something before another program may.
    may_send: &'a dyn Fn() -> bool,
    /// What is to be sent, all of it after `at`. It is read when it is sent: somebody may be erased while it waits.
    read: VecDeque<Revision>,
    /// The cursor at which it was read.
    at: Revision,
    /// Up to where it was read.
    until: Revision,
    /// How often the first of it was sent.
    attempts: u32,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Something was done, and there may be more to do.
    Done,
    /// There is nothing to be sent.
    Nothing,
    /// A receiver did not take it; the next attempt is after so long.
    Waits(Duration),
    /// The subscription is paused, or is not there any more, or it is another program's turn.
    Stopped,
}

impl<'a> Courier<'a> {
    /// Sends to the receiver of a name. `random` gives random numbers, for how long it waits.
    pub fn new(
        (node, sender, counting): (&'a Node, &'a Sender, &'a dyn Counting),
        retry: Retry,
        random: fn() -> u32,
        name: String,
        may_send: &'a dyn Fn() -> bool,
    ) -> Self {
        let none = Revision(0);
        Self {
            node,
            sender,
            retry,
            counting,
            tracing: Tracing::off(),
            random,
            name,
            may_send,
            read: VecDeque::new(),
            at: none,
            until: none,
            attempts: 0,
        }
    }

    /// The same, of which is told what it sends.
    #[must_use]
    pub fn traced(self, tracing: Tracing) -> Self {
        Self { tracing, ..self }
    }

    /// Whom it sends to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Up to where it has looked for what is to be sent.
    #[must_use]
    pub const fn until(&self) -> Revision {
        self.until
    }

    /// Whether the subscription is still where this courier left it, and not paused.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn is_as_it_was(&self) -> Result<bool, StoreError> {
        let found = self.node.state().subscriptions()?.into_iter().find(|one| one.name == self.name);
        Ok(found.is_some_and(|one| one.paused.is_none() && one.cursor == self.at))
    }

    /// Does the next thing: sends one event at most.
    ///
    /// # Errors
    /// The ledger or the state cannot be read or written.
    pub fn step(&mut self) -> Result<Step, StoreError> {
        let state = self.node.state();
        // Anew for each: it may have been paused, or set back, in the meantime.
        let found = state.subscriptions()?.into_iter().find(|one| one.name == self.name);
        let Some(subscription) = found.filter(|one| one.paused.is_none()) else { return Ok(Step::Stopped) };
        if self.at != subscription.cursor {
            (self.at, self.until, self.attempts) = (subscription.cursor, subscription.cursor, 0);
            self.read.clear();
        }
        let newest = self.node.taken_in();
        self.counting.behind(&self.name, newest.0.saturating_sub(self.at.0));
        if let Some(revision) = self.read.front() {
            return self.deliver(state, &subscription, *revision);
        }
        if let Some(letter) = self.letter(state)? {
            return self.deliver_again(state, &subscription, &letter);
        }
        self.read_on(state, &subscription, newest)
    }

    /// Reads the next part, and passes over what is not wanted.
    fn read_on(
        &mut self,
        state: &dyn State,
        subscription: &Subscription,
        newest: Revision,
    ) -> Result<Step, StoreError> {
        // What was read is sent: what came after the last of it was not wanted.
        if self.until > self.at {
            return self.moved(state, self.until);
        }
        if self.at > newest {
            return self.beyond(state);
        }
        let page = self.node.following().standing().nattoku().feed(self.at, newest, PART)?;
        self.until = page.until;
        let wanted = page.events.into_iter().filter(|event| wants(subscription, event));
        self.read = wanted.map(|event| event.revision).collect();
        Ok(if self.until > self.at { Step::Done } else { Step::Nothing })
    }

    fn deliver(
        &mut self,
        state: &dyn State,
        subscription: &Subscription,
        revision: Revision,
    ) -> Result<Step, StoreError> {
        let Some(event) = self.event(revision)? else { return self.moved(state, revision) };
        if !(self.may_send)() {
            return Ok(Step::Stopped);
        }
        let why = match self.send(subscription, &event) {
            Answer::Taken => {
                self.counting.attempted(&self.name, Outcome::Taken);
                return self.moved(state, revision);
            }
            Answer::Gone => return self.gone(state),
            Answer::NotTaken(why, asked) => {
                self.attempts += 1;
                if self.attempts < self.retry.attempts_max {
                    self.counting.attempted(&self.name, Outcome::NotTaken);
                    return Ok(Step::Waits(self.retry.wait(self.attempts, (self.random)(), asked)));
                }
                why
            }
        };
        self.bury(state, revision, self.attempts, why)?;
        self.moved(state, revision)
    }

    /// All up to a revision is dealt with.
    fn moved(&mut self, state: &dyn State, to: Revision) -> Result<Step, StoreError> {
        if state.move_cursor(&self.name, Some(self.at), to)? {
            self.at = to;
            self.until = self.until.max(to);
            self.read.retain(|revision| *revision > to);
        }
        self.attempts = 0;
        Ok(Step::Done)
    }

    /// The next of its dead letters that is to be sent again.
    fn letter(&self, state: &dyn State) -> Result<Option<DeadLetter>, StoreError> {
        let letters = state.dead_letters()?;
        let own = letters.into_iter().filter(|letter| letter.subscription == self.name);
        let mut n_dead = 0;
        let mut again = None;
        for letter in own {
            n_dead += 1;
            if letter.again && again.is_none() {
                again = Some(letter);
            }
        }
        self.counting.dead(&self.name, n_dead);
        Ok(again)
    }

    /// Sends a dead letter once more, outside the order of the others.
    fn deliver_again(
        &mut self,
        state: &dyn State,
        subscription: &Subscription,
        letter: &DeadLetter,
    ) -> Result<Step, StoreError> {
        let Some(event) = self.event(letter.revision)? else {
            state.forget_dead_letter(&self.name, letter.revision)?;
            return Ok(Step::Done);
        };
        if !(self.may_send)() {
            return Ok(Step::Stopped);
        }
        match self.send(subscription, &event) {
            Answer::Taken => {
                self.counting.attempted(&self.name, Outcome::Taken);
                state.forget_dead_letter(&self.name, letter.revision)?;
                Ok(Step::Done)
            }
            Answer::Gone => self.gone(state),
            Answer::NotTaken(why, _) => {
                self.bury(state, letter.revision, letter.attempts.saturating_add(1), why)?;
                Ok(Step::Done)
            }
        }
    }

    /// The event of a revision; nothing, where it is about somebody who was erased in the meantime.
    fn event(&self, revision: Revision) -> Result<Option<FeedEvent>, StoreError> {
        let before = Revision(revision.0.saturating_sub(1));
        let page = self.node.following().standing().nattoku().feed(before, revision, 1)?;
        Ok(page.events.into_iter().next())
    }

    /// The cursor stands where the node has not come to. Where the ledger has not either, it is not the one that was read before.
    fn beyond(&self, state: &dyn State) -> Result<Step, StoreError> {
        if self.node.following().standing().nattoku().revision()? >= self.at {
            return Ok(Step::Nothing);
        }
        tracing::error!(
            subscription = self.name,
            cursor = self.at.0,
            "a subscription has come further than the ledger goes, of which an older state was restored; it is paused"
        );
        state.pause_subscription(&self.name, Some(&(self.now(), reason::BEYOND.to_owned())))?;
        Ok(Step::Stopped)
    }

    fn send(&self, subscription: &Subscription, event: &FeedEvent) -> Answer {
        let Ok(target) = Target::read(&subscription.url) else {
            return Answer::NotTaken(reason::BAD_ADDRESS.to_owned(), None);
        };
        let body = event.cloud_event.to_string();
        let recording = self.tracing.sending("send an event");
        let traceparent = recording.as_ref().map(Recording::traceparent);
        let sent = self.sender.send(
            &target,
            &subscription.secret,
            &event.id,
            self.now(),
            &body,
            traceparent.as_deref(),
        );
        if let Some(recording) = recording {
            recording.note("nattoku.subscription", self.name.as_str().into());
            recording.note("nattoku.event", event.name.into());
            recording.note("nattoku.revision", event.revision.0.into());
            recording.end(sent == Answer::Taken);
        }
        sent
    }

    fn gone(&self, state: &dyn State) -> Result<Step, StoreError> {
        self.counting.attempted(&self.name, Outcome::Gone);
        let why = reason::GONE.to_owned();
        tracing::warn!(subscription = self.name, "a receiver answered 410; its subscription is paused");
        state.pause_subscription(&self.name, Some(&(self.now(), why)))?;
        Ok(Step::Stopped)
    }

    fn bury(
        &self,
        state: &dyn State,
        revision: Revision,
        attempts: u32,
        why: String,
    ) -> Result<(), StoreError> {
        self.counting.attempted(&self.name, Outcome::Dead);
        tracing::warn!(
            subscription = self.name,
            revision = revision.0,
            attempts,
            why,
            "an event was given up; `nattoku subscription dead` shows it"
        );
        let (subscription, died) = (self.name.clone(), self.now());
        state.bury(&DeadLetter { subscription, revision, died, attempts, why, again: false })?;
        // A receiver that takes nothing is told of while it takes nothing.
        self.letter(state).map(drop)
    }

    fn now(&self) -> Timestamp {
        self.node.following().standing().nattoku().now()
    }
}

/// Whether an event is sent to a receiver.
fn wants(subscription: &Subscription, event: &FeedEvent) -> bool {
    subscription.events.is_empty() || subscription.events.iter().any(|name| name == event.name)
}
