//! Writing a population down.

use std::io::{self, Write};

use bytemuck::Pod;

use super::code::Writer;
use super::digest::digest;
use super::layout::{Header, Kind, PAGE, Section};
use super::{Origin, sum_of};
use crate::population::Population;
use crate::storage::Storage;

/// Zeros, of which a part has as many as it lacks to a whole page.
const ZEROS: [u8; PAGE] = [0; PAGE];

impl Population {
    /// Writes it down, for [`Population::open`] to have again.
    ///
    /// # Errors
    /// What `out` answers; nor is a population of an earlier instant written down, or one on a machine that is not
    /// little-endian.
    pub fn write_snapshot(&self, origin: Origin, out: &mut impl Write) -> io::Result<()> {
        if self.cut().is_some() || cfg!(target_endian = "big") {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mut patterns = Writer::default();
        super::patterns::write(&self.lexicon, &self.patterns, &mut patterns);
        let mut general = Writer::default();
        general.list(self.general().iter());
        let mut free = Writer::default();
        self.beside.write_free(&mut free);
        let [patterns, general, free] = [patterns, general, free].map(Writer::into_bytes);
        let (ids, table) = self.ids.parts();
        let mut parts: [Vec<&[u8]>; Kind::ALL.len()] = [
            vec![&patterns],
            vec![&general],
            bytes(&self.rows),
            bytes(self.beside.dates()),
            vec![&free],
            bytes(ids),
            bytes(table),
        ];
        let mut offset = PAGE as u64;
        let sections = parts.each_mut().map(|pieces| {
            let length: usize = pieces.iter().map(|piece| piece.len()).sum();
            let padded = length.next_multiple_of(PAGE);
            pieces.push(ZEROS.get(..padded - length).unwrap_or_default());
            let section = Section { offset, length: length as u64, sum: sum_of(pieces) };
            offset += padded as u64;
            section
        });
        let header = Header {
            origin,
            revision: self.revision(),
            newest: self.newest(),
            n_principals: self.len() as u64,
            vocabulary: digest(self.vocabulary()),
            sections,
        };
        out.write_all(&header.to_page())?;
        parts.iter().flatten().try_for_each(|piece| out.write_all(piece))
    }
}

fn bytes<T: Pod>(storage: &Storage<T>) -> Vec<&[u8]> {
    storage.pieces().map(bytemuck::cast_slice).collect()
}
