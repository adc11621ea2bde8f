//! What every command that serves over HTTP needs.

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
