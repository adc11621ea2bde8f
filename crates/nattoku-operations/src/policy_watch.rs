//! A policy's folder that is looked at again and again: what is new in it is put in force.

use std::path::{Path, PathBuf};

use nattoku_policy::check::{Checked, check};
use nattoku_policy::digest;
use nattoku_policy::source::Source;

use crate::follow::{Following, Renewed};
use crate::policy_folder::{FolderError, read_folder};
use crate::population::PopulationError;
use crate::publication::Publication;

/// What a look came to. What stands goes on wherever nothing else does.
#[derive(Debug)]
pub enum Look {
    /// What is there was there at the last look.
    Same,
    /// Another policy stands from now on.
    Stands(Renewed),
    /// The folder cannot be read.
    Unreadable(FolderError),
    /// What is in it has errors.
    Unsound(Box<Checked>),
    /// What answers could not be made ready for it.
    NotRenewed(PopulationError),
}

/// Whoever looks.
pub struct PolicyWatch {
    folder: PathBuf,
    /// What was found last: the digest of the sources, or what kept them from being read.
    found: Result<String, String>,
}

impl PolicyWatch {
    /// Looks at the folder of the policy that stands.
    #[must_use]
    pub fn new(folder: PathBuf, following: &Following) -> Self {
        Self { folder, found: Ok(following.standing().edition().digest().to_owned()) }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks once, and puts in force what is new and sound.
    pub fn look(&mut self, following: &Following) -> Look {
        let read = self.read();
        let found = match &read {
            Ok(sources) => Ok(digest::of_all(sources)),
            Err(error) => Err(error.to_string()),
        };
        if found == self.found {
            return Look::Same;
        }
        self.found = found;
        match read {
            Ok(sources) => self.renew(&sources, following),
            Err(error) => Look::Unreadable(error),
        }
    }

    /// The sources, read until two readings agree: somebody may be writing them.
    fn read(&self) -> Result<Vec<Source>, FolderError> {
        let mut sources = read_folder(&self.folder)?;
        loop {
            let again = read_folder(&self.folder)?;
            if digest::of_all(&again) == digest::of_all(&sources) {
                return Ok(sources);
            }
            sources = again;
        }
    }

    fn renew(&self, sources: &[Source], following: &Following) -> Look {
        if self.found.as_deref() == Ok(following.standing().edition().digest()) {
            return Look::Same;
        }
        let checked = check(sources);
        let Some(publication) = Publication::of(&checked) else { return Look::Unsound(Box::new(checked)) };
        match following.renew(publication) {
            Ok(renewed) => Look::Stands(renewed),
            Err(error) => Look::NotRenewed(error),
        }
    }
}
