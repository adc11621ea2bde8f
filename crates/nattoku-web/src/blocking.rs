//! Work that may wait, on a thread where waiting is allowed, as a part of the call that it is done for.
//!
//! Of such threads the runtime has a number. While the store has stopped, whoever asks it keeps one until the store's own bounds let it
//! go; so that there are always threads for what needs no store, not all may wait for it, and of each kind of work only as many as have
//! [places](crate::limits::StorePlaces).

use std::sync::Arc;

use nattoku_trace::{Call, with_call};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// The places for one kind of work that may wait for the store.
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    /// So many.
    pub(crate) fn of(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places)))
    }

    /// Does it when there is a place for it, and gives what comes of it. What is told meanwhile is told of the call.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // It is never closed. The place is kept by the work itself, which goes on when nobody waits for it any more.
        let place = Arc::clone(&self.0).acquire_owned().await.ok();
        rendering(move || {
            let _place = place;
            work()
        })
        .await
    }
}

/// The same for what waits for no store, such as a page for everybody.
pub(crate) async fn rendering<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let call = Call::current();
    tokio::task::spawn_blocking(move || with_call(call, work)).await
}
