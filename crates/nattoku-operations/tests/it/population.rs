//! The population of a ledger out of a snapshot, with what came since, is the one that is folded from all events; a snapshot
//! that does not fit is told apart, left aside and made anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{Answer, Plan, Population, decide};
use nattoku_model::clock::Clock;
use nattoku_model::event::By;
use nattoku_model::{Action, Event, Language, Request, Revision};
use nattoku_operations::{Nattoku, Opened, Publication, SnapshotUse, Unfit, Written, erase, read_folder};
use nattoku_policy::check;
use nattoku_policy::check::Checked;
use nattoku_policy::source::Source;
use nattoku_store::{NewEvent, OpenMode, PageMark, SeededRandomness, SqliteStore, Store};

use crate::shop::POLICY;

/// A clock that stands.
struct Stands(Timestamp);

impl Clock for Stands {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Numbers that are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn pick<T>(&mut self, all: impl IntoIterator<Item = T>) -> T {
        let mut all: Vec<T> = all.into_iter().collect();
        let place = self.below(all.len());
        all.swap_remove(place)
    }
}

/// A ledger with the reference policy, and a draw that goes on from one batch to the next.
struct Ledger {
    path: PathBuf,
    store: SqliteStore,
    checked: Checked,
    draw: Draw,
    now: Timestamp,
    seed: u64,
}

fn carrier() -> Checked {
    check(&read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")).unwrap())
}

impl Ledger {
    fn new(name: &str, seed: u64) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("population-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("ledger.sqlite");
        let store = SqliteStore::open(&path, OpenMode::Create, SeededRandomness::new(seed)).unwrap();
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        Self { path, store, checked: carrier(), draw: Draw(seed), now, seed }
    }

    fn nattoku(&self) -> Nattoku {
        self.with(&self.checked)
    }

    fn with(&self, checked: &Checked) -> Nattoku {
        let store =
            SqliteStore::open(&self.path, OpenMode::ReadOnly, SeededRandomness::new(self.seed)).unwrap();
        Nattoku::of(Publication::of(checked).unwrap(), Box::new(store), Box::new(Stands(self.now)))
    }

    fn snapshot(&self) -> PathBuf {
        self.nattoku().snapshot_path().unwrap()
    }

    fn open(&self) -> Opened {
        self.nattoku().population(Some(&self.snapshot()), &mut |_| ()).unwrap()
    }

    /// Appends events about some of so many principals, and some that concern everybody. Many are told late.
    fn append(&mut self, events: usize, principals: usize) {
        let mut batch = Vec::new();
        for n in 0..i64::try_from(events).unwrap() {
            let hours = i64::try_from(self.draw.below(24 * 2_000)).unwrap();
            let at = self.now - SignedDuration::from_hours(hours) + SignedDuration::from_micros(n);
            let principal = format!("customer-{}", self.draw.below(principals));
            let event = self.event();
            batch.push(if event.is_about_a_principal() {
                NewEvent::about(principal, at, event)
            } else {
                NewEvent::general(at, event)
            });
        }
        self.now += SignedDuration::from_hours(24);
        self.store.append(&batch, self.now, false).unwrap();
    }

    fn event(&mut self) -> Event {
        let versions = self.checked.versions.clone().unwrap();
        let (policy, draw) = (versions.current(), &mut self.draw);
        let channel = "over the telephone".to_owned();
        match draw.below(14) {
            0 => Event::PrincipalRegistered {
                born: Some(jiff::civil::date(2000 + i16::try_from(draw.below(15)).unwrap(), 4, 1)),
                residence: Some("Kamakura".to_owned()),
                unknown_relationships: Vec::new(),
            },
            1 => Event::GuardianLinked { guardian: "guardian-of-somebody".to_owned(), until: None },
            2 | 3 => {
                Event::RelationshipStarted { relationship: draw.pick(policy.relationships.keys()).clone() }
            }
            4 => Event::RelationshipEnded { relationship: draw.pick(policy.relationships.keys()).clone() },
            5 | 6 => {
                let (name, source) =
                    draw.pick(policy.sources.iter().filter(|(_, source)| !source.gives.is_empty()));
                Event::DataAcquired {
                    category: draw.pick(&source.gives).clone(),
                    source: name.clone(),
                    entrusted_from: None,
                    policy_version: None,
                }
            }
            7 => Event::DataErased { category: draw.pick(policy.categories.keys()).clone() },
            8 | 9 => {
                let (name, item) = draw.pick(policy.consents.iter().filter(|(_, i)| !i.accepts.is_empty()));
                let by = if draw.below(3) == 0 {
                    By::Guardian("guardian-of-somebody".to_owned())
                } else {
                    By::Principal
                };
                Event::ConsentGranted {
                    item: name.clone(),
                    text_version: draw.pick(&item.accepts).clone(),
                    language: Language::Ja,
                    channel,
                    by,
                    until: None,
                    evidence: Some("form 12, seen at the desk".to_owned()),
                }
            }
            10 => Event::ConsentWithdrawn {
                item: draw.pick(policy.consents.keys()).clone(),
                channel,
                by: By::Principal,
            },
            11 => Event::ChoiceDeclined {
                choice: draw.pick(policy.choices.keys()).clone(),
                channel,
                by: By::Principal,
            },
            12 => Event::RestrictionPlaced {
                categories: vec![draw.pick(policy.categories.keys()).clone()],
                actions: vec![draw.pick(Action::ALL)],
                claim: Some("claim 7".to_owned()),
            },
            _ => {
                let recipient = draw.pick(policy.recipients.keys()).clone();
                if draw.below(3) == 0 {
                    Event::RecipientSuspended { recipient }
                } else {
                    Event::RecipientAssessed { recipient }
                }
            }
        }
    }

    /// What a population answers about each principal, by id, to every kind of act of every activity.
    fn answers(&self, population: &Population) -> Vec<String> {
        let versions = self.checked.versions.as_ref().unwrap();
        let policy = versions.current();
        let everybody = self.store.identifiers_page(PageMark::default(), 10_000).unwrap().principals;
        let mut said = Vec::new();
        let mut answer = Answer::default();
        for (name, activity) in &policy.activities {
            for action in Action::ALL {
                let mut given =
                    policy.provisions.values().filter(|p| p.activity == *name).flat_map(|p| &p.to);
                let request = Request {
                    application: activity.by.first().unwrap().clone(),
                    action,
                    activity: name.clone(),
                    purpose: None,
                    categories: activity.needs.iter().take(3).cloned().collect(),
                    recipient: given.next().cloned().filter(|_| action.gives()),
                    at: self.now,
                    known_at: None,
                    exception: None,
                };
                let mut plan = Plan::new(versions, population, &request);
                for (identifier, id) in &everybody {
                    let ordinal = population.find(id).unwrap();
                    let decided = decide(&mut plan, population, ordinal, self.now, &mut answer);
                    let gates: Vec<_> =
                        answer.cases.iter().map(|case| case.gates().collect::<Vec<_>>()).collect();
                    said.push(format!("{identifier} {name} {action:?}: {decided:?} {gates:?}"));
                }
            }
        }
        said
    }

    /// That a population is the one that is folded from all events.
    fn compare(&self, opened: &Opened) {
        let folded = self.nattoku().population(None, &mut |_| ()).unwrap();
        assert_eq!(folded.snapshot, None);
        assert_eq!(opened.revision, folded.revision);
        assert_eq!(opened.population.revision(), folded.population.revision());
        assert_eq!(opened.population.newest(), folded.population.newest());
        assert_eq!(opened.population.len(), folded.population.len());
        assert_eq!(self.answers(&opened.population), self.answers(&folded.population));
    }

    /// That a snapshot is left aside for a reason, that the population is right all the same, and that the next one fits.
    fn left_aside(&self, unfit: Unfit) {
        let opened = self.open();
        let snapshot =
            SnapshotUse { from: None, caught_up: 0, left_aside: Some(unfit), written: Written::Yes };
        assert_eq!(opened.snapshot, Some(snapshot));
        self.compare(&opened);
        assert_eq!(self.open().snapshot.unwrap().from, Some(opened.revision));
    }
}

#[test]
fn a_snapshot_with_what_came_since_is_the_whole_ledger() {
    let mut ledger = Ledger::new("since", 1);
    ledger.append(1_200, 40);
    let first = ledger.open();
    let made = SnapshotUse { from: None, caught_up: 0, left_aside: None, written: Written::Yes };
    assert_eq!(first.snapshot, Some(made));
    ledger.compare(&first);
    // A little more, which is not worth a new one, about people known and unknown, and about everybody.
    for round in 1..=3 {
        ledger.append(4, 60);
        let opened = ledger.open();
        let used = SnapshotUse {
            from: Some(first.revision),
            caught_up: 4 * round,
            left_aside: None,
            written: Written::No,
        };
        assert_eq!(opened.snapshot, Some(used));
        ledger.compare(&opened);
    }
    // And a lot more.
    ledger.append(600, 60);
    let opened = ledger.open();
    let used =
        SnapshotUse { from: Some(first.revision), caught_up: 612, left_aside: None, written: Written::Yes };
    assert_eq!(opened.snapshot, Some(used));
    ledger.compare(&opened);
    let again = ledger.open();
    let used =
        SnapshotUse { from: Some(opened.revision), caught_up: 0, left_aside: None, written: Written::No };
    assert_eq!(again.snapshot, Some(used));
    ledger.compare(&again);
}

#[test]
fn catching_up_is_told_as_it_goes() {
    let mut ledger = Ledger::new("progress", 2);
    ledger.append(300, 10);
    let nattoku = ledger.nattoku();
    let mut population = nattoku.population(None, &mut |_| ()).unwrap().population;
    ledger.append(9_000, 10);
    let mut told = Vec::new();
    let caught_up =
        nattoku.catch_up(&mut population, Revision(9_300), &mut |p| told.push((p.done, p.of))).unwrap();
    assert_eq!(caught_up, 9_000);
    assert_eq!(told, [(4_096, 9_000), (8_192, 9_000), (9_000, 9_000)]);
    assert_eq!(population.revision(), Revision(9_300));
}

#[test]
fn a_snapshot_that_does_not_fit_is_told_apart_left_aside_and_made_anew() {
    let mut ledger = Ledger::new("unfit", 3);
    ledger.append(600, 20);
    ledger.open();
    let path = ledger.snapshot();
    let fits = std::fs::read(&path).unwrap();

    let mut damaged = fits.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    ledger.left_aside(Unfit::Damaged("table"));

    std::fs::write(&path, &fits[..fits.len() / 2]).unwrap();
    ledger.left_aside(Unfit::Truncated);

    // An older file means other things by the same bytes, and a newer one may.
    for format in [1, 9] {
        let mut of_other = fits.clone();
        of_other[8] = format;
        std::fs::write(&path, &of_other).unwrap();
        ledger.left_aside(Unfit::OtherFormat { format: format.into(), known: 2 });
    }

    let mut other = Ledger::new("unfit-other", 4);
    other.append(600, 20);
    other.open();
    std::fs::copy(other.snapshot(), &path).unwrap();
    ledger.left_aside(Unfit::OtherLedger);

    // A policy that asks about other items.
    let fewer = check(&[Source::new("policy.kdl", POLICY)]);
    let opened = ledger.with(&fewer).population(Some(&path), &mut |_| ()).unwrap();
    assert_eq!(opened.snapshot.unwrap().left_aside, Some(Unfit::OtherPolicy));
    ledger.left_aside(Unfit::OtherPolicy);
}

#[test]
fn a_ledger_that_was_restored_is_noticed() {
    let mut ledger = Ledger::new("restored", 5);
    ledger.append(300, 20);
    let kept = ledger.path.with_file_name("kept.sqlite");
    let restore = |ledger: Ledger| {
        let Ledger { path, store, checked, draw, now, seed } = ledger;
        drop(store);
        std::fs::copy(&kept, &path).unwrap();
        let store = SqliteStore::open(&path, OpenMode::Existing, SeededRandomness::new(77)).unwrap();
        Ledger { path, store, checked, draw, now, seed }
    };
    // Closing folds SQLite's log into the file.
    drop(ledger.store);
    std::fs::copy(&ledger.path, &kept).unwrap();
    ledger.store = SqliteStore::open(&ledger.path, OpenMode::Existing, SeededRandomness::new(6)).unwrap();
    ledger.append(100, 30);
    ledger.open();
    let later = std::fs::read(ledger.snapshot()).unwrap();
    let mut ledger = restore(ledger);
    ledger.left_aside(Unfit::LedgerBehind { snapshot: Revision(400), ledger: Revision(300) });
    // It goes on, otherwise than before, past the revision of the snapshot.
    ledger.append(150, 30);
    std::fs::write(ledger.snapshot(), later).unwrap();
    ledger.left_aside(Unfit::OtherHistory(Revision(400)));
}

#[test]
fn what_is_no_snapshot_stays_as_it_is_and_a_folder_that_is_not_there_is_gone_without() {
    let mut ledger = Ledger::new("foreign", 7);
    ledger.append(100, 10);
    let path = ledger.snapshot();
    std::fs::write(&path, "a list of mine").unwrap();
    let opened = ledger.open();
    let snapshot = opened.snapshot.clone().unwrap();
    assert_eq!((snapshot.left_aside, snapshot.written), (Some(Unfit::NotASnapshot), Written::No));
    ledger.compare(&opened);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a list of mine");

    let nowhere = path.with_file_name("nowhere").join("snapshot");
    let opened = ledger.nattoku().population(Some(&nowhere), &mut |_| ()).unwrap();
    assert!(matches!(opened.snapshot.as_ref().unwrap().written, Written::Failed(_)));
    ledger.compare(&opened);
}

#[test]
fn a_snapshot_holds_no_identifier_and_no_words_and_is_its_owners_alone() {
    let mut ledger = Ledger::new("private", 8);
    ledger.append(800, 10);
    ledger.open();
    let bytes = std::fs::read(ledger.snapshot()).unwrap();
    let holds = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(holds("purchase"), "names of the policy are in it");
    for words in ["customer", "guardian-of", "Kamakura", "form 12", "claim 7", "telephone"] {
        assert!(!holds(words), "{words}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(ledger.snapshot()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let beside = std::fs::read_dir(ledger.path.parent().unwrap()).unwrap();
    let names: Vec<String> = beside.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.ends_with(".partial")), "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_snapshot_that_others_may_write_to_is_left_aside_until_it_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut ledger = Ledger::new("writable", 10);
    ledger.append(300, 10);
    let written = ledger.open();
    let path = ledger.snapshot();
    let allow = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o620, 0o602] {
        allow(mode);
        let opened = ledger.open();
        let snapshot = opened.snapshot.clone().unwrap();
        assert_eq!((snapshot.left_aside, snapshot.written), (Some(Unfit::WritableByOthers), Written::No));
        ledger.compare(&opened);
    }
    allow(0o644);
    assert_eq!(ledger.open().snapshot.unwrap().from, Some(written.revision));
}

/// Shared by whoever asks.
#[test]
fn a_population_may_be_asked_from_several_threads() {
    let mut ledger = Ledger::new("threads", 9);
    ledger.append(200, 10);
    ledger.open();
    let population = Arc::new(ledger.open().population);
    let lengths: Vec<usize> = (0..2)
        .map(|_| {
            std::thread::spawn({
                let population = Arc::clone(&population);
                move || population.len()
            })
        })
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(lengths[0], lengths[1]);
}

#[test]
fn whoever_is_erased_is_in_no_population_and_the_others_are_as_folded() {
    let mut ledger = Ledger::new("erased", 11);
    ledger.append(400, 20);
    let nattoku = ledger.nattoku();
    let mut following = ledger.open().population;
    ledger.append(100, 20);
    let id = ledger.store.principal_id("customer-7").unwrap().unwrap();
    erase(&ledger.store, "customer-7", ledger.now).unwrap();
    assert!(!ledger.snapshot().exists());
    let revision = ledger.store.revision().unwrap();
    // One that followed, one out of a snapshot from before, and one that is folded from all.
    nattoku.catch_up(&mut following, revision, &mut |_| ()).unwrap();
    let folded = nattoku.population(None, &mut |_| ()).unwrap().population;
    let reopened = ledger.open();
    for population in [&following, &folded, &reopened.population] {
        assert_eq!((population.find(&id), population.revision()), (None, revision));
        assert_eq!(population.len(), folded.len());
        assert_eq!(ledger.answers(population), ledger.answers(&folded));
    }
    // It stands, and what comes is told to it alone.
    ledger.append(50, 20);
    let revision = ledger.store.revision().unwrap();
    assert_eq!(nattoku.catch_up(&mut following, revision, &mut |_| ()).unwrap(), 50);
}
