//! Sending to all receivers while a program serves: under the claim, each receiver by a courier and a thread of its own, so that one that is
//! slow holds nobody else up.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use nattoku_operations::Node;
use nattoku_store::StoreError;

use crate::claim::Claim;
use crate::courier::{Courier, Step};
use crate::retry::Retry;
use crate::sender::Sender;

/// How often the claim is renewed, and looked for who has subscribed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether there is something new, or all is over.
const GLANCE_EVERY: Duration = Duration::from_millis(20);
/// How long it is waited where the ledger or the state cannot be reached.
const MENDS_IN: Duration = Duration::from_secs(1);
/// Most receivers; those beyond, by name, are sent nothing.
const RECEIVERS_MAX: usize = 200;

/// What an attempt came to, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was taken.
    Taken,
    /// It was not, and comes again.
    NotTaken,
    /// The receiver wants nothing any more.
    Gone,
    /// It was given up.
    Dead,
}

impl Outcome {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::NotTaken => "not_taken",
            Self::Gone => "gone",
            Self::Dead => "dead",
        }
    }
}

/// Whoever counts what is sent.
pub trait Told: Send + Sync {
    /// An attempt came to this.
    fn attempted(&self, subscription: &str, outcome: Outcome);

    /// So many events were not looked at yet.
    fn behind(&self, subscription: &str, events: u64);

    /// So many were given up.
    fn dead(&self, subscription: &str, letters: u64);
}

/// By what terms events are sent.
#[derive(Debug, Clone, Copy)]
pub struct Delivery {
    /// How often and when what was not taken comes again.
    pub retry: Retry,
    /// Gives random numbers.
    pub random: fn() -> u32,
}

/// What sends, and whom it tells.
pub struct Work {
    /// What follows the ledger.
    pub node: Arc<Node>,
    /// What sends.
    pub sender: Sender,
    /// Who counts.
    pub told: Arc<dyn Told>,
}

/// Sends to all receivers.
pub struct Deliverer {
    work: Work,
    delivery: Delivery,
    claim: Claim,
}

impl Deliverer {
    /// Sends as the program of an id, which is random and another for each start.
    #[must_use]
    pub fn new(work: Work, delivery: Delivery, id: [u8; 16]) -> Self {
        Self { work, delivery, claim: Claim::new("webhooks", id) }
    }

    /// Sends until all is over, while no other program does. What is being sent then is sent to its end.
    pub fn run(&self, is_over: &AtomicBool) {
        std::thread::scope(|scope| {
            let mut couriers: HashMap<String, ScopedJoinHandle<'_, ()>> = HashMap::new();
            let mut told = false;
            while !is_over.load(Ordering::Relaxed) {
                match self.look(scope, &mut couriers, is_over) {
                    Ok(()) => told = false,
                    Err(error) if !told => {
                        tracing::error!(%error, "events are not sent: the state cannot be read or written");
                        told = true;
                    }
                    Err(_) => {}
                }
                pause(LOOK_EVERY, is_over);
            }
        });
        if let Err(error) = self.claim.end(self.work.node.state()) {
            tracing::warn!(%error, "the claim to send events was not given up, and runs out in its time");
        }
    }

    /// Renews the claim, and has a courier begin for each receiver that has none.
    fn look<'scope, 'env>(
        &'env self,
        scope: &'scope Scope<'scope, 'env>,
        couriers: &mut HashMap<String, ScopedJoinHandle<'scope, ()>>,
        is_over: &'env AtomicBool,
    ) -> Result<(), StoreError> {
        let state = self.work.node.state();
        let subscriptions = state.subscriptions()?;
        couriers.retain(|_, courier| !courier.is_finished());
        if subscriptions.is_empty() && couriers.is_empty() {
            return Ok(());
        }
        if !self.claim.take(state)? {
            return Ok(());
        }
        let running = subscriptions.into_iter().filter(|one| one.paused.is_none()).take(RECEIVERS_MAX);
        for subscription in running {
            if let Entry::Vacant(place) = couriers.entry(subscription.name) {
                let name = place.key().clone();
                place.insert(scope.spawn(move || self.carry(name, is_over)));
            }
        }
        Ok(())
    }

    /// Sends to one receiver for as long as the claim is held and there is somebody to send to.
    fn carry(&self, name: String, is_over: &AtomicBool) {
        let Work { node, sender, told } = &self.work;
        let Delivery { retry, random } = self.delivery;
        let mut courier = Courier::new((node, sender, &**told), retry, random, name);
        let mut is_told = false;
        // What is begun ends while nobody else may send: an event is sent by one program at a time.
        while !is_over.load(Ordering::Relaxed) && self.claim.lasts(sender.timeout()) {
            match courier.step() {
                Ok(Step::Done) => is_told = false,
                Ok(Step::Nothing) => {
                    let until = courier.until();
                    wait_while(LOOK_EVERY, || node.taken_in() <= until && !is_over.load(Ordering::Relaxed));
                }
                Ok(Step::Waits(time)) => {
                    let began = Instant::now();
                    // Unless somebody pauses it, or sets it back.
                    while began.elapsed() < time
                        && !is_over.load(Ordering::Relaxed)
                        && courier.is_as_it_was().unwrap_or(true)
                    {
                        pause(LOOK_EVERY.min(time.saturating_sub(began.elapsed())), is_over);
                    }
                }
                Ok(Step::Stopped) => return,
                Err(error) => {
                    if !is_told {
                        tracing::error!(%error, subscription = courier.name(), "events are not sent");
                        is_told = true;
                    }
                    pause(MENDS_IN, is_over);
                }
            }
        }
    }
}

fn pause(time: Duration, is_over: &AtomicBool) {
    wait_while(time, || !is_over.load(Ordering::Relaxed));
}

fn wait_while(most: Duration, goes_on: impl Fn() -> bool) {
    let began = Instant::now();
    while began.elapsed() < most && goes_on() {
        std::thread::sleep(GLANCE_EVERY.min(most));
    }
}
