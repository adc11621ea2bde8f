//! Receipts: what a principal takes away to show later, without anybody's help, that their act is in the log and what they
//! were told (ISO/IEC TS 27560). Every field stands in `docs/reference/ledger-format.md`.

use sha2::{Digest, Sha256};

use crate::hash::Hash;
use crate::json::Json;
use crate::key::{Kind, SigningKey};
use crate::log_proof::LogProof;
use crate::note::Note;
use crate::text::encode;

mod error;
mod verify;

pub use error::ReceiptError;
pub use verify::{Opening, VerifiedReceipt};

/// Names the format, in the receipt and in what its issuer signs.
pub const FORMAT: &str = "nattoku-receipt@v1";
/// The `event_state` of a withdrawal before which nothing had been given: it declines, and takes nothing back.
pub const CONSENT_REFUSED: &str = "dpv:ConsentRefused";
/// Longest receipt that is read, in bytes.
pub const RECEIPT_BYTES_MAX: usize = 1_000_000;

/// A receipt, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What happened, in the fields of ISO/IEC TS 27560.
    pub record: Json,
    /// The issuer's signature of the record.
    pub statement: String,
    /// The leaf.
    pub leaf: String,
    /// What is personal of the event, with the key of its commitment.
    pub opening: Option<(String, [u8; 32])>,
    /// The proof that the leaf is in the log, with the log's checkpoint.
    pub proof: LogProof,
}

impl Receipt {
    /// Issues a receipt: signs the record with the log's key.
    ///
    /// # Errors
    /// [`ReceiptError::Key`] where the key is not of the kind that signs texts.
    pub fn issue(
        record: Json,
        leaf: String,
        opening: Option<(String, [u8; 32])>,
        proof: LogProof,
        key: &SigningKey,
    ) -> Result<Self, ReceiptError> {
        if key.verifying_key().kind() != Kind::Ed25519 {
            return Err(ReceiptError::Key);
        }
        let mut note = Note::new(stated(&record)).map_err(ReceiptError::Statement)?;
        note.sign(key, 0).map_err(ReceiptError::Statement)?;
        Ok(Self { record, statement: note.to_string(), leaf, opening, proof })
    }

    /// The file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut entries = vec![
            ("format", Json::from(FORMAT)),
            ("record", self.record.clone()),
            ("statement", self.statement.as_str().into()),
            ("leaf", self.leaf.as_str().into()),
            ("proof", self.proof.to_string().into()),
        ];
        if let Some((payload, key)) = &self.opening {
            entries.push(("payload", payload.as_str().into()));
            entries.push(("commitment_key", Hash(*key).to_string().into()));
        }
        Json::object(entries).pretty()
    }

    /// Reads a file. Whether it is true is told by [`Receipt::verify`].
    ///
    /// # Errors
    /// It is no receipt, and what was expected.
    pub fn parse(file: &str) -> Result<Self, ReceiptError> {
        if file.len() > RECEIPT_BYTES_MAX {
            return Err(ReceiptError::TooLong);
        }
        let whole = Json::parse(file).map_err(|error| ReceiptError::Json(error.to_string()))?;
        let Json::Object(entries) = &whole else {
            return Err(ReceiptError::Json("it is no object".to_owned()));
        };
        if whole.text_of("format") != Some(FORMAT) {
            return Err(ReceiptError::Format);
        }
        let known = ["commitment_key", "format", "leaf", "payload", "proof", "record", "statement"];
        if let Some((unknown, _)) = entries.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            return Err(ReceiptError::UnknownKey(unknown.clone()));
        }
        let text = |key: &'static str| whole.text_of(key).ok_or(ReceiptError::Missing(key));
        let opening = if whole.get("payload").is_some() || whole.get("commitment_key").is_some() {
            let key = text("commitment_key")?.parse::<Hash>();
            let key = key.map_err(|_| ReceiptError::Missing("commitment_key"))?;
            Some((text("payload")?.to_owned(), key.0))
        } else {
            None
        };
        let proof = LogProof::parse(text("proof")?)?;
        if proof.extra.is_some() {
            return Err(ReceiptError::UnknownKey("extra".to_owned()));
        }
        Ok(Self {
            record: whole.get("record").ok_or(ReceiptError::Missing("record"))?.clone(),
            statement: text("statement")?.to_owned(),
            leaf: text("leaf")?.to_owned(),
            opening,
            proof,
        })
    }
}

/// The number by which people quote an event: `R-0000200123`.
#[must_use]
pub fn number(revision: u64) -> String {
    format!("R-{revision:010}")
}

/// The part of a record that tells the words which were shown, with their hash.
#[must_use]
pub fn notice(item: &str, text_version: &str, language: &str, text: &str) -> Json {
    Json::object([
        ("item", item.into()),
        ("text_version", text_version.into()),
        ("language", language.into()),
        ("text", text.into()),
        ("sha256", Hash::of_text(text).to_string().into()),
    ])
}

/// The text that the issuer signs. It has two lines, a checkpoint at least three: neither can pass for the other.
fn stated(record: &Json) -> String {
    format!("{FORMAT}\n{}\n", encode(&Sha256::digest(record.canonical())))
}
