//! Looks at the policy's folder for as long as questions come, and puts a new policy in the place of the one that stands.

use std::path::Path;
use std::sync::mpsc::Receiver;

use nattoku_model::Language;
use nattoku_operations::{Following, Look, PolicyWatch, Renewed};
use nattoku_policy::diagnostic::{Severity, render};

use crate::exit::CommandError;
use crate::open::SHOWN;

/// What is told of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Another policy stands from now on.
    Stands,
    /// What was found is of no use.
    Useless,
}

/// Whoever looks.
pub(crate) struct Watch<'a> {
    following: &'a Following,
    policy: PolicyWatch,
    language: Language,
    /// Where it is told: on the terminal, or in a server's log.
    tell: fn(Telling, &str),
}

impl<'a> Watch<'a> {
    pub(crate) fn new(
        following: &'a Following,
        folder: &Path,
        language: Language,
        tell: fn(Telling, &str),
    ) -> Self {
        Self { following, policy: PolicyWatch::new(folder.to_owned(), following), language, tell }
    }

    /// Looks once for each that comes, until there will be none any more.
    pub(crate) fn run(mut self, looks: &Receiver<()>) {
        for () in looks {
            self.look();
        }
    }

    fn look(&mut self) {
        match self.policy.look(self.following) {
            Look::Same => {}
            Look::Stands(renewed) => self.stands(renewed),
            Look::Unreadable(error) => self.goes_on(&error.sentence(self.language)),
            Look::Unsound(mut checked) => {
                checked.diagnostics.retain(|d| d.severity == Severity::Error);
                let (diagnostics, files) = (&checked.diagnostics, &checked.files);
                self.goes_on(&render::text::render(diagnostics, files, self.language, SHOWN, false));
            }
            Look::NotRenewed(error) => self.goes_on(CommandError::from(error).sentence(self.language)),
        }
    }

    fn stands(&self, renewed: Renewed) {
        let standing = self.following.standing();
        let publication = standing.nattoku().publication();
        let (folder, version) = (self.policy.folder().display(), &publication.current().version);
        let digest = publication.sources_digest();
        let (ja, en) = match renewed {
            Renewed::Shared => ("", ""),
            Renewed::Folded => ("。本人の状態を読み直しました", "; everybody's state was read anew for it"),
        };
        let told = match self.language {
            Language::Ja => {
                format!("{folder} のポリシー（版 {version}、sha256:{digest}）に切り替えました{ja}")
            }
            Language::En => {
                format!("the policy in {folder} stands from now on: version {version}, sha256:{digest}{en}")
            }
        };
        (self.tell)(Telling::Stands, &told);
    }

    /// What was found is of no use, and why; what stands does.
    fn goes_on(&self, why: &str) {
        (self.tell)(Telling::Useless, why);
        let (folder, standing) = (self.policy.folder().display(), self.following.standing());
        let version = &standing.edition().versions().current().version;
        let told = match self.language {
            Language::Ja => format!("{folder} のポリシーは使えないため、版 {version} で答え続けます"),
            Language::En => {
                format!("the policy in {folder} cannot be used; answers go on by version {version}")
            }
        };
        (self.tell)(Telling::Useless, &told);
    }
}
