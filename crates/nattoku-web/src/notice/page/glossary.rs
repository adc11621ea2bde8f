//! The words of law that the pages use: what each means in plain words, and what law says of it.

use nattoku_model::policy::{Class, RecipientKind};
use nattoku_policy::pack::words_of;

use super::super::address::Page;
use super::{NoticePage, name};
use crate::notice::{Shown, ShownSection, Tables};

/// The terms in the order of the page, each with the provision that has it; what no law pack knows is explained all the same.
const TERMS: [(&str, &str); 25] = [
    ("principal", "APPI 2(4)"),
    ("personal-information", "APPI 2(1)"),
    ("retained", "APPI 16(4)"),
    ("special-care", "APPI 2(3)"),
    ("communications-secrecy", "Telecommunications Business Act 4"),
    ("referral", "APPI 2(7)"),
    ("my-number", "Number Act 2(5)"),
    ("pseudonymized", "APPI 2(5)"),
    ("anonymized", "APPI 2(6)"),
    ("purpose", "APPI 17(1)"),
    ("consent", "APPI 27(1)"),
    ("provision", "APPI 27(1)"),
    ("entrustment", "APPI 27(5)(i)"),
    ("succession", "APPI 27(5)(ii)"),
    ("joint-use", "APPI 27(5)(iii)"),
    ("transfer", "APPI 28(1)"),
    ("claims", "APPI 37(1)"),
    ("disclosure", "APPI 33(1)"),
    ("correction", "APPI 34(1)"),
    ("cease-use", "APPI 35(1)"),
    ("cease-provision", "APPI 35(3)"),
    ("accredited-body", "APPI 47"),
    ("governing-version", ""),
    ("ledger", ""),
    ("receipt", ""),
];

/// The page.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let sections = TERMS.into_iter().map(|(term, provision)| {
        let mut content = vec![Shown::paragraph(words.named("means", term))];
        if let Some(law) = words_of(&tables.policy.packs, provision) {
            content.push(Shown::quiet(words.fill("means-in-law", law.get(tables.language))));
        }
        ShownSection::new(term, words.named("term", term), content)
    });
    let lead = vec![Shown::paragraph(words.get("page-glossary-lead"))];
    NoticePage::new(tables, &Page::Glossary, name(tables, &Page::Glossary), lead).with(sections.collect())
}

impl Tables<'_> {
    /// A way to what a term means, for where it stands first.
    pub(super) fn explained(&self, term: &str) -> Shown {
        let text = self.words.fill("means-what", &self.words.named("term", term));
        Shown::Links { items: vec![(Some(self.reading.link(&path(term))), text, String::new())] }
    }
}

/// The term behind the plain name of a way in which data go to others.
pub(crate) const fn of_recipients(kind: RecipientKind) -> Option<&'static str> {
    match kind {
        RecipientKind::ThirdParty => Some("provision"),
        RecipientKind::JointUser => Some("joint-use"),
        RecipientKind::Processor => Some("entrustment"),
        RecipientKind::Successor => Some("succession"),
        RecipientKind::Authority => None,
    }
}

/// The term behind the plain name of a class of data. Not every identifier of a policy is an identification code of the law.
pub(crate) const fn of_class(class: Class) -> Option<&'static str> {
    match class {
        Class::SpecialCare => Some("special-care"),
        Class::CommunicationsSecrecy => Some("communications-secrecy"),
        Class::Referral => Some("referral"),
        Class::MyNumber => Some("my-number"),
        _ => None,
    }
}

/// The address of a term below the language.
pub(crate) fn path(term: &str) -> String {
    format!("privacy/glossary#{term}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use nattoku_model::Language;
    use nattoku_policy::Packs;

    #[test]
    fn every_term_is_named_and_explained_in_both_languages() {
        for words in Language::ALL.map(Words::of) {
            for (term, _) in TERMS {
                for kind in ["term", "means"] {
                    assert_ne!(words.named(kind, term), term, "{kind}-{term}");
                }
            }
        }
    }

    #[test]
    fn what_stands_on_a_page_in_brackets_is_among_the_terms() {
        let kinds = RecipientKind::ALL.into_iter().filter_map(of_recipients);
        for term in kinds.chain(Class::ALL.into_iter().filter_map(of_class)) {
            assert!(TERMS.iter().any(|(known, _)| *known == term), "{term}");
        }
    }

    #[test]
    fn the_act_is_quoted_from_its_pack() {
        let packs = Packs::built_in();
        let quoted = TERMS.iter().filter(|(_, provision)| words_of(packs.all(), provision).is_some());
        assert!(quoted.count() >= 15);
        assert!(TERMS.iter().all(|(_, p)| p.is_empty() || p.contains(' ')), "a provision, not a fact");
    }
}
