//! Law packs: laws as data, read from `packs/LAW/VERSION.kdl` with the reader of policies.
//!
//! What is built in stands in [`built_in`], in one place; a policy folder may bring packs of its own below `packs/`.
//! [`Packs`] holds both, [`words_of`] tells what a citation stands for, and
//! [`describe`] writes a pack for people.
//! `docs/reference/law-packs.md` is the vocabulary.

mod built_in;
mod cited;
pub mod describe;
mod lower;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nattoku_model::law::{Pack, State};

pub use cited::{Meaning, meaning_of, words_of};
pub(crate) use read::own;

/// The packs at hand: those built in, and those that a policy folder brings.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    by_name: BTreeMap<(String, String), Arc<Pack>>,
    /// Those whose text has errors, so that they may not say what it says, and those based on them.
    broken: BTreeSet<(String, String)>,
}

impl Packs {
    /// The packs that are built in.
    #[must_use]
    pub fn built_in() -> &'static Self {
        built_in::packs()
    }

    /// The pack of a law and a version.
    #[must_use]
    pub fn get(&self, law: &str, version: &str) -> Option<&Arc<Pack>> {
        self.by_name.get(&(law.to_owned(), version.to_owned()))
    }

    /// Every pack, by law and version.
    #[must_use]
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Arc<Pack>> {
        self.by_name.values()
    }

    /// The names of the laws.
    #[must_use]
    pub fn laws(&self) -> Vec<&str> {
        let mut laws: Vec<&str> = self.by_name.keys().map(|(law, _)| law.as_str()).collect();
        laws.dedup();
        laws
    }

    /// The versions of a law.
    #[must_use]
    pub fn versions(&self, law: &str) -> Vec<&str> {
        self.by_name.keys().filter(|(l, _)| l == law).map(|(_, version)| version.as_str()).collect()
    }

    /// The newest version of a law that is in force.
    #[must_use]
    pub fn in_force(&self, law: &str) -> Option<&Arc<Pack>> {
        self.all().filter(|p| p.law == law && p.state == State::InForce).last()
    }

    /// The pack that a policy is judged under which names no law: silence about the law must not loosen anything.
    #[must_use]
    pub fn default_pack(&self) -> Option<&Arc<Pack>> {
        self.in_force(built_in::DEFAULT_LAW)
    }

    /// Whether the text of a pack has errors, or that of one which it is based on. It is at hand all the same, so that a policy which names it is read to the end.
    #[must_use]
    pub fn is_broken(&self, pack: &Pack) -> bool {
        self.broken.contains(&name_of(pack))
    }

    /// Whether the pack begins with what a broken one says.
    fn has_broken_base(&self, pack: &Pack) -> bool {
        let base = pack.based_on.as_ref();
        base.is_some_and(|base| self.broken.contains(&(pack.law.clone(), base.as_str().to_owned())))
    }

    fn insert(&mut self, pack: Pack) {
        self.by_name.insert(name_of(&pack), Arc::new(pack));
    }

    fn insert_broken(&mut self, pack: Pack) {
        self.broken.insert(name_of(&pack));
        self.insert(pack);
    }
}

fn name_of(pack: &Pack) -> (String, String) {
    (pack.law.clone(), pack.version.as_str().to_owned())
}
