//! A population written to a file, and opened again by mapping it: what a start takes, instead of folding all events.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::sync::Arc;
use std::time::Instant;

use nattoku_engine::{Copied, Origin, Population, Region, Source, Vocabulary};
use nattoku_model::policy::Versions;

use crate::report::{Report, float};

/// How long opening ten million principals may take, in milliseconds.
const MILLISECONDS: f64 = 1_000.0;
/// For how many principals that is meant.
const PEOPLE: usize = 10_000_000;

/// Measures writing and opening, by the time on the wall: the disk works too.
pub(super) fn measure(report: &Report, versions: &Versions, population: &Population) {
    let path = std::env::temp_dir().join(format!("nattoku-scale-{}", std::process::id()));
    let start = Instant::now();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).expect("there is a folder for it"));
    population.write_snapshot(Origin::default(), &mut out).expect("there is room on the disk");
    out.flush().expect("there is room on the disk");
    report.figure("snapshot, written", start.elapsed().as_secs_f64() * 1e3, "ms on the wall");
    let file = File::open(&path).expect("it was just written");
    let mapped = Mapped { length: file.metadata().expect("it is there").len(), file };
    report.figure("snapshot", float(mapped.length) / float(population.len()), "bytes a principal");
    let vocabulary = Arc::new(Vocabulary::new(versions));
    let start = Instant::now();
    let opened = Population::open(vocabulary, &mapped);
    let took = start.elapsed().as_secs_f64() * 1e3;
    let (opened, _) = opened.expect("it is sound");
    assert_eq!(opened.len(), population.len());
    if population.len() == PEOPLE {
        report.goal("snapshot, opened", took, "ms on the wall", MILLISECONDS);
    } else {
        report.figure("snapshot, opened", took, "ms on the wall");
    }
    std::fs::remove_file(&path).expect("it is ours");
}

/// The file that was just written, to which nobody else writes.
struct Mapped {
    file: File,
    length: u64,
}

impl Source for Mapped {
    fn length(&self) -> u64 {
        self.length
    }

    fn region(&self, offset: u64, length: usize) -> io::Result<Region> {
        if length == 0 {
            return Ok(Box::new(Copied::new(&[])));
        }
        #[expect(unsafe_code, reason = "a map is unsafe to make, and why it may be made here stands below")]
        // SAFETY: the file was written by this process under a name of its own, and nothing opens it for writing again.
        let map = unsafe { nattoku_map::Private::new(&self.file, offset, length) }?;
        Ok(Box::new(map))
    }
}
