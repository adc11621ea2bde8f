//! Words that mislead, and the word of the glossary to say instead.
//!
//! Names in code are looked at word by word (`DataSubject`, `data_subject` and `data_subject_id` all carry
//! "data subject"), never what stands in a comment or between quotes. `docs/glossary.md` gives the reasons.

use super::finding::Finding;
use super::source::{Tree, code_alone};

/// What is banned in a name, as words apart, and what to say.
const BANNED: [(&str, &str); 34] = [
    ("data subject", "principal"),
    ("end user", "principal"),
    ("legal basis", "basis"),
    ("lawful basis", "basis"),
    ("data use", "purpose, or activity"),
    ("use case", "purpose, or activity"),
    ("processing purpose", "purpose"),
    ("processing activity", "activity"),
    ("data controller", "controller"),
    ("data processor", "processor"),
    ("business operator", "controller"),
    ("joint controller", "joint_user"),
    ("vendor", "processor, or third_party"),
    ("dsr", "claim"),
    ("dsar", "claim"),
    ("subject request", "claim"),
    ("revoke consent", "withdraw_consent"),
    ("consent revoked", "consent_withdrawn"),
    ("revocation", "withdrawal; keys and sessions are ended"),
    ("opt in flag", "consent item"),
    ("audit log", "ledger"),
    ("effective policy", "governing version"),
    ("de identified", "anonymized, or pseudonymized"),
    ("deidentified", "anonymized, or pseudonymized"),
    ("ttl", "retention"),
    ("manager", "a name for the thing it keeps"),
    ("helper", "a name for what it does"),
    ("helpers", "a name for what they do"),
    ("util", "a name for what it does"),
    ("utils", "a name for what they do"),
    ("anonymise", "anonymize"),
    ("anonymised", "anonymized"),
    ("pseudonymise", "pseudonymize"),
    ("pseudonymised", "pseudonymized"),
];

/// Type names may not end in these.
const BANNED_ENDINGS: [&str; 2] = ["Info", "Data"];

/// Looks at every name in the code of our crates.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.rust {
        for (index, line) in code_alone(&file.text).lines().enumerate() {
            if takes_from_elsewhere(line) {
                continue;
            }
            for (name, instead) in banned_in(line) {
                let message = format!("`{name}` is banned here, use {instead} (docs/glossary.md)");
                findings.push(Finding::new(&file.path, index + 1, message));
            }
        }
    }
    findings
}

/// Whether a line takes names of other people's crates, which are theirs to choose.
fn takes_from_elsewhere(code: &str) -> bool {
    let first = code.trim_start().strip_prefix("use ").and_then(|path| path.split("::").next());
    first.is_some_and(|root| !["crate", "self", "super"].contains(&root) && !root.starts_with("nattoku"))
}

/// The names of a line that carry a banned word, with the word to use.
fn banned_in(code: &str) -> Vec<(String, String)> {
    let names = code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty());
    let mut found = Vec::new();
    for name in names {
        let spaced = format!(" {} ", words_of(name));
        let word = BANNED.iter().find(|(word, _)| spaced.contains(&format!(" {word} ")));
        if let Some((_, instead)) = word {
            found.push((name.to_owned(), (*instead).to_owned()));
        } else if declares_type(code, name)
            && let Some(ending) =
                BANNED_ENDINGS.iter().find(|ending| name != **ending && name.ends_with(**ending))
        {
            found.push((name.to_owned(), format!("a name without `{ending}` at its end")));
        }
    }
    found
}

fn declares_type(code: &str, name: &str) -> bool {
    ["struct", "enum", "trait", "type"].iter().any(|keyword| code.contains(&format!("{keyword} {name}")))
}

/// The words of a name in lower case, apart: `DataSubjectId` and `data_subject_id` are "data subject id".
fn words_of(name: &str) -> String {
    let mut words = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && after_lower) {
            words.push(' ');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        if c != '_' {
            words.extend(c.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_word_is_found_in_every_form_of_a_name() {
        for code in
            ["let data_subject_id = 1;", "struct DataSubject;", "fn of_data_subject()", "DATA_SUBJECT"]
        {
            assert_eq!(banned_in(code).len(), 1, "{code}");
        }
    }

    #[test]
    fn parts_of_longer_words_are_no_words() {
        for code in
            ["fn utility() {}", "let battle = 1;", "let subject = 1;", "struct Metadata;", "response.data()"]
        {
            assert!(banned_in(code).is_empty(), "{code}");
        }
    }

    #[test]
    fn other_crates_name_their_modules_as_they_like() {
        assert!(takes_from_elsewhere("use typst::utils::LazyHash;"));
        assert!(!takes_from_elsewhere("use crate::utils::Lazy;"));
        assert!(!takes_from_elsewhere("use nattoku_model::utils::Lazy;"));
    }

    #[test]
    fn a_type_is_named_for_the_thing() {
        assert_eq!(banned_in("pub struct ConsentInfo {").len(), 1);
        assert!(banned_in("use other::ServerInfo;").is_empty());
        assert!(banned_in("struct Data<'a> {").is_empty());
    }
}
