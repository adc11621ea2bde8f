//! What an operation that did not happen says, in both languages.

use nattoku_model::Language;
use nattoku_model::name::nearest;
use nattoku_policy::diagnostic::Words;
use nattoku_store::StoreError;

use crate::record::of_another;

/// A name that the policy does not declare, with the nearest one that it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// What kind of name: `category`.
    pub what: &'static str,
    /// The name as given.
    pub name: String,
    /// The nearest declared name, where one is near.
    pub nearest: Option<String>,
}

impl Undeclared {
    /// A name that is not among the declared ones.
    pub fn new<'a>(what: &'static str, name: &str, declared: impl IntoIterator<Item = &'a str>) -> Self {
        Self { what, name: name.to_owned(), nearest: nearest(name, declared).map(str::to_owned) }
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let shown: String = self.name.chars().take(80).flat_map(char::escape_debug).collect();
        match (language, &self.nearest) {
            (Language::Ja, Some(near)) => {
                format!("{} `{shown}` は宣言されていません。`{near}` のことでしょうか", what_ja(self.what))
            }
            (Language::Ja, None) => format!("{} `{shown}` は宣言されていません", what_ja(self.what)),
            (Language::En, Some(near)) => {
                format!("the {} `{shown}` is not declared; did you mean `{near}`?", self.what)
            }
            (Language::En, None) => format!("the {} `{shown}` is not declared", self.what),
        }
    }
}

fn what_ja(what: &str) -> &str {
    match what {
        "category" => "項目",
        "source" => "取得元",
        "entruster" => "委託元",
        "relationship" => "関係",
        "recipient" => "相手方",
        "application" => "利用する業務",
        "department" => "部署",
        "role" => "役割",
        "reason for a view" => "閲覧の理由",
        "activity" => "利用",
        "purpose" => "利用目的",
        "action" => "行為",
        "consent item" => "同意の項目",
        "choice" => "選択の項目",
        "exception" => "例外",
        "text version" => "文面の版",
        "publication" => "公表事項",
        "policy version" => "ポリシーの版",
        other => other,
    }
}

impl From<&Undeclared> for Words {
    fn from(undeclared: &Undeclared) -> Self {
        Self::new(undeclared.sentence(Language::Ja), undeclared.sentence(Language::En))
    }
}

/// An operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// The ledger knows no such principal.
    #[error("no principal `{0}` in the ledger")]
    UnknownPrincipal(String),
    /// Names that the policy does not declare.
    #[error("{}", join(.0))]
    Undeclared(Vec<Undeclared>),
    /// The act cannot be done as asked.
    #[error("{}", .0.en)]
    Refused(Words),
    /// The state has changed since whoever asks has seen it, so nothing was done.
    #[error("the state has changed in the meantime, so nothing was done")]
    Changed,
    /// The id that its sender gave an act belongs to something else.
    #[error("{}", of_another(id, *revision).en)]
    Conflict {
        /// The id.
        id: String,
        /// The revision of the event that has it.
        revision: u64,
    },
    /// The ledger stands before the revision that the caller asked for.
    #[error("the ledger is at revision {have}, before the revision {want} asked for")]
    Behind {
        /// Where the ledger stands.
        have: u64,
        /// Where it was asked to stand.
        want: u64,
    },
    /// The ledger has put another policy in force by a revision, and here the one before it is still answered by.
    #[error("by revision {revision} another policy is in force, which is not answered by here yet")]
    OtherPolicy {
        /// The revision.
        revision: u64,
    },
    /// The principal is erased, but a file that tells of them could not be deleted.
    #[error("the principal is erased, but `{}` could not be deleted ({why}); delete it", path.display())]
    Leftover {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        why: String,
    },
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn join(undeclared: &[Undeclared]) -> String {
    undeclared.iter().map(|u| u.sentence(Language::En)).collect::<Vec<_>>().join("; ")
}

impl OperationError {
    /// The ledger knows no such principal; of a long name, only the beginning is repeated.
    #[must_use]
    pub fn unknown_principal(principal: &str) -> Self {
        Self::UnknownPrincipal(principal.chars().filter(|c| !c.is_control()).take(80).collect())
    }

    /// Whether so much is asked of the ledger at once that this was not taken on: later it may be.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Store(StoreError::Busy) | Self::OtherPolicy { .. })
    }

    /// The sentence for a person.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Self::Undeclared(names), language) => {
                names.iter().map(|u| u.sentence(language)).collect::<Vec<_>>().join("; ")
            }
            (Self::Refused(problem), language) => problem.get(language).to_owned(),
            (Self::Changed, Language::Ja) => "その間に状態が変わったため、何も行いませんでした".to_owned(),
            (Self::Conflict { id, revision }, language) => of_another(id, *revision).get(language).to_owned(),
            (Self::UnknownPrincipal(name), Language::Ja) => {
                format!("本人 `{name}` は台帳にありません")
            }
            (Self::Behind { have, want }, Language::Ja) => {
                format!("台帳の版番号は {have} で、求められた {want} に達していません")
            }
            (Self::OtherPolicy { revision }, Language::Ja) => {
                format!("版番号 {revision} では別のポリシーが有効ですが、ここではまだそれで答えていません")
            }
            (Self::Leftover { path, why }, Language::Ja) => format!(
                "本人は消去しましたが、{} を削除できませんでした（{why}）。削除してください",
                path.display()
            ),
            (Self::Store(error), language) => error.message(language),
            (error, _) => error.to_string(),
        }
    }
}
