//! Why a token is not taken, for whoever has sent it.

use nattoku_model::Language;

/// Why a token is not taken. Nothing of the token itself is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no JWT that is signed.
    #[error("it is no signed JWT")]
    NotAJwt,
    /// Its header names an algorithm that is not allowed.
    #[error("its algorithm is not allowed")]
    Algorithm {
        /// Those that are, with commas between.
        allowed: String,
    },
    /// Its header says that it is something else.
    #[error("its `typ` is neither `at+jwt` nor `JWT`")]
    Kind,
    /// Its header asks for something that is not known here.
    #[error("its header has `crit`")]
    Critical,
    /// It is of an issuer that is not declared.
    #[error("its `iss` is no declared issuer")]
    Issuer,
    /// It is signed by a key that the issuer does not publish.
    #[error("the issuer publishes no key of its `kid`")]
    UnknownKey,
    /// It is not signed by the key that it names.
    #[error("its signature is not that of the key")]
    Signature,
    /// It is for somebody else.
    #[error("it is for another audience")]
    Audience {
        /// For whom it has to be.
        wanted: String,
    },
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It does not hold yet.
    #[error("it does not hold yet")]
    NotYet,
    /// A field is absent, or is not what it has to be.
    #[error("its `{0}` is absent, or not what it has to be")]
    Field(&'static str),
    /// There are no keys to check it by: the issuer cannot be reached.
    #[error("there are no keys to check it by")]
    NoKeys,
}

impl Refused {
    /// Whether newer keys of the issuer might have it taken.
    #[must_use]
    pub const fn wants_keys(&self) -> bool {
        matches!(self, Self::UnknownKey | Self::NoKeys)
    }

    /// What to say of it, and what to do.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Ja => self.in_japanese(),
            Language::En => self.in_english(),
        }
    }

    fn in_japanese(&self) -> String {
        match self {
            Self::NotAJwt => "署名された JWT ではありません".to_owned(),
            Self::Algorithm { allowed } => format!("署名の方式は {allowed} のいずれかにしてください"),
            Self::Kind => "ヘッダーの `typ` は `at+jwt` か `JWT` でなければなりません".to_owned(),
            Self::Critical => "ヘッダーの `crit` には対応していません".to_owned(),
            Self::Issuer => "`iss` がこのサーバーの設定にある発行者ではありません".to_owned(),
            Self::UnknownKey => "`kid` の鍵を発行者が公開していません".to_owned(),
            Self::Signature => "署名が鍵と合いません".to_owned(),
            Self::Audience { wanted } => {
                format!("宛先が違います。`{wanted}` を宛先（aud）とするトークンを発行者に求めてください")
            }
            Self::Expired => "期限が切れています。新しいトークンを発行者に求めてください".to_owned(),
            Self::NotYet => "まだ有効ではありません。時計を確かめてください".to_owned(),
            Self::Field(name) => format!("`{name}` がないか、正しい形ではありません"),
            Self::NoKeys => "発行者の鍵をいま取得できません。少し待ってもう一度送ってください".to_owned(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::NotAJwt => "it is no signed JWT".to_owned(),
            Self::Algorithm { allowed } => format!("it must be signed by one of {allowed}"),
            Self::Kind => "`typ` in its header must be `at+jwt` or `JWT`".to_owned(),
            Self::Critical => "`crit` in its header is not supported".to_owned(),
            Self::Issuer => "its `iss` is no issuer that this server is set to trust".to_owned(),
            Self::UnknownKey => "its issuer publishes no key of its `kid`".to_owned(),
            Self::Signature => "its signature is not that of the key it names".to_owned(),
            Self::Audience { wanted } => {
                format!("it is for another audience; ask its issuer for one whose `aud` is `{wanted}`")
            }
            Self::Expired => "it has expired; ask its issuer for a new one".to_owned(),
            Self::NotYet => "it does not hold yet; look at the clocks".to_owned(),
            Self::Field(name) => format!("its `{name}` is absent, or not what it has to be"),
            Self::NoKeys => {
                "the keys of its issuer cannot be fetched for now; wait a moment and send it again".to_owned()
            }
        }
    }
}
