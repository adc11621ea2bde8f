//! A policy that is changed without stopping: the new edition is compiled beside the old one and put in its place at once.
//!
//! Whoever answers takes the [`Edition`] that stands, and finishes under it whatever comes to stand meanwhile. Looking at what stands
//! waits for nobody, and writes to no memory that others look at.

use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::{ArcSwap, Guard};
use nattoku_model::policy::Versions;

use crate::population::Population;
use crate::vocabulary::Vocabulary;

/// The versions of a policy as they were read at one time, with the population that answers for them. Never changed, but that
/// the population follows the ledger.
#[derive(Debug)]
pub struct Edition {
    versions: Versions,
    digest: String,
    population: Arc<RwLock<Population>>,
}

impl Edition {
    /// Versions with a population that was folded for them. `digest` names their sources.
    #[must_use]
    pub fn new(versions: Versions, digest: impl Into<String>, population: Population) -> Self {
        Self { versions, digest: digest.into(), population: Arc::new(RwLock::new(population)) }
    }

    /// Other versions over the same population, where it keeps all that they ask about; nothing where it does not, and one
    /// is to be folded for them.
    #[must_use]
    pub fn followed_by(&self, versions: Versions, digest: impl Into<String>) -> Option<Self> {
        let asked = Vocabulary::new(&versions);
        let keeps = self.population(|population| population.vocabulary().covers(&asked));
        keeps.then(|| Self { versions, digest: digest.into(), population: Arc::clone(&self.population) })
    }

    /// The versions.
    #[must_use]
    pub const fn versions(&self) -> &Versions {
        &self.versions
    }

    /// What the sources of all versions come to.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Reads the population, which stays as it is meanwhile.
    pub fn population<T>(&self, read: impl FnOnce(&Population) -> T) -> T {
        if self.population.is_poisoned() {
            self.change_population(|_| ());
        }
        read(&self.population.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the population: for whoever follows the ledger. Where an earlier change broke off half way, it begins anew.
    pub fn change_population<T>(&self, change: impl FnOnce(&mut Population) -> T) -> T {
        match self.population.write() {
            Ok(mut population) => change(&mut population),
            Err(broken) => {
                let mut population = broken.into_inner();
                population.begin_anew();
                self.population.clear_poison();
                change(&mut population)
            }
        }
    }
}

/// The place of what stands now, such as an [`Edition`], until another is put there.
#[derive(Debug)]
pub struct InForce<T>(ArcSwap<T>);

impl<T> InForce<T> {
    /// A place with the first that stands there.
    #[must_use]
    pub fn new(first: T) -> Self {
        Self(ArcSwap::from_pointee(first))
    }

    /// What stands now. It stays whole for as long as somebody has it.
    #[must_use]
    pub fn current(&self) -> Arc<T> {
        self.0.load_full()
    }

    /// A look at what stands now, which costs less than to have it: for as long as a question takes.
    #[must_use]
    pub fn look(&self) -> Guard<Arc<T>> {
        self.0.load()
    }

    /// Puts another in its place, for whoever asks from now on, and gives back what stood.
    pub fn replace(&self, next: T) -> Arc<T> {
        self.0.swap(Arc::new(next))
    }
}
