//! Sending to all receivers while a program serves: under the turn, each receiver by a courier and a thread of its own, so that one that is
//! slow holds nobody else up.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use nattoku_operations::Node;
use nattoku_store::StoreError;
use nattoku_trace::Tracing;

use crate::courier::{Courier, Step};
use crate::outcome::Counting;
use crate::pause::{pause, wait_while};
use crate::retry::Retry;
use crate::sender::Sender;
use crate::turn::Turn;

/// How often it renews its turn, and looks who has subscribed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long it waits before it tries again, where the ledger or the state cannot be reached.
const MENDS_IN: Duration = Duration::from_secs(1);
/// Most receivers. No more can be added.
pub const RECEIVERS_MAX: usize = 200;

/// By what terms events are sent.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How often and when what was not taken comes again.
    pub retry: Retry,
    /// Gives random numbers.
    pub random: fn() -> u32,
}

/// What sends, and whom it tells.
pub struct Sending {
    /// What follows the ledger.
    pub node: Arc<Node>,
    /// What sends.
    pub sender: Sender,
    /// Who counts.
    pub counting: Arc<dyn Counting>,
    /// To whom is told what is sent.
    pub tracing: Tracing,
}

/// Sends to all receivers.
pub struct Deliverer {
    sending: Sending,
    terms: Terms,
    turn: Turn,
}

impl Deliverer {
    /// Sends as the program of an id, which is random and another for each start.
    #[must_use]
    pub fn new(sending: Sending, terms: Terms, id: [u8; 16]) -> Self {
        Self { sending, terms, turn: Turn::new("webhooks", id) }
    }

    /// Sends until all is over, while no other program does. What is being sent then is sent to its end.
    pub fn run(&self, is_over: &AtomicBool) {
        std::thread::scope(|scope| {
            let mut couriers: HashMap<String, ScopedJoinHandle<'_, ()>> = HashMap::new();
            let mut is_told = false;
            while !is_over.load(Ordering::Relaxed) {
                match self.look(scope, &mut couriers, is_over) {
                    Ok(()) => is_told = false,
                    Err(error) if !is_told => {
                        tracing::error!(%error, "events are not sent: the state cannot be read or written");
                        is_told = true;
                    }
                    Err(_) => {}
                }
                pause(LOOK_EVERY, is_over);
            }
        });
        if let Err(error) = self.turn.end(self.sending.node.state()) {
            tracing::warn!(%error, "the turn at sending events was not given up, and runs out in its time");
        }
    }

    /// Renews the turn, and has a courier begin for each receiver that has none.
    fn look<'scope, 'env>(
        &'env self,
        scope: &'scope Scope<'scope, 'env>,
        couriers: &mut HashMap<String, ScopedJoinHandle<'scope, ()>>,
        is_over: &'env AtomicBool,
    ) -> Result<(), StoreError> {
        let state = self.sending.node.state();
        let subscriptions = state.subscriptions()?;
        couriers.retain(|_, courier| !courier.is_finished());
        if subscriptions.is_empty() && couriers.is_empty() {
            return Ok(());
        }
        if !self.turn.take(state)? {
            return Ok(());
        }
        // No more are added than there may be; were there more, threads would be bounded all the same.
        let running = subscriptions.into_iter().filter(|one| one.paused.is_none()).take(RECEIVERS_MAX);
        for subscription in running {
            if let Entry::Vacant(place) = couriers.entry(subscription.name) {
                let name = place.key().clone();
                place.insert(scope.spawn(move || self.carry(name, is_over)));
            }
        }
        Ok(())
    }

    /// Sends to one receiver for as long as the turn is held and there is somebody to send to.
    fn carry(&self, name: String, is_over: &AtomicBool) {
        let Sending { node, sender, counting, tracing } = &self.sending;
        let Terms { retry, random } = self.terms;
        let may_send = || self.turn.lasts(sender.timeout());
        let courier = Courier::new((node, sender, &**counting), retry, random, name, &may_send);
        let mut courier = courier.traced(tracing.clone());
        let mut is_told = false;
        // What is begun ends while nobody else may send: an event is sent by one program at a time.
        while !is_over.load(Ordering::Relaxed) && may_send() {
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
