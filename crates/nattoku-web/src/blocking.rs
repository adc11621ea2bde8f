//! Work that may wait, on a thread where waiting is allowed, as a part of the call that it is done for.

use nattoku_trace::{Call, with_call};
use tokio::task::JoinError;

/// Does it, and gives what comes of it. What is told meanwhile is told of the call.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let call = Call::current();
    tokio::task::spawn_blocking(move || with_call(call, work)).await
}
