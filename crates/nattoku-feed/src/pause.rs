//! Waiting that ends early where all is over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often it looks whether there is something new, or all is over.
pub(crate) const GLANCE_EVERY: Duration = Duration::from_millis(20);

/// Waits for so long, unless all is over before.
pub(crate) fn pause(time: Duration, is_over: &AtomicBool) {
    wait_while(time, || !is_over.load(Ordering::Relaxed));
}

/// Waits for so long at most.
pub(crate) fn wait_while(most: Duration, goes_on: impl Fn() -> bool) {
    let began = Instant::now();
    while began.elapsed() < most && goes_on() {
        std::thread::sleep(GLANCE_EVERY.min(most));
    }
}
