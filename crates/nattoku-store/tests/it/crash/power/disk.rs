//! A disk that loses power: what it holds for certain, what may have reached it beside that, and what it holds afterwards.
//!
//! Certain is what was written to a file before a flush of that file began, once the flush has ended; and which names a folder
//! has, once the folder was flushed in the same way. Of everything else each part may be there or not. A disk writes 512 bytes
//! whole or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use nattoku_store::{Randomness as _, SeededRandomness};

use super::strace::{Call, Step};

/// The bytes that a disk writes whole or not at all.
const SECTOR: usize = 512;

/// A flush that the model is to leave out, to see whether that is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Omitted {
    /// None.
    None,
    /// Those of the file with this name, also while it is written under another to get this one.
    File(&'static str),
    /// Those of the folder.
    Folder,
}

impl Omitted {
    fn is_of(self, name: &str) -> bool {
        let Self::File(omitted) = self else { return false };
        let rest = name.strip_prefix(omitted);
        // `.partial`, or `.HEX.partial`.
        let is_partial = |rest: &str| {
            let between = rest.strip_suffix("partial").and_then(|rest| rest.strip_prefix('.'));
            between.is_some_and(|between| {
                between.strip_suffix('.').unwrap_or(between).bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        };
        rest.is_some_and(|rest| rest.is_empty() || is_partial(rest))
    }
}

/// What becomes of what is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// None of it is there.
    Nothing,
    /// All of it is.
    Everything,
    /// All up to some call; of that call's bytes some sectors.
    Prefix,
    /// Some calls whole, others not at all, whichever came first.
    Some,
    /// Of every write some sectors.
    Sectors,
    /// Files are as long as they had become, with zeros where their bytes did not arrive.
    Zeros,
}

pub(super) const FATES: [Fate; 6] =
    [Fate::Nothing, Fate::Everything, Fate::Prefix, Fate::Some, Fate::Sectors, Fate::Zeros];

#[derive(Debug, Clone)]
enum What {
    Write { at: usize, bytes: Vec<u8> },
    Resize { length: usize },
}

/// A change that is not certain yet. The number of its call tells what came first.
#[derive(Debug, Clone)]
struct Change<W> {
    call: usize,
    has_ended: bool,
    what: W,
}

#[derive(Debug, Clone, Default)]
struct File {
    certain: Vec<u8>,
    changes: Vec<Change<What>>,
}

/// A change of names.
#[derive(Debug, Clone)]
enum Naming {
    Make { name: String, file: usize },
    Rename { from: String, to: String, file: usize },
    Unlink { name: String },
}

/// The disk under one folder.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    folder: String,
    omitted: Omitted,
    files: Vec<File>,
    /// The names as programs see them.
    names: BTreeMap<String, usize>,
    certain_names: BTreeMap<String, usize>,
    namings: Vec<Change<Naming>>,
    /// What each flush that has begun will have made certain: the calls that had ended when it began.
    flushes: HashMap<usize, (Option<usize>, BTreeSet<usize>)>,
    /// Where the next write by a descriptor goes.
    positions: HashMap<(String, String), usize>,
}

impl Disk {
    /// An empty folder.
    pub(super) fn new(folder: &str, omitted: Omitted) -> Self {
        Self {
            folder: folder.to_owned(),
            omitted,
            files: Vec::new(),
            names: BTreeMap::new(),
            certain_names: BTreeMap::new(),
            namings: Vec::new(),
            flushes: HashMap::new(),
            positions: HashMap::new(),
        }
    }

    /// Goes one step on.
    pub(super) fn step(&mut self, calls: &[Call], step: Step) -> Result<(), String> {
        match step {
            Step::Began(number) => self.begin(number, &calls[number]),
            Step::Ended(number) => {
                self.end(number, &calls[number]);
                Ok(())
            }
        }
    }

    /// The name of a file of the folder that is to outlive a loss of power: an index of a log in shared memory need not.
    fn name(&self, path: &str) -> Option<String> {
        let name = path.strip_prefix(&self.folder)?.strip_prefix('/')?;
        (!name.ends_with("-shm")).then(|| name.to_owned())
    }

    fn begin(&mut self, call: usize, what: &Call) -> Result<(), String> {
        match what {
            Call::Open { path, makes, empties, .. } => {
                let Some(name) = self.name(path) else { return Ok(()) };
                if *makes && !self.names.contains_key(&name) {
                    let file = self.files.len();
                    self.files.push(File::default());
                    self.names.insert(name.clone(), file);
                    self.namings.push(Change { call, has_ended: false, what: Naming::Make { name, file } });
                } else if *empties {
                    self.change(&name, call, What::Resize { length: 0 })?;
                }
            }
            Call::Write { path, at, bytes } => {
                let Some(name) = self.name(path) else { return Ok(()) };
                self.change(&name, call, What::Write { at: small(*at), bytes: bytes.clone() })?;
            }
            Call::WriteOn { path, fd, bytes } => {
                let Some(name) = self.name(path) else { return Ok(()) };
                let position = self.positions.entry((name.clone(), fd.clone())).or_default();
                let at = *position;
                *position += bytes.len();
                self.change(&name, call, What::Write { at, bytes: bytes.clone() })?;
            }
            Call::Resize { path, length } => {
                let Some(name) = self.name(path) else { return Ok(()) };
                self.change(&name, call, What::Resize { length: small(*length) })?;
            }
            Call::Sync { path } => self.flush(call, path),
            Call::Rename { from, to } => {
                let (Some(from), Some(to)) = (self.name(from), self.name(to)) else { return Ok(()) };
                let file = self.names.remove(&from).ok_or_else(|| format!("{from} is not there"))?;
                self.names.insert(to.clone(), file);
                self.namings.push(Change { call, has_ended: false, what: Naming::Rename { from, to, file } });
            }
            Call::Link { from, to } => {
                let (Some(from), Some(name)) = (self.name(from), self.name(to)) else { return Ok(()) };
                let file = *self.names.get(&from).ok_or_else(|| format!("{from} is not there"))?;
                self.names.insert(name.clone(), file);
                self.namings.push(Change { call, has_ended: false, what: Naming::Make { name, file } });
            }
            Call::Unlink { path } => {
                let Some(name) = self.name(path) else { return Ok(()) };
                self.names.remove(&name);
                self.namings.push(Change { call, has_ended: false, what: Naming::Unlink { name } });
            }
            Call::Tell { .. } => {}
            Call::Unknown { path, call } => {
                if self.name(path).is_some() {
                    return Err(format!(
                        "the model of a disk knows no `{call}`, which `{path}` was changed by"
                    ));
                }
            }
        }
        Ok(())
    }

    fn change(&mut self, name: &str, call: usize, what: What) -> Result<(), String> {
        let file = self.names.get(name).ok_or_else(|| format!("{name} is written to, and nobody made it"))?;
        self.files[*file].changes.push(Change { call, has_ended: false, what });
        Ok(())
    }

    fn flush(&mut self, call: usize, path: &str) {
        if path == self.folder {
            if self.omitted != Omitted::Folder {
                self.flushes.insert(call, (None, ended(&self.namings)));
            }
        } else if let Some(name) = self.name(path)
            && !self.omitted.is_of(&name)
            && let Some(file) = self.names.get(&name)
        {
            self.flushes.insert(call, (Some(*file), ended(&self.files[*file].changes)));
        }
    }

    fn end(&mut self, call: usize, what: &Call) {
        match what {
            Call::Open { path, fd, .. } => {
                if let Some(name) = self.name(path) {
                    self.positions.insert((name, fd.clone()), 0);
                }
                mark(&mut self.namings, call);
                self.files.iter_mut().for_each(|file| mark(&mut file.changes, call));
            }
            Call::Sync { .. } => match self.flushes.remove(&call) {
                Some((Some(file), covered)) => {
                    let File { certain, changes } = &mut self.files[file];
                    for change in changes.extract_if(.., |change| covered.contains(&change.call)) {
                        apply(certain, &change.what);
                    }
                }
                Some((None, covered)) => {
                    for change in self.namings.extract_if(.., |change| covered.contains(&change.call)) {
                        rename(&mut self.certain_names, &change.what);
                    }
                }
                None => {}
            },
            _ => {
                mark(&mut self.namings, call);
                self.files.iter_mut().for_each(|file| mark(&mut file.changes, call));
            }
        }
    }

    /// The files that are there after power was lost now.
    pub(super) fn after_loss(&self, fate: Fate, draw: &mut Draw) -> BTreeMap<String, Vec<u8>> {
        let mut pending: Vec<usize> = self.namings.iter().map(|change| change.call).collect();
        pending.extend(self.files.iter().flat_map(|file| &file.changes).map(|change| change.call));
        pending.sort_unstable();
        // The call that was under way, where a prefix is there.
        let last = pending.get(draw.below(pending.len())).copied().unwrap_or(usize::MAX);
        let mut is_there = |call: usize| match fate {
            Fate::Nothing => false,
            Fate::Everything | Fate::Sectors => true,
            Fate::Prefix => call <= last,
            Fate::Some | Fate::Zeros => draw.coin(),
        };
        let mut names = self.certain_names.clone();
        // What follows from a change of a name that is lost is lost with it.
        let mut lost: BTreeSet<&str> = BTreeSet::new();
        for change in &self.namings {
            let touched = change.what.names();
            let kept = is_there(change.call) && !touched.iter().any(|name| lost.contains(name));
            if kept {
                rename(&mut names, &change.what);
            } else {
                lost.extend(touched);
            }
        }
        let kept: BTreeSet<usize> = self
            .files
            .iter()
            .flat_map(|file| &file.changes)
            .map(|change| change.call)
            .filter(|call| is_there(*call))
            .collect();
        let torn = |call: usize| fate == Fate::Sectors || (fate == Fate::Prefix && call == last);
        let mut bytes_of = |file: usize| {
            let File { certain, changes } = &self.files[file];
            let mut bytes = certain.clone();
            for change in changes {
                match &change.what {
                    What::Write { at, bytes: written } if kept.contains(&change.call) => {
                        if torn(change.call) {
                            tear(&mut bytes, *at, written, draw);
                        } else {
                            apply(&mut bytes, &change.what);
                        }
                    }
                    What::Write { at, bytes: written } if fate == Fate::Zeros => {
                        let length = bytes.len().max(at + written.len());
                        bytes.resize(length, 0);
                    }
                    What::Resize { .. } if kept.contains(&change.call) => apply(&mut bytes, &change.what),
                    _ => {}
                }
            }
            bytes
        };
        names.into_iter().map(|(name, file)| (name, bytes_of(file))).collect()
    }
}

impl Naming {
    fn names(&self) -> Vec<&str> {
        match self {
            Self::Make { name, .. } | Self::Unlink { name } => vec![name],
            Self::Rename { from, to, .. } => vec![from, to],
        }
    }
}

fn small(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn ended<W>(changes: &[Change<W>]) -> BTreeSet<usize> {
    changes.iter().filter(|change| change.has_ended).map(|change| change.call).collect()
}

fn mark<W>(changes: &mut [Change<W>], call: usize) {
    changes.iter_mut().filter(|change| change.call == call).for_each(|change| change.has_ended = true);
}

fn apply(file: &mut Vec<u8>, what: &What) {
    match what {
        What::Write { at, bytes } => {
            file.resize(file.len().max(at + bytes.len()), 0);
            file[*at..at + bytes.len()].copy_from_slice(bytes);
        }
        What::Resize { length } => file.resize(*length, 0),
    }
}

fn rename(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming {
        Naming::Make { name, file } => {
            names.insert(name.clone(), *file);
        }
        Naming::Rename { from, to, file } => {
            names.remove(from);
            names.insert(to.clone(), *file);
        }
        Naming::Unlink { name } => {
            names.remove(name);
        }
    }
}

/// Writes some sectors of what was to be written.
fn tear(file: &mut Vec<u8>, at: usize, written: &[u8], draw: &mut Draw) {
    let mut from = 0;
    while from < written.len() {
        let rest_of_sector = SECTOR - (at + from) % SECTOR;
        let to = written.len().min(from + rest_of_sector);
        if draw.coin() {
            apply(file, &What::Write { at: at + from, bytes: written[from..to].to_vec() });
        }
        from = to;
    }
}

/// Draws at random, the same for the same seed.
pub(super) struct Draw(SeededRandomness);

impl Draw {
    pub(super) const fn new(seed: u64) -> Self {
        Self(SeededRandomness::new(seed))
    }

    /// A number below `n`, and 0 where there is none.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes).unwrap();
        usize::try_from(u32::from_le_bytes(bytes)).unwrap() % n.max(1)
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// Calls as steps that follow one another.
fn through(calls: &[Call], omitted: Omitted) -> Disk {
    let mut disk = Disk::new("/d", omitted);
    for number in 0..calls.len() {
        disk.step(calls, Step::Began(number)).unwrap();
        disk.step(calls, Step::Ended(number)).unwrap();
    }
    disk
}

fn made(name: &str) -> Call {
    Call::Open { path: format!("/d/{name}"), fd: "3".to_owned(), makes: true, empties: false }
}

fn written(name: &str, at: u64, bytes: &[u8]) -> Call {
    Call::Write { path: format!("/d/{name}"), at, bytes: bytes.to_vec() }
}

fn synced(path: &str) -> Call {
    Call::Sync { path: path.to_owned() }
}

fn nothing_of(disk: &Disk) -> BTreeMap<String, Vec<u8>> {
    disk.after_loss(Fate::Nothing, &mut Draw::new(0))
}

#[test]
fn certain_is_what_was_flushed_with_its_name() {
    let mut calls = vec![made("a"), written("a", 0, b"one"), synced("/d/a")];
    assert!(nothing_of(&through(&calls, Omitted::None)).is_empty(), "its name is not certain");
    calls.extend([synced("/d"), written("a", 1, b"wo")]);
    let disk = through(&calls, Omitted::None);
    assert_eq!(nothing_of(&disk)["a"], b"one");
    assert_eq!(disk.after_loss(Fate::Everything, &mut Draw::new(0))["a"], b"owo");
    assert!(nothing_of(&through(&calls, Omitted::Folder)).is_empty());
    assert_eq!(nothing_of(&through(&calls, Omitted::File("a")))["a"], b"");
}

#[test]
fn a_flush_holds_for_what_had_ended_when_it_began() {
    use Step::{Began, Ended};
    let calls = [made("a"), synced("/d"), written("a", 0, b"one"), written("a", 3, b"two"), synced("/d/a")];
    let mut disk = through(&calls[..3], Omitted::None);
    for step in [Began(3), Began(4), Ended(3)] {
        disk.step(&calls, step).unwrap();
    }
    assert_eq!(nothing_of(&disk)["a"], b"", "the flush has not ended");
    disk.step(&calls, Ended(4)).unwrap();
    assert_eq!(nothing_of(&disk)["a"], b"one", "the second write began before the flush and ended after");
}

#[test]
fn a_name_that_was_taken_away_can_be_there_again() {
    let calls = [
        made("a"),
        written("a", 0, b"one"),
        synced("/d/a"),
        synced("/d"),
        Call::Unlink { path: "/d/a".to_owned() },
        made("a"),
    ];
    let disk = through(&calls, Omitted::None);
    assert_eq!(nothing_of(&disk)["a"], b"one");
    assert_eq!(disk.after_loss(Fate::Everything, &mut Draw::new(0))["a"], b"");
    let seen: BTreeSet<Option<Vec<u8>>> =
        (0..50).map(|seed| disk.after_loss(Fate::Some, &mut Draw::new(seed)).remove("a")).collect();
    assert_eq!(seen, BTreeSet::from([None, Some(b"".to_vec()), Some(b"one".to_vec())]));
}

#[test]
fn writes_are_torn_between_sectors_and_leave_zeros() {
    let calls = [made("a"), synced("/d"), written("a", 500, &[7; 1_000])];
    let disk = through(&calls, Omitted::None);
    let mut seen = BTreeSet::new();
    for seed in 0..200 {
        let mut files = disk.after_loss(Fate::Sectors, &mut Draw::new(seed));
        let bytes = files.remove("a").unwrap();
        for (at, byte) in bytes.iter().enumerate() {
            assert!(*byte == 7 || *byte == 0, "{at}");
            assert!(*byte == 0 || at >= 500, "{at}");
        }
        let sectors = [500, 512, 1_024].map(|at| bytes.get(at).copied().unwrap_or_default());
        seen.insert(sectors);
        let zeros = disk.after_loss(Fate::Zeros, &mut Draw::new(seed)).remove("a").unwrap();
        assert_eq!(zeros.len(), 1_500);
    }
    assert_eq!(seen.len(), 8, "each sector for itself");
}

#[test]
fn what_the_model_does_not_know_is_refused() {
    let unknown = |name: &str| Call::Unknown { path: format!("/d/{name}"), call: "mmap".to_owned() };
    let mut disk = Disk::new("/d", Omitted::None);
    assert!(disk.step(&[unknown("a")], Step::Began(0)).is_err());
    assert!(disk.step(&[unknown("a-shm")], Step::Began(0)).is_ok());
    assert!(disk.step(&[written("a", 0, b"x")], Step::Began(0)).is_err(), "nobody made it");
}
