//! What a draft does not say, and what it says although no manifest did.

use nattoku_policy::Words;

use crate::place::Place;

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A policy needs it and the manifests do not have it.
    Missing,
    /// The draft says it, and a person has to see whether it is so.
    Assumed,
    /// The draft does not say it.
    LeftOut,
}

impl Kind {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Assumed => "assumed",
            Self::LeftOut => "left_out",
        }
    }
}

/// One thing, wherever it was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What became of it.
    pub kind: Kind,
    /// What it is about: `system.data_security_practices`, `policy.effective`.
    pub what: String,
    /// Why, and what to do.
    pub why: Words,
    /// Where it was met, in the order of reading.
    pub places: Vec<Place>,
}

/// Everything that is to be said about a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    entries: Vec<Entry>,
}

impl Report {
    /// The entries: what is missing, then what was assumed, then what was left out; each in the order of first meeting.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Notes something; the same thing met again is another place of it.
    pub(crate) fn note(&mut self, kind: Kind, what: &str, place: &Place, why: Words) {
        let found = self.entries.iter_mut().find(|e| e.kind == kind && e.what == what && e.why == why);
        match found {
            Some(entry) if entry.places.contains(place) => {}
            Some(entry) => entry.places.push(place.clone()),
            None => {
                self.entries.push(Entry { kind, what: what.to_owned(), why, places: vec![place.clone()] });
            }
        }
    }

    /// Brings the kinds together.
    pub(crate) fn sort(&mut self) {
        self.entries.sort_by_key(|entry| entry.kind);
    }
}
