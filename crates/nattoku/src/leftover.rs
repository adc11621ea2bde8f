//! What is written beside the place that it will take: gone again where it does not, also where somebody interrupts the program.
//!
//! Without that, Ctrl-C would leave half a folder or file about people under a name that nobody looks for.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::exit::Exit;

/// All that there are now.
static ALL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How often taking one away is tried while the program that was interrupted still writes to it.
const TRIES: usize = 100;

/// A folder or file that is taken away with the value, unless it was renamed.
pub(crate) struct Leftover(PathBuf);

impl Leftover {
    /// Before the folder or file is made.
    pub(crate) fn new(path: PathBuf) -> Self {
        watch();
        ALL.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        take_away(&self.0);
        all.retain(|path| *path != self.0);
    }
}

fn take_away(path: &Path) {
    for _ in 0..TRIES {
        let taken = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        if taken.is_ok() || !path.exists() {
            return;
        }
    }
}

/// From now on an interruption takes away what is left over and ends the program. Where signals cannot be waited for, it only
/// ends it, as it does without.
fn watch() {
    static WATCHED: OnceLock<()> = OnceLock::new();
    WATCHED.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        // Waiting begins here and not in the thread, so that whoever returns is watched over.
        let Ok(interrupted) = runtime.block_on(async { Interrupted::new() }) else { return };
        std::thread::spawn(move || {
            runtime.block_on(interrupted.come());
            let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
            all.iter().for_each(|path| take_away(path));
            std::process::exit(Exit::CouldNotRun as i32);
        });
    });
}

/// The signals by which a program is asked to end.
#[cfg(unix)]
struct Interrupted([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Interrupted {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let [interrupt, terminate, hangup] =
            [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
        Ok(Self([interrupt?, terminate?, hangup?]))
    }

    async fn come(self) {
        let [mut interrupt, mut terminate, mut hangup] = self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// The key by which a program is asked to end.
#[cfg(not(unix))]
struct Interrupted;

#[cfg(not(unix))]
impl Interrupted {
    #[expect(clippy::unnecessary_wraps, reason = "where there are signals, waiting for them can fail")]
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn come(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
