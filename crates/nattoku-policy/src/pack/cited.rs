//! What a citation stands for, in words.

use std::sync::Arc;

use nattoku_model::Language;
use nattoku_model::language::Text;
use nattoku_model::law::{Cited, Pack};

use crate::diagnostic::Words;

/// What one pack says of a citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The citation as people of each language write it, or the number of the fact.
    pub place: Words,
    /// What stands there.
    pub title: Text,
    /// The facts that state it.
    pub facts: Vec<String>,
    /// Where a fact comes from that is no provision.
    pub source: Option<String>,
    /// Whether it must be checked against the text before anybody relies on it.
    pub unchecked: bool,
}

/// What a citation stands for in a pack: one provision, or all those that a fact's number stands for, or the fact.
#[must_use]
pub fn meaning_of(pack: &Pack, cited: &Cited) -> Vec<Meaning> {
    let provision = |citation, provision: &nattoku_model::law::ProvisionOfLaw| Meaning {
        place: Words::new(pack.in_words(citation, Language::Ja), pack.in_words(citation, Language::En)),
        title: provision.title.clone(),
        facts: provision.facts.iter().map(ToString::to_string).collect(),
        source: None,
        unchecked: provision.unchecked,
    };
    match cited {
        Cited::Provision(citation) => {
            pack.provision(citation).map(|p| provision(citation, p)).into_iter().collect()
        }
        Cited::Fact(number) => {
            let fact = pack.facts.get(number).map(|fact| Meaning {
                place: Words::new(number.as_str(), number.as_str()),
                title: fact.title.clone(),
                facts: Vec::new(),
                source: fact.source.clone(),
                unchecked: fact.unchecked,
            });
            let provisions = pack.provisions_of(number).map(|(c, p)| provision(c, p));
            fact.into_iter().chain(provisions).collect()
        }
    }
}

/// The words of a citation, `APPI 27(5)(iii)` or `APPI-27-5c`, from the first of these packs that knows it: the place as
/// people write it, and what stands there. None where no pack knows it, or it is not about law.
///
/// For an editor: `words_of(&policy.packs, "APPI-27-5c")`, or `Packs::built_in().all()` where there is no policy yet.
pub fn words_of<'a>(packs: impl IntoIterator<Item = &'a Arc<Pack>>, text: &str) -> Option<Words> {
    let cited: Cited = text.parse().ok()?;
    let meanings = packs.into_iter().map(|pack| meaning_of(pack, &cited)).find(|m| !m.is_empty())?;
    let line = |language| {
        let lines: Vec<String> = meanings
            .iter()
            .map(|m| {
                let (place, title) = (m.place.get(language), m.title.get(language));
                match language {
                    Language::Ja => format!("{place}：{title}"),
                    Language::En => format!("{place}: {title}"),
                }
            })
            .collect();
        lines.join("\n")
    };
    Some(Words::new(line(Language::Ja), line(Language::En)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn a_citation_and_the_fact_that_states_it_have_the_same_words() {
        let packs = Packs::built_in();
        let by_place = words_of(packs.all(), "APPI 27(5)(iii)").unwrap();
        assert!(by_place.ja.starts_with("個人情報保護法第27条第5項第3号："), "{}", by_place.ja);
        assert!(by_place.en.starts_with("APPI 27(5)(iii): "), "{}", by_place.en);
        assert_eq!(words_of(packs.all(), "APPI-27-5c"), Some(by_place));
        // A fact's number is no place: the third fact on article 26 is about a paragraph of the rules.
        assert!(words_of(packs.all(), "APPI-26-3").unwrap().en.contains("APPI Rules 8(1)"));
        assert_eq!(words_of(packs.all(), "APPI 9999"), None);
        assert_eq!(words_of(packs.all(), "R41"), None);
    }

    #[test]
    fn a_version_named_is_that_version() {
        let packs = Packs::built_in();
        assert!(words_of(packs.all(), "APPI 2022-04-01 27(1)").is_some());
        assert_eq!(words_of(packs.all(), "APPI 2015-01-01 27(1)"), None);
        assert!(words_of(packs.all(), "GDPR 8(1)").unwrap().ja.starts_with("GDPR第8条第1項："));
    }
}
