//! Values as bytes and back: numbers little-endian, texts and lists after their lengths.

use jiff::Timestamp;
use jiff::civil::Date;

/// Bytes being written.
#[derive(Debug, Default)]
pub(crate) struct Writer(Vec<u8>);

/// Bytes being read. Whatever does not read ends the reading: nothing is believed of lengths before the bytes are there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

/// What can be written and read.
pub(crate) trait Coded: Sized {
    fn write(&self, to: &mut Writer);
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

impl Writer {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn put(&mut self, value: &impl Coded) {
        value.write(self);
    }

    /// How many, and then each.
    pub(crate) fn list<'t, T: Coded + 't>(&mut self, values: impl ExactSizeIterator<Item = &'t T>) {
        self.put(&length(values.len()));
        values.for_each(|value| self.put(value));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.put(&length(text.len()));
        self.raw(text.as_bytes());
    }
}

/// A length as written. What is longer than can be written is cut when it is read, which then fails.
fn length(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all has been read.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn raw(&mut self, n: usize) -> Option<&'a [u8]> {
        let (read, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(read)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (read, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*read)
    }

    pub(crate) fn get<T: Coded>(&mut self) -> Option<T> {
        T::read(self)
    }

    /// A list. It grows as its values are read, so a length that is not true takes no memory.
    pub(crate) fn list<T: Coded>(&mut self) -> Option<Vec<T>> {
        let n: u32 = self.get()?;
        let mut list = Vec::new();
        for _ in 0..n {
            list.push(self.get()?);
        }
        Some(list)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let n: u32 = self.get()?;
        std::str::from_utf8(self.raw(usize::try_from(n).ok()?)?).ok()
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Coded for $number {
            fn write(&self, to: &mut Writer) {
                to.raw(&self.to_le_bytes());
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                from.array().map(Self::from_le_bytes)
            }
        }
    )*};
}

numbers! { u8 u16 u32 u64 i16 i32 i64 }

impl Coded for bool {
    fn write(&self, to: &mut Writer) {
        to.put(&u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.get::<u8>()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

/// Whether there is one, and then it.
impl<T: Coded> Coded for Option<T> {
    fn write(&self, to: &mut Writer) {
        to.put(&self.is_some());
        if let Some(value) = self {
            to.put(value);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if from.get()? { Some(Some(from.get()?)) } else { Some(None) }
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, to: &mut Writer) {
        to.list(self.iter());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.list()
    }
}

impl<T: Coded> Coded for Box<[T]> {
    fn write(&self, to: &mut Writer) {
        to.list(self.iter());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.list().map(Vec::into_boxed_slice)
    }
}

/// Seconds since 1970, and nanoseconds.
impl Coded for Timestamp {
    fn write(&self, to: &mut Writer) {
        to.put(&self.as_second());
        to.put(&self.subsec_nanosecond());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::new(from.get()?, from.get()?).ok()
    }
}

/// Year, month and day.
impl Coded for Date {
    fn write(&self, to: &mut Writer) {
        to.put(&self.year());
        to.raw(&[self.month().unsigned_abs(), self.day().unsigned_abs()]);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (year, [month, day]) = (from.get()?, from.array()?);
        Self::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

macro_rules! names {
    ($($name:ident)*) => {$(
        impl Coded for nattoku_model::name::$name {
            fn write(&self, to: &mut Writer) {
                to.text(self.as_str());
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                from.text().map(Self::from)
            }
        }
    )*};
}

names! {
    CategoryName SourceName EntrusterName ConsentName ChoiceName RelationshipName WordingName RecipientName
    PublicationName VersionName
}

#[cfg(test)]
mod tests {
    use nattoku_model::name::CategoryName;

    use super::*;

    type Several = Vec<Option<CategoryName>>;

    fn written(value: &impl Coded) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.put(value);
        writer.into_bytes()
    }

    #[test]
    fn what_is_written_reads_again() {
        let several: Several = vec![Some("location.base_station".into()), None];
        let bytes = written(&several);
        let mut reader = Reader::new(&bytes);
        assert_eq!((reader.get::<Several>(), reader.is_at_end()), (Some(several), true));
        for instant in ["-009999-01-02T01:59:59Z", "1969-12-31T23:59:59.5Z", "9999-12-30T22:00:00.999999999Z"]
        {
            let instant: Timestamp = instant.parse().unwrap();
            assert_eq!(Reader::new(&written(&instant)).get(), Some(instant));
        }
        let day: Date = "1868-02-29".parse().unwrap();
        assert_eq!(Reader::new(&written(&day)).get(), Some(day));
    }

    #[test]
    fn what_is_cut_or_claims_to_be_longer_does_not_read() {
        let bytes = written(&vec![Some(CategoryName::from("purchase")), None]);
        for n in 0..bytes.len() {
            assert_eq!(Reader::new(&bytes[..n]).get::<Several>(), None);
        }
        assert_eq!(Reader::new(&u32::MAX.to_le_bytes()).get::<Vec<u64>>(), None);
        assert_eq!(Reader::new(&[2]).get::<bool>(), None);
    }
}
