//! The words of the pages: one Fluent catalogue a language, compiled in.
//!
//! Both catalogues have the same keys; a test compares them, so that no page is half translated.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use nattoku_model::Language;

const JA: &str = include_str!("../locales/ja.ftl");
const EN: &str = include_str!("../locales/en.ftl");

/// The catalogue of one language.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The catalogue of `language`.
    pub(crate) fn of(language: Language) -> &'static Self {
        static CATALOGUES: LazyLock<[Words; 2]> =
            LazyLock::new(|| [Words::read(Language::Ja, JA), Words::read(Language::En, EN)]);
        let [ja, en] = &*CATALOGUES;
        match language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// A sentence without variables. A key that no catalogue has shows as itself, never as nothing.
    pub(crate) fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// A sentence with a number `n` in it.
    pub(crate) fn count(&self, key: &str, n: impl TryInto<i64>) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n.try_into().unwrap_or(i64::MAX));
        self.format(key, Some(&args))
    }

    /// A sentence with one text `x` in it.
    pub(crate) fn fill(&self, key: &str, x: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("x", x.to_owned());
        self.format(key, Some(&args))
    }

    /// A sentence with two texts `x` and `y` in it.
    pub(crate) fn fill2(&self, key: &str, x: &str, y: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("x", x.to_owned());
        args.set("y", FluentValue::from(y.to_owned()));
        self.format(key, Some(&args))
    }

    /// The sentence for a name that code makes (`class-location`), or the name itself where there is none.
    pub(crate) fn named(&self, kind: &str, name: &str) -> String {
        self.known(kind, name).unwrap_or_else(|| name.to_owned())
    }

    /// The sentence for a name, if there is one.
    pub(crate) fn known(&self, kind: &str, name: &str) -> Option<String> {
        let key = format!("{kind}-{}", name.replace(['_', '.'], "-"));
        self.bundle.has_message(&key).then(|| self.get(&key))
    }

    /// The sentence for a name that code makes (`given-mask`) with one text `x` in it, or the text alone where there is
    /// none.
    pub(crate) fn fill_named(&self, kind: &str, name: &str, x: &str) -> String {
        let key = format!("{kind}-{}", name.replace(['_', '.'], "-"));
        if self.bundle.has_message(&key) { self.fill(&key, x) } else { x.to_owned() }
    }

    fn read(language: Language, source: &str) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { bundle }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Each key of a catalogue with the variables in its sentence.
    fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        assert!(FluentResource::try_new(source.to_owned()).is_ok(), "the catalogue has a syntax error");
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines().filter(|l| !l.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" = ").or_else(|| line.split_once(" ="))
                && !line.starts_with(' ')
            {
                key = name.trim().to_owned();
                assert!(keys.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            for variable in line.split('$').skip(1) {
                let name: String = variable.chars().take_while(char::is_ascii_alphanumeric).collect();
                keys.entry(key.clone()).or_default().insert(name);
            }
        }
        keys
    }

    #[test]
    fn both_catalogues_have_the_same_keys_and_variables() {
        assert_eq!(keys(JA), keys(EN));
    }

    #[test]
    fn english_has_no_japanese_letters() {
        let japanese =
            |c: char| ('\u{3040}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(!EN.chars().any(japanese));
    }

    #[test]
    fn sentences_are_short() {
        for (key, sentence) in sentences(JA, &['。']) {
            assert!(sentence.chars().count() <= 60, "{key}: {sentence}");
        }
        for (key, sentence) in sentences(EN, &['.', ':']) {
            assert!(sentence.split_whitespace().count() <= 20, "{key}: {sentence}");
        }
    }

    /// The sentences of every entry, those of several lines included: one line a form of the number.
    fn sentences(source: &str, ends: &[char]) -> Vec<(String, String)> {
        let mut key = "";
        let mut found = Vec::new();
        for line in source.lines().filter(|l| !l.starts_with('#')) {
            let text = match line.split_once(" =") {
                Some((name, text)) if !line.starts_with(' ') => {
                    key = name;
                    text
                }
                _ => line.split_once(']').map_or(line, |(_, text)| text),
            };
            found.extend(text.split(ends).map(|sentence| (key.to_owned(), sentence.trim().to_owned())));
        }
        assert!(found.iter().any(|(key, sentence)| key == "uses-open" && sentence.contains("{ $n }")));
        found
    }

    #[test]
    fn every_key_that_pages_use_exists() {
        let known = keys(JA);
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut used = BTreeSet::new();
        let mut folders = vec![root.join("src"), root.join("templates")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for call in [".get(\"", ".count(\"", ".fill(\"", ".fill2(\""] {
                    for rest in text.split(&format!("words{call}")).skip(1) {
                        used.insert(rest.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
        let missing: Vec<_> = used.iter().filter(|k| !known.contains_key(*k)).collect();
        assert!(missing.is_empty(), "missing: {missing:?}");
    }

    #[test]
    fn every_country_that_the_laws_and_the_reference_policy_name_has_its_name() {
        let sources = nattoku_testkit::carrier().unwrap();
        let checked = nattoku_policy::check(&sources);
        let policy = checked.versions.as_ref().unwrap().current();
        let packs = nattoku_policy::Packs::built_in();
        let held_equal =
            packs.all().flat_map(|pack| pack.transfer.equivalent_countries.iter().chain(&pack.transfer.home));
        let named = policy.recipients.values().map(|recipient| &recipient.country);
        let countries: BTreeSet<&String> = named.chain(held_equal).collect();
        assert!(countries.len() > 20, "{countries:?}");
        for words in Language::ALL.map(Words::of) {
            for country in &countries {
                assert!(words.known("country", &country.to_lowercase()).is_some(), "{country}");
            }
        }
    }

    #[test]
    fn every_name_that_code_makes_has_its_words() {
        use nattoku_model::policy::{Class, RecipientKind};
        for words in Language::ALL.map(Words::of) {
            for class in Class::ALL {
                assert!(words.known("class", class.as_str()).is_some(), "{}", class.as_str());
            }
            for kind in RecipientKind::ALL {
                for list in ["recipient-kind", "recipient-kind-lead", "receiving"] {
                    assert!(words.known(list, kind.as_str()).is_some(), "{list}-{}", kind.as_str());
                }
            }
        }
    }

    #[test]
    fn counting_follows_the_language() {
        assert_eq!(Words::of(Language::En).count("period-years", 1), "1 year");
        assert_eq!(Words::of(Language::En).count("period-years", 3), "3 years");
        assert_eq!(Words::of(Language::Ja).count("period-years", 3), "3年");
    }
}
