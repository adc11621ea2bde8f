//! A snapshot in a file: opened by mapping it, written beside its place and put there whole.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nattoku_engine::{Origin, Population, Region, Source, Vocabulary};
use nattoku_model::Revision;
use nattoku_store::StoreError;

use super::{Unfit, Written};
use crate::nattoku::Nattoku;

/// What is at the path of a snapshot.
pub(super) enum Found {
    Nothing,
    /// A population, with the ledger that it says to be of.
    Fitting(Box<(Population, Origin)>),
    Unfit(Unfit),
}

/// Opens what is at a path.
pub(super) fn open(path: &Path, vocabulary: Arc<Vocabulary>) -> Found {
    let source = match Mapped::open(path) {
        Ok(source) if source.as_ref().is_some_and(Mapped::is_others_to_change) => {
            return Found::Unfit(Unfit::WritableByOthers);
        }
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(error) => return Found::Unfit(Unfit::Unreadable(error.to_string())),
    };
    let Some(source) = source else { return Found::Unfit(Unfit::NotASnapshot) };
    match Population::open(vocabulary, &source) {
        Ok(opened) => Found::Fitting(Box::new(opened)),
        Err(error) => Found::Unfit(error.into()),
    }
}

/// A file of which parts are mapped. It is only ever replaced as a whole, which is what mapping asks of it.
struct Mapped {
    file: File,
    length: u64,
    permissions: Permissions,
}

impl Mapped {
    /// Opens a file; nothing where something else is there, of which a pipe would never end.
    fn open(path: &Path) -> io::Result<Option<Self>> {
        if !std::fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let file = File::open(path)?;
        let found = file.metadata()?;
        Ok(Some(Self { file, length: found.len(), permissions: found.permissions() }))
    }

    /// Whether others than its owner may write to it, so that nobody knows what becomes of it while it is mapped. Ours are
    /// never like that.
    fn is_others_to_change(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            self.permissions.mode() & 0o022 != 0
        }
        #[cfg(not(unix))]
        {
            let _ = &self.permissions;
            false
        }
    }
}

impl Source for Mapped {
    fn length(&self) -> u64 {
        self.length
    }

    fn region(&self, offset: u64, length: usize) -> io::Result<Region> {
        if length == 0 {
            return Ok(Box::new(nattoku_engine::Copied::new(&[])));
        }
        #[expect(unsafe_code, reason = "a map is unsafe to make, and why it may be made here stands below")]
        // SAFETY: what stands at a snapshot's path is written by `write` below alone, under another name, and put there whole
        // by renaming: no program of ours opens it for writing. Nobody but its owner may, which was seen when it was opened.
        // What is left is an owner who has something else write to it or cut it short while it is mapped, as with any file
        // that a program runs from; `docs/reference/population-snapshot.md` says not to.
        let map = unsafe { nattoku_map::Private::new(&self.file, offset, length) }?;
        Ok(Box::new(map))
    }
}

impl Nattoku {
    /// Whether a population is one of this ledger, which stands at `revision`.
    pub(super) fn whether_ours(
        &self,
        population: &Population,
        origin: &Origin,
        revision: Revision,
    ) -> Result<Result<(), Unfit>, StoreError> {
        let snapshot = population.revision();
        if origin.ledger != self.store.ledger_id()? {
            return Ok(Err(Unfit::OtherLedger));
        }
        if snapshot > revision {
            return Ok(Err(Unfit::LedgerBehind { snapshot, ledger: revision }));
        }
        if *origin != self.origin(snapshot)? {
            return Ok(Err(Unfit::OtherHistory(snapshot)));
        }
        Ok(Ok(()))
    }

    /// This ledger, up to a revision.
    fn origin(&self, revision: Revision) -> Result<Origin, StoreError> {
        let leaf = self.store.leaf_hash(revision)?.unwrap_or_default();
        Ok(Origin { ledger: self.store.ledger_id()?, leaf })
    }

    /// Writes a population of this ledger down.
    pub(super) fn write_snapshot(&self, population: &Population, path: &Path) -> Result<Written, StoreError> {
        let origin = self.origin(population.revision())?;
        Ok(match write(population, origin, path) {
            Ok(()) => Written::Yes,
            Err(error) => Written::Failed(error.to_string()),
        })
    }
}

/// Writes a file beside its place, makes sure that all of it is on the disk, and puts it there in one step.
fn write(population: &Population, origin: Origin, path: &Path) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = Partial(path.with_file_name(name));
    let mut out = BufWriter::with_capacity(1 << 20, partial.create()?);
    population.write_snapshot(origin, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    std::fs::rename(&partial.0, path)?;
    // Where a folder cannot be synced, the worst that a loss of power brings back is the snapshot from before.
    if let Some(Ok(folder)) = path.parent().map(File::open) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A file that is gone again unless it was put into its place.
struct Partial(PathBuf);

impl Partial {
    /// Makes the file, which nobody but its owner may read: it is about people.
    fn create(&self) -> io::Result<File> {
        // Of a run that had the same number and was killed.
        let _ = std::fs::remove_file(&self.0);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options.open(&self.0)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
