//! What can be wrong with a note.

use std::fmt;

/// Why a note cannot be read, signed or trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteError {
    /// It is longer than any that is read.
    TooLong,
    /// It has more signatures than any that is read.
    TooMany,
    /// It is not UTF-8, has control characters, or its text does not end with a line feed.
    Text,
    /// After its last empty line stands no signature.
    Unsigned,
    /// A line after the last empty one is no signature.
    Line,
    /// The text is no checkpoint, and the key signs checkpoints alone.
    NotACheckpoint,
    /// A line by a known key, of this name, does not verify.
    WrongSignature(String),
    /// None of the keys, of these names, signed it.
    NotSignedBy(Vec<String>),
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("it is longer than a signed note may be"),
            Self::TooMany => f.write_str("it has more than 100 signatures"),
            Self::Text => f.write_str("it is no text of whole lines in UTF-8 without control characters"),
            Self::Unsigned => f.write_str("expected an empty line and signatures after the text"),
            Self::Line => f.write_str("expected lines of signatures at the end: — NAME BASE64"),
            Self::NotACheckpoint => f.write_str("the key signs checkpoints, and the text is none"),
            Self::WrongSignature(name) => {
                write!(f, "invalid signature: the one by `{name}` is not that of the text")
            }
            Self::NotSignedBy(names) => {
                write!(
                    f,
                    "invalid signature: it is not signed by {}; check which key is meant",
                    listed(names)
                )
            }
        }
    }
}

impl NoteError {
    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::TooLong => "署名付きの文書として長すぎます".to_owned(),
            Self::TooMany => "署名が100を超えています".to_owned(),
            Self::Text => "制御文字のない、行単位のUTF-8の文書ではありません".to_owned(),
            Self::Unsigned => "文の後に空行と署名がありません".to_owned(),
            Self::Line => "末尾に署名の行ではないものがあります。「— 名前 Base64」の形です".to_owned(),
            Self::NotACheckpoint => "この鍵は確認点だけに署名しますが、文が確認点ではありません".to_owned(),
            Self::WrongSignature(name) => format!("`{name}` の署名が、この文のものではありません"),
            Self::NotSignedBy(names) => {
                format!("{} の署名がありません。鍵を確かめてください", listed(names))
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl std::error::Error for NoteError {}
