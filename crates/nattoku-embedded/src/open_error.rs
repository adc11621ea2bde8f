//! Why a node was not opened: which setting, what was expected, and how to mend it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use nattoku_lease::TermsError;
use nattoku_model::Language;
use nattoku_operations::{FolderError, NodeError, PopulationError, Undeclared, UnusablePolicy};
use nattoku_store::{NotAPlace, StoreError};

/// Why a node was not opened. Nothing is left of it then.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The policy's folder cannot be read.
    Policy(FolderError),
    /// The policy has errors.
    PolicyErrors {
        /// The folder.
        folder: PathBuf,
        /// The first of them, drawn as `nattoku policy check` does.
        diagnostics: String,
    },
    /// The policy that the ledger has in force cannot be used.
    InForce(UnusablePolicy),
    /// The policy does not declare the application.
    Application {
        /// The application, with the nearest that is declared.
        undeclared: Undeclared,
        /// Those that are.
        declared: Vec<String>,
    },
    /// Where the ledger is cannot be read.
    StorePlace(NotAPlace),
    /// The ledger, or what the deployment remembers beside it, cannot be opened.
    Store(StoreError),
    /// The key-encryption key is called by no name.
    KeyName(String),
    /// The key-encryption key needs what another setting says.
    KeyNeeds(&'static str),
    /// The file of the PIN cannot be read.
    Pin {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key-encryption key cannot be used.
    Key {
        /// In Japanese.
        ja: String,
        /// In English.
        en: String,
    },
    /// These are no terms of a lease.
    Lease(TermsError),
    /// Everybody cannot be kept at once.
    Population(PopulationError),
    /// The first lease was not to be had.
    FirstLease(NodeError),
    /// The system gives no randomness or no thread, or opening broke off.
    System(String),
}

impl OpenError {
    /// Which setting it is about, as [`Settings`](crate::Settings) calls it; none where the world was in the way.
    #[must_use]
    pub const fn setting(&self) -> Option<&'static str> {
        match self {
            Self::Policy(_) | Self::PolicyErrors { .. } => Some("policy"),
            Self::Application { .. } => Some("application"),
            Self::StorePlace(_) | Self::Store(_) | Self::InForce(_) => Some("store"),
            Self::KeyName(_) | Self::KeyNeeds(_) | Self::Key { .. } => Some("key_encryption_key"),
            Self::Pin { .. } => Some("pkcs11"),
            Self::Lease(_) => Some("lease"),
            Self::Population(_) | Self::FirstLease(_) | Self::System(_) => None,
        }
    }

    /// What was wrong.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let either = |ja: String, en: String| if language == Language::Ja { ja } else { en };
        match self {
            Self::Policy(error) => error.sentence(language),
            Self::PolicyErrors { folder, diagnostics } => {
                let folder = folder.display();
                either(
                    format!("{folder} のポリシーに誤りがあるため、使えません\n{diagnostics}"),
                    format!("the policy in {folder} has errors and cannot be used\n{diagnostics}"),
                )
            }
            Self::InForce(error) | Self::FirstLease(NodeError::Unusable(error)) => error.sentence(language),
            Self::Application { undeclared, .. } => undeclared.sentence(language),
            Self::StorePlace(NotAPlace { shown, why }) => {
                let why = why.as_ref().map(|why| format!(" ({})", why.message(language))).unwrap_or_default();
                match shown.as_str() {
                    "" => either(
                        "台帳の場所になっていません".to_owned(),
                        "it is no place of a ledger".to_owned(),
                    ),
                    shown => either(
                        format!("`{shown}` という台帳は扱えません{why}"),
                        format!("`{shown}` names no ledger that can be opened{why}"),
                    ),
                }
            }
            Self::KeyName(named) => either(
                format!("`{named}` という鍵暗号化鍵は扱えません"),
                format!("`{named}` names no key-encryption key that can be used"),
            ),
            Self::KeyNeeds(setting) => either(
                format!("この鍵暗号化鍵には `{setting}` の設定が必要です"),
                format!("this key-encryption key needs the setting `{setting}`"),
            ),
            Self::Pin { path, source } => {
                let path = path.display();
                either(format!("{path} を読めません: {source}"), format!("cannot read {path}: {source}"))
            }
            Self::Key { ja, en } => either(ja.clone(), en.clone()),
            Self::Lease(TermsError::DriftNotBelowLength { length, drift }) => either(
                format!("リースの長さ {length:?} が、時計のずれ {drift:?} より長くありません"),
                format!(
                    "a lease of {length:?} is not longer than the drift of {drift:?} that clocks are allowed in it"
                ),
            ),
            Self::Store(error)
            | Self::Population(PopulationError::Store(error))
            | Self::FirstLease(
                NodeError::Store(error) | NodeError::Population(PopulationError::Store(error)),
            ) => error.message(language),
            Self::Population(PopulationError::Full(_))
            | Self::FirstLease(NodeError::Population(PopulationError::Full(_))) => either(
                "本人が多すぎて、一度に扱えません".to_owned(),
                "there are too many principals to be kept at once".to_owned(),
            ),
            Self::FirstLease(NodeError::Clock(error)) => either(
                format!("この機械の時計を読めません: {error}"),
                format!("the clock of this machine cannot be read: {error}"),
            ),
            Self::FirstLease(NodeError::NotReady(digest)) => either(
                format!("台帳で有効なポリシー sha256:{digest} が、まだ用意できていません"),
                format!("the policy sha256:{digest}, which the ledger has in force, is not ready yet"),
            ),
            Self::System(why) => either(format!("動かせません: {why}"), format!("it cannot be run: {why}")),
        }
    }

    /// How to mend it, where that is known.
    #[must_use]
    pub fn help(&self, language: Language) -> Option<String> {
        let either =
            |ja: &str, en: &str| if language == Language::Ja { ja.to_owned() } else { en.to_owned() };
        Some(match self {
            Self::Policy(error) => return error.help().map(|words| words.get(language).to_owned()),
            Self::InForce(error) => return error.help().map(|words| words.get(language).to_owned()),
            Self::PolicyErrors { folder, .. } => {
                let folder = folder.display();
                either(
                    &format!("nattoku policy check {folder} で全部が見られます"),
                    &format!("`nattoku policy check {folder}` shows them all"),
                )
            }
            Self::Application { declared, .. } => {
                let declared = declared.join(", ");
                either(
                    &format!("このプログラムが尋ねる業務を、ポリシーの宣言から選んでください: {declared}"),
                    &format!(
                        "name the one as which this program asks, of those the policy declares: {declared}"
                    ),
                )
            }
            Self::StorePlace(_) => either(
                "sqlite:ファイル、または postgres://ユーザー@ホスト/データベース の形で書いてください",
                "write it as sqlite:PATH or postgres://USER@HOST/DATABASE",
            ),
            Self::KeyName(_) => either(
                "file:ファイル、pkcs11:トークン/ラベル、transit:マウント/鍵 の形で書いてください",
                "write it as file:PATH, pkcs11:TOKEN/LABEL or transit:MOUNT/KEY",
            ),
            Self::KeyNeeds("pkcs11") => either(
                "Settings::pkcs11 でモジュールと PIN のファイルを示してください",
                "name the module and the file of the PIN by Settings::pkcs11",
            ),
            Self::KeyNeeds(_) => either(
                "Settings::transit でサーバーのアドレスとトークンのファイルを示してください",
                "name the server's address and the file of its token by Settings::transit",
            ),
            Self::Lease(_) => either(
                "ずれより長い時間を、Settings::lease の最初に書いてください",
                "give Settings::lease a length that is longer than the drift",
            ),
            Self::Store(_)
            | Self::Pin { .. }
            | Self::Key { .. }
            | Self::Population(_)
            | Self::FirstLease(_)
            | Self::System(_) => return None,
        })
    }
}

/// The setting, what was wrong, and how to mend it, in English.
impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(setting) = self.setting() {
            write!(f, "`{setting}`: ")?;
        }
        f.write_str(&self.sentence(Language::En))?;
        self.help(Language::En).map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Policy(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Pin { source, .. } => Some(source),
            Self::Population(error) => Some(error),
            Self::FirstLease(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
