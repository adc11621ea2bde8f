//! Exit codes, and errors that carry one.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use nattoku_model::Language;
use nattoku_operations::{NodeError, OperationError, PopulationError, UnusablePolicy};
use nattoku_store::StoreError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or permitted.
    Done = 0,
    /// The answer is no: findings, not permitted, a scenario failed.
    No = 1,
    /// Asked wrongly.
    AskedWrongly = 2,
    /// Could not run.
    CouldNotRun = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that did not do what was asked, in both languages.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) exit: Exit,
    ja: String,
    en: String,
    hint: Option<(String, String)>,
}

impl CommandError {
    /// The question was wrong.
    pub(crate) fn asked_wrongly(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::AskedWrongly, ja: ja.into(), en: en.into(), hint: None }
    }

    /// The world was in the way.
    pub(crate) fn could_not_run(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::CouldNotRun, ja: ja.into(), en: en.into(), hint: None }
    }

    /// A file or folder that cannot be written.
    pub(crate) fn cannot_write(path: &Path, why: &impl Display) -> Self {
        let path = path.display();
        Self::could_not_run(format!("{path} に書けません: {why}"), format!("cannot write {path}: {why}"))
    }

    /// Says what to do about it.
    pub(crate) fn hint(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Some((ja.into(), en.into()));
        self
    }

    /// What went wrong.
    pub(crate) fn sentence(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self, language: Language) -> Option<&str> {
        self.hint.as_ref().map(|(ja, en)| match language {
            Language::Ja => ja.as_str(),
            Language::En => en.as_str(),
        })
    }
}

impl From<OperationError> for CommandError {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Store(error) => error.into(),
            OperationError::Behind { .. } | OperationError::Leftover { .. } => {
                Self::could_not_run(error.sentence(Language::Ja), error.sentence(Language::En))
            }
            OperationError::UnknownPrincipal(_) => {
                Self::asked_wrongly(error.sentence(Language::Ja), error.sentence(Language::En)).hint(
                    "本人の識別子と --store を確かめてください。初めての人は principal_registered を取り込むと加わります",
                    "check the identifier and --store; somebody new is added by importing principal_registered",
                )
            }
            error => Self::asked_wrongly(error.sentence(Language::Ja), error.sentence(Language::En)),
        }
    }
}

impl From<PopulationError> for CommandError {
    fn from(error: PopulationError) -> Self {
        match error {
            PopulationError::Store(error) => error.into(),
            PopulationError::Full(_) => Self::could_not_run(
                "本人が多すぎて、一度に扱えません",
                "there are too many principals to be kept at once",
            ),
        }
    }
}

impl From<NodeError> for CommandError {
    fn from(error: NodeError) -> Self {
        match error {
            NodeError::Store(error) => error.into(),
            NodeError::Population(error) => error.into(),
            NodeError::Clock(error) => Self::could_not_run(
                format!("この機械の時計を読めません: {error}"),
                format!("the clock of this machine cannot be read: {error}"),
            ),
            NodeError::NotReady(digest) => Self::could_not_run(
                format!("台帳で有効なポリシー sha256:{digest} が、まだ用意できていません"),
                format!("the policy sha256:{digest}, which the ledger has in force, is not ready yet"),
            ),
            NodeError::Unusable(error) => error.into(),
        }
    }
}

impl From<UnusablePolicy> for CommandError {
    fn from(error: UnusablePolicy) -> Self {
        let told = Self::could_not_run(error.sentence(Language::Ja), error.sentence(Language::En));
        match error.help() {
            Some(help) => told.hint(help.ja, help.en),
            None => told,
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::could_not_run(error.message(Language::Ja), error.message(Language::En))
    }
}
