//! The first page of a snapshot: what it is, what it stands for, and where its parts are.

use jiff::Timestamp;
use nattoku_model::Revision;

use super::code::{Reader, Writer};
use super::{OpenError, Origin};

/// What a snapshot begins with.
pub(crate) const MAGIC: [u8; 8] = *b"NTTKPOP\n";

/// The format written here. It is raised whenever other bytes are written, or the same bytes would mean something else:
/// also where events are folded otherwise.
pub(crate) const FORMAT: u32 = 2;

/// Parts begin where a page of memory does, so that each can be mapped by itself.
pub(crate) const PAGE: usize = 4_096;

/// Where the checksum of the first page stands: in its last eight bytes.
const SUM_AT: usize = PAGE - 8;

/// What stands in a part, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The lexicon, and the patterns that rows share.
    Patterns,
    /// The events that concern everybody.
    General,
    /// A row for each principal.
    Rows,
    /// Dates that found no room in their rows.
    Dates,
    /// Which places among these dates are free.
    Free,
    /// The ids of the principals.
    Ids,
    /// Their table.
    Table,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Patterns, Self::General, Self::Rows, Self::Dates, Self::Free, Self::Ids, Self::Table];

    /// The number and the name, both as in the reference.
    pub(crate) const fn told(self) -> (u32, &'static str) {
        match self {
            Self::Patterns => (1, "patterns"),
            Self::General => (2, "general events"),
            Self::Rows => (3, "rows"),
            Self::Dates => (4, "dates"),
            Self::Free => (5, "free places"),
            Self::Ids => (6, "ids"),
            Self::Table => (7, "table"),
        }
    }

    /// How many bytes one of its records has.
    pub(crate) const fn record(self) -> u32 {
        match self {
            Self::Patterns | Self::General | Self::Free => 1,
            Self::Rows => 48,
            Self::Dates | Self::Table => 4,
            Self::Ids => 16,
        }
    }
}

/// Where a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) offset: u64,
    /// How many of its bytes are used; zeros follow up to the next page.
    pub(crate) length: u64,
    /// XXH3 of all of its pages, zeros included.
    pub(crate) sum: u64,
}

impl Section {
    /// How many bytes its pages have; none where there is no such number.
    pub(crate) const fn padded(&self) -> Option<u64> {
        self.length.checked_next_multiple_of(PAGE as u64)
    }
}

/// All that the first page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) origin: Origin,
    pub(crate) revision: Revision,
    pub(crate) newest: Timestamp,
    pub(crate) n_principals: u64,
    /// The digest of the vocabulary.
    pub(crate) vocabulary: [u8; 32],
    /// In the order of [`Kind::ALL`].
    pub(crate) sections: [Section; Kind::ALL.len()],
}

impl Header {
    /// The first page.
    pub(crate) fn to_page(&self) -> Vec<u8> {
        let mut page = Writer::default();
        page.raw(&MAGIC);
        page.put(&FORMAT);
        page.put(&u32::try_from(self.sections.len()).unwrap_or_default());
        page.raw(&self.origin.ledger);
        page.put(&self.revision.0);
        page.put(&self.newest);
        page.put(&0_u32);
        page.put(&self.n_principals);
        page.raw(&self.origin.leaf);
        page.raw(&self.vocabulary);
        for (kind, section) in Kind::ALL.into_iter().zip(&self.sections) {
            page.put(&kind.told().0);
            page.put(&kind.record());
            page.put(&section.offset);
            page.put(&section.length);
            page.put(&section.sum);
        }
        let mut page = page.into_bytes();
        page.resize(SUM_AT, 0);
        let sum = super::sum(&page);
        page.extend_from_slice(&sum.to_le_bytes());
        page
    }

    /// Reads the first page of a file of `length` bytes.
    pub(crate) fn of_page(page: &[u8], length: u64) -> Result<Self, OpenError> {
        if page.is_empty() {
            return Err(OpenError::Truncated);
        }
        let mut reader = Reader::new(page);
        if reader.array() != Some(MAGIC) {
            return Err(OpenError::NotASnapshot);
        }
        let format = reader.get::<u32>().ok_or(OpenError::Truncated)?;
        if format != FORMAT {
            return Err(OpenError::OtherFormat { format, known: FORMAT });
        }
        let whole = page.split_at_checked(SUM_AT).filter(|_| page.len() == PAGE);
        let (told, sum) = whole.ok_or(OpenError::Truncated)?;
        if sum != super::sum(told).to_le_bytes() {
            return Err(OpenError::Damaged("the first page"));
        }
        let header = Self::read(&mut reader).ok_or(OpenError::Damaged("the first page"))?;
        let mut end = Some(PAGE as u64);
        for section in &header.sections {
            if Some(section.offset) != end {
                return Err(OpenError::Damaged("the table of parts"));
            }
            end = section.padded().and_then(|padded| section.offset.checked_add(padded));
        }
        match end {
            Some(end) if end > length => Err(OpenError::Truncated),
            Some(end) if end == length => Ok(header),
            _ => Err(OpenError::Damaged("the length of the file")),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let n_sections: u32 = reader.get()?;
        let ledger = reader.array()?;
        let (revision, newest) = (Revision(reader.get()?), reader.get()?);
        let zero: u32 = reader.get()?;
        let n_principals = reader.get()?;
        let (leaf, vocabulary) = (reader.array()?, reader.array()?);
        let mut sections = [Section { offset: 0, length: 0, sum: 0 }; Kind::ALL.len()];
        for (kind, section) in Kind::ALL.into_iter().zip(&mut sections) {
            let told: (u32, u32) = (reader.get()?, reader.get()?);
            if told != (kind.told().0, kind.record()) {
                return None;
            }
            *section = Section { offset: reader.get()?, length: reader.get()?, sum: reader.get()? };
        }
        let origin = Origin { ledger, leaf };
        let is_whole = zero == 0 && usize::try_from(n_sections) == Ok(sections.len());
        is_whole.then_some(Self { origin, revision, newest, n_principals, vocabulary, sections })
    }

    /// Where a part is.
    pub(crate) fn section(&self, kind: Kind) -> Section {
        let [patterns, general, rows, dates, free, ids, table] = self.sections;
        match kind {
            Kind::Patterns => patterns,
            Kind::General => general,
            Kind::Rows => rows,
            Kind::Dates => dates,
            Kind::Free => free,
            Kind::Ids => ids,
            Kind::Table => table,
        }
    }
}
