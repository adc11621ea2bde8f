//! A table of texts written to a file of Parquet as it is made, a row group at a time.
//!
//! A row group is what is held in memory, however many rows there are: of identifiers, which are 128 bytes at the longest, some
//! 20 MB. It is large enough for readers that take row groups side by side. Pages are compressed by Snappy, which every reader of
//! Parquet knows.

use std::io;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};

use crate::exit::CommandError;
use crate::whole_file::WholeFile;

/// Rows of a row group.
const ROWS: usize = 131_072;

/// The file being written.
pub(crate) struct ParquetFile {
    writer: SerializedFileWriter<WholeFile>,
    columns: Vec<Texts>,
}

/// What a column of the row group holds that is not written yet, one text after the other.
#[derive(Debug, Default)]
struct Texts {
    bytes: Vec<u8>,
    lengths: Vec<usize>,
}

impl ParquetFile {
    /// Begins a file with columns of text, the first of which names each row and so has values of its own.
    pub(crate) fn create(path: &Path, columns: &[&str]) -> Result<Self, CommandError> {
        let file = WholeFile::create(path)?;
        let failed = |error| CommandError::cannot_write(path, &unwrapped(error));
        let schema = schema(columns).map_err(failed)?;
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("nattoku version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY);
        if let Some(first) = columns.first() {
            // Nothing repeats, and nothing lies in an order that bounds would help with.
            let first = ColumnPath::from(*first);
            properties = properties
                .set_column_dictionary_enabled(first.clone(), false)
                .set_column_statistics_enabled(first, EnabledStatistics::None);
        }
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build()));
        let columns = columns.iter().map(|_| Texts::default()).collect();
        Ok(Self { writer: writer.map_err(failed)?, columns })
    }

    /// Writes a row: a text for each column.
    pub(crate) fn row(&mut self, fields: &[&str]) -> io::Result<()> {
        for (column, field) in self.columns.iter_mut().zip(fields) {
            column.push(field);
        }
        let is_full = self.columns.first().is_some_and(|column| column.lengths.len() >= ROWS);
        if is_full { self.put_row_group().map_err(unwrapped) } else { Ok(()) }
    }

    /// Says in the file what it is, and puts it in its place.
    pub(crate) fn finish(mut self, about: Vec<(String, String)>) -> Result<(), CommandError> {
        let path = self.writer.inner().path().to_owned();
        let failed = |error| CommandError::cannot_write(&path, &unwrapped(error));
        self.put_row_group().map_err(failed)?;
        for (key, value) in about {
            self.writer.append_key_value_metadata(KeyValue::new(key, value));
        }
        self.writer.into_inner().map_err(failed)?.finish()
    }

    /// Writes what has been held back.
    fn put_row_group(&mut self) -> Result<(), ParquetError> {
        if self.columns.first().is_none_or(|column| column.lengths.is_empty()) {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { break };
            writer.typed::<ByteArrayType>().write_batch(&column.take(), None, None)?;
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.lengths.push(text.len());
    }

    /// All of them, as parts of one piece of memory.
    fn take(&mut self) -> Vec<ByteArray> {
        let all = ByteArray::from(std::mem::take(&mut self.bytes));
        let mut at = 0;
        let mut part = |length| {
            let part = all.slice(at, length);
            at += length;
            part
        };
        self.lengths.drain(..).map(&mut part).collect()
    }
}

/// Rows of texts, none of which is absent.
fn schema(columns: &[&str]) -> Result<Type, ParquetError> {
    let column = |name: &&str| {
        let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(Some(LogicalType::String));
        text.build().map(Arc::new)
    };
    let columns = columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("nattoku").with_fields(columns).build()
}

/// What the system says, where that is what went wrong.
fn unwrapped(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(why) => match why.downcast::<io::Error>() {
            Ok(why) => *why,
            Err(why) => io::Error::other(why),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use parquet::file::metadata::RowGroupMetaData;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("nattoku-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn no_more_than_a_row_group_is_held_and_every_row_is_in_its_place() {
        let folder = folder("parquet-rows");
        let path = folder.join("list.parquet");
        let mut file = ParquetFile::create(&path, &["id", "kind"]).unwrap();
        let n = 2 * ROWS + 5;
        let row =
            |n: usize| (format!("{:x}", n * 7_919), if n.is_multiple_of(3) { "日本語, \"\r\n" } else { "" });
        for n in 0..n {
            let (id, kind) = row(n);
            file.row(&[&id, kind]).unwrap();
            assert!(file.columns.iter().all(|column| column.lengths.len() < ROWS));
        }
        file.finish(vec![("what".to_owned(), "a list".to_owned())]).unwrap();
        assert_eq!(files(&folder), ["list.parquet"]);
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let groups: Vec<i64> =
            reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
        assert_eq!(groups, [131_072, 131_072, 5]);
        let about = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert_eq!(about, &[KeyValue::new("what".to_owned(), "a list".to_owned())]);
        let mut read = 0;
        for (n, found) in reader.get_row_iter(None).unwrap().enumerate() {
            let (found, (id, kind)) = (found.unwrap(), row(n));
            assert_eq!((found.get_string(0).unwrap(), found.get_string(1).unwrap().as_str()), (&id, kind));
            read += 1;
        }
        assert_eq!(read, n);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_list_of_nobody_is_a_file_without_rows() {
        let folder = folder("parquet-nobody");
        let path = folder.join("list.parquet");
        ParquetFile::create(&path, &["id"]).unwrap().finish(Vec::new()).unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
        assert_eq!(reader.metadata().file_metadata().schema().get_fields()[0].name(), "id");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_broken_off_leaves_nothing_and_what_was_there() {
        let folder = folder("parquet-broken");
        let path = folder.join("list.parquet");
        for before in [None, Some("mine")] {
            if let Some(before) = before {
                std::fs::write(&path, before).unwrap();
            }
            let mut file = ParquetFile::create(&path, &["id"]).unwrap();
            for n in 0..=ROWS {
                file.row(&[&n.to_string()]).unwrap();
            }
            assert_eq!(files(&folder).len(), 1 + usize::from(before.is_some()), "something is being written");
            drop(file);
            assert_eq!(std::fs::read_to_string(&path).ok().as_deref(), before);
            assert_eq!(files(&folder).len(), usize::from(before.is_some()));
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
