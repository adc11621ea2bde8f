//! Verifying a receipt: with it, with the log's public key, and with nothing else.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Receipt, ReceiptError, number, stated};
use crate::consistency::Tree;
use crate::hash::Hash;
use crate::json::Json;
use crate::key::VerifyingKey;
use crate::note::{Note, Verified};

/// What a receipt showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// The log.
    pub origin: String,
    /// The position of the event.
    pub revision: u64,
    /// The tree that it was shown to be in.
    pub tree: Tree,
    /// What happened, by the event's name.
    pub event: String,
    /// When it happened.
    pub at: String,
    /// When the ledger came to know it.
    pub recorded_at: String,
    /// What became of the commitment.
    pub opening: Opening,
    /// Which of the witnesses cosigned the tree.
    pub cosigned: Vec<Verified>,
}

/// Whether what is personal of the event was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It is what the leaf commits to.
    Checked,
    /// The event has nothing personal.
    Nothing,
    /// The receipt leaves it out.
    LeftOut,
}

impl Receipt {
    /// Checks everything that the receipt says, with the log's public key; `witnesses` are those whose cosignatures are wanted.
    ///
    /// # Errors
    /// The first part that does not hold.
    pub fn verify(
        &self,
        log: &VerifyingKey,
        witnesses: &[VerifyingKey],
    ) -> Result<VerifiedReceipt, ReceiptError> {
        let record = &self.record;
        let statement = Note::parse(self.statement.as_bytes()).map_err(ReceiptError::Statement)?;
        statement.verify(std::slice::from_ref(log)).map_err(ReceiptError::Statement)?;
        if statement.text() != stated(record) {
            return Err(ReceiptError::OtherRecord);
        }
        let leaf_hash = Hash::of_leaf(self.leaf.as_bytes());
        let (checkpoint, cosigned) = self.proof.verify(leaf_hash, log, witnesses)?;
        let revision = self.proof.index + 1;
        let ledger = record.get("ledger").ok_or(ReceiptError::Missing("ledger"))?;
        same(ledger, "origin", Some(&checkpoint.origin))?;
        same(ledger, "revision", Some(&revision.to_string()))?;
        same(ledger, "leaf_hash", Some(&leaf_hash.to_string()))?;
        same(record, "record_id", Some(&number(revision)))?;
        let leaf = read_leaf(&self.leaf)?;
        self.record_is_of(&leaf)?;
        let opening = self.opening_of(&leaf)?;
        let field = |key: &'static str| leaf.text_of(key).map(str::to_owned).ok_or(ReceiptError::Leaf);
        Ok(VerifiedReceipt {
            origin: checkpoint.origin.clone(),
            revision,
            tree: checkpoint.tree(),
            event: field("event")?,
            at: field("at")?,
            recorded_at: field("recorded_at")?,
            opening,
            cosigned,
        })
    }

    /// Sees that the fields which the leaf tells say what it tells.
    fn record_is_of(&self, leaf: &Json) -> Result<(), ReceiptError> {
        let record = &self.record;
        same(record, "pii_principal_id", leaf.text_of("principal"))?;
        let [event] = record.get("events").map(Json::list).unwrap_or_default() else {
            return Err(ReceiptError::Missing("events"));
        };
        same(event, "event_type", leaf.text_of("event"))?;
        same(event, "event_time", leaf.text_of("at"))?;
        same(event, "entity_id", leaf.text_of("by"))?;
        same(event, "validity_until", leaf.text_of("until"))?;
        let Some(notice) = record.get("notice") else {
            // Whoever agreed was shown words, and the receipt must have them.
            let agreed = leaf.text_of("event") == Some("consent_granted");
            return if agreed { Err(ReceiptError::Missing("notice")) } else { Ok(()) };
        };
        for field in ["item", "text_version", "language"] {
            same(notice, field, leaf.text_of(field))?;
        }
        let text = notice.text_of("text").ok_or(ReceiptError::Missing("text"))?;
        same(notice, "sha256", Some(&Hash::of_text(text).to_string()))
    }

    fn opening_of(&self, leaf: &Json) -> Result<Opening, ReceiptError> {
        match (leaf.text_of("sealed"), &self.opening) {
            (None, None) => Ok(Opening::Nothing),
            (Some(_), None) => Ok(Opening::LeftOut),
            (None, Some(_)) => Err(ReceiptError::Payload),
            (Some(sealed), Some((payload, key))) => {
                let sealed: Hash = sealed.parse().map_err(|_| ReceiptError::Leaf)?;
                // HMAC fills a short key up with zeros to the block's 64 bytes; doing so here leaves nothing that could fail.
                let mut block = [0; 64];
                block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
                let commitment = Hmac::<Sha256>::new(&block.into()).chain_update(payload);
                let held = commitment.verify(&sealed.0.into()).is_ok();
                if held { Ok(Opening::Checked) } else { Err(ReceiptError::Payload) }
            }
        }
    }
}

/// The object of a leaf of version 1.
fn read_leaf(leaf: &str) -> Result<Json, ReceiptError> {
    let json = leaf.strip_prefix('\u{1}').ok_or(ReceiptError::Leaf)?;
    let object = Json::parse(json).map_err(|_| ReceiptError::Leaf)?;
    if object.canonical() == json { Ok(object) } else { Err(ReceiptError::Leaf) }
}

/// Sees that a field is a certain text, or is absent where there is none.
fn same(object: &Json, field: &'static str, wanted: Option<&str>) -> Result<(), ReceiptError> {
    let is_text_or_absent = object.get(field).is_none_or(|value| value.text().is_some());
    if is_text_or_absent && object.text_of(field) == wanted {
        Ok(())
    } else {
        Err(ReceiptError::Differs(field))
    }
}
