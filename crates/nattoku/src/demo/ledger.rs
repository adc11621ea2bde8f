//! The demo's ledger: made once, used again at every later start.

use std::path::{Path, PathBuf};

use nattoku_model::Language;
use nattoku_model::clock::Clock;
use nattoku_operations::Nattoku;
use nattoku_policy::check::Checked;
use nattoku_store::{Kek, OpenMode, Place, SeededRandomness, SqliteStore, Store};

use super::customers;
use super::named::NAMED;
use crate::clock::SystemClock;
use crate::exit::CommandError;
use crate::progress::{self, Work};
use crate::{open, output};

/// Events appended at once.
const BATCH: usize = 20_000;
/// What the ids and keys of the synthetic customers start from, so that the same ledger comes out every time.
const SEED: u64 = 20_191_211;
/// The ledger's file in the demo's folder.
pub(crate) const FILE: &str = "ledger.sqlite";

/// Opens the ledger that is there, or makes it.
pub(crate) fn open_or_make(
    dir: &Path,
    principals: u32,
    checked: &Checked,
    language: Language,
) -> Result<Box<dyn Store>, CommandError> {
    let path = dir.join(FILE);
    if !path.exists() {
        make(dir, principals, checked, language)?;
    }
    let store = open::store(&Place::Sqlite(path.clone()), OpenMode::Existing, &Kek::Beside)?;
    for (name, ..) in NAMED {
        if store.events_of(name)?.is_none() {
            return Err(foreign(&path));
        }
    }
    Ok(store)
}

/// A ledger that the demo did not make is not the demo's to show.
fn foreign(path: &Path) -> CommandError {
    let path = path.display();
    CommandError::asked_wrongly(
        format!("{path} は demo の台帳ではありません"),
        format!("{path} is not a ledger that the demo made"),
    )
    .hint("--dir で別の場所を示してください", "name another place by --dir")
}

/// Makes the ledger beside its place and moves it there when it is whole: what was interrupted is begun anew.
fn make(dir: &Path, principals: u32, checked: &Checked, language: Language) -> Result<(), CommandError> {
    let Some(versions) = &checked.versions else { return Ok(()) };
    let partial = dir.join(".ledger.partial");
    remove(&partial);
    output::note(&match language {
        Language::Ja => format!("架空のお客さま {principals} 人の記録を作っています"),
        Language::En => format!("making the history of {principals} synthetic customers"),
    });
    let now = SystemClock.now();
    let events = customers::events(versions.current(), principals, now);
    let store = SqliteStore::open(&partial, OpenMode::Create, SeededRandomness::new(SEED))?;
    let nattoku = Nattoku::of(open::publication(checked)?, Box::new(store), Box::new(SystemClock));
    let bar = progress::bar(Work::Events, language);
    bar.set_length(events.len() as u64);
    for batch in events.chunks(BATCH) {
        nattoku.record_events(batch, true)?;
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    // Closing folds the write-ahead log into the file, so that nothing but the file and its keys is left to move.
    drop(nattoku);
    // The ledger comes last: where it is, its keys are.
    for suffix in [".kek", ".keys", ""] {
        let (from, to) = (with_suffix(&partial, suffix), with_suffix(&dir.join(FILE), suffix));
        std::fs::rename(&from, &to).map_err(|error| {
            CommandError::could_not_run(
                format!("{} を置けません: {error}", to.display()),
                format!("cannot put {} in its place: {error}", to.display()),
            )
        })?;
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Takes away what an interrupted start left; where there is nothing, nothing is done.
fn remove(partial: &Path) {
    for suffix in ["", "-wal", "-shm", ".keys", ".keys-wal", ".keys-shm", ".kek"] {
        let _ = std::fs::remove_file(with_suffix(partial, suffix));
    }
}
