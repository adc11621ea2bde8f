//! Pages that need the store: for how long whoever asks waits for it.
//!
//! A store that has stopped refuses, or says nothing for as long as it takes until its own bounds give it up. Whoever asked is
//! answered before. The work itself cannot be broken off: it goes on, keeps its place among those that may be under way until it has
//! ended, and so a store that has stopped keeps no more threads than there are places.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinError;
use tokio::time::{Instant, timeout, timeout_at};

use crate::blocking::rendering;

/// How long a page waits for the store: with what it takes to say that it did not answer, less than two seconds.
pub(crate) const WITHIN: Duration = Duration::from_millis(1_500);
/// How long whoever asks for all that is known of them, or comes back from a provider, waits.
pub(crate) const AT_LENGTH: Duration = Duration::from_mins(1);
/// How much longer an act waits that is recorded: until every lease that was there has run out.
const ENFORCED_WITHIN: Duration = Duration::from_millis(2_500);

/// How many moments there are in the time for which a page waits.
const MOMENTS: u32 = 6;

/// How long people wait, and the places for what is done for them.
pub(crate) struct Patience {
    within: Duration,
    enforced_within: Duration,
    places: Arc<Semaphore>,
}

/// What whoever waits and whoever works tell each other.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    told: OnceLock<String>,
    given_up: AtomicBool,
}

/// The same, as both have it.
pub(crate) type Done = Arc<Progress>;

impl Progress {
    /// Notes the page that tells of an act what became of it, as soon as it is recorded.
    pub(crate) fn is_recorded(&self, told: &str) {
        // Whoever asked is led to one page: the first.
        let _ = self.told.set(told.to_owned());
    }

    /// Whether nobody waits any more: whatever comes of it goes nowhere.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Acquire)
    }
}

/// Whoever waits, be it that they are not waited for themselves any more: their browser has gone.
struct Waiting<'p> {
    progress: &'p Progress,
    is_answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.progress.given_up.store(!self.is_answered, Ordering::Release);
    }
}

/// Why there is no answer yet.
#[derive(Debug)]
pub(crate) enum Missed {
    /// There was no place for it: nothing was done.
    NotBegun,
    /// It is under way, and whether it comes about is not known.
    UnderWay,
    /// It is recorded, and not known to be respected everywhere; this page tells of it.
    Recorded(String),
    /// It broke off.
    Panicked(JoinError),
}

impl Patience {
    /// So many at once, who wait so long.
    pub(crate) fn of(places: usize, within: Duration) -> Self {
        let places = Arc::new(Semaphore::new(places));
        Self { within, enforced_within: ENFORCED_WITHIN, places }
    }

    /// Does it, and gives what comes of it in time.
    pub(crate) async fn wait_for<T: Send + 'static>(
        &self,
        done: &Done,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Missed> {
        let mut waiting = Waiting { progress: done, is_answered: false };
        let deadline = Instant::now() + self.within;
        let Ok(Ok(place)) = timeout_at(deadline, Arc::clone(&self.places).acquire_owned()).await else {
            return Err(Missed::NotBegun);
        };
        let mut working = pin!(rendering(move || {
            let _place = place;
            work()
        }));
        for deadline in [deadline, deadline + self.enforced_within] {
            if let Ok(worked) = timeout_at(deadline, &mut working).await {
                // What is recorded is so, whatever broke off afterwards.
                let recorded = || done.told.get().cloned().map(Missed::Recorded);
                waiting.is_answered = true;
                return worked.map_err(|error| recorded().unwrap_or(Missed::Panicked(error)));
            }
            if done.told.get().is_none() {
                return Err(Missed::UnderWay);
            }
        }
        Err(done.told.get().cloned().map_or(Missed::UnderWay, Missed::Recorded))
    }

    /// Does what a page can do without, and gives what comes of it if that is within a moment, so that there is time left for the page.
    pub(crate) async fn wait_a_moment_for<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        timeout(self.within / MOMENTS, self.wait_for(&Done::default(), work)).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    const PLACES: usize = 4;
    const NEVER: Duration = Duration::from_hours(1);

    #[test]
    fn there_is_time_left_to_say_so() {
        assert!(WITHIN + Duration::from_millis(500) <= Duration::from_secs(2));
        assert!(WITHIN + WITHIN / MOMENTS < Duration::from_secs(2));
    }

    /// What a page can do without it does without: the page is made all the same, and the work goes on.
    #[tokio::test]
    async fn what_a_page_can_do_without_is_waited_for_a_moment_only() {
        let patience = Patience::of(PLACES, Duration::from_millis(6));
        let (go_on, goes_on) = channel::<()>();
        let (tell, told) = channel::<()>();
        let missed = patience.wait_a_moment_for(move || {
            let _ = goes_on.recv();
            let _ = tell.send(());
        });
        assert!(missed.await.is_none());
        drop(go_on);
        assert!(told.recv().is_ok());
        assert_eq!(Patience::of(PLACES, NEVER).wait_a_moment_for(|| 7).await, Some(7));
    }

    #[tokio::test]
    async fn what_is_done_in_time_is_answered() {
        let patience = Patience::of(PLACES, NEVER);
        let done = Done::default();
        assert_eq!(patience.wait_for(&done, || 7).await.unwrap(), 7);
        assert!(!done.is_given_up());
        let panicked = patience.wait_for(&Done::default(), || panic!("a test has it fail")).await;
        assert!(matches!(panicked, Err::<(), _>(Missed::Panicked(_))));
        assert_eq!(patience.places.available_permits(), PLACES);
    }

    /// Whoever is not waited for any more keeps the place, and gives it back when it ends.
    #[tokio::test]
    async fn what_takes_too_long_keeps_its_place_until_it_ends() {
        let patience = Patience::of(PLACES, Duration::from_millis(1));
        let (go_on, goes_on) = channel::<()>();
        let done = Done::default();
        let missed = patience.wait_for(&done, move || goes_on.recv().is_err()).await;
        assert!(matches!(missed, Err(Missed::UnderWay)), "{missed:?}");
        assert!(done.is_given_up(), "whoever works learns that nobody waits");
        assert_eq!(patience.places.available_permits(), PLACES - 1);
        let others = u32::try_from(PLACES - 1).unwrap();
        let rest = patience.places.acquire_many(others).await.unwrap();
        let missed = patience.wait_for(&Done::default(), || panic!("there is no place for it")).await;
        assert!(matches!(missed, Err::<(), _>(Missed::NotBegun)), "{missed:?}");
        drop(rest);
        drop(go_on);
        let all = u32::try_from(PLACES).unwrap();
        assert!(patience.places.acquire_many(all).await.is_ok());
    }

    /// Whoever goes away while they wait is no more answered than whoever waited for too long.
    #[tokio::test]
    async fn whoever_goes_away_has_given_up() {
        let patience = Patience::of(PLACES, NEVER);
        let (done, (go_on, goes_on)) = (Done::default(), channel::<()>());
        let waits = patience.wait_for(&done, move || goes_on.recv().is_err());
        assert!(tokio::time::timeout(Duration::from_millis(1), waits).await.is_err());
        assert!(done.is_given_up());
        drop(go_on);
    }

    /// An act that is recorded is never told as one of which nothing is known, be it that the store stops right after.
    #[tokio::test]
    async fn what_is_recorded_is_told_as_that() {
        let moment = Duration::from_millis(1);
        let patience = Patience { enforced_within: moment, ..Patience::of(PLACES, moment) };
        let (done, (go_on, goes_on)) = (Done::default(), channel::<()>());
        done.is_recorded("/en/my/receipts/7");
        let missed = patience.wait_for(&done, move || goes_on.recv().is_err()).await;
        assert!(matches!(&missed, Err(Missed::Recorded(at)) if at == "/en/my/receipts/7"), "{missed:?}");
        drop(go_on);
    }
}
