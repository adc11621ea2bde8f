//! What can be wrong with a key's text. The key itself is never repeated.

use std::fmt;

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyError {
    /// It has not the parts of one.
    Shape,
    /// Its name is empty, or has white space.
    Name,
    /// Its id is not that of its name and key.
    Id,
    /// It is of a kind that is not known here.
    Kind(u8),
    /// What should be the key is none.
    Key,
    /// It is the private key, which only signs.
    Private,
    /// It is the public key, which signs nothing.
    Public,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("expected a key on one line: name+id+base64"),
            Self::Name => f.write_str("the key's name is empty or has white space in it"),
            Self::Id => f.write_str(
                "the id in the key's text is not that of its name and key; part of the text was changed or lost",
            ),
            Self::Kind(kind) => write!(f, "keys of the kind {kind:02x} are not known here; there are 01, 04 and 06"),
            Self::Key => f.write_str("what should be the key is none of its kind"),
            Self::Private => f.write_str("this is the private key; give the public one, from the file that ends in .pub"),
            Self::Public => f.write_str("this is the public key; give the private one, which begins with PRIVATE+KEY+"),
        }
    }
}

impl KeyError {
    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::Shape => "鍵は「名前+ID+Base64」の形で1行に書きます".to_owned(),
            Self::Name => "鍵の名前が空か、空白を含んでいます".to_owned(),
            Self::Id => "鍵のIDが名前と鍵に合いません。一部が変わったか、欠けています".to_owned(),
            Self::Kind(kind) => format!("種類 {kind:02x} の鍵は扱えません。扱えるのは 01、04、06 です"),
            Self::Key => "鍵にあたる部分が、その種類の鍵ではありません".to_owned(),
            Self::Private => "これは秘密鍵です。.pub で終わるファイルの公開鍵を指定してください".to_owned(),
            Self::Public => "これは公開鍵です。PRIVATE+KEY+ で始まる秘密鍵を指定してください".to_owned(),
        }
    }
}

impl std::error::Error for KeyError {}
