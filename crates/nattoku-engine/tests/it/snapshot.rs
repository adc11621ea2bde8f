//! A population that was written down and opened is the one that was folded; whatever else is opened is refused by name, and
//! nothing that a file claims does harm.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{
    Answer, Applied, AsOf, OpenError, Origin, Plan, Population, PrincipalId, Vocabulary, decide,
};
use nattoku_model::event::Recorded;
use nattoku_model::policy::Versions;
use nattoku_policy::{Source, check};

use crate::compare::of_engine;
use crate::draw::Draw;
use crate::histories::{Histories, edges};
use crate::policies::carrier;
use crate::requests::request;

const ORIGIN: Origin = Origin { ledger: [7; 16], leaf: [9; 32] };

/// As many as bring about that dates stand beside rows, that some of these places are free, and that dates are finer than
/// seconds.
const PRINCIPALS: usize = 300;

struct World {
    versions: Versions,
    vocabulary: Arc<Vocabulary>,
    now: Timestamp,
    general: Vec<Recorded>,
    principals: Vec<Vec<Recorded>>,
}

fn id(n: usize) -> PrincipalId {
    u128::try_from(n).expect("small").to_be_bytes()
}

impl World {
    fn draw(seed: u64) -> Self {
        let versions = carrier();
        let now: Timestamp = "2026-11-26T00:00:00Z".parse().expect("an instant");
        let histories =
            Histories { versions: &versions, now, edges: edges(&versions, now), meeting: Cell::new(now) };
        let mut draw = Draw::new(seed);
        let general = histories.general(&mut draw);
        let principals = (0..PRINCIPALS).map(|_| histories.principal(&mut draw, 1)).collect();
        let vocabulary = Arc::new(Vocabulary::new(&versions));
        Self { versions, vocabulary, now, general, principals }
    }

    fn tell(&self, population: &mut Population, principals: std::ops::Range<usize>) {
        for n in principals {
            for (count, event) in (1..).zip(&self.principals[n]) {
                if population.apply(id(n), event).expect("there is room") == Applied::Rebuild {
                    population.rebuild(id(n), &self.principals[n][..count]).expect("there is room");
                }
            }
        }
    }

    fn population(&self, principals: usize) -> Population {
        let mut population = Population::new(Arc::clone(&self.vocabulary));
        self.general.iter().for_each(|recorded| population.apply_general(recorded));
        self.tell(&mut population, 0..principals);
        population
    }

    fn open(&self, bytes: &[u8]) -> Result<(Population, Origin), OpenError> {
        Population::open(Arc::clone(&self.vocabulary), bytes)
    }

    /// What a population answers about everybody, to some requests.
    fn answers(&self, population: &Population, requests: usize) -> Vec<String> {
        let mut draw = Draw::new(5);
        let mut answer = Answer::default();
        let mut said = Vec::new();
        for _ in 0..requests {
            let request = request(&mut draw, &self.versions, self.now).expect("there are activities");
            let mut plan = Plan::new(&self.versions, population, &request);
            for ordinal in population.ordinals() {
                let decided = decide(&mut plan, population, ordinal, request.at, &mut answer);
                said.push(decided.map_or_else(|e| e.to_string(), |()| of_engine(&plan, &answer)));
            }
        }
        said
    }
}

fn written(population: &Population) -> Vec<u8> {
    let mut bytes = Vec::new();
    population.write_snapshot(ORIGIN, &mut bytes).expect("memory takes it");
    bytes
}

#[test]
fn what_is_opened_is_what_was_written_and_goes_on_like_it() {
    let world = World::draw(11);
    let mut folded = world.population(PRINCIPALS / 2);
    let bytes = written(&folded);
    let (mut opened, origin) = world.open(&bytes).expect("it is a snapshot");
    assert_eq!(origin, ORIGIN);
    assert_eq!(
        (opened.len(), opened.revision(), opened.newest()),
        (folded.len(), folded.revision(), folded.newest())
    );
    assert_eq!(world.answers(&opened, 30), world.answers(&folded, 30));
    assert_eq!(written(&opened), bytes, "nothing was lost on the way");
    // What comes later changes rows of the snapshot, takes and frees places among its dates, and outgrows its table.
    for population in [&mut folded, &mut opened] {
        for n in 0..PRINCIPALS / 4 {
            population.rebuild(id(n), &world.principals[n + 100]).expect("there is room");
        }
        world.tell(population, PRINCIPALS / 2..PRINCIPALS);
    }
    assert_eq!(world.answers(&opened, 30), world.answers(&folded, 30));
    assert!((0..PRINCIPALS).all(|n| opened.find(&id(n)) == folded.find(&id(n))));
    assert_eq!(written(&opened), written(&folded));
    assert_eq!(written(&world.open(&bytes).expect("still").0), bytes, "the source is as it was");
}

#[test]
fn nobody_at_all_is_a_population_too() {
    let world = World::draw(1);
    let bytes = written(&Population::new(Arc::clone(&world.vocabulary)));
    let (mut opened, _) = world.open(&bytes).expect("it is a snapshot");
    assert!(opened.is_empty());
    world.tell(&mut opened, 0..20);
    assert_eq!(world.answers(&opened, 5), {
        let mut folded = Population::new(Arc::clone(&world.vocabulary));
        world.tell(&mut folded, 0..20);
        world.answers(&folded, 5)
    });
}

#[test]
fn another_policy_another_format_and_another_file_are_told_apart() {
    let world = World::draw(2);
    let bytes = written(&world.population(10));
    let other = Arc::new(Vocabulary::new(&shop()));
    assert!(matches!(Population::open(other, &bytes[..]), Err(OpenError::OtherVocabulary)));
    assert!(matches!(world.open(b"SQLite format 3\0"), Err(OpenError::NotASnapshot)));
    // An empty file is what a full disk or a crash leaves of one.
    assert!(matches!(world.open(b""), Err(OpenError::Truncated)));
    // The first format counted the end of a month otherwise; a later one may mean anything.
    for other in [1, 3] {
        let mut of_other = bytes.clone();
        of_other[8] = other;
        let Err(OpenError::OtherFormat { format, known: 2 }) = world.open(&of_other) else {
            panic!("format {other}");
        };
        assert_eq!(format, u32::from(other));
    }
    for length in [9, 4_095, 4_096, bytes.len() - 1] {
        assert!(matches!(world.open(&bytes[..length]), Err(OpenError::Truncated)), "{length}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(world.open(&longer), Err(OpenError::Damaged(_))));
}

#[test]
fn no_flipped_bit_and_no_cut_goes_unseen() {
    let world = World::draw(3);
    let bytes = written(&world.population(60));
    let mut draw = Draw::new(3);
    for _ in 0..2_000 {
        let (place, bit) = (draw.below(bytes.len()), draw.below(8));
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << bit;
        assert!(world.open(&flipped).is_err(), "bit {bit} of byte {place}");
        assert!(world.open(&bytes[..place]).is_err(), "cut at {place}");
    }
}

/// Makes the sums of a snapshot fit what it holds, as whoever forges one would.
fn forge(bytes: &mut [u8]) {
    let sum = |bytes: &[u8]| twox_hash::XxHash3_64::oneshot(bytes).to_le_bytes();
    for section in 0..7 {
        let entry = 128 + 32 * section;
        let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        let from = usize::try_from(number(entry + 8)).unwrap_or(usize::MAX);
        let length = usize::try_from(number(entry + 16)).unwrap_or(usize::MAX);
        let until = length.checked_next_multiple_of(4_096).and_then(|n| from.checked_add(n));
        if let Some(pages) = until.and_then(|until| bytes.get(from..until)) {
            let sum = sum(pages);
            bytes[entry + 24..entry + 32].copy_from_slice(&sum);
        }
    }
    let sum = sum(&bytes[..4_088]);
    bytes[4_088..4_096].copy_from_slice(&sum);
}

#[test]
fn a_forged_snapshot_is_refused_or_does_no_harm() {
    let world = World::draw(4);
    let bytes = written(&world.population(60));
    let mut draw = Draw::new(4);
    let (mut n_refused, mut n_opened) = (0, 0);
    for _ in 0..4_000 {
        let mut forged = bytes.clone();
        for _ in 0..=draw.below(3) {
            // The first page and the small numbers of patterns as often as everything else together.
            let place = if draw.one_in(2) { draw.below(360) } else { draw.below(bytes.len()) };
            forged[place] = match draw.below(3) {
                0 => 0xff,
                1 => forged[place].wrapping_add(1),
                _ => forged[place] ^ (1 << draw.below(8)),
            };
        }
        forge(&mut forged);
        match world.open(&forged) {
            Err(_) => n_refused += 1,
            Ok((mut opened, _)) => {
                n_opened += 1;
                world.answers(&opened, 1);
                world.tell(&mut opened, 0..80);
                world.answers(&opened, 1);
            }
        }
    }
    assert!(n_refused > 500 && n_opened > 500, "{n_refused} were refused, {n_opened} opened");
}

/// Where a part of a snapshot begins.
fn part(bytes: &[u8], number: usize) -> usize {
    let entry = 128 + 32 * (number - 1) + 8;
    usize::try_from(u64::from_le_bytes(bytes[entry..entry + 8].try_into().expect("eight bytes")))
        .expect("small")
}

/// The number of four bytes at a place.
fn number_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

#[test]
fn no_date_beside_rows_is_had_twice() {
    let world = World::draw(11);
    let bytes = written(&world.population(PRINCIPALS));
    // Rows that have dates beside them, by where the place of these is told, each with the place.
    let rows = (0..PRINCIPALS).map(|n| part(&bytes, 3) + 48 * n);
    let with_more = rows.filter(|row| number_at(&bytes, row + 16) >> 31 == 1);
    let had: Vec<(usize, u32)> = with_more.map(|row| (row + 44, number_at(&bytes, row + 44))).collect();
    // The first length of which two places are free, by where these are told.
    let mut at = part(&bytes, 5) + 4;
    let (length, free) = loop {
        let (length, n) = (number_at(&bytes, at), number_at(&bytes, at + 4));
        if n > 1 {
            break (length, [at + 8, at + 12]);
        }
        at += 8 + 4 * usize::try_from(n).expect("small");
    };
    let [one, other] = free;
    let other_place = number_at(&bytes, other);
    let forgeries = [
        ("free places", one, other_place, "the same twice"),
        ("free places", one, other_place + length - 1, "one that reaches into another"),
        ("free places", one, had[0].1, "a row's"),
        ("free places", one, u32::MAX, "one that is not there"),
        ("rows", had[0].0, had[1].1, "another row's"),
        ("rows", had[0].0, u32::MAX, "what is not there"),
    ];
    assert!(world.open(&bytes).is_ok());
    for (part, at, place, what) in forgeries {
        let mut forged = bytes.clone();
        forged[at..at + 4].copy_from_slice(&place.to_le_bytes());
        forge(&mut forged);
        let Err(OpenError::Damaged(found)) = world.open(&forged) else { panic!("{what} was believed") };
        assert_eq!(found, part, "{what}");
    }
}

#[test]
fn a_population_of_an_earlier_instant_is_not_written_down() {
    let world = World::draw(6);
    let cut = AsOf { at: world.now - SignedDuration::from_hours(1), known_at: None };
    let mut bytes = Vec::new();
    let population = Population::as_of(Arc::clone(&world.vocabulary), cut);
    let refused = population.write_snapshot(ORIGIN, &mut bytes).expect_err("it is of another instant");
    assert_eq!((refused.kind(), bytes.len()), (std::io::ErrorKind::Unsupported, 0));
}

const SHOP: &str = r#"
policy shop version="2019-12-11" {
    effective "2019-12-11T00:00:00+09:00"
    timezone "Asia/Tokyo"
    languages en prevails=en
    controller country=JP { en "Nattoku Shop" }
}
category purchase { en "Purchase history" }
source till channel=direct { en "Our tills"; gives purchase }
purpose proposals number="2" { en "Proposals" }
application campaigns { en "Campaign desk" }
activity offers purpose=proposals { en "Offers"; needs purchase; by campaigns; requires consent=mail }
consent mail text="1" accepts="1" { en "Mail"; wording "1" { en "We send you offers." }; consequence { en "No offers." } }
"#;

fn shop() -> Versions {
    let checked = check(&[Source::new("policy.kdl", SHOP)]);
    checked.versions.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

/// Lines of sixteen bytes; those of zeros alone are left out.
fn dump(bytes: &[u8]) -> String {
    let lines = bytes.chunks(16).enumerate().filter(|(_, line)| line.iter().any(|byte| *byte != 0));
    let line = |(n, line): (usize, &[u8])| {
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{:06x} {}\n", n * 16, hex.join(" "))
    };
    lines.map(line).collect()
}

/// The example of the reference: one principal with eight dates, one with a consent, and one event that concerns everybody.
fn example() -> Population {
    use nattoku_model::Event;
    use nattoku_model::Language;
    use nattoku_model::event::{By, Revision};
    let recorded = |n: u64, event| {
        let days = i64::try_from(n).expect("small");
        let at = "2026-01-01T00:00:00Z".parse::<Timestamp>().expect("an instant")
            + SignedDuration::from_hours(24 * days);
        Recorded { revision: Revision(n), at, recorded_at: at, event }
    };
    let mut population = Population::new(Arc::new(Vocabulary::new(&shop())));
    population.apply_general(&recorded(1, Event::RecipientAssessed { recipient: "post".into() }));
    let acquired = |category: &str| Event::DataAcquired {
        category: category.into(),
        source: "till".into(),
        entrusted_from: None,
        policy_version: None,
    };
    let many: Vec<Recorded> = (0..8).map(|n| recorded(2 + n, acquired(&format!("purchase.k{n}")))).collect();
    population.rebuild([0x11; 16], &many).expect("there is room");
    let few = [
        recorded(
            10,
            Event::PrincipalRegistered {
                born: Some("1985-04-01".parse().expect("a day")),
                residence: None,
                unknown_relationships: Vec::new(),
            },
        ),
        recorded(
            11,
            Event::ConsentGranted {
                item: "mail".into(),
                text_version: "1".into(),
                language: Language::En,
                channel: "web".into(),
                by: By::Principal,
                until: None,
                evidence: None,
            },
        ),
        recorded(12, acquired("purchase")),
    ];
    population.rebuild([0x22; 16], &few).expect("there is room");
    population
}

/// Whoever changes these bytes, or what they mean, raises the format.
#[test]
fn the_bytes_are_those_of_the_reference() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshot.hex");
    let dumped = dump(&written(&example()));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &dumped).expect("it can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("it can be read");
    assert_eq!(dumped, expected, "UPDATE_EXPECT=1 writes down what comes now");
}
