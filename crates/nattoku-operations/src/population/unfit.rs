//! Why a snapshot that is there was left aside, and what becomes of it, in both languages.

use nattoku_engine::OpenError;
use nattoku_model::{Language, Revision};

/// Why a snapshot is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It cannot be read: what the system says.
    Unreadable(String),
    /// Others than its owner may write to it, so what is read of it could change meanwhile.
    WritableByOthers,
    /// Something else is there.
    NotASnapshot,
    /// It was written by another version.
    OtherFormat {
        /// Its format.
        format: u32,
        /// The format of this version.
        known: u32,
    },
    /// It is cut off.
    Truncated,
    /// It does not hold what was written, and where.
    Damaged(&'static str),
    /// It was made for a policy that asks about other things.
    OtherPolicy,
    /// The machine's numbers are not those of the file.
    ByteOrder,
    /// It is of another ledger.
    OtherLedger,
    /// The ledger is shorter than it was: an older copy was restored, or is being read.
    LedgerBehind {
        /// The revision of the snapshot.
        snapshot: Revision,
        /// The revision of the ledger.
        ledger: Revision,
    },
    /// The ledger has another event at the revision of the snapshot: it was restored and went on otherwise.
    OtherHistory(Revision),
}

impl Unfit {
    /// Whether a new one may take its place: what is no snapshot of ours is not, nor what we cannot even read.
    #[must_use]
    pub const fn is_to_be_replaced(&self) -> bool {
        !matches!(self, Self::Unreadable(_) | Self::WritableByOthers | Self::NotASnapshot | Self::ByteOrder)
    }

    /// The message as one line, without what is to be done.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Ja => self.in_japanese(),
            Language::En => self.in_english(),
        }
    }

    /// What mends it; nothing where a new one was written already.
    #[must_use]
    pub const fn help(&self, language: Language) -> Option<&'static str> {
        match (self, language) {
            (Self::Unreadable(_), Language::Ja) => {
                Some("ファイルの権限を確かめるか、--no-snapshot を付けてください")
            }
            (Self::Unreadable(_), Language::En) => {
                Some("check who may read the file, or go without by --no-snapshot")
            }
            (Self::WritableByOthers, Language::Ja) => Some(
                "自分たちの作ったスナップショットなら `chmod 600` で所有者だけのものにし、そうでなければ移してください",
            ),
            (Self::WritableByOthers, Language::En) => Some(
                "make it its owner's alone by `chmod 600` if it is your snapshot, and move it away if not",
            ),
            (Self::NotASnapshot, Language::Ja) => {
                Some("そのファイルを移すか、--no-snapshot を付けてください")
            }
            (Self::NotASnapshot, Language::En) => Some("move the file away, or go without by --no-snapshot"),
            (Self::ByteOrder, Language::Ja) => Some("--no-snapshot を付けてください"),
            (Self::ByteOrder, Language::En) => Some("go without by --no-snapshot"),
            (Self::LedgerBehind { .. }, Language::Ja) => {
                Some("台帳を復元した覚えがなければ、--store が指す台帳を確かめてください")
            }
            (Self::LedgerBehind { .. }, Language::En) => {
                Some("if nobody restored the ledger, check which one --store names")
            }
            _ => None,
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("it cannot be read: {why}"),
            Self::WritableByOthers => "others than its owner may write to it".to_owned(),
            Self::NotASnapshot => "it is no snapshot of a population, and was left as it is".to_owned(),
            Self::OtherFormat { format, known } => {
                format!("it has format {format}, and this version knows format {known}")
            }
            Self::Truncated => "it is cut off".to_owned(),
            Self::Damaged(place) => format!("it is damaged ({place})"),
            Self::OtherPolicy => "the policy asks about other things than when it was made".to_owned(),
            Self::ByteOrder => "this machine counts the bytes of a number the other way round".to_owned(),
            Self::OtherLedger => "it is of another ledger".to_owned(),
            Self::LedgerBehind { snapshot, ledger } => {
                format!("it stands at revision {snapshot}, and the ledger only at {ledger}")
            }
            Self::OtherHistory(revision) => {
                format!("the ledger has another event at revision {revision} than when it was made")
            }
        }
    }

    fn in_japanese(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("読めません: {why}"),
            Self::WritableByOthers => "所有者以外も書き込めます".to_owned(),
            Self::NotASnapshot => "母集団のスナップショットではないため、変更していません".to_owned(),
            Self::OtherFormat { format, known } => {
                format!("形式が {format} で、この版が扱えるのは {known} です")
            }
            Self::Truncated => "途中で切れています".to_owned(),
            Self::Damaged(place) => format!("壊れています（{place}）"),
            Self::OtherPolicy => "作成後にポリシーの問うことがらが変わりました".to_owned(),
            Self::ByteOrder => "この機械とは数のバイト順が違います".to_owned(),
            Self::OtherLedger => "別の台帳のものです".to_owned(),
            Self::LedgerBehind { snapshot, ledger } => {
                format!("版番号 {snapshot} のもので、台帳は {ledger} までしかありません")
            }
            Self::OtherHistory(revision) => {
                format!("台帳の版番号 {revision} のできごとが、作成時と違います")
            }
        }
    }
}

impl From<OpenError> for Unfit {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Source(error) => Self::Unreadable(error.to_string()),
            OpenError::NotASnapshot => Self::NotASnapshot,
            OpenError::OtherFormat { format, known } => Self::OtherFormat { format, known },
            OpenError::Truncated => Self::Truncated,
            OpenError::Damaged(place) => Self::Damaged(place),
            OpenError::OtherVocabulary => Self::OtherPolicy,
            OpenError::ByteOrder => Self::ByteOrder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_told_in_both_languages() {
        let all = [
            Unfit::Unreadable("denied".into()),
            Unfit::WritableByOthers,
            Unfit::NotASnapshot,
            Unfit::OtherFormat { format: 2, known: 1 },
            Unfit::Truncated,
            Unfit::Damaged("rows"),
            Unfit::OtherPolicy,
            Unfit::ByteOrder,
            Unfit::OtherLedger,
            Unfit::LedgerBehind { snapshot: Revision(9), ledger: Revision(7) },
            Unfit::OtherHistory(Revision(9)),
        ];
        for unfit in all {
            let [ja, en] = [Language::Ja, Language::En].map(|language| unfit.message(language));
            assert!(!ja.is_ascii() && en.is_ascii(), "{ja} / {en}");
            let [ja, en] = [Language::Ja, Language::En].map(|language| unfit.help(language).is_some());
            assert_eq!(ja, en);
            // What stays as it is is for somebody to mend.
            assert!(unfit.is_to_be_replaced() || en, "{unfit:?}");
        }
    }
}
