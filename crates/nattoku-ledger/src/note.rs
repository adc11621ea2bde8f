//! Signed notes (C2SP signed-note): a text, and lines that say who signed it.

use std::fmt;

use crate::cosignature;
use crate::key::{KeyName, SigningKey, VerifyingKey, is_key_name};
use crate::text::{decode_any, encode};

mod error;

pub use error::NoteError;

/// Longest note, in bytes.
pub const NOTE_BYTES_MAX: usize = 1_000_000;
/// Most signatures of a note.
pub const SIGNATURES_MAX: usize = 100;
/// What a line of a signature begins with: an em dash and a space.
const DASH: &str = "— ";

/// A text with the signatures that it carries. Until [`Note::verify`] it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A line by which a key signed a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whose it is said to be.
    pub key: KeyName,
    bytes: Vec<u8>,
    /// What stood in the line, which is not what the bytes are written as where unused bits were not zero.
    written: String,
}

/// A signature that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose it is.
    pub key: KeyName,
    /// When it was made, in seconds since 1970; none of keys that sign no time.
    pub time: Option<u64>,
}

impl Note {
    /// A text that nobody has signed yet.
    ///
    /// # Errors
    /// [`NoteError::Text`] where the text is empty, does not end with a line feed or has other control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, NoteError> {
        let text = text.into();
        if !text.ends_with('\n') || text.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(NoteError::Text);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note.
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Text)?;
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::Unsigned)?;
        let mut note = Self::new(format!("{text}\n"))?;
        note.signatures = signatures(lines)?;
        if note.signatures.is_empty() { Err(NoteError::Unsigned) } else { Ok(note) }
    }

    /// What is signed, with the line feed at its end.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every signature that it carries, checked or not.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Signs it. `time`, in seconds since 1970, is what cosignatures tell. A line that the key signed before is replaced.
    ///
    /// # Errors
    /// [`NoteError::NotACheckpoint`] where the key signs checkpoints alone.
    pub fn sign(&mut self, key: &SigningKey, time: u64) -> Result<(), NoteError> {
        let bytes = cosignature::sign(key, &self.text, time)?;
        self.add(Signature::new(key.verifying_key().name().clone(), bytes));
        Ok(())
    }

    /// Adds a line in the place of one by the same key.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.retain(|there| there.key != signature.key);
        self.signatures.push(signature);
    }

    /// Who of these keys signed it. Lines by other keys are passed over.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`] where a line by one of the keys does not verify, [`NoteError::NotSignedBy`] where there is
    /// none.
    pub fn verify(&self, keys: &[VerifyingKey]) -> Result<Vec<Verified>, NoteError> {
        let mut verified: Vec<Verified> = Vec::new();
        for signature in &self.signatures {
            let Some(key) = keys.iter().find(|key| *key.name() == signature.key) else { continue };
            if verified.iter().any(|before| before.key == signature.key) {
                continue;
            }
            let is_canonical = encode(&signature.with_id()) == signature.written;
            let wrong = || NoteError::WrongSignature(signature.key.name.clone());
            let time = cosignature::verify(key, &self.text, &signature.bytes).map_err(|_| wrong())?;
            if !is_canonical {
                return Err(wrong());
            }
            verified.push(Verified { key: signature.key.clone(), time });
        }
        if verified.is_empty() {
            return Err(NoteError::NotSignedBy(keys.iter().map(|key| key.name().name.clone()).collect()));
        }
        Ok(verified)
    }
}

/// Reads lines of signatures, each with its line feed.
///
/// # Errors
/// A line is none, or there are too many.
pub fn signatures(lines: &str) -> Result<Vec<Signature>, NoteError> {
    let mut signatures = Vec::new();
    let mut rest = lines;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').ok_or(NoteError::Line)?;
        if signatures.len() == SIGNATURES_MAX {
            return Err(NoteError::TooMany);
        }
        signatures.push(Signature::parse(line).ok_or(NoteError::Line)?);
        rest = after;
    }
    Ok(signatures)
}

impl Signature {
    pub(crate) fn new(key: KeyName, bytes: Vec<u8>) -> Self {
        let mut signature = Self { key, bytes, written: String::new() };
        signature.written = encode(&signature.with_id());
        signature
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, written) = line.strip_prefix(DASH)?.split_once(' ')?;
        let (bytes, _) = decode_any(written).filter(|_| is_key_name(name))?;
        let (id, bytes) = bytes.split_first_chunk::<4>().filter(|(_, bytes)| !bytes.is_empty())?;
        let key = KeyName { name: name.to_owned(), id: u32::from_be_bytes(*id) };
        Some(Self { key, bytes: bytes.to_vec(), written: written.to_owned() })
    }

    fn with_id(&self) -> Vec<u8> {
        [self.key.id.to_be_bytes().as_slice(), &self.bytes].concat()
    }
}

/// The line, with its line feed.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{DASH}{} {}", self.key.name, self.written)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}
