//! What a key signs, by its kind: the text itself, or what C2SP tlog-cosignature makes of a checkpoint and a time.

use crate::checkpoint::Checkpoint;
use crate::key::{Kind, SigningKey, VerifyingKey};
use crate::note::NoteError;

/// The signature of a note's text as its line holds it, after the id.
pub(crate) fn sign(key: &SigningKey, text: &str, time: u64) -> Result<Vec<u8>, NoteError> {
    let public = key.verifying_key();
    let message = message(public, text, time).ok_or(NoteError::NotACheckpoint)?;
    let signature = key.sign_message(&message);
    Ok(match public.kind() {
        Kind::Ed25519 => signature,
        Kind::CosignatureEd25519 | Kind::CosignatureMlDsa44 => {
            [time.to_be_bytes().as_slice(), &signature].concat()
        }
    })
}

/// A signature that does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wrong;

/// Whether the line's bytes are the key's signature of the text, and which time it tells, if its kind tells one.
pub(crate) fn verify(key: &VerifyingKey, text: &str, bytes: &[u8]) -> Result<Option<u64>, Wrong> {
    let (time, signature) = match key.kind() {
        Kind::Ed25519 => (None, bytes),
        Kind::CosignatureEd25519 | Kind::CosignatureMlDsa44 => {
            let (time, signature) = bytes.split_first_chunk::<8>().ok_or(Wrong)?;
            (Some(u64::from_be_bytes(*time)), signature)
        }
    };
    // A time is at most 2^63 - 1.
    let seconds = time.unwrap_or_default();
    if i64::try_from(seconds).is_err() {
        return Err(Wrong);
    }
    let message = message(key, text, seconds).ok_or(Wrong)?;
    if key.verifies(&message, signature) { Ok(time) } else { Err(Wrong) }
}

fn message(key: &VerifyingKey, text: &str, time: u64) -> Option<Vec<u8>> {
    match key.kind() {
        Kind::Ed25519 => Some(text.as_bytes().to_vec()),
        Kind::CosignatureEd25519 => {
            Checkpoint::parse(text).ok()?;
            Some(format!("cosignature/v1\ntime {time}\n{text}").into_bytes())
        }
        Kind::CosignatureMlDsa44 => {
            let checkpoint = Checkpoint::parse(text).ok()?;
            let mut message = b"subtree/v1\n\0".to_vec();
            push_short(&mut message, &key.name().name)?;
            message.extend(time.to_be_bytes());
            push_short(&mut message, &checkpoint.origin)?;
            // A checkpoint is the subtree that begins at the first leaf.
            message.extend(0_u64.to_be_bytes());
            message.extend(checkpoint.size.to_be_bytes());
            message.extend(checkpoint.root.0);
            Some(message)
        }
    }
}

/// Appends a text of 1 to 255 bytes after its length.
fn push_short(message: &mut Vec<u8>, text: &str) -> Option<()> {
    message.push(u8::try_from(text.len()).ok().filter(|length| *length > 0)?);
    message.extend(text.as_bytes());
    Some(())
}
