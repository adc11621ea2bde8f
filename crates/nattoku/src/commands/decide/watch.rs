//! Looks at the policy's folder for as long as questions come, and puts a new policy in the place of the one that stands.

use std::path::Path;
use std::sync::mpsc::Receiver;

use nattoku_model::Language;
use nattoku_operations::{FolderError, Following, Publication, Renewed, read_folder};
use nattoku_policy::check::check;
use nattoku_policy::diagnostic::{Severity, render};
use nattoku_policy::digest;
use nattoku_policy::source::Source;

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
    folder: &'a Path,
    language: Language,
    /// Where it is told: on the terminal, or in a server's log.
    tell: fn(Telling, &str),
    /// What was found last: the digest of the sources, or what kept them from being read.
    found: Result<String, String>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(
        following: &'a Following,
        folder: &'a Path,
        language: Language,
        tell: fn(Telling, &str),
    ) -> Self {
        let found = Ok(following.standing().edition().digest().to_owned());
        Self { following, folder, language, tell, found }
    }

    /// Looks once for each that comes, until there will be none any more.
    pub(crate) fn run(mut self, looks: &Receiver<()>) {
        for () in looks {
            self.look();
        }
    }

    fn look(&mut self) {
        let read = self.read();
        let found = match &read {
            Ok(sources) => Ok(digest::of_all(sources)),
            Err(error) => Err(error.sentence(self.language)),
        };
        if found == self.found {
            return;
        }
        match (&read, &found) {
            (Ok(sources), Ok(digest)) => self.renew(sources, digest),
            (_, Err(sentence)) => {
                (self.tell)(Telling::Useless, sentence);
                self.goes_on();
            }
            (Err(_), Ok(_)) => {}
        }
        self.found = found;
    }

    /// The sources, read until two readings agree: somebody may be writing them.
    fn read(&self) -> Result<Vec<Source>, FolderError> {
        let mut sources = read_folder(self.folder)?;
        loop {
            let again = read_folder(self.folder)?;
            if digest::of_all(&again) == digest::of_all(&sources) {
                return Ok(sources);
            }
            sources = again;
        }
    }

    fn renew(&self, sources: &[Source], digest: &str) {
        if self.following.standing().edition().digest() == digest {
            return;
        }
        let mut checked = check(sources);
        let Some(publication) = Publication::of(&checked) else {
            checked.diagnostics.retain(|d| d.severity == Severity::Error);
            let told =
                render::text::render(&checked.diagnostics, &checked.files, self.language, SHOWN, false);
            (self.tell)(Telling::Useless, &told);
            return self.goes_on();
        };
        match self.following.renew(publication) {
            Ok(renewed) => self.stands(renewed),
            Err(error) => {
                (self.tell)(Telling::Useless, CommandError::from(error).sentence(self.language));
                self.goes_on();
            }
        }
    }

    fn stands(&self, renewed: Renewed) {
        let standing = self.following.standing();
        let publication = standing.nattoku().publication();
        let (folder, version) = (self.folder.display(), &publication.current().version);
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

    /// What was found is of no use; what stands does.
    fn goes_on(&self) {
        let (folder, standing) = (self.folder.display(), self.following.standing());
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
