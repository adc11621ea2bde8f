//! A population out of what was written down.

use std::sync::Arc;

use bytemuck::Pod;
use nattoku_model::Recorded;

use super::code::Reader;
use super::digest::digest;
use super::layout::{Header, Kind, PAGE};
use super::{OpenError, Origin, Region, Source, sum};
use crate::dates::{Beside, Claims};
use crate::ids::{Ids, PrincipalId};
use crate::pattern::Patterns;
use crate::population::Population;
use crate::row::{Counts, Row};
use crate::storage::Storage;
use crate::vocabulary::Vocabulary;

impl Population {
    /// The population of a snapshot, with the ledger that it is of; nothing of the source is written to.
    ///
    /// # Errors
    /// The source cannot be read, is no snapshot, was cut or damaged, or was made for another format or vocabulary.
    pub fn open(
        vocabulary: Arc<Vocabulary>,
        source: &(impl Source + ?Sized),
    ) -> Result<(Self, Origin), OpenError> {
        if cfg!(target_endian = "big") {
            return Err(OpenError::ByteOrder);
        }
        let header = header(source)?;
        if header.vocabulary != digest(&vocabulary) {
            return Err(OpenError::OtherVocabulary);
        }
        let parts = Parts { source, header: &header };
        let (lexicon, patterns) = {
            let mut region = parts.region(Kind::Patterns)?;
            let bytes = parts.used(Kind::Patterns, &mut region)?;
            super::patterns::read(&vocabulary, &mut Reader::new(bytes)).ok_or(damaged(Kind::Patterns))?
        };
        let general = parts.general()?;
        let rows = parts.storage::<Row>(Kind::Rows)?;
        let beside = parts.beside(&rows, &patterns)?;
        let ids = parts.storage::<PrincipalId>(Kind::Ids)?;
        let ids = Ids::mapped(ids, parts.storage(Kind::Table)?).ok_or(damaged(Kind::Table))?;
        let counts = [rows.len() as u64, ids.len() as u64];
        if counts.iter().any(|n| *n != header.n_principals) {
            return Err(damaged(Kind::Ids));
        }
        let mut population = Self::new(vocabulary);
        population.lexicon = lexicon;
        population.patterns = patterns;
        population.beside = beside;
        population.rows = rows;
        population.ids = ids;
        population.general = general;
        population.newest = header.newest;
        population.revision = header.revision;
        Ok((population, header.origin))
    }
}

fn damaged(kind: Kind) -> OpenError {
    OpenError::Damaged(kind.told().1)
}

/// What the first page says.
fn header(source: &(impl Source + ?Sized)) -> Result<Header, OpenError> {
    let length = source.length();
    // Something shorter than a page may be something else altogether.
    let first = usize::try_from(length).map_or(PAGE, |length| length.min(PAGE));
    let mut page = source.region(0, first)?;
    let page: &[u8] = AsMut::<[u8]>::as_mut(&mut *page);
    Header::of_page(page.get(..first).unwrap_or(page), length)
}

/// The parts of a source, each checked against its sum as it is taken.
struct Parts<'a, S: ?Sized> {
    source: &'a S,
    header: &'a Header,
}

impl<S: Source + ?Sized> Parts<'_, S> {
    /// All pages of a part. The header was found to tell no more than there is.
    fn region(&self, kind: Kind) -> Result<Region, OpenError> {
        let section = self.header.section(kind);
        let padded = section.padded().and_then(|padded| usize::try_from(padded).ok());
        let padded = padded.ok_or(damaged(kind))?;
        let mut region: Region = if padded == 0 {
            Box::new(super::Copied::new(&[]))
        } else {
            self.source.region(section.offset, padded)?
        };
        let bytes = AsMut::<[u8]>::as_mut(&mut *region);
        if bytes.len() == padded && sum(bytes) == section.sum { Ok(region) } else { Err(damaged(kind)) }
    }

    /// How many records of a part are used.
    fn n_records(&self, kind: Kind) -> Result<usize, OpenError> {
        let (length, record) = (self.header.section(kind).length, u64::from(kind.record()));
        let n = usize::try_from(length / record).ok().filter(|_| length % record == 0);
        n.ok_or(damaged(kind))
    }

    fn used<'r>(&self, kind: Kind, region: &'r mut Region) -> Result<&'r [u8], OpenError> {
        let bytes: &[u8] = AsMut::<[u8]>::as_mut(&mut **region);
        bytes.get(..self.n_records(kind)?).ok_or(damaged(kind))
    }

    fn storage<T: Pod>(&self, kind: Kind) -> Result<Storage<T>, OpenError> {
        Storage::mapped(self.region(kind)?, self.n_records(kind)?).map_err(|_| damaged(kind))
    }

    fn general(&self) -> Result<Vec<Recorded>, OpenError> {
        let mut region = self.region(Kind::General)?;
        let mut reader = Reader::new(self.used(Kind::General, &mut region)?);
        let general = reader.get::<Vec<Recorded>>();
        general.filter(|_| reader.is_at_end()).ok_or(damaged(Kind::General))
    }

    /// The dates beside the rows, once every row names what is there and no two have the same dates.
    fn beside(&self, rows: &Storage<Row>, patterns: &Patterns) -> Result<Beside, OpenError> {
        let dates = self.storage(Kind::Dates)?;
        let (counts, mut claims) = (Counts::new(patterns), Claims::new(&dates));
        let is_sound = rows.pieces().flatten().all(|row| row.is_sound(&counts, &mut claims));
        if !is_sound {
            return Err(damaged(Kind::Rows));
        }
        let mut region = self.region(Kind::Free)?;
        let mut reader = Reader::new(self.used(Kind::Free, &mut region)?);
        let beside = Beside::mapped(dates, &mut claims, &mut reader).filter(|_| reader.is_at_end());
        beside.ok_or(damaged(Kind::Free))
    }
}
