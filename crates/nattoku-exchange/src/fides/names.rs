//! Keys of fideslang as names of a policy: lower-case words, none twice, the same for the same manifests.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::NAME_BYTES_MAX;

/// Room for the number that tells two names apart.
const NUMBER_BYTES_MAX: usize = 8;

/// Words that stand for something else within a category, so that no category may have them as its name.
const KEPT: [&str; 9] = ["allow", "cite", "class", "description", "derived", "dpv", "en", "ja", "not"];

/// The names of one kind that are given away already, by the key they stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_key: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// The name of a key; the same key gets the same name again.
    pub(super) fn of(&mut self, key: &str) -> String {
        self.of_words(key, key)
    }

    /// The name of `key`, in the words of another text.
    pub(super) fn of_words(&mut self, words: &str, key: &str) -> String {
        if let Some(name) = self.by_key.get(key) {
            return name.clone();
        }
        let name = self.fresh(&part(words), NAME_BYTES_MAX);
        self.by_key.insert(key.to_owned(), name.clone());
        name
    }

    /// The name of a key that is a path in a tree, every part of it a word. A path too long for a name stands by itself,
    /// outside of its tree.
    pub(super) fn path(&mut self, key: &str) -> String {
        if let Some(name) = self.by_key.get(key) {
            return name.clone();
        }
        let (above, last) = match key.rsplit_once('.') {
            Some((above, last)) => (self.path(above) + ".", last),
            None => (String::new(), key),
        };
        let last = part(last);
        let last = if KEPT.contains(&last.as_str()) { last + "_data" } else { last };
        let whole = above + &last;
        if whole.len() + NUMBER_BYTES_MAX > NAME_BYTES_MAX {
            return self.of(key);
        }
        let name = self.fresh(&whole, NAME_BYTES_MAX);
        self.by_key.insert(key.to_owned(), name.clone());
        name
    }

    /// A name that nobody has, cut to its longest and numbered where it must be.
    fn fresh(&mut self, wanted: &str, bytes_max: usize) -> String {
        let cut = |text: &str, bytes: usize| -> String { text.chars().take(bytes).collect() };
        let mut name = cut(wanted, bytes_max);
        let mut n = 1;
        while !self.taken.insert(name.clone()) {
            n += 1;
            let number = format!("_{n}");
            name = cut(wanted, bytes_max.saturating_sub(number.len())) + &number;
        }
        name
    }
}

/// A text as one word of a name: `First-Party Ads` is `first_party_ads`.
pub(super) fn part(text: &str) -> String {
    let mut word = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_end_matches('_');
    if word.starts_with(|c: char| c.is_ascii_lowercase()) { word.to_owned() } else { format!("n{word}") }
}

/// A key in words, where nothing names it: `user.contact.email` is `User contact email`.
pub(super) fn in_words(key: &str) -> String {
    let words: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or(words.clone(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use nattoku_model::name::is_name;

    use super::*;

    #[test]
    fn keys_become_names_that_never_meet() {
        let mut names = Names::default();
        assert_eq!(names.of("First-Party <Ads>"), "first_party_ads");
        assert_eq!(names.of("first_party.ads"), "first_party_ads_2");
        assert_eq!(names.of("First-Party <Ads>"), "first_party_ads");
        assert_eq!(names.of("2nd"), "n2nd");
        assert_eq!(names.of("位置"), "n");
        let long = names.of(&"x".repeat(500));
        let longer = names.of(&"x".repeat(501));
        assert!(is_name(&long) && is_name(&longer) && long != longer);
    }

    #[test]
    fn trees_stay_trees() {
        let mut names = Names::default();
        assert_eq!(names.path("user.contact"), "user.contact");
        assert_eq!(names.path("User.Contact.e-mail"), "user_2.contact.e_mail");
        assert_eq!(names.path("user.class"), "user.class_data");
        let long = names.path(&["abcdefghi"; 20].join("."));
        assert!(is_name(&long) && !long.contains('.'), "{long}");
        assert_eq!(in_words("user.contact_email"), "User contact email");
    }
}
