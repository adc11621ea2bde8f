//! A thread that looks at the policy's folder, and ends when this is dropped.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// How often the policy's folder is looked at: as a server does.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A thread that looks again and again.
pub(crate) struct Watching {
    /// Gone, it tells the thread to end.
    is_on: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watching {
    pub(crate) fn begin(mut look: impl FnMut() + Send + 'static) -> io::Result<Self> {
        let (is_on, ended) = channel::<()>();
        let watch = move || {
            while ended.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                look();
            }
        };
        let thread = Builder::new().name("policy-watching".to_owned()).spawn(watch)?;
        Ok(Self { is_on: Some(is_on), thread: Some(thread) })
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.is_on.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
