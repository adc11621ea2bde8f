//! The difference of two versions, as people and programs read it.

pub(crate) mod json;
pub(crate) mod text;

use nattoku_analysis::difference::{Difference, Rulings, difference};
use nattoku_model::Policy;
use nattoku_model::policy::Versions;

pub use json::difference_json;
pub use text::difference_text;

/// Two versions to compare, each with the versions before it.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The older one, as the version that requests use.
    pub old: Versions,
    /// The newer one, likewise.
    pub new: Versions,
    /// How they differ.
    pub difference: Difference,
}

impl Compared {
    /// Compares two versions under the laws that the newer one is written under, and the older one.
    #[must_use]
    pub fn new(old: Versions, new: Versions) -> Self {
        let rulings = Rulings::of_laws([old.current(), new.current()]);
        let difference = difference(old.current(), new.current(), &rulings);
        Self { old, new, difference }
    }

    /// The older version.
    #[must_use]
    pub fn before(&self) -> &Policy {
        self.old.current()
    }

    /// The newer version.
    #[must_use]
    pub fn after(&self) -> &Policy {
        self.new.current()
    }
}
