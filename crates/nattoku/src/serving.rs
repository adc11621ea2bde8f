//! What every command that serves over HTTP needs.

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::exit::CommandError;

/// Resolves when the program is told to stop.
pub(crate) async fn stopped() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}

/// The server could not be started, or broke off.
pub(crate) fn cannot_serve(error: &std::io::Error) -> CommandError {
    CommandError::could_not_run(format!("サーバーを動かせません: {error}"), format!("cannot serve: {error}"))
}

/// How long work that nobody waits for any more may keep the program from ending.
const ABANDONED_MAX: Duration = Duration::from_secs(2);

/// Ends a runtime. Whoever asked was answered, or has run out of time.
pub(crate) fn end(runtime: Runtime) {
    runtime.shutdown_timeout(ABANDONED_MAX);
}
