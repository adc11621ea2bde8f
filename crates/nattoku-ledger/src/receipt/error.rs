//! What can be wrong with a receipt.

use std::fmt;

use crate::log_proof::LogProofError;
use crate::note::NoteError;

/// Why a receipt is not taken. Each says which part does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptError {
    /// It is longer than any that is read.
    TooLong,
    /// It is not JSON of objects, lists and texts.
    Json(String),
    /// It is not of this format.
    Format,
    /// It has a key that is not known.
    UnknownKey(String),
    /// It lacks a key, or its value has another shape.
    Missing(&'static str),
    /// The key is not of the kind that signs receipts.
    Key,
    /// The issuer's signature does not hold.
    Statement(NoteError),
    /// The signature is of another record.
    OtherRecord,
    /// The leaf is not one, or not in the log.
    Leaf,
    /// The proof or the checkpoint does not hold.
    Proof(LogProofError),
    /// A field of the record says something else than the leaf.
    Differs(&'static str),
    /// The payload is not the one that the leaf commits to.
    Payload,
}

impl From<LogProofError> for ReceiptError {
    fn from(error: LogProofError) -> Self {
        Self::Proof(error)
    }
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("it is longer than a receipt may be"),
            Self::Json(why) => write!(f, "it is no JSON of objects, lists and texts: {why}"),
            Self::Format => f.write_str("it is no receipt: expected `format` to be nattoku-receipt@v1"),
            Self::UnknownKey(key) => write!(f, "it has `{key}`, which a receipt has not"),
            Self::Missing(key) => write!(f, "`{key}` is missing, or is not what it should be"),
            Self::Key => f.write_str("receipts are signed by the log's key of kind 01 (Ed25519)"),
            Self::Statement(error) => write!(f, "`statement`: {error}"),
            Self::OtherRecord => f.write_str("`record` is not what its issuer signed"),
            Self::Leaf => f.write_str("`leaf` is no leaf of version 1"),
            Self::Proof(error) => write!(f, "`proof`: {error}"),
            Self::Differs(field) => write!(f, "`{field}` of the record says something else than the ledger"),
            Self::Payload => f.write_str("`payload` is not the one that the leaf commits to"),
        }
    }
}

impl ReceiptError {
    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::TooLong => "控えとして長すぎます".to_owned(),
            Self::Json(why) => format!("オブジェクト、リスト、文字列からなるJSONではありません: {why}"),
            Self::Format => "控えではありません。`format` は nattoku-receipt@v1 です".to_owned(),
            Self::UnknownKey(key) => format!("控えにはない `{key}` があります"),
            Self::Missing(key) => format!("`{key}` がないか、形が違います"),
            Self::Key => "控えに署名できるのは、記録の種類01（Ed25519）の鍵だけです".to_owned(),
            Self::Statement(error) => format!("`statement`: {}", error.japanese()),
            Self::OtherRecord => "`record` が、発行者の署名したものと違います".to_owned(),
            Self::Leaf => "`leaf` が版1の葉ではありません".to_owned(),
            Self::Proof(error) => format!("`proof`: {}", error.japanese()),
            Self::Differs(field) => format!("`record` の `{field}` が、台帳の内容と違います"),
            Self::Payload => "`payload` が、葉の約束したものと違います".to_owned(),
        }
    }
}

impl std::error::Error for ReceiptError {}
