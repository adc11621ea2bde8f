//! Which bytes of a `SQLite` file are data: those of the records in the leaves of tables and in indexes, with what flows over.
//!
//! All others are headers, ways from page to page, and free space. <https://sqlite.org/fileformat2.html> has the format.

use super::OpenFlags;
use rusqlite::Connection;

/// For each byte of a file, whether it is of a record.
pub(super) fn data(file: &[u8]) -> Vec<bool> {
    let mut pages =
        Pages { file, is_data: vec![false; file.len()], size: page_size(file), has_number: false };
    for root in roots(file) {
        pages.has_number = root != 1;
        pages.walk(root);
    }
    pages.is_data
}

fn page_size(file: &[u8]) -> usize {
    match number(file, 16, 2) {
        1 => 65_536,
        size => size,
    }
}

fn number(bytes: &[u8], at: usize, n_bytes: usize) -> usize {
    bytes[at..at + n_bytes].iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// The first pages of all tables and indexes, that of the schema among them.
fn roots(file: &[u8]) -> Vec<usize> {
    let folder = crate::support::Folder::new();
    let path = folder.path("roots.sqlite");
    std::fs::write(&path, file).unwrap();
    let raw = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let mut select = raw.prepare("select rootpage from sqlite_schema where rootpage > 0").unwrap();
    let roots = select.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    std::iter::once(1).chain(roots.map(|root| usize::try_from(root.unwrap()).unwrap())).collect()
}

struct Pages<'a> {
    file: &'a [u8],
    is_data: Vec<bool>,
    size: usize,
    /// Whether the first column of the tables is the row's own number, as it is of all but the schema.
    has_number: bool,
}

impl Pages<'_> {
    fn walk(&mut self, page: usize) {
        let start = (page - 1) * self.size;
        let header = if page == 1 { start + 100 } else { start };
        let kind = self.file[header];
        let is_interior = matches!(kind, 2 | 5);
        assert!(matches!(kind, 2 | 5 | 10 | 13), "page {page} is of kind {kind}");
        let pointers = header + if is_interior { 12 } else { 8 };
        for n in 0..number(self.file, header + 3, 2) {
            let cell = start + number(self.file, pointers + 2 * n, 2);
            let mut at = cell;
            if is_interior {
                self.walk(number(self.file, at, 4));
                at += 4;
            }
            match kind {
                // A number that tells left from right, and no row.
                5 => {}
                13 => self.record(at, true),
                _ => self.record(at, false),
            }
        }
        if is_interior {
            self.walk(number(self.file, header + 8, 4));
        }
    }

    /// Marks a cell from its length on, and the pages it flows over to.
    fn record(&mut self, cell: usize, is_of_table: bool) {
        let (length, mut at) = self.varint(cell);
        if is_of_table {
            at = self.varint(at).1;
        }
        let usable = self.size - usize::from(self.file[20]);
        let most = if is_of_table { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        let least = (usable - 12) * 32 / 255 - 23;
        let local = if length <= most {
            length
        } else {
            let wanted = least + (length - least) % (usable - 4);
            if wanted <= most { wanted } else { least }
        };
        self.is_data[cell..at + local].fill(true);
        if is_of_table && self.has_number {
            // A column that is the row's number has a kind in the record, which nobody reads, and no value.
            let (_, kind) = self.varint(at);
            self.is_data[kind] = false;
        }
        let mut left = length - local;
        let mut next = if left > 0 { number(self.file, at + local, 4) } else { 0 };
        while left > 0 {
            let start = (next - 1) * self.size;
            let here = left.min(usable - 4);
            self.is_data[start + 4..start + 4 + here].fill(true);
            left -= here;
            next = number(self.file, start, 4);
        }
    }

    /// A number of one to nine bytes, and where the next thing begins.
    fn varint(&self, at: usize) -> (usize, usize) {
        let mut value = 0;
        for n in 0..8 {
            let byte = self.file[at + n];
            value = value << 7 | usize::from(byte & 0x7f);
            if byte < 0x80 {
                return (value, at + n + 1);
            }
        }
        (value << 8 | usize::from(self.file[at + 8]), at + 9)
    }
}
