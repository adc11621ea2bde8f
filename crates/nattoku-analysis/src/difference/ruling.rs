//! What laws say of a kind of change. The facts are data of the law packs; this only looks them up.

use nattoku_model::law::{Cited, Pack};
use nattoku_model::{ChangeClass, ChangeKind, Language, Policy, Text};

use std::sync::Arc;

/// What one law says of a kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What it obliges to.
    pub class: ChangeClass,
    /// The law: `appi`.
    pub law: String,
    /// Its version: `2022-04-01`.
    pub version: String,
    /// The places in it, and facts about it.
    pub cites: Vec<Cited>,
    /// The places as people write them.
    pub cites_in_words: Text,
    /// Why, in one sentence.
    pub why: Text,
    /// Whether it was written down from general knowledge, and must be checked before anybody relies on it.
    pub unchecked: bool,
}

/// The laws by which changes are classed.
#[derive(Debug, Clone, Default)]
pub struct Rulings {
    packs: Vec<Arc<Pack>>,
}

impl Rulings {
    /// The laws that either of two versions is written under: dropping a law does not lift it from what was held under it.
    #[must_use]
    pub fn of_laws(versions: [&Policy; 2]) -> Self {
        let mut packs: Vec<Arc<Pack>> = Vec::new();
        for pack in versions.into_iter().flat_map(|policy| &policy.packs) {
            if !packs.iter().any(|p| p.law == pack.law && p.version == pack.version) {
                packs.push(Arc::clone(pack));
            }
        }
        Self { packs }
    }

    /// What is said of a kind, the strictest first (R6).
    #[must_use]
    pub fn of(&self, kind: ChangeKind) -> Vec<Ruling> {
        let says = |pack: &Arc<Pack>| {
            let change = pack.changes.get(&kind)?;
            Some(Ruling {
                class: change.class,
                law: pack.law.clone(),
                version: pack.version.to_string(),
                cites_in_words: in_words(pack, &change.grounds.cites),
                cites: change.grounds.cites.clone(),
                why: change.title.clone(),
                unchecked: change.grounds.unchecked,
            })
        };
        let mut rulings: Vec<Ruling> = self.packs.iter().filter_map(says).collect();
        rulings.sort_by(|a, b| b.class.cmp(&a.class).then_with(|| a.law.cmp(&b.law)));
        rulings
    }
}

/// The places in law as people of each language write them; facts that are no place are left to the pack.
fn in_words(pack: &Pack, cites: &[Cited]) -> Text {
    let of = |language: Language| {
        let places = cites.iter().filter_map(|cited| match cited {
            Cited::Provision(citation) => Some(pack.in_words(citation, language)),
            Cited::Fact(_) => None,
        });
        let mut places: Vec<String> = places.collect();
        if places.is_empty() {
            places = cites.iter().map(ToString::to_string).collect();
        }
        (language, places.join(if language == Language::Ja { "、" } else { ", " }))
    };
    Text(Language::ALL.map(of).into())
}
