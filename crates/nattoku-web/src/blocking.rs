//! Work that may wait, on a thread where waiting is allowed, as a part of the call that it is done for.
//!
//! Of such threads the runtime has [`THREADS`]. While the store has stopped, whoever asks it keeps one until the store's own bounds
//! let it go; so that there are always threads for what needs no store, not all may wait for it.

use nattoku_trace::{Call, with_call};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// How many threads for such work a runtime has where nobody says otherwise.
const THREADS: usize = 512;
/// Most that may wait for the store on behalf of programs.
const FOR_PROGRAMS: usize = 256;
/// Most that may on behalf of people, of whom each waits for [a moment](crate::in_time) only.
pub(crate) const FOR_PEOPLE: usize = 64;
/// Most for whom something is made from all that is known of them, or who come back from a provider.
pub(crate) const AT_LENGTH_AT_ONCE: usize = 8;
/// Most receipts that are checked.
pub(crate) const CHECKS_AT_ONCE: usize = 4;

static PROGRAMS: Semaphore = Semaphore::const_new(FOR_PROGRAMS);

/// Does what may wait for the store, when there is a place for it, and gives what comes of it. What is told meanwhile is told of the
/// call.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    // It is never closed. The place is kept by the work itself, which goes on when nobody waits for it any more.
    let place = PROGRAMS.acquire().await.ok();
    rendering(move || {
        let _place = place;
        work()
    })
    .await
}

/// The same for what waits for no store, such as a page for everybody.
pub(crate) async fn rendering<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let call = Call::current();
    tokio::task::spawn_blocking(move || with_call(call, work)).await
}

// Threads are left for what needs no store.
const _: () = assert!(FOR_PROGRAMS + FOR_PEOPLE + AT_LENGTH_AT_ONCE + CHECKS_AT_ONCE < THREADS);
