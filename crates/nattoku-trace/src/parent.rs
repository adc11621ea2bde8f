//! W3C Trace Context: what a caller says of the trace that a call is part of, and what is said of ours.

use data_encoding::HEXLOWER;
use http::{HeaderMap, HeaderName};

use crate::number::Number;
use crate::random;

/// The header.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Bytes of the first version, and of what later ones begin with.
const BYTES: usize = 55;
/// Of the flags, the one that says that the trace is recorded.
const SAMPLED: u8 = 1;

/// The id of a span; not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpanId(pub(crate) [u8; 8]);

impl SpanId {
    pub(crate) fn new() -> Self {
        Self(random::next().max(1).to_be_bytes())
    }
}

/// What a caller says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) number: Number,
    pub(crate) span: SpanId,
    pub(crate) is_sampled: bool,
}

impl Parent {
    /// What the headers say, where they say it once and soundly; anything else counts as nothing.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut said = headers.get_all(TRACEPARENT).iter();
        let one = said.next()?;
        said.next().is_none().then(|| Self::read(one.as_bytes()))?
    }

    fn read(text: &[u8]) -> Option<Self> {
        let (known, more) = text.split_at_checked(BYTES)?;
        let mut parts = known.split(|byte| *byte == b'-');
        let (version, number, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let [version] = bytes::<1>(version)?;
        // Of a later version what is known is read; of this one there is no more.
        let is_whole = parts.next().is_none() && (more.is_empty() || (version > 0 && more.starts_with(b"-")));
        if version == u8::MAX || !is_whole {
            return None;
        }
        let span = bytes::<8>(span).filter(|span| *span != [0; 8])?;
        let [flags] = bytes::<1>(flags)?;
        Some(Self {
            number: Number::of_trace(number)?,
            span: SpanId(span),
            is_sampled: flags & SAMPLED == SAMPLED,
        })
    }

    /// What is said to whoever is asked in turn.
    pub(crate) fn text(&self) -> String {
        let span = HEXLOWER.encode(&self.span.0);
        format!("00-{}-{span}-{:02x}", self.number, u8::from(self.is_sampled))
    }
}

fn bytes<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (text.len() == 2 * N).then_some(())?;
    HEXLOWER.decode_mut(text, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(text: &str) -> Option<String> {
        Parent::read(text.as_bytes()).map(|parent| parent.text())
    }

    #[test]
    fn what_is_sound_is_read_and_said_again() {
        assert_eq!(read(SOUND).as_deref(), Some(SOUND));
        let unsampled = SOUND.replace("-01", "-00");
        assert_eq!(read(&unsampled).as_deref(), Some(unsampled.as_str()));
        // Flags that are not known are not said on; a later version may have more after what is known.
        assert_eq!(read(&SOUND.replace("-01", "-ff")).as_deref(), Some(SOUND));
        for later in ["cc-", "01-"] {
            let later = SOUND.replacen("00-", later, 1);
            assert_eq!(read(&later).as_deref(), Some(SOUND));
            assert_eq!(read(&format!("{later}-what-ever")).as_deref(), Some(SOUND));
            assert_eq!(read(&format!("{later}.")), None);
        }
    }

    #[test]
    fn what_is_not_counts_as_nothing() {
        for unsound in [
            "",
            "00",
            &SOUND[..54],
            &format!("{SOUND}-00"),
            &format!("{SOUND} "),
            &SOUND.replacen("00-", "ff-", 1),
            &SOUND.to_uppercase(),
            &SOUND.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            &SOUND.replace("00f067aa0ba902b7", &"0".repeat(16)),
            &SOUND.replace("-01", "-0x"),
            &SOUND.replace('-', "_"),
            "00-4bf92f3577b34da6a3ce929d0e0e47-3600f067aa0ba902b7-01",
        ] {
            assert_eq!(read(unsound), None, "{unsound}");
        }
        let mut twice = HeaderMap::new();
        twice.append(TRACEPARENT, SOUND.parse().unwrap());
        assert!(Parent::of(&twice).is_some());
        twice.append(TRACEPARENT, SOUND.parse().unwrap());
        assert_eq!(Parent::of(&twice), None);
    }
}
